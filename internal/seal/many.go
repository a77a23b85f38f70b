package seal

import (
	"context"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/internal/db"
)

var (
	askKey   = db.DeclareQuery(selectKey, "int")
	askBound = db.DeclareQuery(selectBound, "int int")
)

// BoundOf asks for the bindings of many subjects, each by class, bucket and key.
// Once the inquiry has run, what it returns gives them in their order.
func (k *Keyring) BoundOf(in *db.Inquiry, subjects []int64) func() ([][]Binding, error) {
	rows := in.Ask(askBound, subjects, int64(fenceClass))
	return func() ([][]Binding, error) { return db.Lists(rows, len(subjects), "seal bound", scanBinding) }
}

// Warm loads the ciphers of keys that are about to be used, all in one read of the
// keys store, so that each need not be read by itself. It returns, ascending, those
// of which it has seen that they are destroyed; others may be all the same. What it
// could not load is loaded when it is used.
func (k *Keyring) Warm(ctx context.Context, keys []KeyID) (gone []KeyID, err error) {
	var cold []int64
	var marks []uint64
	for _, key := range keys {
		if key == 0 {
			continue
		}
		if a, _ := k.cache.get(key); a == nil {
			cold = append(cold, int64(key))
		}
	}
	if len(cold) < 2 {
		return nil, nil
	}
	slices.Sort(cold)
	cold = slices.Compact(cold)
	for _, key := range cold { // before the rows are read: see cache.put
		_, mark := k.cache.get(KeyID(key))
		marks = append(marks, mark)
	}
	in := k.config.Keys.NewInquiry()
	rows := in.Ask(askKey, cold)
	if err := in.Run(ctx); err != nil {
		return nil, fmt.Errorf("seal keys: %w", err)
	}
	held, there := k.epochs.Load(), make([]bool, len(cold))
	var w wrapped
	for rows.Next() {
		if err := rows.Scan(&w.epoch, &w.bytes); err != nil {
			return nil, fmt.Errorf("seal keys: %w", err)
		}
		i := rows.Asker()
		there[i] = true
		if err := k.warm(held.of(w.epoch), KeyID(cold[i]), w.bytes, marks[i]); err != nil {
			return nil, err
		}
	}
	for i, key := range cold {
		if !there[i] {
			gone = append(gone, KeyID(key))
		}
	}
	return gone, rows.Err()
}

// warm keeps the cipher of a wrapped key; a key of an epoch that this node does not
// hold is left to [Keyring.cipher].
func (k *Keyring) warm(w *wrapper, key KeyID, bytes []byte, mark uint64) error {
	if w == nil {
		return nil
	}
	raw, err := w.unwrapKey(key, bytes)
	if err != nil {
		return fmt.Errorf("key %d of epoch %d: %w", key, w.epoch, err)
	}
	defer clear(raw)
	a, err := newAEAD(raw)
	if err != nil {
		return err
	}
	k.cache.put(key, a, mark)
	return nil
}

// OpenTo is [Keyring.Open] that appends what it opens to a slice; on an error it
// returns nil.
func (k *Keyring) OpenTo(ctx context.Context, to []byte, key KeyID, a AAD, sealed []byte) ([]byte, error) {
	c, err := k.cipher(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return k.places.with(key, a, func(aad []byte) ([]byte, error) {
		if len(sealed) < 1 || sealed[0] != formOne {
			return nil, ErrChanged
		}
		out, err := c.Open(to, nil, sealed[1:], aad)
		if err != nil {
			return nil, ErrChanged
		}
		return out, nil
	})
}

// Stay returns the stay of a key in this node's memory, nil where it is not held: ask
// for it after something was opened, and remember that only as long as the stay is not
// over.
func (k *Keyring) Stay(key KeyID) *Stay { return k.cache.stay(key) }
