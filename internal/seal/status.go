package seal

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// Status says how a platform's keys stand.
type Status struct {
	Epoch       Epoch
	Rotating    bool          // a rotation has begun and not finished: run it again
	Live        int           // data keys
	Unbound     int           // … of which no sweep has seen a subject yet
	SameCluster bool          // keys and data are in one cluster; every receipt says so
	CacheLife   time.Duration // how long a node may hold a destroyed key's cipher
}

// Status reads how the keys stand.
func (k *Keyring) Status(ctx context.Context) (Status, error) {
	s, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (out Status, err error) {
		st, err := readState(ctx, s)
		if err != nil {
			return out, err
		}
		if out.Epoch, err = readEpoch(ctx, s, st.epoch); err != nil {
			return out, err
		}
		err = s.Row(ctx, countKeys).Scan(&out.Live, &out.Unbound)
		return out, err
	})
	if err != nil {
		return Status{}, fmt.Errorf("seal status: %w", err)
	}
	s.Rotating = s.Epoch.Finished.IsZero()
	s.SameCluster = k.same
	s.CacheLife = k.config.CacheLife
	return s, nil
}

// SilentFrom returns from when on nothing sealed under a key that was destroyed
// at this time can be opened with all current keys in hand, from whatever file,
// WAL or archive: the end of the first rotation that began after it, plus the
// time for which other nodes may hold its cipher. It is false while no such
// rotation has ended; the receipt then says "from the next rotation on".
//
// destroyed is Config.Keys.Now() taken after [Keyring.Destroy] has returned. A
// rotation that was under way at that time does not count, because it may have
// re-wrapped the key before it was destroyed.
func (k *Keyring) SilentFrom(ctx context.Context, destroyed time.Time) (time.Time, bool, error) {
	finished, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (at *int64, err error) {
		err = s.Row(ctx, selectAfter, destroyed.UnixMicro()).Scan(&at)
		return at, err
	})
	if db.None(err) || err == nil && finished == nil {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("seal silent: %w", err)
	}
	return time.UnixMicro(*finished).UTC().Add(k.config.CacheLife), true, nil
}
