package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/gate"
)

// pledge signs that one of the staff was trained or gave an undertaking.
func (a *app) pledge(cmd *cobra.Command, p *avow.Platform, duty, login string, s attestation.Signature, by gate.Actor) error {
	who, err := p.StaffID(cmd.Context(), login)
	if err != nil {
		return err
	}
	signed, err := p.Pledge(cmd.Context(), duty, who, s, by)
	if err != nil {
		return err
	}
	return a.print(signed, func(w io.Writer) {
		fmt.Fprintf(w, "signed\t%s of %s holds until %s\tentry %d\n", duty, login, day(signed.Until), signed.Entry)
	})
}

func (a *app) attestationPeople() *cobra.Command {
	return &cobra.Command{
		Use: "people", Short: "What each of the staff was trained in and promised, and until when it holds", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Pledges(cmd.Context())
			if err != nil {
				return err
			}
			if list == nil {
				list = []attestation.Pledge{}
			}
			return a.print(list, func(w io.Writer) {
				for _, x := range list {
					state := "holds until"
					if !x.Until.After(p.Now()) {
						state = "lapsed on"
					}
					fmt.Fprintf(w, "%s\t%s\t%s %s\tsigned %s by %s\n", x.Staff, x.Duty, state, day(x.Until), x.At.Format(time.RFC3339), x.By)
				}
			})
		},
	}
}
