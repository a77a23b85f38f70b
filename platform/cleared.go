package platform

import (
	"context"
	"encoding/hex"
	"sync"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// clearedFor is how long a node may go by what it has read about the training and the
// promises of one of the staff, as with API keys.
const clearedFor = time.Second

// clearances remembers what one of the staff lacks, so that a read costs no query.
type clearances struct {
	mu sync.Mutex
	of map[string]clearance
}

type clearance struct {
	lacks string
	until time.Time // it holds until then; zero where something lacks
	read  time.Time
}

// lacking returns which duty of the policy one of the staff has not done, or is over.
func (p *Platform) lacking(ctx context.Context, staff string) (string, error) {
	if len(attestation.Asked(p.Policy())) == 0 {
		return "", nil
	}
	now := p.data.Now()
	p.cleared.mu.Lock()
	c, ok := p.cleared.of[staff]
	p.cleared.mu.Unlock()
	if age := now.Sub(c.read); ok && age >= 0 && age < clearedFor && (c.lacks != "" || now.Before(c.until)) {
		return c.lacks, nil
	}
	var have []attestation.Pledge
	err := p.data.Look(ctx, func(r *db.Snapshot) (err error) {
		have, err = attestation.Pledges(ctx, r, staff)
		return err
	})
	if err != nil {
		return "", err
	}
	c = clearance{read: now}
	c.lacks, c.until = attestation.Lacks(p.Policy(), have, now)
	p.cleared.mu.Lock()
	defer p.cleared.mu.Unlock()
	if p.cleared.of == nil || len(p.cleared.of) >= watched {
		p.cleared.of = map[string]clearance{}
	}
	p.cleared.of[staff] = c
	return c.lacks, nil
}

// Cleared says why one of the staff may not see personal data: what the policy asks of
// each of them was not done, or is over. A refusal leaves its entry. Programs, the
// person themselves and avow are not asked.
func (p *Platform) Cleared(ctx context.Context, by gate.Actor) error {
	r := p.Policy().RoleBy(by.Role)
	if r == nil || by.ID == "" {
		return nil
	}
	duty, err := p.lacking(ctx, by.ID)
	if err != nil || duty == "" {
		return err
	}
	err = p.appendAlone(ctx, audit.Entry{Kind: audit.Denied, Control: policy.StaffLapses, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagRole, r.Name), audit.Text(audit.TagReason, lapsed), audit.Text(audit.TagType, duty),
	}})
	if err != nil {
		return err
	}
	return fault.New(fault.Denied, "%s (%s): this member of the staff may not see personal data; have it signed with avow attestation sign %s --for LOGIN", lapsed, duty, duty)
}

// lapsed is the code of a refusal because training or undertaking lapsed.
const lapsed = "staff.access-lapsed"

// Lacks returns which duty that the policy asks of each of the staff somebody has not
// done, or is over; "" for none.
func (p *Platform) Lacks(ctx context.Context, staff string) (string, error) {
	return p.lacking(ctx, staff)
}

// Pledge signs that one of the staff was trained, or gave their undertaking. From then
// on, until it is over, they may see what their roles let them see.
func (p *Platform) Pledge(ctx context.Context, duty, staff string, s attestation.Signature, by gate.Actor) (attestation.Pledge, error) {
	d, err := attestation.AskedOf(p.Policy(), duty)
	if err != nil {
		return attestation.Pledge{}, err
	}
	s.By = by.ID
	until, err := attestation.Ends(p.Policy(), d, s, p.data.Now())
	if err != nil {
		return attestation.Pledge{}, err
	}
	act := p.data.NewAct()
	entry, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.StaffSigned, Control: policy.StaffLapses, Public: p.attested(d, s, until, by)})
	if err != nil {
		return attestation.Pledge{}, err
	}
	attestation.Pledged(act, staff, d, s, until, entry)
	if err := p.data.Commit(ctx, act); err != nil {
		return attestation.Pledge{}, err
	}
	p.cleared.mu.Lock()
	delete(p.cleared.of, staff)
	p.cleared.mu.Unlock()
	return attestation.Pledge{Staff: staff, Duty: duty, Signed: attestation.Signed{
		Entry: entry, By: s.By, At: act.Now(), Until: until, Hash: hex.EncodeToString(s.Hash), Note: s.Note,
	}}, nil
}

// Pledges returns what each of the staff was trained in and promised.
func (p *Platform) Pledges(ctx context.Context) (out []attestation.Pledge, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = attestation.Pledges(ctx, r, "")
		return err
	})
	return out, err
}
