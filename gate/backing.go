package gate

import (
	"context"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// certificate is the duty by which people attest that recipients hold their
// certificates.
const certificate = "recipient-certificate"

// decide decides a use by the facts of s. Where the policy asks for records behind
// it, they are read: each was written in an act that moved the subject's version,
// so a grant never outlives one that was ended.
func (g *Gate) decide(ctx context.Context, p *policy.Policy, s *State, u *policy.Use, by Actor) (policy.Decision, error) {
	moves := u.Recipient != 0 && p.CaseOf(u) == policy.Succession
	if !p.Backed(u) && !moves {
		return p.Decide(u, &s.Facts), nil
	}
	f, now := s.Facts, g.data.Now()
	err := g.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if moves {
			if err := g.moving(ctx, r, p, s, u, &f); err != nil {
				return err
			}
		}
		if u.Ref.Kind == policy.RefDevice {
			if f.Bound, err = g.bound(ctx, r, p, s.Subject.Num, u.Ref.ID); err != nil {
				return err
			}
		}
		f.Backings, err = disclosure.Standing(ctx, r, s.Subject.Num, by.ID, now)
		if err != nil || p.NeedsOf(u)&policy.NeedCertificate == 0 {
			return err
		}
		signed, err := attestation.Newest(ctx, r)
		if last, ok := signed[certificate]; ok && last.Until.After(now) {
			f.Backings = append(f.Backings, policy.Backing{Need: policy.NeedCertificate})
		}
		return err
	})
	if err != nil {
		return policy.Decision{}, err
	}
	return p.Decide(u, &f), nil
}
