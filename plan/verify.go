package plan

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
)

// MaxReceipt is the greatest size of a receipt that is read, in bytes.
const MaxReceipt = 8 << 20

// A Report says what a verified receipt proves.
type Report struct {
	Body  Body
	At    time.Time // of the entry that binds the body
	Index int64     // its place in the log
	Log   string    // origin of the log
}

// VerifyReceipt checks a receipt offline with the public key of the log. It
// needs nothing else. A nil error means: the holder of the log's key has signed a
// log that contains, at the named place, an entry which binds exactly this body.
// Any changed byte gives a fault.Invalid with a sentence that says what is wrong.
//
// It does not show that the log is the only one its holder shows: compare the
// checkpoint with a later one for that (audit.VerifyConsistency).
func VerifyReceipt(file []byte, verifierKey string) (Report, error) {
	r, err := readReceipt(file)
	if err != nil {
		return Report{}, err
	}
	if r.Body.Format != 1 {
		return Report{}, fault.New(fault.Invalid, "this receipt has format %d, and this program knows format 1: use a newer avow", r.Body.Format)
	}
	if n := bytes.Count(r.Proof.Checkpoint, []byte("\n\u2014 ")); n != 1 {
		return Report{}, fault.New(fault.Invalid, "the checkpoint has %d signatures: a receipt carries exactly one, that of the log", n)
	}
	entry, err := audit.VerifyProof(r.Proof, verifierKey)
	if err != nil {
		return Report{}, fault.Wrap(fault.Invalid, err, "the proof does not hold: %s", reason(err))
	}
	if err := bound(&r.Body, entry, string(r.Proof.Checkpoint)); err != nil {
		return Report{}, err
	}
	return Report{Body: r.Body, At: entry.At, Index: r.Proof.Index, Log: r.Body.Log}, nil
}

// readReceipt decodes a receipt and refuses every form but the one that
// [Receipt.File] writes.
func readReceipt(file []byte) (*Receipt, error) {
	if len(file) > MaxReceipt {
		return nil, fault.New(fault.Invalid, "the file is too large for a receipt (over %d bytes)", MaxReceipt)
	}
	r := &Receipt{}
	if err := strict(file, r); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the file is no receipt, or it was changed: it does not read as one")
	}
	if again := r.File(); !bytes.Equal(again, file) {
		return nil, fault.New(fault.Invalid, "the file is not in the form in which avow writes receipts: line %d was changed", lineOfChange(again, file))
	}
	return r, nil
}

// bound checks that the entry is about this body and no other.
func bound(b *Body, e audit.Decoded, checkpoint string) error {
	if e.Kind != audit.Delivered {
		return fault.New(fault.Invalid, "the entry in the proof is not about a delivered request but about %q", e.Kind)
	}
	hash, _ := e.Fields.Get(audit.TagHash)
	if !bytes.Equal(hash.Bytes(), b.Hash()) {
		return fault.New(fault.Invalid, "the body was changed: its hash is not the one the log holds")
	}
	if origin, _, _ := strings.Cut(checkpoint, "\n"); origin != b.Log {
		return fault.New(fault.Invalid, "the body names the log %s, but the proof is from another", printable(b.Log))
	}
	return nil
}

func reason(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return "it does not fit the log's key and checkpoint"
}

// lineOfChange returns the line, from 1, of the first byte where two files part.
func lineOfChange(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(b[:n], []byte("\n"))
}

// printable keeps control characters of a forged file off the screen.
func printable(s string) string {
	if len(s) > 80 {
		s = s[:80]
	}
	return fmt.Sprintf("%q", s)
}
