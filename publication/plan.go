package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Plan is a version that is published and not in force yet.
type Plan struct {
	Num     int64 // what log entries will call it
	Follows int64 // the version that it takes the place of
	At      time.Time
	Made    time.Time
	Told    time.Time // when the notices of its change were out; zero: they are not
	Terms   Terms     // as the policies say, with the reasons and the lead as published
	Policy  *policy.Policy
	source  []byte
	hash    string // of the version; "" where it was not read from the store
}

// Due reports whether it is in force from now on.
func (p *Plan) Due(now time.Time) bool { return !p.Told.IsZero() && !now.Before(p.At) }

var (
	insertPlan = db.Declare(`INSERT INTO policy_plan (num, follows, version, label, since, lead, reason, weight, again, keeps, made, told, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, "int int text text int text text text int int int int bytes")
	updateTold = db.Declare(`UPDATE policy_plan SET told = $1, since = $2 WHERE num = $3 AND told IS NULL`, "int int int").Must()
	deletePlan = db.Declare(`DELETE FROM policy_plan WHERE num = $1`, "int")
	endPlan    = db.Declare(`DELETE FROM policy_plan WHERE num = $1`, "int").Must()
)

const (
	selectPlan    = `SELECT num, follows, version, since, lead, reason, made, told, source FROM policy_plan ORDER BY num DESC LIMIT 1`
	selectPending = `SELECT num FROM policy_plan ORDER BY num DESC LIMIT 1`
	selectLast    = `SELECT num, version, since, numbers, source FROM policy_version ORDER BY since DESC, num DESC LIMIT 1`
)

// Latest returns the version in force, compiled from the source that is kept. ok is
// false before the first one. A version that this program cannot read any more is
// fault.Conflict.
//
// at is what the caller has compiled with [Numbers], or nil: it is taken where it is
// the version in force. A version is a hash of the source and of every law that it
// names, so two that are equal say the same.
func Latest(ctx context.Context, r db.Reader, file string, at *policy.Policy) (v *Version, ok bool, err error) {
	var (
		version         string
		since           int64
		numbers, source []byte
	)
	v = new(Version)
	err = r.Row(ctx, selectLast).Scan(&v.Num, &version, &since, &numbers, &source)
	switch {
	case db.None(err):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("publication latest: %w", err)
	}
	v.Since, v.Hash = time.UnixMicro(since).UTC(), version
	if at != nil && at.Version() == version {
		v.Policy = at
		return v, true, nil
	}
	v.Policy, err = compile(file, source, numbers)
	return v, true, err
}

// Named returns a version that was in force, by its hash, with the numbers that names
// have now.
func Named(ctx context.Context, r db.Reader, file, hash string) (*policy.Policy, error) {
	past, err := History(ctx, r)
	if err != nil {
		return nil, err
	}
	row, _, err := newest(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, v := range past {
		if v.Version != hash {
			continue
		}
		source, err := Source(ctx, r, v.Num)
		if err != nil {
			return nil, err
		}
		return compile(file, source, row.numbers)
	}
	return nil, fault.New(fault.NotFound, "there was no version with that hash")
}

func compile(file string, source, numbers []byte) (*policy.Policy, error) {
	n := new(policy.Numbers)
	if err := json.Unmarshal(numbers, n); err != nil {
		return nil, fmt.Errorf("publication numbers: %w", err)
	}
	p, _, err := policy.Load(file, source, n)
	if err != nil {
		return nil, fault.Wrap(fault.Conflict, err, "this program cannot read that version any more: its source is kept, with its hash")
	}
	return p, nil
}

// Next returns the version that is published and not in force yet; nil where there is
// none. Of the policy that is in force, and of the plan as it was read before, what is
// still so is not compiled again; both may be nil.
func Next(ctx context.Context, r db.Reader, file string, inForce *policy.Policy, known *Plan) (*Plan, error) {
	var (
		p            Plan
		since, made  int64
		told         *int64
		lead, reason string
	)
	err := r.Row(ctx, selectPlan).Scan(&p.Num, &p.Follows, &p.hash, &since, &lead, &reason, &made, &told, &p.source)
	if db.None(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("publication next: %w", err)
	}
	last, ok, err := Latest(ctx, r, file, inForce)
	if err != nil || !ok || last.Num != p.Follows {
		return nil, err // another version came first: nothing follows from this one
	}
	if known != nil && known.Num == p.Num && known.Follows == p.Follows && known.hash == p.hash {
		p.Policy, p.Terms = known.Policy, known.Terms
	} else {
		numbers, err := Numbers(ctx, r)
		if err != nil {
			return nil, err
		}
		if p.Policy, _, err = policy.Load(file, p.source, numbers); err != nil {
			return nil, err
		}
		p.Terms, _ = TermsOf(last.Policy, p.Policy)
	}
	if p.Terms.Lead, err = leadOf(lead); err != nil {
		return nil, err
	}
	p.Terms.Reasons = strings.Fields(reason)
	p.At, p.Made = time.UnixMicro(since).UTC(), time.UnixMicro(made).UTC()
	if told != nil {
		p.Told = time.UnixMicro(*told).UTC()
	}
	return &p, nil
}

func leadOf(s string) (policy.Period, error) {
	if s == "" {
		return policy.Period{}, nil
	}
	return calendar.Parse(s)
}

// leadText is a lead as the table keeps it.
func leadText(p policy.Period) string {
	if p.IsZero() {
		return ""
	}
	return p.String()
}

// Tell says that the notices of a plan's change are out. It takes effect when they
// have been out for its lead, and not before its day.
func Tell(ctx context.Context, d *db.DB, log *audit.Log, p *Plan) error {
	act := d.NewAct()
	told := act.Now()
	at := later(p.At, p.soonest(told))
	act.Do(updateTold, told.UnixMicro(), at.UnixMicro(), p.Num)
	_, err := log.Append(ctx, act, audit.Entry{
		Kind: audit.PolicyTold, Control: policy.ChangeNoticed,
		Public: append([]audit.Field{
			audit.Num(audit.TagPolicy, p.Num), audit.Text(audit.TagVersion, p.Policy.Version()), audit.Time(audit.TagFrom, at),
		}, channels(p.Terms)...),
	})
	if err != nil {
		return err
	}
	if err := d.Commit(ctx, act); err != nil {
		return err
	}
	p.Told, p.At = told, at
	return nil
}

func channels(t Terms) []audit.Field {
	out := make([]audit.Field, 0, len(t.Channels))
	for _, c := range t.Channels {
		out = append(out, audit.Text(audit.TagChannel, c))
	}
	return out
}

// soonest is when it may take effect if people know of it from told on.
func (p *Plan) soonest(told time.Time) time.Time {
	if p.Terms.Lead.IsZero() {
		return told
	}
	at, _ := p.Policy.Calendar().Add(told, p.Terms.Lead)
	return at
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Start puts a plan in force. The caller asks [Plan.Due] first. Of nodes that do so at
// the same time one is first; the others get db.ErrLost.
func Start(ctx context.Context, d *db.DB, log *audit.Log, p *Plan) (*Version, error) {
	act := d.NewAct()
	act.Do(endPlan, p.Num)
	v, err := begin(ctx, act, log, &Version{Num: p.Num, Policy: p.Policy}, p.Follows, p.source, p.Terms, p.Made)
	if err != nil {
		return nil, err
	}
	if err := d.Commit(ctx, act); err != nil {
		return nil, err
	}
	return v, nil
}
