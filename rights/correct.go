package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// An old value is one of those that a rectification replaces, for the sealed
// store only.
type oldValue struct {
	Item  string `json:"item"`
	Value string `json:"value"`
}

// check of a rectification looks at one system again before anything is written
// anywhere: it notes, sealed, what the items hold now, and sees that a new
// identifier leads to nobody else there.
func (s *Service) checkCorrection(ctx context.Context, w *work, d *details, sys connector.System) error {
	s.point("rights.step.before-check")
	now, err := s.again(ctx, w, d, sys)
	if err != nil {
		return err
	}
	if err := s.unclaimed(ctx, w, d, sys, now); err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Export)
	if err != nil {
		return err
	}
	var old []oldValue
	err = sys.Export(ctx, leave, person(w.q, string(w.about.ID), d), now, func(r connector.Row) error {
		if r.Role != connector.Self { // what else is theirs may name somebody else: the receiver of an order
			return nil
		}
		for _, v := range r.Values {
			known := oldValue{v.Item, v.Text.Reveal()}
			if slices.Contains(w.plan.Corrects, v.Item) && !v.Null && !v.Secret && known.Value != "" && !slices.Contains(old, known) {
				old = append(old, known)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if w.step.sealed, err = s.sealed(ctx, w.q, placeStep, w.step.number, old); err != nil {
		return err
	}
	w.step.planned, w.step.done = int64(now.Rows()), int64(now.Rows())
	return s.finish(ctx, w, fact{kind: audit.StepDone, public: []audit.Field{audit.Text(audit.TagAction, plan.Check)}}, nil)
}

// unclaimed stops where a new identifier finds rows that are not the person's.
func (s *Service) unclaimed(ctx context.Context, w *work, d *details, sys connector.System, now *connector.Survey) error {
	fresh := s.newIdentifiers(d)
	if len(fresh) == 0 || sys.Kind() == plan.Vault { // the vault refuses it by itself
		return nil
	}
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Survey)
	if err != nil {
		return err
	}
	who := person(w.q, string(w.about.ID), d)
	who.Identifiers = fresh
	found, err := sys.Survey(ctx, leave, who)
	if err != nil {
		return err
	}
	own := map[[2]string]bool{}
	for _, f := range now.Found {
		for _, k := range f.Keys {
			own[[2]string{f.Collection, k}] = true
		}
	}
	for _, f := range found.Found {
		for _, k := range f.Keys {
			if f.Role == connector.Self && !own[[2]string{f.Collection, k}] {
				return &attention{"taken", fmt.Sprintf("%s.%s: the new identifier leads to somebody else there: see who the address or number belongs to, then retry, or refuse", sys.Name(), f.Collection)}
			}
		}
	}
	return nil
}

// newIdentifiers are the new values that find a person, where nobody shares them.
func (s *Service) newIdentifiers(d *details) []connector.Identifier {
	var out []connector.Identifier
	for _, c := range d.Corrections {
		item, err := s.policy().Item(c.Item)
		if err == nil && item.Identifier != "" && connector.Exclusive(item.Identifier) {
			out = append(out, connector.Identifier{Kind: item.Identifier, Value: seal.NewPersonal(c.Value)})
		}
	}
	return out
}

// changesOf are the corrections with every old value that the checks have noted.
func (s *Service) changesOf(ctx context.Context, w *work, d *details) ([]connector.Change, error) {
	list, err := s.stepsOf(ctx, w.q)
	if err != nil {
		return nil, err
	}
	was := map[string][]seal.Personal{}
	for _, t := range list {
		if t.kind != string(plan.Check) || t.state != stepDone {
			continue
		}
		var old []oldValue
		if err := s.open(ctx, w.q, placeStep, t.number, t.sealed, &old); err != nil {
			return nil, err
		}
		for _, o := range old {
			was[o.Item] = append(was[o.Item], seal.NewPersonal(o.Value))
		}
	}
	var out []connector.Change
	for _, c := range d.Corrections {
		// What is right already is no old value, however it came to stand there.
		old := slices.DeleteFunc(was[c.Item], func(v seal.Personal) bool { return v.Reveal() == c.Value })
		if len(old) == 0 {
			old = []seal.Personal{seal.NewPersonal(c.Value)}
		}
		out = append(out, connector.Change{Item: c.Item, Was: old, Now: seal.NewPersonal(c.Value)})
	}
	return out, nil
}

// correct writes the new values in one system. What it is about to do is stored,
// sealed, before it does it; taken up again, it does the same.
func (s *Service) correct(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	changes, err := s.changesOf(ctx, w, d)
	if err != nil {
		return err
	}
	return s.act(ctx, w, sys, d, gate.Correct, func(leave gate.Warrant, who connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
		out, err := sys.Correct(ctx, leave, who, targets, changes)
		if err == nil && sys.Kind() == plan.Vault {
			err = s.Rebuild(ctx, w.about.Num)
		}
		return out, err
	})
}

// restrict sets or lifts the marks in one system.
func (s *Service) restrict(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	return s.act(ctx, w, sys, d, gate.Restrict, func(leave gate.Warrant, who connector.Subject, targets []connector.Target) (*connector.Outcome, error) {
		return sys.Restrict(ctx, leave, who, targets)
	})
}

// hands returns the system of a step and who the request is about.
func (s *Service) hands(ctx context.Context, w *work) (connector.System, *details, error) {
	sys, err := s.system(w.step.system)
	if err != nil {
		return nil, nil, err
	}
	d, err := s.details(ctx, w.q)
	return sys, d, err
}

// act changes rows that stay: intent, warrant, act, outcome.
func (s *Service) act(ctx context.Context, w *work, sys connector.System, d *details, action gate.Action, do func(gate.Warrant, connector.Subject, []connector.Target) (*connector.Outcome, error)) error {
	if w.step.state == stepWaiting {
		if err := s.intendChange(ctx, w, d, sys); err != nil {
			return err
		}
	}
	var targets []connector.Target
	if err := s.open(ctx, w.q, placeStep, w.step.number, w.step.sealed, &targets); err != nil {
		return err
	}
	s.point("rights.step.before-warrant")
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, action)
	if err != nil {
		return err
	}
	s.point("rights.step.before-act")
	out, err := do(leave, person(w.q, string(w.about.ID), d), targets)
	if err != nil {
		return err
	}
	s.point("rights.step.after-act")
	return s.acted(ctx, w, out)
}

// intendChange looks once more and stores what will be done. With this act the
// request can no longer be withdrawn.
func (s *Service) intendChange(ctx context.Context, w *work, d *details, sys connector.System) error {
	s.point("rights.step.before-check")
	if _, err := s.again(ctx, w, d, sys); err != nil {
		return err
	}
	planned, _ := w.plan.System(sys.Name())
	targets := planned.Changing()
	sealed, err := s.sealed(ctx, w.q, placeStep, w.step.number, targets)
	if err != nil {
		return err
	}
	w.q.begun, w.step.sealed, w.step.state, w.step.planned = true, sealed, stepBegun, 0
	for _, t := range targets {
		w.step.planned += int64(len(t.Keys))
	}
	s.point("rights.step.before-intent")
	return s.change(ctx, w.q, w.about, w.q.state, fact{
		kind: audit.StepStarted, control: w.q.control(), step: w.step,
		public: []audit.Field{audit.Text(audit.TagAction, w.step.kind), audit.Num(audit.TagPlanned, w.step.planned)},
	}, func(a *db.Act) error {
		saveStep(a, w.q, w.step, stepWaiting)
		return nil
	})
}

// acted writes down what a correction or a restriction did in one system.
func (s *Service) acted(ctx context.Context, w *work, out *connector.Outcome) error {
	addEarlier(out, w.step.outcome)
	b, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("rights %s: %w", w.step.kind, err)
	}
	w.step.outcome, w.step.done = b, 0
	already := 0
	for _, c := range out.Collections {
		w.step.done += int64(c.Done)
		already += c.Already
	}
	return s.finish(ctx, w, fact{
		kind: audit.StepDone, control: w.q.control(),
		public: []audit.Field{audit.Text(audit.TagAction, w.step.kind), audit.Num(audit.TagAlready, already)},
	}, nil)
}

