package rights

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Plan turns the newest survey into a plan and returns it without its row keys.
// It is a pure function of policy, data maps and survey: planning twice gives
// the same hash.
func (s *Service) Plan(ctx context.Context, want ID, by gate.Actor) (plan.Public, error) {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return plan.Public{}, err
	}
	if err := q.may(Planned); err != nil {
		return plan.Public{}, err
	}
	p, err := s.make(ctx, q)
	if err != nil {
		return plan.Public{}, err
	}
	return p.Public(), s.planned(ctx, q, about, p, by)
}

func (s *Service) planned(ctx context.Context, q *request, about subject.Facts, p *plan.Plan, by gate.Actor) error {
	d, err := s.details(ctx, q)
	if err != nil {
		return err
	}
	d.Planner = by.ID
	if err := s.keep(ctx, q, d); err != nil {
		return err
	}
	sealed, err := s.sealBytes(ctx, q, placePlan, q.survey, p.Bytes())
	if err != nil {
		return err
	}
	shown, err := json.Marshal(p.Public())
	if err != nil {
		return fmt.Errorf("rights plan: %w", err)
	}
	hash := p.Hash()
	binary, err := hex.DecodeString(hash)
	if err != nil {
		return fmt.Errorf("rights plan: %w", err)
	}
	q.plan, q.planHash, q.policy, q.label = q.survey, hash, p.Policy, s.policy().Label()
	s.point("rights.plan.before-commit")
	return s.move(ctx, q, about, Planned, fact{
		kind: audit.Planned, control: policy.RequestApproval, by: by, note: hash,
		public: []audit.Field{audit.Bytes(audit.TagHash, binary)},
	}, func(a *db.Act) error {
		a.Do(deletePlan, q.num, q.plan) // planned again over the same survey
		a.Do(insertPlan, q.num, q.plan, hash, shown, sealed)
		return nil
	})
}

// make computes the plan over the newest survey.
func (s *Service) make(ctx context.Context, q *request) (*plan.Plan, error) {
	scope, err := q.scoped()
	if err != nil {
		return nil, err
	}
	var stored []found
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		stored, err = surveys(ctx, r, q, q.survey)
		return err
	})
	if err != nil {
		return nil, err
	}
	in := plan.In{Request: string(q.id), Right: q.right(), Scope: scope, Policy: s.policy()}
	for _, sys := range s.systems {
		f, ok := foundOf(stored, sys.Name())
		if !ok {
			return nil, fault.New(fault.Conflict, "the system %s was not asked: survey again", sys.Name())
		}
		sv := &connector.Survey{}
		if err := s.open(ctx, q, placeSurvey, surveyPlace(q.survey, sys.Name()), f.sealed, sv); err != nil {
			return nil, err
		}
		in.Systems = append(in.Systems, s.surveyedSystem(sys, sv))
	}
	if in.Recipients, err = s.recipients(ctx, q); err != nil {
		return nil, err
	}
	p, err := plan.Make(in)
	if err == nil && q.right() == policy.Rectification && len(p.Steps) > 0 && !p.Acts() {
		return nil, fault.New(fault.Conflict, "nothing that can be corrected is held of %s: have it collected instead, or refuse with the reason", scope.Name)
	}
	return p, err
}

// recipients returns who received data of the person, by the ledger of
// disclosures.
func (s *Service) recipients(ctx context.Context, q *request) ([]plan.Recipient, error) {
	if q.subject == 0 {
		return nil, nil
	}
	var gave []disclosure.Disclosure
	err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		gave, err = disclosure.List(ctx, r, q.subject)
		return err
	})
	if err != nil {
		return nil, err
	}
	p, byNo := s.policy(), map[policy.RecipientNo]*plan.Recipient{}
	for _, d := range gave {
		to := p.RecipientBy(d.Recipient)
		if to == nil {
			continue // of an earlier version: the ledger still shows it
		}
		r := byNo[d.Recipient]
		if r == nil {
			r = &plan.Recipient{Name: to.Name, Title: to.Title.Map()}
			byNo[d.Recipient] = r
		}
		if d.At.After(r.Last) {
			r.Last = d.At
		}
		for _, i := range d.Items {
			if item := p.ItemBy(i); item != nil && !slices.Contains(r.Items, item.Name) {
				r.Items = append(r.Items, item.Name)
			}
		}
	}
	var out []plan.Recipient
	for _, to := range p.Recipients() {
		if r := byNo[to.No]; r != nil {
			slices.Sort(r.Items)
			out = append(out, *r)
		}
	}
	return out, nil
}

