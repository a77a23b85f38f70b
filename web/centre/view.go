package centre

import (
	"fmt"
	"html/template"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// A view is what every page of the centre shows.
type view struct {
	web.Page
	T    *words
	Base string // /goscom-pro/

	zone *time.Location
	p    *policy.Policy
	now  time.Time
}

// view fills in what every page shows; title is one of the words.
func (c *Centre) view(v *visit, title func(*words) string) view {
	p := c.frame.Page(v.r, c.on.ID(), "")
	out := view{Page: p, T: wordsIn(p.Lang), Base: c.base, zone: c.on.Policy().Calendar().Zone(), p: c.on.Policy(), now: c.on.Now()}
	out.Title = title(out.T)
	out.Flash = out.T.flash(v.r.URL.Query().Get("done"))
	out.Nav = c.nav(v, out.T)
	if v.who != "" {
		out.Person, out.SignOut = true, c.base+"sign-out"
	}
	if v.restricted {
		out.Standing = out.T.RestrictedNote
	}
	return out
}

func (c *Centre) nav(v *visit, t *words) []web.Link {
	links := []web.Link{{Href: "", Text: t.Policy}} // without an icon, so that all fit in one line
	if v.who == "" {
		links = append(links, web.Link{Href: "sign-in", Text: t.SignIn, Icon: "log-in"})
	} else if v.sub != "" && !v.gone {
		links = append(links,
			web.Link{Href: "me", Text: t.HeldNav, Icon: "database"}, web.Link{Href: "me/choices", Text: t.Choices, Icon: "hand"},
			web.Link{Href: "me/download", Text: t.Download, Icon: "download"}, web.Link{Href: "me/erase", Text: t.Erase, Icon: "user-x"},
			web.Link{Href: "me/requests", Text: t.Requests, Icon: "inbox"}, web.Link{Href: "me/activity", Text: t.Activity, Icon: "history"},
		)
	}
	if v.who != "" && (v.sub == "" || v.gone) {
		links = append(links, web.Link{Href: "me", Text: t.HeldNav, Icon: "database"})
	}
	if v.gone {
		links = append(links, web.Link{Href: "me/requests", Text: t.Requests, Icon: "inbox"})
	}
	for i := range links {
		links[i].Href = c.base + links[i].Href
		links[i].Here = links[i].Href == v.r.URL.Path
	}
	return links
}

// Day writes a day for people and machines.
func (v view) Day(t time.Time) template.HTML { return v.time(t, page.Date) }

// When writes a moment for people and machines.
func (v view) When(t time.Time) template.HTML { return v.time(t, page.Moment) }

func (v view) time(t time.Time, write func(time.Time, string) string) template.HTML {
	return web.Time(t.In(v.zone), v.Lang, write)
}

// Left says in plain words how far away a moment is.
func (v view) Left(t time.Time) string {
	days := int((t.Sub(v.now) + 24*time.Hour - 1) / (24 * time.Hour))
	switch {
	case t.Before(v.now):
		return fmt.Sprintf(v.T.Late, max(1, int(v.now.Sub(t)/(24*time.Hour))))
	case days <= 1:
		return v.T.LastDay
	}
	return fmt.Sprintf(v.T.DaysLeft, days)
}

// Names joins words as the language does.
func (v view) Names(list []string) string { return page.Join(list, v.Lang) }

func (v view) item(no policy.ItemNo) string {
	if i := v.p.ItemBy(no); i != nil {
		return page.Title(i.Title, i.Name, v.Lang)
	}
	if name := v.p.Numbers().Item(no); name != "" {
		return name
	}
	return fmt.Sprint(no)
}

func (v view) purpose(no policy.PurposeNo) string {
	return page.PurposeTitle(v.p, no, v.Lang)
}

func (v view) recipient(no policy.RecipientNo) string {
	if r := v.p.RecipientBy(no); r != nil {
		return page.Title(r.Title, r.Name, v.Lang)
	}
	return v.p.Numbers().Recipient(no)
}

// actor names who acted by their role.
func (v view) actor(role string) string {
	switch role {
	case "":
		return v.T.Software
	case "self":
		return v.T.You
	}
	if r, err := v.p.Role(role); err == nil {
		return page.Title(r.Title, r.Name, v.Lang)
	}
	return role
}

// Channel names a way to tell people something.
func (v view) Channel(code string) string { return page.Channel(code, v.Lang) }

// Says is the reader's of a text in several languages.
func (v view) Says(t policy.Text) string { return t.In(v.Lang) }

// Purposes names purposes of the policy in force.
func (v view) Purposes(names []string) string {
	var out []string
	for _, n := range names {
		if u, err := v.p.Purpose(n); err == nil {
			n = page.Title(u.Title, u.Name, v.Lang)
		}
		out = append(out, n)
	}
	return page.Join(out, v.Lang)
}

// Short writes a day as plain text, for labels.
func (v view) Short(t time.Time) string { return page.Date(t.In(v.zone), v.Lang) }
