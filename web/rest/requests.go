package rest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// Asked is one request of an address.
type Asked struct {
	On
	Request string `path:"request" doc:"Request: req_…" maxLength:"40"`
}

func (o Asked) id() (rights.ID, error) {
	id, err := rights.ParseID(o.Request)
	if err != nil {
		return "", fault.Wrap(fault.NotFound, err, "there is no such request: an id has the form req_ and 26 letters and digits")
	}
	return id, nil
}

func (s *Server) requests() {
	route(s, operation{
		id: "list-requests", method: http.MethodGet, path: "/requests", tag: "requests", scope: api.RequestsRead,
		summary: "Requests, oldest first",
	}, listRequests)
	route(s, operation{
		id: "ask", method: http.MethodPost, path: "/requests", tag: "requests", scope: api.RequestsWrite, status: http.StatusCreated,
		summary: "Take a request down", more: "Its clocks start. Who asks is named by a subject or by identifiers.",
	}, ask)
	route(s, operation{
		id: "get-request", method: http.MethodGet, path: "/requests/{request}", tag: "requests", scope: api.RequestsRead,
		summary: "A request with its timeline",
	}, func(ctx context.Context, c call, in *Asked) (*body[api.Request], error) { return c.shown(ctx, *in) })
	s.step("verify-request", "verify", "Record that who asks is the person", func(ctx context.Context, c call, id rights.ID, in api.VerifyRequest) error {
		return c.Requests().Verify(ctx, id, c.service(), in.Method)
	})
	s.plainStep("plan-request", "plan", "Ask every system, and plan what will happen", func(ctx context.Context, c call, id rights.ID) error {
		if _, err := c.Requests().Survey(ctx, id, c.service()); err != nil {
			return err
		}
		_, err := c.Requests().Plan(ctx, id, c.service())
		return err
	})
	s.plainStep("withdraw-request", "withdraw", "The person takes the request back", func(ctx context.Context, c call, id rights.ID) error {
		return c.Requests().Withdraw(ctx, id, c.person())
	})
	route(s, operation{
		id: "get-receipt", method: http.MethodGet, path: "/requests/{request}/receipt", tag: "requests", scope: api.RequestsRead,
		summary: "The receipt", more: "Anybody can verify it offline: avow receipt verify.",
	}, func(ctx context.Context, c call, in *Asked) (*body[json.RawMessage], error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		b, err := c.Requests().Receipt(ctx, id)
		return &body[json.RawMessage]{b}, err
	})
}

// step adds an operation that takes a request one step further.
func (s *Server) step(id, path, summary string, fn func(context.Context, call, rights.ID, api.VerifyRequest) error) {
	route(s, stepOf(id, path, summary), func(ctx context.Context, c call, in *struct {
		Asked
		Body api.VerifyRequest
	},
	) (*body[api.Request], error) {
		want, err := in.id()
		if err == nil {
			err = fn(ctx, c, want, in.Body)
		}
		if err != nil {
			return nil, err
		}
		return c.shown(ctx, in.Asked)
	})
}

// plainStep is step without a body.
func (s *Server) plainStep(id, path, summary string, fn func(context.Context, call, rights.ID) error) {
	route(s, stepOf(id, path, summary), func(ctx context.Context, c call, in *Asked) (*body[api.Request], error) {
		want, err := in.id()
		if err == nil {
			err = fn(ctx, c, want)
		}
		if err != nil {
			return nil, err
		}
		return c.shown(ctx, *in)
	})
}

func stepOf(id, path, summary string) operation {
	return operation{
		id: id, method: http.MethodPost, path: "/requests/{request}/" + path, tag: "requests", scope: api.RequestsWrite,
		summary: summary, more: "Answers with the request as it then stands.",
	}
}

func (c call) service() gate.Actor { return gate.Actor{Role: policy.Service, ID: string(c.key.ID)} }

func (c call) person() gate.Actor { return gate.Actor{Role: policy.Self, ID: string(c.key.ID)} }

func (c call) shown(ctx context.Context, in Asked) (*body[api.Request], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	v, err := c.Requests().Show(ctx, id)
	if err != nil {
		return nil, err
	}
	out := summary(v.Summary)
	out.Subject, out.Receipt = string(v.Subject), v.Receipt
	for _, e := range v.Events {
		out.Events = append(out.Events, api.Event{At: e.At, Kind: e.Kind, State: string(e.State), Actor: e.Actor, System: e.System, Entry: e.Entry})
	}
	return &body[api.Request]{out}, nil
}

func summary(s rights.Summary) api.Request {
	return api.Request{
		ID: string(s.ID), Right: string(s.Right), Scope: s.Scope, State: string(s.State), Channel: s.Channel, Received: s.Received,
		ReplyDue: due(s.ReplyDue), DoneDue: due(s.DoneDue), Paused: s.Paused, Reason: s.Reason, Cite: s.Cite,
	}
}

func due(d *plan.Due) *api.Due {
	if d == nil {
		return nil
	}
	return &api.Due{At: d.At, Rule: d.Rule, Cite: d.Cite}
}

func listRequests(ctx context.Context, c call, in *struct {
	On
	Paged
	State string `query:"state" maxLength:"40"`
},
) (*body[api.Requests], error) {
	found, err := c.Requests().List(ctx, rights.Filter{State: rights.State(in.State), After: rights.ID(in.After), Limit: in.limit() + 1})
	if fault.Of(err) == fault.NotFound {
		err = errCursor()
	}
	out := api.Requests{Requests: []api.Request{}}
	for i, r := range found {
		if i == in.limit() {
			out.Next = out.Requests[i-1].ID
			break
		}
		out.Requests = append(out.Requests, summary(r))
	}
	return &body[api.Requests]{out}, err
}

func ask(ctx context.Context, c call, in *struct {
	On
	Once
	Body api.Ask
},
) (*body[api.Asked], error) {
	b := in.Body
	scope, err := plan.ParseScope(b.Scope)
	if err != nil {
		return nil, err
	}
	asked := rights.Asked{
		Right: policy.RightKind(b.Right), Scope: scope, Contact: platform.NewPersonal(b.Contact), Channel: b.Channel, Language: b.Language,
	}
	if asked.Channel == "" {
		asked.Channel = "api"
	}
	if b.Subject != "" {
		if asked.Subject, err = readSubject(b.Subject); err != nil {
			return nil, err
		}
	}
	for _, i := range b.Identifiers {
		asked.Identifiers = append(asked.Identifiers, connector.Identifier{Kind: i.Kind, Value: platform.NewPersonal(i.Value)})
	}
	for _, x := range b.Corrections {
		asked.Corrections = append(asked.Corrections, rights.Correction{Item: x.Item, Value: platform.NewPersonal(x.Value)})
	}
	if b.VerifiedBy != "" { // before anything is taken down
		if err := c.Requests().CheckMethod(asked.Right, b.VerifiedBy, c.service()); err != nil {
			return nil, err
		}
	}
	id, err := c.Requests().Receive(ctx, asked, c.person())
	if err != nil {
		return nil, err
	}
	if b.VerifiedBy != "" {
		err = c.Requests().Verify(ctx, id, c.service(), b.VerifiedBy)
	}
	return &body[api.Asked]{api.Asked{ID: string(id)}}, err
}
