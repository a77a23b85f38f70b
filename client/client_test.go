package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/client"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

// start opens a server of one platform and returns a client of it. around may
// stand between them.
func start(dir string, around func(http.Handler) http.Handler) (c *client.Client, end func(), err error) {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		return nil, nil, err
	}
	config := filepath.Join(dir, "avow.yaml")
	if err := os.WriteFile(filepath.Join(dir, "goscom-pro.yaml"), src, 0o600); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(config, []byte("platforms: [{id: goscom-pro, policy: goscom-pro.yaml}]\n"), 0o600); err != nil {
		return nil, nil, err
	}
	read, err := avow.ReadConfig(config)
	if err != nil {
		return nil, nil, err
	}
	ctx := context.Background()
	s, err := avow.Open(ctx, read, avow.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, nil, err
	}
	h, err := s.Handler()
	if err != nil {
		return nil, nil, err
	}
	if around != nil {
		h = around(h)
	}
	web := httptest.NewServer(h)
	_, key, err := s.Staff().CreateKey(ctx, staff.NewKey{Platform: "goscom-pro", Label: "test", Scopes: api.Scopes()})
	if err != nil {
		return nil, nil, err
	}
	c, err = client.New(client.Config{Server: web.URL, Platform: "goscom-pro", Key: key.Reveal()})
	return c, func() { web.Close(); s.Close() }, err
}

func begin(t *testing.T, around func(http.Handler) http.Handler) *client.Client {
	t.Helper()
	c, end, err := start(t.TempDir(), around)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return c
}

func lin() api.Register {
	return api.Register{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []api.Given{{Item: "account.email", Value: "lin@example.org", Voluntary: true}},
	}
}

// Example registers somebody, uses an address for a purpose, and is told why it
// may not be used for another.
func Example() {
	dir, err := os.MkdirTemp("", "avow")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	c, end, err := start(dir, nil)
	if err != nil {
		panic(err)
	}
	defer end()
	ctx := context.Background()

	id, err := c.Register(ctx, api.Register{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []api.Given{{Item: "account.email", Value: "lin@example.org", Voluntary: true}},
	})
	if err != nil {
		panic(err)
	}
	answer, err := c.Use(ctx, api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "account"})
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.Values[0].Item, answer.Values[0].Value)

	_, err = c.Use(ctx, api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "push"})
	if p, denied := client.Denial(err); denied {
		fmt.Println(p.Status, p.Reasons[0].Control)
	}
	// Output:
	// account.email lin@example.org
	// 403 consent.record
}

// ExampleClient_Choose records a consent and withdraws it.
func ExampleClient_Choose() {
	dir, err := os.MkdirTemp("", "avow")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	c, end, err := start(dir, nil)
	if err != nil {
		panic(err)
	}
	defer end()
	ctx := context.Background()
	id, err := c.Register(ctx, api.Register{Accepted: true, Adult: true})
	if err != nil {
		panic(err)
	}
	for _, given := range []bool{true, false} {
		if err := c.Choose(ctx, id, api.Choice{Kind: "consent", Purpose: "push", Given: given, Channel: "settings"}); err != nil {
			panic(err)
		}
	}
	page, err := c.Consents(ctx, id, "")
	if err != nil {
		panic(err)
	}
	for _, said := range page.Consents {
		fmt.Println(said.Purpose, said.Given)
	}
	// Output:
	// push true
	// push false
}

func TestWhatIsSentAgainIsDoneOnce(t *testing.T) {
	var sent atomic.Int64
	c := begin(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if sent.Add(1) > 1 {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(httptest.NewRecorder(), r) // done, and the answer is lost on its way
			w.WriteHeader(http.StatusServiceUnavailable)
		})
	})
	id, err := c.Register(t.Context(), lin())
	if err != nil || sent.Load() != 2 {
		t.Fatalf("%v after %d tries", err, sent.Load())
	}
	found, err := c.Find(t.Context(), "email", "lin@example.org")
	if err != nil || len(found) != 1 || found[0] != id {
		t.Errorf("found %v, %v; registered %s", found, err, id)
	}
}

