package console_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web/webtest"
)

// counting adds sets of counts to the pack, which has none: one that may leave and one
// that stays.
func counting(approve string) func(string) string {
	return func(text string) string {
		text = strings.Replace(text, "\npurposes:\n", "\npurposes:\n  counting: {title: {en: Counting accounts, zh-CN: 统计账号}, basis: contract, aggregate_only: true}\n", 1)
		text = strings.Replace(text, "purposes: [account, orders, support, push]", "purposes: [account, orders, support, push, counting]", 1)
		text = strings.Replace(text, "purposes: [account, support], optional: true", "purposes: [account, support, counting], optional: true", 1)
		return text + `
statistics:
  smallest_group: 5
  share: [public, partners]
  approve: ` + approve + `
  sets:
    accounts: {title: {en: New accounts, zh-CN: 新增账号}, purpose: counting, items: [account.email, account.nickname], by: [year], every: P1Y, shared: true}
    names: {title: {en: Names given, zh-CN: 所填昵称}, purpose: counting, items: [account.nickname], by: [month], every: P1M}
`
	}
}

func TestCountsLeaveByTwoPeopleFromTheirPages(t *testing.T) {
	s := openWith(t, counting("true"))
	for _, c := range s.customers[1:9] {
		s.register(c)
	}
	s.clock.Add(time.Minute)
	base := "/console/" + one + "/statistics"
	sun, ott := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	sun.Get(base).Is(http.StatusOK).Check("en").Says("New accounts", "may leave", "stays here", "Nothing was let out yet")
	sun.Get(base + "/sets/none").Is(http.StatusNotFound)
	at := base + "/sets/accounts"
	sun.Get(at).Is(http.StatusOK).Check("en").Says("Count people", "Ask for a release", "the public", "Smallest group").Lacks("<table")
	sun.Post(at+"/count", "from", "yesterday").Is(http.StatusUnprocessableEntity).Check("en").Says("2027-03-31")
	sun.Post(at+"/count", "from", "2099-01-01").Is(http.StatusUnprocessableEntity).Check("en").Says("no time in it")
	sun.Post(at+"/count").Is(http.StatusOK).Check("en").Says("The count", "8", "Nothing had to be hidden")
	if s.entries(audit.StatisticCounted) != 1 {
		t.Error("the log does not tell that people were counted")
	}
	sun.Post(base+"/sets/names/release", "to", "public", "sure", "yes").Is(http.StatusConflict).Check("en").Says("Nothing leaves", "stays with the controller")
	sun.Post(at+"/release", "sure", "yes").Is(http.StatusUnprocessableEntity).Check("en").Says("Choose who gets it")
	sun.Post(at+"/release", "to", "public").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	sun.Post(at+"/release", "to", "partners", "sure", "yes").Is(http.StatusUnprocessableEntity).Check("en").Says("name the organisation")
	sun.Post(at+"/release", "to", "affiliates", "organisation", "A sister", "sure", "yes").Is(http.StatusConflict).Check("en").Says("Not for them")
	sun.Post(at+"/release", "to", "public", "sure", "yes", "table", "email,people\na@b.example,3").Is(http.StatusConflict).Check("en").Says("The check failed").Lacks("a@b.example")
	p := sun.Post(at+"/release", "to", "public", "sure", "yes").Is(http.StatusOK).Check("en").Says("waits for a colleague", "You asked for it", "8", "Fingerprint")
	waiting := p.Path
	sun.Get(waiting + "/table").Is(http.StatusConflict)
	sun.Post(waiting+"/approve", "sure", "yes").Is(http.StatusForbidden).Says("does not open this page")
	ott.Get(base).Is(http.StatusOK).Check("en").Says("waits for a colleague", "the public")
	ott.Get(waiting).Is(http.StatusOK).Check("en").Says("Let it leave", "Sun")
	ott.Post(waiting + "/approve").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	ott.Post(waiting+"/approve", "sure", "yes").Is(http.StatusOK).Check("en").Says("It has left", "Ott", "Download it")
	ott.Post(waiting+"/approve", "sure", "yes").Is(http.StatusConflict).Says("approved already")
	file := sun.Get(waiting + "/table").Is(http.StatusOK)
	if !strings.Contains(file.Text, `"of_item":[8,8]`) || !strings.Contains(file.Header.Get("Content-Disposition"), "accounts-1.json") {
		t.Errorf("the file is %q %s", file.Text, file.Header)
	}
	own := ott.Post(at+"/release", "to", "partners", "organisation", "An association", "sure", "yes", "table", "year,people\n2025,120\n2026,131").Is(http.StatusOK).Check("en").Says("An association (partners)", "Made elsewhere", "131")
	ott.Post(own.Path+"/approve", "sure", "yes").Is(http.StatusForbidden).Check("en").Says("Somebody else approves")
	ott.Get(base + "/releases/77").Is(http.StatusNotFound)
	s.nothingPersonal(sun, "a@b.example", nick)
}

