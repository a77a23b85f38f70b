package console_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

// entries counts the entries of a kind.
func (s *site) entries(k audit.Kind) int {
	s.Helper()
	list, err := s.platform().Entries(s.Context(), audit.Filter{Kind: k, Limit: 100})
	s.must(err)
	return len(list)
}

func TestAnIncidentIsLedFromItsPage(t *testing.T) {
	s := open(t)
	lin := s.customers[1]
	s.register(lin)
	officer, base := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/incidents"
	officer.Get(base).Is(http.StatusOK).Check("en").Says("No incident stands here")
	officer.Get(base+"/new").Is(http.StatusOK).Check("en").Says("Declare an incident", "Ott")
	officer.Post(base+"/new", "kind", "leak").Is(http.StatusUnprocessableEntity).Check("en").Says("say what was touched")
	officer.Post(base+"/new", "kind", "leak", "identifier", "nobody@mail.example", "finder", "email").Is(http.StatusUnprocessableEntity).Says("That finds nobody").Lacks("nobody@mail.example")
	p := officer.Post(base+"/new", "kind", "leak", "finder", "email", "identifier", lin.Email, "happened", "A list with addresses was sent to a wrong address.").
		Is(http.StatusOK).Check("en").Says("you are in charge", "The authority is told", "PIPL Art. 57", "1 concerned", "hours left").Lacks(lin.Email)
	at := p.Path
	officer.Get(base).Is(http.StatusOK).Check("en").Says("data got out", "Ott", "The authority is told")
	officer.Post(at+"/close", "sure", "yes").Is(http.StatusConflict).Check("en").Says("measures are still open")
	officer.Post(at+"/done", "no", "1", "note", "").Is(http.StatusUnprocessableEntity).Says("say in at most")
	for _, no := range []string{"1", "2", "3"} {
		officer.Post(at+"/done", "no", no, "note", "the list was taken back").Is(http.StatusOK).Says("Recorded.")
	}
	officer.Post(at+"/measure", "what", "Ask the mail provider").Is(http.StatusOK).Check("en").Says("The measure is in the plan", "Ask the mail provider")
	officer.Post(at+"/done", "no", "4", "note", "asked").Is(http.StatusOK)
	for _, law := range []string{"pipl", "gdpr"} {
		officer.Post(at+"/authority", "law", law, "note", "R-17").Is(http.StatusOK).Says("the authority was told", "R-17")
	}
	officer.Post(at+"/tell", "advice", "Look at letters that ask for your password with care.").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box", "Look at letters")
	officer.Post(at+"/tell", "advice", "short", "sure", "yes").Is(http.StatusUnprocessableEntity).Says("at least 20 characters")
	officer.Post(at+"/tell", "advice", "Look at letters that ask for your password with care.", "sure", "yes").Is(http.StatusOK).Says("on their way")
	_, err := s.platform().Work(t.Context())
	s.must(err)
	r := officer.Get(at + "/report.md?law=gdpr").Is(http.StatusOK)
	if !strings.Contains(r.Text, "sent to a wrong address") || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the report is %q", r.Text)
	}
	officer.Get(at + "/report.md?law=none").Is(http.StatusNotFound)
	officer.Post(at + "/close").Is(http.StatusUnprocessableEntity).Says("tick the box")
	officer.Post(at+"/close", "sure", "yes").Is(http.StatusOK).Check("en").Says("The incident is closed")
	officer.Get(base + "?state=closed").Is(http.StatusOK).Check("en").Says("data got out")
	officer.Post(at + "/charge").Is(http.StatusConflict).Says("the incident is closed")
	if s.entries(audit.IncidentOpened) != 1 || s.entries(audit.IncidentTold) != 2 || s.entries(audit.IncidentClosed) != 1 {
		t.Error("the log does not tell what was done from the page")
	}
	s.nothingPersonal(officer, lin.Email)
}

