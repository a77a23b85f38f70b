package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

var (
	setDue  = db.Declare(`UPDATE vault_row SET due = $1 WHERE subject = $2 AND class = $3 AND (due IS NULL OR due > $4)`, "int int int int")
	moveDue = db.Declare(`UPDATE vault_row SET due = $1 WHERE subject = $2 AND class = $3`, "int int int")
)

const (
	selectDue = `SELECT subject, bucket, due, id FROM vault_row
		WHERE class = $1 AND due IS NOT NULL AND due <= $2 AND (due, id) > ($3, $4) ORDER BY due, id LIMIT $5`
	firstDue = `SELECT min(due) FROM vault_row WHERE class = $1 AND due IS NOT NULL AND due > $2`
	countDue = `SELECT count(*) FROM vault_row WHERE class = $1 AND due IS NOT NULL AND due <= $2`

	selectSome = `SELECT subject, id, class, bucket, at, due FROM vault_row WHERE (subject, id) > ($1, $2) ORDER BY subject, id LIMIT $3`
	shortenDue = `UPDATE vault_row SET due = $1 WHERE subject = $2 AND id = $3 AND (due IS NULL OR due > $4)`
)

// A Lapsed is what of one subject has come to the end of its retention: a class,
// or a period of a rolling one.
type Lapsed struct {
	Subject int64
	Bucket  int64
	Due     time.Time // of the first row
	Rows    int
}

// A Mark is where a look at what has lapsed goes on.
type Mark struct{ due, subject, id int64 }

