package vault

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

const (
	endBatch  = 64                     // endings in one act
	endRoom   = 1024                   // endings that may wait; whoever brings more ends theirs themselves
	endLinger = 5 * time.Millisecond   // how long the first waits for others
	endPause  = 100 * time.Millisecond // after a failure, longer each time
	endTries  = 5
	endTime   = 30 * time.Second // for one act

	leftAfter = 5 * time.Minute // an intent that is older has nobody who is at it
)

// endings is the work that is left when erasures and corrections are acknowledged.
// One goroutine does it, for as long as there is any. What it gives up, [Vault.TakeUp]
// tries again; what a crash leaves, [Vault.Resume] finds among the intents.
type endings struct {
	mu      sync.Mutex
	waiting []ending        // guarded by mu; oldest first
	about   map[int64]int   // guarded by mu; endings of a subject that wait or are under way
	failed  map[int64]error // guarded by mu; of subjects whose ending was given up
	givenUp []ending        // guarded by mu; as they were when they were given up
	running bool            // guarded by mu
	turn    chan struct{}   // guarded by mu; closed when some have ended
	hurry   chan struct{}   // somebody waits
}

func newEndings() endings {
	return endings{about: map[int64]int{}, failed: map[int64]error{}, turn: make(chan struct{}), hurry: make(chan struct{}, 1)}
}

// endLater has an ending done soon, together with those of others.
func (v *Vault) endLater(ctx context.Context, e ending) {
	w := &v.endings
	w.mu.Lock()
	defer w.mu.Unlock()
	w.about[e.subject()]++
	if len(w.waiting) >= endRoom {
		w.mu.Unlock()
		err := v.end(context.WithoutCancel(ctx), e) // it is acknowledged
		w.mu.Lock()
		w.dead([]ending{e}, err)
		return
	}
	w.waiting = append(w.waiting, e)
	switch {
	case !w.running:
		w.running = true
		go v.endAll()
	case len(w.waiting) >= endBatch:
		w.push()
	}
}

// Await returns when nothing is left to end of the erasures and corrections of a
// subject that this process has acknowledged: the log has their last entries, and the
// record of somebody erased is closed. An error says that it could not be ended;
// erasing again, [Vault.TakeUp] or the next start ends it.
func (v *Vault) Await(ctx context.Context, num int64) error {
	return v.endings.await(ctx, func(w *endings) (bool, error) {
		if w.about[num] > 0 {
			return false, nil
		}
		err := w.failed[num]
		delete(w.failed, num)
		return true, err
	})
}

// Settle is [Vault.Await] for everybody. Call it before the stores are closed.
func (v *Vault) Settle(ctx context.Context) error {
	return v.endings.await(ctx, func(w *endings) (bool, error) {
		if len(w.about) > 0 {
			return false, nil
		}
		var all []error
		for _, err := range w.failed {
			all = append(all, err)
		}
		return true, errors.Join(all...)
	})
}

