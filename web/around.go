package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

type requestKey struct{}

// RequestID returns the id of the request that a context belongs to, "" outside
// of one. It is random and says nothing about anybody.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// A watched is a ResponseWriter that remembers its status.
type watched struct {
	http.ResponseWriter
	status int
	size   int64
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.size += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is below.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logged gives each request an id, times it, and logs its route: never its path,
// query, body or address, which are personal data or lead to it.
func (f *Frame) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("Request-Id", id)
		ctx, span := f.config.Trace.Request(context.WithValue(r.Context(), requestKey{}, id), id)
		r = r.WithContext(ctx)
		out := &watched{ResponseWriter: w}
		f.metrics.open.Inc()
		defer f.metrics.open.Dec()
		timer := prometheus.NewTimer(prometheus.ObserverFunc(func(float64) {}))
		next.ServeHTTP(out, r)
		took := timer.ObserveDuration()
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		span.Answered(method(r.Method), route, out.status)
		f.metrics.observe(r, route, out.status).Observe(took.Seconds())
		f.line(r.Context(), slog.String("request", id), slog.String("method", method(r.Method)),
			slog.String("route", route), slog.Int("status", out.status), slog.Int64("bytes", out.size), slog.Duration("took", took))
	})
}

// line logs a request. Where in the program that was is not looked up: it is always
// here.
func (f *Frame) line(ctx context.Context, attrs ...slog.Attr) {
	if !f.log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(db.Wall(), slog.LevelInfo, "request", 0)
	line.AddAttrs(attrs...)
	f.log.Handler().Handle(ctx, line) // a log that cannot be written keeps nobody from their answer
}

// guarded turns a panic into a problem. Its text may hold anything, so only the
// type and the stack are logged.
func (f *Frame) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); {
			case cause == nil:
			case cause == http.ErrAbortHandler:
				panic(cause)
			default:
				f.log.ErrorContext(r.Context(), "a handler panicked", "request", RequestID(r.Context()), "stack", string(debug.Stack()))
				if out, ok := w.(*watched); !ok || out.status == 0 {
					f.problem(w, r, http.StatusInternalServerError, string(fault.Internal), fault.Message(errNoPage))
				}
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// bodyLimit refuses a body that says it is too large, and cuts off one that lies.
func bodyLimit(f *Frame, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > MaxBody {
			w.Header().Set("Connection", "close")
			f.problem(w, r, http.StatusRequestEntityTooLarge, "invalid", "a request has at most 1 MB: send it in pieces")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

// TooLarge reports whether an error says that a body was over [MaxBody].
func TooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// policyOfPages forbids everything that a page of ours does not need: nothing
// comes from elsewhere, and no code stands in a page.
const policyOfPages = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// secured sets the headers that every answer has. A door may set stricter ones.
func (f *Frame) secured(next http.Handler) http.Handler {
	fixed := http.Header{
		"Content-Security-Policy":      {policyOfPages},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"no-referrer"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"},
	}
	if f.config.Secure {
		fixed["Strict-Transport-Security"] = []string{"max-age=63072000; includeSubDomains"}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), fixed) // the values are shared: who sets another puts it in their place
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses requests that another site's page makes a browser send
// (CSRF). Programs send neither Origin nor Sec-Fetch-Site and pass.
func crossOrigin(f *Frame, next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.problem(w, r, http.StatusForbidden, string(fault.Denied), "this form was sent from another site: open the page here and send it again")
	}))
	// The mux of a door sets the pattern on the request it is handed, so the
	// request must be the same one all the way down.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") && r.Header.Get("Authorization") != "" {
			next.ServeHTTP(w, r) // a bearer key is sent by nobody unknowingly
			return
		}
		if f.open[r.URL.Path] { // no cookie is looked at there
			next.ServeHTTP(w, r)
			return
		}
		c.Handler(next).ServeHTTP(w, r)
	})
}
