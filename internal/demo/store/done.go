package store

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// A resultPage says what became of a form.
type resultPage struct {
	view
	Ticket, Again string
	Result        *result
	Heading       string
	Kept          []keptRow
	Refused       []objection
	Said          []string
	Entries       []entryRow
	Uses          []useRow
	Gone          []string
	Offers        []offer
	Items         []option
	Purposes      []option
	Mine          bool // whose it is has an open account
	Proof         bool // the log's entries have pages here
}

// A keptRow is one item that was kept.
type keptRow struct {
	Name, Title, For, How string
	Ends                  time.Time // zero: when what How says happens
	Clause, Pos           string
	Secret, Held          bool // Held: it is there still
}

// An objection is one reason why not.
type objection struct {
	About, Head, Text  string
	Clause, Says       string
	Control, Code, Pos string
}

type entryRow struct {
	ID   int64
	What string
	At   time.Time
}

// A useRow is a use that was tried.
type useRow struct {
	Item, Purpose string
	Allowed       bool
	Values        int
	Entry         int64
	Reasons       []objection
}

// An offer is a use that the page proposes.
type offer struct {
	Item, ItemTitle, Purpose, PurposeTitle string
	Allowed                                bool
}

// find returns the result that a visit is about.
func (x *stall) find(v *visit) (*result, error) {
	out := x.results.get(v.r.PathValue("ticket"), x.on.ID(), v.who)
	if out == nil {
		return nil, fault.New(fault.NotFound, "this result is not kept any more, or is somebody else's: the shop has the forms")
	}
	return out, nil
}

func (x *stall) done(v *visit) error {
	out, err := x.find(v)
	if err != nil {
		return err
	}
	p := resultPage{view: x.view(v, ""), Ticket: v.r.PathValue("ticket"), Again: x.base + "at/" + out.Counter, Result: out, Proof: true}
	p.Mine = v.sub != "" && v.sub == out.who
	p.Title = v.t.heading(out)
	p.Heading = p.Title
	for _, no := range out.Said {
		p.Said = append(p.Said, p.purpose(no))
	}
	for _, r := range out.Refused {
		p.Refused = append(p.Refused, p.refusal(r))
	}
	for _, e := range out.Entries {
		p.Entries = append(p.Entries, entryRow{e.ID, v.t.deed(e.Kind), e.At})
	}
	for _, u := range slices.Backward(out.Uses) {
		p.Uses = append(p.Uses, p.useRow(u))
	}
	for _, g := range out.Gone {
		p.Gone = append(p.Gone, v.t.goneWords(p.item(g.Item), g))
	}
	if err := x.holdings(v, &p); err != nil {
		return err
	}
	if p.Mine {
		if err := x.offers(v, &p); err != nil {
			return err
		}
	}
	v.w.Header().Set("Cache-Control", "no-store")
	x.frame.Render(v.w, v.r, http.StatusOK, x.pages["result"], p)
	return nil
}

// holdings says of each item that was kept whether it is there still, and until
// when.
func (x *stall) holdings(v *visit, p *resultPage) error {
	held := map[policy.ItemNo]vault.Holding{}
	if p.Result.who != "" {
		list, err := x.on.Holdings(v.r.Context(), p.Result.who)
		if err != nil {
			return err
		}
		for _, h := range list {
			for _, no := range h.Items {
				held[no] = h // the newest is the last
			}
		}
	}
	for _, no := range p.Result.Kept {
		i := p.p.ItemBy(no)
		if i == nil {
			continue // a newer policy does without it
		}
		why := because(p.p, i, p.Lang)
		h, there := held[no]
		p.Kept = append(p.Kept, keptRow{
			Name: i.Name, Title: page.Title(i.Title, i.Name, p.Lang), For: page.List(why.Purposes, p.Lang), How: why.Kept, Ends: h.Due,
			Clause: why.Clause, Pos: why.Pos, Secret: i.Type == "secret", Held: there,
		})
	}
	return nil
}

// offers finds a use of what was kept that the policy allows, and one that it
// denies.
func (x *stall) offers(v *visit, p *resultPage) error {
	var yes, no *offer
	for _, k := range p.Kept {
		if !k.Held || k.Secret {
			continue
		}
		p.Items = append(p.Items, option{k.Name, k.Title, len(p.Items) == 0})
		i, err := x.on.Policy().Item(k.Name)
		if err != nil {
			return err
		}
		for _, u := range x.candidates(i) {
			if yes != nil && no != nil {
				break
			}
			d, err := x.on.Decide(v.r.Context(), x.wanted(v, i, u))
			if err != nil {
				return err
			}
			o := &offer{i.Name, k.Title, u.Name, page.Title(u.Title, u.Name, p.Lang), d.Allowed}
			if d.Allowed && yes == nil {
				yes = o
			}
			if !d.Allowed && no == nil {
				no = o
			}
		}
	}
	for _, o := range []*offer{yes, no} {
		if o != nil {
			p.Offers = append(p.Offers, *o)
		}
	}
	for _, u := range p.p.Purposes() {
		if !u.AllItems {
			p.Purposes = append(p.Purposes, option{u.Name, page.Title(u.Title, u.Name, p.Lang), false})
		}
	}
	return nil
}

