package seal

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// Secret returns the 32 bytes of a named secret, which the first call makes. It
// is kept sealed in the keys store and moves with the epochs. Clear it after use.
func (k *Keyring) Secret(ctx context.Context, name string) ([]byte, error) {
	secret, err := k.readSecret(ctx, name)
	if err == nil || !db.None(err) {
		return secret, err
	}
	fresh := make([]byte, keyLen)
	rand.Read(fresh)
	defer clear(fresh)
	err = k.current(ctx, func(w *wrapper) error {
		sealed := w.wrapSecret(name, fresh)
		return k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
			if _, err := adding(ctx, tx, w.epoch, 0); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, insertSecret, name, w.epoch, tx.Now().UnixMicro(), sealed)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("seal secret %q: %w", name, err)
	}
	return k.readSecret(ctx, name) // another caller may have been first
}

func (k *Keyring) readSecret(ctx context.Context, name string) ([]byte, error) {
	for range epochTries {
		row, err := read(ctx, k.config.Keys, func(s *db.Snapshot) (w wrapped, err error) {
			err = s.Row(ctx, selectSecret, name).Scan(&w.epoch, &w.bytes)
			return w, err
		})
		if err != nil {
			return nil, fmt.Errorf("seal secret %q: %w", name, err)
		}
		if w := k.epochs.Load().of(row.epoch); w != nil {
			secret, err := w.unwrapSecret(name, row.bytes)
			if err != nil {
				return nil, fmt.Errorf("seal secret %q: %w", name, err)
			}
			return secret, nil
		}
		if err := k.loadEpochs(ctx); err != nil {
			return nil, fmt.Errorf("seal secret %q: %w", name, err)
		}
	}
	return nil, fmt.Errorf("seal secret %q: its epoch is not in %s", name, k.config.Epoch.Name())
}

// Forget destroys a named secret, as [Keyring.Destroy] does a key. The name may
// be used again: it is another secret then. The secret of the blind indexes
// cannot be forgotten.
func (k *Keyring) Forget(ctx context.Context, name string) error {
	if name == indexSecret {
		return fault.New(fault.Invalid, "the secret %q is that of the blind indexes: without it nobody could be found any more", name)
	}
	err := k.config.Keys.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, deleteSecret, name)
		return err
	})
	if err != nil {
		return fmt.Errorf("seal forget %q: %w", name, err)
	}
	k.config.Keys.CheckpointSoon()
	return nil
}
