package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
)

func (a *app) subjectHistory() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "history SUBJECT",
		Short: "Show the log entries about a subject, newest first",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			records, err := p.History(cmd.Context(), id, limit)
			if err != nil {
				return err
			}
			return a.printRecords(p, records, true)
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "how many entries")
	return c
}

// A recordView is a log entry in names.
type recordView struct {
	Seq     int64          `json:"seq"` // -1: not yet in order
	ID      audit.ID       `json:"id"`
	Kind    string         `json:"kind"`
	At      time.Time      `json:"at"`
	Control string         `json:"control,omitempty"`
	Public  map[string]any `json:"public"`
	Private map[string]any `json:"private,omitempty"`
	Sealed  string         `json:"sealed,omitempty"`
	Cursor  string         `json:"cursor"`
}

func (a *app) printRecords(p *avow.Platform, records []audit.Record, own bool) error {
	views := make([]recordView, len(records))
	for i, r := range records {
		views[i] = recordView{
			Seq: r.Seq, ID: r.ID, Kind: r.Kind.String(), At: r.At, Control: string(r.Control),
			Public: fieldsView(p, r.Public), Private: fieldsView(p, r.Private), Sealed: string(r.Sealed), Cursor: r.Cursor(own),
		}
	}
	return a.print(views, func(w io.Writer) {
		for _, v := range views {
			seq := fmt.Sprint(v.Seq)
			if v.Seq < 0 {
				seq = "…"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", seq, v.At.Format(time.RFC3339), v.Kind, v.Control, words(v.Public, v.Private))
		}
	})
}

func (a *app) subjectClose() *cobra.Command {
	return &cobra.Command{
		Use:   "close SUBJECT",
		Short: "Close a subject's account: its retention clocks start",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if err := p.CloseAccount(cmd.Context(), id, avow.Actor{Role: "self"}); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "state": "closed"}, func(w io.Writer) { fmt.Fprintln(w, "closed") })
		},
	}
}

func (a *app) subjectRestrict() *cobra.Command {
	var lift bool
	c := &cobra.Command{
		Use:   "restrict SUBJECT",
		Short: "Keep a subject's data but do not use it (--lift ends it)",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if err := p.Restrict(cmd.Context(), id, !lift, avow.Actor{Role: "self"}); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "restricted": !lift}, func(w io.Writer) {
				fmt.Fprintln(w, map[bool]string{true: "restricted", false: "no longer restricted"}[!lift])
			})
		},
	}
	c.Flags().BoolVar(&lift, "lift", false, "end the restriction")
	return c
}

func (a *app) subjectGuardian() *cobra.Command {
	var end bool
	c := asStaff(&cobra.Command{
		Use:   "guardian SUBJECT --as LOGIN",
		Short: "Record that a parent or guardian consented for somebody under age (--end: took it back)",
		Long: `guardian records that a parent or guardian consented for somebody under age, in
the form that the policy asks for. Who saw the paper signs it with their login.
With --end the guardian took the consent back: from then on nothing is collected
or used that waits for it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			actor, err := a.recorder(cmd, p)
			if err != nil {
				return err
			}
			record := p.Guardian
			if end {
				record = p.EndGuardian
			}
			if err := record(cmd.Context(), id, actor); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "guardian": !end}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	})
	c.Flags().BoolVar(&end, "end", false, "the guardian took the consent back")
	return c
}

func (a *app) subjectHold() *cobra.Command {
	var (
		class, cite, until string
		end                bool
	)
	c := &cobra.Command{
		Use:   "hold SUBJECT --cite PROVISION",
		Short: "Keep a class although its retention ends (--end lifts it)",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if end {
				err = p.EndHold(cmd.Context(), id, class, avow.Actor{})
			} else {
				var t time.Time
				if t, err = date(until); err != nil {
					return err
				}
				err = p.Hold(cmd.Context(), id, class, cite, t, avow.Actor{})
			}
			if err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "class": class, "held": !end}, func(w io.Writer) {
				fmt.Fprintln(w, map[bool]string{true: "held", false: "hold lifted"}[!end])
			})
		},
	}
	f := c.Flags()
	f.StringVar(&class, "class", "", "retention class (everything when left out)")
	f.StringVar(&cite, "cite", "", "the provision or the claim behind it")
	f.StringVar(&until, "until", "", "when it ends, YYYY-MM-DD (until lifted when left out)")
	f.BoolVar(&end, "end", false, "lift the hold")
	return c
}

// date reads YYYY-MM-DD; "" is no date.
func date(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, usage("%q is not a date: write YYYY-MM-DD", s)
	}
	return t, nil
}
