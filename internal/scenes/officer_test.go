package scenes

import (
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// officer walks through the pages of what a privacy officer sees to, in every state.
func (w *walk) officer() {
	w.Helper()
	officer := w.colleague(w.b, w.view(), "Ott", "privacy-officer")
	officer.signIn()
	w.look(officer.Tab, "console-due.early", http.StatusOK)
	w.incidents(officer)
	w.recipients(officer)
	w.versions(officer)
	base := "/console/" + one + "/"
	w.look(officer.Open(base+"messages?class=survey"), "console-messages.none", http.StatusOK)
	w.look(officer.Open(base+"statistics"), "console-statistics.none", http.StatusOK)
	w.look(officer.Open(base+"links"), "console-links.none", http.StatusOK)
	w.look(officer.Open(base+"transfers"), "console-transfers.none", http.StatusOK)
	w.look(officer.Open("/console/"+one+"/due"), "console-due", http.StatusOK)
	w.look(officer.Open("/console/"+one+"/due?show=overdue"), "console-due.overdue", http.StatusOK)
}

// incidents follows one that a person reports, and declares another.
func (w *walk) incidents(officer *colleague) {
	w.Helper()
	base := "/console/" + one + "/incidents"
	w.look(officer.Open(base), "console-incidents.none", http.StatusOK)
	w.look(officer.Open(base+"/new"), "console-incident-new", http.StatusOK)
	w.look(officer.Send("/incidents/new", "kind", "loss"), "console-incident-new.wrong", http.StatusUnprocessableEntity)
	w.look(officer.Send("/incidents/new", "kind", "access", "system", "shop", "happened", "A list of orders lay open for an hour. 订单列表被公开了一小时。"), "console-incident", http.StatusOK)
	at := officer.Path()
	w.files(officer.Tab, at+"/report.md?law=pipl")
	w.look(officer.Send("/close"), "console-incident.unsure", http.StatusUnprocessableEntity)
	w.look(officer.Open(at).Send("/done", "no", "1", "note", "closed 已封堵"), "console-incident.done", http.StatusOK)
	p, err := w.server.Platform(one)
	w.must(err)
	_, err = p.OpenCase(w.Context(), "", contact.Asked{
		Kind: contact.Leak, Topic: contact.OfAccount, Channel: "support", Language: w.lang, Text: avow.NewPersonal("My password is out. 我的密码泄露了。"),
		Contact: avow.NewPersonal("lin@mail.example"),
	}, gate.Actor{Role: policy.Self})
	w.must(err)
	w.clock.Add(6 * time.Hour)
	w.look(officer.Open(base), "console-incidents", http.StatusOK)
	list, err := p.Incidents(w.Context(), "open", "", 1)
	w.must(err)
	w.look(officer.Open(base+"/"+string(list[0].ID)), "console-incident.nobody", http.StatusOK)
	w.look(officer.Send("/charge"), "console-incident.charge", http.StatusOK)
	w.look(officer.Open(base+"?state=closed"), "console-incidents.closed-none", http.StatusOK)
}

// recipients stops one and lets it go on.
func (w *walk) recipients(officer *colleague) {
	w.Helper()
	base := "/console/" + one + "/recipients"
	w.look(officer.Open(base), "console-recipients", http.StatusOK)
	w.look(officer.Open(base+"?show=soon"), "console-recipients.none", http.StatusOK)
	w.look(officer.Open(base+"/bugly"), "console-recipient", http.StatusOK)
	w.look(officer.Send("/stop", "document", "R-1"), "console-recipient.unsure", http.StatusUnprocessableEntity)
	officer.Open(base+"/bugly").Send("/agreement", "document", "A-1").Is(http.StatusOK)
	w.look(officer.Send("/stop", "document", "R-1", "sure", "yes", "remedy", "delete"), "console-recipient.stopped", http.StatusOK)
	w.look(officer.Send("/finding", "kind", "audit", "outcome", "passed", "document", "R-2"), "console-recipient.passed", http.StatusOK)
}

// versions publishes a policy file that was changed.
func (w *walk) versions(officer *colleague) {
	w.Helper()
	at := "/console/" + one + "/policy"
	w.look(officer.Open(at), "console-policy", http.StatusOK)
	pack, err := policies.Files.ReadFile(one + ".yaml")
	w.must(err)
	w.write(one+".yaml", []byte(strings.Replace(string(pack), "P6M", "P1Y", 1)))
	w.look(officer.Open(at), "console-policy.draft", http.StatusOK)
	w.look(officer.Send("/publish", "reason", "law"), "console-policy.unsure", http.StatusUnprocessableEntity)
	day := w.clock.Now().Add(20 * 24 * time.Hour).Format(time.DateOnly)
	w.look(officer.Send("/publish", "reason", "law", "day", day, "sure", "yes"), "console-policy.coming", http.StatusOK)
	w.look(officer.Send("/policy/notices"), "console-policy.told", http.StatusOK)
}
