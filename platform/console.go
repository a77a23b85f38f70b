package platform

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
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

// Acted leaves an entry about an act of staff that is about nobody: a key was
// made, a colleague disabled. action is a code; who acted stands with the thing.
func (p *Platform) Acted(ctx context.Context, kind audit.Kind, action string, by Actor) error {
	e := audit.Entry{Kind: kind, Public: acted(action, by)}
	if kind == audit.SignedIn {
		e.Control = policy.StaffAuthenticated
	}
	return p.appendAlone(ctx, e)
}

// ReadLog leaves an entry that staff read the log, and returns a page of it. It is
// returned only when that entry is durable (I-3), which may stand on it.
func (p *Platform) ReadLog(ctx context.Context, f audit.Filter, by Actor) ([]audit.Record, error) {
	var list func(context.Context) ([]audit.Record, error)
	var ask func(*db.Inquiry)
	if endOfLog(f) {
		ask = func(in *db.Inquiry) { list = p.log.NewestOf(in, f.Limit) }
	}
	e := audit.Entry{Kind: audit.StaffAction, Public: acted("log", by)}
	if err := p.appendAsking(ctx, e, ask); err != nil {
		return nil, err
	}
	if list == nil {
		return p.Entries(ctx, f)
	}
	return list(ctx)
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

// acted is the public part about an act of staff. It names the role: who it was is
// personal (audit.TagActor), and is sealed only with the key of somebody the entry is
// about.
func acted(action string, by Actor) []audit.Field {
	return []audit.Field{audit.Text(audit.TagRole, by.Role), audit.Text(audit.TagAction, action), audit.Text(audit.TagChannel, "console")}
}

// appendAlone commits an entry that no other write goes with.
func (p *Platform) appendAlone(ctx context.Context, e audit.Entry) error {
	return p.appendAsking(ctx, e, nil)
}

// appendAsking commits an entry that no other write goes with, and has what fn asks for
// answered on the way. When it returns nil, the entry is durable and the answers are
// there.
func (p *Platform) appendAsking(ctx context.Context, e audit.Entry, fn func(*db.Inquiry)) error {
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("platform entry: %w", err)
	}
	if fn == nil {
		return p.data.Commit(ctx, act)
	}
	in := act.Inquire()
	fn(in)
	if err := p.data.Commit(ctx, act); err != nil {
		return err
	}
	return in.Err()
}