func foundOf(list []found, system string) (found, bool) {
	for _, f := range list {
		if f.system == system {
			return f, true
		}
	}
	return found{}, false
}

// Approve lets a plan run. It binds the plan's hash: another plan is
// fault.Conflict. Who asked or planned cannot approve, nor can the person the
// request is about, nor a role the policy does not let approve: fault.Denied.
func (s *Service) Approve(ctx context.Context, want ID, hash string, by gate.Actor) error {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return err
	}
	if err := q.may(Approved); err != nil {
		return err
	}
	d, err := s.details(ctx, q)
	if err != nil {
		return err
	}
	if err := s.fourEyes(q, d, by); err != nil {
		return err
	}
	p, err := s.stored(ctx, q)
	if err != nil {
		return err
	}
	if hash != q.planHash || p.Hash() != hash {
		return fault.New(fault.Conflict, "that is not the hash of the plan as it stands (%s): look at the plan again", q.planHash)
	}
	d.Approver = by.ID
	if err := s.keep(ctx, q, d); err != nil {
		return err
	}
	return s.approve(ctx, q, about, p, by)
}

func (s *Service) approve(ctx context.Context, q *request, about subject.Facts, p *plan.Plan, by gate.Actor) error {
	binary, err := hex.DecodeString(q.planHash)
	if err != nil {
		return fmt.Errorf("rights approve: %w", err)
	}
	s.point("rights.approve.before-commit")
	return s.move(ctx, q, about, Approved, fact{
		kind: audit.Approved, control: policy.RequestApproval, by: by, note: q.planHash,
		public: []audit.Field{audit.Bytes(audit.TagHash, binary)},
	}, func(a *db.Act) error {
		at := a.Now()
		q.approved = &at
		for _, t := range p.Steps {
			a.Do(insertStep, q.num, numbered(q.plan, t.Number), string(t.Kind), t.System)
		}
		return nil
	})
}

// fourEyes keeps the approval apart from asking and planning.
func (s *Service) fourEyes(q *request, d *details, by gate.Actor) error {
	if by.Kind() != "staff" || by.ID == "" {
		return fault.New(fault.Denied, "a plan is approved by a member of staff under their own name")
	}
	if by.ID == d.Asker || by.ID == d.Planner {
		return fault.New(fault.Denied, "who asked for a request or planned it cannot approve it: ask a colleague")
	}
	approvers := 0
	for _, r := range s.policy().Roles() {
		for _, right := range r.Approves {
			if right != q.right() {
				continue
			}
			if r.No == by.Role {
				return nil
			}
			approvers++
		}
	}
	if approvers > 0 {
		return fault.New(fault.Denied, "your role may not approve requests for %s: the policy names the roles that may", q.asks)
	}
	return nil
}

// stored reads the plan that the request stands under.
func (s *Service) stored(ctx context.Context, q *request) (*plan.Plan, error) {
	var (
		hash          string
		shown, sealed []byte
	)
	err := s.data.Read(ctx, func(r *db.Snapshot) error {
		return r.Row(ctx, selectPlan, q.num, q.plan).Scan(&hash, &shown, &sealed)
	})
	if err != nil {
		return nil, fmt.Errorf("rights plan: %w", err)
	}
	b, err := s.openBytes(ctx, q, placePlan, q.plan, sealed)
	if err != nil {
		return nil, err
	}
	p, err := plan.Read(b)
	if err != nil {
		return nil, err
	}
	if p.Hash() != hash {
		return nil, fault.New(fault.Conflict, "the stored plan is not the one that was hashed: it was changed from outside")
	}
	return p, nil
}
