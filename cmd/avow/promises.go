package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/promise"
)

// errBroken ends a command that found a broken promise; what is broken has been
// printed.
var errBroken = errors.New("a promise is broken")

func (a *app) promisesCommand() *cobra.Command {
	var state string
	c := &cobra.Command{
		Use:   "promises [--state STATE]",
		Short: "The board: every promise of the policy, what keeps it, and how it stands",
		Long: `promises joins every clause of the policies in force with the controls that keep
it and with what these left in the log. A clause is never better than its worst
control:

  broken               a clock ran out, or the log does not fit its signed root
  attestation-overdue  people did not sign what comes round (avow attestation)
  at-risk              a clock or a signature is near its end, or work has failed
  not-built            a control of the clause has no code yet
  unproven             nothing has happened yet that could show it
  attested             somebody signed that it is done, and the signature holds
  kept                 the log has entries that show it

Without --platform and --state it prints the counts of every platform and what is
broken; with one of them, the promises themselves. It exits with 1 when a promise
is broken.`,
		Example: `  avow promises
  avow promises --platform goscom-pro --state unproven
  avow promises --json | jq '.[] | select(.state == "broken")'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.promises(cmd, promise.State(state)) },
	}
	onPlatform(c)
	c.Flags().StringVar(&state, "state", "", "only promises in this state")
	return c
}

func (a *app) promises(cmd *cobra.Command, state promise.State) error {
	if state != "" {
		if _, err := promise.ParseState(string(state)); err != nil {
			return err
		}
	}
	platforms, err := a.named(cmd)
	if err != nil {
		return err
	}
	var boards []*promise.Board
	rows, broken := []promise.Row{}, 0
	for _, p := range platforms {
		b, err := p.Promises(cmd.Context())
		if err != nil {
			return err
		}
		boards = append(boards, b)
		broken += b.Counts[promise.Broken]
		for _, r := range b.Rows {
			if state == "" || r.State == state {
				rows = append(rows, r)
			}
		}
	}
	err = a.print(rows, func(w io.Writer) {
		listed := state != "" || cmd.Flags().Changed("platform")
		for _, r := range rows {
			if listed || r.State == promise.Broken {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.State, shortly(r.Says.In("en"), 60), shown(r))
			}
		}
		if state == "" {
			writeCounts(w, boards)
		}
	})
	if err == nil && broken > 0 {
		return errBroken
	}
	return err
}

// named returns the platform that --platform names, or every one.
func (a *app) named(cmd *cobra.Command) ([]*avow.Platform, error) {
	if cmd.Flags().Changed("platform") {
		p, err := a.platform(cmd)
		return []*avow.Platform{p}, err
	}
	s, err := a.open(cmd.Context())
	if err != nil {
		return nil, err
	}
	return s.Platforms(), nil
}

// writeCounts prints how many promises are in which state, per platform and
// together.
func writeCounts(w io.Writer, boards []*promise.Board) {
	head := []string{"platform", "promises"}
	for _, s := range promise.States() {
		head = append(head, string(s))
	}
	fmt.Fprintln(w, strings.Join(head, "\t"))
	sum, all := map[promise.State]int{}, 0
	line := func(name string, n int, counts map[promise.State]int) {
		fmt.Fprintf(w, "%s\t%d", name, n)
		for _, s := range promise.States() {
			fmt.Fprintf(w, "\t%d", counts[s])
		}
		fmt.Fprintln(w)
	}
	for _, b := range boards {
		line(b.Platform, len(b.Rows), b.Counts)
		all += len(b.Rows)
		for s, n := range b.Counts {
			sum[s] += n
		}
	}
	if len(boards) > 1 {
		line("together", all, sum)
	}
}

// shown says in a few words what the controls of a promise have to show.
func shown(r promise.Row) string {
	var out []string
	for _, e := range r.Evidence {
		s := string(e.Control)
		switch {
		case e.Why != "":
			s += ": " + reason(e)
		case e.State == promise.Attested:
			s += ": attested until " + day(*e.Until)
		case e.State == promise.Kept && e.Count > 0:
			s += fmt.Sprintf(": %d", e.Count)
		case e.State == promise.Kept:
			s += fmt.Sprintf(": looked at %d times", e.Checked)
		default:
			s += ": " + string(e.State)
		}
		out = append(out, s)
	}
	if len(r.Scenarios) > 0 {
		out = append(out, "scenario "+strings.Join(r.Scenarios, ", "))
	}
	return strings.Join(out, "; ")
}

// whatIsDue names what a clock is of.
func whatIsDue(e promise.Evidence) string {
	switch {
	case e.Incident != "":
		return "incident " + string(e.Incident)
	case e.Case != "":
		return "case " + string(e.Case)
	}
	return "request " + string(e.Request)
}

// reason words what speaks against a control.
func reason(e promise.Evidence) string {
	due := ""
	if e.Due != nil {
		due = day(*e.Due)
	}
	switch e.Why {
	case promise.IsLate:
		return fmt.Sprintf("%s was due %s", whatIsDue(e), due)
	case promise.DueSoon:
		return fmt.Sprintf("%s is due %s", whatIsDue(e), due)
	case promise.SiteWrong:
		return fmt.Sprintf("a check of the site found on %s what is not as the policy says (entry %d): run avow site check", due, e.Entry)
	case promise.WasMissed:
		return fmt.Sprintf("a deadline was missed on %s (entry %d)", due, e.Entry)
	case promise.Outlived:
		return fmt.Sprintf("%d values outlived their retention since %s", e.Cases, due)
	case promise.GivenUp:
		return fmt.Sprintf("work was given up %d times", e.Cases)
	case promise.Damaged:
		return "the log does not fit its signed root: run avow audit verify"
	case promise.Lags:
		return fmt.Sprintf("%d entries wait for their place", e.Cases)
	case promise.SignSoon:
		return fmt.Sprintf("%s must be signed again by %s", e.Duty, due)
	case promise.SignLate:
		return fmt.Sprintf("%s was due %s and is not signed", e.Duty, due)
	case promise.NoArchive:
		return "an archive was due " + due + " and was not written"
	case promise.NoDuty:
		return "the policy asks nobody for it"
	}
	return string(e.Why)
}

// shortly cuts a text after n characters.
func shortly(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
