package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (s *Server) backings() {
	route(s, operation{
		id: "list-backings", method: http.MethodGet, path: "/subjects/{subject}/backings", tag: "disclosures", scope: api.SubjectsRead,
		summary: "What stands or stood behind disclosures, oldest first",
	}, listBackings)
	route(s, operation{
		id: "record-backing", method: http.MethodPost, path: "/subjects/{subject}/backings", tag: "disclosures", scope: api.StaffAct, status: http.StatusCreated,
		summary: "Record an approval, a finding, a recipient's request or an open ticket", more: "A use that names the same reference may rest on it, until it ends.",
	}, recordBacking)
	route(s, operation{
		id: "end-backing", method: http.MethodDelete, path: "/subjects/{subject}/backings/{backing}", tag: "disclosures", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "End such a record before its time",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Backing int64 `path:"backing" doc:"Number of the record"`
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.EndBacking(ctx, id, in.Backing, c.actor()) })
	})
}

func recordBacking(ctx context.Context, c call, in *struct {
	Of
	Once
	Body api.NewBacking
},
) (*body[api.Backing], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	b := platform.Backing{
		Kind: in.Body.Kind, For: in.Body.For, Recipient: in.Body.Recipient, Case: in.Body.Case, Ref: in.Body.Ref, Items: in.Body.Items, Note: in.Body.Note,
		By: platform.Actor{Role: in.Body.Role, ID: in.Body.Staff},
	}
	if in.Body.Until != nil {
		b.Until = in.Body.Until.Truncate(time.Microsecond)
	}
	out, err := c.Back(ctx, id, b)
	if err != nil {
		return nil, err
	}
	return &body[api.Backing]{c.backing(out)}, nil
}

func listBackings(ctx context.Context, c call, in *list) (*body[api.Backings], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	all, err := c.Backings(ctx, id)
	if err != nil {
		return nil, err
	}
	all, next, err := cut(in.Paged, all, func(b disclosure.Backing) int64 { return b.ID })
	out := api.Backings{Backings: []api.Backing{}, Next: next}
	for _, b := range all {
		out.Backings = append(out.Backings, c.backing(b))
	}
	return &body[api.Backings]{out}, err
}

func (c call) backing(b disclosure.Backing) api.Backing {
	return api.Backing{
		ID: b.ID, Kind: b.Need.String(), Recipient: c.recipientName(b.Recipient), Case: b.Scenario, Ref: b.Ref, Items: c.itemNames(b.Items),
		Staff: b.By, For: b.For, At: b.At, Until: b.Until,
	}
}
