package console_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web/console"
)

func role(name string) staff.Role { return staff.Role{Platform: one, Name: name} }

// try asks for a pattern below the console of the first platform.
func (r *reader) try(pattern string) *page {
	r.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("{$}", "", "{request}", "req_00000000000000000000000000", "{at}", "x", "{entry}", "1").Replace(path)
	if method == "POST" {
		return r.post("/console/"+one+"/"+path, "x", "y")
	}
	return r.get("/console/" + one + "/" + path)
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
			if p := r.try(pattern); p.path != "/console/"+one+"/sign-in" {
				t.Errorf("%s came to %s for %s (%d)", name, p.path, pattern, p.status)
			}
		}
	}
}

func TestAPageOpensForItsRolesOnly(t *testing.T) {
	s := open(t)
	may := map[string][]string{
		"support":         {"anybody", "requests", "subjects", "systems"},
		"privacy-officer": {"anybody", "requests", "subjects", "systems", "ledger"},
		"engineer":        {"anybody", "subjects"},
		staff.Admin:       {"anybody", "ledger", "systems", "admin"},
	}
	for name, needs := range may {
		r := s.colleague("of-"+name, role(name))
		for pattern, need := range console.Patterns() {
			if need == "nobody" || pattern == "POST sign-out" || pattern == "POST systems/epoch" {
				continue
			}
			p := r.try(pattern)
			if refused := p.status == http.StatusForbidden && strings.Contains(p.words(), "does not open this page"); refused == slices.Contains(needs, need) {
				t.Errorf("%s: %s answered %d", name, pattern, p.status)
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
		p := s.reader("en").post("/console/"+one+"/sign-in", "login", login, "password", "wrong wrong wrong", "code", "000000")
		answers[p.is(http.StatusUnprocessableEntity).check("en").text] = true
		p.lacks(login)
	}
	answers[elsewhere.signIn(one).is(http.StatusUnprocessableEntity).text] = true
	if len(answers) != 1 {
		t.Errorf("there are %d different answers", len(answers))
	}
}

func TestSignInsAreLimitedAndEndAtOnce(t *testing.T) {
	s := open(t)
	r := s.colleague("Ann", role("support"))
	r.get("/console/" + one + "/requests").is(http.StatusOK)
	out := r.post("/console/" + one + "/sign-out")
	if out.path != "/console/"+one+"/sign-in" {
		t.Errorf("signing out led to %s", out.path)
	}
	if p := r.get("/console/" + one + "/requests"); p.path != "/console/"+one+"/sign-in" {
		t.Errorf("who has signed out is at %s", p.path)
	}
	status := 0
	for range 12 {
		status = s.reader("en").post("/console/"+one+"/sign-in", "login", strings.Repeat("x", 2000)).status
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
	asked := support.post(base+"/new", "right", "erasure", "scope", "", "kind-1", "email", "identifier-1", lin.Email,
		"contact", lin.Email, "channel", "support", "language", "en").is(http.StatusOK).check("en").says("Erasure", "everything", "days left")
	at := asked.path
	support.post(at+"/verify", "method", "document").is(http.StatusOK).says("Recorded")
	planned := support.post(at+"/plan").is(http.StatusOK).check("en").says("shop", "vault", "customers.email", "part of the books", "until", "waits for a colleague")
	if slices.Contains(planned.forms(), "approve") {
		t.Error("support is offered to approve")
	}
	seen := officer.get(at).check("en")
	hash := seen.hidden("hash")
	support.post(at+"/approve", "hash", hash).is(http.StatusForbidden).check("en").says("Not allowed")
	officer.post(at+"/approve", "hash", strings.Repeat("0", 64)).is(http.StatusConflict).check("en").says("look at the plan again")
	officer.post(at + "/plan").is(http.StatusOK) // who plans cannot approve
	officer.post(at+"/approve", "hash", officer.get(at).hidden("hash")).is(http.StatusForbidden).says("ask a colleague")
	support.post(at + "/plan").is(http.StatusOK)
	officer.post(at+"/approve", "hash", officer.get(at).hidden("hash")).is(http.StatusOK).says("approved")
	running := officer.post(at + "/run").is(http.StatusOK)
	if running.header.Get("Refresh") == "" {
		t.Error("the page of a running request does not renew itself")
	}
	s.carry(at)
	done := support.get(at).is(http.StatusOK).check("en").says("delivered", "Result", "0 left behind", "Receipt")
	if done.header.Get("Refresh") != "" {
		t.Error("the page of a request that is done renews itself")
	}
	file := support.get(at + "/receipt.json").is(http.StatusOK)
	if _, err := plan.VerifyReceipt([]byte(file.text), s.platform().Log().Key()); err != nil {
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
		for _, at := range r.seen {
			if strings.Contains(at, text) || strings.Contains(at, strings.ReplaceAll(text, "@", "%40")) {
				s.Errorf("an address holds a personal value: %s", at)
			}
		}
		if strings.Contains(s.logs.String(), text) {
			s.Errorf("the log holds %q", text)
		}
	}
}

func TestUnmaskingTakesAPurposeAndAReferenceAndLeavesAnEntry(t *testing.T) {
	s := open(t)
	lin := s.customers[3]
	sub := s.register(lin)
	support, other := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	found := support.post("/console/"+one+"/subjects", "kind", "email", "identifier", lin.Email).is(http.StatusOK).check("en")
	found.says("E-mail", "Latest entries").lacks(lin.Email, nick)
	at := found.path
	other.get(at).is(http.StatusNotFound) // the address is of who looked
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
	support.post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", "").is(http.StatusUnprocessableEntity).check("en").lacks(lin.Email)
	support.post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", lin.Email).is(http.StatusUnprocessableEntity).lacks(lin.Email)
	support.post(at+"/unmask", "item", "account.email", "purpose", "claims", "kind", "case", "reference", "C-1").is(http.StatusForbidden).lacks(lin.Email)
	if n := count(audit.Used); n != 0 {
		t.Errorf("%d uses before one was allowed", n)
	}
	support.post(at+"/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", "T-1").is(http.StatusOK).check("en").says("ticket:T-1").lacks(lin.Email)
	if n := count(audit.Used); n != 1 {
		t.Errorf("%d entries of a use", n)
	}
	s.nothingPersonal(support, lin.Email, string(sub), nick)
}

func TestAnAdminWithoutARoleOfThePolicySeesNobodysData(t *testing.T) {
	s := open(t)
	s.register(s.customers[3])
	root := s.add("Root", staff.Role{Platform: staff.Everywhere, Name: staff.Admin})
	root.signIn(one).is(http.StatusOK)
	root.post("/console/"+one+"/subjects", "kind", "email", "identifier", s.customers[3].Email).is(http.StatusForbidden).lacks("Latest entries")
	if p := root.get("/console/" + one + "/"); p.path != "/console/"+one+"/log" {
		t.Errorf("an admin begins at %s", p.path)
	}
}

func TestAReasonIsNeededToEndARequest(t *testing.T) {
	s := open(t)
	s.register(s.customers[2])
	support := s.colleague("Sun", role("support"))
	at := support.post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", s.customers[2].Email, "channel", "support").is(http.StatusOK).path
	support.post(at+"/pause", "reason", "no such").is(http.StatusUnprocessableEntity).check("en")
	support.post(at+"/pause", "reason", "clarification").is(http.StatusOK).says("paused", "a question is open")
	support.post(at+"/verify", "method", "document").is(http.StatusConflict).says("Not now")
	support.post(at + "/resume").is(http.StatusOK).says("run again")
	support.post(at+"/refuse", "reason", "unfounded", "cite", "gdpr-12-5").is(http.StatusOK).check("en").says("refused", "manifestly unfounded", "gdpr-12-5")
	support.post(at + "/withdraw").is(http.StatusConflict)
	support.get("/console/" + one + "/requests?state=refused").says("A copy of everything")
	support.post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", "no address", "channel", "support").is(http.StatusUnprocessableEntity).check("en").lacks("no address\"")
}

func TestThePackageIsHandedOutThroughTheConsole(t *testing.T) {
	s := open(t)
	s.register(s.customers[2])
	support, officer := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	at := support.post("/console/"+one+"/requests/new", "right", "access", "kind-1", "email", "identifier-1", s.customers[2].Email, "channel", "support").path
	support.post(at+"/verify", "method", "in-person")
	support.post(at + "/plan").is(http.StatusOK)
	officer.post(at+"/approve", "hash", officer.get(at).hidden("hash")).is(http.StatusOK)
	officer.post(at + "/run").is(http.StatusOK)
	s.carry(at)
	if slices.Contains(support.get(at).check("en").forms(), "package.zip") {
		t.Error("a role that sees masked values is offered the package")
	}
	support.post(at + "/package.zip").is(http.StatusForbidden).says("masked values")
	officer.get(at).check("en").says("Package")
	file := officer.post(at + "/package.zip").is(http.StatusOK)
	if !strings.HasPrefix(file.text, "PK") || file.header.Get("Content-Type") != "application/zip" {
		t.Errorf("the package is %s", file.header.Get("Content-Type"))
	}
	support.get(at).is(http.StatusOK).says("delivered")
}

func TestTheLogIsShownProvedAndVerified(t *testing.T) {
	s := open(t)
	for _, c := range s.customers {
		s.register(c)
	}
	officer := s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one + "/log"
	list := officer.get(base+"?kind="+audit.SubjectRegistered.String()).check("en").says("Somebody registered").lacks(s.customers[0].Email, "sub_")
	var entry string
	for _, n := range list.all("a") {
		if href := attr(n, "href"); strings.HasPrefix(href, base+"/") && !strings.HasSuffix(href, "checkpoint") {
			entry = href
		}
	}
	officer.get(entry).is(http.StatusOK).check("en").says("verified with the public key", "avow/"+one)
	proof, err := audit.ParseProof([]byte(officer.get(entry + "/proof.json").is(http.StatusOK).text))
	s.must(err)
	if _, err := audit.VerifyProof(proof, s.platform().Log().Key()); err != nil {
		t.Error(err)
	}
	officer.get(base + "/checkpoint").is(http.StatusOK)
	officer.get(base + "/999999").is(http.StatusNotFound)
	p := officer.post(base + "/verify").is(http.StatusOK).check("en")
	for strings.Contains(p.words(), "Verifying") {
		p = officer.get(base)
	}
	p.says("Everything is right", "entries verified").check("en")
}

func TestAdminsLookAfterStaffKeysAndTheEpoch(t *testing.T) {
	s := open(t)
	root, ann := s.colleague("Root", role(staff.Admin)), s.colleague("Ann", role("support"))
	both := s.add("Both", role("support"), staff.Role{Platform: two, Name: "support"})
	far := s.add("Far", staff.Role{Platform: two, Name: "support"})
	base := "/console/" + one
	root.get(base+"/staff").check("en").says("Root", "Ann", "Both").lacks("far@staff.example")
	root.post(base+"/staff", "who", string(far.id), "do", "disable").is(http.StatusNotFound)
	root.post(base+"/staff", "who", string(both.id), "do", "disable").is(http.StatusForbidden).check("en")
	root.post(base+"/staff", "who", string(root.id), "do", "disable").is(http.StatusForbidden)
	root.post(base+"/staff", "who", string(ann.id), "do", "disable").is(http.StatusOK).check("en").says("disabled")
	if p := ann.get(base + "/requests"); p.path != base+"/sign-in" {
		t.Errorf("who was disabled is at %s", p.path)
	}
	root.post(base+"/keys", "label", "", "scope", "uses:write").is(http.StatusUnprocessableEntity).check("en")
	root.post(base+"/keys", "label", "x", "scope", "every:thing").is(http.StatusUnprocessableEntity)
	made := root.post(base+"/keys", "label", "checkout", "scope", "uses:write", "expires", "2099-01-31").is(http.StatusOK).check("en")
	token := made.all("pre")[0].FirstChild.Data
	keys, err := s.server.Staff().Keys(t.Context(), one)
	s.must(err)
	if len(keys) != 1 || keys[0].By != root.id || !strings.HasPrefix(token, "avow_") {
		t.Errorf("keys: %v", keys)
	}
	root.get(base + "/keys").check("en").says("checkout").lacks(token)
	root.post(base+"/keys/revoke", "key", "key_x").is(http.StatusNotFound)
	root.post(base+"/keys/revoke", "key", string(keys[0].ID)).is(http.StatusOK).says("revoked")
	before, err := s.platform().KeyStatus(t.Context())
	s.must(err)
	root.post(base + "/systems/epoch").is(http.StatusUnprocessableEntity).check("en")
	p := root.post(base+"/systems/epoch", "sure", "yes").is(http.StatusOK)
	for strings.Contains(p.words(), "Moving on") {
		p = root.get(base + "/systems")
	}
	p.check("en").says("Moved on to epoch", "shop", "in order")
	if after, err := s.platform().KeyStatus(t.Context()); err != nil || after.Epoch.Number != before.Epoch.Number+1 {
		t.Errorf("the epoch went from %d to %d: %v", before.Epoch.Number, after.Epoch.Number, err)
	}
}

func TestEveryPageInChineseIsSound(t *testing.T) {
	s := open(t)
	s.register(s.customers[3])
	all := s.add("All", role("support"), role("privacy-officer"), role(staff.Admin))
	all.lang = "zh-CN"
	all.signIn(one).is(http.StatusOK).check("zh-CN").says("请求")
	base := "/console/" + one
	for _, path := range []string{"/requests", "/requests?state=refused", "/requests/new", "/subjects", "/log", "/log/1", "/systems", "/staff", "/keys"} {
		all.get(base + path).is(http.StatusOK).check("zh-CN")
	}
	all.post(base+"/subjects", "kind", "email", "identifier", "nobody@example.cn").is(http.StatusOK).check("zh-CN").says("未找到任何人")
	at := all.post(base+"/subjects", "kind", "email", "identifier", s.customers[3].Email).is(http.StatusOK).check("zh-CN").path
	all.post(at+"/unmask", "item", "account.email", "purpose", string(s.platform().Policy().PurposeBy(s.platform().Policy().RightsPurpose()).Name), "kind", "request", "reference", "R-1").check("zh-CN")
	q := all.post(base+"/requests/new", "right", string(policy.Erasure), "kind-1", "email", "identifier-1", s.customers[3].Email, "channel", "support").check("zh-CN").path
	all.post(q+"/verify", "method", "document").check("zh-CN").says("查询各系统并制定方案")
	all.post(q + "/plan").check("zh-CN").says("为何属于此人")
}

func TestRequestsStandByDueDateAndLateOnesAreMarked(t *testing.T) {
	s := open(t)
	support := s.colleague("Sun", role("support"))
	base := "/console/" + one + "/requests"
	ask := func(right string, n int) string {
		return support.post(base+"/new", "right", right, "kind-1", "email", "identifier-1", s.customers[n].Email, "channel", "support").is(http.StatusOK).path
	}
	first := ask("erasure", 1)
	s.clock.Add(5 * 24 * time.Hour)
	support.signIn(one)
	second := ask("access", 2)
	s.clock.Add(16 * 24 * time.Hour)
	support.signIn(one)
	p := support.get(base).check("en").says("1 overdue", "days late")
	if a, b := strings.Index(p.text, first), strings.Index(p.text, second); a < 0 || b < a {
		t.Errorf("the first request stands at %d and the second at %d", a, b)
	}
	support.get(first).check("en").says("overdue", "days late")
	support.get(second).check("en").says("days left")
}
