package db

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// tries is how often a transaction is run before it gives up on serialization
// failures and deadlocks.
const tries = 10

func (e *post) tx(ctx context.Context, bulk bool, fn func(*Tx) error) error {
	leave, err := e.lane.enter(ctx, bulk)
	if err != nil {
		return err
	}
	defer leave()
	for try := 1; ; try++ {
		if err := e.db.stop.check(); err != nil {
			return err
		}
		err := e.tryTx(ctx, fn)
		if classOf(err) != classRetry || try == tries {
			return report(err)
		}
		if err := backOff(ctx, try); err != nil {
			return err
		}
	}
}

// backOff waits before the next try, longer each time and never in step with
// others.
func backOff(ctx context.Context, try int) error {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(time.Millisecond) << try)))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *post) tryTx(ctx context.Context, fn func(*Tx) error) error {
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	defer e.put(c)
	ptx, err := c.c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return postError(err)
	}
	tx := e.db.newTx(ctx, c)
	defer func() {
		tx.snap.finish()
		e.db.free(tx.load)
		ptx.Rollback(context.WithoutCancel(ctx)) // does nothing after Commit
	}()
	if err := tx.run(fn); err != nil {
		return err
	}
	// From here on the outcome must be known: ctx no longer counts.
	err = postError(ptx.Commit(context.WithoutCancel(ctx)))
	return e.settled(err)
}

// settled judges the error of a COMMIT. Where the server did not answer, nobody
// knows what it did: the node stops.
func (e *post) settled(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return errBroken
	case classOf(err) == classConstraint, classOf(err) == classRetry:
		return err
	default:
		return e.db.stop.fail(fmt.Errorf("commit: %w", err))
	}
}

// lane lets work of low priority wait for the rest.
type lane struct {
	mu     sync.Mutex
	busy   int // transactions and acts of high priority that have begun
	passed int // of those, ended while one of low priority waits
	low    chan struct{}
	wake   chan struct{} // has room for one
}

func (l *lane) init() {
	l.low, l.wake = make(chan struct{}, 1), make(chan struct{}, 1)
}

// begin and end surround work of high priority.
func (l *lane) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy++
}

func (l *lane) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy--
	l.passed++
	if l.free() {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// free is called with mu held.
func (l *lane) free() bool { return l.busy == 0 || l.passed >= patience*maxGroup/8 }

// enter waits for the turn of a transaction; leave ends it. Work of low priority
// goes one at a time, when nothing else is under way or enough has gone before.
func (l *lane) enter(ctx context.Context, low bool) (leave func(), err error) {
	if !low {
		l.begin()
		return l.end, nil
	}
	select {
	case l.low <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.mu.Lock()
	l.passed = 0
	free := l.free()
	l.mu.Unlock()
	for !free {
		select {
		case <-l.wake:
		case <-ctx.Done():
			<-l.low
			return nil, ctx.Err()
		}
		l.mu.Lock()
		free = l.free()
		l.mu.Unlock()
	}
	return func() { <-l.low }, nil
}
