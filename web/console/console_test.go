package console_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web/console"
	"github.com/avow-dev/avow/web/webtest"
)

func role(name string) staff.Role { return staff.Role{Platform: one, Name: name} }

// try asks for a pattern below the console of the first platform.
func (r *reader) try(pattern string) *webtest.Page {
	r.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("{$}", "", "{request}", "req_00000000000000000000000000", "{at}", "x", "{entry}", "1", "{incident}", "inc_00000000000000000000000000", "{recipient}", "nobody").Replace(path)
	if method == "POST" {
		return r.Post("/console/"+one+"/"+path, "x", "y")
	}
	return r.Get("/console/" + one + "/" + path)
}

func TestEveryRouteRefusesWhoHasNoBusinessThere(t *testing.T) {
	s := open(t)
	elsewhere := s.colleague("Elsewhere", staff.Role{Platform: two, Name: "privacy-officer"}, staff.Role{Platform: two, Name: staff.Admin})
	lapsed := s.colleague("Lapsed", role("privacy-officer"))
	s.must(s.server.Staff().Disable(t.Context(), lapsed.id))
	person := s.reader("en")
	for pattern, need := range console.Patterns() {
		if need == "nobody" {
			continue
		}
		for name, r := range map[string]*reader{"nobody": s.reader("en"), "staff of another platform": elsewhere, "who is disabled": lapsed, "a person": person} {
			if p := r.try(pattern); p.Path != "/console/"+one+"/sign-in" {
				t.Errorf("%s came to %s for %s (%d)", name, p.Path, pattern, p.Status)
			}
		}
	}
}

func TestAPageOpensForItsRolesOnly(t *testing.T) {
	s := open(t)
	may := map[string][]string{
		"support":         {"anybody", "requests", "subjects", "systems", "working"},
		"privacy-officer": {"anybody", "requests", "subjects", "systems", "ledger", "working"},
		"engineer":        {"anybody", "subjects", "working"},
		staff.Admin:       {"anybody", "ledger", "systems", "working", "admin"},
	}
	for name, needs := range may {
		r := s.colleague("of-"+name, role(name))
		for pattern, need := range console.Patterns() {
			if need == "nobody" || pattern == "POST sign-out" || pattern == "POST systems/epoch" {
				continue
			}
			p := r.try(pattern)
			if refused := p.Status == http.StatusForbidden && strings.Contains(p.Words(), "does not open this page"); refused == slices.Contains(needs, need) {
				t.Errorf("%s: %s answered %d", name, pattern, p.Status)
			}
		}
	}
}

func TestEveryFailedSignInAnswersTheSame(t *testing.T) {
	s := open(t)
	s.add("Ann", role("support"))
	elsewhere := s.add("Bob", staff.Role{Platform: two, Name: "support"})
	answers := map[string]bool{}
	for _, login := range []string{"ann@staff.example", "nobody@staff.example"} {
		p := s.reader("en").Post("/console/"+one+"/sign-in", "login", login, "password", "wrong wrong wrong", "code", "000000")
		answers[p.Is(http.StatusUnprocessableEntity).Check("en").Text] = true
		p.Lacks(login)
	}
	answers[elsewhere.signIn(one).Is(http.StatusUnprocessableEntity).Text] = true
	if len(answers) != 1 {
		t.Errorf("there are %d different answers", len(answers))
	}
}

func TestSignInsAreLimitedAndEndAtOnce(t *testing.T) {
	s := open(t)
	r := s.colleague("Ann", role("support"))
	r.Get("/console/" + one + "/requests").Is(http.StatusOK)
	out := r.Post("/console/" + one + "/sign-out")
	if out.Path != "/console/"+one+"/sign-in" {
		t.Errorf("signing out led to %s", out.Path)
	}
	if p := r.Get("/console/" + one + "/requests"); p.Path != "/console/"+one+"/sign-in" {
		t.Errorf("who has signed out is at %s", p.Path)
	}
	status := 0
	for range 12 {
		status = s.reader("en").Post("/console/"+one+"/sign-in", "login", strings.Repeat("x", 2000)).Status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the 13th try answered %d", status)
	}
}

