package audit

import (
	"context"
	"fmt"
	"math"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// RotateSigner gives the log a new signing key. The old key signs an entry that
// names the new one; when that entry has its place, the new key takes over and
// the old one is removed from the signer file. After a crash, call it again: it
// goes on where it stopped. Other nodes refuse to sequence until they are started
// with the new file.
func (l *Log) RotateSigner(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.signer.Load()
	f, err := l.nextSigner(old)
	if err != nil {
		return err
	}
	next := f.keys[1]
	p, err := l.Prepare(ctx, f.vouches[len(f.vouches)-1].entry())
	if err != nil {
		return err
	}
	err = l.data.Tx(ctx, func(tx *db.Tx) error { p.Put(tx); return nil })
	if err != nil {
		return fmt.Errorf("audit rotate: %w", err)
	}
	if err := l.placed(ctx, p.ID); err != nil {
		return err
	}
	err = l.data.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, setSigner, next.public, old.public)
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "another node has rotated the log key in the meantime: copy its key file to %s", l.file)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("audit rotate: %w", err)
	}
	l.signer.Store(next)
	l.edge = nil
	f.keys = f.keys[1:]
	return f.write(l.file, false)
}

// nextSigner returns the signer file with the key that is to take over and the
// old one's vouch for it, and has made sure that both are on disk.
func (l *Log) nextSigner(old *signer) (signerFile, error) {
	f, err := readSigners(l.file, l.origin)
	if err != nil {
		return f, err
	}
	if len(f.keys) == 0 || f.keys[0].public != old.public {
		return f, fault.New(fault.Conflict, "%s does not hold the key that signs this log", l.file)
	}
	if len(f.keys) == 2 {
		return f, nil
	}
	next, err := newSigner(l.origin)
	if err != nil {
		return f, err
	}
	sig, err := old.Sign(announcement(l.origin, next.public))
	if err != nil {
		return f, fmt.Errorf("audit rotate: %w", err)
	}
	f.keys = append(f.keys, next)
	f.vouches = append(f.vouches, vouch{old.public, next.public, sig})
	return f, f.write(l.file, false)
}

// entry announces the key vouched for.
func (v vouch) entry() Entry {
	return Entry{Kind: LogKeyAdded, Public: Fields{Text(TagLogKey, v.next), Bytes(TagSignature, v.sig)}}
}

// placed sequences until the entry has its place. For a holder of mu.
func (l *Log) placed(ctx context.Context, id ID) error {
	for range 3 {
		if _, err := l.sequence(ctx); err != nil {
			return err
		}
		seq, err := l.seq(ctx, id)
		if err != nil || seq >= 0 {
			return err
		}
	}
	return fault.New(fault.Busy, "another node is giving the log its order; try again in a few seconds")
}

// seq returns the number of an entry, -1 for a pending one, fault.NotFound for
// none.
func (l *Log) seq(ctx context.Context, id ID) (seq int64, err error) {
	err = l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if seq, err = readSeq(ctx, r, id); err != nil || seq >= 0 {
			return err
		}
		w, err := readPending(ctx, r, math.MaxInt)
		if err == nil && !w.has(id) {
			return fault.New(fault.NotFound, "the log has no entry %d", id)
		}
		return err
	})
	return seq, err
}
