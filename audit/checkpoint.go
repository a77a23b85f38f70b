package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// A Checkpoint is the signed root of the log at one size, a C2SP tlog-checkpoint.
// Whoever keeps one can tell later whether the log still begins with the same
// entries.
type Checkpoint struct {
	Note   []byte // the signed note, as it is handed out
	Origin string // "avow/" and the platform's name
	Size   int64
	Root   tlog.Hash
}

// formatCheckpoint returns the text that is signed.
func formatCheckpoint(origin string, size int64, root tlog.Hash) string {
	return origin + "\n" + strconv.FormatInt(size, 10) + "\n" + root.String() + "\n"
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

// parseCheckpoint reads the text of a checkpoint: origin, size, root, and
// extension lines, which are allowed and mean nothing here.
func parseCheckpoint(text string) (Checkpoint, error) {
	var c Checkpoint
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return c, fault.New(fault.Invalid, "checkpoint: want three lines at least: origin, size, root")
	}
	for _, line := range lines[:len(lines)-1] {
		if line == "" {
			return c, fault.New(fault.Invalid, "checkpoint: a line is empty")
		}
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return c, fault.New(fault.Invalid, "checkpoint: line 2 is no size")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, fault.New(fault.Invalid, "checkpoint: line 3 is no root hash")
	}
	c.Origin, c.Size, c.Root = lines[0], size, tlog.Hash(root)
	return c, nil
}

// openCheckpoint reads a signed checkpoint of the log named by the verifiers. At
// least one of them must have signed it; signatures of others (witnesses) are
// passed over.
func openCheckpoint(signed []byte, known []note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return Checkpoint{}, fault.Wrap(fault.Invalid, err, "checkpoint: no key of this log signed it, or it was changed")
	}
	for _, sigs := range [][]note.Signature{n.Sigs, n.UnverifiedSigs} {
		for _, sig := range sigs {
			if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
				return Checkpoint{}, fault.New(fault.Invalid, "checkpoint: a signature is not written in the one proper way")
			}
		}
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return c, err
	}
	if c.Origin != n.Sigs[0].Name {
		return c, fault.New(fault.Invalid, "checkpoint: it is of the log %q, its key of %q", c.Origin, n.Sigs[0].Name)
	}
	c.Note = signed
	return c, nil
}

// parseNote reads a signed checkpoint without looking at its signatures.
func parseNote(signed []byte) (Checkpoint, error) {
	_, err := note.Open(signed, note.VerifierList())
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return Checkpoint{}, fault.Wrap(fault.Invalid, err, "checkpoint: it is no signed note")
	}
	c, err := parseCheckpoint(unverified.Note.Text)
	c.Note = signed
	return c, err
}

// parseVerifiers reads verifier keys, one a line. All must be of one log.
func parseVerifiers(keys string) ([]note.Verifier, error) {
	var list []note.Verifier
	for line := range strings.Lines(keys) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		v, err := note.NewVerifier(line)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the verifier key is not of the form name+hash+key")
		}
		if len(list) > 0 && v.Name() != list[0].Name() {
			return nil, fault.New(fault.Invalid, "the verifier keys are of two logs: %s and %s", list[0].Name(), v.Name())
		}
		if !contains(list, v) {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Invalid, "no verifier key given")
	}
	return list, nil
}

// contains reports whether a key with the name and hash of v is in the list.
func contains(list []note.Verifier, v note.Verifier) bool {
	for _, o := range list {
		if o.Name() == v.Name() && o.KeyHash() == v.KeyHash() {
			return true
		}
	}
	return false
}
