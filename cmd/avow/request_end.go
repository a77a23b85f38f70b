package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/rights"
)

func (a *app) requestList() *cobra.Command {
	var (
		state   string
		overdue bool
	)
	c := &cobra.Command{
		Use: "list", Short: "List requests", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			var list []rights.Summary
			if overdue {
				list, err = p.Requests().Overdue(cmd.Context())
			} else {
				list, err = p.Requests().List(cmd.Context(), rights.Filter{State: rights.State(state), Limit: 1000})
			}
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, s := range list {
					due := ""
					if c := s.Clock(); c != nil {
						due = "due " + day(c.At)
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Right, s.State, day(s.Received), due)
				}
			})
		},
	}
	c.Flags().StringVar(&state, "state", "", "only those in this state")
	c.Flags().BoolVar(&overdue, "overdue", false, "only those past a deadline")
	return c
}

func (a *app) requestDeliver() *cobra.Command {
	var out string
	c := a.step("deliver REQUEST --out FILE.zip", "Hand a package over", nobody,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			err := a.create(out, func(w io.Writer) error { return p.Requests().Deliver(cmd.Context(), id, by, w) })
			if err != nil {
				return err
			}
			return a.print(map[string]any{"request": id, "file": out}, func(w io.Writer) { fmt.Fprintln(w, out) })
		})
	c.Flags().StringVar(&out, "out", "", "the file to write; it must not exist yet")
	c.MarkFlagRequired("out")
	return c
}

func (a *app) requestReceipt() *cobra.Command {
	var out string
	c := a.step("receipt REQUEST [--out FILE.json]", "Print or write the receipt of a request that is done", program,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, _ gate.Actor) error {
			b, err := p.Requests().Receipt(cmd.Context(), id)
			if err != nil {
				return err
			}
			if out == "" {
				_, err := a.stdout.Write(b)
				return err
			}
			if err := a.create(out, func(w io.Writer) error { _, err := w.Write(b); return err }); err != nil {
				return err
			}
			return a.print(map[string]any{"request": id, "file": out, "key": p.Log().Key()}, func(w io.Writer) {
				fmt.Fprintf(w, "%s\nverify it offline: avow receipt verify %s --key '%s'\n", out, out, p.Log().Key())
			})
		})
	c.Flags().StringVar(&out, "out", "", "the file to write; it must not exist yet")
	return c
}

// create writes a new file of mode 0600, and takes it away again when writing
// fails.
func (a *app) create(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(a.path(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be made: it exists already, or its folder does not", name)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func (a *app) requestRefuse() *cobra.Command {
	return a.reasoned("refuse REQUEST --reason CODE --as LOGIN", "Refuse a request, with the reason", (*rights.Service).Refuse)
}

func (a *app) requestPause() *cobra.Command {
	return a.reasoned("pause REQUEST --reason CODE --as LOGIN", "Stop a request's clocks, with the reason", (*rights.Service).Pause)
}

func (a *app) reasoned(use, short string, do func(*rights.Service, context.Context, rights.ID, rights.Reason, gate.Actor) error) *cobra.Command {
	var why rights.Reason
	c := a.step(use, short, nobody, func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
		if err := do(p.Requests(), cmd.Context(), id, why, by); err != nil {
			return err
		}
		return a.stateOf(cmd, p, id)
	})
	c.Flags().StringVar(&why.Code, "reason", "", "code of the reason; a wrong one lists them")
	c.Flags().StringVar(&why.Cite, "cite", "", "the provision behind it, such as gdpr-12-5")
	c.MarkFlagRequired("reason")
	return c
}

func (a *app) requestWithdraw() *cobra.Command {
	return a.step("withdraw REQUEST", "Take a request back, while nothing is destroyed", person,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if err := p.Requests().Withdraw(cmd.Context(), id, by); err != nil {
				return err
			}
			return a.stateOf(cmd, p, id)
		})
}

func (a *app) requestResume() *cobra.Command {
	return a.step("resume REQUEST --as LOGIN", "Let a paused request's clocks run again", nobody,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if err := p.Requests().Resume(cmd.Context(), id, by); err != nil {
				return err
			}
			return a.stateOf(cmd, p, id)
		})
}
