package scenes

import (
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow/internal/browser"
	"github.com/avow-dev/avow/platform"
)

const (
	asks    = "Who reads what I write here, and how long is it kept? 谁会看到我写的内容？"
	answers = "Support reads it.\nIt is kept for three years. 由客服查阅，保存三年。"
)

// cases walks through every page about a case in every state, as its person and the
// staff see it.
func (w *walk) cases() {
	w.Helper()
	me, at := w.asker()
	w.answerer(at)
	w.reader(me, at)
	w.counter()
}

// asker is somebody who is signed in and asks something.
func (w *walk) asker() (me *browser.Tab, at string) {
	w.Helper()
	me = w.tab(w.b, w.view())
	w.signIn(me, w.people[1].Email)
	base := "/" + one + "/"
	w.look(me.Open(base+"me/cases"), "cases.none", http.StatusOK)
	w.look(me.Open(base+"contact"), "contact", http.StatusOK)
	w.look(me.Send("/contact", "kind", "question", "about", "policy", "text", "short", "contact", "me@mail.example"), "contact.wrong", http.StatusUnprocessableEntity)
	w.look(me.Send("/contact", "kind", "question", "about", "policy", "text", asks, "contact", "me@mail.example"), "contact.sent", http.StatusCreated)
	w.look(me.Open(base+"me/cases"), "cases", http.StatusOK)
	p, err := w.server.Platform(one)
	w.must(err)
	list, err := p.Cases(w.Context(), platform.CaseFilter{})
	w.must(err)
	if len(list) != 1 {
		w.Fatalf("%d cases stand there, want one", len(list))
	}
	return me, string(list[0].ID)
}

// answerer is support at the counter.
func (w *walk) answerer(id string) {
	w.Helper()
	base := "/console/" + one + "/cases"
	support := w.colleague(w.b, w.view(), "Sun", "support")
	support.signIn()
	w.look(support.Open(base), "console-cases", http.StatusOK)
	w.look(support.Open(base+"?state=closed"), "console-cases.closed-none", http.StatusOK)
	w.look(support.Open(base+"/"+id), "console-case", http.StatusOK)
	w.look(support.Send("/reply", "text", " "), "console-case.wrong", http.StatusUnprocessableEntity)
	w.look(support.Send("/reply", "text", answers), "console-case-answered", http.StatusOK)
	w.look(support.Open(base+"?state=answered"), "console-cases.answered", http.StatusOK)
}

// reader is the person who is answered, and not satisfied.
func (w *walk) reader(me *browser.Tab, id string) {
	w.Helper()
	base := "/" + one + "/me"
	w.look(me.Open(base), "held-with-cases", http.StatusOK)
	w.look(me.Open(base+"/erase"), "erase.with-cases", http.StatusOK)
	w.look(me.Open(base+"/cases/"+id), "case", http.StatusOK)
	w.files(me, base+"/cases/"+id+"/case.json")
	w.look(me.Send("/not-satisfied", "text", "Who is support?"), "case.again", http.StatusOK)
}

// counter takes down what came by telephone, and ends what others asked.
func (w *walk) counter() {
	w.Helper()
	base := "/console/" + one + "/cases"
	w.clock.Add(200 * 24 * time.Hour)
	support := w.colleague(w.b, w.view(), "Mei", "support")
	support.signIn()
	w.look(support.Open(base+"?state=overdue"), "console-cases-overdue", http.StatusOK)
	w.look(support.Open(base+"/new"), "console-case-new", http.StatusOK)
	w.look(support.Send("/cases/new", "text", "no", "finder", "email", "identifier", "nobody@mail.example"), "console-case-new.wrong", http.StatusUnprocessableEntity)
	w.look(support.Send("/cases/new", "kind", "complaint", "about", "other", "text", asks, "identifier", w.people[0].Email), "console-case.waits", http.StatusOK)
	if !strings.HasPrefix(support.Path(), base+"/case_") {
		w.Errorf("what was taken down stands at %s", support.Path())
	}
	at := support.Path()
	officer := w.colleague(w.b, w.view(), "Ott", "privacy-officer")
	officer.signIn()
	w.look(officer.Open(base+"?state=overdue"), "console-cases.second", http.StatusOK)
	w.look(officer.Open(at).Send("/close", "code", "solved"), "console-case-closed", http.StatusOK)
	w.look(officer.Send("/sign-out"), "console-sign-in.out", http.StatusOK)
}
