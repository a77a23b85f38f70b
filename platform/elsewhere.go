package platform

import (
	"context"
	"io"
	"slices"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

// AskElsewhere takes down a request of somebody who proved an address that this
// platform knows nobody by: the outside systems are asked all the same. kind is
// that of the address.
func (p *Platform) AskElsewhere(ctx context.Context, kind string, address Personal, a Asking) (rights.ID, error) {
	by := self("")
	id, err := p.rights.Receive(ctx, rights.Asked{
		Right: a.Right, Scope: a.Scope, Contact: a.Contact, Channel: "settings", Language: a.Language,
		Identifiers: []connector.Identifier{{Kind: kind, Value: address}},
	}, by)
	if err != nil {
		return "", err
	}
	return id, p.rights.Verify(ctx, id, by, a.Method)
}

// Elsewhere returns a request that is about nobody this platform knows. Anybody
// else's is fault.NotFound. The caller knows that whoever looks made it.
func (p *Platform) Elsewhere(ctx context.Context, id rights.ID) (rights.View, error) {
	v, err := p.rights.Show(ctx, id)
	if err == nil && (v.Subject != "" || v.AskedBy != "person") {
		err = fault.New(fault.NotFound, "there is no such request")
	}
	if err != nil {
		return rights.View{}, err
	}
	return v, nil
}

// TakeBackElsewhere withdraws such a request, as long as nothing was destroyed.
func (p *Platform) TakeBackElsewhere(ctx context.Context, id rights.ID) error {
	if _, err := p.Elsewhere(ctx, id); err != nil {
		return err
	}
	return p.rights.Withdraw(ctx, id, self(""))
}

// FetchElsewhere writes the package of such a request to w, after the entry that
// says so is durable.
func (p *Platform) FetchElsewhere(ctx context.Context, id rights.ID, w io.Writer) error {
	if _, err := p.Elsewhere(ctx, id); err != nil {
		return err
	}
	return p.rights.Deliver(ctx, id, self(subject.ID(id)), w) // the request stands for whom nobody knows
}

// ReceiptElsewhere returns the receipt of such a request.
func (p *Platform) ReceiptElsewhere(ctx context.Context, id rights.ID) ([]byte, error) {
	if _, err := p.Elsewhere(ctx, id); err != nil {
		return nil, err
	}
	return p.rights.Receipt(ctx, id)
}

// A Place is a system with the kinds of data it may hold. The vault holds them
// all; what stands in an outside system is known after a survey.
type Place struct {
	System, Kind string
	Title        map[string]string // language → name for people; may be empty
	Vault        bool
	Categories   []string // of the Fides taxonomy
}

// Places returns every system of the platform, the vault first.
func (p *Platform) Places() []Place {
	var out []Place
	for n, s := range p.systems {
		x := Place{System: s.Name(), Kind: s.Kind(), Vault: n == 0}
		add := func(category string) {
			if category != "" && !slices.Contains(x.Categories, category) {
				x.Categories = append(x.Categories, category)
			}
		}
		if m := p.maps[s.Name()]; m != nil {
			x.Title = m.Title
			for _, c := range m.Collections {
				for _, col := range c.Columns {
					add(p.category(col.Item))
				}
			}
		}
		out = append(out, x)
	}
	return out
}

// category is that of an item, or the name itself where the map names a category.
func (p *Platform) category(name string) string {
	if i, err := p.Policy().Item(name); err == nil {
		return i.Category
	}
	return name
}

// Promised are the rights that the policy promises and that are asked for in the
// privacy centre.
func (p *Platform) Promised(kinds ...policy.RightKind) []policy.RightKind {
	return slices.DeleteFunc(kinds, func(k policy.RightKind) bool {
		_, err := p.Policy().Right(k)
		return err != nil
	})
}
