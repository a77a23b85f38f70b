package platform

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

// openLimit bounds how many requests of one state a list of open ones holds.
const openLimit = 1000

// OpenRequests returns the requests that have not ended, the one that is due
// first at the head and those without a deadline at the end.
func (p *Platform) OpenRequests(ctx context.Context) ([]rights.Summary, error) {
	var out []rights.Summary
	for _, s := range []rights.State{
		rights.Received, rights.Verified, rights.Surveyed, rights.Planned, rights.Approved, rights.Running, rights.NeedsAttention, rights.VerifiedAfter,
	} {
		list, err := p.rights.List(ctx, rights.Filter{State: s, Limit: openLimit})
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b rights.Summary) int {
		return cmp.Or(dueOf(a).Compare(dueOf(b)), a.Received.Compare(b.Received))
	})
	return out, nil
}

// dueOf is when a request must be done; far away where nothing says so.
func dueOf(q rights.Summary) time.Time {
	if q.DoneDue == nil {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return q.DoneDue.At
}

// Entry returns one entry of the log; fault.NotFound when there is none.
func (p *Platform) Entry(ctx context.Context, id audit.ID) (e audit.Record, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		e, err = p.log.Entry(ctx, r, id)
		return err
	})
	return e, err
}

// Looked leaves an entry that a member of staff looked at what is on record about
// a subject, values apart. Show it only when this has returned nil (I-3).
func (p *Platform) Looked(ctx context.Context, sub subject.ID, by Actor) error {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	e := audit.Entry{Kind: audit.StaffAction, Public: acted("look", by)}
	if f.State != subject.Erased { // nothing is sealed about somebody who was erased
		e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
		e.Private = []audit.Field{audit.Text(audit.TagActor, by.ID)}
	}
	return p.appendAlone(ctx, e)
}

// Acted leaves an entry about an act of staff that is about nobody: a key was
// made, a colleague disabled. action is a code; who acted stands with the thing.
func (p *Platform) Acted(ctx context.Context, kind audit.Kind, action string, by Actor) error {
	return p.appendAlone(ctx, audit.Entry{Kind: kind, Public: acted(action, by)})
}

func acted(action string, by Actor) []audit.Field {
	return []audit.Field{audit.Text(audit.TagRole, by.Role), audit.Text(audit.TagAction, action), audit.Text(audit.TagChannel, "console")}
}

// appendAlone commits an entry that no other write goes with.
func (p *Platform) appendAlone(ctx context.Context, e audit.Entry) error {
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("platform entry: %w", err)
	}
	return p.data.Commit(ctx, act)
}
