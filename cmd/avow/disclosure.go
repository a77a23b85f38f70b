package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/platform"
)

func (a *app) disclosureCommand() *cobra.Command {
	c := group("disclosure", "What must stand recorded before data goes out", `A policy may let data go in some cases only when somebody approved it, when
something was found to be so, when the recipient asked for it, or while a ticket
of the person is open. Such a record has who, when, a reference and an end; a use
that names the same reference may rest on it, and no other.`,
		a.disclosureRecord(), a.disclosureEnd(), a.disclosureList())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) disclosureRecord() *cobra.Command {
	var (
		b     platform.Backing
		until string
	)
	c := &cobra.Command{
		Use:   "record approval|finding|request|ticket|order|task SUBJECT [item ...]",
		Short: "Record what has to stand behind a disclosure",
		Long: `record writes down who approved what, what was found, who asked, which ticket is
open, or with whom an order was placed: the other side of an order gets nothing
before. It ends after thirty days, or with --until. An approval names its items and
is given by somebody whose role approves requests; nobody rests on their own.`,
		Example: `  avow disclosure record approval sub_… order.history --to authority --ref 'Order 2026-17' --as may
  avow disclosure record ticket sub_… --ref T-1 --as sol
  avow disclosure record task sub_… --ref T-1 --for sol --note 'a bill that does not add up' --as may`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[1])
			if err != nil {
				return err
			}
			if b.By, err = a.recorder(cmd, p); err != nil {
				return err
			}
			if b.Until, err = date(until); err != nil {
				return err
			}
			b.Kind, b.Items = args[0], args[2:]
			row, err := p.Back(cmd.Context(), id, b)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"id": row.ID, "kind": b.Kind, "ref": b.Ref, "until": row.Until}, func(w io.Writer) { fmt.Fprintf(w, "recorded as %d\n", row.ID) })
		},
	}
	f := c.Flags()
	f.StringVar(&b.Recipient, "to", "", "recipient that it is about")
	f.StringVar(&b.Case, "case", "", "sharing case of an approval (the recipient's when left out)")
	f.StringVar(&b.Ref, "ref", "", "number of the order, case or ticket; never personal data")
	f.StringVar(&b.For, "for", "", "of a task: login of the member of staff who is let in")
	f.StringVar(&b.Note, "note", "", "what was weighed or found; it stands sealed in the log")
	f.StringVar(&until, "until", "", "when it ends, YYYY-MM-DD (thirty days from now)")
	c.MarkFlagRequired("ref")
	return asStaff(c)
}

// recorder returns the member of staff that --as names.
func (a *app) recorder(cmd *cobra.Command, p *avow.Platform) (avow.Actor, error) {
	who, err := a.by(cmd, p, nobody)
	if err != nil {
		return avow.Actor{}, err
	}
	out := avow.Actor{ID: who.ID}
	if r := p.Policy().RoleBy(who.Role); r != nil {
		out.Role = r.Name
	}
	return out, nil
}

func (a *app) disclosureEnd() *cobra.Command {
	return asStaff(&cobra.Command{
		Use:   "end SUBJECT NUMBER",
		Short: "End a record: nothing rests on it any more",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			n, err := strconv.ParseInt(args[1], 10, 64)
			if err != nil {
				return usage("%q is no number of a record: avow disclosure list shows them", args[1])
			}
			by, err := a.recorder(cmd, p)
			if err != nil {
				return err
			}
			if err := p.EndBacking(cmd.Context(), id, n, by); err != nil {
				return err
			}
			return a.print(map[string]any{"id": n, "ended": true}, func(w io.Writer) { fmt.Fprintln(w, "ended") })
		},
	})
}

// newBacking is a record in names, as REST gives it.
func newBacking(p *avow.Platform, b disclosure.Backing) api.Backing {
	v := api.Backing{ID: b.ID, Kind: b.Need.String(), Case: b.Scenario, Ref: b.Ref, Items: itemNames(p.Policy(), b.Items), Staff: b.By, For: b.For, At: b.At, Until: b.Until}
	if r := p.Policy().RecipientBy(b.Recipient); r != nil {
		v.Recipient = r.Name
	}
	return v
}

func (a *app) disclosureList() *cobra.Command {
	return &cobra.Command{
		Use:   "list SUBJECT",
		Short: "List what stands, or stood, behind disclosures",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			all, err := p.Backings(cmd.Context(), id)
			if err != nil {
				return err
			}
			views := make([]api.Backing, len(all))
			for i, b := range all {
				views[i] = newBacking(p, b)
			}
			return a.print(views, func(w io.Writer) {
				for _, v := range views {
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\tuntil %s, by %s\n", v.ID, v.Kind, v.Ref, v.Recipient, v.Case, v.Until.Format(time.DateOnly), v.Staff)
				}
			})
		},
	}
}
