package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// An erasure that is killed after its intent is finished by the next start, and with it
// the package of the same person that waits to be fetched: of whoever was erased nothing
// may lie ready (I-7). Nothing but the opening is between. It has not ended before the
// package has: a kill after its end finds nothing left to do.
func TestAnErasureKilledOnItsWayEndsThePackageThatWaits(t *testing.T) {
	t.Parallel()
	at := stages(t, newStage(t, build(t)), "access")
	waiting := at[len(at)-1] // the next command would hand it over
	for _, point := range failpoint.Names() {
		if point == "vault.erase.before-intent" || !strings.HasPrefix(point, "vault.erase") && !strings.HasPrefix(point, "rights.close") {
			continue
		}
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := waiting.copy(t)
			if _, killed := s.try(point, "erase", s.subject, "--everything", "--yes"); !killed {
				t.Fatal("the point was never passed")
			}
			s.ended()
		})
	}
}

// ended checks that nobody gets the package of the request any more.
func (s *stage) ended() {
	s.Helper()
	p, v := s.shown()
	if v.KeyEnded == nil {
		s.Errorf("the key of the package lives on: the request is %s", v.State)
	}
	if err := p.Requests().Deliver(context.Background(), rights.ID(s.request), gate.Actor{Role: policy.Self, ID: s.subject}, io.Discard); err == nil {
		s.Error("the package outlives the erasure")
	}
	s.verify(p)
}
