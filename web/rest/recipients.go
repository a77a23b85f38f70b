package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/succession"
)

// RecipientOf is one recipient of an address.
type RecipientOf struct {
	On
	Recipient string `path:"recipient" maxLength:"100" doc:"Name of a recipient, as the policy gives it"`
}

// TransferAt is one transfer of an address.
type TransferAt struct {
	On
	Transfer string `path:"transfer" maxLength:"40" doc:"Transfer: trf_…"`
}

// What is listed stands in an object, so that more can come to it.
type (
	// Standings say how the recipients of the policy stand.
	Standings struct {
		Recipients []platform.RecipientStanding `json:"recipients"`
	}
	// RecipientInstructions are what a recipient is told to do.
	RecipientInstructions struct {
		Text   string `json:"text"`
		SHA256 []byte `json:"sha256" doc:"Of the text in the policy's first language"`
	}
	// LinkRegister is the register of addresses outside.
	LinkRegister struct {
		Links []platform.RegisteredLink `json:"links"`
	}
	// LinkCalls are what came of calling addresses outside.
	LinkCalls struct {
		Links []platform.LinkState `json:"links"`
	}
	// Transfers are the transfers of the business.
	Transfers struct {
		Transfers []platform.TransferStanding `json:"transfers"`
	}
)

func (s *Server) recipients() {
	route(s, operation{
		id: "list-recipients", method: http.MethodGet, path: "/recipients", tag: "recipients", scope: api.LedgerRead,
		summary: "How each recipient stands", more: "What lets data go to it, what stands against it, and whether the address of its own policy answers.",
	}, func(ctx context.Context, c call, _ *On) (*body[Standings], error) {
		list, err := c.Recipients(ctx)
		return &body[Standings]{Standings{list}}, err
	})
	route(s, operation{
		id: "record-finding", method: http.MethodPost, path: "/recipients/{recipient}/findings", tag: "recipients", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "Record what was found out about a recipient", more: "What failed stops everything that goes to it at once; an audit that passed lets it go on.",
	}, func(ctx context.Context, c call, in *struct {
		RecipientOf
		Body api.NewFinding
	},
	) (*struct{}, error) {
		f := platform.Finding{
			Recipient: in.Recipient, Kind: recipient.Kind(in.Body.Kind), Passed: in.Body.Passed, Document: in.Body.Document,
			Remedy: recipient.Remedy(in.Body.Remedy), Until: in.Body.Until,
		}
		return nil, c.Judge(ctx, f, colleague(in.Body.Staff))
	})
	route(s, operation{
		id: "get-instructions", method: http.MethodGet, path: "/recipients/{recipient}/instructions", tag: "recipients", scope: api.PolicyRead,
		summary: "What a recipient is told to do with the data it gets",
	}, func(_ context.Context, c call, in *RecipientOf) (*body[RecipientInstructions], error) {
		text, hash, err := c.Instructions(in.Recipient, c.Policy().Languages()[0])
		return &body[RecipientInstructions]{RecipientInstructions{text, hash}}, err
	})
	route(s, operation{
		id: "accept-instructions", method: http.MethodPost, path: "/recipients/{recipient}/acceptances", tag: "recipients", scope: api.StaffAct, status: http.StatusNoContent,
		summary: "Record that a recipient accepted the instructions of the version in force",
	}, func(ctx context.Context, c call, in *struct {
		RecipientOf
		Body api.NewAcceptance
	},
	) (*struct{}, error) {
		return nil, c.AcceptInstructions(ctx, in.Recipient, in.Body.Document, colleague(in.Body.Staff))
	})
	s.links()
	s.transfers()
}

// colleague is a member of the staff in whose name a program acts.
func colleague(id string) gate.Actor { return gate.Actor{Role: policy.Service, ID: id} }

func (s *Server) links() {
	route(s, operation{
		id: "list-links", method: http.MethodGet, path: "/links", tag: "recipients", scope: api.PolicyRead,
		summary: "The register of addresses outside that people are led to", more: "With what each of them gets. A page leads to /{platform}/leave?to=NUMBER.",
	}, func(ctx context.Context, c call, _ *On) (*body[LinkRegister], error) {
		list, err := c.RegisterOfLinks(ctx)
		return &body[LinkRegister]{LinkRegister{list}}, err
	})
	route(s, operation{
		id: "add-link", method: http.MethodPost, path: "/links", tag: "recipients", scope: api.StaffAct, status: http.StatusCreated,
		summary: "Put an address on the register",
	}, func(ctx context.Context, c call, in *struct {
		On
		Body api.NewLink
	},
	) (*body[link.Link], error) {
		l, err := c.AddLink(ctx, link.Link{Under: in.Body.Under, Title: in.Body.Title, URL: in.Body.URL, Terms: in.Body.Terms}, colleague(in.Body.Staff))
		return &body[link.Link]{l}, err
	})
	route(s, operation{
		id: "list-calls", method: http.MethodGet, path: "/links/calls", tag: "recipients", scope: api.PolicyRead,
		summary: "Whether the addresses of others' policies answer", more: "Those of recipients, and of the sites on the register.",
	}, func(ctx context.Context, c call, _ *On) (*body[LinkCalls], error) {
		list, err := c.LinkStates(ctx)
		return &body[LinkCalls]{LinkCalls{list}}, err
	})
}

func (s *Server) transfers() {
	route(s, operation{
		id: "list-transfers", method: http.MethodGet, path: "/transfers", tag: "recipients", scope: api.LedgerRead,
		summary: "Transfers of the business, and how each stands",
	}, func(ctx context.Context, c call, _ *On) (*body[Transfers], error) {
		list, err := c.Transfers(ctx)
		return &body[Transfers]{Transfers{list}}, err
	})
	route(s, operation{
		id: "object-to-transfer", method: http.MethodPost, path: "/transfers/{transfer}/objections", tag: "recipients", scope: api.RequestsWrite, status: http.StatusNoContent,
		summary: "Say that a person does not want to go along", more: "Their data stays, whatever else moves.",
	}, func(ctx context.Context, c call, in *struct {
		TransferAt
		Body api.NewTransferObjection
	},
	) (*struct{}, error) {
		id, err := succession.ParseID(in.Transfer)
		if err != nil {
			return nil, err
		}
		sub, err := readSubject(in.Body.Subject)
		if err != nil {
			return nil, err
		}
		return nil, c.ObjectTransfer(ctx, id, sub, "api", c.self())
	})
}
