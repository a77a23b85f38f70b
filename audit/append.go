package audit

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// An Entry is one fact to be logged.
type Entry struct {
	Kind    Kind
	Control policy.Control   // the control it is evidence for; "" for none
	Also    []policy.Control // further controls that it shows, such as those that said no
	Public  []Field          // no personal data; empty texts and lists are left out

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
	control policy.Control // the main one that it shows
	also    []policy.Control
	log     *Log
}

// Prepare seals and encodes an entry. Call it before the transaction, and Put
// inside.
func (l *Log) Prepare(ctx context.Context, e Entry) (Prepared, error) {
	p := Prepared{kind: e.Kind, subject: e.Subject, key: e.Key, log: l}
	public, err := publicFields(e)
	if err != nil {
		return p, err
	}
	p.shows(e, public)
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
	at := w.Now()
	setTime(p.public, at)
	var subject, key any
	if p.subject != 0 {
		subject = p.subject
	}
	if p.key != 0 {
		key = int64(p.key)
	}
	w.Do(addEntry, p.ID, at.UnixMicro(), int64(p.kind), subject, key, p.public, p.sealed)
	w.Do(addPending, p.ID, p.subject)
	p.log.fresh.put(p.leafAt(at))
	p.log.tail.offer(p)
	return p.ID
}

func publicFields(e Entry) (Fields, error) {
	if e.Kind.name() == "" {
		return nil, fault.New(fault.Invalid, "the log knows no %s: use a kind of package audit", e.Kind)
	}
	fields := make(Fields, 0, len(e.Public)+1+len(e.Also))
	if e.Control != "" {
		fields = append(fields, Text(TagControl, e.Control))
	}
	for i, c := range e.Also {
		if c != "" && c != e.Control && !slices.Contains(e.Also[:i], c) {
			fields = append(fields, Text(TagControl, c))
		}
	}
	controls := len(fields)
	for _, f := range fields {
		if err := f.check(true); err != nil {
			return nil, err
		}
	}
	fields, err := checked(fields, e.Public, true)
	if err != nil {
		return nil, err
	}
	if fields.count(TagControl) != controls {
		return nil, fault.New(fault.Invalid, "the controls of an entry are set by Entry.Control and Entry.Also")
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
