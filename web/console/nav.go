package console

import (
	"strings"

	"github.com/avow-dev/avow/web"
)

// An entrance is an entry of the menu, or several under one word.
type entrance struct {
	need             need
	path, text, icon string
	more             []entrance // path and need are theirs
}

// entrances are what the menu of the console has: what is done every day in the line,
// everything else under three words.
func entrances(t *words, lang string) []entrance {
	n := navWordsIn(lang)
	return []entrance{
		{systems, "due", dueWordsIn(lang).Due, "clock", nil},
		{requests, "requests", t.Requests, "inbox", nil},
		{requests, "cases", caseWordsIn(lang).Cases, "mail", nil},
		{subjects, "subjects", t.Subjects, "users", nil},
		{ledger, "incidents", incidentWordsIn(lang).Incidents, "alert-triangle", nil},
		{text: n.Outside, icon: "network", more: []entrance{
			{systems, "recipients", recipientWordsIn(lang).Recipients, "", nil},
			{working, "statistics", countWordsIn(lang).Statistics, "", nil},
			{systems, "links", linkWordsIn(lang).Links, "", nil},
			{systems, "transfers", transferWordsIn(lang).Transfers, "", nil},
		}},
		{text: n.Promised, icon: "file-text", more: []entrance{
			{systems, "policy", n.Versions, "", nil},
			{working, "messages", letterWordsIn(lang).Messages, "", nil},
			{ledger, "promises", boardWordsIn(lang).Promises, "", nil},
			{ledger, "duties", boardWordsIn(lang).Duties, "", nil},
		}},
		{text: n.Machine, icon: "server", more: []entrance{
			{ledger, "log", t.Log, "", nil},
			{systems, "systems", t.Systems, "", nil},
			{admin, "staff", t.Staff, "", nil},
			{admin, "keys", t.Keys, "", nil},
		}},
	}
}

// nav is the menu of the reader: what they may open. Where they may open one of several
// alone, it stands in the line itself.
func (c *Console) nav(v *visit, t *words) (out []web.Link) {
	for _, at := range entrances(t, c.lang(v)) {
		if at.more == nil {
			if v.by.may(at.need) {
				out = append(out, c.link(v, at))
			}
			continue
		}
		l := web.Link{Text: at.text, Icon: at.icon}
		for _, m := range at.more {
			if v.by.may(m.need) {
				l.More = append(l.More, c.link(v, m))
				l.Here = l.Here || strings.HasPrefix(v.r.URL.Path+"/", c.base+m.path+"/")
			}
		}
		switch len(l.More) {
		case 0:
		case 1:
			l.More[0].Icon = at.icon
			out = append(out, l.More[0])
		default:
			out = append(out, l)
		}
	}
	return out
}

func (c *Console) link(v *visit, at entrance) web.Link {
	if at.path == "cases" {
		return c.caseLink(v)
	}
	return web.Link{Href: c.base + at.path, Text: at.text, Icon: at.icon, Here: v.r.URL.Path == c.base+at.path}
}
