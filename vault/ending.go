package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Resume finishes every erasure and correction that a crash has interrupted,
// and returns how many. Call it at start, before anything is served.
func (v *Vault) Resume(ctx context.Context) (int, error) {
	var all []erasure
	err := v.data.Read(ctx, func(r *db.Snapshot) (err error) {
		all, err = erasures(r.Query(ctx, selectErasures))
		return err
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, job := range jobs(all) {
		if job[0].scope == scopeItem {
			if err := v.rewriteLate(ctx, job[0].subject, job[0].item, keysOf(job), job[0].request, without(job[0].item, nil)); err != nil {
				return n, err
			}
		}
		if _, err := v.carryOut(ctx, job, nil, policy.ErasureComplete, gate.Actor{}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
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

func keysOf(pending []erasure) []seal.KeyID {
	var keys []seal.KeyID
	for _, e := range pending {
		if e.key != 0 {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// carryOut takes an intended erasure from the journal to its end. The state is
// the subject's as the intent has left it; nil: to be read.
func (v *Vault) carryOut(ctx context.Context, pending []erasure, s *gate.State, control policy.Control, by gate.Actor) (time.Time, error) {
	num := pending[0].subject
	if pending[0].scope == scopeReplaced {
		return v.clock.Now(), v.finishKeys(ctx, num, keysOf(pending))
	}
	failpoint.Hit("vault.erase.before-journal")
	if err := v.record(ctx, num, pending); err != nil {
		return time.Time{}, err
	}
	failpoint.Hit("vault.erase.before-destroy")
	if err := v.keys.Destroy(ctx, keysOf(pending)...); err != nil {
		return time.Time{}, fmt.Errorf("vault erase: %w", err)
	}
	destroyed := v.clock.Now()
	failpoint.Hit("vault.erase.after-destroy")
	failpoint.Hit("vault.erase.before-rows")
	if err := v.sweepRows(ctx, pending); err != nil {
		return time.Time{}, err
	}
	failpoint.Hit("vault.erase.before-commit")
	if err := v.end(ctx, num, pending, s, control, by); err != nil {
		return time.Time{}, err
	}
	failpoint.Hit("vault.erase.after-commit")
	v.gate.Forget(num)
	v.data.CheckpointSoon()
	return destroyed, nil
}

// record appends to the journal what is erased, so that a restored archive
// loses it again. Recording it twice does no harm.
func (v *Vault) record(ctx context.Context, num int64, pending []erasure) error {
	sub, digests, err := subject.Marks(ctx, v.data, num)
	if err != nil {
		return err
	}
	secret, err := v.keys.Secret(ctx, "journal")
	if err != nil {
		return fmt.Errorf("vault journal: %w", err)
	}
	rec := journal.Record{At: v.data.Now(), Subject: string(sub)}
	for _, d := range digests {
		m := hmac.New(sha256.New, secret)
		m.Write(d)
		rec.Digests = append(rec.Digests, [32]byte(m.Sum(nil)))
	}
	var records []journal.Record
	seen := map[journal.Scope]bool{}
	for _, e := range pending {
		if s := journalScope(e); !seen[s] {
			seen[s] = true
			r := rec
			r.Scope = s
			records = append(records, r)
		}
	}
	if err := v.journal.Append(ctx, records...); err != nil {
		return fmt.Errorf("vault journal: %w", err)
	}
	return nil
}

func journalScope(e erasure) journal.Scope {
	switch e.scope {
	case scopeItem:
		return journal.Scope{Kind: journal.OneItem, Number: int64(e.item)}
	case scopeClass:
		return journal.Scope{Kind: journal.OneClass, Number: int64(e.class)}
	}
	return journal.Scope{Kind: journal.Everything}
}

// sweepRows deletes what the dead keys sealed, in chunks of low priority, until
// little enough is left for one act.
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

// end commits the end of an erasure: rows gone, keys unbound, entry written.
func (v *Vault) end(ctx context.Context, num int64, pending []erasure, known *gate.State, control policy.Control, by gate.Actor) error {
	end := func(s *gate.State) (bool, error) {
		// Two callers may be ending the same erasure: the entry is written once.
		// Where the version is still the intent's, nobody has.
		if s != known {
			if ended, err := v.ended(ctx, pending); err != nil || ended {
				return true, err
			}
		}
		act := v.data.NewAct()
		if _, err := v.gate.Exercise(ctx, act, s, ending(pending, control, by)); err != nil {
			return true, err
		}
		for _, e := range pending {
			act.Do(deleteRows, num, int64(e.key))
			act.Do(deleteErasure, num, int64(e.key))
		}
		if pending[0].scope == scopeEverything {
			subject.ForgetAll(act, num)
			consent.EraseAll(act, num)
			disclosure.EraseAll(act, num)
			subject.EndErasure(act, num)
		}
		return true, v.data.Commit(ctx, act)
	}
	if known == nil {
		return v.freshly(ctx, "erase", num, end)
	}
	return v.until(ctx, "erase", num, known, nil, end)
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

func ending(pending []erasure, control policy.Control, by gate.Actor) gate.Duty {
	d := gate.Duty{Kind: audit.Erased, Control: control, By: by, Private: reference(pending[0].request)}
	d.Public = []audit.Field{audit.Num(audit.TagCount, len(pending))}
	switch pending[0].scope {
	case scopeItem:
		d.Kind = audit.ItemErased
		d.Public = append(d.Public, audit.Num(audit.TagItem, pending[0].item))
	case scopeClass:
		d.Kind = audit.ClassErased
		d.Public = append(d.Public, audit.Num(audit.TagClass, pending[0].class))
	}
	return d
}

// finishKeys destroys the keys that a correction replaced.
func (v *Vault) finishKeys(ctx context.Context, num int64, old []seal.KeyID) error {
	failpoint.Hit("vault.correct.before-destroy")
	if err := v.keys.Destroy(ctx, old...); err != nil {
		return fmt.Errorf("vault correct: %w", err)
	}
	act := v.data.NewAct()
	for _, k := range old {
		act.Do(deleteErasure, num, int64(k))
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return fmt.Errorf("vault correct: %w", err)
	}
	v.data.CheckpointSoon()
	return nil
}
