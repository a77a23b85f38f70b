package platform

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
)

// A Finding is what somebody found out about a recipient, by name.
type Finding struct {
	Recipient string           `json:"recipient"`
	Kind      recipient.Kind   `json:"kind"`
	Passed    bool             `json:"passed"`
	Document  string           `json:"document"`         // where the report can be read; it names nobody
	Remedy    recipient.Remedy `json:"remedy,omitempty"` // what a recipient that failed does with what it holds
	Until     *time.Time       `json:"until,omitempty"`  // until when it holds; nil: until the next
	Staff     string           `json:"staff,omitempty"`
	At        time.Time        `json:"at,omitzero"`
	Entry     int64            `json:"entry,omitempty"`
}

// Judge records what was found out about a recipient. From the act on it gets
// nothing where that failed, and nothing still where an assessment is missing that
// the policy asks for.
func (p *Platform) Judge(ctx context.Context, f Finding, by gate.Actor) error {
	row, err := p.finding(f, by)
	if err != nil {
		return err
	}
	return p.aboutRecipients(ctx, "finding", func(act *db.Act, id int64) error {
		e := audit.Entry{Kind: audit.RecipientJudged, Control: policy.RecipientQualified, Public: []audit.Field{
			audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, row.Recipient),
			audit.Text(audit.TagType, row.Kind), audit.Text(audit.TagOutcome, verdict(row.Passed)),
		}}
		if !row.Until.IsZero() {
			if !row.Until.After(act.Now()) {
				return fault.New(fault.Invalid, "it would have ended before it began: give a later end")
			}
			e.Public = append(e.Public, audit.Time(audit.TagUntil, row.Until))
		}
		if !row.Passed || row.Kind == recipient.Audit {
			e.Control = policy.RecipientStopped
		}
		if row.Remedy != "" {
			e.Public = append(e.Public, audit.Text(audit.TagAction, row.Remedy))
		}
		entry, err := p.log.Append(ctx, act, e)
		row.ID, row.Entry = id, int64(entry)
		recipient.Find(act, row)
		return err
	})
}

func verdict(ok bool) string {
	if ok {
		return "passed"
	}
	return "failed"
}

// finding reads what was found, and holds it against the policy.
func (p *Platform) finding(f Finding, by gate.Actor) (recipient.Finding, error) {
	row := recipient.Finding{Kind: f.Kind, Passed: f.Passed, Document: f.Document, Remedy: f.Remedy, By: by.ID}
	r, err := p.Policy().Recipient(f.Recipient)
	if err != nil {
		return row, err
	}
	row.Recipient = r.No
	if f.Until != nil {
		row.Until = f.Until.UTC()
	}
	switch {
	case by.ID == "" || by.Role == policy.Self:
		return row, fault.New(fault.Invalid, "a finding is somebody's of the staff, under their own name")
	case f.Document == "":
		return row, fault.New(fault.Invalid, "say in which document the finding can be read")
	case f.Kind == recipient.Breach && f.Passed:
		return row, fault.New(fault.Invalid, "a breach is never passed: what ends a suspension is an audit that is")
	case f.Remedy != "" && f.Passed:
		return row, fault.New(fault.Invalid, "who passed is told to delete or return nothing: leave it out")
	case f.Remedy != "" && f.Remedy != recipient.Delete && f.Remedy != recipient.Return:
		return row, fault.New(fault.Invalid, "what it holds is to be deleted or returned: use delete or return")
	}
	for _, k := range recipient.Kinds() {
		if f.Kind == k {
			return row, nil
		}
	}
	return row, fault.New(fault.Invalid, "there is no such finding: use ability, security, audit or breach")
}

// Instructions returns what a recipient is told to do with the data it gets under
// the version in force, in a language, and the hash by which its acceptance names
// it. The hash is of the text in the policy's first language.
func (p *Platform) Instructions(name, lang string) (text string, hash []byte, err error) {
	r, err := p.Policy().Recipient(name)
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256([]byte(page.Instructions(p.Policy(), r, p.Policy().Languages()[0])))
	return page.Instructions(p.Policy(), r, lang), sum[:], nil
}

// AcceptInstructions records that a recipient accepted the instructions of the
// version in force. document says where its word can be read.
func (p *Platform) AcceptInstructions(ctx context.Context, name, document string, by gate.Actor) error {
	_, hash, err := p.Instructions(name, p.Policy().Languages()[0])
	if err != nil {
		return err
	}
	if document == "" || by.ID == "" || by.Role == policy.Self {
		return fault.New(fault.Invalid, "say in which document its word can be read, and who of the staff records it")
	}
	r, err := p.Policy().Recipient(name)
	if err != nil {
		return err
	}
	return p.aboutRecipients(ctx, "acceptance", func(act *db.Act, id int64) error {
		entry, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.RecipientBound, Control: policy.ShareInstructions, Public: []audit.Field{
			audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, r.No), audit.Bytes(audit.TagHash, hash),
		}})
		recipient.Accept(act, recipient.Acceptance{ID: id, Recipient: r.No, Version: p.Version().Num, Hash: hash, Document: document, By: by.ID, Entry: int64(entry)})
		return err
	})
}

// aboutRecipients commits a change of the recipients' ledger: what was decided on
// the ledger before it loses.
func (p *Platform) aboutRecipients(ctx context.Context, numbers string, fn func(act *db.Act, id int64) error) error {
	id, err := p.data.Number(ctx, numbers)
	if err != nil {
		return err
	}
	for range 4 * tries { // many may sign at the same time, of whom one at a time is first
		act := p.data.NewAct()
		if err := p.moveRecipients(ctx, act); err != nil {
			return err
		}
		if err := fn(act, id); err != nil {
			return err
		}
		err := p.data.Commit(ctx, act)
		p.gate.RecipientsChanged()
		if !db.Lost(err) {
			return err
		}
	}
	return fault.New(fault.Busy, "others write about recipients at the same time: try again")
}

// moveRecipients makes an act one that changes the recipients' ledger.
func (p *Platform) moveRecipients(ctx context.Context, act *db.Act) error {
	return p.data.Read(ctx, func(r *db.Snapshot) error {
		v, err := recipient.Version(ctx, r)
		act.Change(recipient.Row, recipient.Key, v)
		return err
	})
}

// A RecipientStanding says how a recipient stands: what lets data go to it, and what
// stands against it.
type RecipientStanding struct {
	Recipient  string     `json:"recipient"`
	Agreement  bool       `json:"agreement"`  // one is in force
	Reviewed   bool       `json:"reviewed"`   // ability and security were assessed and passed
	Instructed bool       `json:"instructed"` // it accepted the instructions of the version in force
	Suspended  bool       `json:"suspended"`
	Findings   []Finding  `json:"findings"`
	Accepted   []Accepted `json:"accepted"` // instructions, oldest first
	Link       *LinkState `json:"link,omitempty"`
}

// Accepted says which instructions a recipient accepted.
type Accepted struct {
	Version  string    `json:"version"` // of the policy
	Document string    `json:"document"`
	Staff    string    `json:"staff"`
	At       time.Time `json:"at"`
}
