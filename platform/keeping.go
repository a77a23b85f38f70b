package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A Kept is one retention class of a person: what is held, when it goes, and why
// it stays until then.
type Kept struct {
	Class string
	Title policy.Text
	Items []string // that are held
	Rows  int
	Event policy.Event // what ends it; "": time alone
	Ends  time.Time    // when its retention ends, of what ends first; zero: when the event happens
	By    time.Time    // when it is gone at the latest; zero: not known yet
	Then  string       // erase, anonymise
	Law   bool         // kept because a law demands it
	Cite  policy.Text  // which
	Why   policy.Text

	// Held says that a hold keeps it, Basis by which provision or claim, and Until
	// for how long; zero: until it is lifted.
	Held  bool
	Basis string
	Until time.Time

	// Restricted says that it may be used for the person's rights, for claims and
	// for what the law demands, and for nothing else: its account is closed.
	Restricted bool
}

// Keeping returns what is held about a person, class by class, with its end.
func (p *Platform) Keeping(ctx context.Context, sub subject.ID) ([]Kept, error) {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	holdings, err := p.vault.Holdings(ctx, f.Num)
	if err != nil {
		return nil, err
	}
	var holds []subject.Hold
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		holds, err = subject.Holds(ctx, r, f.Num)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []Kept
	for _, c := range p.Policy().Classes() {
		k := p.holding(c, holdings)
		if k.Rows == 0 {
			continue
		}
		for _, h := range holds {
			if (h.Class == 0 || h.Class == int64(c.No)) && (h.Until.IsZero() || h.Until.After(p.data.Now())) {
				k.Held, k.Basis, k.Until = true, h.Cite, h.Until
			}
		}
		k.Restricted = f.Restricted || f.State != subject.Open
		out = append(out, k)
	}
	return out, nil
}

// holding says what is held of a class, and when it goes.
func (p *Platform) holding(c *policy.Class, holdings []vault.Holding) Kept {
	k := Kept{Class: c.Name, Title: c.Title, Then: c.Then, Law: c.Law, Cite: c.Cite, Why: c.Why, Event: c.Until}
	if k.Event == "" {
		k.Event = c.After
	}
	for _, h := range holdings {
		if h.Class != c.No {
			continue
		}
		k.Rows++
		if !h.Due.IsZero() && (k.Ends.IsZero() || h.Due.Before(k.Ends)) {
			k.Ends = h.Due
		}
		for _, n := range h.Items {
			if i := p.Policy().ItemBy(n); i != nil && !slices.Contains(k.Items, i.Name) {
				k.Items = append(k.Items, i.Name)
			}
		}
	}
	if k.By = k.Ends; !k.Ends.IsZero() && !c.Within.IsZero() {
		k.By, _ = p.Policy().Calendar().Deadline(k.Ends, c.Within, false)
	}
	return k
}
