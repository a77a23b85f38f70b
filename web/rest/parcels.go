package rest

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

// parcels adds what leaves in a parcel, what passes between two people, what a public
// register shows, and that the policy was shown.
func (s *Server) parcels() {
	route(s, operation{
		id: "show-policy", method: http.MethodPost, path: "/showings", tag: "policy", scope: api.ValuesWrite, status: http.StatusCreated,
		summary: "Say that the policy is on somebody's screen", more: "Before anything is collected. Keep the id in the app, and name it with what is collected (showing). Of who it is nothing is kept.",
	}, showPolicy)
	route(s, operation{
		id: "exchange", method: http.MethodPost, path: "/subjects/{subject}/exchanges", tag: "values", scope: api.ValuesWrite, status: http.StatusCreated,
		summary: "Store what one person says to another, for both", more: "Each one's copy leaves out who the other is.",
	}, exchange)
	route(s, operation{
		id: "publish-register", method: http.MethodPost, path: "/subjects/{subject}/registers", tag: "policy", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "Ask leave to publish in a public register", more: "Of a natural person the fields that the law lists, no fewer and no others. Publish them when this is answered, and only then.",
	}, publishRegister)
	route(s, operation{
		id: "make-parcel", method: http.MethodPost, path: "/recipients/{recipient}/parcels", tag: "recipients", scope: api.UsesWrite, status: http.StatusCreated,
		summary: "Make a parcel of people's values for a recipient", more: "Each of them is a use of its own, with its decision and entry. What the policy wants sealed or without a person leaves in no other way.",
	}, makeParcel)
	route(s, operation{
		id: "set-recipient-key", method: http.MethodPut, path: "/recipients/{recipient}/key", tag: "recipients", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "Record the key to which a recipient's parcels are sealed",
	}, func(ctx context.Context, c call, in *struct {
		RecipientOf
		Body api.RecipientKey
	},
	) (*struct{}, error) {
		return nil, c.SetRecipientKey(ctx, in.Recipient, in.Body.Key, in.Body.Document, colleague(in.Body.Staff))
	})
}

func showPolicy(ctx context.Context, c call, in *struct {
	On
	Body api.NewShowing
},
) (*body[api.Showing], error) {
	s, err := c.ShowPolicy(ctx, in.Body.Surface, in.Body.Language)
	return &body[api.Showing]{api.Showing{
		ID: string(s.ID), Version: s.Version, Policy: c.Policy().Version(), Surface: s.Surface, Language: s.Language, At: s.At.Format(time.RFC3339Nano),
	}}, err
}

func exchange(ctx context.Context, c call, in *struct {
	Of
	Once
	Body api.Exchange
},
) (*struct{}, error) {
	from, err := in.sub()
	if err != nil {
		return nil, err
	}
	to, err := readSubject(in.Body.To)
	if err != nil {
		return nil, err
	}
	b := in.Body
	refusals, err := c.Between(ctx, platform.Exchange{
		From: from, To: to, FromName: platform.NewPersonal(b.FromName), ToName: platform.NewPersonal(b.ToName),
		Point: b.Point, Item: b.Item, Value: platform.NewPersonal(b.Value), Reminded: b.Reminded, By: c.actor(),
	})
	if err == nil && len(refusals) > 0 {
		return nil, c.refused(refusals)
	}
	return &struct{}{}, err
}

func publishRegister(ctx context.Context, c call, in *struct {
	Of
	Body api.RegisterEntry
},
) (*struct{}, error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	by, err := c.staffOf(in.Body.Role, in.Body.Staff)
	if err != nil {
		return nil, err
	}
	fields := map[string]platform.Personal{}
	for name, value := range in.Body.Fields {
		fields[name] = platform.NewPersonal(value)
	}
	refusals, err := c.PublishRegister(ctx, id, in.Body.Register, fields, by)
	if err == nil && len(refusals) > 0 {
		return nil, c.refused(refusals)
	}
	return &struct{}{}, err
}

func makeParcel(ctx context.Context, c call, in *struct {
	RecipientOf
	Body api.NewParcel
},
) (*body[api.Parcel], error) {
	ref, err := reference(in.Body.Ref)
	if err != nil {
		return nil, err
	}
	h := platform.HandOver{Use: platform.Use{
		Items: in.Body.Items, Purpose: in.Body.Purpose, Recipient: in.Recipient, Case: in.Body.Case, Ref: ref, Necessity: in.Body.Necessity, By: c.actor(),
	}}
	for _, text := range in.Body.Subjects {
		id, err := readSubject(text)
		if err != nil {
			return nil, err
		}
		h.People = append(h.People, id)
	}
	made, err := c.HandOver(ctx, h)
	if err != nil {
		return nil, err
	}
	return &body[api.Parcel]{api.Parcel{
		Form: made.Form, Bytes: made.Bytes, Hash: hex.EncodeToString(made.Hash), Records: made.Records, Entry: int64(made.Entry), Denied: texts(made.Denied()),
	}}, nil
}

func texts(list []subject.ID) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = string(id)
	}
	return out
}