// Lapsed returns what of a class was due by a time, at most limit rows of it, and
// where to go on; more is false at the end.
func (v *Vault) Lapsed(ctx context.Context, class policy.ClassNo, by time.Time, after Mark, limit int) (out []Lapsed, next Mark, more bool, err error) {
	next = after
	n := 0
	err = v.data.Read(ctx, func(r *db.Snapshot) error {
		rows, err := r.Query(ctx, selectDue, int64(class), by.UnixMicro(), after.due, after.id, int64(limit))
		if err != nil {
			return err
		}
		defer rows.Close()
		at := map[[2]int64]int{}
		for rows.Next() {
			var l Lapsed
			if err := rows.Scan(&l.Subject, &l.Bucket, &next.due, &next.id); err != nil {
				return err
			}
			n++
			next.subject = l.Subject
			k := [2]int64{l.Subject, l.Bucket}
			if i, ok := at[k]; ok {
				out[i].Rows++
				continue
			}
			at[k], l.Rows, l.Due = len(out), 1, time.UnixMicro(next.due).UTC()
			out = append(out, l)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, after, false, fmt.Errorf("vault lapsed: %w", err)
	}
	return out, next, n == limit, nil
}

// DueRows returns how many rows of a class are due by a time, and when the next
// one after it is.
func (v *Vault) DueRows(ctx context.Context, class policy.ClassNo, by time.Time) (rows int64, next *time.Time, err error) {
	err = v.data.Read(ctx, func(r *db.Snapshot) error {
		if err := r.Row(ctx, countDue, int64(class), by.UnixMicro()).Scan(&rows); err != nil {
			return err
		}
		var first *int64
		if err := r.Row(ctx, firstDue, int64(class), by.UnixMicro()).Scan(&first); err != nil {
			return err
		}
		if first != nil {
			at := time.UnixMicro(*first).UTC()
			next = &at
		}
		return nil
	})
	if err != nil {
		return 0, nil, fmt.Errorf("vault due: %w", err)
	}
	return rows, next, nil
}

// Redate gives rows the end that the policy in force gives them, where that is
// sooner than the one they have: a longer retention is never taken on for values
// that came under a shorter one. It goes through 500 rows at a time, on the lane
// of low priority; from is where the last call stopped.
func (v *Vault) Redate(ctx context.Context, from Mark) (next Mark, more bool, err error) {
	p := v.gate.InForce().Policy
	next = from
	err = v.data.Bulk(ctx, func(tx *db.Tx) error {
		next = from
		n, changes, err := v.sooner(ctx, tx, p, &next)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if _, err := tx.Exec(ctx, shortenDue, c.end, c.subject, c.id, c.end); err != nil {
				return err
			}
		}
		more = n == page
		return nil
	})
	if err != nil {
		return from, false, fmt.Errorf("vault redate: %w", err)
	}
	return next, more, nil
}

type redating struct{ subject, id, end int64 }

func (v *Vault) sooner(ctx context.Context, tx *db.Tx, p *policy.Policy, next *Mark) (n int, out []redating, err error) {
	rows, err := tx.Query(ctx, selectSome, next.subject, next.id, int64(page))
	if err != nil {
		return 0, nil, err
	}
	type found struct {
		redating
		class, bucket, at int64
		due               *int64
	}
	var all []found
	for rows.Next() {
		var f found
		if err := rows.Scan(&f.subject, &f.id, &f.class, &f.bucket, &f.at, &f.due); err != nil {
			rows.Close()
			return 0, nil, err
		}
		all = append(all, f)
	}
	err = rows.Err()
	rows.Close()
	if err != nil {
		return 0, nil, err
	}
	closed := map[int64]time.Time{}
	for _, f := range all {
		next.subject, next.id = f.subject, f.id
		at, ok := closed[f.subject]
		if !ok {
			facts, err := subject.ByNum(ctx, tx, f.subject)
			if err != nil {
				return 0, nil, err
			}
			at = facts.Closed
			closed[f.subject] = at
		}
		end, ok := endOf(p, p.ClassBy(policy.ClassNo(f.class)), f.bucket, time.UnixMicro(f.at), at)
		if ok && (f.due == nil || end.UnixMicro() < *f.due) {
			f.end = end.UnixMicro()
			out = append(out, f.redating)
		}
	}
	return len(all), out, nil
}

// An End says what of a subject has come to the end of its retention.
type End struct {
	Subject int64
	Class   policy.ClassNo
	Bucket  int64 // of a rolling class
	Control policy.Control
	Kind    audit.Kind // ClassEnded or Anonymised
}

// Ended says what became of it.
type Ended struct {
	Rows   int
	Values map[policy.ItemNo]int // taken away, by item
	Held   bool                  // a hold keeps it: nothing was done
	Later  bool                  // the person was active since: it is due at another time
}

// EndRetention takes away what is due. Its entry, the intent, and the end of its
// rows are one act; then the keys die. Neighbours under the same keys that are
// not due are sealed under new ones first. What a hold keeps stays.
func (v *Vault) EndRetention(ctx context.Context, e End) (Ended, error) {
	var (
		out Ended
		in  *intent
	)
	if err := v.Await(ctx, e.Subject); ctx.Err() != nil {
		return out, err
	}
	err := v.again(ctx, "retention", e.Subject, func(*gate.State) (bool, error) {
		s, err := v.gate.Fresh(ctx, e.Subject)
		if err != nil {
			return true, err
		}
		out, in, err = v.endOnce(ctx, s, e)
		return true, err
	})
	if err != nil || in == nil {
		return out, err
	}
	v.gate.Forget(e.Subject)
	return out, v.replaced(ctx, in)
}

// endOnce is one try of EndRetention.
func (v *Vault) endOnce(ctx context.Context, s *gate.State, e End) (Ended, *intent, error) {
	out := Ended{Values: map[policy.ItemNo]int{}}
	if v.stays(s, e.Class) {
		out.Held = true
		return out, nil, nil
	}
	if s.Subject.State == subject.Erasing {
		return out, nil, nil // an erasure is at it
	}
	held, alone, err := v.changing(ctx, e.Subject)
	if err == nil {
		err = v.data.Durable(ctx) // what is not due is answered without an act
	}
	if err != nil {
		return out, nil, err
	}
	if out.Later, err = v.postponed(ctx, e, held); err != nil || out.Later {
		return out, nil, err
	}
	due, r := v.lapsed(e, held)
	if len(due) == 0 {
		return out, nil, nil
	}
	act := v.data.NewAct()
	grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: e.Kind, Control: e.Control,
		Public: []audit.Field{audit.Num(audit.TagClass, e.Class), audit.Num(audit.TagBucket, e.Bucket), audit.Num(audit.TagCount, len(due))},
	})
	if err != nil {
		return out, nil, err
	}
	if err := v.parting(ctx, act, s, e, held, due); err != nil {
		return out, nil, err
	}
	for _, h := range due {
		act.Do(deleteRow, e.Subject, h.id)
		for _, n := range h.items {
			out.Values[n]++
		}
	}
	out.Rows = len(due)
	if err := v.rewriteAll(ctx, act, grant, &r, e); err != nil {
		return out, nil, err
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return out, nil, err
	}
	return out, &intent{pending: r.pending, after: moved(s), alone: alone}, nil
}

