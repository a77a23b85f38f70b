package retention

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/vault"
)

// batch is how many due rows are looked up at once.
const batch = 500

// atOnce is how many people's data end at the same time: enough to share syncs, few
// enough that others' acts do not wait.
const atOnce = 8

// Config is what retention stands on.
type Config struct {
	Data    *db.DB
	Vault   *vault.Vault
	InForce func() *publication.Version // the policy in force
}

// A Service ends what has been kept long enough on one platform.
type Service struct {
	data    *db.DB
	vault   *vault.Vault
	inForce func() *publication.Version
}

// New returns the retention of a platform.
func New(c Config) *Service { return &Service{c.Data, c.Vault, c.InForce} }

// Options say what a sweep does.
type Options struct {
	DryRun bool
	Class  string // "": every class
	Limit  int    // rows ended at most; 0: everything that is due
}

// A Report is what a sweep did, or, of a dry run, what it would do.
type Report struct {
	At      time.Time `json:"at"`
	DryRun  bool      `json:"dry_run"`
	Classes []Swept   `json:"classes"` // those of which something was due
	More    bool      `json:"more"`    // the limit was reached
}

// Rows counts the rows that ended.
func (r Report) Rows() (n int) {
	for _, c := range r.Classes {
		n += c.Rows
	}
	return n
}

// A Swept is what a sweep did in one class.
type Swept struct {
	Class    string         `json:"class"`
	Then     string         `json:"then"` // erase, anonymise
	Control  policy.Control `json:"control"`
	Subjects int            `json:"subjects"`
	Rows     int            `json:"rows"`
	Held     int            `json:"held,omitempty"`  // rows that a hold keeps
	Later    int            `json:"later,omitempty"` // rows of people who were active since
	Oldest   *time.Time     `json:"oldest,omitempty"`
	Late     bool           `json:"late,omitempty"` // something should have been gone before now
}

