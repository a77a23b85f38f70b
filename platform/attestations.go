package platform

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/publication"
)

func (p *Platform) duties(ctx context.Context, r db.Reader) ([]attestation.Standing, error) {
	signed, err := attestation.Newest(ctx, r)
	if err != nil {
		return nil, err
	}
	owners, err := attestation.Owners(ctx, r)
	if err != nil {
		return nil, err
	}
	past, err := publication.History(ctx, r)
	if err != nil {
		return nil, err
	}
	since := p.Version().Since
	if len(past) > 0 {
		since = past[0].Since
	}
	return attestation.Stand(p.Policy(), since, p.data.Now(), signed, owners), nil
}

// Attest signs that a duty was done. about names the recipient where the duty is
// done for each; s.By is set to who acts.
func (p *Platform) Attest(ctx context.Context, name, about string, s attestation.Signature, by gate.Actor) (attestation.Signed, error) {
	d, err := attestation.Find(p.Policy(), name, about)
	if err != nil {
		return attestation.Signed{}, err
	}
	s.By = by.ID
	until, err := attestation.Ends(p.Policy(), d, s, p.data.Now())
	if err != nil {
		return attestation.Signed{}, err
	}
	id, err := p.data.Number(ctx, "attestation")
	if err != nil {
		return attestation.Signed{}, err
	}
	act := p.data.NewAct()
	entry, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.Attested, Control: d.Control, Public: p.attested(d, s, until, by)})
	if err != nil {
		return attestation.Signed{}, err
	}
	attestation.Sign(act, id, d, s, until, entry)
	if about != "" {
		if err := p.moveRecipients(ctx, act); err != nil {
			return attestation.Signed{}, err
		}
	}
	if err := p.data.Commit(ctx, act); err != nil {
		return attestation.Signed{}, err
	}
	if about != "" {
		p.gate.RecipientsChanged()
	}
	return attestation.Signed{
		ID: id, Entry: entry, By: s.By, At: act.Now(), Until: until, Hash: hex.EncodeToString(s.Hash), Note: s.Note,
	}, nil
}

// attested is what the log says of an attestation; who signed stands in the ledger.
func (p *Platform) attested(d attestation.Duty, s attestation.Signature, until time.Time, by gate.Actor) []audit.Field {
	fields := []audit.Field{audit.Text(audit.TagType, d.Name), audit.Time(audit.TagUntil, until), audit.Bytes(audit.TagHash, s.Hash)}
	if r, err := p.Policy().Recipient(d.About); err == nil {
		fields = append(fields, audit.Num(audit.TagRecipient, r.No))
	}
	for _, r := range p.Policy().Roles() {
		if r.No == by.Role {
			fields = append(fields, audit.Text(audit.TagRole, r.Name))
		}
	}
	return fields
}

// Assign makes a member of staff, by login, the owner of a duty: the one who sees
// to it. An empty login makes it nobody's.
func (p *Platform) Assign(ctx context.Context, name, about, login string, by gate.Actor) error {
	d, err := attestation.Find(p.Policy(), name, about)
	if err != nil {
		return err
	}
	owner := gate.Actor{}
	if login != "" {
		if owner, err = p.Staff(ctx, login); err != nil {
			return err
		}
	}
	if by.ID == "" {
		return fault.New(fault.Denied, "a duty is given to somebody by a member of staff")
	}
	act := p.data.NewAct()
	attestation.Assign(act, d, owner.ID)
	_, err = p.log.Append(ctx, act, audit.Entry{
		Kind: audit.SettingChanged, Public: []audit.Field{audit.Text(audit.TagAction, "assign-duty"), audit.Text(audit.TagType, d.Key())},
	})
	if err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// Attestations returns the newest signatures of a duty, the last one first.
func (p *Platform) Attestations(ctx context.Context, name, about string, limit int) (out []attestation.Signed, err error) {
	d, err := attestation.Find(p.Policy(), name, about)
	if err != nil {
		return nil, err
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = attestation.History(ctx, r, d, limit)
		return err
	})
	return out, err
}