func TestWhereNobodyApprovesOnlyWhoMayLetsCountsOut(t *testing.T) {
	s := openWith(t, counting("false"))
	for _, c := range s.customers[1:9] {
		s.register(c)
	}
	s.clock.Add(time.Minute)
	at := "/console/" + one + "/statistics/sets/accounts"
	sun, ott := s.colleague("Sun", role("support")), s.colleague("Ott", role("privacy-officer"))
	sun.Get(at).Is(http.StatusOK).Check("en").Says("Count people").Lacks("Ask for a release")
	sun.Post(at+"/release", "to", "public", "sure", "yes").Is(http.StatusForbidden)
	if s.entries(audit.StatisticReleased) != 0 {
		t.Error("counts left by who may not let them")
	}
	ott.Get(at).Is(http.StatusOK).Check("en").Says("leaves at once")
	ott.Post(at+"/release", "to", "public", "sure", "yes").Is(http.StatusOK).Check("en").Says("It has left", "nobody had to approve")
}

func TestTooFewPeopleAreHiddenOnThePage(t *testing.T) {
	s := openWith(t, counting("true"))
	for _, c := range s.customers[1:4] {
		s.register(c)
	}
	s.clock.Add(time.Minute)
	at := "/console/" + one + "/statistics/sets/accounts"
	ott := s.colleague("Ott", role("privacy-officer"))
	ott.Post(at+"/count").Is(http.StatusOK).Check("en").Says("hidden", "about fewer than 5 people")
	ott.Post(at+"/release", "to", "public", "sure", "yes").Is(http.StatusConflict).Check("en").Says("The check failed")
	open(t).colleague("Ann", role("privacy-officer")).Get("/console/" + one + "/statistics").Is(http.StatusOK).Check("en").Says("The policy counts nothing")
}

