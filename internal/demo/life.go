package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A life is what one person does on one platform.
type life struct {
	Person
	place  int // among the people
	r      *rand.Rand
	joined int // day of history
	ends   int // the last day on which anything happens
	id     subject.ID
	acts   []act // by day
	bought []order
}

// An act is something that happens on a day of history.
type act struct {
	day int
	do  func(context.Context, *stage, *life) error
}

// An order is what a person bought, as the vault and the shop both know it.
type order struct {
	day      int
	id       string
	products []int
	method   string
}

// A stage is a platform while its history is played.
type stage struct {
	*platform.Platform
	script script
	people []*life
	staff  map[string]platform.Actor // by role
	scenes map[int][]scene           // by day
	clock  *clock
}

// on notes what happens on a day; what lies after the present does not happen.
func (l *life) on(day int, do func(context.Context, *stage, *life) error) {
	if day <= min(l.ends, Days) {
		l.acts = append(l.acts, act{max(day, l.joined), do})
	}
}

// chance is true in so many of a hundred lives. The first person does everything.
func (l *life) chance(percent int) bool { return l.r.IntN(100) < percent || l.place == 0 }

// later returns a day after the one given, up to n days on.
func (l *life) later(from, n int) int { return from + 1 + l.r.IntN(n) }

// pairs reads item, value, item, value, …
func pairs(day int, list []string) []policy.Given {
	var out []policy.Given
	for i := 0; i+1 < len(list); i += 2 {
		if list[i+1] != "" {
			out = append(out, policy.Given{Item: list[i], Value: list[i+1], Voluntary: true, Seen: seenOn(day)})
		}
	}
	return out
}

// seenOn is where something is observed on a day: on the one phone that everybody
// has, in one session.
func seenOn(day int) policy.Seen {
	return policy.Seen{Device: thePhone, Function: "first-entry", Session: fmt.Sprint("day-", day)}
}

// thePhone is what the app calls the phone of everybody.
const thePhone = "phone-1"

// permits says yes to a permission of the phone.
func (l *life) permits(day int, permission, function string) {
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		refusals, err := s.AnswerPermission(ctx, l.id, platform.AskedPermission{
			Permission: platform.Permission{Device: thePhone, Name: permission, Function: function}, Granted: true, By: platform.Self(l.id),
		})
		if err != nil {
			return err
		}
		return unexpected("permission", refusals)
	})
}

// unexpected is an answer that the demo did not mean to get: a bug of it, or of a
// policy.
func unexpected(what string, refusals []policy.Refusal) error {
	if len(refusals) == 0 {
		return nil
	}
	return fault.New(fault.Internal, "the demo's %s was refused: %s", what, refusals[0].Text)
}

// joins registers the person at a point, with values.
func (l *life) joins(point string, values ...string) {
	l.on(l.joined, func(ctx context.Context, s *stage, l *life) error {
		id, refusals, err := s.Register(ctx, platform.Registration{
			Accepted: true, Adult: true, Verified: true, Point: point, Given: pairs(l.joined, values), By: platform.Actor{Role: "self"},
		})
		if err != nil {
			return err
		}
		l.id = id
		return unexpected("registration", refusals)
	})
}

// gives has values come in at a point.
func (l *life) gives(day int, point string, values ...string) {
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		refusals, err := s.Collect(ctx, l.id, point, pairs(day, values), platform.Self(l.id))
		if err != nil {
			return err
		}
		return unexpected("collection at "+point, refusals)
	})
}

// tries has values come in that the policy turns away.
func (l *life) tries(day int, point string, values ...string) {
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		refusals, err := s.Collect(ctx, l.id, point, pairs(day, values), platform.Self(l.id))
		if err == nil && len(refusals) == 0 {
			err = fault.New(fault.Internal, "the demo meant a collection at %s to be refused", point)
		}
		return err
	})
}

// says records a yes or a no to a purpose.
func (l *life) says(day int, yes bool, purpose string) {
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		return s.Choose(ctx, l.id, platform.Choice{
			Kind: consent.Consent, Purpose: purpose, Given: yes, Explicit: true, Channel: "settings", By: platform.Self(l.id),
		})
	})
}

// shares records a yes to a recipient.
func (l *life) shares(day int, recipient string, kind consent.Kind) {
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		return s.Choose(ctx, l.id, platform.Choice{
			Kind: kind, Recipient: recipient, Given: true, Explicit: true, Channel: "settings", By: platform.Self(l.id),
		})
	})
}

// A use is what somebody wants of the person's data.
type use struct {
	day        int
	purpose    string
	items      []string
	role       string // of staff; "" is the platform's own software
	recipient  string
	ref        string // order:…
	function   string
	deviceName string
	denied     bool // the policy says no, and is meant to
}

// uses asks to use items of the person. An answer other than the meant one is a
// bug.
func (l *life) uses(u use) {
	l.on(u.day, func(ctx context.Context, s *stage, l *life) error {
		ask := platform.Use{
			Subject: l.id, Items: u.items, Purpose: u.purpose, Recipient: u.recipient, Function: u.function, Device: u.deviceName,
			By: s.staff[u.role],
		}
		if u.ref != "" {
			var err error
			if ask.Ref, err = policy.ParseRef(u.ref); err != nil {
				return err
			}
		}
		a, err := s.Use(ctx, ask)
		if err == nil && a.Decision.Allowed == u.denied {
			why := "allowed"
			if u.denied = !u.denied; !u.denied && len(a.Decision.Reasons) > 0 {
				why = "denied: " + a.Decision.Reasons[0].Text
			}
			err = fault.New(fault.Internal, "the demo's use for %s was %s", u.purpose, why)
		}
		return err
	})
}

// closes closes the account, and nothing happens after.
func (l *life) closes(day int) {
	l.ends = day
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		return s.CloseAccount(ctx, l.id, platform.Self(l.id))
	})
}

// restricts asks that data be kept and not used, and nobody tries.
func (l *life) restricts(day int) {
	l.ends = day
	l.on(day, func(ctx context.Context, s *stage, l *life) error {
		return s.Restrict(ctx, l.id, true, platform.Self(l.id))
	})
}

// buys notes an order; the shop and the vault both hold it.
func (l *life) buys(day int, products, methods []string) (order, bool) {
	o := order{
		day: day, id: fmt.Sprintf("ord_%d_%04d", day, l.place+1), method: methods[l.r.IntN(len(methods))],
		products: []int{l.r.IntN(len(products))},
	}
	if l.r.IntN(3) == 0 {
		o.products = append(o.products, l.r.IntN(len(products)))
	}
	if day > l.ends {
		return o, false
	}
	l.bought = append(l.bought, o)
	return o, true
}

// moment is a time on a day of history.
func (c *clock) moment(n, minute int) time.Time {
	return c.morning(n).Add(time.Duration(minute) * time.Minute)
}
