package rest_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/staff"
)

var noTime time.Time

func TestABodyHasAtMostOneMegabyte(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	for size, status := range map[int]int{500_000: 422, 1 << 20: 413, 3 << 20: 413} {
		body := `{"value":"` + strings.Repeat("canary", size/6) + `"}`
		a := b.do("PUT", "/subjects/"+id+"/values/account.email", body)
		if a.status != status || strings.Contains(string(a.body), "canary") {
			t.Errorf("%d bytes: %d %.200s", size, a.status, a.body)
		}
		a.problem(t)
	}
}

func TestAProblemNeverRepeatsWhatWasSent(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"no JSON":           {"/uses", `canary`, 400},
		"half a JSON":       {"/uses", `{"subject":"canary`, 400},
		"another type":      {"/uses", `{"subject":{"canary":1},"items":["account.email"],"purpose":"account"}`, 422},
		"an unknown value":  {"/subjects/" + id + "/consents", `{"kind":"canary","given":true}`, 422},
		"too long a value":  {"/identifiers/lookup", `{"kind":"email","value":"` + strings.Repeat("canary", 300) + `"}`, 422},
		"no address":        {"/identifiers/lookup", `{"kind":"email","value":"canary"}`, 422},
		"an unknown item":   {"/uses", `{"subject":"` + id + `","items":["canary value"],"purpose":"account"}`, 404},
		"a bad subject":     {"/uses", `{"subject":"canary","items":["account.email"],"purpose":"account"}`, 404},
		"a bad time":        {"/subjects/" + id + "/consents", `{"kind":1,"given":"canary"}`, 422},
		"a bad reference":   {"/uses", `{"subject":"` + id + `","items":["account.email"],"purpose":"account","ref":"canary"}`, 422},
		"nothing at all":    {"/uses", ``, 400},
		"a list of nothing": {"/decisions", `{"uses":[]}`, 422},
	} {
		a := b.do("POST", c.path, c.body)
		if a.status != c.status || strings.Contains(string(a.body), "canary") || strings.Contains(string(a.body), "invalid character") {
			t.Errorf("%s: %d, want %d: %.300s", name, a.status, c.status, a.body)
		}
		a.problem(t)
	}
	if strings.Contains(b.logs.String(), "canary") {
		t.Error("a value that was sent stands in the log")
	}
}

func TestTheLogSaysNothingAboutPeople(t *testing.T) {
	b := newBed(t)
	id := b.register("lin@example.org")
	b.do("GET", "/subjects/"+id, nil)
	b.do("GET", "/subjects/"+id+"/nothing", nil)
	b.raw("GET", "/lin@example.org?lin@example.org", nil)
	text := b.logs.String()
	for _, s := range []string{id, "lin@", "example.org", b.key, "127.0.0.1"} {
		if strings.Contains(text, s) {
			t.Errorf("the log has %.12s…", s)
		}
	}
	if !strings.Contains(text, `"route":"GET /api/v1/platforms/{platform}/subjects/{subject}"`) || !strings.Contains(text, `"status":201`) {
		t.Errorf("the log lacks routes: %.600s", text)
	}
	metrics := string(b.raw("GET", "/metrics", nil).body)
	if strings.Contains(metrics, id) || strings.Contains(metrics, "lin@") || !strings.Contains(metrics, `avow_http_request_seconds_count{method="POST",route="POST /api/v1/platforms/{platform}/subjects",status="201"} 1`) {
		t.Errorf("metrics: %.600s", metrics)
	}
}

func TestAnswersAreNeverCachedAndHaveTheHeaders(t *testing.T) {
	b := newBed(t)
	for _, a := range []answer{b.do("GET", "/policy", nil), b.do("POST", "/uses", "x"), b.raw("GET", "/api/v1/platforms/goscom-pro/policy", nil)} {
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Request-Id"} {
			if a.header.Get(h) == "" {
				t.Errorf("%d has no %s", a.status, h)
			}
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d: Cache-Control %q", a.status, a.header.Get("Cache-Control"))
		}
	}
}

func TestThePageOfTheInterfaceShowsEveryOperation(t *testing.T) {
	b := newBed(t)
	page := string(b.raw("GET", "/api/", nil).body)
	for _, item := range b.document().Paths {
		for _, o := range item {
			if !strings.Contains(page, `id="op-`+o.OperationID+`"`) {
				t.Errorf("the page lacks %s", o.OperationID)
			}
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") {
		t.Error("the page has code or style in it")
	}
	if a := b.raw("GET", "/api", nil); a.status != 307 && a.status != 301 {
		t.Errorf("/api: %d", a.status)
	}
}

// FuzzBody sends any body to routes that read one: nothing fails inside, and
// nothing that is not as described is let through.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `{"subject":"sub_0","items":["a"],"purpose":"b"}`, `{"kind":"consent","given":true,"purpose":"push"}`,
		`{"given":[{"item":"account.email","value":"a@b.example"}],"point":"registration","adult":true}`, `{"uses":[{"items":["x"],"purpose":"account"}]}`,
		"{\"value\":\"\\u0000\"}", `{"everything":true,"item":"x"}`, `{"right":"access","scope":"item:"}`, `{"until":"9999-12-31T23:59:59Z","cite":"x"}`,
	} {
		f.Add(uint8(0), s)
	}
	dir := f.TempDir()
	s, err := avow.Open(f.Context(), configure(f, dir), avow.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	h, err := s.Handler()
	if err != nil {
		f.Fatal(err)
	}
	_, token, err := s.Staff().CreateKey(f.Context(), staff.NewKey{Platform: "goscom-pro", Label: "fuzz", Scopes: api.Scopes()})
	if err != nil {
		f.Fatal(err)
	}
	paths := []string{"subjects", "uses", "uses/batch", "uses/secret", "decisions", "requests", "identifiers/lookup", "identifiers/bars"}
	f.Fuzz(func(t *testing.T, route uint8, body string) {
		r := httptest.NewRequest("POST", "/api/v1/platforms/goscom-pro/"+paths[int(route)%len(paths)], strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token.Reveal())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%d for %q: %s", w.Code, body, w.Body)
		}
	})
}