func TestAUseIsNeverSentAgain(t *testing.T) {
	var sent atomic.Int64
	c := begin(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			sent.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
	})
	if _, err := c.Use(t.Context(), api.Use{}); err == nil || sent.Load() != 1 {
		t.Errorf("%v after %d tries", err, sent.Load())
	}
}

func TestEveryCallReachesItsRoute(t *testing.T) {
	c := begin(t, nil)
	ctx := t.Context()
	id, err := c.Register(ctx, lin())
	if err != nil {
		t.Fatal(err)
	}
	request := ""
	use := api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "account"}
	for name, call := range map[string]func() error{
		"Subject": func() error { _, err := c.Subject(ctx, id); return err },
		"Bar": func() error {
			return c.Bar(ctx, api.Bar{Identifier: api.Identifier{Kind: "email", Value: "x@example.org"}, Scope: "marketing", Ground: "C-1"})
		},
		"Collect": func() error {
			return c.Collect(ctx, id, "registration", api.Given{Item: "account.nickname", Value: "Lin", Voluntary: true})
		},
		"Holdings":    func() error { _, err := c.Holdings(ctx, id, ""); return err },
		"Correct":     func() error { return c.Correct(ctx, id, "account.email", "lin.mei@example.org") },
		"Accept":      func() error { return c.Accept(ctx, id) },
		"Restrict":    func() error { return c.Restrict(ctx, id, false) },
		"Disclosures": func() error { _, err := c.Disclosures(ctx, id, ""); return err },
		"Entries":     func() error { _, err := c.Entries(ctx, id, ""); return err },
		"UseMany": func() error {
			_, err := c.UseMany(ctx, []string{id}, api.Use{Items: use.Items, Purpose: use.Purpose})
			return err
		},
		"Decide":   func() error { _, err := c.Decide(ctx, use); return err },
		"Requests": func() error { _, err := c.Requests(ctx, ""); return err },
		"Policy":   func() error { _, err := c.Policy(ctx); return err },
		"Promises": func() error { _, err := c.Promises(ctx, "unproven", ""); return err },
		"Duties":   func() error { _, err := c.Duties(ctx); return err },
		"EntryProof": func() error {
			a, err := c.Use(ctx, use)
			if err != nil {
				return err
			}
			raw, err := c.EntryProof(ctx, a.Entry)
			if err != nil {
				return err
			}
			var p audit.Proof
			if err := json.Unmarshal(raw, &p); err != nil {
				return err
			}
			point, err := c.Checkpoint(ctx)
			if err != nil {
				return err
			}
			_, err = audit.VerifyProof(p, point.Key)
			return err
		},
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if request, err = c.Ask(ctx, api.Ask{Right: "access", Subject: id}); err != nil {
		t.Fatal(err)
	}
	if r, err := c.VerifyRequest(ctx, request, "login"); err != nil || r.State != "verified" {
		t.Errorf("VerifyRequest: %+v, %v", r, err)
	}
	if r, err := c.Request(ctx, request); err != nil || r.ID != request {
		t.Errorf("Request: %+v, %v", r, err)
	}
	if _, err := c.RequestReceipt(ctx, request); err == nil || err.(api.Problem).Status >= 500 {
		t.Errorf("RequestReceipt of a request that is not done: %v", err)
	}
	if err := c.CloseAccount(ctx, id); err != nil {
		t.Errorf("CloseAccount: %v", err)
	}
	if e, err := c.Erase(ctx, id, api.Erase{Everything: true}); err != nil || e.Keys == 0 {
		t.Errorf("Erase: %+v, %v", e, err)
	}
	if _, err := c.Subject(ctx, "sub_00000000000000000000000000"); err == nil || err.(api.Problem).Status != 404 {
		t.Errorf("a subject that is not there: %v", err)
	}
}
