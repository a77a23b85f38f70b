package centre

import (
	"net/http"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// A rightsPage offers what is asked for less often: a correction in every system,
// the data in a form for another service, and keeping without using.
type rightsPage struct {
	view
	Correct, Take, Limit bool // the policy promises it
	Transfers, Outward   bool // the policy speaks of the business changing hands, and of others' sites
	Limited              bool // it is restricted now
	Items                []choiceOfItem
	Clocks               map[string]string // right → within which time
	Error                string
	Wrong                string // the item whose new value was not taken
}

// MoveWords are the words about transfers of the business.
func (p rightsPage) MoveWords() *transferWords { return transferIn(p.Lang) }

// OutWords are the words about leaving for others' sites.
func (p rightsPage) OutWords() *outwardWords { return outwardIn(p.Lang) }

func (c *Centre) askRights(v *visit) error { return c.showRights(v, http.StatusOK, "", "") }

func (c *Centre) showRights(v *visit, status int, wrong, problem string) error {
	p := rightsPage{
		view: c.view(v, func(t *words) string { return t.MoreRights }), Limited: v.restricted, Clocks: map[string]string{},
		Wrong: wrong, Error: problem,
	}
	kinds := c.on.Promised(policy.Rectification, policy.Portability, policy.Restriction)
	p.Transfers = slices.ContainsFunc(c.on.Policy().Recipients(), func(r *policy.Recipient) bool { return r.Role == policy.Successor })
	p.Outward = c.leadsOut()
	p.Correct = slices.Contains(kinds, policy.Rectification)
	p.Take = slices.Contains(kinds, policy.Portability)
	p.Limit = slices.Contains(kinds, policy.Restriction)
	for _, k := range kinds {
		if due, err := c.on.Policy().Due(k, p.now); err == nil && !due.Done.At.IsZero() {
			p.Clocks[string(k)] = page.Period(due.Done.Within, p.Lang)
		}
	}
	for _, i := range c.on.Policy().Items() {
		if asksFor(i) {
			p.Items = append(p.Items, choiceOfItem{i.Name, page.Title(i.Title, i.Name, p.Lang)})
		}
	}
	return c.show(v, status, "rights", p)
}

// asksFor reports whether a right value of an item can be asked for: it is one
// value, that people gave, no secret, and no address that a code can prove.
func asksFor(i *policy.Item) bool {
	return !i.List && i.Type != "secret" && i.Origin == policy.FromPerson && !proved(i)
}

// takeRights takes one of the requests down.
func (c *Centre) takeRights(v *visit) error {
	a := platform.Asking{Right: policy.RightKind(v.r.PostFormValue("right"))}
	if len(c.on.Promised(a.Right)) == 0 {
		return fault.New(fault.Invalid, "that cannot be asked for here")
	}
	switch a.Right {
	case policy.Portability:
	case policy.Restriction:
		if v.restricted {
			a.Scope = plan.Lifted()
		}
	case policy.Rectification:
		return c.askCorrecting(v, v.r.PostFormValue("item"), v.r.PostFormValue("value"))
	default:
		return fault.New(fault.Invalid, "that cannot be asked for here")
	}
	return c.ask(v, a)
}

// askCorrecting asks for a correction of one item in every system.
func (c *Centre) askCorrecting(v *visit, name, value string) error {
	t := c.words(v)
	i, err := c.on.Policy().Item(name)
	if err != nil || !asksFor(i) {
		return fault.New(fault.Invalid, "this is not corrected here: please write to us")
	}
	if value == "" || len(value) > 4000 {
		return c.showRights(v, http.StatusUnprocessableEntity, name, t.NoValue)
	}
	if _, err := c.on.Policy().Normal(i.Type, value); err != nil {
		return c.showRights(v, http.StatusUnprocessableEntity, name, t.BadValue)
	}
	return c.ask(v, platform.Asking{
		Right: policy.Rectification, Corrections: []rights.Correction{{Item: i.Name, Value: platform.NewPersonal(value)}},
	})
}

// elsewhereHeld reports whether a correction of an item can be asked for, and a
// map says that a system outside may hold it.
func (c *Centre) elsewhereHeld(i *policy.Item) bool {
	return len(c.on.Promised(policy.Rectification)) > 0 &&
		slices.ContainsFunc(c.on.Places(), func(x platform.Place) bool { return !x.Vault && slices.Contains(x.Categories, i.Category) })
}
