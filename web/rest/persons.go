package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// persons adds what is said about somebody beside their values: that they decline,
// where they live, what was done against them, what rests on nothing any more.
func (s *Server) persons() {
	route(s, operation{
		id: "decline-policy", method: http.MethodPost, path: "/declines", tag: "subjects", scope: api.ConsentsWrite, status: http.StatusNoContent,
		summary: "Record that somebody does not agree to the policy, or no longer",
		more:    "Of a visitor without a record nothing is kept but the refusal.",
	}, decline)
	route(s, operation{
		id: "set-residence", method: http.MethodPut, path: "/subjects/{subject}/residence", tag: "subjects", scope: api.SubjectsWrite,
		summary: "Record where a subject lives", more: "It decides which of the policy's laws hold for them.",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Body api.Residence
	},
	) (*body[api.Under], error) {
		id, err := in.sub()
		if err == nil {
			err = c.Reside(ctx, id, in.Body.Country, c.actor())
		}
		if err != nil {
			return nil, err
		}
		return c.under(ctx, id)
	})
	route(s, operation{
		id: "get-laws", method: http.MethodGet, path: "/subjects/{subject}/laws", tag: "subjects", scope: api.SubjectsRead,
		summary: "Which laws hold for a subject, and the authority they can complain to",
	}, func(ctx context.Context, c call, in *Of) (*body[api.Under], error) {
		id, err := in.sub()
		if err != nil {
			return nil, err
		}
		return c.under(ctx, id)
	})
	route(s, operation{
		id: "record-measure", method: http.MethodPost, path: "/subjects/{subject}/measures", tag: "subjects", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "Record a measure taken against a subject under a rule outside the policy",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Body api.MeasureTaken
	},
	) (*struct{}, error) {
		b := in.Body
		return nothing(in.Of, func(id subject.ID) error {
			return c.Measured(ctx, id, platform.Measure{Rule: b.Rule, What: b.What, Ref: b.Ref, Note: b.Note, Ended: b.Ended, By: platform.Actor{Role: b.Role, ID: b.Staff}})
		})
	})
	route(s, operation{
		id: "list-groundless", method: http.MethodGet, path: "/subjects/{subject}/groundless", tag: "consents", scope: api.ConsentsRead,
		summary: "What rested on consents that were taken back, and on nothing else",
	}, func(ctx context.Context, c call, in *Of) (*body[api.Groundless], error) {
		return c.groundless(ctx, *in, c.Groundless)
	})
	route(s, operation{
		id: "erase-groundless", method: http.MethodDelete, path: "/subjects/{subject}/groundless", tag: "consents", scope: api.SubjectsErase, status: http.StatusOK,
		summary: "Erase what rested on consents that were taken back, and on nothing else", more: "Answers with what was erased.",
	}, func(ctx context.Context, c call, in *Of) (*body[api.Groundless], error) {
		return c.groundless(ctx, *in, func(ctx context.Context, id subject.ID) ([]*policy.Item, error) {
			return c.EraseGroundless(ctx, id, c.actor())
		})
	})
}

func decline(ctx context.Context, c call, in *struct {
	On
	Body api.Decline
},
) (*struct{}, error) {
	id := subject.ID("")
	if in.Body.Subject != "" {
		var err error
		if id, err = readSubject(in.Body.Subject); err != nil {
			return nil, err
		}
	}
	return &struct{}{}, c.Decline(ctx, id, in.Body.Surface, c.self())
}

func (c call) under(ctx context.Context, id subject.ID) (*body[api.Under], error) {
	u, err := c.Under(ctx, id)
	if err != nil {
		return nil, err
	}
	out := api.Under{Residence: u.Residence, Laws: []string{}, Authority: u.Authority.Name.In(c.Policy().Languages()[0]), AuthorityURL: u.Authority.URL}
	for _, l := range u.Laws {
		out.Laws = append(out.Laws, l.Name)
	}
	return &body[api.Under]{out}, nil
}

func (c call) groundless(ctx context.Context, in Of, fn func(context.Context, subject.ID) ([]*policy.Item, error)) (*body[api.Groundless], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	items, err := fn(ctx, id)
	if err != nil {
		return nil, err
	}
	out := api.Groundless{Items: []string{}}
	for _, it := range items {
		out.Items = append(out.Items, it.Name)
	}
	return &body[api.Groundless]{out}, nil
}
