package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const indexSecret = "blind index 1"

// restoreGap is how many ids a restore leaves out: more than there can have been
// handed out since an archive was made, and there is room for a billion restores.
const restoreGap = 1 << 32

// open checks the stores against each other, in the order in which a new
// platform's are made: epoch store, keys store, data store.
func (k *Keyring) open(ctx context.Context) error {
	if err := k.apart(ctx); err != nil {
		return err
	}
	s, err := k.start(ctx)
	if err != nil {
		return err
	}
	if s.platform != k.config.Platform {
		return fault.New(fault.Invalid, "the keys store belongs to platform %s, not to %s; correct the configuration", s.platform, k.config.Platform)
	}
	if err := k.pair(ctx, s.pair); err != nil {
		return err
	}
	if err := k.level(ctx); err != nil {
		return err
	}
	if err := k.checkEpoch(ctx, s); err != nil {
		return err
	}
	if err := k.loadEpochs(ctx); err != nil {
		return err
	}
	secret, err := k.Secret(ctx, indexSecret)
	if errors.Is(err, ErrChanged) {
		return fault.New(fault.Invalid, "%s: these epoch keys do not fit the keys store; they belong to another platform or another keys store: put the right one back", k.config.Epoch.Name())
	}
	if err != nil {
		return err
	}
	k.index = newIndex(secret)
	return nil
}

// apart refuses keys and data that one copy would hold together.
func (k *Keyring) apart(ctx context.Context) error {
	c := k.config
	if c.Platform == "" || strings.Contains(c.Platform, "\x00") || c.Keys == nil || c.Data == nil || c.Epoch == nil {
		return errors.New("a keyring needs a platform's name, its two stores and its epoch store")
	}
	if c.Keys.Engine() != c.Data.Engine() {
		return nil
	}
	keys, err := c.Keys.Identity(ctx)
	if err != nil {
		return err
	}
	data, err := c.Data.Identity(ctx)
	if err != nil {
		return err
	}
	if k.same = keys == data; !k.same {
		return nil
	}
	if c.Keys.Engine() == db.SQLite {
		return fault.New(fault.Invalid, "keys and data are in the same file; give the keys a file of their own, best on another disk")
	}
	if !c.SameCluster {
		return fault.New(fault.Invalid, "keys and data are in the same PostgreSQL cluster, so that its WAL, replicas and backups hold both; give the keys a cluster or a SQLite file of their own, or allow it explicitly (every receipt will then say so)")
	}
	return nil
}

// start returns the state of the keys store, which it makes for a new platform.
func (k *Keyring) start(ctx context.Context) (state, error) {
	get := func(s *db.Snapshot) (state, error) { return readState(ctx, s) }
	s, err := read(ctx, k.config.Keys, get)
	if err == nil || !db.None(err) {
		return s, err
	}
	pair, err := k.readPair(ctx)
	if err != nil {
		return s, err
	}
	if pair != nil {
		// Another node may have started the platform since: the pair comes last.
		if s, err := read(ctx, k.config.Keys, get); err == nil || !db.None(err) {
			return s, err
		}
		return s, fault.New(fault.Invalid, "the keys store is new and empty, but the data was sealed with another; correct the configuration, or put the keys store back from its archive")
	}
	if err := k.firstEpoch(ctx); err != nil {
		return s, err
	}
	pair = make([]byte, 16)
	rand.Read(pair)
	err = k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
		now := tx.Now().UnixMicro()
		if _, err := tx.Exec(ctx, insertState, k.config.Platform, pair); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertEpoch, int64(1), now, now)
		return err
	})
	if err != nil {
		return s, err
	}
	return read(ctx, k.config.Keys, get)
}

// firstEpoch makes the first epoch key, unless a start that was cut short or
// another node has made it.
func (k *Keyring) firstEpoch(ctx context.Context) error {
	have, err := k.config.Epoch.Read(ctx)
	if err != nil {
		return err
	}
	defer forget(have)
	switch {
	case len(have) == 0:
		key := EpochKey{Number: 1, Key: make([]byte, epochKeyLen)}
		rand.Read(key.Key)
		defer clear(key.Key)
		err := k.config.Epoch.Write(ctx, key)
		if fault.Of(err) == fault.Conflict {
			return nil // another node was first: its key stands
		}
		return err
	case len(have) > 1 || have[0].Number != 1:
		return fault.New(fault.Invalid, "%s: holds epoch %d, but the keys store is new and empty; correct the configuration, put the keys store back from its archive, or name an epoch file that does not exist yet", k.config.Epoch.Name(), have[len(have)-1].Number)
	}
	return nil
}

