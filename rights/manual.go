package rights

import (
	"context"
	"fmt"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// A Task is work for people: what a system cannot do by itself, or a recipient
// who must be told. Identifiers and values are personal.
type Task struct {
	Step        int64                  `json:"step"` // what Attest takes
	System      string                 `json:"system,omitempty"`
	Collection  string                 `json:"collection,omitempty"`
	Columns     []string               `json:"columns,omitempty"`
	Rows        int                    `json:"rows,omitempty"`
	Why         plan.Text              `json:"why,omitempty"`
	Recipient   string                 `json:"recipient,omitempty"` // in the policy
	Title       plan.Text              `json:"title,omitempty"`     // of the recipient
	Items       []string               `json:"items,omitempty"`
	Values      []Correction           `json:"-"` // new values of the items
	Identifiers []connector.Identifier `json:"-"` // by which the person is found there
}

// byHand stops a run at a step that takes people's hands.
func (s *Service) byHand(w *work) error {
	if w.step.kind == string(plan.Tell) {
		var names []string
		for _, r := range w.plan.Recipients {
			names = append(names, r.Name)
		}
		return &attention{"tell", "these received the data before and have to be told (GDPR Art. 19): " + strings.Join(names, ", ") + ". Tell them, then attest the step"}
	}
	var parts []string
	for _, t := range w.plan.Tasks(w.step.system) {
		place := t.System
		if t.Collection != "" {
			place += "." + t.Collection
		}
		if len(t.Columns) > 0 {
			place += " (" + strings.Join(t.Columns, ", ") + ")"
		}
		parts = append(parts, fmt.Sprintf("%s: %d rows", place, t.Rows))
	}
	return &attention{"manual", "to be done by hand: " + strings.Join(parts, "; ") + ". Do it there, then attest the step"}
}

// hand loads a request that waits for people, and the step that it waits at.
func (s *Service) hand(ctx context.Context, want ID, by gate.Actor) (*work, error) {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return nil, err
	}
	if err := s.clear(q, by); err != nil {
		return nil, err
	}
	w := &work{q: q, about: about}
	var list []*step
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = steps(ctx, r, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.step = s.waiting(q, list)
	if q.state != NeedsAttention || w.step == nil || w.step.kind != string(plan.Manual) && w.step.kind != string(plan.Tell) {
		return nil, fault.New(fault.Conflict, "the request is %s: nothing in it waits for people's hands", q.state)
	}
	w.plan, err = s.stored(ctx, q)
	return w, err
}

// Tasks returns what people have to do before a request goes on, with the values
// it takes. That somebody looked stands in the log, where the person sees it.
func (s *Service) Tasks(ctx context.Context, want ID, by gate.Actor) ([]Task, error) {
	w, err := s.hand(ctx, want, by)
	if err != nil {
		return nil, err
	}
	d, err := s.details(ctx, w.q)
	if err != nil {
		return nil, err
	}
	out := s.tasks(w, d)
	err = s.change(ctx, w.q, w.about, w.q.state, fact{
		kind: audit.Unmasked, control: policy.UseLog, by: by, step: w.step,
		public: []audit.Field{audit.Text(audit.TagAction, w.step.kind), audit.Num(audit.TagCount, len(out))},
	}, nil)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) tasks(w *work, d *details) []Task {
	values := func(items []string) []Correction {
		var out []Correction
		for _, c := range d.Corrections {
			if has(items, c.Item) {
				out = append(out, Correction{c.Item, seal.NewPersonal(c.Value)})
			}
		}
		return out
	}
	var out []Task
	if w.step.kind == string(plan.Tell) {
		for _, r := range w.plan.Recipients {
			out = append(out, Task{
				Step: w.step.number, Recipient: r.Name, Title: r.Title, Items: r.Items, Values: values(r.Items), Identifiers: d.known(),
			})
		}
		return out
	}
	for _, t := range w.plan.Tasks(w.step.system) {
		out = append(out, Task{
			Step: w.step.number, System: t.System, Collection: t.Collection, Columns: t.Columns, Rows: t.Rows, Why: t.Why, Items: t.Items,
			Values: values(t.Items), Identifiers: d.known(),
		})
	}
	return out
}

// Attest records that a member of staff has done what a step waits for. The run
// goes on, and reads again what can be read.
func (s *Service) Attest(ctx context.Context, want ID, number int64, by gate.Actor) error {
	w, err := s.hand(ctx, want, by)
	if err != nil {
		return err
	}
	if w.step.number != number {
		return fault.New(fault.Conflict, "the request waits at step %d, not at %d: look at it again", w.step.number, number)
	}
	from := w.step.state
	w.q.reason, w.q.cause = "", ""
	return s.move(ctx, w.q, w.about, Running, fact{
		kind: audit.Attested, control: w.q.control(), by: by, step: w.step,
		public: []audit.Field{audit.Text(audit.TagAction, w.step.kind)},
	}, func(a *db.Act) error {
		at := a.Now()
		w.step.state, w.step.ended, w.step.cause = stepDone, &at, ""
		saveStep(a, w.q, w.step, from)
		s.next(a, w)
		if w.step.kind == string(plan.Tell) {
			return s.told(ctx, a, w, by)
		}
		return nil
	})
}

// told adds one entry for each recipient.
func (s *Service) told(ctx context.Context, a *db.Act, w *work, by gate.Actor) error {
	for _, r := range w.plan.Recipients {
		to, err := s.policy().Recipient(r.Name)
		if err != nil {
			return err
		}
		var items []policy.ItemNo
		for _, name := range r.Items {
			if item, err := s.policy().Item(name); err == nil {
				items = append(items, item.No)
			}
		}
		_, err = s.say(ctx, a, w.q, w.about, fact{
			kind: audit.RecipientTold, control: policy.RecipientTold, by: by, note: r.Name,
			public: []audit.Field{audit.Num(audit.TagRecipient, to.No), audit.Nums(audit.TagItems, items)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// clear returns nil where somebody may see the values of a request: staff under
// their own name, in a role that sees values in clear and decides about the
// right, where the policy names such roles.
func (s *Service) clear(q *request, by gate.Actor) error {
	p := s.policy()
	role := p.RoleBy(by.Role)
	if by.ID == "" || by.Role == policy.Self || by.Role == policy.Service || role == nil {
		return fault.New(fault.Denied, "this takes a member of staff under their own name, in a role of the policy")
	}
	if role.Masked {
		return fault.New(fault.Denied, "your role sees masked values: ask a colleague who may see them")
	}
	named := false
	for _, r := range p.Roles() {
		for _, right := range r.Approves {
			named = named || right == q.right()
			if right == q.right() && r.No == by.Role {
				return nil
			}
		}
	}
	if named {
		return fault.New(fault.Denied, "your role does not handle requests for %s: the policy names the roles that do", q.asks)
	}
	return nil
}
