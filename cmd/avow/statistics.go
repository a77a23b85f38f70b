package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
)

func (a *app) statisticsCommand() *cobra.Command {
	c := group("statistics", "Count people, and let counts out", `The policy names sets of counts: of which items, by which period. A count opens no
value. Cells of fewer people than the policy's smallest group are hidden, and others
with them until no hidden cell can be computed from totals.

  count     make the table of a set, for the controller's own eyes
  release   check a table and let it out, or have it wait for somebody's approval
  approve   somebody else lets it out
  list      what was let out, to whom, for what, and the check it passed
  show      the table of a release, as it left`,
		a.statisticsCount(), a.statisticsRelease(), a.statisticsApprove(), a.statisticsList(), a.statisticsShow())
	onPlatform(c.Commands()...)
	return c
}

// A spanFlags is the span of a count on the command line.
type spanFlags struct{ from, until string }

func (s *spanFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&s.from, "from", "", "first day, YYYY-MM-DD (twelve periods of the set)")
	c.Flags().StringVar(&s.until, "until", "", "day after the last, YYYY-MM-DD (now)")
}

func (s *spanFlags) span() (statistics.Span, error) {
	from, err := date(s.from)
	if err != nil {
		return statistics.Span{}, err
	}
	until, err := date(s.until)
	return statistics.Span{From: from, Until: until}, err
}

func (a *app) statisticsCount() *cobra.Command {
	var over spanFlags
	c := asStaff(&cobra.Command{
		Use:     "count SET",
		Short:   "Count the people of a set",
		Example: `  avow statistics count trends --from 2026-01-01 --until 2026-04-01`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			by, err := a.by(cmd, p, program)
			if err != nil {
				return err
			}
			s, err := over.span()
			if err != nil {
				return err
			}
			t, err := p.CountPeople(cmd.Context(), args[0], s.From, s.Until, by)
			if err != nil {
				return err
			}
			return a.print(t, func(w io.Writer) { writeTable(w, t) })
		},
	})
	over.add(c)
	return c
}

// writeTable prints a table; what is hidden is a dash.
func writeTable(w io.Writer, t *statistics.Table) {
	cell := func(c statistics.Cell) string {
		if c.Hidden {
			return "-"
		}
		return strconv.Itoa(c.People)
	}
	fmt.Fprintf(w, "%s\t%s\tall\n", t.By, strings.Join(t.Items, "\t"))
	for i, period := range t.Periods {
		fmt.Fprintf(w, "%s\t", period)
		for _, c := range t.Cells[i] {
			fmt.Fprintf(w, "%s\t", cell(c))
		}
		fmt.Fprintln(w, cell(t.OfPeriod[i]))
	}
	fmt.Fprint(w, "all\t")
	for _, c := range t.OfItem {
		fmt.Fprintf(w, "%s\t", cell(c))
	}
	fmt.Fprintln(w)
	if hidden, _ := t.Hidden(); hidden > 0 {
		fmt.Fprintf(w, "%d hidden: about fewer than %d people, or they would give those away\n", hidden, t.Smallest)
	}
}

