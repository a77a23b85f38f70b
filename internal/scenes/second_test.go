package scenes

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/browser"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
)

// second is the policy of the second platform, with others' sites that it leads to,
// nothing that its staff has to sign, and counts of what everybody there gave.
func (w *walk) second() string {
	src, err := policies.Files.ReadFile(two + ".yaml")
	w.must(err)
	text := strings.NewReplacer(", undertaking: required", "", "basis: consent\n    aggregate_only: true", "basis: contract\n    aggregate_only: true",
		"items: [order.history, behaviour.actions], by: [month]", "items: [account.email, account.login], by: [month]",
		"purposes: [account, orders, support, communication, marketing, fraud]", "purposes: [account, orders, support, communication, marketing, fraud, trends]",
		"source: given, at: [registration, settings], purposes: [account, orders, support, communication]", "source: given, at: [registration, settings], purposes: [account, orders, support, communication, trends]").Replace(string(src))
	return strings.Replace(text, "\nexcluded:\n", "\nexcluded:\n"+
		"  linked-sites: {title: {en: Sites of others, zh-CN: 其他网站}, kind: linked-site, rule: {en: Their own policies, zh-CN: 适用其自身的隐私政策}, surfaces: [website]}\n", 1)
}

// officer is a member of staff who acts on the platform.
func officer() gate.Actor { return gate.Actor{Role: policy.Service, ID: "staff_officer"} }

// shop walks through what the first platform's policy has nothing of.
func (w *walk) shop() {
	w.Helper()
	p, err := w.server.Platform(two)
	w.must(err)
	email := "chen@mail.example"
	sub := w.customer(p, email)
	t := w.tab(w.b, w.view())
	w.cookies(t)
	w.outward(t, p)
	w.signInTo(two, t, email)
	w.transfers(t, p, sub)
	w.wayOut(p, sub, email)
	w.changes(t, p)
	w.ledgers(email)
}

func (w *walk) customer(p *avow.Platform, email string) subject.ID {
	w.Helper()
	sub, refusals, err := p.Register(w.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.login", Value: "chen2026", Voluntary: true}, {Item: "account.email", Value: email, Voluntary: true}},
	})
	w.must(err)
	if len(refusals) > 0 {
		w.Fatal(refusals[0].Text)
	}
	return sub
}

// cookies looks at everything about what a browser keeps.
func (w *walk) cookies(t *browser.Tab) {
	w.Helper()
	base := "/" + two + "/cookies"
	w.look(t.Open(base), "cookies", http.StatusOK)
	w.look(t.Send("/cookies/choose", "say", "all"), "cookies.all", http.StatusOK)
	w.files(t, base+".json", base+"/avow-cookies.js", base+"/banner.css", base+"/beacons/page-pixel/beacon.gif")
	w.post(base+".json", "{}")
	w.look(t.Send("/cookies/choose", "say", "none"), "cookies-refused", http.StatusOK)
	w.look(t.Open(base).Send("/cookies/clear"), "cookies-clear", http.StatusOK)
	w.look(t.Send("/cookies/cleared"), "cookies-cleared", http.StatusOK)
}

// files asks for what is no page.
func (w *walk) files(t *browser.Tab, paths ...string) {
	w.Helper()
	for _, path := range paths {
		if status, body := t.Fetch(path); status != http.StatusOK || len(body) == 0 {
			w.Errorf("%s: %d bytes with status %d", path, len(body), status)
		}
	}
}

func (w *walk) post(path, body string) {
	w.Helper()
	r, err := http.Post(w.url+path, "application/json", strings.NewReader(body))
	w.must(err)
	r.Body.Close()
}

// outward looks at the ways to others' sites.
func (w *walk) outward(t *browser.Tab, p *avow.Platform) {
	w.Helper()
	goes := map[string]string{"en": "Go on to 127.0.0.1 ↗", "zh-CN": "继续前往 127.0.0.1 ↗"}
	base := "/" + two + "/"
	w.look(t.Open(base), "policy.leads-out", http.StatusOK)
	w.files(t, base+"policy.md", base+"policy.json", base+"versions/1.md")
	w.look(t.Open(base+"leave"), "leave.none", http.StatusOK)
	_, err := p.AddLink(w.Context(), link.Link{Under: "linked-sites", Title: "Carrier 承运商", URL: w.url + "/healthz", Terms: w.url + "/" + one + "/"}, officer())
	w.must(err)
	w.look(t.Open(base+"leave"), "leave", http.StatusOK)
	w.look(t.Open(base+"leave?to=1"), "leave-to", http.StatusOK)
	w.look(t.Open(base+"leave?to=77"), "leave.nowhere", http.StatusNotFound)
	t.Open(base + "leave?to=1").Follow(goes[w.lang]).Is(http.StatusOK)
}