func TestAReportedLeakWaitsForSomebodyToTakeCharge(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[1])
	s.asks(sub, contact.Leak, contact.OfAccount)
	officer, base := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/"
	p := officer.Get(base+"incidents").Is(http.StatusOK).Check("en").Says("an account in other hands", "nobody yet", "highest")
	at := base + "incidents/" + regexp.MustCompile(`inc_[0-9a-z]+`).FindString(p.Text)
	officer.Get(base+"due").Is(http.StatusOK).Check("en").Says("start of the plan", "hour")
	officer.Post(at + "/charge").Is(http.StatusOK).Check("en").Says("You are in charge")
	s.clock.Add(5 * time.Hour)
	officer = s.colleague("Ann", role("privacy-officer"))
	officer.Get(base+"due?show=overdue").Is(http.StatusOK).Check("en").Says("report to the authority", "hours late")
	support := s.colleague("Sun", role("support"))
	support.Get(at).Is(http.StatusForbidden)
	support.Get(base + "due").Is(http.StatusOK).Check("en").Says("Cases").Lacks("incidents/inc_")
	other := s.colleague("Two", staff.Role{Platform: two, Name: "privacy-officer"})
	other.Get("/console/" + two + "/incidents" + strings.TrimPrefix(at, base+"incidents")).Is(http.StatusNotFound)
}

func TestARecipientIsStoppedAndLetGoOnFromItsPage(t *testing.T) {
	s := open(t)
	officer, base := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/recipients"
	officer.Get(base).Is(http.StatusOK).Check("en").Says("gets nothing", "no agreement is in force")
	at := base + "/bugly"
	officer.Post(at+"/agreement", "document", "").Is(http.StatusUnprocessableEntity).Check("en").Says("say in which document")
	officer.Post(at+"/agreement", "document", "A-1", "until", "1999-01-01").Is(http.StatusUnprocessableEntity).Says("would have ended already")
	end := s.clock.Now().Add(10 * 24 * time.Hour).Format(time.DateOnly)
	officer.Post(at+"/agreement", "document", "A-1", "until", end).Is(http.StatusOK).Check("en").Says("The agreement is recorded", "gets data", "A-1")
	officer.Get("/console/"+one+"/due").Is(http.StatusOK).Check("en").Says("Agreement ends", "Bugly")
	officer.Post(at+"/finding", "kind", "audit", "document", "A-2").Is(http.StatusUnprocessableEntity).Says("passed or failed")
	officer.Post(at+"/stop", "document", "A-3").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box").Says("gets data")
	officer.Post(at+"/stop", "document", "A-3", "remedy", "delete", "sure", "yes").Is(http.StatusOK).Check("en").Says("Nothing goes there any more", "gets nothing", "breach", "delete what it holds")
	officer.Post(at+"/finding", "kind", "audit", "outcome", "passed", "document", "A-4").Is(http.StatusOK).Check("en").Says("Recorded.", "gets data", "Ott")
	officer.Post(at+"/instructions", "document", "A-5").Is(http.StatusOK).Check("en").Says("the instructions are accepted", "A-5")
	officer.Get(base + "/nobody").Is(http.StatusNotFound)
	if s.entries(audit.RecipientJudged) != 2 || s.entries(audit.RecipientBound) != 1 || s.entries(audit.AgreementSigned) != 1 {
		t.Error("the log does not tell what was done from the page")
	}
	support := s.colleague("Sun", role("support"))
	support.Get(at).Is(http.StatusOK).Check("en").Says("gets data").Lacks("/stop")
	support.Post(at+"/stop", "document", "A-6", "sure", "yes").Is(http.StatusForbidden)
	s.clock.Add(400 * 24 * time.Hour)
	officer = s.colleague("Ann", role("privacy-officer"))
	officer.Get(at).Is(http.StatusOK).Check("en").Says("its audit is overdue", "no agreement is in force")
}

