package demo

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// cast is how many people, the first of each platform, requests may be about.
const cast = 16

// erasures are the people who are erased, and the day.
func erasures() map[int]int { return map[int]int{4: 38, 11: 86} }

// requests are the requests of a platform: one in every state that a newcomer
// should meet, on the day on which it comes up.
func (s *stage) requests() error {
	days := map[int][]scene{}
	s.scenes = days
	soon, err := s.due(policy.Erasure, 36*time.Hour)
	if err != nil {
		return err
	}
	on := func(day int, right policy.RightKind, who int, steps ...step) {
		days[day] = append(days[day], func(ctx context.Context) error { return s.request(ctx, right, who, steps) })
	}
	on(31, policy.Access, 3, verified, planned, approved, run, delivered)
	for who, day := range erasures() {
		if s.script.plain && day > 45 {
			continue // a smaller platform has one of each
		}
		on(day, policy.Erasure, who, verified, planned, approved, run, told)
	}
	on(44, policy.Erasure, 5, refused)
	on(47, policy.Access, 6, nothing) // nobody proved who they are: it expires
	on(66, policy.Access, 8, verified, withdrawn)
	on(soon, policy.Erasure, 9, verified, planned) // due in a day or two, and nobody has approved it
	on(83, policy.Access, 10, paused)
	on(85, policy.Access, 0, verified, planned, approved, run) // a package waits
	if !s.script.plain {
		on(61, policy.Access, 7, refused)
		on(88, policy.Access, 1, verified, planned) // waits for approval
	}
	on(88, policy.Erasure, 12, verified, planned, approved)
	on(89, policy.Erasure, 13, verified)
	on(90, policy.Access, 14, nothing)
	if !s.script.plain {
		days[45] = append(days[45], func(ctx context.Context) error { // the keys move on: what was erased before is silent
			_, err := s.MoveEpoch(ctx, func(int, int) {})
			return err
		})
	}
	days[80] = append(days[80], func(ctx context.Context) error {
		_, err := s.Requests().Sweep(ctx) // who never proved who they are
		return err
	})
	return nil
}

// due returns the last day on which a request had to come in to be due within a
// time from now.
func (s *stage) due(right policy.RightKind, within time.Duration) (int, error) {
	for n := Days; n > 0; n-- {
		clocks, err := s.Policy().Due(right, s.clock.morning(n).Add(hours/2))
		if err != nil {
			return 0, err
		}
		if !clocks.Done.At.IsZero() && clocks.Done.At.Before(s.clock.now.Add(within)) {
			return n + 1, nil
		}
	}
	return 0, fault.New(fault.Internal, "the policy gives %s no time", right)
}

// A step takes a request on.
type step func(context.Context, *stage, *asked) error

// asked is a request on its way.
type asked struct {
	id   rights.ID
	who  *life
	hash string
}

// request takes a request down, as its person asks for it, and plays its steps.
func (s *stage) request(ctx context.Context, right policy.RightKind, who int, steps []step) error {
	if who >= len(s.people) {
		return nil // a small crowd has fewer requests
	}
	q := &asked{who: s.people[who]}
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	lang := s.Policy().Languages()[0]
	if q.who.Chinese {
		lang = "zh-CN"
	}
	q.id, err = s.Requests().Receive(ctx, rights.Asked{
		Right: right, Identifiers: []connector.Identifier{{Kind: "email", Value: platform.NewPersonal(q.who.Email)}},
		Contact: platform.NewPersonal(q.who.Email), Channel: s.channel(right), Language: lang,
	}, by)
	for i := 0; err == nil && i < len(steps); i++ {
		err = steps[i](ctx, s, q)
	}
	return err
}

// channel is where a request comes in: with support, where the policy has that.
func (s *stage) channel(right policy.RightKind) string {
	r, err := s.Policy().Right(right)
	if err != nil || len(r.Channels) == 0 || slices.Contains(r.Channels, "support") {
		return "support"
	}
	return r.Channels[0]
}

// actor is the member of staff with a role.
func (s *stage) actor(role string) (gate.Actor, error) { return s.Actor(s.staff[role]) }

func nothing(context.Context, *stage, *asked) error { return nil }

func verified(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	return s.Requests().Verify(ctx, q.id, by, "identifier-code")
}

func planned(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	if _, err = s.Requests().Survey(ctx, q.id, by); err != nil {
		return err
	}
	p, err := s.Requests().Plan(ctx, q.id, by)
	q.hash = p.Hash
	return err
}

func approved(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	return s.Requests().Approve(ctx, q.id, q.hash, by)
}

func run(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	if err := s.Requests().Run(ctx, q.id, by); err != nil {
		return err
	}
	return s.WorkUntil(ctx, q.id, func(int, int) {})
}

// told attests that the recipients of what was erased have been told, where there
// were any.
func told(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	tasks, err := s.Requests().Tasks(ctx, q.id, by)
	if fault.Of(err) == fault.Conflict {
		return nil // nothing waits for people
	}
	if err != nil {
		return err
	}
	if err := s.Requests().Attest(ctx, q.id, tasks[0].Step, by); err != nil {
		return err
	}
	return s.WorkUntil(ctx, q.id, func(int, int) {})
}

func delivered(ctx context.Context, s *stage, q *asked) error {
	return s.Requests().Deliver(ctx, q.id, gate.Actor{Role: policy.Self, ID: string(q.who.id)}, io.Discard)
}

func refused(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	return s.Requests().Refuse(ctx, q.id, rights.Reason{Code: "identity-not-proved", Cite: "gdpr-12-6"}, by)
}

func withdrawn(ctx context.Context, s *stage, q *asked) error {
	return s.Requests().Withdraw(ctx, q.id, gate.Actor{Role: policy.Self, ID: string(q.who.id)})
}

func paused(ctx context.Context, s *stage, q *asked) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	return s.Requests().Pause(ctx, q.id, rights.Reason{Code: "identity-in-doubt"}, by)
}
