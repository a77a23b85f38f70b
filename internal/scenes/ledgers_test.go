package scenes

import (
	"net/http"
	"strings"
	"time"
)

// ledgers walks through what a privacy officer sees of messages, counts, links out and
// transfers of the business, on the platform that has something of each.
func (w *walk) ledgers(email string) {
	w.Helper()
	officer := w.colleagueOf(two, w.b, w.view(), "Wen", "privacy-officer", "support", "admin")
	officer.signIn()
	words := map[string][2]string{"en": {"Sharing", "Links out"}, "zh-CN": {"对外提供", "外部链接"}}[w.lang]
	if strings.Contains(officer.Open("/console/"+two+"/due").Words(), words[1]) {
		w.Errorf("the menu is open before anybody opened it")
	}
	officer.Unfold(words[0]).Says(words[1])
	for _, wrong := range officer.Rules() {
		w.Errorf("the menu, open: %s", wrong)
	}
	w.messages(officer)
	w.counts(officer)
	w.links(officer)
	w.succession(officer, email)
}

// messages sends one to everybody.
func (w *walk) messages(officer *colleague) {
	w.Helper()
	base := "/console/" + two + "/messages"
	w.look(officer.Open(base), "console-messages", http.StatusOK)
	w.look(officer.Open(base+"/new"), "console-message-new", http.StatusOK)
	w.look(officer.Send("/messages/new", "class", "service", "purpose", "support", "channel", "push", "reason", "parcel-care", "to", "all"), "console-message-new.unsure", http.StatusUnprocessableEntity)
	officer.Send("/messages/new", "sure", "yes").Is(http.StatusOK)
	officer.until(officer.Path(), "", "Look up", "查看")
	w.look(officer.Tab, "console-message", http.StatusOK)
}

// counts counts people, asks for a release, and has a colleague let it out.
func (w *walk) counts(officer *colleague) {
	w.Helper()
	base := "/console/" + two + "/statistics"
	w.look(officer.Open(base), "console-statistics.unused", http.StatusOK)
	w.look(officer.Open(base+"/sets/trends"), "console-set", http.StatusOK)
	w.look(officer.Send("/trends/count"), "console-set.counted", http.StatusOK)
	w.look(officer.Open(base+"/sets/trends").Send("/trends/release", "to", "public"), "console-set.unsure", http.StatusUnprocessableEntity)
	w.look(officer.Open(base+"/sets/trends").Send("/trends/release", "to", "public", "sure", "yes"), "console-set.refused", http.StatusConflict)
	officer.Open(base+"/sets/trends").Send("/trends/release", "to", "public", "sure", "yes", "table", "month,people\n2026-03,120\n2026-04,131")
	w.look(officer.Tab, "console-release", http.StatusOK)
	at := officer.Path()
	w.look(officer.Open(base), "console-statistics", http.StatusOK)
	other := w.colleagueOf(two, w.b, w.view(), "Bao", "privacy-officer")
	other.signIn()
	w.look(other.Open(at), "console-release.approve", http.StatusOK)
	w.look(other.Send("/approve"), "console-release.unsure", http.StatusUnprocessableEntity)
	w.look(other.Send("/approve", "sure", "yes"), "console-release.out", http.StatusOK)
	w.files(other.Tab, at+"/table")
}

// links keeps the register.
func (w *walk) links(officer *colleague) {
	w.Helper()
	at := "/console/" + two + "/links"
	w.look(officer.Open(at), "console-links", http.StatusOK)
	w.look(officer.Send("/links", "title", "Shop 商店", "url", "no address"), "console-links.wrong", http.StatusUnprocessableEntity)
	officer.Open(at).Send("/links", "title", "Shop 商店", "url", "https://shop.example/", "terms", "https://shop.example/privacy").Is(http.StatusOK)
	w.look(officer.Send("/end"), "console-links.unsure", http.StatusUnprocessableEntity)
	w.look(officer.Send("/end", "sure", "yes"), "console-links.ended", http.StatusOK)
}

// succession opens a transfer, makes it ready, and cancels it.
func (w *walk) succession(officer *colleague, email string) {
	w.Helper()
	base := "/console/" + two + "/transfers"
	w.look(officer.Open(base), "console-transfers", http.StatusOK)
	w.look(officer.Open(base+"/new"), "console-transfer-new", http.StatusOK)
	w.look(officer.Send("/transfers/new", "kind", "sale"), "console-transfer-new.wrong", http.StatusUnprocessableEntity)
	officer.Open(base+"/new").Send("/transfers/new", "kind", "sale", "item", "account.email", "purpose", "account", "document", "T-2")
	w.look(officer.Tab, "console-transfer", http.StatusOK)
	at := officer.Path()
	w.look(officer.Send("/tell"), "console-transfer.unsure", http.StatusUnprocessableEntity)
	officer.Open(at).Send("/accept", "document", "T-3").Is(http.StatusOK)
	w.look(officer.Send("/told", "finder", "email", "identifier", email, "how", "post"), "console-transfer.told", http.StatusOK)
	w.clock.Add(31 * 24 * time.Hour)
	officer.signIn()
	w.look(officer.Open(at), "console-transfer.waits", http.StatusOK)
	w.look(officer.Send("/ready", "sure", "yes"), "console-transfer.ready", http.StatusOK)
	w.look(officer.Send("/cancel", "sure", "yes"), "console-transfer.cancelled", http.StatusOK)
}
