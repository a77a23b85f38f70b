package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
)

func (a *app) consentAccept() *cobra.Command {
	var continued bool
	c := &cobra.Command{
		Use:   "accept SUBJECT",
		Short: "Record that the policy in force was accepted, by an act or by going on (--continued-use)",
		Long: `accept records that a person accepted the policy in force. With --continued-use
they went on using the platform after a new version took effect: that accepts it
only where the policy takes silence for acceptance, only for somebody who accepted
an earlier version by an act, and it is never a consent to any purpose.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			record, how := p.Accept, "act"
			if continued {
				record, how = p.GoOn, "continued-use"
			}
			if err := record(cmd.Context(), id, avow.Actor{Role: "self"}); err != nil {
				return err
			}
			out := map[string]any{"subject": id, "policy": p.Policy().Version(), "how": how}
			return a.print(out, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	}
	c.Flags().BoolVar(&continued, "continued-use", false, "they went on using the platform, and said nothing")
	return c
}
