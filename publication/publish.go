package publication

import (
	"context"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Text is a version that somebody wants to publish.
type Text struct {
	Policy  *policy.Policy // compiled with [Numbers]
	Source  []byte
	At      time.Time // from when it holds; zero: from the day that the text names
	Reasons []string  // why it was written; none: those that the text names

	// Soonest takes a day that is too early for one on which the policy lets it take
	// effect. Without it such a day is refused, with the one that would do.
	Soonest bool
}

// Publish makes a version the next one, in the place of one that is published and not
// in force yet. It answers with the plan, or with the version where nothing is to be
// waited for: its day has come, and people need not hear of it before. A version
// without a day or without a reason is fault.Invalid; a day by which people cannot
// have known long enough is fault.Conflict.
func Publish(ctx context.Context, d *db.DB, log *audit.Log, last *Version, t Text) (*Plan, *Version, error) {
	p, err := plan(last, t, d.Now())
	if err != nil {
		return nil, nil, err
	}
	if p.Terms.Weight == policy.Technical && !p.At.After(p.Made) {
		v, err := enter(ctx, d, log, p.Policy, t.Source, p.Terms)
		return nil, v, err
	}
	if p.Num, err = d.Number(ctx, "policy"); err != nil {
		return nil, nil, err
	}
	before, err := pending(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	d.NotBefore(last.Since)
	act := d.NewAct()
	act.Do(deletePlan, before)
	act.Do(insertPlan, p.Num, p.Follows, p.Policy.Version(), p.Policy.Label(), p.At.UnixMicro(), leadText(p.Terms.Lead), strings.Join(p.Terms.Reasons, " "),
		p.Terms.Weight.String(), truth(p.Terms.Again), truth(p.Terms.Keeps), p.Made.UnixMicro(), nil, t.Source)
	_, err = log.Append(ctx, act, audit.Entry{
		Kind: audit.PolicyScheduled, Control: policy.ChangeClassified, Also: []policy.Control{policy.PolicyEffective},
		Public: append([]audit.Field{
			audit.Num(audit.TagPolicy, p.Num), audit.Text(audit.TagVersion, p.Policy.Version()), audit.Time(audit.TagFrom, p.At),
		}, p.Terms.fields()...),
	})
	if err != nil {
		return nil, nil, err
	}
	if err := d.Commit(ctx, act); err != nil {
		return nil, nil, err
	}
	return p, nil, nil
}

// plan says when a version may take effect, and what for.
func plan(last *Version, t Text, now time.Time) (*Plan, error) {
	p := &Plan{Follows: last.Num, Made: now, Policy: t.Policy, At: t.At, source: t.Source}
	p.Terms, _ = TermsOf(last.Policy, t.Policy)
	if len(t.Reasons) > 0 {
		p.Terms.Reasons = t.Reasons
	}
	if err := p.Terms.check(); err != nil {
		return nil, err
	}
	if p.At.IsZero() {
		p.At = t.Policy.Effective()
	}
	switch {
	case p.At.IsZero() && p.Terms.Weight == policy.Technical:
		p.At = now
	case p.At.IsZero():
		return nil, fault.New(fault.Invalid, "the version names no day from which it holds: write effective: and a date into the file, or publish it with --at")
	}
	first := p.soonest(now)
	if p.At.Before(first) && !p.Terms.Lead.IsZero() && !t.Soonest {
		return nil, fault.New(fault.Conflict, "this is a %s change, and people know of one %s before it takes effect: publish it with --at %s or later", p.Terms.Weight, p.Terms.Lead, first.Add(time.Second).Format("2006-01-02T15:04:05Z"))
	}
	p.At = later(p.At, first)
	return p, nil
}

// pending is the number of the version that is published and not in force yet, or 0.
func pending(ctx context.Context, d *db.DB) (num int64, err error) {
	err = d.Read(ctx, func(r *db.Snapshot) error {
		err := r.Row(ctx, selectPending).Scan(&num)
		if db.None(err) {
			return nil
		}
		return err
	})
	return num, err
}
