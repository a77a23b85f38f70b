package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/web"
)

func (c *Console) linkRoutes() []route {
	return []route{
		{"GET links", systems, c.links},
		{"POST links", ledger, c.addLink},
		{"POST links/call", ledger, c.callLinks},
		{"POST links/{link}/end", ledger, c.endLink},
	}
}

// A linksPage is the register of addresses outside.
type linksPage struct {
	view
	K      *linkWords
	Live   []linkRow
	Past   []linkRow
	Unders []choice // what the policy says that it does not cover
	May    bool
	Failed string
	Typed  link.Link
}

// A linkRow is an address of the register.
type linkRow struct {
	platform.RegisteredLink
	Of   string     // what the policy says of it
	Last *link.Call // of the other party's policy; nil: it was not called yet
}

func (c *Console) links(v *visit) error { return c.showLinks(v, http.StatusOK, "", "") }

// showLinks shows the register, with what kept a form from being carried out.
func (c *Console) showLinks(v *visit, status int, failed, problem string) error {
	p := linksPage{view: c.view(v, func(*words) string { return "" }), May: v.by.may(ledger), Failed: failed, Typed: readLink(v.r)}
	p.K = linkWordsIn(p.Lang)
	p.Title, p.Problem = p.K.Links, problem
	if done := p.K.flashes[v.r.URL.Query().Get("done")]; done != "" {
		p.Flash = done
	}
	for _, x := range p.p.Excluded() {
		if x.Kind == "linked-site" || x.Kind == "third-party-service" {
			p.Unders = append(p.Unders, choice{x.Name, page.Title(x.Title, x.Name, p.Lang)})
		}
	}
	if err := p.fill(v, c.on); err != nil {
		return err
	}
	return c.show(v, status, "links", p)
}

// fill reads the register, the newest first.
func (p *linksPage) fill(v *visit, on *platform.Platform) error {
	all, err := on.RegisterOfLinks(v.ctx())
	if err != nil {
		return err
	}
	states, err := on.LinkStates(v.ctx())
	if err != nil {
		return err
	}
	for _, l := range slices.Backward(all) {
		row := linkRow{RegisteredLink: l, Of: l.Under}
		if i := slices.IndexFunc(p.Unders, func(u choice) bool { return u.Value == l.Under }); i >= 0 {
			row.Of = p.Unders[i].Title
		}
		target := fmt.Sprintf("link/%d", l.ID)
		if i := slices.IndexFunc(states, func(s platform.LinkState) bool { return s.Target == target }); i >= 0 {
			row.Last = states[i].Last
		}
		if l.Ended == nil {
			p.Live = append(p.Live, row)
		} else {
			p.Past = append(p.Past, row)
		}
	}
	return nil
}

// Open reports whether the form of a row was not carried out.
func (p linksPage) Open(id int64) bool { return p.Failed == strconv.FormatInt(id, 10) }

func readLink(r *http.Request) link.Link {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return link.Link{Under: field("under"), Title: field("title"), URL: field("url"), Terms: field("terms")}
}

func (c *Console) addLink(v *visit) error {
	_, err := c.on.AddLink(v.ctx(), readLink(v.r), v.by.gate())
	return c.linkDone(v, "add", err)
}

// linkDone answers a form of the register.
func (c *Console) linkDone(v *visit, failed string, err error) error {
	done := "link-" + failed
	if _, is := strconv.ParseInt(failed, 10, 64); is == nil {
		done = "link-end"
	}
	switch fault.Of(err) {
	case "":
		return c.lead(v, "links", done)
	case fault.Invalid, fault.Denied, fault.Conflict, fault.NotFound:
		return c.showLinks(v, web.Status(err), failed, c.problem(v, err))
	}
	return err
}

func (c *Console) endLink(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("link"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "no link of this number is on the register")
	}
	if err = c.sure(v); err == nil {
		err = c.on.EndLink(v.ctx(), id, v.by.gate())
	}
	return c.linkDone(v, strconv.FormatInt(id, 10), err)
}

// callLinks has every address called; a server does so at once.
func (c *Console) callLinks(v *visit) error {
	_, err := c.on.CallLinks(v.ctx())
	return c.linkDone(v, "call", err)
}
