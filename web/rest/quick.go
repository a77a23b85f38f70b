package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avow-dev/avow/internal/db"
)

// A quick answers a request that is written as programs write one, without the
// detours of huma, which parses every body twice: into maps to be checked, then into
// its type. It reports false, having done nothing, for a request that it is not sure
// of; huma then reads it, and has the problems. The answers are the same to the byte.
type quick func(c call, w http.ResponseWriter, r *http.Request) bool

const (
	quickBody   = 16 << 10        // the largest body that is read so, in bytes
	bodyTimeout = 5 * time.Second // huma's own for reading a body
)

// placed is an input that takes what stands in the path, where it is as described.
type placed interface{ place(*http.Request) bool }

func (o *On) place(r *http.Request) bool {
	o.Name = r.PathValue("platform")
	return o.Name != "" && len(o.Name) <= 41
}

func (o *Of) place(r *http.Request) bool {
	o.Subject = r.PathValue("subject")
	return o.On.place(r) && o.Subject != "" && len(o.Subject) <= 40
}

// quickly returns the quick of an operation, nil where its input has anything but a
// path, an idempotency key and a body that a shape describes.
func quickly[I, O any](s *Server, h huma.Operation, do func(context.Context, call, *I) (*O, error)) quick {
	in, out := reflect.TypeFor[I](), reflect.TypeFor[O]()
	body, ok := in.FieldByName("Body")
	if _, fits := any(new(I)).(placed); !ok || !fits || len(body.Index) != 1 {
		return nil
	}
	for i := range in.NumField() {
		switch in.Field(i).Type {
		case body.Type, reflect.TypeFor[On](), reflect.TypeFor[Of](), reflect.TypeFor[Once]():
		default:
			return nil
		}
	}
	_, answers := out.FieldByName("Body")
	if out.NumField() > 1 || out.NumField() == 1 && !answers {
		return nil
	}
	o := s.registered(h)
	form := shapeOf(s.api.OpenAPI().Components.Schemas, o.RequestBody.Content["application/json"].Schema, body.Type, 1)
	if form == nil {
		return nil
	}
	return func(c call, w http.ResponseWriter, r *http.Request) bool {
		var in I
		if !any(&in).(placed).place(r) || !c.scan(r, form, reflect.ValueOf(&in).Elem().Field(body.Index[0])) {
			return false
		}
		out, err := do(r.Context(), c, &in)
		switch {
		case err != nil:
			f := s.fail(r.Context(), err)
			s.send(w, f.Status, f.ContentType(""), f)
		case answers:
			s.send(w, o.DefaultStatus, "application/json", reflect.ValueOf(out).Elem().Field(0).Interface())
		default:
			w.WriteHeader(o.DefaultStatus)
		}
		return true
	}
}

// registered returns an operation as huma has it.
func (s *Server) registered(h huma.Operation) *huma.Operation {
	p := s.api.OpenAPI().Paths[h.Path]
	for _, o := range []*huma.Operation{p.Post, p.Put, p.Patch, p.Get, p.Delete} {
		if o != nil && o.Method == h.Method {
			return o
		}
	}
	panic("rest: " + h.OperationID + " is not registered")
}

// scan reads the body of a plain request. Where it reports false, the body can be
// read again.
func (c call) scan(r *http.Request, form *shape, to reflect.Value) bool {
	if r.URL.RawQuery != "" || r.ContentLength <= 0 || r.ContentLength > quickBody || !plain(r.Header) {
		return false
	}
	c.out.SetReadDeadline(db.Wall().Add(bodyTimeout)) // as huma does: where none can be set, there is none
	b, _ := c.server.bodies.Get().(*[quickBody]byte)
	if b == nil {
		b = new([quickBody]byte)
	}
	n, err := io.ReadFull(r.Body, b[:r.ContentLength])
	if err == nil && form.scan(b[:n], to) {
		clear(b[:n]) // it may be personal
		c.server.bodies.Put(b)
		return true
	}
	r.Body = again{io.MultiReader(bytes.NewReader(b[:n]), r.Body), r.Body}
	return false
}

// again is a body of which a part was read already.
type again struct {
	io.Reader
	io.Closer
}

// plain reports whether headers ask for nothing but JSON for JSON, once.
func plain(h http.Header) bool {
	if len(h["Content-Type"]) > 1 || len(h["Accept"]) > 1 || len(h["Idempotency-Key"]) > 0 {
		return false
	}
	sent, wanted := h.Get("Content-Type"), h.Get("Accept")
	return (sent == "" || sent == "application/json" || sent == "application/json; charset=utf-8") &&
		(wanted == "" || wanted == "*/*" || wanted == "application/json")
}

// send writes an answer as huma does.
func (s *Server) send(w http.ResponseWriter, status int, kind string, v any) {
	b, _ := s.answers.Get().(*bytes.Buffer)
	if b == nil {
		b = new(bytes.Buffer)
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // our own types can be written
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	w.Write(b.Bytes()) // a caller who has gone cannot be answered
	if b.Cap() <= quickBody {
		clear(b.Bytes())
		b.Reset()
		s.answers.Put(b)
	}
}
