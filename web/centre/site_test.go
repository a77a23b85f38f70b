package centre_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/session"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
	"github.com/avow-dev/avow/web/centre"
	"github.com/avow-dev/avow/web/webtest"
)

const (
	one  = "goscom-pro"
	two  = "goscom-two"
	lin  = "lin.wei@example.cn"
	mei  = "mei@example.cn"
	nick = "林小溪"

	refused = "refused@example.cn"
)

// A site is a server with two platforms, their centres, and a mailbox.
type site struct {
	*testing.T
	server *avow.Server
	clock  *dbtest.Clock
	mail   *notice.Mailbox
	url    string
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, clock: dbtest.NewClock()}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	config := "platforms:\n"
	for _, id := range []string{one, two} {
		s.must(os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(strings.Replace(string(src), "platform: goscom-pro", "platform: "+id, 1)), 0o600))
		config += "  - {id: " + id + ", policy: " + id + ".yaml}\n"
	}
	s.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte(config), 0o600))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	ctx := context.Background()
	s.server, err = avow.Open(ctx, c, avow.Options{Clock: s.clock.Now})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	store, err := db.Open(ctx, db.Config{Engine: db.SQLite, Store: db.Server, File: filepath.Join(dir, "sessions.db"), Clock: s.clock.Now})
	s.must(err)
	t.Cleanup(func() { store.Close() })
	sessions, err := session.New(store)
	s.must(err)
	frame, err := web.New(web.Config{Platforms: s.server.Platforms(), Sessions: sessions, Secret: []byte(strings.Repeat("s", 32)), Logger: slog.New(slog.DiscardHandler)})
	s.must(err)
	s.mail = notice.NewMailbox(100, s.clock.Now)
	for _, p := range s.server.Platforms() {
		frame.Add(centre.New(centre.Config{Frame: frame, Platform: p, Mail: s, URL: "https://privacy.example"}).Door())
	}
	web := httptest.NewServer(frame.Handler())
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

// Send is the mail server: it refuses one address, as servers of mail do that
// know their own people.
func (s *site) Send(ctx context.Context, m notice.Message) error {
	if m.To.Reveal() == refused {
		return fault.New(fault.Invalid, "that address cannot be written to")
	}
	return s.mail.Send(ctx, m)
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) platform(id string) *avow.Platform {
	p, err := s.server.Platform(id)
	s.must(err)
	return p
}

// register enters somebody with an address and a nickname.
func (s *site) register(id, email, nickname string) subject.ID {
	s.Helper()
	sub, refusals, err := s.platform(id).Register(s.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{
			{Item: "account.email", Value: email, Voluntary: true},
			{Item: "account.nickname", Value: nickname, Voluntary: true},
			{Item: "account.phone", Value: "+8613912345678", Voluntary: true},
		},
	})
	s.must(err)
	if len(refusals) > 0 {
		s.Fatal(refusals[0].Text)
	}
	return sub
}

// A reader is somebody at a browser.
type reader struct {
	*webtest.Reader
	on *site
}

func (s *site) reader(lang string) *reader { return &reader{webtest.NewReader(s.T, s.url, lang), s} }

var six = regexp.MustCompile(`\b[0-9]{6}\b`)

// code is the code of the newest mail.
func (s *site) code() string {
	s.Helper()
	list := s.mail.Messages()
	if len(list) == 0 {
		s.Fatal("no mail came")
	}
	return six.FindString(list[0].Body)
}

// signIn signs in by a mailed code.
func (r *reader) signIn(id, email string) *webtest.Page {
	r.Helper()
	r.on.clock.Add(11 * time.Minute) // codes of an address are few
	p := r.Post("/"+id+"/sign-in", "address", email).Is(http.StatusOK)
	return r.Post("/"+id+"/sign-in/code", "at", p.Hidden("at"), "next", p.Hidden("next"), "code", r.on.code()).Is(http.StatusOK)
}
