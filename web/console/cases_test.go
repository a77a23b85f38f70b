package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web/webtest"
)

const story = "May I see whom my address was given to?"

// asks opens a case of somebody, "" of nobody who is known.
func (s *site) asks(sub subject.ID, kind contact.Kind, topic contact.Topic) string {
	s.Helper()
	c, err := s.platform().OpenCase(s.Context(), sub, contact.Asked{
		Kind: kind, Topic: topic, Channel: "support", Text: avow.NewPersonal(story), Contact: avow.NewPersonal("lin@mail.example"),
	}, gate.Actor{Role: policy.Self, ID: string(sub)})
	s.must(err)
	return string(c.ID)
}

func TestSupportAnswersACaseAndItsPersonSeesWhoRead(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[1])
	id := s.asks(sub, contact.Question, contact.OfPolicy)
	support, base := s.colleague("Sun", role("support")), "/console/"+one+"/cases"
	support.Get("/console/" + one + "/requests").Says("Cases 1")
	support.Get(base).Is(http.StatusOK).Check("en").Says("question", "this policy", "Support", "days left").Lacks(story)
	support.Get(base+"/"+id).Is(http.StatusOK).Check("en").Says(story, "lin@mail.example", "Staff read your case", "Support")
	list, err := s.platform().History(t.Context(), sub, 1)
	s.must(err)
	if len(list) != 1 || list[0].Kind != audit.CaseRead || !strings.Contains(list[0].Private.Text(audit.TagActor), string(support.id)) {
		t.Errorf("the newest entry about the person is %v", list)
	}
	support.Post(base+"/"+id+"/reply", "text", "4111 1111 1111 1111 is your card").Is(http.StatusUnprocessableEntity).Check("en").Says("never collected", "is your card")
	p := support.Post(base+"/"+id+"/reply", "text", "To nobody.\nNot even to us.").Is(http.StatusOK).Check("en").Says("on its way", "To nobody.", "answered")
	if !strings.Contains(p.Text, "To nobody.<br") {
		t.Error("the lines of an answer run together")
	}
	support.Get(base).Is(http.StatusOK).Lacks(id).Says("No case stands here")
	support.Get("/console/" + one + "/requests").Is(http.StatusOK).Lacks("Cases 1")
	support.Get(base + "?state=answered").Is(http.StatusOK).Check("en").Says("answered 1")
	p = support.Post(base+"/"+id+"/escalate", "text", "Then why do I get letters?").Is(http.StatusOK).Check("en").Says("Then why do I get letters?", story, "It is the turn of Privacy officer")
	second := p.Path
	support.Post(second+"/reply", "text", "Letters come from the post.").Is(http.StatusForbidden).Says("Not allowed", "privacy-officer")
	support.Get(base+"/"+id).Is(http.StatusOK).Says("another case looks at it again", strings.TrimPrefix(second, base+"/"))
	officer := s.colleague("Ott", role("privacy-officer"))
	officer.Post(second+"/close", "code", "forgotten").Is(http.StatusUnprocessableEntity).Says("say how it ended")
	officer.Post(second+"/close", "code", "solved").Is(http.StatusOK).Check("en").Says("The case is closed", "solved")
	officer.Get(base+"?state=closed").Is(http.StatusOK).Check("en").Says("solved", "another case looks at it again")
	officer.Post(second+"/reply", "text", "Once more.").Is(http.StatusConflict).Says("the case is closed")
}

func TestCasesAreOpenToWhoWorksOnRequestsAndBelongToOnePlatform(t *testing.T) {
	s := open(t)
	id := s.asks("", contact.Question, contact.OfPolicy)
	engineer := s.colleague("Eng", role("engineer"))
	for _, path := range []string{"", "/new", "/" + id} {
		engineer.Get("/console/" + one + "/cases" + path).Is(http.StatusForbidden).Lacks(story)
	}
	engineer.Post("/console/"+one+"/cases/"+id+"/reply", "text", "Nobody knows.").Is(http.StatusForbidden)
	other := s.colleague("Two", staff.Role{Platform: two, Name: "support"})
	other.Get("/console/" + two + "/cases").Is(http.StatusOK).Lacks(id)
	other.Get("/console/" + two + "/cases/" + id).Is(http.StatusNotFound).Lacks(story)
	for _, verb := range []string{"reply", "delay", "escalate", "close"} {
		other.Post("/console/"+two+"/cases/"+id+"/"+verb, "text", "Nobody knows.", "code", "solved").Is(http.StatusNotFound)
	}
	f, err := s.platform().CaseFile(t.Context(), contact.ID(id), gate.Actor{})
	s.must(err)
	if c := f.Cases[0]; c.State != contact.Open || len(c.Events) != 1 {
		t.Errorf("the case is %s after %d events", c.State, len(c.Events))
	}
}