func TestAChangedPolicyFileIsPublishedFromItsPage(t *testing.T) {
	s := open(t)
	s.register(s.customers[1])
	officer, at := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/policy"
	officer.Get(at).Is(http.StatusOK).Check("en").Says("first", "in force", "Accepted by people").Lacks("Publish it")
	officer.Post(at+"/publish", "sure", "yes").Is(http.StatusConflict).Says("in force already")
	src, err := policies.Files.ReadFile(one + ".yaml")
	s.must(err)
	text := strings.Replace(string(src), "P6M", "P1Y", 1)
	if text == string(src) {
		t.Fatal("the pack keeps nothing for six months")
	}
	s.must(os.WriteFile(s.server.Config().Path(one+".yaml"), []byte(text), 0o600))
	officer.Get(at).Is(http.StatusOK).Check("en").Says("The policy file says something else", "What changed", "Publish it")
	support := s.colleague("Sun", role("support"))
	support.Get(at).Is(http.StatusOK).Check("en").Lacks("Publish it")
	support.Post(at+"/publish", "sure", "yes").Is(http.StatusForbidden)
	officer.Post(at+"/publish", "reason", "law").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	officer.Post(at+"/publish", "sure", "yes", "soonest", "yes").Is(http.StatusUnprocessableEntity).Says("no reason why it was written")
	officer.Post(at+"/publish", "sure", "yes", "day", "soon", "reason", "law").Is(http.StatusUnprocessableEntity).Says("2027-03-31")
	day := s.clock.Now().Add(20 * 24 * time.Hour).Format(time.DateOnly)
	officer.Post(at+"/publish", "sure", "yes", "day", day, "reason", "law").Is(http.StatusOK).Check("en").
		Says("Published and not in force yet", "the law changed", "shown when they come", "nobody yet", "Its notices have been out since")
	officer.Get("/console/"+one+"/due").Is(http.StatusOK).Check("en").Says("New version takes effect", "its notices are out")
	s.clock.Add(21 * 24 * time.Hour)
	officer = s.colleague("Ann", role("privacy-officer"))
	officer.Post(at + "/notices").Is(http.StatusOK).Check("en").Says("What was due is done").Lacks("not in force yet")
	if s.entries(audit.PolicyScheduled) != 1 || s.entries(audit.SettingChanged) != 1 {
		t.Error("the log does not tell that the version was published, or by whom")
	}
}

func TestWhatAnOfficerSeesReadsInBothLanguages(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[1])
	s.asks(sub, contact.Leak, contact.OfAccount)
	officer, base := s.colleague("Ott", role("privacy-officer"), role(staff.Admin)), "/console/"+one+"/"
	list, err := s.platform().Incidents(context.Background(), "", "", 1)
	s.must(err)
	for path, word := range map[string]string{
		"due": "待办", "incidents": "安全事件", "incidents/new": "申报安全事件", "incidents/" + string(list[0].ID): "处置预案", "recipients": "接收方", "recipients/bugly": "处理指示",
		"policy": "接受情况", "duties": "人员职责",
	} {
		officer.Get(base + path + "?lang=zh-CN").Is(http.StatusOK).Says(word).Check("zh-CN")
		officer.Get(base + path + "?lang=en").Is(http.StatusOK).Check("en")
	}
}

func TestThePolicyOfStaffIsSignedForEachColleague(t *testing.T) {
	s := openWith(t, func(text string) string {
		return strings.Replace(text, "default_view: masked}", "default_view: masked, training: required}", 1)
	})
	officer, base := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/"
	officer.Get(base+"due").Is(http.StatusOK).Check("en").Says("Not signed", "Ott")
	officer.Get(base+"duties").Is(http.StatusOK).Check("en").Says("Colleagues", "training")
	who := "staff-training/" + string(officer.id)
	officer.Post(base+"duties/staff", "pledge", who).Is(http.StatusUnprocessableEntity).Check("en").Says("Say what was done")
	officer.Post(base+"duties/staff", "pledge", "staff-training/stf_nobody", "note", "x").Is(http.StatusNotFound)
	officer.Post(base+"duties/staff", "pledge", who, "note", "course of the spring").Is(http.StatusOK).Check("en").Says("Signed.", "attested")
	officer.Get(base + "due").Is(http.StatusOK).Lacks("Not signed")
}
