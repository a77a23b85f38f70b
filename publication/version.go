package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Version is a policy that is or was in force.
type Version struct {
	Num    int64 // what log entries call it
	Since  time.Time
	Policy *policy.Policy
}

var insertVersion = db.Declare(`INSERT INTO policy_version (num, version, label, since, numbers, source)
	VALUES ($1, $2, $3, $4, $5, $6)`, "int text text int bytes bytes")

const (
	selectNewest  = `SELECT num, version, since, numbers FROM policy_version ORDER BY since DESC, num DESC LIMIT 1`
	selectHistory = `SELECT num, version, label, since FROM policy_version ORDER BY since, num`
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

// Enter puts p in force, and says so in the log, unless it is the version in
// force already. p was compiled with [Numbers].
func Enter(ctx context.Context, d *db.DB, log *audit.Log, p *policy.Policy, source []byte) (*Version, error) {
	var (
		row stored
		ok  bool
	)
	err := d.Read(ctx, func(r *db.Snapshot) (err error) {
		row, ok, err = newest(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if ok && row.version == p.Version() {
		return &Version{Num: row.num, Since: row.since, Policy: p}, nil
	}
	numbers, err := json.Marshal(p.Numbers())
	if err != nil {
		return nil, fmt.Errorf("publication enter: %w", err)
	}
	num, err := d.Number(ctx, "policy")
	if err != nil {
		return nil, fmt.Errorf("publication enter: %w", err)
	}
	act := d.NewAct()
	act.Do(insertVersion, num, p.Version(), p.Label(), act.Now().UnixMicro(), numbers, source)
	_, err = log.Append(ctx, act, audit.Entry{
		Kind: audit.PolicyInForce, Control: policy.PolicyVersion,
		Public: []audit.Field{audit.Num(audit.TagPolicy, num), audit.Text(audit.TagVersion, p.Version())},
	})
	if err != nil {
		return nil, fmt.Errorf("publication enter: %w", err)
	}
	if err := d.Commit(ctx, act); err != nil {
		return nil, fmt.Errorf("publication enter: %w", err)
	}
	return &Version{Num: num, Since: act.Now(), Policy: p}, nil
}

// A Past is a version as the history lists it.
type Past struct {
	Num     int64
	Version string
	Label   string
	Since   time.Time
}

// History lists every version that was in force, oldest first.
func History(ctx context.Context, r db.Reader) ([]Past, error) {
	rows, err := r.Query(ctx, selectHistory)
	if err != nil {
		return nil, fmt.Errorf("publication history: %w", err)
	}
	defer rows.Close()
	var out []Past
	for rows.Next() {
		var (
			p     Past
			since int64
		)
		if err := rows.Scan(&p.Num, &p.Version, &p.Label, &since); err != nil {
			return nil, fmt.Errorf("publication history: %w", err)
		}
		p.Since = time.UnixMicro(since).UTC()
		out = append(out, p)
	}
	return out, rows.Err()
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