func (w *endings) await(ctx context.Context, done func(*endings) (bool, error)) error {
	for {
		w.mu.Lock()
		ok, err := done(w)
		turn := w.turn
		if !ok {
			w.push()
		}
		w.mu.Unlock()
		if ok {
			return err
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// push ends the lingering. The caller holds mu.
func (w *endings) push() {
	select {
	case w.hurry <- struct{}{}:
	default:
	}
}

// endAll ends what waits until nothing does.
func (v *Vault) endAll() {
	w := &v.endings
	for {
		w.linger()
		batch := w.next()
		if batch == nil {
			return
		}
		v.endBatch(batch)
	}
}

func (w *endings) linger() {
	t := time.NewTimer(endLinger)
	defer t.Stop()
	select {
	case <-w.hurry:
	case <-t.C:
	}
}

// next takes the next batch, of each subject one; nil ends the work.
func (w *endings) next() (batch []ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[int64]bool{}
	var rest []ending
	for _, e := range w.waiting {
		if len(batch) == endBatch || seen[e.subject()] {
			rest = append(rest, e)
			continue
		}
		seen[e.subject()] = true
		batch = append(batch, e)
	}
	w.waiting = rest
	w.running = batch != nil
	return batch
}

// endBatch ends a batch in one act and, where one of them stands in its way, each by
// itself.
func (v *Vault) endBatch(batch []ending) {
	ctx, cancel := context.WithTimeout(context.Background(), endTime)
	defer cancel()
	err := v.endTogether(ctx, batch)
	if err == nil {
		for _, e := range batch {
			v.endedAs(e)
		}
		v.endings.lockedOver(batch, nil)
		return
	}
	for _, e := range batch {
		v.endings.lockedOver([]ending{e}, v.endStubbornly(ctx, e))
	}
}

// endStubbornly tries an ending again for some seconds, unless the node has stopped
// writing.
func (v *Vault) endStubbornly(ctx context.Context, e ending) (err error) {
	for try := range endTries {
		if err = v.end(ctx, e); err == nil || db.Stopped(err) || ctx.Err() != nil {
			return err
		}
		t := time.NewTimer(endPause << try)
		select {
		case <-t.C:
		case <-v.data.Failed():
		}
		t.Stop()
	}
	return err
}

func (w *endings) lockedOver(done []ending, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead(done, err)
}

// dead is over for endings whose keys are dead: what failed is kept as it is, to be
// tried again. The caller holds mu.
func (w *endings) dead(done []ending, err error) {
	w.over(done, err)
	for _, e := range done {
		if err != nil {
			e.state = nil // the record may have moved on by then
			w.givenUp = append(w.givenUp, e)
		}
	}
}

// over says that endings are no longer under way. The caller holds mu.
func (w *endings) over(done []ending, err error) {
	for _, e := range done {
		num := e.subject()
		if w.about[num]--; w.about[num] == 0 {
			delete(w.about, num)
		}
		if err != nil {
			w.failed[num] = err
		}
	}
	close(w.turn)
	w.turn = make(chan struct{})
}

// TakeUp ends what this process has given up, and the erasures and corrections that
// were begun some minutes ago and that nobody is at any more: their caller has got an
// error, or another node has died. It returns whom each erasure that it ended was
// about, as [Vault.Resume] does. What fails again waits for the next call; the error says why, and
// is about all of them. Call it now and then.
func (v *Vault) TakeUp(ctx context.Context) (ended []int64, err error) {
	var errs []error
	for _, e := range v.endings.again() {
		err := v.end(ctx, e)
		v.endings.lockedOver([]ending{e}, err)
		if errs = append(errs, err); err == nil {
			v.endings.forgive(e)
			ended = e.addTo(ended)
		}
	}
	var all []erasure
	err = v.data.Read(ctx, func(r *db.Snapshot) (err error) {
		all, err = erasures(r.Query(ctx, selectErasures))
		return err
	})
	old := v.data.Now().Add(-leftAfter)
	for _, job := range jobs(all) {
		e := ending{pending: job, control: policy.ErasureComplete}
		if db.Stopped(errors.Join(errs...)) || job[0].at.After(old) || !v.endings.take(e) {
			continue
		}
		_, err := v.carryOut(ctx, e)
		v.endings.left(e)
		if errs = append(errs, err); err == nil {
			v.endings.forgive(e)
			ended = e.addTo(ended)
		}
	}
	return ended, errors.Join(append(errs, err)...)
}

// again takes what was given up; it is under way from here on.
func (w *endings) again() []ending {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.givenUp
	w.givenUp = nil
	for _, e := range out {
		w.about[e.subject()]++
	}
	return out
}

// take reports whether nobody is at an ending, nor will be because it was given up;
// then it is under way from here on.
func (w *endings) take(e ending) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	same := func(x ending) bool { return x.subject() == e.subject() }
	if w.about[e.subject()] > 0 || slices.ContainsFunc(w.givenUp, same) {
		return false
	}
	w.about[e.subject()]++
	return true
}

// left says that an ending which was taken is no longer under way. What failed of it
// is found again by its intent: its keys may be alive.
func (w *endings) left(e ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over([]ending{e}, nil)
}

// forgive forgets that an ending had failed.
func (w *endings) forgive(e ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.failed, e.subject())
}
