package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// base is where a platform's routes begin.
const base = "/v1/platforms/{platform}"

// An operation is one route.
type operation struct {
	id, method, path, tag, scope, summary, more string
	status                                      int // 0: 200, or 204 without a body
}

// A call is a request with leave: its platform and its key.
type call struct {
	*platform.Platform
	server *Server
	key    staff.Key
	out    huma.Context
}

type callKey struct{}

// The parts that inputs are made of. They are exported because huma passes over
// what is not.
type (
	// On is the platform of an address.
	On struct {
		Name string `path:"platform" doc:"Platform" maxLength:"41"`
	}
	// Of is a subject of it.
	Of struct {
		On
		Subject string `path:"subject" doc:"Subject: sub_…" maxLength:"40"`
	}
	// Once is a key under which work is done once.
	Once struct {
		Key string `header:"Idempotency-Key" maxLength:"128" doc:"Send the same key again when no answer came: the work is done once, and the answer kept for a day"`
	}
	// Paged is the place in a list.
	Paged struct {
		After string `query:"after" maxLength:"100" doc:"next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	keyed interface{ idempotencyKey() string }
)

func (o Once) idempotencyKey() string { return o.Key }

// body is an answer.
type body[T any] struct{ Body T }

// sub reads the subject of an address.
func (o Of) sub() (subject.ID, error) { return readSubject(o.Subject) }

func readSubject(s string) (subject.ID, error) {
	id, err := subject.ParseID(s)
	if err != nil {
		return "", fault.Wrap(fault.NotFound, err, "there is no such subject: an id has the form sub_ and 26 letters and digits")
	}
	return id, nil
}

// route adds an operation. fn's errors become problems.
func route[I, O any](s *Server, o operation, fn func(context.Context, call, *I) (*O, error)) {
	h := huma.Operation{
		OperationID: o.id, Method: o.method, Path: base + o.path, Summary: o.summary, Description: o.more, Tags: []string{o.tag},
		DefaultStatus: o.status, MaxBodyBytes: web.MaxBody, Security: []map[string][]string{{"key": {o.scope}}},
		Responses: map[string]*huma.Response{"default": s.problemResponse()},
	}
	do := func(ctx context.Context, c call, in *I) (*O, error) {
		if id := c.out.Param("subject"); id != "" && !c.may(o.id, id) {
			return nil, c.tooFast(ctx)
		}
		out, err := doOnce(ctx, c, o.id, in, fn)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return out, nil
	}
	huma.Register(s.api, h, func(ctx context.Context, in *I) (*O, error) {
		c, _ := ctx.Value(callKey{}).(call)
		return do(ctx, c, in)
	})
	s.quick[o.id] = quickly(s, h, do)
}

// doOnce calls fn, under the idempotency key where one was sent.
func doOnce[I, O any](ctx context.Context, c call, id string, in *I, fn func(context.Context, call, *I) (*O, error)) (*O, error) {
	k, ok := any(in).(keyed)
	if !ok || k.idempotencyKey() == "" {
		return fn(ctx, c, in)
	}
	asked, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("rest once: %w", err)
	}
	var out *O
	answer, replayed, err := c.Once(ctx, string(c.key.ID), k.idempotencyKey(), id+"\n"+string(asked), func() ([]byte, error) {
		var err error
		if out, err = fn(ctx, c, in); err != nil {
			return nil, c.asFault(err)
		}
		return json.Marshal(out)
	})
	if err != nil {
		if f, ok := err.(*fault.Error); ok {
			if inner, ok := f.Err.(*failure); ok {
				return nil, inner
			}
		}
		return nil, err
	}
	if replayed {
		c.out.SetHeader("Idempotent-Replayed", "true")
		out = new(O)
		if err := json.Unmarshal(answer, out); err != nil {
			return nil, fmt.Errorf("rest once: %w", err)
		}
	}
	return out, nil
}

// asFault gives a refusal of the policy the kind that sets an idempotency key
// free: nothing was done.
func (c call) asFault(err error) error {
	if f, ok := err.(*failure); ok {
		return &fault.Error{Kind: fault.Denied, Message: f.Title, Err: f}
	}
	return err
}

// authorize lets a request through that comes with a good key of the platform
// that has the operation's scope.
func (s *Server) authorize(ctx huma.Context, next func(huma.Context)) {
	r, w := request(ctx)
	name := ctx.Param("platform")
	token, sent := bearer(ctx.Header("Authorization"))
	key, err := s.check(ctx.Context(), r, name, token)
	switch {
	case fault.Of(err) == fault.Busy:
		s.frame.TooFast(w, r)
	case err != nil && fault.Of(err) != fault.Denied:
		s.write(ctx, s.fail(ctx.Context(), err))
	case err != nil:
		challenge := `Bearer realm="avow"`
		if sent {
			challenge += `, error="invalid_token"`
		}
		ctx.SetHeader("WWW-Authenticate", challenge)
		s.write(ctx, stop(http.StatusUnauthorized, "unauthorized", "send a key of this platform that is good now: Authorization: Bearer avow_…"))
	case !key.May(scopeOf(ctx.Operation())):
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="avow", error="insufficient_scope", scope="`+scopeOf(ctx.Operation())+`"`)
		s.write(ctx, stop(http.StatusForbidden, "scope", "this key does not have the scope "+scopeOf(ctx.Operation())))
	case !s.frame.Limit("key "+string(key.ID), s.config.PerKey):
		s.frame.TooFast(w, r)
	default:
		ctx.SetHeader("Cache-Control", "no-store")
		c := call{s.platforms[name], s, key, ctx}
		if q := s.quick[ctx.Operation().OperationID]; q == nil || !q(c, w, r) {
			next(huma.WithValue(ctx, callKey{}, c))
		}
	}
}

