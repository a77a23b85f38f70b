package platform

import (
	"context"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A Use asks to use items of a subject for a purpose, by name.
type Use struct {
	Subject   subject.ID
	Items     []string
	Purpose   string
	Recipient string // "": nobody outside the controller
	Case      string // sharing case of the policy; "": the one that follows from what the recipient is
	Ref       policy.Ref
	Function  string
	Surface   string
	Device    string
	Interest  string
	Citation  string // the legal order or provision that is the ground
	Clause    string // the clause, of an agreement or of the policy, that is carried out
	Necessity string // why it cannot be done without the data
	By        Actor
}

// use translates the names of u. An item or purpose that the policy does not
// declare is an error that says what is meant.
func (p *Platform) use(u Use, num int64, role policy.RoleNo) (*policy.Use, error) {
	out := &policy.Use{
		Subject: num, Actor: role, Ref: u.Ref, Function: u.Function, Surface: u.Surface,
		Device: u.Device, Interest: u.Interest, Instrument: u.Citation, Clause: u.Clause, Necessity: u.Necessity,
	}
	purpose, err := p.Policy().Purpose(u.Purpose)
	if err != nil {
		return nil, err
	}
	out.Purpose = purpose.No
	for _, name := range u.Items {
		item, err := p.Policy().Item(name)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item.No)
	}
	if u.Recipient != "" {
		r, err := p.Policy().Recipient(u.Recipient)
		if err != nil {
			return nil, err
		}
		out.Recipient = r.No
	}
	if u.Case != "" {
		if out.Scenario, err = policy.ParseScenario(u.Case); err != nil {
			return nil, fault.New(fault.Invalid, "there is no such sharing case: name one of those under sharing in the policy, or leave it out")
		}
	}
	return out, nil
}

// Use decides a use and, when it is allowed, returns the values. Its log entry
// is durable before this returns. A denial has all its reasons.
func (p *Platform) Use(ctx context.Context, u Use) (*vault.Answer, error) {
	ctx, span := trace.Start(ctx, "use")
	defer span.End()
	f, by, err := p.who(ctx, u.Subject, u.By)
	if err != nil {
		return nil, err
	}
	ask, err := p.use(u, f.Num, by.Role)
	if err != nil {
		return nil, err
	}
	a, err := p.vault.Use(ctx, ask, by)
	if err == nil && a.Entry != 0 {
		p.sawReads(ctx, by, 1)
	}
	return a, err
}

// UseMany decides one use for many subjects, at most [vault.MaxBatch].
// Everybody has their own answer and their own entry.
func (p *Platform) UseMany(ctx context.Context, subjects []subject.ID, u Use) ([]*vault.Answer, error) {
	ctx, span := trace.Start(ctx, "use many")
	defer span.End()
	by, err := p.actor(u.By)
	if err != nil {
		return nil, err
	}
	ask, err := p.use(u, 0, by.Role)
	if err != nil {
		return nil, err
	}
	if err := p.Cleared(ctx, by); err != nil {
		return nil, err
	}
	if len(subjects) > vault.MaxBatch { // before anybody is looked up
		return nil, fault.New(fault.Invalid, "a batch has at most %d subjects: send the rest in another", vault.MaxBatch)
	}
	nums, err := p.gate.Numbers(ctx, subjects)
	if err != nil {
		return nil, err
	}
	list, err := p.vault.UseMany(ctx, vault.Batch{Subjects: nums, Use: *ask, By: by})
	if err != nil {
		return nil, err
	}
	seen := 0
	for _, a := range list {
		if a != nil && a.Entry != 0 {
			seen++
		}
	}
	p.sawReads(ctx, by, seen)
	return list, nil
}

// Decide answers whether a use would be allowed. Nothing is written, and
// nothing may be used on the strength of the answer.
func (p *Platform) Decide(ctx context.Context, u Use) (policy.Decision, error) {
	ctx, span := trace.Start(ctx, "decide")
	defer span.End()
	f, by, err := p.who(ctx, u.Subject, u.By)
	if err != nil {
		return policy.Decision{}, err
	}
	ask, err := p.use(u, f.Num, by.Role)
	if err != nil {
		return policy.Decision{}, err
	}
	return p.gate.Decide(ctx, ask)
}

// VerifySecret reports whether candidate is the secret a subject holds under
// an item, such as a password. The secret itself can never be read.
func (p *Platform) VerifySecret(ctx context.Context, u Use, candidate Personal) (bool, policy.Decision, error) {
	ctx, span := trace.Start(ctx, "verify secret")
	defer span.End()
	f, by, err := p.who(ctx, u.Subject, u.By)
	if err != nil {
		return false, policy.Decision{}, err
	}
	ask, err := p.use(u, f.Num, by.Role)
	if err != nil {
		return false, policy.Decision{}, err
	}
	return p.vault.VerifySecret(ctx, ask, candidate, by)
}
