package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// check looks at one system again before anything is destroyed anywhere, and
// notes, sealed, what to search for afterwards: the person's own values.
func (s *Service) check(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	if w.plan.Right == policy.Rectification {
		return s.checkCorrection(ctx, w, d, sys)
	}
	s.point("rights.step.before-check")
	now, err := s.again(ctx, w, d, sys)
	if err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Export)
	if err != nil {
		return err
	}
	list, err := s.needles(ctx, w, d, sys, leave, now)
	if err != nil {
		return err
	}
	if w.step.sealed, err = s.sealed(ctx, w.q, placeStep, w.step.number, list); err != nil {
		return err
	}
	w.step.planned, w.step.done = int64(now.Rows()), int64(now.Rows())
	return s.finish(ctx, w, fact{kind: audit.StepDone, public: []audit.Field{audit.Text(audit.TagAction, plan.Check)}}, nil)
}

// again surveys a system anew and stops where the plan no longer covers what is
// there.
func (s *Service) again(ctx context.Context, w *work, d *details, sys connector.System) (*connector.Survey, error) {
	planned, ok := w.plan.System(sys.Name())
	if !ok {
		return nil, &attention{"plan", "the plan does not know the system " + sys.Name() + ": survey and plan again"}
	}
	sv, err := s.ask(ctx, w.q, w.about, d, sys, w.step.number)
	if err != nil {
		return nil, err
	}
	now, err := plan.Make(plan.In{
		Request: w.plan.Request, Right: w.plan.Right, Scope: w.plan.Scope, Policy: s.policy(),
		Systems: []plan.Surveyed{s.surveyedSystem(sys, sv)},
	})
	if err != nil {
		return nil, err
	}
	if list := plan.Differ(planned, &now.Systems[0]); len(list) > 0 {
		return nil, &attention{"changed", changed(list)}
	}
	return sv, nil
}

// changed says what came after the plan, in names and counts.
func changed(list []plan.Difference) string {
	var parts []string
	for _, d := range list {
		parts = append(parts, fmt.Sprintf("%s.%s: %d more to %s", d.System, d.Collection, d.Added, d.Action))
	}
	return "the person has rows that the plan does not name (" + strings.Join(parts, "; ") + "): survey, plan and approve again"
}

// A plainNeedle is a needle in clear, for the sealed store only.
type plainNeedle struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Whole bool   `json:"whole,omitempty"`
}

// needles collects what to search for: the identifiers, and the values that the
// erasure is to take away. With a scope of one class or item the identifiers
// stay where they are, so only values in scope are searched for.
func (s *Service) needles(ctx context.Context, w *work, d *details, sys connector.System, leave gate.Warrant, sv *connector.Survey) ([]plainNeedle, error) {
	who := person(w.q, string(w.about.ID), d)
	all := w.plan.Scope.Kind == plan.Everything
	start := who
	if !all {
		start.Identifiers = nil
	}
	collected := connector.NewNeedles(start)
	err := sys.Export(ctx, leave, who, sv, func(r connector.Row) error {
		if !all {
			r.Values = slices.DeleteFunc(slices.Clone(r.Values), func(v connector.Value) bool {
				return v.Item == "" || !w.plan.Scope.Holds(s.policy(), v.Item)
			})
		}
		collected.Add(r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []plainNeedle
	for _, n := range collected.List() {
		out = append(out, plainNeedle{n.Kind, n.Value.Reveal(), n.Whole})
	}
	return out, nil
}

// erase carries out the plan in one system. What it is about to do is stored,
// sealed, before it does it; taken up again, it does the same.
func (s *Service) erase(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	if w.step.state == stepWaiting {
		if err := s.intend(ctx, w, d, sys); err != nil {
			return err
		}
	}
	var targets []connector.Target
	if err := s.open(ctx, w.q, placeStep, w.step.number, w.step.sealed, &targets); err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Erase)
	if err != nil {
		return err
	}
	s.point("rights.step.before-act")
	out, err := sys.Erase(ctx, leave, person(w.q, string(w.about.ID), d), targets)
	if err != nil {
		return err
	}
	s.point("rights.step.after-act")
	if sys.Kind() == plan.Vault {
		if err := s.endOf(ctx, w.about.Num, w.q.num); err != nil {
			return err
		}
	}
	return s.erased(ctx, w, out)
}

// intend looks once more and stores what will be done. With this act the request
// can no longer be withdrawn.
func (s *Service) intend(ctx context.Context, w *work, d *details, sys connector.System) error {
	s.point("rights.step.before-check")
	if _, err := s.again(ctx, w, d, sys); err != nil {
		return err
	}
	planned, _ := w.plan.System(sys.Name())
	sealed, err := s.sealed(ctx, w.q, placeStep, w.step.number, planned.Targets())
	if err != nil {
		return err
	}
	w.q.begun, w.step.sealed, w.step.state = true, sealed, stepBegun
	w.step.planned = int64(planned.Rows())
	s.point("rights.step.before-intent")
	return s.change(ctx, w.q, w.about, w.q.state, fact{
		kind: audit.StepStarted, control: policy.ErasureComplete, step: w.step,
		public: []audit.Field{audit.Text(audit.TagAction, plan.Erase), audit.Num(audit.TagPlanned, w.step.planned)},
	}, func(a *db.Act) error {
		saveStep(a, w.q, w.step, stepWaiting)
		return nil
	})
}

// erased writes down what an erasure did. Rows that came while it ran are for a
// person to look at: the request stops until it is planned anew.
func (s *Service) erased(ctx context.Context, w *work, out *connector.Outcome) error {
	addEarlier(out, w.step.outcome)
	b, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("rights erase: %w", err)
	}
	w.step.outcome, w.step.done = b, 0
	if len(out.Unplanned) > 0 {
		return &attention{"changed", unplanned(out)}
	}
	already, kept := 0, 0
	for _, c := range out.Collections {
		w.step.done += int64(c.Done)
		already += c.Already
		if c.Action == connector.Keep {
			kept += c.Planned
		}
	}
	return s.finish(ctx, w, fact{
		kind: audit.StepDone, control: policy.ErasureComplete,
		public: []audit.Field{
			audit.Text(audit.TagAction, plan.Erase), audit.Num(audit.TagAlready, already), audit.Num(audit.TagKept, kept),
		},
	}, nil)
}

// addEarlier counts what an earlier try of the same step is known to have done
// as done, and not as found done.
func addEarlier(out *connector.Outcome, earlier []byte) {
	var before connector.Outcome
	if earlier == nil || json.Unmarshal(earlier, &before) != nil || len(before.Collections) != len(out.Collections) {
		return
	}
	for i := range out.Collections {
		c := &out.Collections[i]
		n := min(before.Collections[i].Done, c.Already)
		c.Done, c.Already = c.Done+n, c.Already-n
	}
}

func unplanned(out *connector.Outcome) string {
	var parts []string
	for _, c := range out.Unplanned {
		parts = append(parts, fmt.Sprintf("%s.%s: %d", out.System, c.Collection, c.Rows))
	}
	return "rows of the person came while the erasure ran (" + strings.Join(parts, "; ") + "): survey, plan and approve again"
}