// bearer returns the token of an Authorization header; sent is false for any other
// scheme, and for none (RFC 9110 11.1: the scheme's case does not matter).
func bearer(header string) (token string, sent bool) {
	const scheme = "Bearer "
	if len(header) < len(scheme) || !strings.EqualFold(header[:len(scheme)], scheme) {
		return "", false
	}
	return header[len(scheme):], true
}

// check returns the key of a token. Whoever comes with bad ones too often is told
// to wait, before anything is looked up: fault.Busy.
func (s *Server) check(ctx context.Context, r *http.Request, name, token string) (staff.Key, error) {
	p := s.platforms[name]
	if p == nil || !s.frame.Serves(r, name) {
		name = "-" // no key is of it
	}
	key, err := s.config.Staff.CheckKey(ctx, name, platform.NewPersonal(token))
	if fault.Of(err) == fault.Denied && !s.frame.Limit("stranger "+s.frame.Client(r), s.config.PerStranger) {
		return staff.Key{}, fault.New(fault.Busy, "too many keys that are not good")
	}
	return key, err
}

func scopeOf(o *huma.Operation) string { return o.Security[0]["key"][0] }

// may limits what is done to one subject on one route.
func (c call) may(route, id string) bool {
	return c.server.frame.Limit("subject "+route+" "+c.ID()+" "+id, c.server.config.PerSubject)
}

func (c call) tooFast(ctx context.Context) error {
	c.out.SetHeader("Retry-After", "1")
	f := stop(http.StatusTooManyRequests, string(fault.Busy), "this was done to one subject too often: wait a little")
	f.Instance = web.RequestID(ctx)
	return f
}

func stop(status int, code, detail string) *failure {
	f := &failure{}
	f.Type, f.Title, f.Status, f.Code, f.Detail = "about:blank", web.Title(status), status, code, detail
	return f
}

// actor is who acts: the controller's own program, by its key.
func (c call) actor() platform.Actor { return platform.Actor{ID: string(c.key.ID)} }

// self is the person, whose act the program passes on.
func (c call) self() platform.Actor { return platform.Actor{Role: "self", ID: string(c.key.ID)} }

func (c call) itemName(n policy.ItemNo) string {
	if i := c.Policy().ItemBy(n); i != nil {
		return i.Name
	}
	return ""
}
