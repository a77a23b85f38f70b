package seal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

const (
	poolBatch = 512              // keys a commit
	poolLarge = 4 * poolBatch    // … when callers had to wait for the one before
	poolLow   = 256              // refill below this
	poolAge   = 30 * time.Minute // an unbound key older than this is not handed out
	sweepAge  = time.Hour        // … and older than this is destroyed
)

// errClosed says that the keyring was closed.
var errClosed = errors.New("seal: the keyring is closed")

// pool holds keys that are durable and that nobody has been given yet.
type pool struct {
	mu    sync.Mutex
	ready []pooled // guarded by mu; oldest first
	fill  *fill    // guarded by mu; the refill under way, or nil

	// The ids reserved for the next commit; used by the refill alone.
	from, to int64
}

// A pooled key is one not yet handed out, with its 32 bytes.
type pooled struct {
	id   KeyID
	made time.Time
	key  [keyLen]byte
}

// A fill is one refill; err is set before done is closed.
type fill struct {
	done chan struct{}
	err  error
}

// Next hands out a data key: durable, of nobody, and never handed out before.
// Bind it within half an hour, or let it be: the sweep takes it.
func (k *Keyring) Next(ctx context.Context) (KeyID, error) {
	for {
		key, ok, f := k.pool.take(k.config.Keys.Now(), k.startFill)
		if ok {
			a, err := newAEAD(key.key[:])
			clear(key.key[:])
			if err != nil {
				return 0, err
			}
			_, mark := k.cache.get(key.id)
			k.cache.put(key.id, a, mark)
			return key.id, nil
		}
		select {
		case <-f.done:
			if f.err != nil {
				return 0, fmt.Errorf("seal next: %w", f.err)
			}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// take returns the oldest key that is young enough. When few are left it has
// start begin a refill; when none is, it returns the one to wait for.
func (p *pool) take(now time.Time, start func() *fill) (key pooled, ok bool, f *fill) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.ready) > 0 && now.Sub(p.ready[0].made) > poolAge {
		p.drop()
	}
	if len(p.ready) > 0 {
		key, ok = p.ready[0], true
		p.drop()
	}
	if len(p.ready) < poolLow && p.fill == nil {
		p.fill = start()
	}
	return key, ok, p.fill
}

// drop takes the oldest key out. The caller holds mu.
func (p *pool) drop() {
	clear(p.ready[0].key[:])
	if p.ready = p.ready[1:]; len(p.ready) == 0 {
		p.ready = nil
	}
}

// empty waits for a refill under way and clears every key; the sweep destroys
// them.
func (p *pool) empty() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.fill; f != nil {
		p.mu.Unlock()
		<-f.done
		p.mu.Lock()
	}
	for len(p.ready) > 0 {
		p.drop()
	}
}

// startFill begins a refill in the background; it is called under the pool's
// lock.
func (k *Keyring) startFill() *fill {
	f := &fill{done: make(chan struct{})}
	if k.life.Err() != nil {
		f.err = errClosed
		close(f.done)
		return f
	}
	p := &k.pool
	next := int64(poolBatch)
	if len(p.ready) == 0 && p.from < p.to {
		next = poolLarge
	}
	k.tasks.Go(func() {
		keys, err := k.makeKeys(k.life, next)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ready = append(p.ready, keys...)
		p.fill, f.err = nil, err
		close(f.done)
	})
	return f
}

// makeKeys makes one batch of keys, durable when it returns. The commit also
// reserves the ids of the next batch. After an error the ids are given up,
// because the commit may have happened after all.
func (k *Keyring) makeKeys(ctx context.Context, next int64) (keys []pooled, err error) {
	p := &k.pool
	defer func() {
		if err != nil {
			p.from, p.to = 0, 0
		}
	}()
	if p.from == p.to {
		// Only the reservation: no keys yet.
		err := k.current(ctx, func(w *wrapper) error { return k.insertKeys(ctx, w.epoch, nil, nil, poolBatch) })
		if err != nil {
			return nil, err
		}
	}
	keys = make([]pooled, 0, p.to-p.from)
	for id := p.from + 1; id <= p.to; id++ {
		key := pooled{id: KeyID(id)}
		rand.Read(key.key[:])
		keys = append(keys, key)
	}
	err = k.current(ctx, func(w *wrapper) error {
		sealed := make([][]byte, len(keys))
		for i := range keys {
			sealed[i] = w.wrapKey(keys[i].id, keys[i].key[:])
		}
		return k.insertKeys(ctx, w.epoch, keys, sealed, next)
	})
	if err != nil {
		clear(keys)
		return nil, err
	}
	return keys, nil
}

// insertKeys writes the keys of the ids reserved, and reserves the next.
func (k *Keyring) insertKeys(ctx context.Context, epoch int64, keys []pooled, sealed [][]byte, next int64) error {
	var high int64
	err := k.config.Keys.Tx(ctx, func(tx *db.Tx) (err error) {
		if high, err = adding(ctx, tx, epoch, next); err != nil {
			return err
		}
		now := tx.Now()
		for i := range keys {
			keys[i].made = now
			tx.Do(insertKey, int64(keys[i].id), epoch, now.UnixMicro(), sealed[i])
		}
		return nil
	})
	if err == nil {
		k.pool.from, k.pool.to = high-next, high
	}
	return err
}
