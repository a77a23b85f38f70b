package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/demo"
)

func (a *app) demoCommand() *cobra.Command {
	var (
		c      demo.Config
		listen string
	)
	cmd := here(&cobra.Command{
		Use:   "demo",
		Short: "A server full of made-up people, with a shop for each platform, to try everything on",
		Long: `demo fills a folder with every policy that comes with avow as a platform of its
own: GOSCOM Pro and Buygogo with hundreds of made-up people, ninety days of history
and a shop's own database, the others with a smaller crowd. It serves a storefront
for each, whose forms are made from its policy, the privacy centre for the people
whose data it is, the console for staff, REST for programs, and a mailbox where all
mail arrives. It prints where to look.

With --data the folder is kept, and opened again as it is the next time. Without,
all is taken away at the end (Ctrl-C). While it runs, every other command works on
it too: avow --config FOLDER/avow.yaml staff list.`,
		Example: `  avow demo
  avow demo --data my-demo --listen 127.0.0.1:9000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (c.Postgres == "") != (c.PostgresKeys == "") {
				return usage("PostgreSQL takes two clusters: give --postgres and --postgres-keys")
			}
			if c.People < 1 || c.People > 100_000 {
				return usage("--people: say a number from 1 to 100000")
			}
			roomy()
			return a.demo(cmd.Context(), c, listen)
		},
	})
	f := cmd.Flags()
	f.StringVar(&c.Dir, "data", "", "folder to keep it in (a temporary one, taken away at the end, when left out)")
	f.StringVar(&listen, "listen", "127.0.0.1:8470", "address of the web server, HOST:PORT (port 0 takes a free one)")
	f.IntVar(&c.People, "people", 150, "how many people on GOSCOM Pro and Buygogo, when the folder is new (at most 16 on the others)")
	f.Uint64Var(&c.Seed, "seed", 2026, "another number gives other people")
	f.StringVar(&c.Postgres, "postgres", "", "connection string: data and shops on this PostgreSQL cluster")
	f.StringVar(&c.PostgresKeys, "postgres-keys", "", "connection string of the cluster for keys")
	cmd.AddCommand(a.storyCommand())
	return cmd
}

// demo fills a folder, or opens a full one, and serves it until ctx ends.
func (a *app) demo(ctx context.Context, c demo.Config, address string) (err error) {
	kept := c.Dir != ""
	if c.Dir = a.path(c.Dir); !kept {
		if c.Dir, err = os.MkdirTemp("", "avow-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(c.Dir)) }()
	}
	l, err := listenWeb(&avow.Config{}, address) // first: a taken port costs no time
	if err != nil {
		return err
	}
	defer l.Close()
	c.Progress, c.URL = a.progress("days of history"), l.url
	c.Logger = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	d, err := demo.Open(ctx, c)
	if err != nil {
		return ended(ctx, err)
	}
	if !kept {
		defer func() { err = errors.Join(err, d.Remove(context.WithoutCancel(ctx))) }()
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return a.serve(ctx, d.Server(), l, func() {
		fmt.Fprintln(a.stdout, "ready "+l.url)
		d.Tell(a.stdout, l.url)
		if kept {
			fmt.Fprintf(a.stdout, "\nAll of it stands in %s. Ctrl-C ends the server; start it again with the same --data.\n", c.Dir)
			return
		}
		io.WriteString(a.stdout, "\nCtrl-C ends it and takes everything away; with --data FOLDER it is kept.\n")
	})
}

// ended passes over an error that only says that ctx has ended: somebody did not
// want to wait.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
