package banner

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// A row is one thing that a browser keeps or tells.
type row struct {
	Ref, Name, Title, Kind, Content, Lifetime, SetBy, Without string
	Purposes                                                  []string
	Allowed, Asks                                             bool
}

// A group is a class with its rows.
type group struct {
	Class, Title, Hint string
	Asks               bool
	Rows               []row
}

// A view is what the pages show.
type view struct {
	web.Page
	T        *words
	Base     string // /goscom-pro/cookies
	Centre   string // /goscom-pro/
	Groups   []group
	Own      []row
	Lost     []row  // what stops working without each essential or functional one
	Choice   string // what the browser has chosen, in words
	Honoured bool
	Blocked  bool // the browser takes no cookies
	Any      bool // something waits for a yes

	Token            string // that the warning was shown
	Cleared          bool
	Records, Dropped int
	In               bool // somebody is signed in
}

func (b *Banner) view(r *http.Request, title func(*words) string) view {
	p := view{Page: b.frame.Page(r, b.on.ID(), ""), Base: b.base, Centre: "/" + b.on.ID() + "/"}
	p.T = wordsIn(p.Lang)
	p.Title = title(p.T)
	p.Nav = []web.Link{{Href: p.Centre, Text: p.T.Policy}, {Href: b.base, Text: p.T.Cookies, Here: true}}
	p.In = b.person(r) != ""
	for _, c := range b.on.Policy().Cookies() {
		if x := b.row(c, p.T, p.Lang); !empty(x.Without) {
			p.Lost = append(p.Lost, x)
		}
	}
	for _, c := range policy.OwnCookies() {
		p.Own = append(p.Own, b.row(c, p.T, p.Lang))
	}
	return p
}

// empty reports whether nothing stops working.
func empty(without string) bool {
	return without == "" || strings.HasPrefix(without, "Nothing") || strings.HasPrefix(without, "不影响")
}

func (b *Banner) list(w http.ResponseWriter, r *http.Request) error {
	p := b.view(r, func(t *words) string { return t.Cookies })
	from := b.browser(r)
	at, err := b.on.Cookies(r.Context(), from)
	if err != nil {
		return err
	}
	p.Honoured = at.Honoured
	if r.URL.Query().Get("done") == "chosen" {
		if p.Blocked = from.Cookie == ""; !p.Blocked {
			p.Flash = p.T.Saved
		} else if b.frame.Limit("told "+b.frame.Client(r), pace()) {
			if err := b.on.TellCookies(r.Context(), "cookies-refused"); err != nil {
				return err
			}
		}
	}
	b.groups(&p, at)
	switch {
	case from.Cookie == "":
		p.Choice = p.T.NotChosen
	case !at.Asked:
		p.Choice = p.T.AskedAgain
	case at.Known:
		p.Choice = p.T.Chosen + " " + page.Date(at.At, p.Lang)
	default:
		p.Choice = p.T.AllRefused
	}
	if from.Cookie != "" || from.Signal {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.Header().Add("Vary", "Sec-GPC")
	b.frame.Render(w, r, http.StatusOK, b.pages["cookies"], p)
	return nil
}

func (b *Banner) groups(p *view, at platform.CookieStand) {
	for _, class := range []policy.TrackerClass{policy.Essential, policy.Functional, policy.Performance, policy.Marketing} {
		g := group{Class: string(class), Title: p.T.classes[class][0], Hint: p.T.classes[class][1], Asks: class != policy.Essential}
		for _, t := range b.on.Policy().Trackers() {
			if t.Class != class {
				continue
			}
			var x row
			if t.Cookie != nil {
				x = b.row(t.Cookie, p.T, p.Lang)
			} else {
				x = b.beaconRow(t.Beacon, p.T, p.Lang)
			}
			x.Ref, x.Allowed, x.Asks = t.Ref, at.Allowed[t.Ref], t.Asks()
			p.Any = p.Any || x.Asks
			g.Rows = append(g.Rows, x)
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
}

func (b *Banner) row(c *policy.Cookie, t *words, lang string) row {
	x := row{
		Name: c.Name, Title: page.Title(c.Title, c.Name, lang), Kind: t.kinds[c.Kind], Content: c.Content.In(lang), Without: c.Without.In(lang),
		Lifetime: page.Period(c.Lifetime, lang), SetBy: b.setBy(c.SetBy, t, lang), Purposes: b.purposes(c.Purposes, lang),
	}
	if len(c.Names) > 0 {
		x.Name = strings.Join(c.Names, ", ")
	}
	if c.Session {
		x.Lifetime = t.UntilClosed
	}
	if c.Size > 0 {
		x.Lifetime += " · " + fmt.Sprintf(t.Size, c.Size)
	}
	return x
}

func (b *Banner) beaconRow(k *policy.Beacon, t *words, lang string) row {
	x := row{
		Name: k.Name, Title: page.Title(k.Title, k.Name, lang), Kind: t.kinds["beacon"], Lifetime: t.EachVisit,
		SetBy: b.setBy(k.SetBy, t, lang), Purposes: b.purposes(k.Purposes, lang), Without: t.NothingLost,
	}
	var sends []string
	for _, no := range k.Items {
		sends = append(sends, page.ItemTitle(b.on.Policy(), no, lang))
	}
	x.Content = page.Join(sends, lang)
	return x
}

func (b *Banner) purposes(list []policy.PurposeNo, lang string) (out []string) {
	for _, no := range list {
		if name := page.PurposeTitle(b.on.Policy(), no, lang); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (b *Banner) setBy(who string, t *words, lang string) string {
	if to, err := b.on.Policy().Recipient(who); err == nil {
		return page.Title(to.Title, to.Name, lang)
	}
	return t.Us
}
