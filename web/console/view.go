package console

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// A view is what every page of the console shows.
type view struct {
	web.Page
	T       *words
	Base    string // /console/goscom-pro/
	Problem string // why a form was not carried out

	zone *time.Location
	p    *policy.Policy
	now  time.Time
}

func (c *Console) words(v *visit) *words { return wordsIn(c.lang(v)) }

// lang is the reader's language, among those of the policy.
func (c *Console) lang(v *visit) string { return web.Lang(v.r, c.on.Policy().Languages()) }

// view fills in what every page shows; title is one of the words.
func (c *Console) view(v *visit, title func(*words) string) view {
	p := c.frame.Page(v.r, c.on.ID(), "")
	out := view{Page: p, T: wordsIn(p.Lang), Base: c.base, zone: c.on.Policy().Calendar().Zone(), p: c.on.Policy(), now: c.on.Now()}
	out.Title, out.Home, out.Wide = title(out.T), c.base, true
	out.Flash = out.T.flashes[v.r.URL.Query().Get("done")]
	if v.by != nil {
		out.Nav, out.SignOut = c.nav(v, out.T), c.base+"sign-out"
		out.Staff = &web.StaffView{Name: v.by.name, Role: out.roles(v.by)}
	}
	return out
}

// roles names what somebody is.
func (v view) roles(by *person) string {
	var out []string
	for _, r := range by.roles {
		out = append(out, page.Title(r.Title, r.Name, v.Lang))
	}
	if by.admin {
		out = append(out, v.T.Admin)
	}
	return strings.Join(out, ", ")
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
	case t.IsZero():
		return ""
	case t.Before(v.now):
		return fmt.Sprintf(v.T.Late, max(1, int(v.now.Sub(t)/(24*time.Hour))))
	case days <= 1:
		return v.T.LastDay
	}
	return fmt.Sprintf(v.T.DaysLeft, days)
}

// Names joins words as the language does.
func (v view) Names(list []string) string { return page.Join(list, v.Lang) }

// Items names items of the policy.
func (v view) Items(names []string) string {
	var out []string
	for _, n := range names {
		if i, err := v.p.Item(n); err == nil {
			n = page.Title(i.Title, i.Name, v.Lang)
		}
		out = append(out, n)
	}
	return page.Join(out, v.Lang)
}

func (v view) item(no policy.ItemNo) string {
	return page.ItemTitle(v.p, no, v.Lang)
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

// Reason is the reader's of several texts.
func (v view) Reason(texts map[string]string) string {
	if s := texts[v.Lang]; s != "" {
		return s
	}
	return texts["en"]
}

// Scope says how much a request is about.
func (v view) Scope(s string) string {
	scope, err := plan.ParseScope(s)
	switch {
	case err != nil:
		return s
	case scope.Kind == plan.OneItem, scope.Kind == plan.SomeItems:
		return v.Items(strings.Split(scope.Name, ","))
	case scope.Kind == plan.Lifting:
		return v.T.Lifted
	case scope.Kind == plan.OneClass:
		if k, err := v.p.Class(scope.Name); err == nil {
			return k.Title.In(v.Lang)
		}
		return scope.Name
	}
	return v.T.Everything
}

// State says how far a request is.
func (v view) State(q rights.Summary) string {
	if q.Paused {
		return v.T.Paused
	}
	return v.T.name(v.T.states, string(q.State))
}

// Badge is the class of a request's state.
func (v view) Badge(q rights.Summary) string {
	switch {
	case q.State == rights.Delivered:
		return "badge-ok"
	case q.State == rights.NeedsAttention, q.State == rights.Refused:
		return "badge-bad"
	case q.State.Last():
		return ""
	case q.Paused:
		return "badge-warn"
	}
	return "badge-info"
}

// ActionBadge is the class of what a plan does to rows.
func (v view) ActionBadge(a connector.Action) string {
	switch a {
	case connector.Keep:
		return "badge-warn"
	case connector.Delete, connector.Clear, connector.Detach:
		return "badge-bad"
	}
	return "badge-info"
}

// Ends says in words when a retention ends: a day stays as it is, and "P10Y after
// order" becomes "10 years after order".
func (v view) Ends(until string) string {
	return page.Until(until, v.Lang)
}
