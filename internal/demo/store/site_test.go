package store_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/demo/store"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/web"
	"github.com/avow-dev/avow/web/webtest"
)

// A site is a server with every policy that comes with avow, and a storefront
// each.
type site struct {
	*testing.T
	server *avow.Server
	clock  *dbtest.Clock
	mail   *notice.Mailbox
	url    string
}

func open(t *testing.T, ids ...string) *site {
	t.Helper()
	s := &site{T: t, clock: dbtest.NewClock()}
	dir, config := t.TempDir(), "platforms:\n"
	for _, id := range ids {
		pack, err := policies.Files.ReadFile(id + ".yaml")
		s.must(err)
		s.must(os.WriteFile(filepath.Join(dir, id+".yaml"), pack, 0o600))
		config += "  - {id: " + id + ", policy: " + id + ".yaml}\n"
	}
	s.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte(config), 0o600))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	s.mail = notice.NewMailbox(100, s.clock.Now)
	c.URL = "http://localhost"
	s.server, err = avow.Open(context.Background(), c, avow.Options{
		Clock: s.clock.Now, Logger: slog.New(slog.DiscardHandler), Mail: s.mail, Doors: func(f *web.Frame) []web.Door {
			shops, err := store.New(store.Config{Frame: f, Mailbox: "/mailbox/"})
			s.must(err)
			return []web.Door{shops.Door()}
		},
	})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	h, err := s.server.Handler()
	s.must(err)
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	s.url = at.URL
	return s
}

// every lists the platforms that come with avow.
func every(t *testing.T) (ids []string) {
	t.Helper()
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		ids = append(ids, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return ids
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// A guest is somebody at a browser, in front of one shop.
type guest struct {
	*webtest.Reader
	on   *site
	shop string // /store/goscom-pro/
	id   string
}

func (s *site) guest(id, lang string) *guest {
	return &guest{webtest.NewReader(s.T, s.url, lang), s, store.Prefix + id + "/", id}
}

// gives sends the form of a counter.
func (g *guest) gives(counter string, pairs ...string) *webtest.Page {
	g.Helper()
	return g.Post(g.shop+"at/"+counter, pairs...)
}

// uses tries a use from the page of a result.
func (g *guest) uses(at *webtest.Page, item, purpose string) *webtest.Page {
	g.Helper()
	return g.Post(strings.TrimSuffix(at.Path, "/use")+"/use", "item", item, "purpose", purpose)
}

var six = regexp.MustCompile(`\b[0-9]{6}\b`)

// signsIn signs in at the privacy centre by the mailed code.
func (g *guest) signsIn(address string) {
	g.Helper()
	p := g.Post("/"+g.id+"/sign-in", "address", address).Is(200)
	list := g.on.mail.Messages()
	if len(list) == 0 {
		g.Fatal("no mail came")
	}
	g.Post("/"+g.id+"/sign-in/code", "at", p.Hidden("at"), "code", six.FindString(list[0].Body)).Is(200).Says(address)
}

// fits fails where markup keeps a page from being narrow: widths, tables without
// labels for the phone, drawings of a size of their own.
func fits(p *webtest.Page) {
	p.Helper()
	for _, name := range []string{"img", "svg", "table", "td", "th", "input", "select", "textarea", "div", "section"} {
		for _, n := range p.All(name) {
			for _, size := range []string{"width", "height", "size", "cols", "nowrap"} {
				if webtest.Attr(n, size) != "" {
					p.Errorf("%s: a <%s> has %s", p.Path, name, size)
				}
			}
		}
	}
	for _, n := range p.All("td") {
		if webtest.Attr(n, "data-label") == "" && n.FirstChild != nil && n.FirstChild.Type == html.TextNode && strings.TrimSpace(n.FirstChild.Data) != "" {
			p.Errorf("%s: a cell says nothing of what it is on a phone", p.Path)
		}
	}
}