func TestAnErasureTakesTwoPeople(t *testing.T) {
	s := open(t)
	lin := s.customers[3]
	sub := s.register(lin)
	support, officer := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one + "/requests"
	asked := support.Post(base+"/new", "right", "erasure", "scope", "", "kind-1", "email", "identifier-1", lin.Email,
		"contact", lin.Email, "channel", "support", "language", "en").Is(http.StatusOK).Check("en").Says("Erasure", "everything", "days left")
	at := asked.Path
	support.Post(at+"/verify", "method", "document").Is(http.StatusOK).Says("Recorded")
	planned := support.Post(at+"/plan").Is(http.StatusOK).Check("en").Says("shop", "vault", "customers.email", "part of the books", "until", "waits for a colleague")
	if slices.Contains(planned.Forms(), "approve") {
		t.Error("support is offered to approve")
	}
	seen := officer.Get(at).Check("en")
	hash := seen.Hidden("hash")
	support.Post(at+"/approve", "hash", hash).Is(http.StatusForbidden).Check("en").Says("Not allowed")
	officer.Post(at+"/approve", "hash", strings.Repeat("0", 64)).Is(http.StatusConflict).Check("en").Says("look at the plan again")
	officer.Post(at + "/plan").Is(http.StatusOK) // who plans cannot approve
	officer.Post(at+"/approve", "hash", officer.Get(at).Hidden("hash")).Is(http.StatusForbidden).Says("ask a colleague")
	support.Post(at + "/plan").Is(http.StatusOK)
	officer.Post(at+"/approve", "hash", officer.Get(at).Hidden("hash")).Is(http.StatusOK).Says("approved")
	running := officer.Post(at + "/run").Is(http.StatusOK)
	if running.Header.Get("Refresh") == "" {
		t.Error("the page of a running request does not renew itself")
	}
	s.carry(at)
	done := support.Get(at).Is(http.StatusOK).Check("en").Says("delivered", "Result", "0 left behind", "Receipt")
	if done.Header.Get("Refresh") != "" {
		t.Error("the page of a request that is done renews itself")
	}
	file := support.Get(at + "/receipt.json").Is(http.StatusOK)
	if _, err := plan.VerifyReceipt([]byte(file.Text), s.platform().Log().Key()); err != nil {
		t.Error(err)
	}
	if state, err := s.platform().StateOf(t.Context(), sub); err != nil || state != subject.Erased {
		t.Errorf("the person is %s: %v", state, err)
	}
	for _, r := range []*reader{support, officer} {
		s.nothingPersonal(r, lin.Email, string(sub), nick)
	}
}

// nothingPersonal looks for texts in addresses and in the server's log.
func (s *site) nothingPersonal(r *reader, texts ...string) {
	s.Helper()
	for _, text := range texts {
		for _, at := range r.Seen {
			if strings.Contains(at, text) || strings.Contains(at, strings.ReplaceAll(text, "@", "%40")) {
				s.Errorf("an address holds a personal value: %s", at)
			}
		}
		if strings.Contains(s.logs.String(), text) {
			s.Errorf("the log holds %q", text)
		}
	}
}

// A hold is shown with what it keeps, on what ground, and how long.
func TestAHoldIsShownWithItsEnd(t *testing.T) {
	s := open(t)
	lin := s.customers[3]
	sub := s.register(lin)
	by := platform.Actor{}
	s.must(s.platform().Hold(t.Context(), sub, "support", "claim 17", s.platform().Now().AddDate(1, 0, 0), by))
	s.must(s.platform().Hold(t.Context(), sub, "", "claim 18", time.Time{}, by))
	s.must(s.platform().Hold(t.Context(), sub, "account", "claim 19", s.platform().Now().Add(time.Hour), by))
	s.clock.Add(2 * time.Hour)
	support := s.colleague("Sun", role("support"))
	page := support.Post("/console/"+one+"/subjects", "kind", "email", "identifier", lin.Email).Is(http.StatusOK).Check("en")
	end := s.platform().Now().AddDate(1, 0, 0)
	page.Says("claim 17", "until", strconv.Itoa(end.Year()), "claim 18", "everything", "until it is lifted", "claim 19", "ended")
}

