package console_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web/webtest"
)

// openMail is a whole server with a shop and a mailbox.
func openMail(t *testing.T) (*site, *notice.Mailbox) {
	t.Helper()
	s := &site{T: t, clock: dbtest.NewClock(), logs: &buffer{}}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	write := func(name string, b []byte) { s.must(os.WriteFile(filepath.Join(dir, name), b, 0o600)) }
	write("shop.yaml", shop.Map("sqlite"))
	write(one+".yaml", src)
	write("avow.yaml", []byte("platforms:\n  - id: "+one+"\n    policy: "+one+".yaml\n    systems: [{kind: sqlite, map: shop.yaml, file: shop.db}]\n"))
	s.customers, err = shop.CreateSQLite(t.Context(), filepath.Join(dir, "shop.db"), 6)
	s.must(err)
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	s.must(err)
	box := notice.NewMailbox(100, s.clock.Now)
	s.server, err = avow.Open(t.Context(), c, avow.Options{Clock: s.clock.Now, Mail: box, Logger: slog.New(slog.NewJSONHandler(s.logs, nil)), Passwords: staff.Light()})
	s.must(err)
	t.Cleanup(func() { s.must(s.server.Close()) })
	h, err := s.server.Handler()
	s.must(err)
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s, box
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// enter signs a person in at the privacy centre by a mailed code.
func (r *reader) enter(box *notice.Mailbox, email string) *webtest.Page {
	r.Helper()
	p := r.askCode(email)
	return r.Post("/"+one+"/sign-in/code", "at", p.Hidden("at"), "code", sixDigits.FindString(box.Messages()[0].Body)).Is(http.StatusOK)
}

func (r *reader) askCode(email string) *webtest.Page {
	r.Helper()
	r.on.clock.Add(11 * time.Minute)
	return r.Post("/"+one+"/sign-in", "address", email).Is(http.StatusOK)
}

func TestAPersonIsNobodyInTheConsole(t *testing.T) {
	s, box := openMail(t)
	s.register(s.customers[0])
	r := s.reader("en")
	r.enter(box, s.customers[0].Email).Says(nick)
	for _, path := range []string{"", "requests", "requests/new", "subjects", "log", "systems", "staff", "keys", "promises"} {
		if p := r.Get("/console/" + one + "/" + path); !strings.HasSuffix(p.Path, "/sign-in") && p.Status != http.StatusNotFound {
			t.Errorf("%s answered %d at %s", path, p.Status, p.Path)
		}
	}
	for _, path := range []string{"requests/new", "subjects", "log/verify", "systems/test", "systems/epoch", "staff", "keys"} {
		if p := r.Post("/console/"+one+"/"+path, "kind", "email", "identifier", s.customers[0].Email); !strings.HasSuffix(p.Path, "/sign-in") {
			t.Errorf("posting to %s answered %d at %s", path, p.Status, p.Path)
		}
	}
}

func TestSomebodyUnknownAsksTheOtherSystems(t *testing.T) {
	s, box := openMail(t)
	his, hers := s.customers[1].Email, s.customers[2].Email
	r, other := s.reader("en"), s.reader("zh-CN")
	r.enter(box, his).Says("Nothing is held", "Ask our other systems").Check("en")
	other.enter(box, hers).Says("查询我们的其他系统").Check("zh-CN")
	p := r.Post("/"+one+"/me/elsewhere", "right", "erasure").Is(http.StatusOK).Says("Erasure", "We have your request", "It is you").Lacks(his)
	p.Check("en")
	for _, tail := range []string{"", "/receipt.json", "/package.zip"} {
		other.Get(p.Path + tail).Is(http.StatusNotFound)
		s.reader("en").Get(p.Path + tail).Says("Sign in")
	}
	other.Post(p.Path + "/take-back").Is(http.StatusNotFound)
	r.Post("/"+one+"/me/elsewhere", "right", "levitation").Is(http.StatusUnprocessableEntity)

	id := regexp.MustCompile(`req_[0-9a-z]+`).FindString(p.Text)
	support, officer := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	at := "/console/" + one + "/requests/" + id
	support.Post(at + "/plan").Is(http.StatusOK).Says("customers")
	officer.Post(at+"/approve", "hash", officer.Get(at).Hidden("hash")).Is(http.StatusOK)
	officer.Post(at + "/run").Is(http.StatusOK)
	s.carry(at)
	again := s.reader("en") // an hour later, signed in anew
	again.enter(box, his)
	again.Get(p.Path).Is(http.StatusOK).Says("done", "Download the receipt")
	again.Get(p.Path + "/receipt.json").Is(http.StatusOK)
	found := s.ask(s.customers[1].Email)
	if len(found) == 0 {
		t.Fatal("nothing was surveyed")
	}
	for _, c := range found {
		if c.System == "shop" && c.Rows > 0 {
			t.Errorf("%d rows of %s are left", c.Rows, c.System)
		}
	}
}

// ask surveys what an address finds.
func (s *site) ask(email string) []rights.Count {
	s.Helper()
	by := gate.Actor{Role: policy.Service}
	on := s.platform().Requests()
	id, err := on.Receive(s.Context(), rights.Asked{
		Right: policy.Access, Channel: "support", Identifiers: []connector.Identifier{{Kind: "email", Value: avow.NewPersonal(email)}},
	}, by)
	s.must(err)
	s.must(on.Verify(s.Context(), id, by, "document"))
	list, err := on.Survey(s.Context(), id, by)
	s.must(err)
	return list
}

func TestTheCodeOfOneAddressProvesNoOther(t *testing.T) {
	s, box := openMail(t)
	r := s.reader("en")
	his := strings.SplitN(r.askCode(s.customers[1].Email).Hidden("at"), ".", 2)
	p := r.askCode("other@example.cn")
	mine := strings.SplitN(p.Hidden("at"), ".", 2)
	code := sixDigits.FindString(box.Messages()[0].Body)
	p = r.Post("/"+one+"/sign-in/code", "at", mine[0]+"."+his[1], "code", code).Is(http.StatusOK)
	p.Says("Nothing is held").Lacks("Ask our other systems")
	if r.Post("/"+one+"/me/elsewhere", "right", "access").Status < 400 {
		t.Error("a request was taken down for an address that was not proved")
	}
}

func TestFailedSignInsAreInTheLogAndDoNotFloodIt(t *testing.T) {
	s := open(t)
	good := s.add("Sun", role("support"))
	bad := s.reader("en")
	try := func() {
		bad.Post("/console/"+one+"/sign-in", "login", "sun@staff.example", "password", "wrong", "code", "000000").Is(http.StatusUnprocessableEntity)
	}
	counts := func() (out []uint64) {
		list, err := s.platform().Entries(t.Context(), audit.Filter{Kind: audit.SignInFailed, Limit: 50})
		s.must(err)
		for _, e := range list {
			out = append(out, e.Public.Num(audit.TagCount))
			if e.SubjectID != "" || strings.Contains(e.Public.Text(audit.TagRole), "sun") {
				t.Errorf("the entry names somebody: %v", e.Public)
			}
		}
		return out
	}
	for range 3 {
		try()
	}
	if got := counts(); len(got) != 1 || got[0] != 1 {
		t.Fatalf("after three tries at once the log has %v", got)
	}
	s.clock.Add(2 * time.Minute)
	try()
	if got := counts(); len(got) != 2 || got[0]+got[1] != 4 {
		t.Fatalf("after a minute the log has %v", got)
	}
	try()
	s.clock.Add(time.Hour) // the login was locked
	good.signIn(one).Is(http.StatusOK)
	if got := counts(); len(got) != 3 {
		t.Errorf("after a good sign-in the log has %v", got)
	}
}

func TestOpenRequestsArePagedByDueDateAndFiltered(t *testing.T) {
	s := open(t)
	on := s.platform().Requests()
	for n := range 53 {
		right := policy.Access
		if n%10 == 0 {
			right = policy.Erasure
		}
		_, err := on.Receive(t.Context(), rights.Asked{
			Right: right, Channel: "support", Identifiers: []connector.Identifier{{Kind: "email", Value: avow.NewPersonal("someone@example.cn")}},
		}, gate.Actor{Role: policy.Service})
		s.must(err)
		s.clock.Add(time.Hour)
	}
	r := s.colleague("Sun", role("support"))
	base := "/console/" + one + "/requests"
	ids := regexp.MustCompile(`requests/(req_[0-9a-z]+)"`)
	seen := map[string]bool{}
	pages := 0
	for path := base; path != ""; pages++ {
		p := r.Get(path).Is(http.StatusOK)
		p.Check("en")
		for _, m := range ids.FindAllStringSubmatch(p.Text, -1) {
			if seen[m[1]] {
				t.Errorf("%s stands on two pages", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		for _, a := range p.All("a") {
			if href := webtest.Attr(a, "href"); strings.Contains(href, "after=") {
				path = href
			}
		}
	}
	if len(seen) != 53 || pages != 2 {
		t.Errorf("%d requests on %d pages", len(seen), pages)
	}
	if got := len(ids.FindAllString(r.Get(base+"?right=erasure").Text, -1)); got != 6 {
		t.Errorf("%d erasures, want 6", got)
	}
	if got := len(ids.FindAllString(r.Get(base+"?state=planned").Text, -1)); got != 0 {
		t.Errorf("%d wait for approval, want none", got)
	}
	r.Get(base + "?after=nonsense&state=nonsense").Is(http.StatusOK).Check("en")
}

func TestWhoLooksSaysWhy(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[0])
	r := s.colleague("Sun", role("support"))
	find := func(pairs ...string) *webtest.Page {
		return r.Post("/console/"+one+"/subjects", append([]string{"kind", "email", "identifier", s.customers[0].Email}, pairs...)...)
	}
	find("purpose", "legal-books", "reference", "T-1").Is(http.StatusForbidden).Says("does not have this purpose")
	find("purpose", "support", "reference", "lin@example.cn").Is(http.StatusUnprocessableEntity).Lacks("lin@example.cn")
	p := find("purpose", "support", "reference-kind", "ticket", "reference", "T-77").Is(http.StatusOK).Check("en")
	if strings.Contains(p.Path, "T-77") {
		t.Error("the reference stands in the address")
	}
	list, err := s.platform().History(t.Context(), sub, 1)
	s.must(err)
	purpose, err := s.platform().Policy().Purpose("support")
	s.must(err)
	if e := list[0]; e.Kind != audit.StaffAction || policy.PurposeNo(e.Public.Num(audit.TagPurpose)) != purpose.No || !strings.Contains(e.Private.Text(audit.TagRef), "T-77") {
		t.Errorf("the entry says %v %v", list[0].Public, list[0].Private)
	}
}

func TestWhoLooksActsInTheRoleThatHasThePurpose(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[0])
	r := s.colleague("Sun", role("support"), role("engineer"))
	ask := func(purpose string) *webtest.Page {
		return r.Post("/console/"+one+"/subjects", "kind", "email", "identifier", s.customers[0].Email, "purpose", purpose)
	}
	for purpose, want := range map[string]string{"support": "support", "service-log": "engineer"} {
		ask(purpose).Is(http.StatusOK)
		list, err := s.platform().History(t.Context(), sub, 1)
		s.must(err)
		if got := list[0].Public.Text(audit.TagRole); got != want {
			t.Errorf("who looks for %s is said to act as %s, which does not have this purpose", purpose, got)
		}
	}
	at := ask("service-log").Is(http.StatusOK).Path
	s.must(s.server.Staff().SetRoles(t.Context(), r.id, []staff.Role{role("support")}))
	r.Get(at).Is(http.StatusForbidden)
}

func TestARestrictionIsSeenByStaff(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[0])
	r := s.colleague("Sun", role("support"))
	at := r.Post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", s.customers[0].Email, "channel", "support").Path
	person := r.Post("/console/"+one+"/subjects", "kind", "email", "identifier", s.customers[0].Email).Path
	for _, path := range []string{at, person} {
		r.Get(path).Is(http.StatusOK).Lacks("kept and not used")
	}
	s.must(s.platform().Restrict(t.Context(), sub, true, avow.Actor{}))
	for _, path := range []string{at, person} {
		r.Get(path).Is(http.StatusOK).Says("kept and not used").Check("en")
	}
}

func TestSystemsAreTestedWhenAskedTo(t *testing.T) {
	s := open(t)
	r := s.colleague("Sun", role("support"))
	r.Get("/console/"+one+"/systems").Is(http.StatusOK).Says("shop", "in order", "tested")
	r.Post("/console/" + one + "/systems/test").Is(http.StatusOK).Says("Every system was asked just now").Check("en")
}

func TestProblemsAreChineseForChineseReaders(t *testing.T) {
	s := open(t)
	r := s.reader("zh-CN")
	latin := regexp.MustCompile(`[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}`)
	for _, path := range []string{"/nowhere", "/" + one + "/nowhere", "/" + one + "/me/requests/x", "/console/" + one + "/nowhere"} {
		p := r.Get(path)
		if got := latin.FindString(p.Words()); got != "" {
			t.Errorf("%s (%d) says %q", path, p.Status, got)
		}
	}
	support := s.add("Sun", role("support"))
	support.Lang = "zh-CN"
	support.signIn(one).Is(http.StatusOK)
	for _, path := range []string{"staff", "keys", "requests/req_x", "log/999999", "subjects/x", "requests/" + url.PathEscape("req_00000000000000000000000000")} {
		p := support.Get("/console/" + one + "/" + path)
		if got := latin.FindString(p.Words()); p.Status < 400 || got != "" {
			t.Errorf("%s (%d) says %q", path, p.Status, got)
		}
	}
}
