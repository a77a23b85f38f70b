package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/subject"
)

// Receipt returns the receipt file of a delivered request: plan.VerifyReceipt
// checks it offline. The proof is under the newest checkpoint of the log.
func (s *Service) Receipt(ctx context.Context, want ID) ([]byte, error) {
	q, _, err := s.load(ctx, want)
	if err != nil {
		return nil, err
	}
	if q.receipt == nil || q.receiptEntry == nil {
		return nil, fault.New(fault.NotFound, "the request is %s: the receipt is made when it is delivered", q.state)
	}
	body, err := plan.ReadBody(q.receipt)
	if err != nil {
		return nil, fmt.Errorf("rights receipt: %w", err)
	}
	proof, err := s.log.Proof(ctx, audit.ID(*q.receiptEntry))
	if err != nil {
		return nil, err
	}
	r := plan.Receipt{Body: *body, Proof: proof}
	return r.File(), nil
}

// body says what was asked and done, in counts and names.
func (s *Service) body(ctx context.Context, q *request, about subject.Facts) (*plan.Body, error) {
	p := s.policy()
	b := &plan.Body{
		Format: 1, Log: s.log.Origin(), Controller: plan.Text(p.Controller().Name.Map()), Request: string(q.id), Subject: string(about.ID),
		Right: q.right(), Scope: q.scope, Policy: plan.Version{Version: q.policy, Label: q.label}, Plan: q.planHash,
	}
	b.Clock = plan.Clock{
		Received: q.received, Method: q.method, Finished: s.data.Now(),
		ReplyDue: q.dueAt(q.reply, q.received).public(), DoneDue: q.dueAt(q.done, q.received).public(),
	}
	if q.stood > 0 {
		b.Clock.PausedFor = q.stood.String()
	}
	for _, t := range []struct {
		from *time.Time
		to   *time.Time
	}{{q.verified, &b.Clock.Verified}, {q.approved, &b.Clock.Approved}} {
		if t.from != nil {
			*t.to = *t.from
		}
	}
	list, err := s.stepsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	if b.Systems, err = s.results(ctx, q, list); err != nil {
		return nil, err
	}
	if err := s.toldBy(ctx, q, b); err != nil {
		return nil, err
	}
	return b, s.promises(ctx, q, b, list)
}

// toldBy adds what was corrected and who was told.
func (s *Service) toldBy(ctx context.Context, q *request, b *plan.Body) error {
	p, err := s.stored(ctx, q)
	if err != nil {
		return err
	}
	var list []Event
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = events(ctx, r, q)
		return err
	})
	b.Corrects = p.Corrects
	public := p.Public()
	b.Recipients = toldOf(&public, list)
	return err
}

// promises adds to a receipt what follows from here on, and what lies outside.
func (s *Service) promises(ctx context.Context, q *request, b *plan.Body, list []*step) error {
	if q.fetchable() {
		b.Outside = plan.OutsidePackage()
		for _, t := range list {
			if t.kind != string(plan.Pack) || t.number/1000 != q.plan || q.expires == nil {
				continue
			}
			var done packed
			if err := json.Unmarshal(t.outcome, &done); err != nil {
				return fmt.Errorf("rights receipt: %w", err)
			}
			b.Package = &plan.Package{Digest: done.Digest, Size: done.Size, Values: done.Values, Entries: done.Entries, Expires: *q.expires}
		}
		return nil
	}
	if !q.erases() {
		b.Outside = plan.OutsideChange(len(b.Systems) > 1)
		return nil
	}
	status, err := s.keys.Status(ctx)
	if err != nil {
		return err
	}
	b.Silent = plan.NotYet(status.Epoch.Number, s.nextEpoch())
	b.Outside = plan.Reach{
		Postgres: s.data.Engine() == db.Postgres, SameCluster: status.SameCluster, Systems: len(b.Systems) > 1,
	}.Outside()
	return nil
}

func (s *Service) nextEpoch() *time.Time {
	if s.epoch == nil {
		return nil
	}
	if at, ok := s.epoch(s.data.Now()); ok {
		return &at
	}
	return nil
}

