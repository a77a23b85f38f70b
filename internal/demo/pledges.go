package demo

import (
	"context"

	"github.com/avow-dev/avow/attestation"
)

// pledge signs what the policy asks of each of the staff before they see data: the
// officer has seen to it.
func (s *stage) pledge(ctx context.Context) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, who := range s.staff {
		if done[who.ID] {
			continue
		}
		done[who.ID] = true
		for _, duty := range attestation.Asked(s.Policy()) {
			if _, err := s.Pledge(ctx, duty, who.ID, attestation.Signature{Note: "signed on the first day"}, by); err != nil {
				return err
			}
		}
	}
	return nil
}