// A seen is what reading a system again showed, in counts.
type seen struct {
	Rows int `json:"rows"`
	New  int `json:"new"`
	Old  int `json:"old"`
}

// reread reads one system again, through its export and not through what the
// writer said: no row that the plan changes may hold the old value or miss the
// mark.
func (s *Service) reread(ctx context.Context, w *work) error {
	sys, d, err := s.hands(ctx, w)
	if err != nil {
		return err
	}
	changes, err := s.changesOf(ctx, w, d)
	if err != nil {
		return err
	}
	// Rows that were found by an old identifier are found by the new one now.
	d.learn(s.newIdentifiers(d))
	got, err := s.look(ctx, w, sys, d, changes)
	if err != nil {
		return err
	}
	if got.Old > 0 {
		return &attention{"residue", fmt.Sprintf("%s: %d rows are not as the plan says: mend it there and retry, or survey and plan again", sys.Name(), got.Old)}
	}
	if w.step.outcome, err = json.Marshal(got); err != nil {
		return fmt.Errorf("rights reread: %w", err)
	}
	w.step.planned, w.step.done = 0, int64(got.Rows)
	return s.lastCheck(ctx, w, plan.Reread)
}

// look counts the rows of a system that are as they should be, and those that
// are not.
func (s *Service) look(ctx context.Context, w *work, sys connector.System, d *details, changes []connector.Change) (seen, error) {
	var got seen
	who := person(w.q, string(w.about.ID), d)
	sv, err := s.ask(ctx, w.q, w.about, d, sys, w.step.number)
	if err != nil {
		return got, err
	}
	leave, err := s.warrant(ctx, w.q, w.about, sys.Name(), w.step.number, gate.Export)
	if err != nil {
		return got, err
	}
	s.point("rights.step.before-act")
	if w.q.right() == policy.Restriction && sys.Kind() == plan.Vault {
		return s.lookAtSubject(ctx, w)
	}
	wanted := s.expected(w, sys.Name())
	err = sys.Export(ctx, leave, who, sv, func(r connector.Row) error {
		got.Rows++
		wanted.compare(r, changes, &got)
		return nil
	})
	s.point("rights.step.after-act")
	return got, err
}

