package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const (
	proofFormat       = "avow-proof-1"
	consistencyFormat = "avow-consistency-1"
	maxHashes         = 128 // of a proof; a log of 2^63 entries needs 126
)

// A Proof shows that one entry is in the log: the public part, its place, a
// signed checkpoint and the hashes that lead from one to the other. It says all
// that is needed; [VerifyProof] needs nothing else but the log's public key.
type Proof struct {
	Public     []byte      // canonical public part; [Decode] reads it
	Sealed     []byte      // hash of the sealed part; nil where there is none
	Index      int64       // the entry's number in the log
	Checkpoint []byte      // signed note
	Hashes     []tlog.Hash // RFC 6962 audit path, from the leaf upward
}

// proofFile is the JSON form of a Proof.
type proofFile struct {
	Format     string      `json:"format"`
	Entry      []byte      `json:"entry"`
	Sealed     []byte      `json:"sealed,omitempty"`
	Index      int64       `json:"index"`
	Hashes     []tlog.Hash `json:"hashes"`
	Checkpoint string      `json:"checkpoint"`
}

// MarshalJSON returns the proof as a self-contained JSON object.
func (p Proof) MarshalJSON() ([]byte, error) {
	return json.Marshal(proofFile{proofFormat, p.Public, p.Sealed, p.Index, p.Hashes, string(p.Checkpoint)})
}

// UnmarshalJSON reads what MarshalJSON wrote. Unknown fields are refused.
func (p *Proof) UnmarshalJSON(b []byte) error {
	var f proofFile
	if err := strictJSON(b, &f); err != nil || f.Format != proofFormat {
		return fault.Wrap(fault.Invalid, err, "this is no proof of the form %s", proofFormat)
	}
	if f.Index < 0 || len(f.Hashes) > maxHashes || len(f.Sealed) != 0 && len(f.Sealed) != sha256.Size {
		return fault.New(fault.Invalid, "the proof has an index, a path or a hash that cannot be")
	}
	*p = Proof{f.Entry, f.Sealed, f.Index, []byte(f.Checkpoint), f.Hashes}
	return nil
}

// ParseProof reads the JSON form of a proof.
func ParseProof(b []byte) (Proof, error) {
	var p Proof
	err := p.UnmarshalJSON(b)
	return p, err
}

func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() || len(bytes.TrimSpace(b[d.InputOffset():])) > 0 {
		return fmt.Errorf("something follows the object")
	}
	return nil
}

// leaf returns the hash of the entry as a leaf of the tree.
func (p Proof) leaf() tlog.Hash { return leafHash(p.Public, p.Sealed) }

// Proof returns the proof of an entry under the newest checkpoint. A pending
// entry gets its place first; fault.Busy when another node is at that and has not
// reached it, fault.NotFound when there is no such entry.
func (l *Log) Proof(ctx context.Context, id ID) (Proof, error) {
	seq, err := l.seq(ctx, id)
	if err == nil && seq < 0 {
		err = func() error {
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.placed(ctx, id)
		}()
	}
	if err != nil {
		return Proof{}, err
	}
	var p Proof
	err = l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		p, err = readProof(ctx, r, id)
		return err
	})
	if err != nil {
		return Proof{}, err
	}
	c, err := parseNote(p.Checkpoint)
	if err != nil {
		return Proof{}, err
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, p.leaf()); err != nil {
		return Proof{}, fault.Wrap(fault.Conflict, err, "the stored entry %d does not fit the log's checkpoint: it was changed from outside; run audit verify", p.Index)
	}
	return p, nil
}

const selectProven = `SELECT public, sealed, hash FROM audit_entry WHERE id = $1`

func readProof(ctx context.Context, r db.Reader, id ID) (Proof, error) {
	var p Proof
	var sealed, hash []byte
	if err := r.Row(ctx, selectProven, id).Scan(&p.Public, &sealed, &hash); err != nil {
		return p, fmt.Errorf("audit proof: %w", err)
	}
	var err error
	if p.Index, err = readSeq(ctx, r, id); err != nil {
		return p, err
	}
	if p.Sealed = hash; hash == nil {
		p.Sealed = sealedHash(sealed)
	}
	c, err := readCheckpoint(ctx, r)
	if err != nil {
		return p, err
	}
	p.Checkpoint = c.Note
	p.Hashes, err = tlog.ProveRecord(c.Size, p.Index, newHashReader(ctx, r))
	if err != nil {
		return p, fmt.Errorf("audit proof: %w", err)
	}
	return p, nil
}