func (a *app) statisticsRelease() *cobra.Command {
	var (
		over  spanFlags
		ask   statistics.Asking
		table string
	)
	c := asStaff(&cobra.Command{
		Use:   "release SET --for PURPOSE --to AUDIENCE",
		Short: "Check counts and let them out",
		Long: `release counts a set, or takes a table made elsewhere with --table @FILE, checks it,
and writes down who gets it and for what. A table made elsewhere is CSV with a head
line; one column, people, says how many people each line is about. It is refused
when a line is about too few, or when a column is about one person.

Where the policy has somebody approve, nothing leaves before they did.`,
		Example: `  avow statistics release trends --for trends --to public --as mei
  avow statistics release industry --for industry-analysis --to partners --recipient 'Software Association' --table @survey.csv --as mei`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			ask.By = by
			if ask.Over, err = over.span(); err != nil {
				return err
			}
			if table != "" {
				text, err := a.text(table)
				if err != nil {
					return err
				}
				ask.CSV = []byte(text.Reveal())
			}
			ask.Set = args[0]
			r, reasons, err := p.ProposeStatistics(cmd.Context(), ask)
			if err != nil {
				return err
			}
			return a.released(r, reasons)
		},
	})
	f := c.Flags()
	f.StringVar(&ask.Purpose, "for", "", "the purpose of the set")
	f.StringVar(&ask.Audience, "to", "", "public, partners, affiliates, or processor")
	f.StringVar(&ask.Recipient, "recipient", "", "the organisation that gets it; of a processor, as the policy calls it")
	f.StringVar(&table, "table", "", "a table made elsewhere: @FILE, or - for standard input")
	over.add(c)
	c.MarkFlagRequired("for")
	c.MarkFlagRequired("to")
	return c
}

// released prints a release, or why there is none.
func (a *app) released(r *statistics.Release, reasons []policy.Reason) error {
	if len(reasons) > 0 {
		err := a.print(map[string]any{"released": false, "reasons": reasons}, func(w io.Writer) {
			fmt.Fprintln(w, "refused: nothing leaves")
			for _, r := range reasons {
				fmt.Fprintf(w, "  %s\n    %s, %s%s\n", r.Text, r.Code, r.Pos, clause(r.Clause))
			}
		})
		if err == nil {
			err = errDenied
		}
		return err
	}
	return a.print(r, func(w io.Writer) { fmt.Fprintln(w, releaseLine(r)) })
}

func releaseLine(r *statistics.Release) string {
	state := "waits for approval"
	if r.Released != nil {
		state = "released " + r.Released.Format(time.DateOnly)
	}
	to := r.Audience
	if r.Recipient != "" {
		to += " (" + r.Recipient + ")"
	}
	return fmt.Sprintf("%d\t%s\tfor %s\tto %s\t%s\tpassed: %d lines, %d hidden, none of fewer than %d people", r.ID, r.Set, r.Purpose, to, state,
		r.Check.Lines, r.Check.Hidden, r.Check.Smallest)
}

func (a *app) statisticsApprove() *cobra.Command {
	return asStaff(&cobra.Command{
		Use:   "approve NUMBER",
		Short: "Let a release leave that somebody else proposed",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			n, err := releaseNumber(args[0])
			if err != nil {
				return err
			}
			r, reasons, err := p.ApproveStatistics(cmd.Context(), n, by)
			if err != nil {
				return err
			}
			return a.released(r, reasons)
		},
	})
}

func releaseNumber(arg string) (int64, error) {
	n, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return 0, usage("%q is no number of a release: avow statistics list shows them", arg)
	}
	return n, nil
}

func (a *app) statisticsList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List what was let out, oldest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.StatisticsReleases(cmd.Context(), 0, 500)
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, r := range list {
					fmt.Fprintln(w, releaseLine(r))
				}
			})
		},
	}
}

func (a *app) statisticsShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NUMBER",
		Short: "Print the table of a release",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			n, err := releaseNumber(args[0])
			if err != nil {
				return err
			}
			r, err := p.StatisticsRelease(cmd.Context(), n)
			if err != nil {
				return err
			}
			if r.Form == "json" {
				var t statistics.Table
				if err := json.Unmarshal(r.Data, &t); err != nil {
					return fmt.Errorf("statistics table: %w", err)
				}
				return a.print(&t, func(w io.Writer) { writeTable(w, &t) })
			}
			rows, err := csv.NewReader(strings.NewReader(string(r.Data))).ReadAll()
			if err != nil {
				return fmt.Errorf("statistics table: %w", err)
			}
			return a.print(rows, func(w io.Writer) {
				for _, row := range rows {
					fmt.Fprintln(w, strings.Join(row, "\t"))
				}
			})
		},
	}
}
