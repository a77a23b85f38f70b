package retention

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

var (
	setPolicy = db.Declare(`INSERT INTO retention_class (class, policy, n) VALUES ($1, $2, 0)
		ON CONFLICT (class) DO UPDATE SET policy = excluded.policy`, "int int")
	setEnded = db.Declare(`UPDATE retention_class SET ended = $1, n = n + $2 WHERE class = $3`, "int int int")
	setSwept = db.Declare(`UPDATE retention_class SET swept = $1 WHERE class = $2`, "int int")
)

const (
	selectStates = `SELECT class, policy, swept, ended, n FROM retention_class`
	selectLeft   = `SELECT item, period, n FROM retention_left ORDER BY period, item`
	addLeft      = `INSERT INTO retention_left (item, period, n) VALUES ($1, $2, $3)
		ON CONFLICT (item, period) DO UPDATE SET n = retention_left.n + excluded.n`
)

// A Schedule is how one class ends, and how it stands.
type Schedule struct {
	Class   string         `json:"class"`
	Title   policy.Text    `json:"title"`
	Until   policy.Event   `json:"until,omitempty"` // the event that ends it …
	For     string         `json:"for,omitempty"`   // … or the time,
	After   policy.Event   `json:"after,omitempty"` // which counts from this event
	Then    string         `json:"then"`            // erase, anonymise
	Within  string         `json:"within,omitempty"`
	Law     bool           `json:"law,omitempty"`
	Fixed   bool           `json:"fixed,omitempty"` // neither shorter nor longer
	Cite    policy.Text    `json:"cite,omitzero"`
	Control policy.Control `json:"control"` // what its sweeps show
	Due     int64          `json:"due"`     // rows that are due now
	By      *time.Time     `json:"by,omitempty"`
	Next    *time.Time     `json:"next,omitempty"`  // when the following rows are due
	Swept   *time.Time     `json:"swept,omitempty"` // last sweep that went through
	Ended   *time.Time     `json:"ended,omitempty"` // when something last ended
	Rows    int64          `json:"rows"`            // ended so far
}

// List returns the schedule of every class, in the order of the policy.
func (s *Service) List(ctx context.Context) ([]Schedule, error) {
	p, now := s.inForce().Policy, s.data.Now()
	known := map[policy.ClassNo]state{}
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		known, err = states(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []Schedule
	for _, c := range p.Classes() {
		x := Schedule{
			Class: c.Name, Title: c.Title, Until: c.Until, For: period(c.For), After: c.After, Then: c.Then, Within: period(c.Within),
			Law: c.Law, Fixed: c.Fixed, Cite: c.Cite, Control: control(c), Swept: known[c.No].swept, Ended: known[c.No].ended, Rows: known[c.No].n,
		}
		if x.Due, x.Next, err = s.vault.DueRows(ctx, c.No, now); err != nil {
			return nil, err
		}
		if x.Due > 0 {
			if x.By, err = s.latest(ctx, p, c, now); err != nil {
				return nil, err
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// latest is when what is due first has to be gone.
func (s *Service) latest(ctx context.Context, p *policy.Policy, c *policy.Class, now time.Time) (*time.Time, error) {
	list, _, _, err := s.vault.Lapsed(ctx, c.No, now, vault.Mark{}, 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	by := list[0].Due
	if !c.Within.IsZero() {
		by, _ = p.Calendar().Deadline(by, c.Within, false)
	}
	return &by, nil
}

func period(p policy.Period) string {
	if p.IsZero() {
		return ""
	}
	return p.String()
}

// A Left is how many values of an item were made anonymous in a month.
type Left struct {
	Item   string `json:"item"`
	Period string `json:"period"` // 2026-03
	Values int64  `json:"values"`
}

// Left returns what stays of values that were made anonymous.
func (s *Service) Left(ctx context.Context) ([]Left, error) {
	p := s.inForce().Policy
	var out []Left
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = db.List(ctx, r, "retention left", func(row db.Scanner) (x Left, err error) {
			var (
				item  policy.ItemNo
				month int64
			)
			err = row.Scan(&item, &month, &x.Values)
			x.Period = fmt.Sprintf("%04d-%02d", month/100, month%100)
			if i := p.ItemBy(item); i != nil {
				x.Item = i.Name
			}
			return x, err
		}, selectLeft)
		return err
	})
	return out, err
}

// A state is what is noted about a class.
type state struct {
	policy       int64 // number of the publication its rows were last dated by
	swept, ended *time.Time
	n            int64
}

func states(ctx context.Context, r db.Reader) (map[policy.ClassNo]state, error) {
	out := map[policy.ClassNo]state{}
	err := db.Each(ctx, r, "retention states", func(rows *db.Rows) error {
		var (
			class        policy.ClassNo
			x            state
			swept, ended *int64
		)
		if err := rows.Scan(&class, &x.policy, &swept, &ended, &x.n); err != nil {
			return err
		}
		x.swept, x.ended = when(swept), when(ended)
		out[class] = x
		return nil
	}, selectStates)
	return out, err
}

func when(us *int64) *time.Time {
	if us == nil {
		return nil
	}
	t := time.UnixMicro(*us).UTC()
	return &t
}
