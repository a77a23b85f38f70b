package attestation

import (
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// maxNote is the greatest length of a note, in bytes.
const maxNote = 500

// A Signature is somebody's word that a duty was done.
type Signature struct {
	By    string    // id of the staff who signs
	Hash  []byte    // SHA-256 of the file that shows it; nil: there is none
	Note  string    // for staff; it names nobody
	Until time.Time // when it ends by its own terms, such as a certificate's; zero: after the duty's period
}

// Signed is a signature in the ledger.
type Signed struct {
	ID    int64     `json:"id"`
	Entry int64     `json:"entry"` // id of the log entry that proves it
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	Hash  string    `json:"evidence_sha256,omitempty"` // hexadecimal
	Note  string    `json:"note,omitempty"`
}

// check refuses a signature that says nothing, or too much.
func (s Signature) check() error {
	switch {
	case s.By == "":
		return fault.New(fault.Invalid, "an attestation needs somebody who signs it")
	case s.Hash == nil && strings.TrimSpace(s.Note) == "":
		return fault.New(fault.Invalid, "an attestation needs a file or a note that says what was done")
	case s.Hash != nil && len(s.Hash) != sha256.Size:
		return fault.New(fault.Invalid, "the hash of a file is the 32 bytes of its SHA-256")
	case len(s.Note) > maxNote || !utf8.ValidString(s.Note):
		return fault.New(fault.Invalid, "a note has at most %d bytes of text: put the rest into the file", maxNote)
	}
	return nil
}

// Ends returns until when a signature of d, given at now, holds: by its own terms
// or for one period, whichever is sooner.
func Ends(p *policy.Policy, d Duty, s Signature, now time.Time) (time.Time, error) {
	if err := s.check(); err != nil {
		return time.Time{}, err
	}
	until, _ := p.Calendar().Add(now, d.Every)
	if !s.Until.IsZero() && s.Until.Before(until) {
		until = s.Until
	}
	if !until.After(now) {
		return time.Time{}, fault.New(fault.Invalid, "what is signed has ended already: sign what holds now")
	}
	return until, nil
}

// Sign adds a signature that holds until the time that [Ends] gave. id is from
// db.Number("attestation"), entry the log entry of the same act; the time is the
// writer's.
func Sign(w db.Writer, id int64, d Duty, s Signature, until time.Time, entry int64) {
	var hash any
	if s.Hash != nil {
		hash = s.Hash
	}
	w.Do(insertSigned, id, d.Key(), s.By, w.Now().UnixMicro(), until.UnixMicro(), hash, s.Note, entry)
}

// Assign makes somebody of the staff the owner of a duty; "" makes it nobody's.
func Assign(w db.Writer, d Duty, owner string) {
	w.Do(putOwner, d.Key(), owner)
}
