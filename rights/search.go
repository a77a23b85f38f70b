package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
)

// search looks in one system for what should be gone, by the person's values and
// not by what the eraser was told.
func (s *Service) search(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	list, err := s.noted(ctx, w)
	if err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Verify)
	if err != nil {
		return err
	}
	planned, _ := w.plan.System(sys.Name())
	s.point("rights.step.before-act")
	findings, err := sys.Verify(ctx, leave, person(w.q, string(w.about.ID), d), list, planned.Targets())
	if err != nil {
		return err
	}
	s.point("rights.step.after-act")
	if n := findings.Residue(); n > 0 {
		return &attention{"residue", residue(findings)}
	}
	for i := range findings.Hits {
		findings.Hits[i].Keys = nil // may be personal
	}
	if w.step.outcome, err = json.Marshal(findings); err != nil {
		return fmt.Errorf("rights search: %w", err)
	}
	w.step.planned, w.step.done = 0, int64(findings.Rows)
	return s.lastCheck(ctx, w, plan.Search)
}

// lastCheck ends a step that checks what was done; the last one of its kind moves
// the request to verified-after.
func (s *Service) lastCheck(ctx context.Context, w *work, kind plan.StepKind) error {
	following, ok := w.plan.Step(int(w.step.number%1000) + 1)
	last := !ok || following.Kind != kind
	return s.finish(ctx, w, fact{
		kind: audit.StepDone, control: w.q.checked(),
		public: []audit.Field{audit.Text(audit.TagAction, kind)},
	}, func(a *db.Act) error {
		if !last {
			return nil
		}
		if err := w.q.may(VerifiedAfter); err != nil {
			return err
		}
		w.q.state = VerifiedAfter
		_, err := s.say(ctx, a, w.q, w.about, fact{kind: audit.VerifiedAfter, control: w.q.checked()})
		return err
	})
}

// noted opens what the checks of this plan, and of earlier ones, have noted.
func (s *Service) noted(ctx context.Context, w *work) ([]connector.Needle, error) {
	list, err := s.stepsOf(ctx, w.q)
	if err != nil {
		return nil, err
	}
	seen := map[plainNeedle]bool{}
	var out []connector.Needle
	for _, t := range list {
		if t.kind != string(plan.Check) || t.state != stepDone {
			continue
		}
		var noted []plainNeedle
		if err := s.open(ctx, w.q, placeStep, t.number, t.sealed, &noted); err != nil {
			return nil, err
		}
		for _, n := range noted {
			if !seen[n] {
				seen[n] = true
				out = append(out, connector.Needle{Kind: n.Kind, Value: seal.NewPersonal(n.Value), Whole: n.Whole})
			}
		}
	}
	return out, nil
}

// residue says where something is left, in names and counts.
func residue(f *connector.Findings) string {
	var parts []string
	for _, h := range f.Hits {
		if h.State == connector.Residue {
			parts = append(parts, fmt.Sprintf("%s.%s: %s in %d rows", h.Collection, h.Column, h.Kind, h.Rows))
		}
	}
	return f.System + " still holds what should be gone (" + strings.Join(parts, "; ") + "): complete its data map or mend it there, then survey and plan again, or retry"
}
