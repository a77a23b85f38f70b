package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/demo/store"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// crowd is how many people a platform has at most whose history is made from its
// policy alone: enough to look at, and soon there.
const crowd = 16

// fromPolicy is the script of a platform of which only the policy is known.
func fromPolicy(id string) script {
	return script{platform: id, plain: true, live: livePlainly}
}

// meet fills in what follows from the policy: staff, agreements, and what the
// lines for developers try.
func (s *script) meet(p *policy.Policy) {
	names := []string{"rui Rui Costa", "lan Lan He 何兰", "eva Eva Lindqvist"}
	add := func(role string, officer bool) {
		if len(s.staff) < len(names) {
			login, name, _ := strings.Cut(names[len(s.staff)], " ")
			s.staff = append(s.staff, member{login + "." + p.Platform(), name, role, officer})
		}
	}
	add("support", false)
	for _, r := range p.Roles() {
		if slices.Contains(r.Approves, policy.Erasure) {
			add(r.Name, true)
			break
		}
	}
	for _, r := range p.Roles() {
		if r.Name != "support" && len(r.Approves) == 0 {
			add(r.Name, false)
			break
		}
	}
	for _, r := range p.Recipients() {
		if r.Agreement {
			s.agreements = append(s.agreements, r.Name)
		}
	}
	s.try = tries(p)
}

// tries finds a use of an e-mail address that is allowed, and one that is not.
func tries(p *policy.Policy) (out try) {
	for _, i := range p.Items() {
		if i.Identifier != "email" {
			continue
		}
		out.Item = i.Name
		for _, u := range p.Purposes() {
			own := slices.Contains(i.Purposes, u.No)
			switch {
			case u.AllItems || len(u.Refs) > 0 || len(u.Functions) > 0:
			case own && u.Basis == policy.Contract && out.Purpose == "":
				out.Purpose = u.Name
			case !own && out.Denied == "":
				out.Denied = u.Name
			}
		}
		return out
	}
	return out
}

// A notebook is what a policy has let in of a life so far.
type notebook struct {
	facts policy.Facts
	has   []policy.ItemNo
}

// livePlainly has somebody register, say yes to some of what is asked, come back
// now and then, and be used, as their policy has it.
func livePlainly(l *life, _ script) {
	k := &notebook{facts: policy.Facts{Accepted: true, Account: policy.AccountOpen}}
	l.on(l.joined, func(ctx context.Context, s *stage, l *life) error { return s.enters(ctx, l, k) })
	l.on(l.later(l.joined, 6), func(ctx context.Context, s *stage, l *life) error { return s.agrees(ctx, l, k) })
	for d := l.later(l.joined, 6); d <= Days; d = l.later(d, 22) {
		l.on(d, func(ctx context.Context, s *stage, l *life) error { return s.comesBack(ctx, l, k) })
		l.on(d+1, func(ctx context.Context, s *stage, l *life) error { return s.isUsed(ctx, l, k) })
	}
	if l.place > 0 && l.r.IntN(5) == 0 {
		l.on(l.later(l.joined, 50), func(ctx context.Context, s *stage, l *life) error { return s.takesBack(ctx, l, k) })
	}
	l.leaves()
}

// enters registers with what the first point asks for.
func (s *stage) enters(ctx context.Context, l *life, k *notebook) error {
	point := s.Policy().Points()[0].Name
	given := s.offered(l, k, point, func(i *policy.Item) bool {
		return !i.Optional || i.Identifier == "email" || !i.Sensitive && l.chance(35)
	})
	id, refusals, err := s.Register(ctx, platform.Registration{
		Accepted: true, Adult: true, Verified: true, Point: point, Given: given, By: platform.Actor{Role: "self"},
	})
	if err != nil {
		return err
	}
	l.id = id
	k.took(s.Policy(), given)
	return unexpected("registration", refusals)
}

// offered are values for items of a point that the policy would let in.
func (s *stage) offered(l *life, k *notebook, point string, wants func(*policy.Item) bool) []policy.Given {
	var out []policy.Given
	for _, i := range s.Policy().Items() {
		usual := i.Origin == policy.FromPerson || i.Origin == policy.FromDevice || i.Origin == policy.FromOthers
		if !usual || !slices.Contains(i.At, point) || !i.List && slices.Contains(k.has, i.No) || !wants(i) {
			continue
		}
		g := policy.Given{Item: i.Name, Value: l.value(i), Voluntary: true, Seen: policy.Seen{Device: thePhone, Session: s.Now().Format("day-20060102")}}
		if g.Value != "" && len(s.Policy().Collect(point, []policy.Given{g}, &k.facts)) == 0 {
			out = append(out, g)
		}
	}
	return out
}