// candidates are purposes worth trying with an item: its own first, and of others
// first those that would wait for a yes.
func (x *stall) candidates(i *policy.Item) []*policy.Purpose {
	var own, wait, other []*policy.Purpose
	for _, u := range x.on.Policy().Purposes() {
		switch {
		case u.AllItems || u.Aggregate:
		case slices.Contains(i.Purposes, u.No):
			own = append(own, u)
		case u.Basis == policy.Consent:
			wait = append(wait, u)
		default:
			other = append(other, u)
		}
	}
	return slices.Concat(own, wait, other)
}

// wanted is a use by the shop's own software, with what the purpose asks for.
func (x *stall) wanted(v *visit, i *policy.Item, u *policy.Purpose) platform.Use {
	out := platform.Use{Subject: v.sub, Items: []string{i.Name}, Purpose: u.Name, By: platform.Actor{ID: "storefront"}}
	if len(u.Refs) > 0 {
		out.Ref = policy.Ref{Kind: u.Refs[0], ID: "store-" + strings.ToLower(v.r.PathValue("ticket")[:8])}
	}
	if len(u.Functions) > 0 {
		out.Function = u.Functions[0]
	}
	return out
}

// use tries a use and notes the answer.
func (x *stall) use(v *visit) error {
	out, err := x.find(v)
	if err != nil {
		return err
	}
	if v.sub == "" || v.sub != out.who {
		return fault.New(fault.Denied, "the account is not open any more: nothing of it is used")
	}
	i, err := x.on.Policy().Item(v.r.PostFormValue("item"))
	if err != nil {
		return err
	}
	u, err := x.on.Policy().Purpose(v.r.PostFormValue("purpose"))
	if err != nil {
		return err
	}
	a, err := x.on.Use(v.r.Context(), x.wanted(v, i, u))
	if err != nil {
		return err
	}
	x.results.change(v.r.PathValue("ticket"), func(r *result) {
		r.Uses = append(r.Uses, used{i.No, u.No, a.Decision.Allowed, len(a.Values), a.Decision.Reasons, a.Entry})
		r.Uses = r.Uses[max(0, len(r.Uses)-12):]
	})
	http.Redirect(v.w, v.r, x.base+"done/"+v.r.PathValue("ticket")+"#uses", http.StatusSeeOther)
	return nil
}

// erase erases one item, or everything.
func (x *stall) erase(v *visit) error {
	out, err := x.find(v)
	if err != nil {
		return err
	}
	if v.sub == "" || v.sub != out.who {
		return fault.New(fault.Denied, "the account is not open any more: what is left of it goes when its time ends")
	}
	e, g := platform.Erasure{Everything: true, By: platform.Self(v.sub)}, gone{}
	if name := v.r.PostFormValue("item"); name != "" {
		i, err := x.on.Policy().Item(name)
		if err != nil {
			return err
		}
		e.Everything, e.Item, g.Item = false, i.Name, i.No
	}
	done, err := x.on.Erase(v.r.Context(), v.sub, e)
	if err != nil {
		return err
	}
	g.Values = done.Values
	x.results.change(v.r.PathValue("ticket"), func(r *result) { r.Gone = append(r.Gone, g) })
	http.Redirect(v.w, v.r, x.base+"done/"+v.r.PathValue("ticket")+"#gone", http.StatusSeeOther)
	return nil
}

func (v view) item(no policy.ItemNo) string {
	return page.ItemTitle(v.p, no, v.Lang)
}

func (v view) purpose(no policy.PurposeNo) string {
	return page.PurposeTitle(v.p, no, v.Lang)
}

func (v view) useRow(u used) useRow {
	out := useRow{Item: v.item(u.Item), Purpose: v.purpose(u.Purpose), Allowed: u.Allowed, Values: u.Values, Entry: u.Entry}
	for _, r := range u.Reasons {
		o := v.objection(r.Code, r.Control, r.Clause, r.Pos, r.Text)
		if r.Item != 0 {
			o.About = v.item(r.Item)
		}
		out.Reasons = append(out.Reasons, o)
	}
	return out
}

func (v view) refusal(r policy.Refusal) objection {
	o := v.objection(r.Code, r.Control, r.Clause, r.Pos, r.Text)
	if i, err := v.p.Item(r.Item); err == nil {
		o.About = page.Title(i.Title, i.Name, v.Lang)
	} else if r.Item != "" {
		o.About = r.Item
	}
	return o
}

// objection is a reason in the reader's language: what it is in a few words, and
// the sentence of the policy that it keeps.
func (v view) objection(code policy.Code, control policy.Control, clause string, pos policy.Pos, says string) objection {
	o := objection{Head: v.T.code(code), Text: says, Clause: clause, Control: string(control), Code: string(code), Pos: pos.String()}
	c, ok := v.p.Clause(clause)
	if keeping := v.p.ClausesKeeping(control); !ok && len(keeping) > 0 {
		c, ok = keeping[0], true
	}
	if ok {
		o.Clause = c.ID
		o.Says = c.Says.In(v.Lang)
	}
	for _, n := range v.p.Never() { // a rule of its own says more than a clause about all of them
		if code == policy.NeverCollected && n.Pos == pos && o.Says == "" {
			o.Says = n.Title.In(v.Lang)
		}
	}
	return o
}
