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
	out.Entries = func(emit func(parcel.Entry) error) error { return s.spooledEntries(ctx, w, emit) }
	return out, values, nil
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

// spooledEntries gives the entries that spoolEntries has put down.
func (s *Service) spooledEntries(ctx context.Context, w *work, emit func(parcel.Entry) error) error {
	return s.lines(ctx, w.q, w.step.number, func(line []byte) error {
		var e parcel.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("rights package: an entry is not what was written")
		}
		return emit(e)
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
