package seal

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
)

// Config says where a platform's keys are.
type Config struct {
	Platform string     // the platform's name; part of everything that is sealed
	Keys     *db.DB     // the keys store
	Data     *db.DB     // the data store, in another file or another cluster
	Epoch    EpochStore // outside both

	Cache     int           // ciphers held; 0 is 16,384 (about 16 MiB)
	CacheLife time.Duration // how long one is held at most; 0 is 60 s

	// SameCluster accepts keys and data in one PostgreSQL cluster. Whoever
	// copies that cluster then has both; every receipt says so.
	SameCluster bool

	// Restoring says that a store was put back from an archive: it accepts a
	// keys store that is older than the data (values whose keys it lacks read as
	// erased) and leaves out the ids that may have been given since. Only a
	// restore sets it.
	Restoring bool
}

const (
	defaultCache = 16384
	defaultLife  = 60 * time.Second
	lockPoll     = 5 * time.Millisecond // between tries for the lock of the epoch file
	epochTries   = 4                    // how often an epoch that moves on meanwhile is read again
)

// A Keyring seals and opens the values of one platform and keeps its keys. It
// is safe for concurrent use. Several may work on the same stores.
type Keyring struct {
	config Config
	owner  string // of leases
	places *places
	cache  *cache
	index  *index
	pool   pool
	epochs atomic.Pointer[epochs]
	same   bool // keys and data are in one cluster

	reload sync.Mutex // one reading of the epoch store at a time

	life  context.Context // ends with Close
	end   context.CancelFunc
	tasks sync.WaitGroup
}

// epochs are the wrappers a node holds: of the epoch new keys are wrapped in,
// and during a rotation of its neighbour.
type epochs struct {
	current int64
	held    []*wrapper
}

func (e *epochs) of(number int64) *wrapper {
	for _, w := range e.held {
		if w.epoch == number {
			return w
		}
	}
	return nil
}

// Open opens a platform's keyring, and makes the epoch store and the state of a
// new platform. It refuses, with fault.Invalid and what to do: keys and data in
// one SQLite file or (unless allowed) one cluster; stores that do not belong
// together; an epoch store that is missing, older or newer than the keys.
func Open(ctx context.Context, c Config) (*Keyring, error) {
	k := &Keyring{
		config: c,
		owner:  id.Random("node"),
		places: newPlaces(c.Platform),
	}
	if k.config.Cache == 0 {
		k.config.Cache = defaultCache
	}
	if k.config.CacheLife == 0 {
		k.config.CacheLife = defaultLife
	}
	k.cache = newCache(k.config.Cache)
	k.epochs.Store(&epochs{})
	k.life, k.end = context.WithCancel(context.Background())
	if err := k.open(ctx); err != nil {
		k.end()
		return nil, fmt.Errorf("seal open: %w", err)
	}
	k.tasks.Go(k.run)
	return k, nil
}

// Close ends the keyring's background work and lets go of every cipher. The
// stores stay open. Nothing may be sealed or opened afterwards.
func (k *Keyring) Close() {
	k.end()
	k.tasks.Wait()
	for range 2 {
		k.cache.age()
	}
	k.pool.empty()
}

// run lets ciphers and epochs grow old.
func (k *Keyring) run() {
	tick := time.NewTicker(max(k.config.CacheLife/2, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-k.life.Done():
			return
		case <-tick.C:
			k.cache.age()
			// When the store cannot be read, what is held still opens what it
			// wrapped; who needs more gets the error.
			_ = k.loadEpochs(k.life)
		}
	}
}

