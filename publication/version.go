package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Version is a policy that is or was in force: one publication of its text. A
// text that comes back is another version with the same hash.
type Version struct {
	Num    int64 // what log entries call it
	Since  time.Time
	Policy *policy.Policy
	Hash   string // as it was published; set by [Latest]
}

var insertVersion = db.Declare(`INSERT INTO policy_version (num, follows, version, label, made, since, numbers, source, reason, weight, again, keeps)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, "int int text text int int bytes bytes text text int int")

const (
	selectNewest  = `SELECT num, version, since, numbers FROM policy_version ORDER BY since DESC, num DESC LIMIT 1`
	selectHistory = `SELECT num, version, label, made, since, reason, weight, again, keeps FROM policy_version ORDER BY since, num`
)

// Numbers returns the numbers given to names so far, for policy.Compile. They
// are nil before the first version.
func Numbers(ctx context.Context, r db.Reader) (*policy.Numbers, error) {
	row, ok, err := newest(ctx, r)
	if err != nil || !ok {
		return nil, err
	}
	n := new(policy.Numbers)
	if err := json.Unmarshal(row.numbers, n); err != nil {
		return nil, fmt.Errorf("publication numbers: %w", err)
	}
	return n, nil
}

// Enter puts p in force, and says so in the log, unless its text is the one in
// force already: then it returns what is. A text that was in force before and comes
// back is a publication of its own, with its own number and time and the hash it had.
// p was compiled with [Numbers]. Of nodes that publish at the same time one is first;
// the others follow it, or find that nothing is left to do.
//
// It asks for no day and no reason: [Publish] does, and is for every version that
// takes the place of another one.
func Enter(ctx context.Context, d *db.DB, log *audit.Log, p *policy.Policy, source []byte) (*Version, error) {
	return enter(ctx, d, log, p, source, Terms{})
}

func enter(ctx context.Context, d *db.DB, log *audit.Log, p *policy.Policy, source []byte, t Terms) (*Version, error) {
	for {
		last, err := inForce(ctx, d)
		if err != nil {
			return nil, err
		}
		if last.version == p.Version() {
			return &Version{Num: last.num, Since: last.since, Policy: p}, nil
		}
		v, err := follow(ctx, d, log, last, p, source, t)
		if err == nil {
			return v, nil
		}
		if now, readErr := inForce(ctx, d); !db.Constraint(err) || readErr != nil || now.num == last.num {
			return nil, fmt.Errorf("publication enter: %w", err)
		}
		// Another node was first: this one follows it.
	}
}

// inForce reads the newest version; its number is 0 where there is none yet.
func inForce(ctx context.Context, d *db.DB) (s stored, err error) {
	err = d.Read(ctx, func(r *db.Snapshot) (err error) {
		s, _, err = newest(ctx, r)
		return err
	})
	return s, err
}

// follow publishes p after the version that is in force. It is later than that one,
// whatever the machine's clock has done in between.
func follow(ctx context.Context, d *db.DB, log *audit.Log, last stored, p *policy.Policy, source []byte, t Terms) (*Version, error) {
	num, err := d.Number(ctx, "policy")
	if err != nil {
		return nil, err
	}
	if last.num != 0 {
		d.NotBefore(last.since)
	}
	act := d.NewAct()
	v, err := begin(ctx, act, log, &Version{Num: num, Policy: p}, last.num, source, t, act.Now())
	if err != nil {
		return nil, err
	}
	if err := d.Commit(ctx, act); err != nil {
		return nil, err
	}
	return v, nil
}

// begin puts a version in force that was published at made, on an act, with its entry.
func begin(ctx context.Context, act *db.Act, log *audit.Log, v *Version, follows int64, source []byte, t Terms, made time.Time) (*Version, error) {
	numbers, err := json.Marshal(v.Policy.Numbers())
	if err != nil {
		return nil, err
	}
	v.Since = act.Now()
	act.Do(insertVersion, v.Num, follows, v.Policy.Version(), v.Policy.Label(), made.UnixMicro(), v.Since.UnixMicro(), numbers, source,
		strings.Join(t.Reasons, " "), t.weight(follows), truth(t.Again), truth(t.Keeps))
	e := audit.Entry{
		Kind: audit.PolicyInForce, Control: policy.PolicyVersion, Also: []policy.Control{policy.PolicyEffective},
		Public: []audit.Field{audit.Num(audit.TagPolicy, v.Num), audit.Text(audit.TagVersion, v.Policy.Version())},
	}
	if follows != 0 && t.Reasons != nil {
		e.Also = append(e.Also, policy.ChangeClassified)
		e.Public = append(e.Public, t.fields()...)
	}
	_, err = log.Append(ctx, act, e)
	return v, err
}

// A Past is a version as the history lists it.
type Past struct {
	Num     int64
	Version string
	Label   string
	Made    time.Time // when it was published
	Since   time.Time // in force from here on
	Reasons []string  // codes: why it was written; none for the first
	Weight  string    // technical, minor, major; "" for the first
	Again   bool      // people accept it again
	Keeps   bool      // it gives fewer rights, and who does not consent keeps the old ones
}

// History lists every version that was in force, oldest first.
func History(ctx context.Context, r db.Reader) ([]Past, error) {
	return db.List(ctx, r, "publication history", scanPast, selectHistory)
}

func scanPast(row db.Scanner) (p Past, err error) {
	var (
		made, since int64
		why         string
	)
	if err := row.Scan(&p.Num, &p.Version, &p.Label, &made, &since, &why, &p.Weight, &p.Again, &p.Keeps); err != nil {
		return p, err
	}
	p.Reasons = strings.Fields(why)
	p.Made, p.Since = time.UnixMicro(made).UTC(), time.UnixMicro(since).UTC()
	return p, nil
}

type stored struct {
	num     int64
	version string
	since   time.Time
	numbers []byte
}

func newest(ctx context.Context, r db.Reader) (s stored, ok bool, err error) {
	var since int64
	err = r.Row(ctx, selectNewest).Scan(&s.num, &s.version, &since, &s.numbers)
	switch {
	case db.None(err):
		return s, false, nil
	case err != nil:
		return s, false, fmt.Errorf("publication: %w", err)
	}
	s.since = time.UnixMicro(since).UTC()
	return s, true, nil
}
