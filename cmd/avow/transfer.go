package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/succession"
)

func (a *app) transferCommand() *cobra.Command {
	c := group("transfer", "The business changes hands: what moves to whom, who was told, who objected",
		`A merger, takeover, sale, reorganisation or bankruptcy moves data by a list:

  open    which items go to the successor of the policy, for what; people are counted
  tell    everybody concerned gets a letter that says how to object or be deleted
  told    somebody was told otherwise
  accept  who takes over accepted duties of the policy, each or all
  object  somebody does not want to go along: theirs stays
  ready   refused until all were told in time and every duty is accepted
  run     hands the data over, with an entry for each person

Until a transfer is ready, every use that gives data to the successor is denied.`,
		a.transferOpen(), a.transferTell(), a.transferTold(), a.transferAccept(), a.transferObject(), a.transferReady(), a.transferRun(), a.transferCancel(),
		a.transferList(), a.transferShow())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) transferOpen() *cobra.Command {
	var t platform.TransferAsked
	var kind string
	c := asStaff(&cobra.Command{
		Use:     "open item ... --kind KIND --to SUCCESSOR --for PURPOSE --document REF",
		Short:   "Open a transfer: which items go to whom, for what",
		Example: "  avow transfer open account.email account.phone --kind merger --to successor --for account --document contracts/merger.pdf --as jun",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			t.Kind, t.Items = succession.Kind(kind), args
			out, err := p.OpenTransfer(cmd.Context(), t, by)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"id": out.ID, "people": out.People}, func(w io.Writer) { fmt.Fprintf(w, "%s\tconcerns %d people\n", out.ID, out.People) })
		},
	})
	f := c.Flags()
	f.StringVar(&kind, "kind", "", "merger, takeover, sale, reorganisation or bankruptcy")
	f.StringVar(&t.Recipient, "to", "", "who takes over: a successor of the policy")
	f.StringSliceVar(&t.Purposes, "for", nil, "what for; once for each purpose")
	f.StringSliceVar(&t.Changed, "new-purpose", nil, "a purpose that is new to people: they are asked for consent")
	f.StringVar(&t.Document, "document", "", "where the transfer is agreed")
	for _, name := range []string{"kind", "to", "document"} {
		c.MarkFlagRequired(name)
	}
	return c
}

// oneTransfer is a command about one transfer, done by somebody of the staff.
func (a *app) oneTransfer(use, short string, args cobra.PositionalArgs, fn func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, rest []string) error) *cobra.Command {
	return asStaff(&cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, given []string) error {
		p, by, err := a.staffed(cmd)
		if err != nil {
			return err
		}
		id, err := succession.ParseID(given[0])
		if err != nil {
			return err
		}
		return fn(cmd, p, id, by, given[1:])
	}})
}

func (a *app) transferTell() *cobra.Command {
	return a.oneTransfer("tell TRANSFER", "Write to everybody concerned who was not told yet", cobra.ExactArgs(1),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, _ []string) error {
			n, err := p.TellTransfer(cmd.Context(), id, by)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"letters": n}, func(w io.Writer) { fmt.Fprintf(w, "%d letters\n", n) })
		})
}

func (a *app) transferTold() *cobra.Command {
	var how string
	c := a.oneTransfer("told TRANSFER SUBJECT --how CODE", "Record that somebody was told otherwise than by mail", cobra.ExactArgs(2),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, rest []string) error {
			_, sub, err := a.subject(cmd, rest[0])
			if err != nil {
				return err
			}
			if err := p.ToldTransfer(cmd.Context(), id, sub, how, staffActor(p, by)); err != nil {
				return err
			}
			return a.print(map[string]any{"told": true}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		})
	c.Flags().StringVar(&how, "how", "", "how, in a word: post, phone, in-person")
	c.MarkFlagRequired("how")
	return c
}

func (a *app) transferObject() *cobra.Command {
	var channel string
	c := a.oneTransfer("object TRANSFER SUBJECT", "Take down that somebody does not want to go along", cobra.ExactArgs(2),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, rest []string) error {
			_, sub, err := a.subject(cmd, rest[0])
			if err != nil {
				return err
			}
			if err := p.ObjectTransfer(cmd.Context(), id, sub, channel, staffActor(p, by)); err != nil {
				return err
			}
			return a.print(map[string]any{"objected": true}, func(w io.Writer) { fmt.Fprintln(w, "recorded: theirs stays") })
		})
	c.Flags().StringVar(&channel, "channel", "support", "where they said so")
	return c
}