// Seal seals a value under a key, in its place: AES-256-GCM with a random nonce,
// 29 bytes longer than plain. It returns fault.NotFound when the key is destroyed.
func (k *Keyring) Seal(ctx context.Context, key KeyID, a AAD, plain []byte) ([]byte, error) {
	c, err := k.cipher(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return k.places.with(key, a, func(aad []byte) ([]byte, error) {
		return sealTo(c, plain, aad), nil
	})
}

// Open opens a sealed value. It returns fault.NotFound when the key is destroyed
// and [ErrChanged] when the bytes were changed or belong elsewhere.
func (k *Keyring) Open(ctx context.Context, key KeyID, a AAD, sealed []byte) ([]byte, error) {
	c, err := k.cipher(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return k.places.with(key, a, func(aad []byte) ([]byte, error) {
		return openFrom(c, sealed, aad)
	})
}

// Index returns the blind index of an identifier: 32 bytes of HMAC-SHA-256 over
// version, kind and normal form (see [NormalForm]), under the platform's secret.
func (k *Keyring) Index(kind, normal string) []byte { return k.index.sum(kind, normal) }

// cipher returns the cipher of a key, from the cache or from the keys store.
func (k *Keyring) cipher(ctx context.Context, key KeyID) (cipher.AEAD, error) {
	a, mark := k.cache.get(key)
	if a != nil {
		return a, nil
	}
	for range epochTries {
		var row wrapped // a key that is there was durable before it was handed out
		err := k.config.Keys.Ahead(ctx, func(s *db.Snapshot) error {
			return s.Row(ctx, selectKey, int64(key)).Scan(&row.epoch, &row.bytes)
		})
		if db.None(err) {
			if err := k.config.Keys.Durable(ctx); err != nil {
				return nil, err
			}
			return nil, fault.New(fault.NotFound, "the key is destroyed: what was sealed under it is erased")
		}
		if err != nil {
			return nil, err
		}
		w := k.epochs.Load().of(row.epoch)
		if w == nil { // a rotation is ahead of this node, or has moved the row on
			if err := k.loadEpochs(ctx); err != nil {
				return nil, err
			}
			continue
		}
		raw, err := w.unwrapKey(key, row.bytes)
		if err != nil {
			return nil, fmt.Errorf("key %d of epoch %d: %w", key, row.epoch, err)
		}
		defer clear(raw)
		if a, err = newAEAD(raw); err != nil {
			return nil, err
		}
		k.cache.put(key, a, mark)
		return a, nil
	}
	return nil, fmt.Errorf("key %d: its epoch is not in %s", key, k.config.Epoch.Name())
}

// loadEpochs reads the epoch store and the epoch that new keys belong to. A key
// of an epoch that was erased is let go of.
func (k *Keyring) loadEpochs(ctx context.Context) error {
	k.reload.Lock()
	defer k.reload.Unlock()
	s, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (state, error) { return readState(ctx, s) })
	if err != nil {
		return err
	}
	keys, err := k.config.Epoch.Read(ctx)
	if err != nil {
		return err
	}
	defer forget(keys)
	next := &epochs{current: s.epoch}
	for _, key := range keys {
		w, err := newWrapper(k.config.Platform, key)
		if err != nil {
			return err
		}
		next.held = append(next.held, w)
	}
	k.epochs.Store(next)
	return nil
}

// errStale says that the epoch moved on while keys were being wrapped.
var errStale = errors.New("the epoch has moved on")

// current runs fn with the wrapper of the current epoch, again when fn returns
// errStale.
func (k *Keyring) current(ctx context.Context, fn func(*wrapper) error) error {
	err := errStale
	for range epochTries {
		e := k.epochs.Load()
		if w := e.of(e.current); w != nil {
			if err = fn(w); !errors.Is(err, errStale) {
				return err
			}
		}
		if err := k.loadEpochs(ctx); err != nil {
			return err
		}
	}
	return err
}

// adding begins a transaction that adds wrapped keys of an epoch: it holds the
// state row, so that no rotation can begin before it ends, and reserves ids.
// It returns the last id reserved.
func adding(ctx context.Context, tx *db.Tx, epoch, ids int64) (high int64, err error) {
	n, err := tx.Exec(ctx, reserveIDs, ids, epoch)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errStale
	}
	s, err := readState(ctx, tx)
	return s.high, err
}
