package staff

import (
	"sync"
	"time"
)

// KeyLife is how long a node may go by what it has read about an API key.
const KeyLife = time.Second

// keyRoom bounds the keys remembered; a server has a few.
const keyRoom = 1024

// keyCache remembers keys on record, so that a request costs no query. What was
// dropped does not come back by a reading that began before: put compares the
// count of drops that get returned.
type keyCache struct {
	mu    sync.RWMutex
	keys  map[KeyID]cachedKey // guarded by mu
	drops uint64              // guarded by mu
}

type cachedKey struct {
	Key
	digest []byte
	read   time.Time
}

// get returns a key that was read less than [KeyLife] ago, or no digest and the
// mark that put wants.
func (c *keyCache) get(id KeyID, now time.Time) (k Key, digest []byte, mark uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.keys[id]
	if age := now.Sub(e.read); !ok || age < 0 || age >= KeyLife {
		return Key{}, nil, c.drops
	}
	return e.Key, e.digest, c.drops
}

// put remembers a key that was read after get returned mark.
func (c *keyCache) put(k Key, digest []byte, now time.Time, mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops != mark {
		return
	}
	if c.keys == nil || len(c.keys) >= keyRoom {
		c.keys = map[KeyID]cachedKey{}
	}
	c.keys[k.ID] = cachedKey{k, digest, now}
}

func (c *keyCache) drop(id KeyID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.keys, id)
	c.drops++
}