// VerifyProof checks a proof offline and returns the public part of the entry it
// proves. verifier is the log's public key; several keys, one a line, where the
// log has changed its key. Every error is fault.Invalid.
func VerifyProof(p Proof, verifier string) (Decoded, error) {
	known, err := parseVerifiers(verifier)
	if err != nil {
		return Decoded{}, err
	}
	c, err := openCheckpoint(p.Checkpoint, known)
	if err != nil {
		return Decoded{}, err
	}
	if len(p.Sealed) != 0 && len(p.Sealed) != sha256.Size {
		return Decoded{}, fault.New(fault.Invalid, "the proof's hash of the sealed part is no hash")
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, p.leaf()); err != nil {
		return Decoded{}, fault.Wrap(fault.Invalid, err, "the entry is not the one that the log signed: the proof or the entry was changed")
	}
	return Decode(p.Public)
}

// A Consistency shows that the log of a newer checkpoint begins with the log of
// an older one: nothing was changed, dropped or put in between.
type Consistency struct {
	From   int64
	To     int64
	Hashes []tlog.Hash // RFC 6962 consistency proof
}

type consistencyFile struct {
	Format string      `json:"format"`
	From   int64       `json:"from"`
	To     int64       `json:"to"`
	Hashes []tlog.Hash `json:"hashes"`
}

// MarshalJSON returns the proof as a JSON object.
func (c Consistency) MarshalJSON() ([]byte, error) {
	return json.Marshal(consistencyFile{consistencyFormat, c.From, c.To, c.Hashes})
}

// UnmarshalJSON reads what MarshalJSON wrote. Unknown fields are refused.
func (c *Consistency) UnmarshalJSON(b []byte) error {
	var f consistencyFile
	if err := strictJSON(b, &f); err != nil || f.Format != consistencyFormat || len(f.Hashes) > maxHashes {
		return fault.Wrap(fault.Invalid, err, "this is no proof of the form %s", consistencyFormat)
	}
	*c = Consistency{f.From, f.To, f.Hashes}
	return nil
}

// Consistency returns the proof that the log of size to begins with the log of
// size from; to 0 is the newest checkpoint's size.
func (l *Log) Consistency(ctx context.Context, from, to int64) (Consistency, error) {
	var p Consistency
	err := l.data.Read(ctx, func(r *db.Snapshot) error {
		c, err := readCheckpoint(ctx, r)
		if err != nil {
			return err
		}
		if to == 0 {
			to = c.Size
		}
		if from < 1 || from > to || to > c.Size {
			return fault.New(fault.Invalid, "no consistency from size %d to %d: the log has %d entries", from, to, c.Size)
		}
		hashes, err := tlog.ProveTree(to, from, newHashReader(ctx, r))
		p = Consistency{from, to, hashes}
		return err
	})
	return p, err
}

// VerifyConsistency checks offline that the log of the newer signed checkpoint
// begins with the log of the older one. Every error is fault.Invalid; it means
// that the log was rewritten, or that the proof is for other checkpoints.
func VerifyConsistency(older, newer []byte, p Consistency, verifier string) error {
	known, err := parseVerifiers(verifier)
	if err != nil {
		return err
	}
	a, err := openCheckpoint(older, known)
	if err != nil {
		return err
	}
	b, err := openCheckpoint(newer, known)
	if err != nil {
		return err
	}
	if a.Size != p.From || b.Size != p.To || a.Size < 1 || a.Size > b.Size {
		return fault.New(fault.Invalid, "the proof is from size %d to %d, the checkpoints are of %d and %d", p.From, p.To, a.Size, b.Size)
	}
	if err := tlog.CheckTree(p.Hashes, b.Size, b.Root, a.Size, a.Root); err != nil {
		return fault.Wrap(fault.Invalid, err, "the newer log does not begin with the older one: its past was rewritten")
	}
	return nil
}

// Tile returns the first width hashes of a tile, for C2SP tlog-tiles: 256 for a
// full one. It is fault.NotFound where the log has not grown so far.
func (l *Log) Tile(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	if level < 0 || level > 7 || n < 0 || width < 1 || width > tileWidth {
		return nil, fault.New(fault.NotFound, "the log has no tile %d/%d with %d hashes", level, n, width)
	}
	var hashes []byte
	err := l.data.Read(ctx, func(r *db.Snapshot) (err error) {
		hashes, err = readTile(ctx, r, level, n, width)
		return err
	})
	if err != nil {
		return nil, err
	}
	return hashes[:width*tlog.HashSize], nil
}