func (k *notebook) took(p *policy.Policy, given []policy.Given) {
	for _, g := range given {
		if i, err := p.Item(g.Item); err == nil {
			k.has = append(k.has, i.No)
		}
	}
}

// value is what a person has for an item.
func (l *life) value(i *policy.Item) string {
	switch i.Type {
	case "secret", "security-answer": // hashing one takes a core for a while
		return ""
	case "email":
		return l.Email
	case "phone":
		return l.Phone
	case "name":
		return l.Name
	case "address":
		return l.Street + ", " + l.City
	case "postal-code":
		return l.Postcode
	case "country":
		return l.Country
	case "account-id":
		return fmt.Sprintf("%s%d", strings.ReplaceAll(l.Latin, ".", ""), 100+l.place)
	}
	return store.Sample(i.Type, l.r)
}

// agrees says yes to a third of what waits for one. The first person says yes to
// all.
func (s *stage) agrees(ctx context.Context, l *life, k *notebook) error {
	for _, u := range s.Policy().Purposes() {
		if u.Basis != policy.Consent || !l.chance(35) {
			continue
		}
		if err := s.chooses(ctx, l, u, true); err != nil {
			return err
		}
		k.facts.Consents.Add(u.No)
		k.facts.Explicit.Add(u.No)
	}
	return nil
}

// takesBack takes every yes back.
func (s *stage) takesBack(ctx context.Context, l *life, k *notebook) error {
	for _, u := range s.Policy().Purposes() {
		if !k.facts.Consents.Has(u.No) {
			continue
		}
		if err := s.chooses(ctx, l, u, false); err != nil {
			return err
		}
		k.facts.Consents.Remove(u.No)
	}
	return nil
}

func (s *stage) chooses(ctx context.Context, l *life, u *policy.Purpose, yes bool) error {
	return s.Choose(ctx, l.id, platform.Choice{
		Kind: consent.Consent, Purpose: u.Name, Given: yes, Explicit: true, Channel: "settings", By: platform.Self(l.id),
	})
}

// comesBack leaves some of what a point takes.
func (s *stage) comesBack(ctx context.Context, l *life, k *notebook) error {
	points := s.Policy().Points()
	point := points[l.r.IntN(len(points))].Name
	given := s.offered(l, k, point, func(i *policy.Item) bool { return !i.Sensitive && l.r.IntN(100) < 45 })
	if len(given) == 0 {
		return nil
	}
	refusals, err := s.Collect(ctx, l.id, point, given, platform.Self(l.id))
	if err == nil && len(refusals) == 0 {
		k.took(s.Policy(), given)
	}
	return err // a refusal is what the policy makes of it
}

// isUsed has somebody use something, for a purpose of it more often than not. The
// policy answers as it does.
func (s *stage) isUsed(ctx context.Context, l *life, k *notebook) error {
	if len(k.has) == 0 {
		return nil
	}
	p := s.Policy()
	i := p.ItemBy(k.has[l.r.IntN(len(k.has))])
	u := p.PurposeBy(i.Purposes[l.r.IntN(len(i.Purposes))])
	if l.r.IntN(6) == 0 {
		all := p.Purposes()
		u = all[l.r.IntN(len(all))]
	}
	ask := platform.Use{Subject: l.id, Items: []string{i.Name}, Purpose: u.Name}
	if len(u.Refs) > 0 {
		ask.Ref = policy.Ref{Kind: u.Refs[0], ID: fmt.Sprintf("r_%04d", l.r.IntN(10000))}
	}
	if len(u.Functions) > 0 {
		ask.Function = u.Functions[0]
	}
	for _, m := range s.script.staff {
		if r, err := p.Role(m.role); err == nil && slices.Contains(r.Purposes, u.No) {
			ask.By = s.staff[m.role]
		}
	}
	_, err := s.Use(ctx, ask)
	return err
}
