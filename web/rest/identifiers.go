package rest

import (
	"context"
	"net/http"
	"slices"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (s *Server) identifiers() {
	route(s, operation{
		id: "find-subjects", method: http.MethodPost, path: "/identifiers/lookup", tag: "identifiers", scope: api.SubjectsRead,
		summary: "Find subjects by an identifier", more: "The identifier travels in the body, since it is personal.",
	}, func(ctx context.Context, c call, in *struct {
		On
		Body api.Identifier
	},
	) (*body[api.Found], error) {
		found, err := c.Find(ctx, in.Body.Kind, platform.NewPersonal(in.Body.Value))
		out := api.Found{Subjects: []string{}}
		for _, id := range found {
			out.Subjects = append(out.Subjects, string(id))
		}
		return &body[api.Found]{out}, err
	})
	route(s, operation{
		id: "get-identifiers", method: http.MethodGet, path: "/subjects/{subject}/identifiers", tag: "identifiers", scope: api.SubjectsRead,
		summary: "Kinds of identifier on record",
	}, func(ctx context.Context, c call, in *Of) (*body[api.Kinds], error) {
		id, err := in.sub()
		if err != nil {
			return nil, err
		}
		list, err := kinds(ctx, c, id)
		return &body[api.Kinds]{api.Kinds{Kinds: list}}, err
	})
	route(s, operation{
		id: "bar-identifier", method: http.MethodPost, path: "/identifiers/bars", tag: "identifiers", scope: api.IdentifiersBar, status: http.StatusNoContent,
		summary: "Bar an identifier", more: "It outlives the erasure of the subject, known by a keyed digest only.",
	}, func(ctx context.Context, c call, in *struct {
		On
		Body api.Bar
	},
	) (*struct{}, error) {
		b := in.Body
		return &struct{}{}, c.Suppress(ctx, b.Kind, platform.NewPersonal(b.Value), subject.Scope(b.Scope), b.Ground)
	})
}

// kinds lists the kinds of identifier of a subject, each once.
func kinds(ctx context.Context, c call, id subject.ID) ([]string, error) {
	list, err := c.Identifiers(ctx, id)
	out := []string{}
	for _, i := range list {
		out = append(out, i.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out), err
}
