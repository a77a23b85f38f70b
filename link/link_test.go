package link_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/link"
)

// site answers /ok, forgets /gone, leads /away to where it is told, answers no HEAD
// on /get, and notes what came along.
func site(t *testing.T, away string) (base string, seen *[]http.Header) {
	t.Helper()
	seen = new([]http.Header)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, r.Header)
		switch {
		case r.URL.Path == "/gone" || r.URL.Path == "/get" && r.Method == http.MethodHead:
			http.NotFound(w, r)
		case r.URL.Path == "/away":
			http.Redirect(w, r, away, http.StatusFound)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, seen
}

func TestACallSaysWhetherALinkWorks(t *testing.T) {
	base, seen := site(t, "/ok")
	p := link.NewProber(true)
	for path, want := range map[string]link.Outcome{"/ok": link.Works, "/away": link.Works, "/get": link.Works, "/gone": link.Broken} {
		if got, status := p.Call(t.Context(), base+path); got != want {
			t.Errorf("%s: %s %d, want %s", path, got, status, want)
		}
	}
	for _, h := range *seen {
		if h.Get("Referer") != "" || h.Get("Cookie") != "" {
			t.Errorf("something went along: %v", h)
		}
	}
	if got, _ := p.Call(t.Context(), "http://127.0.0.1:1/"); got != link.Silent {
		t.Errorf("where nobody listens: %s", got)
	}
}

func TestACallNeverReachesANetworkThatIsNotPublic(t *testing.T) {
	base, seen := site(t, "/ok")
	p := link.NewProber(false)
	for _, address := range []string{
		base + "/ok", "http://localhost:9/", "http://[::1]:9/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
		"http://100.64.0.1/", "http://0.0.0.0:9/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]:9/", "http://[64:ff9b::7f00:1]/",
		"http://2130706433:9/", "ftp://example.org/", "file:///etc/passwd", "http://user:pw@127.0.0.1/",
	} {
		if got, _ := p.Call(t.Context(), address); got != link.Forbidden && got != link.Nowhere {
			t.Errorf("%s: %s", address, got)
		}
	}
	if len(*seen) > 0 {
		t.Error("the site on this machine was reached")
	}
	if got, _ := new(link.Prober).Call(t.Context(), base); got != link.Forbidden {
		t.Errorf("the zero prober: %s", got)
	}
	// A redirect is looked at as the first address was.
	away, _ := site(t, "http://10.0.0.1/")
	if got, _ := link.NewProber(true).Call(t.Context(), away+"/away"); got != link.Forbidden {
		t.Errorf("a redirect into a private network: %s", got)
	}
}

func TestTheRegisterHoldsWholeAddressesAlone(t *testing.T) {
	good := link.Link{Title: "Example", URL: "https://example.org/a", Terms: "https://example.org/privacy"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*link.Link){
		"no title": func(l *link.Link) { l.Title = " " }, "relative": func(l *link.Link) { l.URL = "/me" },
		"other scheme": func(l *link.Link) { l.URL = "javascript:alert(1)" }, "password": func(l *link.Link) { l.URL = "https://a:b@example.org" },
		"blank": func(l *link.Link) { l.URL = "https://example.org/a b\r\nX: y" }, "no terms": func(l *link.Link) { l.Terms = "" },
		"long": func(l *link.Link) { l.URL = "https://example.org/" + strings.Repeat("a", 500) },
	} {
		l := good
		if change(&l); fault.Of(l.Check()) != fault.Invalid {
			t.Errorf("%s: %v", name, l.Check())
		}
	}
}

func TestALinkIsThereUntilItIsTakenOff(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		do := func(fn func(*db.Act)) error {
			act := d.NewAct()
			fn(act)
			return d.Commit(t.Context(), act)
		}
		l := link.Link{ID: 7, Under: "linked-sites", Title: "Example", URL: "https://example.org/a", Terms: "https://example.org/p", By: "stf_1"}
		if err := do(func(a *db.Act) { link.Add(a, l); link.Left(a, 7, 3) }); err != nil {
			t.Fatal(err)
		}
		get := func() (got link.Link, err error) {
			err = d.Read(t.Context(), func(r *db.Snapshot) (err error) {
				got, err = link.Get(t.Context(), r, 7)
				return err
			})
			return got, err
		}
		got, err := get()
		if err != nil || got.Left != 3 || got.URL != l.URL || got.Host() != "example.org" {
			t.Fatalf("%+v %v", got, err)
		}
		other := l
		other.ID = 8
		if err := do(func(a *db.Act) { link.Add(a, other) }); !db.Constraint(err) {
			t.Errorf("the same address twice: %v", err)
		}
		if err := do(func(a *db.Act) { link.End(a, 7) }); err != nil {
			t.Fatal(err)
		}
		if _, err := get(); fault.Of(err) != fault.NotFound {
			t.Errorf("an ended link: %v", err)
		}
		if err := do(func(a *db.Act) { link.End(a, 7) }); !db.Lost(err) {
			t.Errorf("ended twice: %v", err)
		}
	})
}

func TestTheNewestCallOfEachTargetCounts(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		act := d.NewAct()
		link.Called(act, 1, link.Call{Target: "recipient/a", URL: "u", Outcome: link.Broken, Status: 404, Entry: 1})
		link.Called(act, 2, link.Call{Target: "link/7", URL: "v", Outcome: link.Silent, Entry: 2})
		link.Called(act, 3, link.Call{Target: "recipient/a", URL: "u", Outcome: link.Works, Status: 200, Entry: 3})
		if err := d.Commit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		err := d.Read(t.Context(), func(r *db.Snapshot) error {
			newest, err := link.Newest(t.Context(), r)
			if err != nil || len(newest) != 2 || newest["recipient/a"].Outcome != link.Works || newest["recipient/a"].Status != 200 {
				t.Errorf("%+v %v", newest, err)
			}
			all, err := link.Calls(t.Context(), r, "recipient/a", 10)
			if len(all) != 2 || all[0].Entry != 3 {
				t.Errorf("%+v %v", all, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
