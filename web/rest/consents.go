package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func (s *Server) consents() {
	route(s, operation{
		id: "list-consents", method: http.MethodGet, path: "/subjects/{subject}/consents", tag: "consents", scope: api.ConsentsRead,
		summary: "Everything a person said, oldest first",
	}, listConsents)
	route(s, operation{
		id: "choose", method: http.MethodPost, path: "/subjects/{subject}/consents", tag: "consents", scope: api.ConsentsWrite, status: http.StatusNoContent,
		summary: "Record what a person says", more: "When a withdrawal or an objection is answered, no use that it forbids is granted any more.",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Once
		Body api.Choice
	},
	) (*struct{}, error) {
		b := in.Body
		return nothing(in.Of, func(id subject.ID) error {
			return c.Choose(ctx, id, platform.Choice{
				Kind: consent.Kind(b.Kind), Purpose: b.Purpose, Recipient: b.Recipient, Given: b.Given, Explicit: b.Explicit, Channel: b.Channel, By: c.self(),
			})
		})
	})
	route(s, operation{
		id: "list-disclosures", method: http.MethodGet, path: "/subjects/{subject}/disclosures", tag: "disclosures", scope: api.SubjectsRead,
		summary: "What went to whom, oldest first",
	}, listDisclosures)
}

// list is a page about a subject.
type list struct {
	Of
	Paged
}

func listConsents(ctx context.Context, c call, in *list) (*body[api.Consents], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	all, err := c.Choices(ctx, id)
	if err != nil {
		return nil, err
	}
	all, next, err := cut(in.Paged, all, func(r consent.Record) int64 { return r.ID })
	out := api.Consents{Consents: []api.Consent{}, Next: next}
	for _, r := range all {
		out.Consents = append(out.Consents, api.Consent{
			ID: r.ID, Kind: string(r.Kind), Purpose: c.purposeName(r.Purpose), Recipient: c.recipientName(r.Recipient), Given: r.Given,
			Explicit: r.Explicit, Policy: r.Policy, Channel: r.Channel, At: r.At, Until: when(r.Until),
		})
	}
	return &body[api.Consents]{out}, err
}

func (c call) purposeName(n policy.PurposeNo) string {
	if p := c.Policy().PurposeBy(n); p != nil {
		return p.Name
	}
	return ""
}

func (c call) recipientName(n policy.RecipientNo) string {
	if r := c.Policy().RecipientBy(n); r != nil {
		return r.Name
	}
	return ""
}

func listDisclosures(ctx context.Context, c call, in *list) (*body[api.Disclosures], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	all, err := c.Disclosures(ctx, id)
	if err != nil {
		return nil, err
	}
	all, next, err := cut(in.Paged, all, func(d disclosure.Disclosure) int64 { return d.ID })
	out := api.Disclosures{Disclosures: []api.Disclosure{}, Next: next}
	for _, d := range all {
		out.Disclosures = append(out.Disclosures, api.Disclosure{
			ID: d.ID, Recipient: c.recipientName(d.Recipient), Purpose: c.purposeName(d.Purpose), Items: c.itemNames(d.Items),
			Scenario: d.Scenario, At: d.At, Entry: d.Entry,
		})
	}
	return &body[api.Disclosures]{out}, err
}
