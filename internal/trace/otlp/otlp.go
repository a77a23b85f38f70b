package otlp

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/trace"
)

// waiting is how long one sending may take, and how long the end of a server waits
// for the last.
const waiting = 5 * time.Second

// Config says where spans go.
type Config struct {
	// Endpoint is the collector's address for traces, with its path, such as
	// https://collector.example.org/v1/traces; http only on this machine.
	Endpoint string

	// Headers go with every sending: the collector's key.
	Headers map[string]string

	// Share of requests that are recorded, above 0 and up to 1.
	Share float64

	Logger *slog.Logger // takes what goes wrong
}

// An Exporter sends spans in the background.
type Exporter struct{ provider *sdk.TracerProvider }

// Check says what is wrong with an endpoint; nil when nothing is.
func Check(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return fault.New(fault.Invalid, "traces: endpoint: write the collector's address, such as https://collector.example.org/v1/traces")
	}
	if u.Scheme == "http" && !local(u.Hostname()) {
		return fault.New(fault.Invalid, "traces: endpoint: use https: http is for a collector on this machine")
	}
	return nil
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Open returns an exporter. It connects with the first span.
func Open(ctx context.Context, c Config) (*Exporter, error) {
	if err := Check(c.Endpoint); err != nil {
		return nil, err
	}
	client := &http.Client{
		Timeout:       waiting,
		Transport:     &http.Transport{TLSHandshakeTimeout: waiting, MaxIdleConns: 1, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	e, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(c.Endpoint), otlptracehttp.WithHTTPClient(client),
		otlptracehttp.WithHeaders(c.Headers), otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "traces: the exporter cannot be made")
	}
	// The library's own complaints; they name the collector at most.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		c.Logger.Warn("traces cannot be sent", "cause", cause(err))
	}))
	return &Exporter{sdk.NewTracerProvider(sdk.WithBatcher(e, sdk.WithExportTimeout(waiting)),
		sdk.WithSampler(sdk.TraceIDRatioBased(c.Share)),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "avow"))))}, nil
}

// cause keeps the first line of what went wrong.
func cause(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line[:min(len(line), 300)]
}

// Tracer returns what begins spans.
func (e *Exporter) Tracer() *trace.Tracer { return trace.New(e.provider) }

// Close sends what is left, for a few seconds at most. A collector that is away
// keeps no server from ending.
func (e *Exporter) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), waiting)
	defer cancel()
	e.provider.Shutdown(ctx) // the error handler has said it
}
