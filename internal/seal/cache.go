package seal

import (
	"crypto/cipher"
	"sync"
	"sync/atomic"
)

// cacheShards is a power of two; each shard has its own lock.
const cacheShards = 64

// cache holds the expanded ciphers of data keys for a bounded time and in a
// bounded number (an expanded AES-256-GCM is about 1 KiB). Time is counted in
// ticks of half a lifetime, so that a hit reads one atomic number and no clock:
// an entry is used for at least half a lifetime and never longer than a whole.
//
// What was evicted by [cache.drop] does not come back by a load that began
// before: put compares the shard's count of evictions.
type cache struct {
	tick   atomic.Int64
	shards [cacheShards]cacheShard
	room   int // entries a shard
}

type cacheShard struct {
	mu      sync.RWMutex
	entries map[KeyID]cacheEntry // guarded by mu
	drops   uint64               // guarded by mu
	_       [64]byte             // keep neighbours off this cache line
}

type cacheEntry struct {
	aead cipher.AEAD
	born int64 // tick
	stay *Stay // nil: nobody has asked for it
}

// A Stay is the time for which a key is held in this node's memory. What was opened
// with the key may be remembered that long and no longer: then it is nowhere where
// the key and what it sealed were not.
type Stay struct{ over atomic.Bool }

// Over reports whether the key has left: it was destroyed, it is too old to be used
// without a look at the store, or there was no more room.
func (s *Stay) Over() bool { return s.over.Load() }

// leave says that the entry is no longer held.
func (e cacheEntry) leave() {
	if e.stay != nil {
		e.stay.over.Store(true)
	}
}

func newCache(entries int) *cache {
	c := &cache{room: max(1, entries/cacheShards)}
	for i := range c.shards {
		c.shards[i].entries = make(map[KeyID]cacheEntry)
	}
	return c
}

func (c *cache) shard(k KeyID) *cacheShard { return &c.shards[uint64(k)%cacheShards] }

// get returns the cipher of a key, or nil and the mark that put wants.
func (c *cache) get(k KeyID) (a cipher.AEAD, mark uint64) {
	now := c.tick.Load()
	s := c.shard(k)
	s.mu.RLock()
	e, ok := s.entries[k]
	mark = s.drops
	s.mu.RUnlock()
	if !ok || now-e.born >= 2 {
		return nil, mark
	}
	return e.aead, mark
}

// put keeps a cipher that was loaded after get returned mark.
func (c *cache) put(k KeyID, a cipher.AEAD, mark uint64) {
	now := c.tick.Load()
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drops != mark {
		return
	}
	if len(s.entries) >= c.room {
		for victim, e := range s.entries { // the runtime starts at a random place
			e.leave()
			delete(s.entries, victim)
			break
		}
	}
	s.entries[k].leave()
	s.entries[k] = cacheEntry{aead: a, born: now}
}

// stay returns the stay of a key, nil where it is not held.
func (c *cache) stay(k KeyID) *Stay {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.entries[k]
	if !ok || c.tick.Load()-e.born >= 2 {
		return nil
	}
	if e.stay == nil {
		e.stay = new(Stay)
		s.entries[k] = e
	}
	return e.stay
}

// drop evicts keys at once.
func (c *cache) drop(ks []KeyID) {
	for _, k := range ks {
		s := c.shard(k)
		s.mu.Lock()
		s.entries[k].leave()
		delete(s.entries, k)
		s.drops++
		s.mu.Unlock()
	}
}

// age moves time on by half a lifetime and lets go of what is too old.
func (c *cache) age() {
	now := c.tick.Add(1)
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for k, e := range s.entries {
			if now-e.born >= 2 {
				e.leave()
				delete(s.entries, k)
			}
		}
		s.mu.Unlock()
	}
}

// len counts the entries held.
func (c *cache) len() (n int) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.RLock()
		n += len(s.entries)
		s.mu.RUnlock()
	}
	return n
}
