package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/avow-dev/avow/api"
)

// Config says which platform is called.
type Config struct {
	Server   string // such as https://privacy.example.org
	Platform string // id
	Key      string // API key of the platform

	// HTTP makes the calls; nil is a client with a timeout of 30 s.
	HTTP *http.Client

	// Tries is how often a call that may be repeated is tried; 0 is 3.
	Tries int
}

// A Client calls one platform. It is safe for concurrent use.
type Client struct {
	base  string
	key   string
	http  *http.Client
	tries int
}

// New returns a client. Nothing is sent yet.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.Server)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("client: write the server as https://HOST")
	}
	if c.Platform == "" || c.Key == "" {
		return nil, errors.New("client: name the platform and its key")
	}
	out := &Client{base: strings.TrimSuffix(c.Server, "/") + "/api/v1/platforms/" + url.PathEscape(c.Platform), key: c.Key, http: c.HTTP, tries: c.Tries}
	if out.http == nil {
		out.http = &http.Client{Timeout: 30 * time.Second}
	}
	if out.tries <= 0 {
		out.tries = 3
	}
	return out, nil
}

// Denial returns the problem where the policy says no: a use that is denied, or a
// value that may not come in.
func Denial(err error) (api.Problem, bool) {
	p, ok := errors.AsType[api.Problem](err)
	return p, ok && p.Denied()
}

// How a call may be repeated.
type repeat int

const (
	never  repeat = iota // a use: each is an entry of its own
	freely               // a question, or what is the same when it is done twice
	byKey                // with an idempotency key
)

// maxAnswer is the largest answer that is read, in bytes.
const maxAnswer = 64 << 20

// call sends in as JSON and reads the answer into out, which may be nil.
func (c *Client) call(ctx context.Context, how repeat, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("client: %w", err)
		}
	}
	key := ""
	if how == byKey {
		key = rand.Text()
	}
	for try := 1; ; try++ {
		again, err := c.once(ctx, method, path, key, body, out)
		if err == nil || how == never || !again || try == c.tries {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// once sends one request. again says that a later try may go well.
func (c *Client) once(ctx context.Context, method, path, key string, body []byte, out any) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return false, fmt.Errorf("client: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return ctx.Err() == nil, fmt.Errorf("client: %w", err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return ctx.Err() == nil, fmt.Errorf("client: %w", err)
	}
	if resp.StatusCode >= 400 {
		return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable, problem(resp.StatusCode, b)
	}
	if out == nil || len(b) == 0 {
		return false, nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return false, fmt.Errorf("client: the answer cannot be read: %w", err)
	}
	return false, nil
}

// problem reads a problem; what is none, from a proxy, becomes one.
func problem(status int, b []byte) error {
	var p api.Problem
	if json.Unmarshal(b, &p) != nil || p.Status == 0 {
		p = api.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: "internal"}
	}
	return p
}

// pause waits a little longer with each try.
func pause(ctx context.Context, try int) error {
	t := time.NewTimer(time.Duration(try*try) * 100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// about is the path of a subject.
func about(subject, rest string) string { return "/subjects/" + url.PathEscape(subject) + rest }
