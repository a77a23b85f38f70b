package platform

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

// openPage is how many requests of one state are read at once.
const openPage = 500

// OpenRequests returns the requests that have not ended, the one that is due
// first at the head and those without a deadline at the end.
func (p *Platform) OpenRequests(ctx context.Context) ([]rights.Summary, error) {
	var out []rights.Summary
	for _, s := range []rights.State{
		rights.Received, rights.Verified, rights.Surveyed, rights.Planned, rights.Approved, rights.Running, rights.NeedsAttention, rights.VerifiedAfter,
	} {
		for after := rights.ID(""); ; {
			list, err := p.rights.List(ctx, rights.Filter{State: s, After: after, Limit: openPage})
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
			if len(list) < openPage {
				break
			}
			after = list[len(list)-1].ID
		}
	}
	slices.SortFunc(out, CompareDue)
	return out, nil
}

// CompareDue orders requests: who is due first comes first, then who came first.
func CompareDue(a, b rights.Summary) int {
	return cmp.Or(dueOf(a).Compare(dueOf(b)), a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
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

// A Ground is why a member of staff looks at a record: a purpose of the policy,
// and what stands behind it. The person sees both.
type Ground struct {
	Purpose string // "": none was named
	Ref     policy.Ref
}

// Looked leaves an entry that a member of staff looked at what is on record about
// a subject, values apart. Show it only when this has returned nil (I-3).
func (p *Platform) Looked(ctx context.Context, sub subject.ID, why Ground, by Actor) error {
	if role, err := p.Policy().Role(by.Role); err == nil {
		if err := p.Cleared(ctx, gate.Actor{Role: role.No, ID: by.ID}); err != nil {
			return err
		}
		p.sawReads(ctx, gate.Actor{Role: role.No, ID: by.ID}, 1)
	}
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return err
	}
	s, err := p.gate.State(ctx, num)
	if err != nil {
		return err
	}
	err = p.looked(ctx, s.Subject, why, by)
	if fault.Of(err) == fault.NotFound { // erased since the facts were read
		if s, err = p.gate.Fresh(ctx, num); err == nil {
			err = p.looked(ctx, s.Subject, why, by)
		}
	}
	return err
}

func (p *Platform) looked(ctx context.Context, f subject.Facts, why Ground, by Actor) error {
	e := audit.Entry{Kind: audit.StaffAction, Public: acted("look", by)}
	if why.Purpose != "" {
		purpose, err := p.Policy().Purpose(why.Purpose)
		if err != nil {
			return err
		}
		e.Public = append(e.Public, audit.Num(audit.TagPurpose, purpose.No))
	}
	if f.State != subject.Erased { // nothing is sealed about somebody who was erased
		e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
		e.Private = []audit.Field{audit.Text(audit.TagActor, by.ID)}
		if why.Ref.ID != "" {
			e.Private = append(e.Private, audit.Text(audit.TagRef, why.Ref.Kind.String()+" "+why.Ref.ID))
		}
	}
	return p.appendAlone(ctx, e)
}

// Acted leaves an entry about an act of staff that is about nobody: a key was
// made, a colleague disabled. action is a code; who acted stands with the thing.
func (p *Platform) Acted(ctx context.Context, kind audit.Kind, action string, by Actor) error {
	e := audit.Entry{Kind: kind, Public: acted(action, by)}
	if kind == audit.SignedIn {
		e.Control = policy.StaffAuthenticated
	}
	return p.appendAlone(ctx, e)
}

// SignInsFailed leaves an entry that staff sign-ins on this platform failed: how
// many, and no word about whose. The caller gathers floods.
func (p *Platform) SignInsFailed(ctx context.Context, count int64) error {
	err := p.appendAlone(ctx, audit.Entry{Kind: audit.SignInFailed, Public: []audit.Field{
		audit.Num(audit.TagCount, count), audit.Text(audit.TagChannel, "console"),
	}})
	if err != nil {
		return err
	}
	return p.sawFailures(ctx, count)
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
