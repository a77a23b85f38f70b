package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
)

func (a *app) policyPublish() *cobra.Command {
	var at string
	var reasons []string
	var soonest bool
	c := &cobra.Command{
		Use:   "publish [--at TIME | --soonest] [--reason CODE]",
		Short: "Publish the policy file as the next version, from its day on",
		Long: `publish makes the policy file of the configuration the next version. It holds from
its day on (--at, or effective: in the file) and not before; without a day or a
reason it is refused. What changed is classed first. A change that people are told
of beforehand waits until its notices are out, by the channels and for the time
that the policy promises: avow policy notices shows how far they are.

A text that is published and not in force yet is replaced by the next one. A start
of the server publishes a changed file by the day and the reason that it names.`,
		Example: `  avow policy publish --at 2026-12-01 --reason law
  avow policy publish --at 2026-12-01T00:00:00+08:00 --reason business --reason function`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			when, err := dayOrTime(at)
			if err != nil {
				return err
			}
			a.byHand = true
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			_, v, err := a.server.Publish(cmd.Context(), p.ID(), when, reasons, soonest)
			if err != nil {
				return err
			}
			if v == nil {
				next, err := p.Coming(cmd.Context())
				if err != nil || next != nil {
					return a.coming(next, err)
				}
				v = p.Version()
			}
			out := map[string]any{"number": v.Num, "version": v.Policy.Version(), "since": v.Since}
			return a.print(out, func(w io.Writer) {
				fmt.Fprintf(w, "in force since %s\n%s\n", v.Since.Format(time.RFC3339), v.Policy.Version())
			})
		},
	}
	c.Flags().StringVar(&at, "at", "", "from when it holds: a day, or a time such as 2026-12-01T00:00:00+08:00 (the file's effective: when left out)")
	c.Flags().BoolVar(&soonest, "soonest", false, "as soon as people have known of it for long enough, and not before --at")
	c.Flags().StringArrayVar(&reasons, "reason", nil, "why it was written: business, function, law, practice, correction (the file's revision: when left out)")
	onPlatform(c)
	return c
}

// dayOrTime reads a day or a time.
func dayOrTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--at: write a day such as 2026-12-01, or a time such as 2026-12-01T00:00:00+08:00")
}

func (a *app) policyNotices() *cobra.Command {
	c := &cobra.Command{
		Use:   "notices",
		Short: "Show what is published and not in force yet, and how far its notices are",
		Long: `notices shows the version that is published and not in force yet, what it changes,
how people hear of it, and how many have. It does what is due of it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if err := p.TakeEffect(cmd.Context()); err != nil {
				return err
			}
			next, err := p.Coming(cmd.Context())
			return a.coming(next, err)
		},
	}
	onPlatform(c)
	return c
}

func (a *app) coming(c *platform.Coming, err error) error {
	if err != nil {
		return err
	}
	if c == nil {
		return a.print(map[string]any{}, func(w io.Writer) { fmt.Fprintln(w, "nothing is published that is not in force") })
	}
	return a.print(c, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n%s change, because of %s\n", c.Version, c.Weight, strings.Join(c.Reasons, ", "))
		switch {
		case c.Told == nil:
			fmt.Fprintf(w, "waits for its notices; takes effect on %s at the soonest\n", c.At.Format(time.RFC3339))
		default:
			fmt.Fprintf(w, "its notices have been out since %s; takes effect on %s\n", c.Told.Format(time.RFC3339), c.At.Format(time.RFC3339))
		}
		if c.Before != "" {
			fmt.Fprintf(w, "people know of it %s before\n", c.Before)
		}
		if c.Again {
			fmt.Fprintln(w, "people are asked to accept it")
		}
		if c.Keeps {
			fmt.Fprintln(w, "who does not accept it keeps the rights they had")
		}
		for _, n := range c.Notices {
			fmt.Fprintf(w, "%s\t%s\t%s\n", n.Message, n.Channel, states(n.Copies))
		}
		for _, x := range c.Since.Changes {
			fmt.Fprintf(w, "- %s: %s\n", x.Weight, x.Says)
		}
	})
}

// states says how many copies are in each state.
func states(n map[message.State]int64) string {
	out := ""
	for _, s := range []message.State{message.Waiting, message.Sent, message.Handed, message.Withheld, message.Failed, message.Shown, message.Seen} {
		if n[s] > 0 {
			out += fmt.Sprintf(" %s %d", s, n[s])
		}
	}
	if out == "" {
		return "nobody yet"
	}
	return out[1:]
}
