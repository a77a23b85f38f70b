package vault

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// fact is a value about a row that is not itself an item.
func fact(column, kind, text string) connector.Value {
	return connector.Value{Column: column, Type: kind, Text: seal.NewPersonal(text)}
}

// Erase carries out the targets: everything when the account is among those
// that go, else class by class and item by item.
func (s *System) Erase(ctx context.Context, w gate.Warrant, who connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
	if err := connector.Allowed(w, s.Name(), gate.Erase, who); err != nil {
		return nil, err
	}
	out := &connector.Outcome{System: s.Name()}
	f, ok, err := s.known(ctx, who)
	if err != nil {
		return nil, err
	}
	before := []vault.Holding{}
	if ok {
		if before, err = s.vault.Holdings(ctx, f.Num); err != nil {
			return nil, err
		}
		if err := s.carryOut(ctx, f, w, targets); err != nil {
			return nil, err
		}
		if err := s.vault.Await(ctx, f.Num); err != nil { // what a receipt will state has ended
			return nil, err
		}
	}
	p := s.gate.InForce().Policy
	for _, t := range targets {
		out.Collections = append(out.Collections, tell(p, t, f, before))
	}
	return out, nil
}

func (s *System) carryOut(ctx context.Context, f subject.Facts, w gate.Warrant, targets []connector.Target) error {
	p := s.gate.InForce().Policy
	goes := func(t connector.Target) bool { return t.Collection == Record && t.Action == connector.Delete }
	if slices.ContainsFunc(targets, goes) {
		e := vault.Erasure{Subject: f.Num, Everything: true, Request: w.ID()}
		for _, t := range targets {
			if t.Action == connector.Keep && t.Collection != Record {
				c, err := p.Class(t.Collection)
				if err != nil {
					return err
				}
				e.Keep = append(e.Keep, c.No)
			}
		}
		_, err := s.vault.Erase(ctx, e)
		return err
	}
	for _, t := range targets {
		if err := s.part(ctx, p, f, w, t); err != nil {
			return err
		}
	}
	return nil
}

// part erases one class, or the named items of one.
func (s *System) part(ctx context.Context, p *policy.Policy, f subject.Facts, w gate.Warrant, t connector.Target) error {
	c, err := p.Class(t.Collection)
	switch {
	case t.Action == connector.Keep || t.Collection == Record:
		return nil
	case err != nil:
		return err
	case t.Action == connector.Delete:
		_, err := s.vault.Erase(ctx, vault.Erasure{Subject: f.Num, Class: c.No, Request: w.ID()})
		return err
	case t.Action == connector.Clear:
		for _, name := range t.Columns {
			item, err := p.Item(name)
			if err != nil {
				return err
			}
			if _, err := s.vault.Erase(ctx, vault.Erasure{Subject: f.Num, Item: item.No, Request: w.ID()}); err != nil {
				return err
			}
		}
		return nil
	}
	return fault.New(fault.Invalid, "the vault cannot %s rows of %s: it deletes, clears or keeps", t.Action, t.Collection)
}

// tell counts what a target did, by what was there before.
func tell(p *policy.Policy, t connector.Target, f subject.Facts, before []vault.Holding) connector.Done {
	d := connector.Done{Collection: t.Collection, Action: t.Action, Planned: len(t.Keys)}
	there := 0
	if t.Collection == Record {
		if f.Num != 0 && f.State != subject.Erased {
			there = len(t.Keys)
		}
	} else if c, err := p.Class(t.Collection); err == nil {
		for _, h := range before {
			if h.Class == c.No {
				there++
			}
		}
	}
	d.Done = min(there, d.Planned)
	d.Already = d.Planned - d.Done
	return d
}

// Verify reads the vault anew: no row, readable or not, and no bound key may be
// left outside the classes that the targets keep, and no blind index of the
// person's identifiers may still find them.
func (s *System) Verify(ctx context.Context, w gate.Warrant, who connector.Subject, needles []connector.Needle, targets []connector.Target) (*connector.Findings, error) {
	if err := connector.Allowed(w, s.Name(), gate.Verify, who); err != nil {
		return nil, err
	}
	out := &connector.Findings{System: s.Name()}
	f, ok, err := s.known(ctx, who)
	if err != nil || !ok {
		return out, err
	}
	p := s.gate.InForce().Policy
	kept, partial := keptBy(p, targets)
	traces, err := s.vault.Traces(ctx, w, f, kept)
	if err != nil {
		return nil, err
	}
	for _, t := range traces {
		out.Tables++
		out.Rows += t.Rows
		if t.Rows > 0 {
			out.Hits = append(out.Hits, connector.Hit{Collection: className(p, t.Class), Column: "sealed", Kind: connector.KindValue, State: connector.Residue, Rows: t.Rows})
		}
	}
	if partial {
		return out, nil // the person stays, and so do their identifiers
	}
	hits, err := s.identified(ctx, f, needles)
	out.Hits = append(out.Hits, hits...)
	return out, err
}

// keptBy returns the classes that the targets leave in place, and whether the
// erasure was of a part only.
func keptBy(p *policy.Policy, targets []connector.Target) (kept policy.ClassSet, partial bool) {
	for _, t := range targets {
		partial = partial || t.Keep.Ground == notAsked
		if t.Action != connector.Keep && t.Action != connector.Clear {
			continue
		}
		if c, err := p.Class(t.Collection); err == nil {
			kept.Add(c.No)
		}
	}
	return kept, partial
}

// identified looks the needles up among the blind indexes.
func (s *System) identified(ctx context.Context, f subject.Facts, needles []connector.Needle) ([]connector.Hit, error) {
	var hits []connector.Hit
	err := s.data.Read(ctx, func(r *db.Snapshot) error {
		for _, n := range needles {
			if n.Kind == connector.KindValue {
				continue
			}
			digest, err := s.vault.Index(n.Kind, n.Value.Reveal())
			if err != nil {
				continue // not an identifier in any form the vault could hold
			}
			candidates, err := subject.Find(ctx, r, digest)
			if err != nil {
				return err
			}
			for _, c := range candidates {
				if c.Num != f.Num {
					continue
				}
				state := connector.Residue
				if c.Class != 0 {
					state = connector.Kept
				}
				hits = append(hits, connector.Hit{Collection: Record, Column: "identifier", Kind: n.Kind, State: state, Rows: 1})
			}
		}
		return nil
	})
	return hits, err
}
