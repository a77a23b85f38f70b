package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
)

// drain is how long answers that have begun may take when the server ends.
const drain = 30 * time.Second

// webListener is the listener of the web server, and its address as people write
// it.
type webListener struct {
	net.Listener
	url string
	tls bool
}

// listenWeb opens the listener, so that a taken port is known before anything
// else runs.
func listenWeb(c *avow.Config, address string) (*webListener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the web server cannot listen on %s: is it taken? Name another with --listen", address)
	}
	w := &webListener{Listener: l, url: "http://" + host(l.Addr())}
	if c.TLS != nil {
		pair := &pair{cert: c.Path(c.TLS.Cert), key: c.Path(c.TLS.Key)}
		if _, err := pair.get(nil); err != nil {
			return nil, errors.Join(err, l.Close())
		}
		w.Listener = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get, NextProtos: []string{"h2", "http/1.1"}})
		w.url, w.tls = "https://"+host(l.Addr()), true
	}
	return w, nil
}

// host writes an address that means every interface as this machine.
func host(a net.Addr) string {
	name, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(name); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}

// serveWeb answers until ctx ends; answers that have begun are finished.
func serveWeb(ctx context.Context, c *avow.Config, h http.Handler, l *webListener) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return runWeb(ctx, webServer(h), l) })
	g.Go(func() error { return giveBack(ctx) })
	if c.TLS != nil && c.TLS.Plain != "" {
		plain, err := net.Listen("tcp", c.TLS.Plain)
		if err != nil {
			return errors.Join(fault.Wrap(fault.Invalid, err, "tls: plain: the server cannot listen on %s", c.TLS.Plain), l.Close())
		}
		g.Go(func() error { return runWeb(ctx, webServer(http.HandlerFunc(toTLS)), plain) })
	}
	return g.Wait()
}

// webServer has the limits of every server of ours.
func webServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(quiet{}, slog.LevelWarn), // net/http's own lines hold addresses of people
	}
}

func runWeb(ctx context.Context, w *http.Server, l net.Listener) error {
	done := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		done <- w.Shutdown(ctx)
	})
	if err := w.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-done
}

// toTLS sends a browser to the same address by TLS. A form that was sent in clear
// is refused: it is known to others already.
func toTLS(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "use https", http.StatusForbidden)
		return
	}
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, "https://"+name+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// quiet drops what net/http says about connections of strangers.
type quiet struct{}

func (quiet) Enabled(context.Context, slog.Level) bool  { return false }
func (quiet) Handle(context.Context, slog.Record) error { return nil }
func (q quiet) WithAttrs([]slog.Attr) slog.Handler      { return q }
func (q quiet) WithGroup(string) slog.Handler           { return q }

// A pair is certificate and key, read again when either file has changed.
type pair struct {
	cert, key string

	mu   sync.Mutex // owns the rest
	at   [2]time.Time
	pair *tls.Certificate
}

// get returns the pair as the files have it. Files that are half written leave
// the old pair in use.
func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var at [2]time.Time
	for i, name := range [2]string{p.cert, p.key} {
		if info, err := os.Stat(name); err == nil {
			at[i] = info.ModTime()
		}
	}
	if p.pair != nil && at == p.at {
		return p.pair, nil
	}
	fresh, err := tls.LoadX509KeyPair(p.cert, p.key)
	switch {
	case err == nil:
		p.pair, p.at = &fresh, at
	case p.pair == nil:
		return nil, fault.Wrap(fault.Invalid, err, "tls: the certificate %s and its key cannot be used", p.cert)
	}
	return p.pair, nil
}
