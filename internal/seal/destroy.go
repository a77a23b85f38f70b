package seal

import (
	"context"
	"fmt"
	"slices"
)

const destroyBatch = 500 // keys a commit

// Destroy destroys keys: durable when it returns, together with those of other
// callers in one commit. To destroy a key that is gone changes nothing. Ciphers
// of the keys leave this node's cache at once, other nodes' within
// Config.CacheLife; the wrapped keys leave SQLite's write-ahead log within a
// second; what lies in backups and dead rows dies with the epoch (see
// [Keyring.SilentFrom]).
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
	k.config.Keys.CheckpointSoon()
	return nil
}
