package rights

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/vault"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// partSize is the size of a sealed piece of a spool or package: what stands in
// memory at a time.
const partSize = 256 << 10

// export reads every value of the person in one system into the sealed spool.
// Taken up again it begins anew, so the spool never holds half an answer.
func (s *Service) export(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	s.point("rights.step.before-check")
	sv, err := s.ask(ctx, w.q, w.about, d, sys, w.step.number)
	if err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Export)
	if err != nil {
		return err
	}
	if err := s.read(ctx, w, sys, person(w.q, string(w.about.ID), d), sv, leave); err != nil {
		return err
	}
	return s.finish(ctx, w, fact{
		kind: audit.Exported, control: policy.AccessPackage,
		public: []audit.Field{audit.Text(audit.TagAction, plan.Export), audit.Num(audit.TagCount, w.step.extra)},
	}, nil)
}

// read spools what a system exports, and checks that every row it said is the
// person's has come.
func (s *Service) read(ctx context.Context, w *work, sys connector.System, who connector.Subject, sv *connector.Survey, leave gate.Warrant) error {
	s.point("rights.export.before-clear")
	out, err := s.newSpool(ctx, w)
	if err != nil {
		return err
	}
	missing := owned(sv)
	w.step.planned, w.step.done, w.step.extra = int64(len(missing)), 0, 0
	portable, copied := s.carries(w), s.ofOthers(who)
	err = sys.Export(ctx, leave, who, sv, func(r connector.Row) error {
		delete(missing, [2]string{r.Collection, r.Key})
		if r = portable(r); len(r.Values) == 0 {
			return nil
		}
		w.step.done++
		w.step.extra += int64(len(r.Values))
		return out.row(ctx, parcel.FromConnector(sys.Name(), sys.Kind() == plan.Vault, copied(r)))
	})
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fault.New(fault.Busy, "%s: %d rows changed while they were read: trying again", sys.Name(), len(missing))
	}
	return out.flush(ctx)
}

// carries returns what of a row goes into the package: for portability the items
// that may be taken along, of rows that are the person's.
func (s *Service) carries(w *work) func(connector.Row) connector.Row {
	if w.q.right() != policy.Portability {
		return func(r connector.Row) connector.Row { return r }
	}
	p := s.policy()
	return func(r connector.Row) connector.Row {
		values := r.Values
		r.Values = nil
		if r.Role == connector.Accessor || r.Role == connector.Actor {
			return r
		}
		for _, v := range values {
			item, err := p.Item(v.Item)
			if err == nil && plan.Portable(p, item) || v.Item == "" && sinceColumn(v.Column) {
				r.Values = append(r.Values, v)
			}
		}
		if !slices.ContainsFunc(r.Values, func(v connector.Value) bool { return v.Item != "" }) {
			r.Values = nil
		}
		return r
	}
}

// sinceColumn reports whether a plain column of the vault says when values came.
func sinceColumn(name string) bool { return name == "collected" }

// owned returns the rows that an export must give.
func owned(sv *connector.Survey) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, f := range sv.Found {
		if f.Role != connector.Self && f.Role != connector.Owns && f.Role != connector.Joint {
			continue
		}
		if f.Collection == vault.Record { // shown as consents, disclosures and log
			continue
		}
		for _, k := range f.Keys {
			out[[2]string{f.Collection, k}] = true
		}
	}
	return out
}

// A spool is rows on their way into a package, sealed piece by piece.
type spool struct {
	s    *Service
	w    *work
	buf  bytes.Buffer
	part int64
}

func (s *Service) newSpool(ctx context.Context, w *work) (*spool, error) {
	a := s.data.NewAct()
	a.Do(deleteSpool, w.q.num, w.step.number)
	if err := s.data.Commit(ctx, a); err != nil {
		return nil, fmt.Errorf("rights spool: %w", err)
	}
	return &spool{s: s, w: w}, nil
}

func (p *spool) row(ctx context.Context, r parcel.Row) error {
	line, err := parcel.Encode(r)
	if err != nil {
		return err
	}
	return p.line(ctx, line)
}

func (p *spool) line(ctx context.Context, line []byte) error {
	p.buf.Write(line)
	if p.buf.Len() < partSize {
		return nil
	}
	return p.flush(ctx)
}

func (p *spool) flush(ctx context.Context) error {
	if p.buf.Len() == 0 {
		return nil
	}
	sealed, err := p.s.sealBytes(ctx, p.w.q, placeSpool, p.w.step.number<<32|p.part, p.buf.Bytes())
	if err != nil {
		return err
	}
	p.s.point("rights.export.before-part")
	a := p.s.data.NewAct()
	a.Do(insertSpool, p.w.q.num, p.w.step.number, p.part, sealed)
	if err := p.s.data.Commit(ctx, a); err != nil {
		return fmt.Errorf("rights spool: %w", err)
	}
	p.buf.Reset()
	p.part++
	return nil
}

// lines gives every line of a step's spool, in order.
func (s *Service) lines(ctx context.Context, q *request, number int64, fn func([]byte) error) error {
	for part := int64(0); ; part++ {
		var sealed []byte
		err := s.data.Read(ctx, func(r *db.Snapshot) error {
			return r.Row(ctx, selectSpool, q.num, number, part).Scan(&sealed)
		})
		if db.None(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("rights spool: %w", err)
		}
		plain, err := s.openBytes(ctx, q, placeSpool, number<<32|part, sealed)
		if err != nil {
			return err
		}
		in := bufio.NewReader(bytes.NewReader(plain))
		for {
			line, err := in.ReadBytes('\n')
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
			if err := fn(line); err != nil {
				return err
			}
		}
	}
}
