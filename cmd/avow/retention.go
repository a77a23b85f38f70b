package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/retention"
)

func (a *app) retentionCommand() *cobra.Command {
	c := group("retention", "What ends, when, and what has ended",
		`Each retention class of the policy is a schedule: a time from when a value came,
the closing of an account, the last sign of the person, a consent that is taken
back, the time a law sets. The server takes away what is due every ten minutes;
run does it now. What a hold keeps stays.`,
		a.retentionList(), a.retentionRun(), a.retentionCheck())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) retentionList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Show each class, what is due, and when the next is", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Retention().List(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, s := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\tdue %d%s\tnext %s\tended %d\n", s.Class, rule(s), s.Then, s.Due, by(s.By), moment(s.Next), s.Rows)
				}
			})
		},
	}
}

// rule says in a few words what ends a class.
func rule(s retention.Schedule) string {
	text := ""
	switch s.Until {
	case policy.AccountIsClosed:
		text = "until the account is closed"
	case policy.ConsentWithdrawn:
		text = "until consent is taken back"
	case policy.PurposeEnds:
		text = "until the purpose is served"
	default:
		text = "for " + s.For
	}
	switch s.After {
	case policy.AccountIsClosed:
		text += " after the account is closed"
	case policy.LastActivity:
		text += " after the last sign of the person"
	}
	if s.Within != "" {
		text += ", gone within " + s.Within
	}
	switch {
	case s.Fixed:
		text += ", neither shorter nor longer (" + s.Cite.In("en") + ")"
	case s.Law:
		text += " (law)"
	}
	return text
}

func by(t *time.Time) string {
	if t == nil {
		return ""
	}
	return " by " + day(*t)
}

func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return day(*t)
}

func (a *app) retentionRun() *cobra.Command {
	var o retention.Options
	c := &cobra.Command{
		Use: "run", Short: "Take away what is due, or say what would go (--dry-run)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			r, err := p.SweepRetention(cmd.Context(), o, a.progress("rows"))
			if err != nil {
				return err
			}
			return a.print(r, func(w io.Writer) { writeSwept(w, r) })
		},
	}
	f := c.Flags()
	f.BoolVar(&o.DryRun, "dry-run", false, "change nothing")
	f.StringVar(&o.Class, "class", "", "only this retention class")
	f.IntVar(&o.Limit, "limit", 0, "rows at most (everything that is due when left out)")
	return c
}

func writeSwept(w io.Writer, r retention.Report) {
	done := "ended"
	if r.DryRun {
		done = "would end"
	}
	for _, c := range r.Classes {
		fmt.Fprintf(w, "%s\t%s %d rows of %d people\t%s", c.Class, done, c.Rows, c.Subjects, c.Then)
		if c.Held > 0 {
			fmt.Fprintf(w, "\theld %d", c.Held)
		}
		if c.Later > 0 {
			fmt.Fprintf(w, "\tput off %d", c.Later)
		}
		if c.Late {
			fmt.Fprint(w, "\tLATE: some should have been gone before")
		}
		fmt.Fprintln(w)
	}
	switch {
	case r.More:
		fmt.Fprintln(w, "more is due: run it again")
	case len(r.Classes) == 0:
		fmt.Fprintln(w, "nothing is due")
	}
}
