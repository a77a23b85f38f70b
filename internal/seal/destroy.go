package seal

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const (
	destroyBatch  = 500 // keys a commit
	truncateTries = 50  // while a reader is in the way …
	truncateWait  = 20 * time.Millisecond
)

// Destroy destroys keys: durable when it returns, together with those of other
// callers in one commit, and out of SQLite's write-ahead log. To destroy a key
// that is gone changes nothing. Ciphers of the keys leave this node's cache at
// once, other nodes' within Config.CacheLife; what lies in backups and dead rows
// dies with the epoch (see [Keyring.SilentFrom]).
//
// After an error some of the keys may be destroyed: call it again.
func (k *Keyring) Destroy(ctx context.Context, ks ...KeyID) error {
	if len(ks) == 0 {
		return nil
	}
	ks = slices.Sorted(slices.Values(ks)) // nodes that destroy the same keys lock them in one order
	ks = slices.Compact(ks)
	k.cache.drop(ks)
	defer k.cache.drop(ks) // whoever loaded one in between
	for batch := range slices.Chunk(ks, destroyBatch) {
		act := k.config.Keys.NewAct()
		for _, key := range batch {
			act.Do(deleteKey, int64(key))
		}
		if err := k.config.Keys.Commit(ctx, act); err != nil {
			return fmt.Errorf("seal destroy: %w", err)
		}
	}
	if k.config.Keys.Engine() != db.SQLite {
		return nil
	}
	if err := k.wal.wait(ctx, k.truncate); err != nil {
		return fmt.Errorf("seal destroy: %w", err)
	}
	return nil
}

// truncate empties the write-ahead log of the keys store. A reader can be in the
// way; readers of this store are short.
func (k *Keyring) truncate() error {
	wait := time.NewTicker(truncateWait)
	defer wait.Stop()
	for tries := 0; ; tries++ {
		err := k.config.Keys.Checkpoint(k.life)
		if fault.Of(err) != fault.Busy || tries == truncateTries {
			return err
		}
		select {
		case <-wait.C:
		case <-k.life.Done():
			return err
		}
	}
}

// checkpoints lets callers share checkpoints: each waits for one that began
// after it came.
type checkpoints struct {
	mu      sync.Mutex
	running bool  // guarded by mu
	next    *fill // guarded by mu; the round that those who come now wait for
}

func (c *checkpoints) wait(ctx context.Context, run func() error) error {
	c.mu.Lock()
	if c.next == nil {
		c.next = &fill{done: make(chan struct{})}
	}
	mine := c.next
	if !c.running {
		c.running = true
		go c.rounds(run)
	}
	c.mu.Unlock()
	select {
	case <-mine.done:
		return mine.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rounds runs checkpoints until nobody waits.
func (c *checkpoints) rounds(run func() error) {
	for {
		c.mu.Lock()
		round := c.next
		c.next = nil
		c.running = round != nil
		c.mu.Unlock()
		if round == nil {
			return
		}
		round.err = run()
		close(round.done)
	}
}