// lookAtSubject reads the restriction of the vault's record anew.
func (s *Service) lookAtSubject(ctx context.Context, w *work) (seen, error) {
	if w.q.subject == 0 {
		return seen{}, nil
	}
	state, err := s.gate.Fresh(ctx, w.q.subject)
	if err != nil {
		return seen{}, err
	}
	scope, err := w.q.scoped()
	if err != nil {
		return seen{}, err
	}
	if state.Subject.Restricted == (scope.Kind != plan.Lifting) {
		return seen{Rows: 1, New: 1}, nil
	}
	return seen{Rows: 1, Old: 1}, nil
}

// expected is what columns of the plan's rows should hold.
type expected struct {
	rows    map[[2]string]connector.Target // by collection and key
	columns map[string][]string            // columns that people correct by hand, by collection
	marks   map[string]string              // collection → mark that is written; restrictions only
	lifted  bool
}

func (s *Service) expected(w *work, system string) *expected {
	e := &expected{rows: map[[2]string]connector.Target{}, columns: map[string][]string{}, marks: map[string]string{}, lifted: w.plan.Scope.Kind == plan.Lifting}
	planned, _ := w.plan.System(system)
	for _, t := range planned.Changing() {
		for _, k := range t.Keys {
			e.rows[[2]string{t.Collection, k}] = t
		}
		if m := s.maps[system]; m != nil {
			if c, ok := m.Lookup(t.Collection); ok && c.Restrict != nil {
				e.marks[t.Collection] = c.Restrict.On
			}
		}
	}
	for _, t := range w.plan.Tasks(system) {
		e.columns[t.Collection] = append(e.columns[t.Collection], t.Columns...)
	}
	return e
}

// compare adds one exported row to what was seen.
func (e *expected) compare(r connector.Row, changes []connector.Change, got *seen) {
	t, ours := e.rows[[2]string{r.Collection, r.Key}]
	byHand := e.columns[r.Collection]
	if r.Role == connector.Accessor || r.Role == connector.Actor || !ours && len(byHand) == 0 {
		return
	}
	old, fresh := false, false
	for _, v := range r.Values {
		text := v.Text.Reveal()
		switch {
		case t.Action == connector.Freeze || t.Action == connector.Release:
			if slices.Contains(t.Columns, v.Column) {
				on := !v.Null && connector.Marked(text, e.marks[r.Collection])
				old, fresh = old || on == e.lifted, fresh || on != e.lifted
			}
		case ours && slices.Contains(t.Columns, v.Column) || slices.Contains(byHand, v.Column):
			i := slices.IndexFunc(changes, func(c connector.Change) bool { return c.Item == v.Item })
			if i < 0 || v.Null {
				continue
			}
			old = old || changes[i].Holds(text) && !changes[i].Done(text)
			fresh = fresh || changes[i].Done(text)
		}
	}
	if old {
		got.Old++
	}
	if fresh {
		got.New++
	}
}
