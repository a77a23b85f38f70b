package avow

import (
	"context"
	"log/slog"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/internal/trace/otlp"
)

// tracer returns what begins the spans of requests: nil where the configuration
// names no collector.
func (s *Server) tracer() (*trace.Tracer, error) {
	c := s.config.Traces
	if c == nil {
		return nil, nil
	}
	if s.traces != nil {
		return s.traces.Tracer(), nil
	}
	text, err := s.config.secret("", c.HeadersFile)
	if err != nil {
		return nil, err
	}
	o := otlp.Config{Endpoint: c.Endpoint, Headers: headers(text), Share: c.share(), Logger: s.options.Logger}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if s.traces, err = otlp.Open(context.Background(), o); err != nil {
		return nil, err
	}
	return s.traces.Tracer(), nil
}

func (t *Traces) share() float64 {
	if t.Share == nil {
		return 1
	}
	return *t.Share
}

// wrong says what is wrong with the part about traces; "" when nothing is.
func (t *Traces) wrong() string {
	if t == nil {
		return ""
	}
	if s := t.share(); !(s > 0 && s <= 1) {
		return "traces: share: write how many requests of all are recorded, above 0 and up to 1, such as 0.1"
	}
	if err := otlp.Check(t.Endpoint); err != nil {
		return fault.Message(err)
	}
	return ""
}

// headers reads lines of name: value.
func headers(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return out
}
