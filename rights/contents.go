package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// parcel describes the package: rows and entries come from the spools, as often
// as they are asked for.
func (s *Service) parcel(ctx context.Context, w *work, expires time.Time) (parcel.Parcel, int, error) {
	p := s.policy()
	var (
		list []*step
		gave []disclosure.Disclosure
		said []consent.Record
	)
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if list, err = steps(ctx, r, w.q); err != nil || w.q.subject == 0 {
			return err
		}
		if gave, err = disclosure.List(ctx, r, w.q.subject); err != nil {
			return err
		}
		said, err = consent.History(ctx, r, w.q.subject)
		return err
	})
	if err != nil {
		return parcel.Parcel{}, 0, err
	}
	out := parcel.Parcel{Head: s.head(p, w, expires)}
	var exports []*step
	values := 0
	for _, t := range list {
		if t.number/1000 == w.q.plan && t.kind == string(plan.Export) {
			exports = append(exports, t)
			values += int(t.extra)
			out.Head.Systems = append(out.Head.Systems, s.titled(t, w.q.language))
		}
	}
	words := narrator{p, w.q.language}
	out.Disclosures, out.Items = words.disclosures(gave), words.items(gave)
	out.Consents = words.consents(said)
	out.Rows = func(emit func(parcel.Row) error) error { return s.spooledRows(ctx, w.q, exports, emit) }
	out.Entries = func(emit func(parcel.Entry) error) error {
		return s.spooledTold(ctx, w, func(t told) error {
			if t.Entry == nil {
				return nil
			}
			return emit(*t.Entry)
		})
	}
	out.Cases = func(emit func(parcel.Case) error) error {
		return s.spooledTold(ctx, w, func(t told) error {
			if t.Case == nil {
				return nil
			}
			return emit(*t.Case)
		})
	}
	return out, values, nil
}

// A CaseReader gives the cases of a subject, oldest first, with words in a language.
type CaseReader func(ctx context.Context, subject int64, language string, emit func(parcel.Case) error) error

// WithCases adds to every package of access what its person said in cases and what
// they were answered. Call it before the work begins.
func (s *Service) WithCases(read CaseReader) { s.cases = read }

// A told is a line of the spool of entries and cases: one of the two.
type told struct {
	Entry *parcel.Entry `json:",omitempty"`
	Case  *parcel.Case  `json:",omitempty"`
}

// spooledRows gives the rows of every export, in order.
func (s *Service) spooledRows(ctx context.Context, q *request, exports []*step, emit func(parcel.Row) error) error {
	for _, t := range exports {
		err := s.lines(ctx, q, t.number, func(line []byte) error {
			r, err := parcel.Decode(line)
			if err != nil {
				return err
			}
			return emit(r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// spooledTold gives the entries and cases that spoolTold has put down.
func (s *Service) spooledTold(ctx context.Context, w *work, emit func(told) error) error {
	return s.lines(ctx, w.q, w.step.number, func(line []byte) error {
		var t told
		if err := json.Unmarshal(line, &t); err != nil {
			return fmt.Errorf("rights package: an entry or case is not what was written")
		}
		return emit(t)
	})
}

func (s *Service) titled(t *step, language string) parcel.System {
	out := parcel.System{Name: t.system, Title: t.system, Rows: int(t.done)}
	if m := s.maps[t.system]; m != nil {
		if title := m.Title[language]; title != "" {
			out.Title = title
		} else if title := m.Title["en"]; title != "" {
			out.Title = title
		}
	}
	for _, sys := range s.systems {
		out.Vault = out.Vault || sys.Name() == t.system && sys.Kind() == plan.Vault
	}
	return out
}

func (s *Service) head(p *policy.Policy, w *work, expires time.Time) parcel.Head {
	c := p.Controller()
	h := parcel.Head{
		Platform: p.Title().In(w.q.language), Controller: c.Name.In(w.q.language), Request: string(w.q.id), Subject: string(w.about.ID),
		Policy: p.Label(), Version: p.Version(), Language: w.q.language, Received: w.q.received, Made: s.data.Now(), Expires: expires,
	}
	for _, channel := range []string{"email", "web", "phone"} {
		if at := c.Contacts[channel]; at != "" && h.Contact == "" {
			h.Contact = at
		}
	}
	return h
}