// staffActor is somebody of the staff by the name of their role.
func staffActor(p *avow.Platform, by gate.Actor) avow.Actor {
	out := avow.Actor{ID: by.ID}
	if r := p.Policy().RoleBy(by.Role); r != nil {
		out.Role = r.Name
	}
	return out
}

func (a *app) transferAccept() *cobra.Command {
	var document string
	c := a.oneTransfer("accept TRANSFER [clause ...] --document REF", "Record which duties who takes over accepted; all of them where none is named", cobra.MinimumNArgs(1),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, rest []string) error {
			if err := p.AcceptDuties(cmd.Context(), id, rest, document, by); err != nil {
				return err
			}
			return a.print(map[string]any{"accepted": true}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		})
	c.Flags().StringVar(&document, "document", "", "where they are accepted")
	c.MarkFlagRequired("document")
	return c
}

func (a *app) transferReady() *cobra.Command {
	return a.oneTransfer("ready TRANSFER", "Let it begin: everybody was told in time, and every duty accepted", cobra.ExactArgs(1),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, _ []string) error {
			if err := p.ReadyTransfer(cmd.Context(), id, by); err != nil {
				return err
			}
			return a.print(map[string]any{"ready": true}, func(w io.Writer) { fmt.Fprintln(w, "ready") })
		})
}

func (a *app) transferCancel() *cobra.Command {
	return a.oneTransfer("cancel TRANSFER", "End a transfer by which nothing moves any more", cobra.ExactArgs(1),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, _ []string) error {
			if err := p.CancelTransfer(cmd.Context(), id, by); err != nil {
				return err
			}
			return a.print(map[string]any{"cancelled": true}, func(w io.Writer) { fmt.Fprintln(w, "cancelled") })
		})
}

func (a *app) transferRun() *cobra.Command {
	var file string
	c := a.oneTransfer("run TRANSFER --out FILE", "Hand the data over: one JSON object a line, and an entry for each person", cobra.ExactArgs(1),
		func(cmd *cobra.Command, p *avow.Platform, id succession.ID, by gate.Actor, _ []string) error {
			f, err := os.OpenFile(a.path(file), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%s cannot be made: name a file that is not there yet", file)
			}
			out, err := p.RunTransfer(cmd.Context(), id, f, by)
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				os.Remove(a.path(file)) // half of a transfer is none
				return err
			}
			return a.print(out, func(w io.Writer) {
				fmt.Fprintf(w, "%d people\t%d values\tsha256 %s\n", out.People, out.Values, out.SHA256)
				for why, n := range out.Kept {
					fmt.Fprintf(w, "stays\t%d\t%s\n", n, why)
				}
			})
		})
	c.Flags().StringVar(&file, "out", "", "where it is written; hand it over encrypted, then delete it")
	c.MarkFlagRequired("out")
	return c
}

func (a *app) transferList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Every transfer and how it stands", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Transfers(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, s := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.ID, s.Kind, s.State, s.Recipient)
				}
			})
		},
	}
}

func (a *app) transferShow() *cobra.Command {
	return &cobra.Command{
		Use: "show TRANSFER", Short: "How a transfer stands: people told, duties accepted", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			id, err := succession.ParseID(args[0])
			if err != nil {
				return err
			}
			s, err := p.Transfer(cmd.Context(), id)
			if err != nil {
				return err
			}
			return a.print(s, func(w io.Writer) {
				fmt.Fprintf(w, "%s\t%s to %s: %s\n", s.ID, s.Kind, s.Recipient, s.State)
				fmt.Fprintf(w, "items\t%s\npurposes\t%s\n", strings.Join(s.Items, " "), strings.Join(s.Purposes, " "))
				fmt.Fprintf(w, "people\t%d: %d told in time, %d told too lately, %d not told, %d objected\n", s.People, s.Told, s.Early, s.Untold, s.Objected)
				fmt.Fprintf(w, "duties\t%d of %d accepted\nmoved\t%d\n", s.Accepted, s.Duties, s.Moved)
			})
		},
	}
}
