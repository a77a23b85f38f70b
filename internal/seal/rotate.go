package seal

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// An Epoch is the time during which keys were wrapped under one epoch key.
type Epoch struct {
	Number   int64
	Started  time.Time // when the rotation that led to it began; zero when that is not known
	Finished time.Time // when the epoch before was erased; zero while it is not
}

const (
	rotateLease = 10 * time.Second
	rotateName  = "seal rotate"
)

// Rotate moves to the next epoch: it derives the next epoch key, re-wraps every
// live key under it and erases the epoch key before. What was left of destroyed
// keys in backups, WAL and dead rows cannot be opened any more from then on.
// New keys can be taken, and values sealed and opened, all the while.
//
// A rotation that was cut short is taken up where it stood, by any node; then
// that one is finished and no new one begun. progress may be nil; it counts
// keys. It returns fault.Busy when another node is rotating.
//
// The steps, and what a cut after each leaves, are in the package's comment.
func (k *Keyring) Rotate(ctx context.Context, progress func(done, total int)) (Epoch, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	for {
		e, err := k.rotate(ctx, progress)
		if err != nil {
			return Epoch{}, fmt.Errorf("seal rotate: %w", err)
		}
		if !e.Started.IsZero() {
			return e, nil
		}
		// That one does not count for silence (see announce): another.
	}
}

// rotate runs one rotation.
func (k *Keyring) rotate(ctx context.Context, progress func(done, total int)) (Epoch, error) {
	r := &rotation{k: k, progress: progress}
	if err := r.lease(ctx); err != nil {
		return Epoch{}, err
	}
	for _, step := range r.steps() {
		if err := step(ctx); err != nil {
			return Epoch{}, err
		}
	}
	// Let go of the lease; when that fails it ends by itself.
	_, _, _ = k.config.Keys.Lease(ctx, rotateName, k.owner, 0)
	return read(ctx, k.config.Keys, func(s *db.Snapshot) (Epoch, error) { return readEpoch(ctx, s, r.target) })
}

// A rotation is one run of the steps to an epoch.
type rotation struct {
	k        *Keyring
	target   int64
	found    bool // the target's key was in the epoch store before
	progress func(done, total int)

	last  KeyID // re-wrapped up to here
	done  int
	total int
}

// steps returns what a rotation does, in the one right order. Each step may be
// done again, by this node or another, whatever was done before.
func (r *rotation) steps() []func(context.Context) error {
	return []func(context.Context) error{
		r.begin,    // epoch store: K(e+1) beside K(e)
		r.announce, // keys store: from now on keys are made in e+1
		r.rewrap,   // keys store: every key of e into e+1
		r.check,    // nothing of e is left, nor in SQLite's WAL
		r.erase,    // epoch store: K(e) is overwritten
		r.finish,   // keys store: the time is written down
	}
}

// lease keeps other nodes from doing the same work. It is not what makes a
// rotation safe: every step is.
func (r *rotation) lease(ctx context.Context) error {
	_, ok, err := r.k.config.Keys.Lease(ctx, rotateName, r.k.owner, rotateLease)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Busy, "another node is moving the keys to the next epoch; try again in %v", rotateLease)
	}
	return nil
}

// begin finds the epoch to go to, and writes its key when it is not there yet.
func (r *rotation) begin(ctx context.Context) error {
	cur, err := read(ctx, r.k.config.Keys, func(s *db.Snapshot) (e Epoch, err error) {
		st, err := readState(ctx, s)
		if err != nil {
			return e, err
		}
		return readEpoch(ctx, s, st.epoch)
	})
	if err != nil {
		return err
	}
	if cur.Finished.IsZero() {
		r.target = cur.Number
		return nil
	}
	r.target = cur.Number + 1
	keys, err := r.k.config.Epoch.Read(ctx)
	if err != nil {
		return err
	}
	defer forget(keys)
	r.found = len(keys) > 0 && keys[len(keys)-1].Number == r.target
	for _, key := range keys {
		if key.Number != cur.Number {
			continue
		}
		next, err := nextEpochKey(r.k.config.Platform, key)
		if err != nil {
			return err
		}
		defer clear(next.Key)
		return r.k.config.Epoch.Write(ctx, next)
	}
	return fault.New(fault.Conflict, "%s: epoch %d is not there any more; another node has moved on", r.k.config.Epoch.Name(), cur.Number)
}

// announce makes the target the epoch of new keys. Its row lock waits for keys
// that are being added under the epoch before, and those that come after it
// find that their epoch is gone.
//
// When the target's key was in the epoch store before, nobody knows since when:
// perhaps a restore has put back a keys store from before a rotation that had
// re-wrapped keys already, and some of them were destroyed since. Such a
// rotation has no beginning, so that no key counts as silent by it.
func (r *rotation) announce(ctx context.Context) error {
	err := r.k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, moveState, r.target, r.target-1)
		if err != nil || n == 0 {
			return err // announced before
		}
		started := tx.Now().UnixMicro()
		if r.found {
			started = 0
		}
		_, err = tx.Exec(ctx, insertEpoch, r.target, started, nil)
		return err
	})
	if err != nil {
		return err
	}
	return r.k.loadEpochs(ctx)
}

