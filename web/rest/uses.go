package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

func (s *Server) uses() {
	route(s, operation{
		id: "use", method: http.MethodPost, path: "/uses", tag: "uses", scope: api.UsesWrite,
		summary: "Use values for a purpose", more: "The log entry is durable before a value is handed out. A denial is a problem with every reason.",
	}, use)
	route(s, operation{
		id: "use-many", method: http.MethodPost, path: "/uses/batch", tag: "uses", scope: api.UsesWrite,
		summary: "Use values of many subjects", more: "Everybody has their own answer and their own entry; a denial is one answer among the others.",
	}, useMany)
	route(s, operation{
		id: "verify-secret", method: http.MethodPost, path: "/uses/secret", tag: "uses", scope: api.UsesWrite,
		summary: "Compare a secret with the one on record", more: "Such as a password. The secret itself can never be read.",
	}, verifySecret)
	route(s, operation{
		id: "decide", method: http.MethodPost, path: "/decisions", tag: "uses", scope: api.DecisionsRead,
		summary: "Ask what the policy would say", more: "Nothing is written, and nothing may be used on the strength of the answer.",
	}, decide)
}

// asked reads a use.
func (c call) asked(in api.Use) (platform.Use, error) {
	u := platform.Use{
		Items: in.Items, Purpose: in.Purpose, Recipient: in.Recipient, Case: in.Case, Function: in.Function, Surface: in.Surface, Device: in.Device,
		Interest: in.Interest, Citation: in.Citation, Clause: in.Clause, Necessity: in.Necessity, By: c.actor(),
	}
	if in.Role != "" || in.Staff != "" {
		if !c.key.May(api.StaffAct) {
			return u, stop(http.StatusForbidden, "scope", "this key does not have the scope "+api.StaffAct)
		}
		u.By = platform.Actor{Role: in.Role, ID: in.Staff}
	}
	var err error
	if u.Ref, err = reference(in.Ref); err != nil {
		return u, err
	}
	if in.Subject != "" {
		u.Subject, err = readSubject(in.Subject)
	}
	return u, err
}

// ofOne reads a use of one subject, and counts it.
func (c call) ofOne(ctx context.Context, route string, in api.Use) (platform.Use, error) {
	u, err := c.asked(in)
	if err == nil && u.Subject == "" {
		err = fault.New(fault.Invalid, "subject: say whose values")
	}
	if err == nil && !c.may(route, string(u.Subject)) {
		err = c.tooFast(ctx)
	}
	return u, err
}

// reference reads kind:id.
func reference(s string) (policy.Ref, error) {
	if s == "" {
		return policy.Ref{}, nil
	}
	kind, id, _ := strings.Cut(s, ":")
	kinds := map[string]policy.RefKind{
		"order": policy.RefOrder, "ticket": policy.RefTicket, "case": policy.RefCase, "contract": policy.RefContract, "request": policy.RefRequest,
	}
	if kinds[kind] == policy.RefNone || id == "" {
		return policy.Ref{}, fault.New(fault.Invalid, "ref: write order:ID, ticket:ID, case:ID, contract:ID or request:ID")
	}
	return policy.Ref{Kind: kinds[kind], ID: id}, nil
}

func use(ctx context.Context, c call, in *struct {
	On
	Body api.Use
},
) (*body[api.Answer], error) {
	u, err := c.ofOne(ctx, "use", in.Body)
	if err != nil {
		return nil, err
	}
	a, err := c.Use(ctx, u)
	switch {
	case err != nil:
		return nil, err
	case !a.Decision.Allowed:
		return nil, c.denied(a.Decision)
	}
	return &body[api.Answer]{c.answer(u.Subject, a)}, nil
}

func (c call) answer(id subject.ID, a *vault.Answer) api.Answer {
	out := api.Answer{
		Subject: string(id), Allowed: a.Decision.Allowed, Values: []api.Value{}, Entry: a.Entry, Version: a.Decision.Version,
		Reasons: c.causes(a.Decision.Reasons), Duties: duties(a.Decision.Obligations),
	}
	for _, v := range a.Values {
		out.Values = append(out.Values, api.Value{Item: c.itemName(v.Item), Value: v.Text.Reveal(), Since: v.At})
	}
	return out
}

func duties(o policy.Obligation) []string {
	var out []string
	for _, d := range []struct {
		bit  policy.Obligation
		name string
	}{{policy.MustMask, "mask"}, {policy.MustHash, "hash"}, {policy.MustGeneralise, "generalise"}, {policy.MustNotify, "notify"}, {policy.MustShorten, "last-digits"}} {
		if o&d.bit != 0 {
			out = append(out, d.name)
		}
	}
	return out
}

func useMany(ctx context.Context, c call, in *struct {
	On
	Body api.UseMany
},
) (*body[api.Answers], error) {
	if in.Body.Subject != "" {
		return nil, fault.New(fault.Invalid, "subject: a batch names its subjects in subjects")
	}
	u, err := c.asked(in.Body.Use)
	if err != nil {
		return nil, err
	}
	var ids []subject.ID
	for _, text := range in.Body.Subjects {
		id, err := readSubject(text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	list, err := c.UseMany(ctx, ids, u)
	if err != nil {
		return nil, err
	}
	out := api.Answers{Answers: []api.Answer{}}
	for i, a := range list {
		x := c.answer(ids[i], a)
		c.count(x.Reasons)
		out.Answers = append(out.Answers, x)
	}
	return &body[api.Answers]{out}, nil
}

func verifySecret(ctx context.Context, c call, in *struct {
	On
	Body api.VerifySecret
},
) (*body[api.Verified], error) {
	u, err := c.ofOne(ctx, "secret", in.Body.Use)
	if err != nil {
		return nil, err
	}
	match, d, err := c.VerifySecret(ctx, u, platform.NewPersonal(in.Body.Candidate))
	switch {
	case err != nil:
		return nil, err
	case !d.Allowed:
		return nil, c.denied(d)
	}
	return &body[api.Verified]{api.Verified{Match: match}}, nil
}

func decide(ctx context.Context, c call, in *struct {
	On
	Body api.Decide
},
) (*body[api.Decisions], error) {
	out := api.Decisions{Decisions: []api.Decision{}}
	for _, b := range in.Body.Uses {
		u, err := c.asked(b)
		if err == nil && u.Subject == "" {
			err = fault.New(fault.Invalid, "subject: say whose values, in each use")
		}
		if err != nil {
			return nil, err
		}
		d, err := c.Decide(ctx, u)
		if err != nil {
			return nil, err
		}
		out.Decisions = append(out.Decisions, api.Decision{
			Subject: string(u.Subject), Allowed: d.Allowed, Version: d.Version, Duties: duties(d.Obligations), Reasons: c.causes(d.Reasons),
		})
	}
	return &body[api.Decisions]{out}, nil
}
