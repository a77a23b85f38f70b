package rest

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// A failure is a problem on its way out.
type failure struct{ api.Problem }

// GetStatus, with ContentType, makes huma write a failure as it is.
func (f *failure) GetStatus() int { return f.Status }

// ContentType is that of RFC 9457.
func (f *failure) ContentType(string) string { return "application/problem+json" }

func problemType() reflect.Type { return reflect.TypeFor[api.Problem]() }

// fail turns an error into a failure. The operator's error goes to the log.
func (s *Server) fail(ctx context.Context, err error) *failure {
	if f, ok := err.(*failure); ok {
		f.Instance = web.RequestID(ctx)
		return f
	}
	s.frame.Note(ctx, err)
	status := web.Status(err)
	return &failure{api.Problem{
		Type: "about:blank", Title: web.Title(status), Status: status, Detail: fault.Message(err), Code: string(fault.Of(err)),
		Instance: web.RequestID(ctx),
	}}
}

// denied is the failure of a use that the policy denies.
func (c call) denied(d policy.Decision) *failure {
	f := &failure{api.Problem{
		Type: api.TypeDenied, Title: "The policy does not allow this", Status: http.StatusForbidden, Code: string(fault.Denied),
		Detail: "every reason is listed, with the clause and the place in the policy file", Reasons: c.causes(d.Reasons), Version: d.Version,
	}}
	c.count(f.Reasons)
	return f
}

// refused is the failure of a collection that the policy refuses.
func (c call) refused(list []policy.Refusal) *failure {
	f := &failure{api.Problem{
		Type: api.TypeDenied, Title: "The policy does not let this in", Status: http.StatusUnprocessableEntity, Code: string(fault.Denied),
		Detail: "nothing was stored; every reason is listed, with its clause and place", Version: c.Policy().Version(),
	}}
	for _, r := range list {
		f.Reasons = append(f.Reasons, api.Cause{
			Code: string(r.Code), Text: r.Text, Item: r.Item, Control: string(r.Control), Clause: r.Clause, Place: r.Pos.String(),
		})
	}
	c.count(f.Reasons)
	return f
}

func (c call) count(reasons []api.Cause) {
	for _, r := range reasons {
		c.server.frame.Denied(c.ID(), r.Control)
	}
}

// causes translates reasons to the words of the interface.
func (c call) causes(list []policy.Reason) []api.Cause {
	var out []api.Cause
	for _, r := range list {
		out = append(out, api.Cause{
			Code: string(r.Code), Text: r.Text, Item: c.itemName(r.Item), Control: string(r.Control), Clause: r.Clause, Place: r.Pos.String(),
		})
	}
	return out
}

// problems turns huma's own errors, about requests that are not as described,
// into problems. What was sent is never repeated: it may be personal.
func (s *Server) problems(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := api.Problem{
		Type: "about:blank", Title: web.Title(m.Status), Status: m.Status, Detail: "the request is not as the document describes it", Code: string(fault.Invalid),
		Instance: web.RequestID(ctx.Context()),
	}
	switch {
	case m.Status == http.StatusRequestEntityTooLarge:
		p.Detail = "a request has at most 1 MB: send it in pieces"
	case m.Status >= 500:
		p.Detail, p.Code = "something went wrong inside avow; the operator's log has the cause", string(fault.Internal)
	}
	for _, e := range m.Errors {
		if e != nil && m.Status < 500 {
			p.Fields = append(p.Fields, api.Wrong{Place: place(e.Location), Text: text(e)})
		}
	}
	return &failure{p}, nil
}

// place keeps what names a field of ours: a property that we do not know may be
// anything.
func place(location string) string {
	if len(location) > 100 {
		return location[:strings.IndexAny(location+".", ".")]
	}
	return location
}

// text keeps what the schema says, and drops what a parser quotes.
func text(e *huma.ErrorDetail) string {
	for _, known := range []string{"expected", "unexpected property", "required", "missing", "unknown content type"} {
		if strings.HasPrefix(e.Message, known) {
			return e.Message
		}
	}
	return "this cannot be read: send valid JSON of the described form"
}
