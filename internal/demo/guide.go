package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/avow-dev/avow/internal/demo/store"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// guide is what the front page shows of the demo.
func (m *mailroom) guide(r *http.Request, lang string) *web.Guide {
	g := &web.Guide{Mailbox: mailboxPath, Codes: codesPath, Places: map[string]web.Place{}, Away: !here(r)}
	for i, p := range m.server().Platforms() {
		if i == 0 {
			g.Log = "/log/" + p.ID() + "/checkpoint"
			g.Chain = chain(r.Context(), p, lang)
		}
	}
	for _, place := range m.demo.state.Platforms {
		if g.Away {
			g.Places[place.ID] = web.Place{Store: store.Prefix + place.ID + "/"}
			continue
		}
		out := web.Place{Store: store.Prefix + place.ID + "/", Persons: place.Persons[:min(1, len(place.Persons))], Lines: place.lines("ORIGIN")}
		for _, a := range place.Staff[:min(2, len(place.Staff))] {
			out.Staff = append(out.Staff, web.Colleague{Login: a.Login, Name: a.Name, Role: m.role(place.ID, a.Role, lang)})
		}
		g.Places[place.ID] = out
	}
	return g
}

// role is what a role is called in the policy.
func (m *mailroom) role(place, name, lang string) string {
	p, err := m.server().Platform(place)
	if err != nil {
		return name
	}
	r, err := p.Policy().Role(name)
	if err != nil {
		return name
	}
	return r.Title.In(lang)
}

// chain is a promise of the policy with what its control has left in the log by
// now.
func chain(ctx context.Context, p *platform.Platform, lang string) web.Chain {
	c := web.Chain{Platform: p.Policy().Title().In(lang), Control: string(policy.UseDecision)}
	clauses := p.Policy().ClausesKeeping(policy.UseDecision)
	if len(clauses) == 0 {
		return c
	}
	c.Promise, c.Clause, c.Place = clauses[0].Says.In(lang), clauses[0].ID, clauses[0].Pos.String()
	now := p.Now()
	counts, err := p.Log().Counts(ctx, policy.UseDecision, now.Add(-(Days+1)*day), now)
	if err != nil {
		return c // the page says the rest
	}
	var n, last int64
	for _, x := range counts {
		n, last = n+x.N, max(last, x.Last)
	}
	c.Evidence = fmt.Sprintf("%s uses decided in ninety days, each in the log before its answer. The last is entry %s.", grouped(n), grouped(last))
	if strings.HasPrefix(lang, "zh") {
		c.Evidence = fmt.Sprintf("九十天内作出 %s 次使用决定，每一次都先写入日志再作答。最近一次是第 %s 条记录。", grouped(n), grouped(last))
	}
	return c
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// lines are for a shell: one finds a person, one is answered, one is denied.
func (p onePlace) lines(origin string) string {
	if len(p.Persons) == 0 {
		return ""
	}
	return strings.NewReplacer("ORIGIN", origin, "PLATFORM", p.ID, "TOKEN", p.Token, "PERSON", p.Persons[0],
		"PURPOSE", p.Try.Purpose, "DENIED", p.Try.Denied, "ITEM", p.Try.Item).Replace(
		`AVOW=ORIGIN/api/v1/platforms/PLATFORM
KEY=TOKEN
ask() { curl -s "$AVOW/$1" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d "$2"; echo; }
ID=$(ask identifiers/lookup '{"kind":"email","value":"PERSON"}' | grep -o 'sub_[0-9a-z]*')
ask uses '{"subject":"'$ID'","purpose":"PURPOSE","items":["ITEM"]}'
ask uses '{"subject":"'$ID'","purpose":"DENIED","items":["ITEM"]}'
`)
}

// Tell writes what to try.
func (d *Demo) Tell(w io.Writer, url string) {
	fmt.Fprintf(w, "\nStart at %s. Up to %d made-up people on each of %d platforms have %d days behind them.\n", url, d.state.People, len(d.state.Platforms), Days)
	fmt.Fprint(w, "\nAs a newcomer, in a shop whose forms are made from its policy:\n")
	for _, p := range d.state.Platforms {
		fmt.Fprintf(w, "  %s%s%s/\n", url, store.Prefix, p.ID)
	}
	fmt.Fprintf(w, "\nAs a person, whose data it is (the code to sign in with comes to %s%s):\n", url, mailboxPath)
	for _, p := range d.state.Platforms {
		fmt.Fprintf(w, "  %s/%s/  sign in as %s\n", url, p.ID, strings.Join(p.Persons, " or "))
	}
	fmt.Fprintf(w, "\nAs staff (codes without a phone: %s%s):\n", url, codesPath)
	for _, p := range d.state.Platforms {
		fmt.Fprintf(w, "  %s/console/%s/\n", url, p.ID)
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, a := range p.Staff {
			fmt.Fprintf(t, "    %s\tpassword %s\tauthenticator %s\t%s\n", a.Login, a.Password, a.Secret, a.Role)
		}
		t.Flush()
	}
	fmt.Fprintf(w, "\nAs a developer (reference: %s/api/), paste this into a shell:\n\n", url)
	if len(d.state.Platforms) > 0 {
		io.WriteString(w, d.state.Platforms[0].lines(url))
	}
}
