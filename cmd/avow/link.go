package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/link"
)

func (a *app) linkCommand() *cobra.Command {
	c := group("link", "The register of addresses outside that people are led to",
		`Where a page leads out of the platform, it leads to /PLATFORM/leave?to=NUMBER first:
there people read that this policy ends, what holds instead, and where the other
party's own policy stands. Nobody is led to an address that is not registered.`,
		a.linkAdd(), a.linkEnd(), a.linkList())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) linkAdd() *cobra.Command {
	var l link.Link
	c := asStaff(&cobra.Command{
		Use:     "add URL --under EXCLUDED --title WHOSE --terms URL",
		Short:   "Put an address on the register",
		Example: "  avow link add https://partner.example/shop --under linked-sites --title 'Partner shop' --terms https://partner.example/privacy --as jun",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			l.URL = args[0]
			out, err := p.AddLink(cmd.Context(), l, by)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"id": out.ID}, func(w io.Writer) { fmt.Fprintf(w, "registered as %d\n", out.ID) })
		},
	})
	f := c.Flags()
	f.StringVar(&l.Under, "under", "", "what the policy excludes it under, such as linked-sites")
	f.StringVar(&l.Title, "title", "", "whose site it is")
	f.StringVar(&l.Terms, "terms", "", "where that party's own policy stands")
	for _, name := range []string{"under", "title", "terms"} {
		c.MarkFlagRequired(name)
	}
	return c
}

func (a *app) linkEnd() *cobra.Command {
	return asStaff(&cobra.Command{
		Use:   "end NUMBER",
		Short: "Take an address off the register: nobody is led there any more",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("%q is no number of a link: avow link list shows them", args[0])
			}
			if err := p.EndLink(cmd.Context(), id, by); err != nil {
				return err
			}
			return a.print(map[string]any{"id": id, "ended": true}, func(w io.Writer) { fmt.Fprintln(w, "ended") })
		},
	})
}

func (a *app) linkList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The register, with what each gets and how often somebody left by it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.RegisterOfLinks(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, l := range list {
					state := "gets nothing"
					if len(l.Items) > 0 {
						state = fmt.Sprintf("gets %v", l.Items)
					}
					if l.Ended != nil {
						state = "ended"
					}
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d left\n", l.ID, l.Under, l.Title, l.URL, state, l.Left)
				}
			})
		},
	}
}
