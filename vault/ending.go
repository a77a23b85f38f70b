package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/device"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
)

// Resume finishes every erasure and correction that a crash has interrupted, and
// returns whom each erasure was about. Call it at start, before anything is served.
func (v *Vault) Resume(ctx context.Context) (ended []int64, err error) {
	var all []erasure
	err = v.data.Read(ctx, func(r *db.Snapshot) (err error) {
		all, err = erasures(r.Query(ctx, selectErasures))
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, job := range jobs(all) {
		e := ending{pending: job, control: policy.ErasureComplete}
		if _, err := v.carryOut(ctx, e); err != nil {
			return ended, err
		}
		ended = e.addTo(ended)
	}
	return ended, nil
}

// pending returns what is intended about a subject and not ended.
func (v *Vault) pending(ctx context.Context, num int64) ([]erasure, error) {
	return erasures(v.data.Ask(ctx, askErasing, num))
}

// jobs groups intents that end together: those of one subject and one scope.
func jobs(all []erasure) [][]erasure {
	type key struct {
		subject int64
		scope   string
		item    policy.ItemNo
		class   policy.ClassNo
	}
	index := map[key]int{}
	var out [][]erasure
	for _, e := range all {
		k := key{e.subject, e.scope, e.item, 0}
		if e.scope == scopeClass {
			k.class = e.class
		}
		i, ok := index[k]
		if !ok {
			i = len(out)
			index[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], e)
	}
	return out
}

// An ending is what is left of an erasure or a correction whose keys are dead: to
// take its intent away and, of an erasure, to say in the log that it has ended.
type ending struct {
	pending []erasure
	state   *gate.State // the subject's as the intent has left it; nil: to be read
	control policy.Control
	by      gate.Actor
	rows    bool // they were too many to go with the intent
}

func (e ending) subject() int64 { return e.pending[0].subject }

// quiet reports whether nothing is said in the log: the entry of a correction was
// written with the correction.
func (e ending) quiet() bool { return e.pending[0].scope == scopeReplaced }

// addTo adds whom an erasure is about to subjects.
func (e ending) addTo(subjects []int64) []int64 {
	if e.quiet() {
		return subjects
	}
	return append(subjects, e.subject())
}

// carryOut takes what is intended from the journal to its end, whoever has begun it.
func (v *Vault) carryOut(ctx context.Context, e ending) (time.Time, error) {
	var sub subject.ID
	if !e.quiet() {
		s, err := v.gate.State(ctx, e.subject())
		if err != nil {
			return time.Time{}, err
		}
		sub = s.Subject.ID // it never changes: facts from the cache will do
	}
	destroyed, err := v.carry(ctx, sub, e.pending)
	if err != nil {
		return destroyed, err
	}
	if e.rows = e.pending[0].scope == scopeClass || e.pending[0].scope == scopeEverything; e.rows {
		if err := v.sweepRows(ctx, e.pending); err != nil {
			return destroyed, err
		}
	}
	if !e.quiet() {
		if err := v.release(ctx, e.subject(), nil); err != nil {
			return destroyed, err
		}
	}
	return destroyed, v.end(ctx, e)
}

// sweepRows deletes what the dead keys sealed and the intent has not deleted, in
// chunks of low priority.
func (v *Vault) sweepRows(ctx context.Context, pending []erasure) error {
	few, err := v.fewRows(ctx, pending[0].subject)
	if err != nil || few {
		return err
	}
	for _, e := range pending {
		for {
			var left int64
			err := v.data.Bulk(ctx, func(tx *db.Tx) error {
				if err := tx.Row(ctx, countSealed, e.subject, int64(e.key)).Scan(&left); err != nil || left <= page {
					return err
				}
				_, err := tx.Exec(ctx, deleteSome, e.subject, int64(e.key))
				return err
			})
			if err != nil {
				return fmt.Errorf("vault sweep: %w", err)
			}
			if left <= page {
				break
			}
		}
	}
	return nil
}

// fewRows reports whether all rows of a subject may go in one act.
func (v *Vault) fewRows(ctx context.Context, num int64) (bool, error) {
	rows, err := v.data.Ask(ctx, askMany, num, int64(page))
	if err != nil {
		return false, fmt.Errorf("vault sweep: %w", err)
	}
	return !rows.Next(), rows.Err()
}

// end commits one ending by itself.
func (v *Vault) end(ctx context.Context, e ending) error {
	defer v.gate.Forget(e.subject())
	if e.quiet() {
		return v.endTogether(ctx, []ending{e})
	}
	known := e.state
	try := func(s *gate.State) (bool, error) {
		// Two callers may be ending the same erasure: the entry is written once.
		// Where the version is still the intent's, nobody has.
		if s != known {
			if ended, err := v.ended(ctx, e.pending); err != nil || ended {
				return true, err
			}
		}
		e.state = s
		return true, v.endTogether(ctx, []ending{e})
	}
	if known == nil {
		return v.freshly(ctx, "erase", e.subject(), try)
	}
	return v.until(ctx, "erase", e.subject(), known, nil, try)
}

// endTogether commits endings of different subjects in one act. The act is lost when
// one of the subjects has changed.
func (v *Vault) endTogether(ctx context.Context, all []ending) error {
	act := v.data.NewAct()
	for _, e := range all {
		num := e.subject()
		if !e.quiet() {
			if _, err := v.gate.Exercise(ctx, act, e.state, e.entry()); err != nil {
				return err
			}
		}
		for _, p := range e.pending {
			if e.rows {
				act.Do(deleteRows, num, int64(p.key))
			}
			act.Do(deleteErasure, num, int64(p.key))
		}
		if e.pending[0].scope == scopeEverything {
			consent.EraseAll(act, num)
			disclosure.EraseAll(act, num)
			succession.EraseAll(act, num)
			device.EraseAll(act, num)
			subject.EndErasure(act, num)
		}
	}
	failpoint.Hit("vault.erase.before-commit")
	if err := v.data.Commit(ctx, act); err != nil {
		return fmt.Errorf("vault end: %w", err)
	}
	failpoint.Hit("vault.erase.after-commit")
	v.data.CheckpointSoon()
	return nil
}

// endedAs notes what is known about a subject after an ending of theirs.
func (v *Vault) endedAs(e ending) {
	switch {
	case e.quiet(): // no fact has changed
	case e.pending[0].scope == scopeItem && e.state != nil:
		v.gate.Moved(e.state, nil, nil)
	default:
		v.gate.Forget(e.subject())
	}
}

// ended reports whether none of the intents is there any more.
func (v *Vault) ended(ctx context.Context, pending []erasure) (bool, error) {
	left, err := v.pending(ctx, pending[0].subject)
	if err != nil {
		return false, err
	}
	mine := map[seal.KeyID]bool{}
	for _, e := range pending {
		mine[e.key] = true
	}
	for _, e := range left {
		if mine[e.key] {
			return false, nil
		}
	}
	return true, nil
}

// entry is what the log gets of an ending.
func (e ending) entry() gate.Duty {
	first := e.pending[0]
	d := gate.Duty{Kind: audit.Erased, Control: e.control, By: e.by, Private: reference(first.request)}
	d.Public = []audit.Field{audit.Num(audit.TagCount, len(e.pending))}
	switch first.scope {
	case scopeItem:
		d.Kind = audit.ItemErased
		d.Public = append(d.Public, audit.Num(audit.TagItem, first.item))
	case scopeClass:
		d.Kind = audit.ClassErased
		d.Public = append(d.Public, audit.Num(audit.TagClass, first.class))
	}
	return d
}