func TestUnmaskingTakesAPurposeAndAReferenceAndLeavesAnEntry(t *testing.T) {
	s := open(t)
	lin := s.customers[3]
	sub := s.register(lin)
	support, other := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	found := support.Post("/console/"+one+"/subjects", "kind", "email", "identifier", lin.Email).Is(http.StatusOK).Check("en")
	found.Says("E-mail", "Latest entries").Lacks(lin.Email, nick)
	at := found.Path
	other.Get(at).Is(http.StatusNotFound) // the address is of who looked
	count := func(k audit.Kind) (n int) {
		entries, err := s.platform().History(t.Context(), sub, 100)
		s.must(err)
		for _, e := range entries {
			if e.Kind == k && e.Public.Text(audit.TagRole) == "support" {
				n++
			}
		}
		return n
	}
	looked := count(audit.StaffAction)
	if looked == 0 {
		t.Error("looking the person up left no entry")
	}
	support.Post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", "").Is(http.StatusUnprocessableEntity).Check("en").Lacks(lin.Email)
	support.Post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", lin.Email).Is(http.StatusUnprocessableEntity).Lacks(lin.Email)
	support.Post(at+"/unmask", "item", "account.email", "purpose", "claims", "kind", "case", "reference", "C-1").Is(http.StatusForbidden).Lacks(lin.Email)
	if n := count(audit.Used); n != 0 {
		t.Errorf("%d uses before one was allowed", n)
	}
	support.Post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", "T-1").Is(http.StatusOK).Check("en").Says("ticket:T-1").Lacks(lin.Email)
	if n := count(audit.Used); n != 1 {
		t.Errorf("%d entries of a use", n)
	}
	s.nothingPersonal(support, lin.Email, string(sub), nick)
}

func TestAnAdminWithoutARoleOfThePolicySeesNobodysData(t *testing.T) {
	s := open(t)
	s.register(s.customers[3])
	root := s.add("Root", staff.Role{Platform: staff.Everywhere, Name: staff.Admin})
	root.signIn(one).Is(http.StatusOK)
	root.Post("/console/"+one+"/subjects", "kind", "email", "identifier", s.customers[3].Email).Is(http.StatusForbidden).Lacks("Latest entries")
	if p := root.Get("/console/" + one + "/"); p.Path != "/console/"+one+"/due" {
		t.Errorf("an admin begins at %s", p.Path)
	}
}

func TestAReasonIsNeededToEndARequest(t *testing.T) {
	s := open(t)
	s.register(s.customers[2])
	support := s.colleague("Sun", role("support"))
	at := support.Post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", s.customers[2].Email, "channel", "support").Is(http.StatusOK).Path
	support.Post(at+"/pause", "reason", "no such").Is(http.StatusUnprocessableEntity).Check("en")
	support.Post(at+"/pause", "reason", "clarification").Is(http.StatusOK).Says("paused", "a question is open")
	support.Post(at+"/verify", "method", "document").Is(http.StatusConflict).Says("Not now")
	support.Post(at + "/resume").Is(http.StatusOK).Says("run again")
	support.Post(at+"/refuse", "reason", "unfounded", "cite", "gdpr-12-5").Is(http.StatusOK).Check("en").Says("refused", "manifestly unfounded", "gdpr-12-5")
	support.Post(at + "/withdraw").Is(http.StatusConflict)
	support.Get("/console/" + one + "/requests?state=refused").Says("A copy of everything")
	support.Post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", "no address", "channel", "support").Is(http.StatusUnprocessableEntity).Check("en").Lacks("no address\"")
}

func TestThePackageIsHandedOutThroughTheConsole(t *testing.T) {
	s := open(t)
	s.register(s.customers[2])
	support, officer := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	at := support.Post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", s.customers[2].Email, "channel", "support").Path
	support.Post(at+"/verify", "method", "in-person")
	support.Post(at + "/plan").Is(http.StatusOK)
	officer.Post(at+"/approve", "hash", officer.Get(at).Hidden("hash")).Is(http.StatusOK)
	officer.Post(at + "/run").Is(http.StatusOK)
	s.carry(at)
	if slices.Contains(support.Get(at).Check("en").Forms(), "package.zip") {
		t.Error("a role that sees masked values is offered the package")
	}
	support.Post(at + "/package.zip").Is(http.StatusForbidden).Says("masked values")
	officer.Get(at).Check("en").Says("Package")
	file := officer.Post(at + "/package.zip").Is(http.StatusOK)
	if !strings.HasPrefix(file.Text, "PK") || file.Header.Get("Content-Type") != "application/zip" {
		t.Errorf("the package is %s", file.Header.Get("Content-Type"))
	}
	support.Get(at).Is(http.StatusOK).Says("delivered")
}

