package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/publication"
)

func (s *Server) policies() {
	route(s, operation{
		id: "get-policy", method: http.MethodGet, path: "/policy", tag: "policy", scope: api.PolicyRead,
		summary: "The policy in force", more: "Its names, as uses, collections and consents take them.",
	}, getPolicy)
	route(s, operation{
		id: "list-versions", method: http.MethodGet, path: "/policy/versions", tag: "policy", scope: api.PolicyRead,
		summary: "Every version that was in force, oldest first",
	}, listVersions)
}

func getPolicy(_ context.Context, c call, _ *On) (*body[api.Policy], error) {
	p, v := c.Policy(), c.Version()
	out := api.Policy{
		Platform: p.Platform(), Title: p.Title().In("en"), Version: p.Version(), Label: p.Label(), Since: v.Since, Languages: p.Languages(),
		Items: []string{}, Purposes: []string{}, Classes: []string{}, Recipients: []string{}, Points: []string{}, Rights: []string{},
	}
	for _, i := range p.Items() {
		out.Items = append(out.Items, i.Name)
	}
	for _, u := range p.Purposes() {
		out.Purposes = append(out.Purposes, u.Name)
	}
	for _, k := range p.Classes() {
		out.Classes = append(out.Classes, k.Name)
	}
	for _, r := range p.Recipients() {
		out.Recipients = append(out.Recipients, r.Name)
	}
	for _, at := range p.Points() {
		out.Points = append(out.Points, at.Name)
	}
	for _, r := range p.Rights() {
		out.Rights = append(out.Rights, string(r.Kind))
	}
	return &body[api.Policy]{out}, nil
}

func listVersions(ctx context.Context, c call, in *struct {
	On
	Paged
},
) (*body[api.Versions], error) {
	all, err := c.Versions(ctx)
	if err != nil {
		return nil, err
	}
	all, next, err := cut(in.Paged, all, func(v publication.Past) int64 { return v.Num })
	out := api.Versions{Versions: []api.Version{}, Next: next}
	for _, v := range all {
		out.Versions = append(out.Versions, api.Version{Number: v.Num, Version: v.Version, Label: v.Label, Since: v.Since, Reasons: v.Reasons, Weight: v.Weight})
	}
	return &body[api.Versions]{out}, err
}