// Sweep takes away what is due. progress, which may be nil, is told how many rows
// of how many are done. Two sweeps at a time do no harm.
func (s *Service) Sweep(ctx context.Context, o Options, progress func(done, total int)) (Report, error) {
	v := s.inForce()
	p := v.Policy
	out := Report{At: s.data.Now(), DryRun: o.DryRun}
	classes := p.Classes()
	if o.Class != "" {
		c, err := p.Class(o.Class)
		if err != nil {
			return out, err
		}
		classes = []*policy.Class{c}
	}
	if !o.DryRun {
		if err := s.redate(ctx, v); err != nil {
			return out, err
		}
	}
	total := 0
	for _, c := range classes {
		n, _, err := s.vault.DueRows(ctx, c.No, out.At)
		if err != nil {
			return out, err
		}
		total += int(n)
	}
	if total == 0 {
		return out, nil
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	for _, c := range classes {
		w := &sweep{s: s, p: p, c: c, o: o, at: out.At, done: out.Rows(), total: total, progress: progress}
		swept, more, err := w.run(ctx)
		if swept.Subjects+swept.Held+swept.Later > 0 {
			out.Classes = append(out.Classes, swept)
		}
		if out.More = out.More || more; err != nil || more {
			return out, err
		}
	}
	return out, nil
}

// redate looks, once after each publication of the policy, at when rows end. A text
// that comes back is a publication too: rows may have come, or been dated, under
// another in between.
func (s *Service) redate(ctx context.Context, v *publication.Version) error {
	known := map[policy.ClassNo]state{}
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		known, err = states(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	current := true
	for _, c := range v.Policy.Classes() {
		current = current && known[c.No].policy == v.Num
	}
	if current {
		return nil
	}
	var (
		at   vault.Mark
		more = true
	)
	for more {
		if at, more, err = s.vault.Redate(ctx, at); err != nil {
			return err
		}
	}
	a := s.data.NewAct()
	for _, c := range v.Policy.Classes() {
		a.Do(setPolicy, int64(c.No), v.Num)
	}
	if err := s.data.Commit(ctx, a); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

// A sweep goes through one class.
type sweep struct {
	s           *Service
	p           *policy.Policy
	c           *policy.Class
	o           Options
	at          time.Time
	done, total int
	progress    func(done, total int)
}

func (w *sweep) run(ctx context.Context) (out Swept, more bool, err error) {
	out = Swept{Class: w.c.Name, Then: w.c.Then, Control: control(w.c)}
	var (
		mark    vault.Mark
		further = true
	)
	for further {
		var list []vault.Lapsed
		if list, mark, further, err = w.s.vault.Lapsed(ctx, w.c.No, w.at, mark, batch); err != nil {
			return out, false, err
		}
		if w.o.Limit == 0 && !w.o.DryRun {
			if err := w.together(ctx, list, &out); err != nil {
				return out, false, err
			}
			continue
		}
		for _, l := range list {
			if w.o.Limit > 0 && w.done+out.Rows >= w.o.Limit {
				return out, true, w.finish(ctx, out, false)
			}
			if err := ctx.Err(); err != nil {
				return out, false, err
			}
			if err := w.one(ctx, l, &out); err != nil {
				return out, false, err
			}
			w.progress(w.done+out.Rows+out.Held+out.Later, w.total)
		}
	}
	return out, false, w.finish(ctx, out, true)
}

// together ends what is due of several people at once, so that they share syncs;
// of one person one thing after the other.
func (w *sweep) together(ctx context.Context, list []vault.Lapsed, out *Swept) error {
	own := map[int64][]vault.Lapsed{}
	var order []int64
	for _, l := range list {
		if own[l.Subject] == nil {
			order = append(order, l.Subject)
		}
		own[l.Subject] = append(own[l.Subject], l)
	}
	var mu sync.Mutex // guards out
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, num := range order {
		g.Go(func() error {
			x, err := Swept{Control: out.Control}, ctx.Err()
			for i := 0; i < len(own[num]) && err == nil; i++ {
				err = w.one(ctx, own[num][i], &x)
			}
			mu.Lock()
			defer mu.Unlock()
			out.add(x)
			w.progress(w.done+out.Rows+out.Held+out.Later, w.total)
			return err
		})
	}
	return g.Wait()
}

// add adds what was done for one person.
func (s *Swept) add(x Swept) {
	s.Subjects, s.Rows, s.Held, s.Later = s.Subjects+x.Subjects, s.Rows+x.Rows, s.Held+x.Held, s.Later+x.Later
	s.Late = s.Late || x.Late
	if x.Oldest != nil && (s.Oldest == nil || x.Oldest.Before(*s.Oldest)) {
		s.Oldest = x.Oldest
	}
}

// one ends what is due of one subject.
func (w *sweep) one(ctx context.Context, l vault.Lapsed, out *Swept) error {
	if out.Oldest == nil || l.Due.Before(*out.Oldest) {
		due := l.Due
		out.Oldest = &due
	}
	if by, _ := w.p.Calendar().Deadline(l.Due, w.c.Within, false); !w.c.Within.IsZero() && by.Before(w.at) {
		out.Late = true
	}
	if w.o.DryRun {
		held, err := w.s.vault.IsHeld(ctx, l.Subject, w.c.No)
		if err != nil {
			return err
		}
		if held {
			out.Held += l.Rows
		} else {
			out.Subjects, out.Rows = out.Subjects+1, out.Rows+l.Rows
		}
		return nil
	}
	return w.end(ctx, l, out)
}

// end takes away what is due of one subject, and the record of a closed account
// of which nothing is left.
func (w *sweep) end(ctx context.Context, l vault.Lapsed, out *Swept) error {
	kind := audit.ClassEnded
	if w.c.Then == "anonymise" {
		kind = audit.Anonymised
	}
	for first := true; ; first = false {
		ended, err := w.s.vault.EndRetention(ctx, vault.End{Subject: l.Subject, Class: w.c.No, Bucket: l.Bucket, Control: out.Control, Kind: kind})
		if err != nil {
			return err
		}
		switch {
		case ended.Held:
			out.Held += l.Rows
		case ended.Later:
			out.Later += l.Rows
		case ended.Rows > 0 && first:
			out.Subjects++
		}
		out.Rows += ended.Rows
		if err := w.left(ctx, ended); err != nil {
			return err
		}
		if ended.Rows < batch {
			return w.s.vault.Rest(ctx, l.Subject)
		}
	}
}

// left adds up what stays of values that were made anonymous.
func (w *sweep) left(ctx context.Context, e vault.Ended) error {
	if w.c.Then != "anonymise" || len(e.Values) == 0 {
		return nil
	}
	period := int64(w.at.Year()*100 + int(w.at.Month()))
	return w.s.data.Bulk(ctx, func(tx *db.Tx) error {
		for item, n := range e.Values {
			if _, err := tx.Exec(ctx, addLeft, int64(item), period, int64(n)); err != nil {
				return fmt.Errorf("retention left: %w", err)
			}
		}
		return nil
	})
}

// finish notes what was done in the class.
func (w *sweep) finish(ctx context.Context, out Swept, through bool) error {
	if w.o.DryRun {
		return nil
	}
	a := w.s.data.NewAct()
	now := a.Now().UnixMicro()
	if out.Rows > 0 {
		a.Do(setEnded, now, int64(out.Rows), int64(w.c.No))
	}
	if through {
		a.Do(setSwept, now, int64(w.c.No))
	}
	if err := w.s.data.Commit(ctx, a); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

// control is what ending a class is evidence of.
func control(c *policy.Class) policy.Control {
	switch {
	case c.Fixed:
		return policy.RetentionFixed
	case c.Law:
		return policy.RetentionLaw
	case c.Until == policy.AccountIsClosed:
		return policy.RetentionClosed
	}
	return policy.RetentionExpiry
}