func TestTheLogIsShownProvedAndVerified(t *testing.T) {
	s := open(t)
	for _, c := range s.customers {
		s.register(c)
	}
	officer := s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one + "/log"
	list := officer.Get(base+"?kind="+audit.SubjectRegistered.String()).Check("en").Says("Somebody registered").Lacks(s.customers[0].Email, "sub_")
	var entry string
	for _, n := range list.All("a") {
		if href := webtest.Attr(n, "href"); strings.HasPrefix(href, base+"/") && !strings.HasSuffix(href, "checkpoint") {
			entry = href
		}
	}
	officer.Get(entry).Is(http.StatusOK).Check("en").Says("verified with the public key", "avow/"+one)
	proof, err := audit.ParseProof([]byte(officer.Get(entry + "/proof.json").Is(http.StatusOK).Text))
	s.must(err)
	if _, err := audit.VerifyProof(proof, s.platform().Log().Key()); err != nil {
		t.Error(err)
	}
	officer.Get(base).Says("Staff read the log")
	officer.Get(base + "/checkpoint").Is(http.StatusOK)
	officer.Get(base + "/999999").Is(http.StatusNotFound)
	p := officer.Post(base + "/verify").Is(http.StatusOK).Check("en")
	for strings.Contains(p.Words(), "Verifying") {
		p = officer.Get(p.Path)
	}
	p.Says("Everything is right", "entries verified").Check("en")
	officer.Get(base).Says("Everything is right").Check("en")
}

// The page that renews itself while the log is verified shows no entries, and so leaves
// none: otherwise a look of an hour would be 1,800 of them.
func TestAVerificationThatIsWatchedLeavesNoEntries(t *testing.T) {
	s := open(t)
	officer := s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one + "/log"
	read := func() (n int) {
		list, err := s.platform().Entries(t.Context(), audit.Filter{Kind: audit.StaffAction, Limit: 100})
		s.must(err)
		return len(list)
	}
	p := officer.Post(base + "/verify").Is(http.StatusOK)
	for range 5 {
		p = officer.Get(p.Path).Lacks("Staff read the log")
	}
	if n := read(); n != 0 {
		t.Errorf("%d entries after a verification that was watched, want none", n)
	}
	if p := officer.Get(base); p.Header.Get("Refresh") != "" || read() != 1 {
		t.Errorf("a page of the log renews itself (%q), or is not in it", p.Header.Get("Refresh"))
	}
}

