package rest

import (
	"context"
	"net/http"
	"slices"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

// CaseOf is one case of an address.
type CaseOf struct {
	On
	Case string `path:"case" doc:"Case: case_…" maxLength:"40"`
}

// A Contact is a way to reach the controller.
type Contact struct {
	Channel string `json:"channel"`
	Address string `json:"address,omitempty"`
}

// Contacts are the ways to ask, and where to complain.
type Contacts struct {
	Contacts     []Contact `json:"contacts"`
	Authority    string    `json:"authority,omitempty"`
	AuthorityURL string    `json:"authority_url,omitempty"`
}

// A NewCase is what somebody says.
type NewCase struct {
	Kind     string `json:"kind" enum:"question,comment,opinion,suggestion,complaint,leak,child" doc:"A leak opens an incident"`
	About    string `json:"about" enum:"policy,data,account,other"`
	Channel  string `json:"channel" maxLength:"40" doc:"As the policy calls it: GET contacts lists them"`
	Text     string `json:"text" maxLength:"8000" doc:"The whole story"`
	Contact  string `json:"contact,omitempty" maxLength:"254" doc:"Where the answer goes"`
	Language string `json:"language,omitempty" maxLength:"35"`
	Subject  string `json:"subject,omitempty" maxLength:"40" doc:"Who it is, where that was proved"`
}

// A CaseText is something written in a case.
type CaseText struct {
	Text string `json:"text" maxLength:"8000"`
}

// A CaseAnswer is what one of the staff answers.
type CaseAnswer struct {
	CaseText
	api.StaffActs
}

// A CaseCode says why, or how, and which of the staff says so.
type CaseCode struct {
	Code string `json:"code" maxLength:"40"`
	api.StaffActs
}

// Cases is a page of cases.
type Cases struct {
	Cases []platform.CaseSummary `json:"cases"`
	Next  string                 `json:"next,omitempty"`
}

func (s *Server) cases() {
	route(s, operation{
		id: "list-contacts", method: http.MethodGet, path: "/contacts", tag: "cases", scope: api.PolicyRead,
		summary: "How people can reach the controller, and where they can complain",
	}, listContacts)
	route(s, operation{
		id: "list-cases", method: http.MethodGet, path: "/cases", tag: "cases", scope: api.RequestsRead,
		summary: "Cases, oldest first",
	}, listCases)
	route(s, operation{
		id: "open-case", method: http.MethodPost, path: "/cases", tag: "cases", scope: api.RequestsWrite, status: http.StatusCreated,
		summary: "Take down what somebody says", more: "Its clock starts, and an acknowledgement goes to the contact.",
	}, openCase)
	route(s, operation{
		id: "get-case", method: http.MethodGet, path: "/cases/{case}", tag: "cases", scope: api.RequestsRead,
		summary: "A case with what was written", more: "Reading it leaves an entry that its person sees.",
	}, func(ctx context.Context, c call, in *CaseOf) (*body[platform.CaseFile], error) {
		return c.caseFile(ctx, *in)
	})
	caseStep(s, "reply-case", "reply", api.StaffAct, "Answer", func(ctx context.Context, c call, id contact.ID, in CaseAnswer) error {
		by, err := c.staffOf(in.Role, in.Staff)
		if err == nil {
			_, err = c.ReplyCase(ctx, id, platform.NewPersonal(in.Text), by)
		}
		return err
	})
	caseStep(s, "delay-case", "delay", api.StaffAct, "Say in time that the answer takes longer, and why", func(ctx context.Context, c call, id contact.ID, in CaseCode) error {
		by, err := c.staffOf(in.Role, in.Staff)
		if err == nil {
			_, err = c.DelayCase(ctx, id, in.Code, by)
		}
		return err
	})
	caseStep(s, "escalate-case", "escalate", api.RequestsWrite, "The answer does not satisfy", func(ctx context.Context, c call, id contact.ID, in CaseText) error {
		_, err := c.EscalateCase(ctx, id, platform.NewPersonal(in.Text), c.person())
		return err
	})
	caseStep(s, "close-case", "close", api.StaffAct, "End a case", func(ctx context.Context, c call, id contact.ID, in CaseCode) error {
		by, err := c.staffOf(in.Role, in.Staff)
		if err == nil {
			_, err = c.CloseCase(ctx, id, in.Code, by)
		}
		return err
	})
}

// caseStep adds an operation on one case.
func caseStep[B any](s *Server, id, path, scope, summary string, fn func(context.Context, call, contact.ID, B) error) {
	route(s, operation{
		id: id, method: http.MethodPost, path: "/cases/{case}/" + path, tag: "cases", scope: scope,
		summary: summary, more: "Answers with the case as it then stands.",
	}, func(ctx context.Context, c call, in *struct {
		CaseOf
		Body B
	},
	) (*body[platform.CaseFile], error) {
		want, err := contact.ParseID(in.Case)
		if err == nil {
			err = fn(ctx, c, want, in.Body)
		}
		if err != nil {
			return nil, err
		}
		return c.caseFile(ctx, in.CaseOf)
	})
}

func (c call) caseFile(ctx context.Context, in CaseOf) (*body[platform.CaseFile], error) {
	id, err := contact.ParseID(in.Case)
	if err != nil {
		return nil, err
	}
	f, err := c.CaseFile(ctx, id, c.service())
	if err != nil {
		return nil, err
	}
	return &body[platform.CaseFile]{*f}, nil
}

func listContacts(_ context.Context, c call, _ *On) (*body[Contacts], error) {
	ctl := c.Policy().Controller()
	lang := c.Policy().Languages()[0]
	out := Contacts{Contacts: []Contact{}, Authority: ctl.Authority.In(lang), AuthorityURL: ctl.AuthorityURL}
	for _, name := range contact.Channels(c.Policy()) {
		out.Contacts = append(out.Contacts, Contact{name, ctl.Contacts[name]})
	}
	return &body[Contacts]{out}, nil
}

func listCases(ctx context.Context, c call, in *struct {
	On
	Paged
	State   string `query:"state" enum:"open,answered,closed,"`
	Subject string `query:"subject" maxLength:"40"`
},
) (*body[Cases], error) {
	f := platform.CaseFilter{State: contact.State(in.State), After: contact.ID(in.After), Limit: in.limit() + 1}
	if in.Subject != "" {
		var err error
		if f.Subject, err = readSubject(in.Subject); err != nil {
			return nil, err
		}
	}
	found, err := c.Cases(ctx, f)
	if err != nil {
		return nil, err
	}
	out := Cases{Cases: found}
	if len(found) > in.limit() {
		out.Cases = slices.Clone(found[:in.limit()])
		out.Next = string(found[in.limit()-1].ID)
	}
	return &body[Cases]{out}, nil
}

func openCase(ctx context.Context, c call, in *struct {
	On
	Once
	Body NewCase
},
) (*body[platform.CaseFile], error) {
	b := in.Body
	var who subject.ID
	if b.Subject != "" {
		var err error
		if who, err = readSubject(b.Subject); err != nil {
			return nil, err
		}
	}
	by := c.person()
	opened, err := c.OpenCase(ctx, who, contact.Asked{
		Kind: contact.Kind(b.Kind), Topic: contact.Topic(b.About), Channel: b.Channel, Language: b.Language,
		Text: platform.NewPersonal(b.Text), Contact: platform.NewPersonal(b.Contact),
	}, by)
	if err != nil {
		return nil, err
	}
	return c.caseFile(ctx, CaseOf{On: in.On, Case: string(opened.ID)})
}
