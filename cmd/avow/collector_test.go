package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// A receiver is a collector of traces that speaks OTLP over HTTP.
type receiver struct {
	testing.TB
	url string

	mu    sync.Mutex
	spans []*spans.Span
	raw   bytes.Buffer
	keys  []string // what came in the header of the key
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{TB: t}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	r.url = s.URL + "/v1/traces"
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	z, err := gzip.NewReader(q.Body)
	if err != nil {
		r.Errorf("a sending is not compressed: %v", err)
		return
	}
	b, err := io.ReadAll(z)
	var in collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(b, &in) != nil {
		r.Errorf("a sending cannot be read: %v", err)
		return
	}
	r.raw.Write(b)
	r.keys = append(r.keys, q.Header.Get("Collector-Key"))
	for _, resource := range in.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			r.spans = append(r.spans, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// below returns the names of the spans below the one called name, through all
// generations.
func (r *receiver) below(name string) (out []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids [][]byte
	for _, s := range r.spans {
		if s.Name == name {
			ids = append(ids, s.SpanId)
		}
	}
	for i := 0; i < len(ids); i++ {
		for _, s := range r.spans {
			if bytes.Equal(s.ParentSpanId, ids[i]) {
				ids, out = append(ids, s.SpanId), append(out, s.Name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
