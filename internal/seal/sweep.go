package seal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// fenceAge is how long a swept key is kept from being bound: longer than any
// act can be on its way.
const fenceAge = 24 * time.Hour

// Sweep destroys keys that were made over an hour ago and that no row of the
// data store names: those of nodes that ended with a full pool, and of acts
// that were given up. It looks at each key until it is bound, and not again.
//
// Any number of nodes may sweep at once, and acts may be slow: before a key is
// destroyed, a row of the data store takes its place, so that whoever binds it
// later loses the act and not the value.
func (k *Keyring) Sweep(ctx context.Context) (destroyed int, err error) {
	now := k.config.Keys.Now()
	before := now.Add(-sweepAge).UnixMicro()
	for { // each turn binds or destroys what it found, so that the next finds others
		ids, err := k.loose(ctx, before)
		if err != nil {
			return destroyed, fmt.Errorf("seal sweep: %w", err)
		}
		if len(ids) == 0 {
			break
		}
		dead, err := k.settle(ctx, ids, now)
		if err != nil {
			return destroyed, fmt.Errorf("seal sweep: %w", err)
		}
		destroyed += dead
	}
	err = k.config.Data.Bulk(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, deleteFences, int64(fenceClass), now.Add(-fenceAge).UnixMicro())
		return err
	})
	if err != nil {
		return destroyed, fmt.Errorf("seal sweep: %w", err)
	}
	return destroyed, nil
}

// loose returns keys that nobody has seen bound and that were made before a time,
// ascending.
func (k *Keyring) loose(ctx context.Context, before int64) ([]KeyID, error) {
	ids, err := read(ctx, k.config.Keys, func(s *db.Snapshot) ([]KeyID, error) {
		return db.Values[KeyID](ctx, s, "seal loose keys", selectLoose, before)
	})
	slices.Sort(ids)
	return ids, err
}

// settle marks the keys that are bound, and fences and destroys the others.
func (k *Keyring) settle(ctx context.Context, ids []KeyID, now time.Time) (destroyed int, err error) {
	named, err := read(ctx, k.config.Data, func(s *db.Snapshot) (map[KeyID]Class, error) { return namedIn(ctx, s, ids) })
	if err == nil && slices.ContainsFunc(ids, func(id KeyID) bool { _, ok := named[id]; return !ok }) {
		named, err = k.fence(ctx, ids, named, now)
	}
	if err != nil {
		return 0, err
	}
	var dead, bound []KeyID
	for _, id := range ids {
		if named[id] == fenceClass {
			dead = append(dead, id)
		} else {
			bound = append(bound, id)
		}
	}
	if err := k.Destroy(ctx, dead...); err != nil || len(bound) == 0 {
		return len(dead), err
	}
	return len(dead), k.config.Keys.Bulk(ctx, func(tx *db.Tx) error {
		for _, id := range bound {
			tx.Do(markBound, int64(id))
		}
		return nil
	})
}

// fence takes the place of the keys that are not named, and returns what names
// each key now: an act may have been first.
func (k *Keyring) fence(ctx context.Context, ids []KeyID, named map[KeyID]Class, now time.Time) (after map[KeyID]Class, err error) {
	err = k.config.Data.Bulk(ctx, func(tx *db.Tx) (err error) {
		for _, id := range ids {
			if _, ok := named[id]; !ok {
				tx.Do(fenceKey, int64(fenceClass), now.UnixMicro(), int64(id))
			}
		}
		after, err = namedIn(ctx, tx, ids)
		return err
	})
	return after, err
}

// namedIn returns which keys of an ascending list the data store names, and
// under which class.
func namedIn(ctx context.Context, r db.Reader, ids []KeyID) (map[KeyID]Class, error) {
	return db.Map[KeyID, Class](ctx, r, "seal names", selectRange, int64(ids[0]), int64(ids[len(ids)-1]))
}

// Purge destroys every key that the data store does not name, however young.
// It belongs into a restore, after the journal was carried out again and before
// anything is served: a keys store put back from an older archive than the data
// has live keys of people whose rows are gone, and nothing else leads to them.
// Data that is put aside in a restore cannot be opened any more afterwards.
func (k *Keyring) Purge(ctx context.Context) (destroyed int, err error) {
	k.pool.empty()
	now := k.config.Keys.Now()
	for last := KeyID(0); ; {
		ids, err := read(ctx, k.config.Keys, func(s *db.Snapshot) ([]KeyID, error) {
			return db.Values[KeyID](ctx, s, "seal keys", selectKeys, int64(last))
		})
		if err != nil {
			return destroyed, fmt.Errorf("seal purge: %w", err)
		}
		if len(ids) == 0 {
			return destroyed, nil
		}
		last = ids[len(ids)-1]
		dead, err := k.settle(ctx, ids, now)
		if err != nil {
			return destroyed, fmt.Errorf("seal purge: %w", err)
		}
		destroyed += dead
	}
}
