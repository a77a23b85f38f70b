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
		for victim := range s.entries { // the runtime starts at a random place
			delete(s.entries, victim)
			break
		}
	}
	s.entries[k] = cacheEntry{aead: a, born: now}
}

// drop evicts keys at once.
func (c *cache) drop(ks []KeyID) {
	for _, k := range ks {
		s := c.shard(k)
		s.mu.Lock()
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
