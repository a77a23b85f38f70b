package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

func (a *app) serveCommand() *cobra.Command {
	return here(&cobra.Command{
		Use:   "serve",
		Short: "Run the server: the log's sequencer, jobs, sweeps and the socket",
		Long: `serve owns the data directory, orders and signs the log, carries out approved
requests, sweeps keys that nothing was sealed under, and answers the command
line through a socket in the data directory. It ends on interrupt, after the
work that has begun, and by itself when a store can no longer write.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			for _, p := range s.Platforms() {
				fmt.Fprintf(a.stderr, "avow: %s: policy %s in force\n", p.ID(), p.Policy().Label())
			}
			g, ctx := errgroup.WithContext(cmd.Context())
			g.Go(func() error { return s.Run(ctx) })
			g.Go(func() error { return listen(ctx, s) })
			fmt.Fprintln(a.stderr, "avow: ready")
			return g.Wait()
		},
	})
}
