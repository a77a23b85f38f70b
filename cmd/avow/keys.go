package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
)

func (a *app) keysCommand() *cobra.Command {
	c := group("keys", "Data keys and the epochs that wrap them",
		`Every value is sealed under a data key of its subject and retention class. The
data keys are wrapped under the key of an epoch. Moving to the next epoch wraps the
living keys anew and destroys the old epoch's key: from then on no old backup, log
or dead row of the key store opens anything. The key of the epoch lies in a file, which
the master key opens: avow keys rotate replaces either.`,
		a.keysStatus(), a.keysEpoch(), a.keysRotate())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) keysStatus() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show how keys and epochs stand",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			s, err := p.KeyStatus(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(s, func(w io.Writer) {
				fmt.Fprintf(w, "epoch\t%d, since %s\n", s.Epoch.Number, day(s.Epoch.Started))
				fmt.Fprintf(w, "data keys\t%d, of which %d not seen bound yet\n", s.Live, s.Unbound)
				if s.Rotating {
					fmt.Fprintln(w, "a move to the next epoch was interrupted: run avow keys epoch again")
				}
				if s.SameCluster {
					fmt.Fprintln(w, "keys and data are in one cluster: every receipt says so")
				}
			})
		},
	}
}

func (a *app) keysEpoch() *cobra.Command {
	return &cobra.Command{
		Use:   "epoch",
		Short: "Move to the next epoch: old copies of destroyed keys fall silent",
		Long: `epoch wraps every living key under the next epoch's key and destroys the old
one. An older backup of the key store cannot be restored after it: make a new one.
It can be interrupted and run again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			return a.moveEpoch(cmd, p)
		},
	}
}

func (a *app) moveEpoch(cmd *cobra.Command, p *avow.Platform) error {
	e, err := p.MoveEpoch(cmd.Context(), a.progress("keys"))
	if err != nil {
		return err
	}
	return a.print(e, func(w io.Writer) {
		fmt.Fprintf(w, "epoch %d since %s; back the keys up again now\n", e.Number, e.Finished.Format(time.RFC3339))
	})
}
