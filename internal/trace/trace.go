package trace

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	otel "go.opentelemetry.io/otel/trace"
)

// scope names this program as the one that records.
const scope = "github.com/avow-dev/avow"

// A Tracer begins the spans of requests. A nil Tracer begins none.
type Tracer struct{ tracer otel.Tracer }

// New returns a tracer that hands its spans to p.
func New(p otel.TracerProvider) *Tracer { return &Tracer{p.Tracer(scope)} }

// A Span is a piece of work. The zero Span records nothing.
type Span struct{ span otel.Span }

// Request begins the span of a request; id is its random id.
func (t *Tracer) Request(ctx context.Context, id string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, s := t.tracer.Start(ctx, "request", otel.WithNewRoot(), otel.WithSpanKind(otel.SpanKindServer),
		otel.WithAttributes(attribute.String("avow.request", id)))
	return ctx, Span{s}
}

// Answered ends the span of a request. route is the pattern that was matched,
// never the path.
func (s Span) Answered(method, route string, status int) {
	if s.span == nil {
		return
	}
	if _, path, ok := strings.Cut(route, " "); ok { // patterns may begin with their method
		route = path
	}
	s.span.SetName(method + " " + route)
	s.span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.Int("http.response.status_code", status))
	if status >= 500 {
		s.span.SetStatus(codes.Error, "")
	}
	s.span.End()
}

// Start begins a span below the one of ctx, and none where ctx has none. name is a
// constant.
func Start(ctx context.Context, name string) (context.Context, Span) {
	above := otel.SpanFromContext(ctx)
	if !above.IsRecording() {
		return ctx, Span{}
	}
	ctx, s := above.TracerProvider().Tracer(scope).Start(ctx, name)
	return ctx, Span{s}
}

// End ends a span.
func (s Span) End() {
	if s.span != nil {
		s.span.End()
	}
}
