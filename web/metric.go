package web

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts by route, never by who or what: no label has a value that a
// caller chose.
type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	open     prometheus.Gauge
	denials  *prometheus.CounterVec
	limited  prometheus.Counter
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "avow_http_request_seconds", Help: "Time to answer, by method, route and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route", "status"}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{Name: "avow_http_requests_open", Help: "Requests being answered now."}),
		denials: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avow_denials_total", Help: "Uses that the policy denied over the API, by platform and control.",
		}, []string{"platform", "control"}),
		limited: prometheus.NewCounter(prometheus.CounterOpts{Name: "avow_http_limited_total", Help: "Requests refused because they came too fast."}),
	}
	m.registry.MustRegister(m.seconds, m.open, m.denials, m.limited, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// method is a method as a label: those that nobody handles are one.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

func (m *metrics) observe(r *http.Request, route string, status int) prometheus.Observer {
	return m.seconds.WithLabelValues(method(r.Method), route, strconv.Itoa(status))
}

// Denied counts a denial by the control that says no.
func (f *Frame) Denied(platform, control string) {
	f.metrics.denials.WithLabelValues(platform, control).Inc()
}

// serveMetrics answers operators, and nobody else.
func (f *Frame) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if a := f.address(r); !a.Unmap().IsLoopback() && !within(f.config.Operators, a) || f.passedOn(r) {
		f.NotFound(w, r)
		return
	}
	promhttp.HandlerFor(f.metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// passedOn reports whether a proxy that the configuration does not name has passed a
// request on: its own address, which may be this machine's, then says nothing.
func (f *Frame) passedOn(r *http.Request) bool {
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" && !within(f.config.Proxies, direct(r)) {
			return true
		}
	}
	return false
}
