package audit

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
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

	// mu is held for the whole of Sequence and RotateSigner; it owns what follows.
	mu    sync.Mutex
	edge  *edge // nil: to be read again
	fence int64 // of the lease under which edge was read
}

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
	err := c.Data.Read(ctx, func(r *db.Snapshot) (err error) {
		s, err = readState(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	list, err := readSigners(l.file, l.origin)
	if err != nil {
		return nil, err
	}
	if s.signer == "" {
		return l, l.begin(ctx, list)
	}
	for i, k := range list {
		if k.public == s.signer {
			l.signer.Store(k)
			if i > 0 { // a rotation was cut off before the old key was forgotten
				return l, writeSigners(l.file, false, k)
			}
			return l, nil
		}
	}
	return nil, fault.New(fault.Conflict,
		"the log of %s is signed by the key %s, which is not in %s: put that key file back (from a backup of the keys directory, or from another node)",
		c.Platform, s.signer, l.file)
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
func (l *Log) begin(ctx context.Context, list []*signer) error {
	if len(list) == 0 {
		s, err := newSigner(l.origin)
		if err != nil {
			return err
		}
		if err := writeSigners(l.file, true, s); err != nil {
			return err
		}
		list = []*signer{s}
	}
	l.signer.Store(list[0])
	first, err := l.Prepare(ctx, Entry{Kind: LogKeyAdded, Public: Fields{Text(TagLogKey, list[0].public)}})
	if err != nil {
		return err
	}
	return l.data.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, setSigner, list[0].public, "")
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

// An Entry is one fact to be logged.
type Entry struct {
	Kind    Kind
	Control policy.Control // the control it is evidence for; "" for none
	Public  []Field        // no personal data; empty texts and lists are left out

	Subject   int64      // the subject's number; 0: about nobody
	SubjectID string     // the subject's public id, for the sealed part
	Key       seal.KeyID // the subject's log-class key; needed with SubjectID or Private
	Private   []Field    // sealed
}

// Append writes an entry with the act: it is durable if and only if the act is.
// The entry has the act's time. It returns the entry's id.
func (l *Log) Append(ctx context.Context, a *db.Act, e Entry) (ID, error) {
	p, err := l.Prepare(ctx, e)
	if err != nil {
		return 0, err
	}
	return p.Put(a), nil
}

// A Prepared entry is sealed and encoded but for its time. It belongs to one act
// or transaction; a transaction that is retried may put it again.
type Prepared struct {
	ID      ID
	kind    Kind
	subject int64
	key     seal.KeyID
	public  []byte
	sealed  []byte
}

// Prepare seals and encodes an entry. Call it before the transaction, and Put
// inside.
func (l *Log) Prepare(ctx context.Context, e Entry) (Prepared, error) {
	p := Prepared{kind: e.Kind, subject: e.Subject, key: e.Key}
	public, err := publicFields(e)
	if err != nil {
		return p, err
	}
	d := Decoded{Kind: e.Kind, Fields: public}
	if err := l.salt(d.Salt[:]); err != nil {
		return p, err
	}
	if p.public, err = Encode(d); err != nil {
		return p, err
	}
	if p.ID, err = l.data.Number(ctx, "audit_entry"); err != nil {
		return p, err
	}
	if e.SubjectID == "" && len(e.Private) == 0 {
		p.key = 0
		return p, nil
	}
	if p.sealed, err = l.sealPrivate(ctx, p.ID, e); err != nil {
		return p, err
	}
	if n := len(p.public) + len(p.sealed); n > MaxEntry {
		return p, tooLong(n)
	}
	return p, nil
}

// Put writes the entry with the time of w and returns its id.
func (p Prepared) Put(w db.Writer) ID {
	setTime(p.public, w.Now())
	var subject, key any
	if p.subject != 0 {
		subject = p.subject
	}
	if p.key != 0 {
		key = int64(p.key)
	}
	w.Do(addEntry, p.ID, int64(p.kind), subject, key, p.public, p.sealed)
	return p.ID
}

func publicFields(e Entry) (Fields, error) {
	if e.Kind.name() == "" {
		return nil, fault.New(fault.Invalid, "the log knows no %s: use a kind of package audit", e.Kind)
	}
	fields := make(Fields, 0, len(e.Public)+1)
	if e.Control != "" {
		control := Text(TagControl, e.Control)
		if err := control.check(true); err != nil {
			return nil, err
		}
		fields = append(fields, control)
	}
	fields, err := checked(fields, e.Public, true)
	if err != nil {
		return nil, err
	}
	if n := len(fields.All(TagControl)); n > 1 || n == 1 && e.Control == "" {
		return nil, fault.New(fault.Invalid, "the control of an entry is set by Entry.Control")
	}
	return fields, nil
}

// checked appends the fields that say something.
func checked(to, fields Fields, public bool) (Fields, error) {
	for _, f := range fields {
		if f.form != formRaw && f.valueSize() == 0 {
			continue
		}
		if err := f.check(public); err != nil {
			return nil, err
		}
		to = append(to, f)
	}
	return to, nil
}

func (l *Log) sealPrivate(ctx context.Context, id ID, e Entry) ([]byte, error) {
	if e.Key == 0 {
		return nil, fault.New(fault.Invalid, "an entry with private fields needs the log-class key they are sealed under")
	}
	fields := make(Fields, 0, len(e.Private)+1)
	if e.SubjectID != "" {
		fields = append(fields, Text(TagSubjectID, e.SubjectID))
	}
	fields, err := checked(fields, e.Private, false)
	if err != nil {
		return nil, err
	}
	plain := encodePrivate(make([]byte, 0, 1+fieldsSize(fields)), fields)
	if len(plain) > MaxEntry {
		return nil, tooLong(len(plain))
	}
	sealed, err := l.keys.Seal(ctx, e.Key, place(e.Subject, id), plain)
	clear(plain)
	if err != nil {
		return nil, fmt.Errorf("audit append: %w", err)
	}
	return sealed, nil
}

// place is the associated data of a sealed part: it opens for its entry and its
// subject only.
func place(subject int64, id ID) seal.AAD { return seal.AAD{Subject: subject, Value: id} }

func (l *Log) salt(b []byte) error {
	if l.rand == nil {
		rand.Read(b) // never fails: crypto/rand ends the program first
		return nil
	}
	l.randMu.Lock()
	defer l.randMu.Unlock()
	if _, err := io.ReadFull(l.rand, b); err != nil {
		return fmt.Errorf("audit salt: %w", err)
	}
	return nil
}

// sign returns the signed checkpoint of a tree.
func sign(c Checkpoint, s *signer) (Checkpoint, error) {
	signed, err := note.Sign(&note.Note{Text: formatCheckpoint(c.Origin, c.Size, c.Root)}, s)
	if err != nil {
		return c, fmt.Errorf("audit checkpoint: %w", err)
	}
	c.Note = signed
	return c, nil
}

// Checkpoint returns the newest checkpoint, fault.NotFound before the first
// entry has its place.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	var c Checkpoint
	err := l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		c, err = readCheckpoint(ctx, r)
		return err
	})
	return c, err
}

// readCheckpoint returns the newest checkpoint as it is stored; its signature is
// for its reader to check.
func readCheckpoint(ctx context.Context, r db.Reader) (Checkpoint, error) {
	var signed []byte
	err := r.Row(ctx, lastCheckpoint).Scan(&signed)
	if db.None(err) {
		return Checkpoint{}, fault.New(fault.NotFound, "the log has no checkpoint yet: it gets one within a second of its first entry")
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit checkpoint: %w", err)
	}
	return parseNote(signed)
}
