package rest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

// A bed is a whole server with two platforms, over HTTP.
type bed struct {
	*testing.T
	server *avow.Server
	url    string
	clock  *dbtest.Clock
	logs   *syncBuffer
	key    string // with every scope, of goscom-pro
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const config = `platforms:
  - {id: goscom-pro, policy: goscom-pro.yaml, hosts: [privacy.goscom.example]}
  - {id: other, policy: other.yaml}
`

// guardians is a right that the first platform does not promise.
const guardians = `  guardian-report: {title: {en: Report a child, zh-CN: 监护人报告}, channels: [settings], verify: document, reply: P3D, done: P1D}
`

// configure writes a configuration into a directory and reads it.
func configure(t testing.TB, dir string) *avow.Config {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"avow.yaml": config, "goscom-pro.yaml": string(src),
		"other.yaml": strings.NewReplacer("platform: goscom-pro", "platform: other", "\nrights:\n", "\nrights:\n"+guardians).Replace(string(src)),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newBed(t *testing.T) *bed {
	b := &bed{T: t, clock: dbtest.NewClock(), logs: &syncBuffer{}}
	s, err := avow.Open(t.Context(), configure(t, t.TempDir()), avow.Options{
		Clock: b.clock.Now, Logger: slog.New(slog.NewJSONHandler(b.logs, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	b.server, b.url = s, web.URL
	b.key = b.newKey("goscom-pro", time.Time{}, api.Scopes()...)
	return b
}

func (b *bed) newKey(platform string, expires time.Time, scopes ...string) string {
	b.Helper()
	_, token, err := b.server.Staff().CreateKey(b.Context(), staff.NewKey{Platform: platform, Label: "test", Scopes: scopes, Expires: expires})
	if err != nil {
		b.Fatal(err)
	}
	return token.Reveal()
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s is no problem: %s (%v)", a.status, a.header.Get("Content-Type"), a.body, err)
	}
	return p
}

// do sends a request to the first platform. body is JSON text, or a value.
func (b *bed) do(method, path string, body any, header ...string) answer {
	b.Helper()
	return b.raw(method, "/api/v1/platforms/goscom-pro"+path, body, append([]string{"Authorization", "Bearer " + b.key}, header...)...)
}

func (b *bed) raw(method, path string, body any, header ...string) answer {
	b.Helper()
	var in io.Reader
	switch x := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(x)
	default:
		text, err := json.Marshal(x)
		if err != nil {
			b.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, in)
	if err != nil {
		b.Fatal(err)
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, out}
}

// want sends and reads an answer of this status into T.
func want[T any](b *bed, status int, method, path string, body any, header ...string) T {
	b.Helper()
	a := b.do(method, path, body, header...)
	if a.status != status {
		b.Fatalf("%s %s: %d, want %d: %s", method, path, a.status, status, a.body)
	}
	var out T
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &out); err != nil {
			b.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
	return out
}

// register registers somebody with an address.
func (b *bed) register(email string) string {
	b.Helper()
	return want[api.Registered](b, 201, "POST", "/subjects", api.Register{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []api.Given{{Item: "account.email", Value: email, Voluntary: true}},
	}).ID
}

// fresh puts a new web server before the same stores, whose limits are full.
func (b *bed) fresh() {
	b.Helper()
	h, err := b.server.Handler()
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(h)
	b.Cleanup(web.Close)
	b.url = web.URL
}
