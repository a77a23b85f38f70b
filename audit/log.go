package audit

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

// A Sealer seals the subject part of entries and opens it again. It is a
// *seal.Keyring; tests that compare two logs byte for byte use one with a fixed
// nonce.
type Sealer interface {
	Seal(ctx context.Context, k seal.KeyID, a seal.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, k seal.KeyID, a seal.AAD, sealed []byte) ([]byte, error)
}

// Config says where a log lives.
type Config struct {
	// Platform names the log: its origin and key name are "avow/" and this.
	Platform string
	// Data holds the entries.
	Data *db.DB
	// Keys seals the subject parts.
	Keys Sealer
	// SignerFile holds the Ed25519 key that signs checkpoints. It is made on
	// first use, mode 0600. Every node of a platform needs the same file.
	SignerFile string
	// Rand gives salts; nil is crypto/rand.
	Rand io.Reader
}

// An ID names an entry in its store, from the moment it is appended.
type ID = int64

// A Log is the tamper-evident log of one platform. Its methods may be called by
// many goroutines.
type Log struct {
	origin string
	data   *db.DB
	keys   Sealer
	file   string
	owner  string // of the sequencer's lease: this Log
	signer atomic.Pointer[signer]

	randMu sync.Mutex // owns rand
	rand   io.Reader  // nil: crypto/rand

	fresh fresh // leaves of entries that were put
	tail  tail  // rows of the end of the log that were read

	// mu is held for the whole of Sequence and RotateSigner; it owns what follows.
	mu    sync.Mutex
	edge  *edge // nil: to be read again
	last  run   // of the order, as edge is
	fence int64 // of the lease under which both were read
}

// selectLast reads the time of the newest entry: business time goes on after it.
const selectLast = `SELECT at FROM audit_entry ORDER BY id DESC LIMIT 1`

// Open opens the log of a platform. In a new data store it makes the signer file
// and announces its key; in a used one the file must hold the key that the log
// names (fault.Conflict).
func Open(ctx context.Context, c Config) (*Log, error) {
	if !validPlatform(c.Platform) {
		return nil, fault.New(fault.Invalid, "the platform name %q cannot name a log: use lower-case letters, digits, - and . (at most 64)", c.Platform)
	}
	l := &Log{
		origin: "avow/" + c.Platform, data: c.Data, keys: c.Keys, file: c.SignerFile,
		owner: id.Random("node"), rand: c.Rand,
	}
	var s state
	var last int64
	err := c.Data.Read(ctx, func(r *db.Snapshot) (err error) {
		if s, err = readState(ctx, r); err != nil {
			return err
		}
		err = r.Row(ctx, selectLast).Scan(&last)
		if db.None(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Data.NotBefore(time.UnixMicro(last))
	f, err := readSigners(l.file, l.origin)
	if err != nil {
		return nil, err
	}
	if s.signer == "" {
		return l, l.begin(ctx, f)
	}
	return l, l.resume(ctx, f, s.signer)
}

// resume finds the key that signs a log already begun.
func (l *Log) resume(ctx context.Context, f signerFile, signs string) error {
	for i, k := range f.keys {
		if k.public != signs {
			continue
		}
		l.signer.Store(k)
		if i > 0 { // a rotation was cut off before the old key was forgotten
			f.keys = f.keys[i:]
			return f.write(l.file, false)
		}
		return nil
	}
	for _, k := range f.keys {
		if path, ok := f.path(signs, k.public); ok {
			return l.follow(ctx, path, k)
		}
	}
	return fault.New(fault.Conflict,
		"the log %s is signed by the key %s, which is not in %s: put that key file back (from a backup of the keys directory, or from another node)",
		l.origin, signs, l.file)
}

// follow announces again the keys that followed the one a restored store names.
func (l *Log) follow(ctx context.Context, path []vouch, k *signer) error {
	list := make([]Prepared, len(path))
	for i, v := range path {
		var err error
		if list[i], err = l.Prepare(ctx, v.entry()); err != nil {
			return err
		}
	}
	l.signer.Store(k)
	return l.data.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, setSigner, k.public, path[0].old)
		if err != nil {
			return fmt.Errorf("audit open: %w", err)
		}
		if n == 1 { // otherwise another node has just done the same
			for _, p := range list {
				p.Put(tx)
			}
		}
		return nil
	})
}

func validPlatform(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_' {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// begin makes the key of a new log and announces it as its first entry.
func (l *Log) begin(ctx context.Context, f signerFile) error {
	if len(f.keys) == 0 {
		s, err := newSigner(l.origin)
		if err != nil {
			return err
		}
		f.keys = []*signer{s}
		if err := f.write(l.file, true); err != nil {
			return err
		}
	}
	k := f.keys[0]
	l.signer.Store(k)
	first, err := l.Prepare(ctx, Entry{Kind: LogKeyAdded, Public: Fields{Text(TagLogKey, k.public)}})
	if err != nil {
		return err
	}
	return l.data.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, setSigner, k.public, "")
		if err != nil {
			return fmt.Errorf("audit open: %w", err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, "another node has just begun this log: copy its log key file to %s and start again", l.file)
		}
		first.Put(tx)
		return nil
	})
}

// Close gives the sequencer's lease back, so that another node need not wait for
// its end. The stores stay open.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.edge == nil {
		return nil
	}
	l.edge = nil
	_, _, err := l.data.Lease(ctx, leaseName, l.owner, 0)
	return err
}

// Key returns the verifier key of the key that signs now. Hand it out: whoever
// has it can verify proofs offline.
func (l *Log) Key() string { return l.signer.Load().public }

// Origin returns the name of the log in its checkpoints.
func (l *Log) Origin() string { return l.origin }