// lapsed tells the rows that are due, 500 at most, and what shares their keys.
func (v *Vault) lapsed(e End, held []row) (due []row, r rekeying) {
	now := v.data.Now()
	r = rekeying{num: e.Subject}
	dies, gone := map[seal.KeyID]bool{}, map[int64]bool{}
	for _, h := range held {
		if h.class != e.Class || h.bucket != e.Bucket || h.due.IsZero() || h.due.After(now) || len(due) == page {
			continue
		}
		due, gone[h.id] = append(due, h), true
		if !dies[h.key] {
			dies[h.key] = true
			r.old = append(r.old, h.key)
		}
	}
	for _, h := range held {
		if dies[h.key] && !gone[h.id] {
			r.rows = append(r.rows, h)
		}
	}
	return due, r
}

// rewriteAll seals the neighbours anew and writes the intent for the keys.
func (v *Vault) rewriteAll(ctx context.Context, act *db.Act, grant gate.Grant, r *rekeying, e End) error {
	r.scope, r.class = scopeReplaced, e.Class
	return v.rewrite(ctx, act, grant, r, func(data []datum) []datum { return data })
}

// postponed moves the end of a class that counts from the last sign of the person,
// where there was one since.
func (v *Vault) postponed(ctx context.Context, e End, held []row) (bool, error) {
	p := v.gate.InForce().Policy
	c := p.ClassBy(e.Class)
	if c == nil || c.After != policy.LastActivity {
		return false, nil
	}
	var last time.Time
	for _, h := range held {
		if h.at.After(last) && h.point != pointRetained {
			last = h.at
		}
	}
	var said []consent.Record
	err := v.data.Look(ctx, func(r *db.Snapshot) (err error) {
		said, err = consent.History(ctx, r, e.Subject)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, x := range said {
		if x.At.After(last) {
			last = x.At
		}
	}
	end, ok := p.Ends(e.Class, last)
	if !ok || !end.After(v.data.Now()) {
		return false, nil
	}
	act := v.data.NewAct()
	act.Do(moveDue, end.UnixMicro(), e.Subject, int64(e.Class))
	return true, v.data.Commit(ctx, act)
}

// parting takes away the blind indexes of identifiers that go, once every class
// that a law keeps has an identifier of its own.
func (v *Vault) parting(ctx context.Context, act *db.Act, s *gate.State, e End, held, due []row) error {
	p := v.gate.InForce().Policy
	var ids []subject.Identifier
	err := v.data.Look(ctx, func(r *db.Snapshot) (err error) {
		ids, err = subject.Identifiers(ctx, r, e.Subject)
		return err
	})
	if err != nil {
		return err
	}
	kept := map[policy.ClassNo]bool{}
	for _, h := range held {
		if c := p.ClassBy(h.class); c != nil && c.Law && c.No != e.Class {
			kept[c.No] = true
		}
	}
	for _, i := range ids {
		delete(kept, policy.ClassNo(i.Class))
	}
	identifying := false
	for _, h := range due {
		data, err := v.openRow(ctx, e.Subject, h)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		for _, d := range data {
			item := p.ItemBy(d.item)
			if item == nil || item.Identifier == "" || h.point == pointRetained {
				continue
			}
			if identifying = true; v.reidentify(act, e.Subject, item, []seal.Personal{d.value}, nil) != nil {
				return fault.New(fault.Internal, "an identifier could not be taken away")
			}
		}
	}
	if identifying && s.Subject.State == subject.Closed {
		if err := v.retain(ctx, act, s, held, kept); err != nil {
			return err
		}
	}
	if len(due) > 0 && !stays(held, due, e.Class) {
		subject.ForgetClass(act, e.Subject, int64(e.Class))
	}
	return nil
}

// stays reports whether rows of a class are left.
func stays(held, due []row, c policy.ClassNo) bool {
	n := 0
	for _, h := range held {
		if h.class == c {
			n++
		}
	}
	return n > len(due)
}

// IsHeld reports whether a hold keeps a class of a subject.
func (v *Vault) IsHeld(ctx context.Context, num int64, c policy.ClassNo) (bool, error) {
	s, err := v.gate.State(ctx, num)
	if err != nil {
		return false, err
	}
	return v.stays(s, c), nil
}

// Rest erases the record of a closed account of which nothing is held any more:
// identifiers, consents, disclosures. While a law or a hold keeps something, or
// other values have time left, it does nothing.
func (v *Vault) Rest(ctx context.Context, num int64) error {
	s, err := v.gate.State(ctx, num)
	if err != nil || s.Subject.State != subject.Closed || len(s.Holds) > 0 {
		return err
	}
	held, err := v.Holdings(ctx, num)
	if err != nil || len(held) > 0 {
		return err
	}
	if _, err = v.Erase(ctx, Erasure{Subject: num, Everything: true, Control: policy.RetentionClosed}); err != nil {
		return err
	}
	return v.Await(ctx, num) // what a sweep reports has ended
}
