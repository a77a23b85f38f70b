package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow"
)

func (a *app) serveCommand() *cobra.Command {
	var address, folder, profile string
	c := here(&cobra.Command{
		Use:   "serve",
		Short: "Run the server: the web, the log's sequencer, jobs, sweeps and the socket",
		Long: `serve owns the data directory and answers people, staff and programs over HTTP,
orders and signs the log, carries out approved requests, sweeps keys that
nothing was sealed under, and answers the command line through a socket in the
data directory. It ends on interrupt, after the work that has begun, and by
itself when a store can no longer write.

The address is --listen, or listen: in the configuration, or 127.0.0.1:8470.
With tls: there it speaks TLS; without, keep it on a loopback address or behind
a proxy that ends TLS.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if folder != "" {
				if cmd.Flags().Changed("config") {
					return usage("--data FOLDER means --config FOLDER/avow.yaml: give one of them")
				}
				a.config = filepath.Join(folder, "avow.yaml")
			}
			roomy()
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			l, err := listenWeb(s.Config(), firstOf(address, s.Config().Listen, "127.0.0.1:8470"))
			if err != nil {
				return err
			}
			for _, p := range s.Platforms() {
				fmt.Fprintf(a.stderr, "avow: %s: policy %s in force\n", p.ID(), p.Policy().Label())
			}
			return profiled(profile, func() error {
				return a.serve(cmd.Context(), s, l, func() { fmt.Fprintln(a.stderr, "avow: ready "+l.url) })
			})
		},
	})
	c.Flags().StringVar(&address, "listen", "", "address of the web server, HOST:PORT (port 0 takes a free one)")
	c.Flags().StringVar(&folder, "data", "", "folder with avow.yaml in it, in place of --config")
	c.Flags().StringVar(&profile, "cpu-profile", "", "file for a profile of the processor's time, for go tool pprof")
	return c
}

// serve runs a server until ctx ends: its loops, the socket, and the web. ready is
// called when every request is answered.
func (a *app) serve(ctx context.Context, s *avow.Server, l *webListener, ready func()) error {
	h, err := s.Handler()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Run(ctx) })
	g.Go(func() error { return listen(ctx, s) })
	g.Go(func() error { return serveWeb(ctx, s.Config(), h, l) })
	ready()
	return g.Wait()
}

// firstOf returns the first that is not empty.
func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
