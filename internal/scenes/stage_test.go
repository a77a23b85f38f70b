package scenes

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/client"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/browser"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

const (
	one    = "goscom-pro"
	two    = "buygogo" // there where a stage has it
	crowd  = 8         // customers of the shop
	guests = 5         // of them with an account
)

// A stage is a whole server on a listener of its own, with a web shop's database
// beside it, a mailbox in place of a mail server, and a clock that tests move.
type stage struct {
	*testing.T
	dir       string
	engine    db.Engine
	server    *avow.Server
	clock     *dbtest.Clock
	mail      *notice.Mailbox
	url       string
	api       *client.Client
	customers []shop.Customer
	people    []*account // the first customers
	shopDSN   string
	clients   int          // addresses given out
	rest      func() error // ends what the server does by itself
	routes    *routes      // that it answered
}

// An account is a customer of the shop who is registered too.
type account struct {
	shop.Customer
	id     string
	values []string // in the vault, nobody else's
}

// open opens the stage.
func open(t *testing.T, engine db.Engine) *stage { return openWith(t, engine, "") }

// openWith opens it with the second platform of this policy too.
func openWith(t *testing.T, engine db.Engine, second string) *stage {
	t.Helper()
	s := &stage{T: t, dir: t.TempDir(), engine: engine, clock: dbtest.NewClock(), routes: &routes{met: map[string]bool{}}}
	s.mail = notice.NewMailbox(200, s.clock.Now)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.url = "http://" + l.Addr().String()
	pack, err := policies.Files.ReadFile(one + ".yaml")
	s.must(err)
	s.write(one+".yaml", pack)
	config := "url: " + s.url + "\nproxies: [127.0.0.1]\n" + s.databases()
	if second != "" {
		s.write(two+".yaml", []byte(second))
		config += "  - {id: " + two + ", policy: " + two + ".yaml}\n"
	}
	s.write("avow.yaml", []byte(config))
	c, err := avow.ReadConfig(filepath.Join(s.dir, "avow.yaml"))
	s.must(err)
	s.server, err = avow.Open(t.Context(), c, avow.Options{Clock: s.clock.Now, Logger: slog.New(s.routes), Mail: s.mail, Passwords: staff.Light()})
	s.must(err)
	t.Cleanup(func() { s.breakDown() })
	h, err := s.server.Handler()
	s.must(err)
	web := httptest.NewUnstartedServer(h)
	web.Listener.Close()
	web.Listener = l
	web.Start()
	t.Cleanup(web.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Run(ctx) }()
	s.rest = func() error { stop(); return <-ended }
	s.enter()
	return s
}

// breakDown closes the stores under the web server, which goes on answering.
func (s *stage) breakDown() {
	s.Helper()
	if s.rest == nil {
		return
	}
	s.must(s.rest())
	s.rest = nil
	s.must(s.server.Close())
}

// databases makes the shop, and returns the part of the configuration about
// databases.
func (s *stage) databases() (config string) {
	s.Helper()
	var err error
	system := "{kind: sqlite, map: shop.yaml, file: shop.db}"
	if s.engine == db.SQLite {
		s.write("shop.yaml", shop.Map("sqlite"))
		s.customers, err = shop.CreateSQLite(s.Context(), filepath.Join(s.dir, "shop.db"), crowd)
	} else {
		config = fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", world.Database(s, "AVOW_TEST_POSTGRES"), world.Database(s, "AVOW_TEST_POSTGRES_KEYS"))
		s.shopDSN = world.Database(s, "AVOW_TEST_POSTGRES")
		s.write("shop.yaml", shop.MapIn(shop.DemoSchema))
		s.write("shop.dsn", []byte(shop.SchemaDSN(s.shopDSN)))
		system = "{kind: postgres, map: shop.yaml, dsn_file: shop.dsn}"
		s.customers, err = shop.CreatePostgres(s.Context(), s.shopDSN, crowd)
	}
	s.must(err)
	return config + "platforms:\n  - id: " + one + "\n    policy: " + one + ".yaml\n    systems: [" + system + "]\n"
}

// enter registers people over the REST interface.
func (s *stage) enter() {
	s.Helper()
	_, key, err := s.server.Staff().CreateKey(s.Context(), staff.NewKey{Platform: one, Label: "app", Scopes: api.Scopes()})
	s.must(err)
	s.api, err = client.New(client.Config{Server: s.url, Platform: one, Key: key.Reveal()})
	s.must(err)
	for i, c := range s.customers[:guests] {
		a := &account{Customer: c, values: []string{c.Email, c.Phone, fmt.Sprintf("%s 的昵称 %d", c.Nickname, i), fmt.Sprintf("CAM-%d-%s", i, world.Token())}}
		a.id, err = s.api.Register(s.Context(), api.Register{
			Accepted: true, Adult: true, Verified: true, Point: "registration",
			Given: []api.Given{
				{Item: "account.email", Value: a.values[0], Voluntary: true},
				{Item: "account.phone", Value: a.values[1], Voluntary: true},
				{Item: "account.nickname", Value: a.values[2], Voluntary: true},
			},
		})
		s.must(err)
		s.must(s.api.Collect(s.Context(), a.id, "app", api.Given{Item: "device.bound-id", Value: a.values[3], Voluntary: true}))
		s.people = append(s.people, a)
	}
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) write(name string, b []byte) {
	s.Helper()
	s.must(os.WriteFile(filepath.Join(s.dir, name), b, 0o600))
}

// tab opens a window of somebody at an address of their own: limits are by
// address.
func (s *stage) tab(b *browser.Browser, v browser.View) *browser.Tab {
	s.Helper()
	s.clients++
	v.Address = fmt.Sprintf("203.0.113.%d", s.clients)
	return b.Tab(s, s.url, v)
}

// shopText is all that the shop's tables hold.
func (s *stage) shopText() string {
	s.Helper()
	if s.engine == db.SQLite {
		return world.FileText(s, filepath.Join(s.dir, "shop.db"))
	}
	return world.ServerText(s, s.shopDSN, shop.DemoSchema)
}

var six = regexp.MustCompile(`\b[0-9]{6}\b`)

// code is the code of the newest mail, which went to an address.
func (s *stage) code(to string) string {
	s.Helper()
	list := s.mail.Messages()
	if len(list) == 0 || list[0].To.Reveal() != to {
		s.Fatalf("no mail went to the address")
	}
	return six.FindString(list[0].Body)
}

// signIn signs somebody in by the code that is mailed to them, whatever language
// the pages are in.
func (s *stage) signIn(t *browser.Tab, email string) { s.Helper(); s.signInTo(one, t, email) }

func (s *stage) signInTo(platform string, t *browser.Tab, email string) {
	s.Helper()
	s.clock.Add(11 * time.Minute) // codes of an address are few
	t.Open("/"+platform+"/sign-in").Send("/sign-in", "address", email).Is(http.StatusOK)
	t.Send("/sign-in/code", "code", s.code(email)).Is(http.StatusOK)
}

// each runs fn on a stage of its own for each engine, with scripts allowed and
// forbidden.
func each(t *testing.T, fn func(s *stage, b *browser.Browser, v browser.View)) {
	t.Helper()
	b := browser.Start(t)
	for _, engine := range world.Engines() {
		for _, forbidden := range []bool{false, true} {
			name := map[bool]string{false: "with scripts", true: "without scripts"}[forbidden]
			t.Run(strings.Join([]string{string(engine), name}, ", "), func(t *testing.T) {
				t.Parallel()
				fn(open(t, engine), b, browser.View{Lang: "en", NoScripts: forbidden})
			})
		}
	}
}
