package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func (s *Server) subjects() {
	route(s, operation{
		id: "register", method: http.MethodPost, path: "/subjects", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusCreated,
		summary: "Register somebody", more: "Adds a subject with what was given, whole or not at all. Where the policy refuses any of it, the problem has every reason.",
	}, register)
	route(s, operation{
		id: "get-subject", method: http.MethodGet, path: "/subjects/{subject}", tag: "subjects", scope: api.SubjectsRead,
		summary: "What is on record, without values",
	}, getSubject)
	route(s, operation{
		id: "close-account", method: http.MethodPost, path: "/subjects/{subject}/close", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusNoContent,
		summary: "Close the account", more: "Retention clocks that count from closing start.",
	}, func(ctx context.Context, c call, in *changed) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.CloseAccount(ctx, id, c.self()) })
	})
	route(s, operation{
		id: "accept-policy", method: http.MethodPut, path: "/subjects/{subject}/acceptance", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusNoContent,
		summary: "Record that the policy in force was accepted",
	}, func(ctx context.Context, c call, in *Of) (*struct{}, error) {
		return nothing(*in, func(id subject.ID) error { return c.Accept(ctx, id, c.self()) })
	})
	route(s, operation{
		id: "restrict", method: http.MethodPut, path: "/subjects/{subject}/restriction", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusNoContent,
		summary: "Restrict processing, or lift that", more: "GDPR Art. 18.",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Body api.Restriction
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.Restrict(ctx, id, in.Body.Restricted, c.actor()) })
	})
	route(s, operation{
		id: "hold", method: http.MethodPut, path: "/subjects/{subject}/hold", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusNoContent,
		summary: "Keep a class although its retention ends",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Body api.Hold
	},
	) (*struct{}, error) {
		var until time.Time
		if in.Body.Until != nil {
			until = *in.Body.Until
		}
		return nothing(in.Of, func(id subject.ID) error { return c.Hold(ctx, id, in.Body.Class, in.Body.Cite, until, c.actor()) })
	})
	route(s, operation{
		id: "end-hold", method: http.MethodDelete, path: "/subjects/{subject}/hold", tag: "subjects", scope: api.SubjectsWrite, status: http.StatusNoContent,
		summary: "Lift a hold",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Class string `query:"class" maxLength:"100" doc:"Retention class; the hold on everything when left out"`
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.EndHold(ctx, id, in.Class, c.actor()) })
	})
	route(s, operation{
		id: "erase", method: http.MethodPost, path: "/subjects/{subject}/erasure", tag: "subjects", scope: api.SubjectsErase,
		summary: "Erase in the vault, for good", more: "Answered when the keys are destroyed. Outside systems are erased by a request.",
	}, erase)
}

// changed is a change of a subject without a body.
type changed struct {
	Of
	Once
}

// nothing does what has no answer.
func nothing(o Of, fn func(subject.ID) error) (*struct{}, error) {
	id, err := o.sub()
	if err != nil {
		return nil, err
	}
	return &struct{}{}, fn(id)
}

func register(ctx context.Context, c call, in *struct {
	On
	Once
	Body api.Register
},
) (*body[api.Registered], error) {
	b := in.Body
	id, refusals, err := c.Register(ctx, platform.Registration{
		Kind: subject.Kind(b.Kind), Accepted: b.Accepted, Adult: b.Adult, Minor: b.Minor, Lives: b.Lives, Point: b.Point, Given: given(b.Given),
		Verified: b.Verified, By: c.actor(),
	})
	switch {
	case err != nil:
		return nil, err
	case len(refusals) > 0:
		return nil, c.refused(refusals)
	}
	left, err := c.leftOut(ctx, "", b.Point, given(b.Given))
	return &body[api.Registered]{api.Registered{ID: string(id), LeftOut: left}}, err
}

func given(list []api.Given) []policy.Given {
	var out []policy.Given
	for _, g := range list {
		out = append(out, policy.Given{
			Item: g.Item, Value: g.Value, Origin: policy.Origin(g.Origin), Voluntary: g.Voluntary, Cite: g.Cite, From: g.From,
			Seen: policy.Seen{Device: g.Device, Function: g.Function, Session: g.Session}, OfMinor: g.OfMinor, GuardianAgreed: g.GuardianAgreed,
			Other: g.Other, Reminded: g.Reminded, Showing: g.Showing,
		})
	}
	return out
}

func getSubject(ctx context.Context, c call, in *Of) (*body[api.Subject], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	f, err := c.Facts(ctx, id)
	if err != nil {
		return nil, err
	}
	out := api.Subject{
		ID: string(f.ID), Kind: string(f.Kind), State: string(f.State), Restricted: f.Restricted, Accepted: f.Accepted,
		Created: f.Created, Closed: when(f.Closed),
	}
	if out.Identifiers, err = kinds(ctx, c, id); err != nil {
		return nil, err
	}
	holds, err := c.Held(ctx, id)
	for _, h := range holds {
		out.Holds = append(out.Holds, api.Hold{Class: c.className(policy.ClassNo(h.Class)), Cite: h.Cite, Until: when(h.Until)})
	}
	return &body[api.Subject]{out}, err
}

func (c call) className(n policy.ClassNo) string {
	if k := c.Policy().ClassBy(n); k != nil {
		return k.Name
	}
	return ""
}

// when is nil for no time.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func erase(ctx context.Context, c call, in *struct {
	Of
	Once
	Body api.Erase
},
) (*body[api.Erased], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	b, chosen := in.Body, 0
	for _, yes := range []bool{b.Item != "", b.Class != "", b.Everything} {
		if yes {
			chosen++
		}
	}
	if chosen != 1 {
		return nil, fault.New(fault.Invalid, "say what to erase: item, class or everything, one of them")
	}
	e, err := c.Erase(ctx, id, platform.Erasure{Item: b.Item, Class: b.Class, Everything: b.Everything, By: c.self()})
	return &body[api.Erased]{api.Erased{Values: e.Values, Keys: e.Keys, Destroyed: when(e.Destroyed)}}, err
}