func (k *Keyring) readPair(ctx context.Context) ([]byte, error) {
	pair, err := read(ctx, k.config.Data, func(s *db.Snapshot) (pair []byte, err error) {
		err = s.Row(ctx, selectPair).Scan(&pair)
		return pair, err
	})
	if db.None(err) {
		return nil, nil
	}
	return pair, err
}

// pair ties the data store to the keys store, once: a wrong or empty data store
// would make every key look unbound, and the sweep would destroy them all.
func (k *Keyring) pair(ctx context.Context, want []byte) error {
	// In this order: another node makes keys only after it has written the pair.
	_, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (key int64, err error) {
		err = s.Row(ctx, selectAnyKey).Scan(&key)
		return key, err
	})
	used := err == nil
	if err != nil && !db.None(err) {
		return err
	}
	have, err := k.readPair(ctx)
	if err == nil && have == nil && !used {
		err = k.config.Data.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, insertPair, want)
			return err
		})
		if err == nil {
			have, err = k.readPair(ctx)
		}
	}
	if err != nil {
		return err
	}
	if !bytes.Equal(have, want) {
		return fault.New(fault.Invalid, "the data store and the keys store do not belong together; correct the configuration so that it names both stores of platform %s", k.config.Platform)
	}
	return nil
}

// level sees to it that no key id is given twice after a store was put back from
// an archive: ids go on behind all that the data names, and far behind all that
// were given before, which some other archive may name.
func (k *Keyring) level(ctx context.Context) error {
	// In this order: a node binds an id only after it is reserved.
	highest, err := read(ctx, k.config.Data, func(s *db.Snapshot) (id int64, err error) {
		err = s.Row(ctx, selectHighest).Scan(&id)
		return id, err
	})
	if err != nil && !db.None(err) {
		return err
	}
	s, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (state, error) { return readState(ctx, s) })
	if err != nil {
		return err
	}
	if !k.config.Restoring && s.high >= highest {
		return nil
	}
	if !k.config.Restoring {
		return fault.New(fault.Invalid, "the keys store is older than the data: the data names key %d, the keys store ends at %d, so some values could not be read; put the newer keys store back, or run avow restore to accept the loss", highest, s.high)
	}
	return k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, raiseHigh, max(s.high, highest)+restoreGap)
		return err
	})
}

// checkEpoch compares the epochs that the keys need with those that the epoch
// store holds, and finishes writing one that a rotation needs.
func (k *Keyring) checkEpoch(ctx context.Context, s state) error {
	keys, err := k.config.Epoch.Read(ctx)
	if err != nil {
		return err
	}
	defer forget(keys)
	name := k.config.Epoch.Name()
	if len(keys) == 0 {
		return fault.New(fault.Invalid, "%s: the epoch key is missing, and without it no key of platform %s can be opened; put the epoch file back from its copy (epoch %d)", name, k.config.Platform, s.epoch)
	}
	first, newest := keys[0], keys[len(keys)-1]
	old, err := k.epochsNeeded(ctx, s.epoch)
	if err != nil {
		return err
	}
	switch {
	case newest.Number == s.epoch-1 && old.unfinished:
		next, err := nextEpochKey(k.config.Platform, newest)
		if err != nil {
			return err
		}
		defer clear(next.Key)
		return k.config.Epoch.Write(ctx, next)
	case newest.Number < s.epoch:
		return fault.New(fault.Invalid, "%s: the epoch file is older than the keys (it holds epoch %d, they need epoch %d): an old copy was put back; put the newest copy back", name, newest.Number, s.epoch)
	case first.Number > s.epoch || newest.Number > s.epoch+1:
		return fault.New(fault.Invalid, "%s: the epoch file is newer than the keys (it holds epoch %d, they are of epoch %d): this keys store is an archive from before a rotation, and silent since; restore a keys archive of epoch %d", name, first.Number, s.epoch, first.Number)
	case old.rows && first.Number == s.epoch:
		return fault.New(fault.Invalid, "%s: keys of epoch %d are left in the keys store but that epoch is erased; restore a keys archive of epoch %d", name, s.epoch-1, s.epoch)
	}
	return nil
}

// needs says what is left of the epochs before the current one.
type needs struct {
	unfinished bool // the rotation to the current epoch has not finished
	rows       bool // keys or secrets are still wrapped in an older epoch
}

func (k *Keyring) epochsNeeded(ctx context.Context, epoch int64) (needs, error) {
	return read(ctx, k.config.Keys, func(s *db.Snapshot) (n needs, err error) {
		e, err := readEpoch(ctx, s, epoch)
		if err != nil {
			return n, err
		}
		n.unfinished = e.Finished.IsZero()
		if n.unfinished {
			var old int64
			err = s.Row(ctx, countOld, epoch).Scan(&old)
			n.rows = old > 0
		}
		return n, err
	})
}
