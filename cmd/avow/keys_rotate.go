package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
)

func (a *app) keysRotate() *cobra.Command {
	var master, dry bool
	c := &cobra.Command{
		Use:   "rotate [--master] [--dry-run]",
		Short: "Replace a key while the server runs: the epoch's, or the master key",
		Long: `rotate replaces a key that wraps others and destroys the old one. Nothing stops
meanwhile: values are collected, used and erased as before. It can be interrupted at
any point and run again; it then goes on where it stood, and begins nothing new.
Every platform concerned says in its log that it was done.

Without --master it moves one platform to its next epoch, as avow keys epoch does:
every data key is wrapped anew. Do it when a copy of the key store may be in foreign
hands, and regularly (epoch_every in avow.yaml): what was erased before is then beyond
reach of every old copy. Archives of the keys die with it: back them up again.

With --master it replaces the master key of the server, keys/master.json, which opens
the epoch files of all its platforms. Do it when a copy of that file may be in foreign
hands, when somebody leaves who had one, and as often as your rules say:
  1  master.json gets a second key, which seals from now on; both open
  2  every keys/*.epoch is sealed anew; a cut leaves it sealed one way or the other
  3  every one is opened with the new key alone, or else the old key stays
  4  the old key is taken out of master.json, and the file that held it overwritten
  5  every platform writes it into its log
Archives stay good: the data keys in them are not touched. Afterwards copy master.json
and the epoch files to their safe again, and destroy the copies from before: an old
master.json still opens an old copy of an epoch file, and the key in that leads to the
later ones. If somebody may have both, their keys are known, and only new keys help.

Nodes that share the keys directory follow by themselves. With a key service in place
of master.json, rotate its key there and let avow seal the epoch files anew.

--dry-run says how things stand and what would be done, and does nothing.`,
		Example: `  avow keys rotate --platform goscom-pro
  avow keys rotate --master --dry-run
  avow keys rotate --master`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if master {
				return a.rotateMaster(cmd, dry)
			}
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if dry {
				return a.epochPlan(cmd.Context(), p)
			}
			return a.moveEpoch(cmd, p)
		},
	}
	c.Flags().BoolVar(&master, "master", false, "replace the master key of the server")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	return c
}

// An epochPlan is what rotate would do to the keys of a platform.
type epochPlan struct {
	Epoch    int64 `json:"epoch"`
	Next     int64 `json:"next"`
	Keys     int   `json:"keys"`
	Rotating bool  `json:"rotating"`
}

func (a *app) epochPlan(ctx context.Context, p *avow.Platform) error {
	s, err := p.KeyStatus(ctx)
	if err != nil {
		return err
	}
	plan := epochPlan{s.Epoch.Number, s.Epoch.Number + 1, s.Live, s.Rotating}
	if s.Rotating { // it would be finished
		plan.Epoch, plan.Next = plan.Epoch-1, plan.Epoch
	}
	return a.print(plan, func(w io.Writer) {
		if plan.Rotating {
			fmt.Fprintf(w, "a move to epoch %d was interrupted and would be finished\n", plan.Next)
		}
		fmt.Fprintf(w, "would wrap %d data keys under epoch %d and destroy the key of epoch %d; nothing was done\n", plan.Keys, plan.Next, plan.Epoch)
	})
}

func (a *app) rotateMaster(cmd *cobra.Command, dry bool) error {
	if cmd.Flags().Changed("platform") {
		return usage("the master key is that of the server and of all its platforms: leave --platform out")
	}
	s, err := a.open(cmd.Context())
	if err != nil {
		return err
	}
	if dry {
		return a.masterPlan(cmd.Context(), s)
	}
	change, err := s.RotateMaster(cmd.Context(), a.progress("epoch files"))
	if err != nil {
		return err
	}
	return a.print(change, func(w io.Writer) {
		fmt.Fprintf(w, "master key %s took over from %s, which is destroyed; copy master.json and the epoch files to their safe again now\n", change.To, change.From)
	})
}

func (a *app) masterPlan(ctx context.Context, s *avow.Server) error {
	status, err := s.MasterStatus(ctx)
	if err != nil {
		return err
	}
	return a.print(status, func(w io.Writer) {
		switch {
		case !status.Rotating:
			fmt.Fprintf(w, "master key %s would be replaced and destroyed", status.Key)
		case len(status.Pending) > 0:
			fmt.Fprintf(w, "an interrupted replacement would be finished: master key %s is yet to seal %s", status.Key, strings.Join(status.Pending, ", "))
		default:
			fmt.Fprintf(w, "an interrupted replacement would be finished: master key %s seals every epoch file already", status.Key)
		}
		fmt.Fprintln(w, "; nothing was done")
	})
}