func (r *rotation) rewrap(ctx context.Context) error {
	var err error
	r.total, err = r.left(ctx)
	if err != nil {
		return err
	}
	r.last, r.done = 0, 0
	if err := r.rewrapSecrets(ctx); err != nil {
		return err
	}
	for {
		more, err := r.rewrapChunk(ctx)
		if err != nil {
			return err
		}
		r.progress(r.done, r.total)
		if !more {
			return nil
		}
		if err := r.lease(ctx); err != nil {
			return err
		}
	}
}

// rewrapChunk re-wraps up to 500 keys. The old epoch guards each, so that a key
// another node has re-wrapped or destroyed meanwhile is left alone.
func (r *rotation) rewrapChunk(ctx context.Context) (more bool, err error) {
	keys := r.k.config.Keys
	rows, err := read(ctx, keys, func(s *db.Snapshot) ([]wrapped, error) {
		return db.List(ctx, s, "wrapped keys", func(row db.Scanner) (w wrapped, err error) {
			err = row.Scan(&w.id, &w.epoch, &w.bytes)
			return w, err
		}, selectOld, r.target, int64(r.last))
	})
	if err != nil || len(rows) == 0 {
		return false, err
	}
	held := r.k.epochs.Load()
	fresh := make([][]byte, len(rows))
	for i, row := range rows {
		from, to := held.of(row.epoch), held.of(r.target)
		if from == nil || to == nil {
			return false, fault.New(fault.Conflict, "%s: epoch %d or %d is not there; another node has moved on", r.k.config.Epoch.Name(), row.epoch, r.target)
		}
		raw, err := from.unwrapKey(row.id, row.bytes)
		if err != nil {
			return false, fmt.Errorf("key %d: %w", row.id, err)
		}
		fresh[i] = to.wrapKey(row.id, raw)
		clear(raw)
	}
	err = keys.Bulk(ctx, func(tx *db.Tx) error {
		for i, row := range rows {
			tx.Do(rewrapKey, r.target, fresh[i], int64(row.id), row.epoch)
		}
		return nil
	})
	r.last = rows[len(rows)-1].id
	r.done += len(rows)
	return true, err
}

func (r *rotation) rewrapSecrets(ctx context.Context) error {
	keys := r.k.config.Keys
	rows, err := read(ctx, keys, func(s *db.Snapshot) ([]wrapped, error) {
		return db.List(ctx, s, "wrapped secrets", func(row db.Scanner) (w wrapped, err error) {
			err = row.Scan(&w.name, &w.epoch, &w.bytes)
			return w, err
		}, oldSecrets, r.target)
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	held := r.k.epochs.Load()
	fresh := make([][]byte, len(rows))
	for i, row := range rows {
		from, to := held.of(row.epoch), held.of(r.target)
		if from == nil || to == nil {
			return fault.New(fault.Conflict, "%s: epoch %d or %d is not there; another node has moved on", r.k.config.Epoch.Name(), row.epoch, r.target)
		}
		raw, err := from.unwrapSecret(row.name, row.bytes)
		if err != nil {
			return fmt.Errorf("secret %q: %w", row.name, err)
		}
		fresh[i] = to.wrapSecret(row.name, raw)
		clear(raw)
	}
	r.done += len(rows)
	return keys.Bulk(ctx, func(tx *db.Tx) error {
		for i, row := range rows {
			tx.Do(rewrapSecret, r.target, fresh[i], row.name, row.epoch)
		}
		return nil
	})
}

// check refuses to go on while anything is left in an older epoch: the next
// step cannot be taken back.
func (r *rotation) check(ctx context.Context) error {
	n, err := r.left(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%d keys are still in an older epoch than %d; run it again", n, r.target)
	}
	return r.k.config.Keys.Checkpoint(ctx)
}

func (r *rotation) left(ctx context.Context) (int, error) {
	return read(ctx, r.k.config.Keys, func(s *db.Snapshot) (n int, err error) {
		err = s.Row(ctx, countOld, r.target).Scan(&n)
		return n, err
	})
}

func (r *rotation) erase(ctx context.Context) error {
	return r.k.config.Epoch.Erase(ctx, r.target-1)
}

func (r *rotation) finish(ctx context.Context) error {
	err := r.k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, finishEpoch, tx.Now().UnixMicro(), r.target)
		return err
	})
	if err != nil {
		return err
	}
	return r.k.loadEpochs(ctx)
}

func readEpoch(ctx context.Context, r db.Reader, number int64) (Epoch, error) {
	var started int64
	var finished *int64
	err := r.Row(ctx, selectEpoch, number).Scan(&started, &finished)
	e := Epoch{Number: number}
	if started != 0 {
		e.Started = time.UnixMicro(started).UTC()
	}
	if finished != nil {
		e.Finished = time.UnixMicro(*finished).UTC()
	}
	return e, err
}
