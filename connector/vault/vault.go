package vault

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Record is the collection that is the subject's own record. No retention
// class is called so: names of the policy begin with a letter.
const Record = "_subject"

// notAsked is the ground on which a plan leaves what a request is not about.
const notAsked = "not-asked"

// A System is the vault of one platform as a [connector.System].
type System struct {
	data  *db.DB
	gate  *gate.Gate
	vault *vault.Vault
}

var _ connector.System = (*System)(nil)

// New returns the vault as a system.
func New(data *db.DB, g *gate.Gate, v *vault.Vault) *System { return &System{data, g, v} }

// Name returns "vault".
func (s *System) Name() string { return vault.System }

// Kind returns "vault".
func (s *System) Kind() string { return "vault" }

// Check finds nothing to object to: the vault has no data map that could be
// wrong.
func (s *System) Check(context.Context) (*connector.Checkup, error) { return &connector.Checkup{}, nil }

// Close does nothing: the platform owns the store.
func (s *System) Close() error { return nil }

// known returns the subject, or false when nobody is known by this id, as when
// a request came from an address that is not in the vault.
func (s *System) known(ctx context.Context, who connector.Subject) (f subject.Facts, ok bool, err error) {
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.Get(ctx, r, subject.ID(who.ID))
		return err
	})
	if fault.Of(err) == fault.NotFound {
		return f, false, nil
	}
	return f, err == nil, err
}

// Survey lists the rows held about the subject by retention class.
func (s *System) Survey(ctx context.Context, w gate.Warrant, who connector.Subject) (*connector.Survey, error) {
	if err := connector.Allowed(w, s.Name(), gate.Survey, who); err != nil {
		return nil, err
	}
	out := &connector.Survey{System: s.Name(), Subject: who.ID}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return out, err
	}
	holdings, err := s.vault.Holdings(ctx, f.Num)
	if err != nil {
		return nil, err
	}
	state, err := s.gate.Fresh(ctx, f.Num)
	if err != nil {
		return nil, err
	}
	p := s.gate.InForce().Policy
	for _, c := range p.Classes() {
		if found, ok := s.found(p, c, state, holdings); ok {
			out.Found = append(out.Found, found)
		}
	}
	if f.State != subject.Erased {
		out.Found = append(out.Found, connector.Found{
			Collection: Record, Keys: []string{who.ID}, Role: connector.Self, Action: connector.Delete,
			Why: "the subject's own record: identifiers, consents, disclosures",
		})
	}
	return out, nil
}

// found says what is held of one class and what an erasure does to it.
func (s *System) found(p *policy.Policy, c *policy.Class, state *gate.State, holdings []vault.Holding) (connector.Found, bool) {
	f := connector.Found{
		Collection: c.Name, Role: connector.Self, Action: connector.Delete,
		Why: "retention class " + c.Name + " of this subject",
	}
	var oldest time.Time
	for _, h := range holdings {
		if h.Class != c.No {
			continue
		}
		f.Keys = append(f.Keys, strconv.FormatInt(h.Row, 10))
		if oldest.IsZero() || h.At.Before(oldest) {
			oldest = h.At
		}
		for _, n := range h.Items {
			if item := p.ItemBy(n); item != nil && !slices.Contains(f.Items, item.Name) {
				f.Items = append(f.Items, item.Name)
			}
		}
	}
	slices.Sort(f.Keys)
	slices.Sort(f.Items)
	if slices.Contains(vault.Kept(p, state), c.No) {
		f.Action = connector.Keep
		f.Keep = s.retention(p, c, state)
	}
	return f, len(f.Keys) > 0
}

// retention says why a class outlives an erasure, and until when.
func (s *System) retention(p *policy.Policy, c *policy.Class, state *gate.State) connector.Retention {
	r := connector.Retention{Ground: "legal-obligation", Cite: c.Cite.In("en"), Reason: map[string]string{}}
	for _, lang := range p.Languages() {
		r.Reason[lang] = c.Title.In(lang)
		if why := c.Why.In(lang); why != "" {
			r.Reason[lang] += ": " + why
		}
	}
	for _, h := range state.Holds {
		if h.Class == int64(c.No) || h.Class == 0 {
			r.Ground, r.Cite = "hold", h.Cite
			if !h.Until.IsZero() {
				r.Until = h.Until.Format(time.DateOnly)
			}
		}
	}
	if r.Until == "" {
		from := state.Subject.Closed
		if from.IsZero() {
			from = s.data.Now() // the erasure closes the account: the class counts from then
		}
		if end, ok := p.Ends(c.No, from); ok {
			r.Until = end.Format(time.DateOnly)
		}
	}
	return r
}

// Identifiers returns every identifier of the subject that the vault holds, so
// that other systems are searched by all of them.
func (s *System) Identifiers(ctx context.Context, w gate.Warrant, who connector.Subject) ([]connector.Identifier, error) {
	if err := connector.Allowed(w, s.Name(), gate.Survey, who); err != nil {
		return nil, err
	}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return nil, err
	}
	p := s.gate.InForce().Policy
	var out []connector.Identifier
	err = s.vault.Read(ctx, w, gate.Survey, f, func(_ vault.Holding, values []vault.Value) error {
		for _, v := range values {
			if item := p.ItemBy(v.Item); item != nil && item.Identifier != "" {
				out = append(out, connector.Identifier{Kind: item.Identifier, Value: v.Text})
			}
		}
		return nil
	})
	return out, err
}

// Export gives every value of the subject.
func (s *System) Export(ctx context.Context, w gate.Warrant, who connector.Subject, _ *connector.Survey, emit func(connector.Row) error) error {
	if err := connector.Allowed(w, s.Name(), gate.Export, who); err != nil {
		return err
	}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return err
	}
	p := s.gate.InForce().Policy
	return s.vault.Read(ctx, w, gate.Export, f, func(h vault.Holding, values []vault.Value) error {
		row := connector.Row{Collection: className(p, h.Class), Key: strconv.FormatInt(h.Row, 10), Role: connector.Self}
		for _, v := range values {
			item := p.ItemBy(v.Item)
			if item == nil {
				return fault.New(fault.Invalid, "item number %d is held and the policy in force does not declare it: declare it again or erase it", v.Item)
			}
			value := connector.Value{Column: item.Name, Item: item.Name, Type: "text", Text: v.Text, Others: v.Others()}
			if item.Type == "secret" {
				value.Secret, value.Text = true, seal.Personal{}
			}
			row.Values = append(row.Values, value)
		}
		row.Values = append(row.Values, fact("collected", "time", h.At.Format(time.RFC3339)), fact("point", "text", h.Point))
		if h.Source != "" {
			row.Values = append(row.Values, fact("source", "text", h.Source))
		}
		return emit(row)
	})
}

func className(p *policy.Policy, n policy.ClassNo) string {
	if c := p.ClassBy(n); c != nil {
		return c.Name
	}
	return fmt.Sprintf("class-%d", n)
}
