package otlp

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/internal/trace"
)

func TestACollectorIsHTTPSOrOnThisMachine(t *testing.T) {
	for endpoint, good := range map[string]bool{
		"https://collector.example.org/v1/traces": true, "http://127.0.0.1:4318/v1/traces": true, "http://localhost:4318/v1/traces": true, "http://[::1]:4318/": true,
		"http://collector.example.org/v1/traces": false, "http://10.0.0.1/": false, "http://169.254.169.254/latest": false, "ftp://a/": false, "": false, "collector:4318": false,
		"https://user:word@collector.example.org/": false, "http://localhost.example.org/": false,
	} {
		if err := Check(endpoint); (err == nil) != good {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

// A collector that answers with a redirect gets nothing sent elsewhere, and what it
// says instead is a line of the log.
func TestACollectorLeadsNowhereElse(t *testing.T) {
	var elsewhere, here atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here.Add(1)
		http.Redirect(w, r, other.URL+"/v1/traces", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", other.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", other.URL)
	t.Setenv("HTTP_PROXY", other.URL)
	var log bytes.Buffer
	e, err := Open(t.Context(), Config{Endpoint: s.URL + "/v1/traces", Share: 1, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	_, span := e.Tracer().Request(t.Context(), "1")
	span.Answered("GET", "GET /", 200)
	e.Close()
	if here.Load() == 0 || elsewhere.Load() != 0 {
		t.Errorf("%d sendings came here and %d went elsewhere", here.Load(), elsewhere.Load())
	}
	if !strings.Contains(log.String(), "traces cannot be sent") {
		t.Errorf("the log says %q", log.String())
	}
}

// Where traces are off, a span costs no memory.
func TestWithoutATracerASpanCostsNothing(t *testing.T) {
	var none *trace.Tracer
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() {
		ctx, root := none.Request(ctx, "1")
		_, span := trace.Start(ctx, "use")
		span.End()
		root.Answered("GET", "/", 200)
	}); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}