// transfers looks at the business changing hands.
func (w *walk) transfers(t *browser.Tab, p *avow.Platform, sub subject.ID) {
	w.Helper()
	base := "/" + two + "/me/"
	w.look(t.Open(base+"rights"), "rights.transfers", http.StatusOK)
	w.look(t.Open(base+"transfers"), "transfers.none", http.StatusOK)
	_, err := p.OpenTransfer(w.Context(), platform.TransferAsked{
		Kind: succession.Merger, Recipient: "successor", Items: []string{"account.login", "account.email"}, Purposes: []string{"account"}, Document: "contracts/merger.pdf",
	}, officer())
	w.must(err)
	w.look(t.Open(base+"transfers"), "transfers", http.StatusOK)
	w.look(t.Send("/object"), "transfers.objected", http.StatusOK)
}

// wayOut follows the one click out of a message.
func (w *walk) wayOut(p *avow.Platform, sub subject.ID, email string) {
	w.Helper()
	w.must(p.Choose(w.Context(), sub, platform.Choice{Kind: "consent", Purpose: "marketing", Given: true, By: platform.Self(sub)}))
	_, err := p.Send(w.Context(), platform.Sending{To: []subject.ID{sub}, Asked: message.Asked{
		Class: message.Marketing, Purpose: "marketing", Channel: message.Email, Reason: "offer", Language: w.lang, Letter: message.Letter{Title: "Tea 茶", Text: "A new harvest. 新茶上市。"},
	}})
	w.must(err)
	t := w.tab(w.b, w.view())
	w.look(t.Open(w.mailed(email, "/leave/")), "way-out", http.StatusOK)
	w.look(t.Send(t.Path()), "way-out-done", http.StatusOK)
	w.look(t.Open("/"+two+"/leave/none/none/none"), "way-out.wrong", http.StatusNotFound)
}

// mailed is the path of the link in a mail that is to come.
func (w *walk) mailed(to, mark string) string {
	w.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(time.Minute); ; {
		for _, m := range w.mail.Messages() {
			if i := strings.Index(m.Body, mark); i >= 0 && m.To.Reveal() == to {
				line := m.Body[strings.LastIndexAny(m.Body[:i], " \n")+1:]
				return strings.TrimPrefix(strings.Fields(line)[0], w.url)
			}
		}
		select {
		case <-end:
			w.Fatalf("no mail with %s came", mark)
		case <-tick.C:
		}
	}
}

// changes looks at a new version before and after it takes effect.
func (w *walk) changes(t *browser.Tab, p *avow.Platform) {
	w.Helper()
	src, err := os.ReadFile(filepath.Join(w.dir, two+".yaml"))
	w.must(err)
	text := strings.Replace(string(src), "\npurposes:\n", "\npurposes:\n  weather: {title: {en: Weather, zh-CN: 天气}, basis: consent, opt_out: true}\n", 1)
	w.write(two+".yaml", []byte(text+"\nrevision: {reasons: [business]}\n"))
	_, _, err = w.server.Publish(w.Context(), two, time.Time{}, nil, true)
	w.must(err)
	w.must(p.TakeEffect(w.Context()))
	base := "/" + two + "/"
	w.look(t.Open(base), "policy.coming", http.StatusOK)
	w.look(t.Open(base+"versions"), "versions-coming", http.StatusOK)
	w.look(t.Open(base+"me"), "notice", http.StatusOK)
	t.Send("/me/notice", "say", "read").Is(http.StatusOK)
	w.clock.Add(9 * 24 * time.Hour)
	w.must(p.TakeEffect(w.Context()))
	w.signInTo(two, t.Clear(), "chen@mail.example")
	w.look(t, "notice-accept", http.StatusOK)
	w.look(t.Send("/me/notice", "say", "accept"), "held.accepted", http.StatusOK)
	w.look(t.Open(base+"versions"), "versions.two", http.StatusOK)
}