func TestWhatCameByTelephoneIsTakenDown(t *testing.T) {
	s := open(t)
	sub := s.register(s.customers[1])
	support, path := s.colleague("Sun", role("support")), "/console/"+one+"/cases/new"
	support.Get(path).Is(http.StatusOK).Check("en").Says("Take a case down", "telephone")
	said := []string{"kind", "complaint", "about", "other", "channel", "phone", "language", "en", "contact", "4 Mill Lane"}
	support.Post(path, append(said, "text", "short")...).Is(http.StatusUnprocessableEntity).Check("en").Says("describe it in full", "short").Lacks(s.customers[1].Email)
	support.Post(path, append(said, "text", story, "finder", "email", "identifier", "nobody@mail.example")...).Is(http.StatusUnprocessableEntity).Says("Nobody is found", story).Lacks("nobody@mail.example")
	known := support.Post(path, append(said, "text", story, "finder", "email", "identifier", s.customers[1].Email)...).Is(http.StatusOK).Check("en").Says("taken down", story, "4 Mill Lane", "telephone", "among theirs", "complaint")
	unknown := support.Post(path, append(said, "text", story)...).Is(http.StatusOK).Says("nobody who is known")
	theirs, err := s.platform().Cases(t.Context(), platform.CaseFilter{Subject: sub})
	s.must(err)
	if len(theirs) != 1 || !strings.HasSuffix(known.Path, string(theirs[0].ID)) || strings.HasSuffix(unknown.Path, string(theirs[0].ID)) {
		t.Errorf("the cases of the person are %v", theirs)
	}
}

func TestOpenCasesStandByDueDateAndLateOnesAreRed(t *testing.T) {
	s := open(t)
	late := s.asks("", contact.Complaint, contact.OfData)
	s.clock.Add(60 * 24 * time.Hour)
	var rest []string
	for range 52 {
		rest = append(rest, s.asks("", contact.Question, contact.OfPolicy))
		s.clock.Add(time.Minute)
	}
	support, base := s.colleague("Sun", role("support")), "/console/"+one+"/cases"
	p := support.Get(base).Is(http.StatusOK).Check("en").Says("overdue 1", "days late", "yours to answer 52")
	if a, b := strings.Index(p.Text, late), strings.Index(p.Text, rest[0]); a < 0 || b < a {
		t.Errorf("the late case stands at %d and the next at %d", a, b)
	}
	support.Get(base + "?state=overdue").Is(http.StatusOK).Says(late).Lacks(rest[0])
	support.Get(base + "?state=mine").Is(http.StatusOK).Says(rest[0]).Lacks(late)
	ids, seen, pages := regexp.MustCompile(`cases/(case_[0-9a-z]+)"`), map[string]bool{}, 0
	for path := base; path != ""; pages++ {
		p := support.Get(path).Is(http.StatusOK).Check("en")
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
		t.Errorf("%d cases on %d pages, want 53 on 2", len(seen), pages)
	}
	support.Get(base + "?after=nonsense&state=nonsense").Is(http.StatusOK).Check("en")
}

func TestCasesReadInChinese(t *testing.T) {
	s := open(t)
	id := s.asks("", contact.Question, contact.OfPolicy)
	support := s.add("Sun", role("support"))
	support.Lang = "zh-CN"
	support.signIn(one).Is(http.StatusOK)
	base := "/console/" + one + "/cases"
	support.Get(base).Is(http.StatusOK).Check("zh-CN").Says("案件", "咨询", "待答复")
	support.Get(base + "/new").Is(http.StatusOK).Check("zh-CN").Says("登记案件")
	support.Get(base + "/" + id).Is(http.StatusOK).Check("zh-CN").Says("您查阅本案已记入日志")
	support.Post(base+"/"+id+"/reply", "text", "没有提供给任何人。").Is(http.StatusOK).Check("zh-CN").Says("答复已发出")
}