func TestAdminsLookAfterStaffKeysAndTheEpoch(t *testing.T) {
	s := open(t)
	root, ann := s.colleague("Root", role(staff.Admin)), s.colleague("Ann", role("support"))
	both := s.add("Both", role("support"), staff.Role{Platform: two, Name: "support"})
	far := s.add("Far", staff.Role{Platform: two, Name: "support"})
	base := "/console/" + one
	root.Get(base+"/staff").Check("en").Says("Root", "Ann", "Both").Lacks("far@staff.example")
	root.Post(base+"/staff", "who", string(far.id), "do", "disable").Is(http.StatusNotFound)
	root.Post(base+"/staff", "who", string(both.id), "do", "disable").Is(http.StatusForbidden).Check("en")
	root.Post(base+"/staff", "who", string(root.id), "do", "disable").Is(http.StatusForbidden)
	root.Post(base+"/staff", "who", string(ann.id), "do", "disable").Is(http.StatusOK).Check("en").Says("disabled")
	if p := ann.Get(base + "/requests"); p.Path != base+"/sign-in" {
		t.Errorf("who was disabled is at %s", p.Path)
	}
	root.Post(base+"/keys", "label", "", "scope", "uses:write").Is(http.StatusUnprocessableEntity).Check("en")
	root.Post(base+"/keys", "label", "x", "scope", "every:thing").Is(http.StatusUnprocessableEntity)
	made := root.Post(base+"/keys", "label", "checkout", "scope", "uses:write", "expires", "2099-01-31").Is(http.StatusOK).Check("en")
	token := made.All("pre")[0].FirstChild.Data
	keys, err := s.server.Staff().Keys(t.Context(), one)
	s.must(err)
	if len(keys) != 1 || keys[0].By != root.id || !strings.HasPrefix(token, "avow_") {
		t.Errorf("keys: %v", keys)
	}
	root.Get(base + "/keys").Check("en").Says("checkout").Lacks(token)
	root.Post(base+"/keys/revoke", "key", "key_x").Is(http.StatusNotFound)
	root.Post(base+"/keys/revoke", "key", string(keys[0].ID)).Is(http.StatusOK).Says("revoked")
	before, err := s.platform().KeyStatus(t.Context())
	s.must(err)
	root.Post(base + "/systems/epoch").Is(http.StatusUnprocessableEntity).Check("en")
	p := root.Post(base+"/systems/epoch", "sure", "yes").Is(http.StatusOK)
	for strings.Contains(p.Words(), "Moving on") {
		p = root.Get(base + "/systems")
	}
	p.Check("en").Says("Moved on to epoch", "shop", "in order")
	if after, err := s.platform().KeyStatus(t.Context()); err != nil || after.Epoch.Number != before.Epoch.Number+1 {
		t.Errorf("the epoch went from %d to %d: %v", before.Epoch.Number, after.Epoch.Number, err)
	}
}

func TestEveryPageInChineseIsSound(t *testing.T) {
	s := open(t)
	s.register(s.customers[3])
	all := s.add("All", role("support"), role("privacy-officer"), role(staff.Admin))
	all.Lang = "zh-CN"
	all.signIn(one).Is(http.StatusOK).Check("zh-CN").Says("请求")
	base := "/console/" + one
	for _, path := range []string{"/requests", "/requests?state=refused", "/requests/new", "/subjects", "/log", "/log/1", "/log/verify", "/systems", "/staff", "/keys"} {
		all.Get(base + path).Is(http.StatusOK).Check("zh-CN")
	}
	all.Post(base+"/subjects", "kind", "email", "identifier", "nobody@example.cn").Is(http.StatusOK).Check("zh-CN").Says("未找到任何人")
	at := all.Post(base+"/subjects", "kind", "email", "identifier", s.customers[3].Email).Is(http.StatusOK).Check("zh-CN").Path
	all.Post(at+"/unmask", "item", "account.email", "purpose", string(s.platform().Policy().PurposeBy(s.platform().Policy().RightsPurpose()).Name), "kind", "request", "reference", "R-1").Check("zh-CN")
	q := all.Post(base+"/requests/new", "right", string(policy.Erasure), "kind-1", "email", "identifier-1", s.customers[3].Email, "channel", "support").Check("zh-CN").Path
	all.Post(q+"/verify", "method", "document").Check("zh-CN").Says("查询各系统并制定方案")
	all.Post(q + "/plan").Check("zh-CN").Says("为何属于此人")
}

func TestRequestsStandByDueDateAndLateOnesAreMarked(t *testing.T) {
	s := open(t)
	support := s.colleague("Sun", role("support"))
	base := "/console/" + one + "/requests"
	ask := func(right string, n int) string {
		return support.Post(base+"/new", "right", right, "kind-1", "email", "identifier-1", s.customers[n].Email, "channel", "support").Is(http.StatusOK).Path
	}
	first := ask("erasure", 1)
	s.clock.Add(5 * 24 * time.Hour)
	support.signIn(one)
	second := ask("access", 2)
	s.clock.Add(16 * 24 * time.Hour)
	support.signIn(one)
	p := support.Get(base).Check("en").Says("overdue 1", "days late")
	if a, b := strings.Index(p.Text, first), strings.Index(p.Text, second); a < 0 || b < a {
		t.Errorf("the first request stands at %d and the second at %d", a, b)
	}
	support.Get(first).Check("en").Says("overdue", "days late")
	support.Get(second).Check("en").Says("days left")
}