// results gathers what was planned and observed, system by system, over every
// plan that ran for the request.
func (s *Service) results(ctx context.Context, q *request, list []*step) ([]plan.Result, error) {
	current, err := s.stored(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []plan.Result
	for _, sys := range current.Systems {
		r := plan.Result{Name: sys.Name, Kind: sys.Kind}
		for _, t := range list {
			if t.system != sys.Name || t.outcome == nil && t.kind != string(plan.Export) && t.kind != string(plan.Manual) {
				continue
			}
			switch plan.StepKind(t.kind) {
			case plan.Erase:
				err = addErased(&r, &sys, t, t.number/1000 == q.plan)
			case plan.Search:
				err = addSearch(&r, t)
			case plan.Export:
				r.Collections = copied(&sys)
			case plan.Correct, plan.Restrict:
				err = addChanged(&r, &sys, t)
			case plan.Manual:
				if t.state == stepDone && t.number/1000 == q.plan {
					r.ByHand = byHandIn(current, sys.Name)
				}
			case plan.Reread:
				err = addReading(&r, t)
			}
			if err != nil {
				return nil, err
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// noted reads the outcome of a step and adds its notes to a result.
func noted(r *plan.Result, t *step) (done connector.Outcome, err error) {
	if err := json.Unmarshal(t.outcome, &done); err != nil {
		return done, fmt.Errorf("rights receipt: %w", err)
	}
	for _, n := range done.Notes {
		if !has(r.Notes, n) {
			r.Notes = append(r.Notes, n)
		}
	}
	return done, nil
}

// addErased adds an erasure to a result. What an earlier plan kept is told by the
// newest one.
func addErased(r *plan.Result, sys *plan.System, t *step, newest bool) error {
	done, err := noted(r, t)
	if err != nil {
		return err
	}
	for i, c := range done.Collections {
		if c.Action == connector.Keep && !newest {
			continue
		}
		n := plan.Counted{Name: c.Collection, Action: c.Action, Planned: c.Planned, Done: c.Done, Already: c.Already, Moved: c.Moved}
		if newest && i < len(sys.Collections) {
			n.Keep, n.Leaves = sys.Collections[i].Keep, sys.Collections[i].Leaves
		}
		r.Collections = plan.Count(r.Collections, n)
	}
	return nil
}

// addChanged adds a correction or a restriction, and what stayed as it was.
func addChanged(r *plan.Result, sys *plan.System, t *step) error {
	done, err := noted(r, t)
	if err != nil {
		return err
	}
	for _, c := range done.Collections {
		r.Collections = plan.Count(r.Collections, plan.Counted{Name: c.Collection, Action: c.Action, Planned: c.Planned, Done: c.Done, Already: c.Already, Moved: c.Moved})
	}
	for _, c := range sys.Collections {
		if c.Keep != nil {
			r.Collections = append(r.Collections, plan.Counted{Name: c.Name, Action: c.Action, Planned: c.Count, Keep: c.Keep})
		}
	}
	return nil
}

func addReading(r *plan.Result, t *step) error {
	var got seen
	if err := json.Unmarshal(t.outcome, &got); err != nil {
		return fmt.Errorf("rights receipt: %w", err)
	}
	r.Reread = &plan.Reading{Rows: got.Rows, New: got.New, Old: got.Old}
	if t.ended != nil {
		r.Reread.At = *t.ended
	}
	return nil
}

// byHandIn names the places where people did what a system could not.
func byHandIn(p *plan.Plan, system string) []string {
	var out []string
	for _, t := range p.Tasks(system) {
		out = append(out, strings.TrimSpace(t.Collection+" "+strings.Join(t.Columns, ", ")))
	}
	return out
}

func addSearch(r *plan.Result, t *step) error {
	var f connector.Findings
	if err := json.Unmarshal(t.outcome, &f); err != nil {
		return fmt.Errorf("rights receipt: %w", err)
	}
	s := &plan.Searched{Tables: f.Tables, Rows: f.Rows, Residue: f.Residue(), Skipped: f.Skipped}
	if t.ended != nil {
		s.At = *t.ended
	}
	for _, h := range f.Hits {
		if h.State == connector.Kept {
			s.Kept += h.Rows
		}
	}
	r.Search = s
	return nil
}

// copied tells what an access request read.
func copied(sys *plan.System) []plan.Counted {
	var out []plan.Counted
	for _, c := range sys.Collections {
		out = plan.Count(out, plan.Counted{Name: c.Name, Action: c.Action, Planned: c.Count, Done: c.Count})
	}
	return out
}
