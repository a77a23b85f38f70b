package demo

import (
	"context"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
)

// vet has recipients assessed and instructed, where the policy asks for that before
// they get anything.
func (s *stage) vet(ctx context.Context, by platform.Actor) error {
	officer := gate.Actor{ID: by.ID, Role: policy.Service}
	for _, r := range s.Policy().Recipients() {
		document := "https://contracts.example/" + r.Name
		if r.Review {
			for _, kind := range []recipient.Kind{recipient.Ability, recipient.Security} {
				if err := s.Judge(ctx, platform.Finding{Recipient: r.Name, Kind: kind, Passed: true, Document: document}, officer); err != nil {
					return err
				}
			}
		}
		if r.Instructions {
			if err := s.AcceptInstructions(ctx, r.Name, document, officer); err != nil {
				return err
			}
		}
	}
	return nil
}