func TestAMessageIsDecidedPersonByPersonOnItsPage(t *testing.T) {
	s := open(t)
	lin := s.customers[1]
	subs := []string{string(s.register(lin))}
	for _, c := range s.customers[2:4] {
		subs = append(subs, string(s.register(c)))
	}
	base := "/console/" + one + "/messages"
	sun, root := s.colleague("Sun", role("support")), s.add("Root", staff.Role{Platform: staff.Everywhere, Name: staff.Admin})
	root.signIn(one).Is(http.StatusOK)
	sun.Get(base).Is(http.StatusOK).Check("en").Says("No message stands here", "Send a message")
	sun.Get(base + "/new").Is(http.StatusOK).Check("en").Says("Everybody whose account is open")
	letter := []string{"class", "service", "purpose", "support", "channel", "push", "reason", "camera-care"}
	to := func(more ...string) []string { return append(append([]string{}, letter...), more...) }
	unsure := sun.Post(base+"/new", to("to", "all")...).Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	if unsure.Hidden("reason") != "camera-care" {
		t.Error("what was typed is lost")
	}
	sun.Post(base+"/new", to("to", "one", "finder", "email", "identifier", "nobody@mail.example", "sure", "yes")...).Is(http.StatusUnprocessableEntity).Check("en").Says("finds nobody").Lacks("nobody@mail.example")
	sun.Post(base+"/new", "class", "service", "purpose", "rights", "channel", "push", "reason", "x", "to", "all", "sure", "yes").Is(http.StatusForbidden).Check("en").Says("does not act for this purpose")
	sun.Post(base+"/new", "class", "service", "purpose", "support", "channel", "push", "reason", "Not A Code", "to", "all", "sure", "yes").Is(http.StatusUnprocessableEntity).Check("en").Says("in a code")
	one := sun.Post(base+"/new", to("to", "one", "finder", "email", "identifier", lin.Email, "ref", "ticket:17", "sure", "yes")...).Is(http.StatusOK).Check("en").Says("Handed in", "ticket:17", subs[0]).Lacks(lin.Email)
	all := sun.Post(base+"/new", to("to", "all", "sure", "yes")...).Is(http.StatusOK).Check("en").Says("being spread")
	_, err := s.platform().Work(t.Context())
	s.must(err)
	p := sun.Get(all.Path).Is(http.StatusOK).Check("en").Says(subs...)
	p.Says("3 not sent", "no order, ticket or case is named", "your own sender has it").Lacks("/subjects/" + subs[0])
	sun.Get(one.Path).Is(http.StatusOK).Check("en").Says("1 handed over", "to nobody else")
	looked := s.entries(audit.StaffAction)
	sun.Get("/console/" + s.platform().ID() + "/subjects/" + regexp.MustCompile(`/subjects/([^"]+)`).FindStringSubmatch(p.Text)[1]).Is(http.StatusOK).Check("en").Says("A person")
	if s.entries(audit.StaffAction) != looked+1 {
		t.Error("looking somebody up from a message left no entry")
	}
	root.Get(all.Path).Is(http.StatusOK).Check("en").Says("roles of the policy alone").Lacks(subs...)
	root.Get(base + "/new").Is(http.StatusForbidden)
	sun.Get(base+"?class=service").Is(http.StatusOK).Check("en").Says("camera-care", "service")
	sun.Get(base + "?class=survey").Is(http.StatusOK).Check("en").Says("Choose another class")
	sun.Get(base + "/msg_nobody").Is(http.StatusNotFound)
	other := s.colleague("Two", staff.Role{Platform: two, Name: "support"})
	other.Get("/console/" + two + "/messages" + strings.TrimPrefix(one.Path, base)).Is(http.StatusNotFound)
	if s.entries(audit.MessageMade) != 2 {
		t.Error("the log does not tell what was handed in")
	}
	s.nothingPersonal(sun, append(subs, lin.Email, "nobody@mail.example")...)
}

// People of a message are paged through, each once, and none of their ids stands in an
// address.
func TestPeopleOfAMessageArePagedThrough(t *testing.T) {
	s := open(t)
	subs := map[string]bool{}
	for i := range 53 {
		subs[string(s.register(shop.Customer{Email: fmt.Sprintf("person%d@mail.example", i)}))] = true
	}
	sun, base := s.colleague("Sun", role("support")), "/console/"+one+"/messages"
	at := sun.Post(base+"/new", "class", "service", "purpose", "support", "channel", "push", "reason", "care", "to", "all", "sure", "yes").Is(http.StatusOK).Path
	_, err := s.platform().Work(t.Context())
	s.must(err)
	seen := map[string]int{}
	for next := at; next != ""; {
		p := sun.Get(next).Is(http.StatusOK).Check("en")
		next = ""
		for _, n := range p.All("span") {
			if webtest.Attr(n, "class") == "mono small" {
				seen[n.FirstChild.Data]++
			}
		}
		for _, a := range p.All("a") {
			if href := webtest.Attr(a, "href"); strings.Contains(href, "?after=") {
				next = href
			}
		}
	}
	for id := range subs {
		if seen[id] != 1 {
			t.Errorf("somebody stands on %d pages", seen[id])
		}
	}
	sun.Get(at + "?after=forged").Is(http.StatusNotFound)
	for id := range subs {
		s.nothingPersonal(sun, id)
	}
}
