package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (a *app) caseCommand() *cobra.Command {
	c := group("case", "Questions, suggestions and complaints: who waits, for what, until when",
		`Whoever writes, calls or comes gets a case with a number, and an answer within the
time that the policy sets:

  open      somebody said something, on a channel that the policy names
  reply     the answer; the person is sent it, and told where to complain
  delay     the answer takes longer, for a reason that the person is told in time
  escalate  the answer does not satisfy: another case, for somebody else
  close     it is over

What is written stands sealed. Reading it leaves an entry that its person sees.`,
		a.caseOpen(), a.caseList(), a.caseShow(), a.caseReply(), a.caseDelay(), a.caseEscalate(), a.caseClose())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) caseOpen() *cobra.Command {
	var kind, about, channel, text, to, language, sub string
	c := asStaff(&cobra.Command{
		Use:   "open --channel CHANNEL --text TEXT",
		Short: "Take down what somebody says; its clock starts",
		Long: `open takes a question, comment, opinion, suggestion or complaint down. The text is
read from a file with --text @FILE, or from standard input with --text -. --subject
says who it is where that was proved; an address alone proves nothing.`,
		Example: `  avow case open --kind question --about data --channel phone --as mei --text @call.txt
  avow case open --kind complaint --channel email --contact lin@example.org --text -`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			by, err := a.by(cmd, p, person)
			if err != nil {
				return err
			}
			asked := contact.Asked{Kind: contact.Kind(kind), Topic: contact.Topic(about), Channel: channel, Language: language, Contact: avow.NewPersonal(to)}
			if asked.Text, err = a.text(text); err != nil {
				return err
			}
			opened, err := p.OpenCase(cmd.Context(), subject.ID(sub), asked, by)
			if err != nil {
				return err
			}
			return a.opened(opened)
		},
	})
	f := c.Flags()
	f.StringVar(&kind, "kind", "question", "question, comment, opinion, suggestion, complaint, leak (opens an incident), child")
	f.StringVar(&about, "about", "data", "what it is about: policy, data, account, other")
	f.StringVar(&channel, "channel", "", "where it was said, as the policy calls it")
	f.StringVar(&text, "text", "", "the whole story; @FILE, or - for standard input")
	f.StringVar(&to, "contact", "", "where the answer goes")
	f.StringVar(&language, "language", "", "language of the answer (the policy's first when left out)")
	f.StringVar(&sub, "subject", "", "who it is, where that was proved")
	return c
}

// text reads a text of the command line.
func (a *app) text(arg string) (platform.Personal, error) {
	_, value, err := a.pair("text=" + arg)
	return avow.NewPersonal(value), err
}

func (a *app) opened(c *contact.Case) error {
	out := map[string]any{"id": c.ID, "owner": c.Owner, "due": c.Due, "first": c.First}
	return a.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s\towner %s\tdue %s\n", c.ID, c.Owner, dueText(c.Due))
	})
}

func dueText(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}

func (a *app) caseList() *cobra.Command {
	var state, sub string
	c := &cobra.Command{
		Use:   "list",
		Short: "List cases, oldest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Cases(cmd.Context(), platform.CaseFilter{State: contact.State(state), Subject: subject.ID(sub), Limit: 500})
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, c := range list {
					fmt.Fprintln(w, caseLine(c))
				}
			})
		},
	}
	c.Flags().StringVar(&state, "state", "", "only those that are open, answered or closed")
	c.Flags().StringVar(&sub, "subject", "", "only those of this person")
	return c
}

func caseLine(c platform.CaseSummary) string {
	state := string(c.State)
	switch {
	case c.Overdue:
		state += " (overdue)"
	case c.Late:
		state += " (late)"
	case c.Outcome != "":
		state += " (" + c.Outcome + ")"
	}
	return fmt.Sprintf("%s\t%s\t%s about %s\tby %s\towner %s\treceived %s\tdue %s", c.ID, state, c.Kind, c.Topic, c.Channel, c.Owner,
		c.Received.Format(time.RFC3339), dueText(c.Due))
}

func (a *app) caseShow() *cobra.Command {
	return a.caseAct(&cobra.Command{
		Use:   "show CASE --as LOGIN",
		Short: "Show a case with what was written, and those that it looks at again",
	}, nobody, func(cmd *cobra.Command, p *avow.Platform, id contact.ID, by gate.Actor) error {
		file, err := p.CaseFile(cmd.Context(), id, by)
		if err != nil {
			return err
		}
		return a.print(file, func(w io.Writer) { printCase(w, file) })
	})
}

func printCase(w io.Writer, f *platform.CaseFile) {
	for _, c := range f.Cases {
		fmt.Fprintln(w, caseLine(c.CaseSummary))
		for _, e := range c.Events {
			fmt.Fprintf(w, "  %s\t%s\t%s\tentry %d\t%s\n", e.At.Format(time.RFC3339), e.Kind, e.Actor, e.Entry, e.Note)
			switch {
			case e.Gone && e.Text == "":
				fmt.Fprintln(w, "    (what was written here is gone)")
			case e.Text != "":
				fmt.Fprintln(w, "    "+strings.ReplaceAll(e.Text, "\n", "\n    "))
			}
			if e.Contact != "" {
				fmt.Fprintln(w, "    answer to: "+e.Contact)
			}
		}
	}
	fmt.Fprintf(w, "complaints: %s %s\n", f.Authority, f.AuthorityURL)
}

func (a *app) caseID(cmd *cobra.Command, arg string) (*avow.Platform, contact.ID, error) {
	p, err := a.platform(cmd)
	if err != nil {
		return nil, "", err
	}
	id, err := contact.ParseID(arg)
	return p, id, err
}

// caseAct is a command of staff on one case.
func (a *app) caseAct(c *cobra.Command, otherwise int, fn func(*cobra.Command, *avow.Platform, contact.ID, gate.Actor) error) *cobra.Command {
	return onOne(a, c, a.caseID, otherwise, fn)
}

func (a *app) caseMoved(c *contact.Case, err error) error {
	if err != nil {
		return err
	}
	out := map[string]any{"id": c.ID, "state": c.State, "late": c.Late, "due": c.Due, "outcome": c.Outcome}
	return a.print(out, func(w io.Writer) {
		late := ""
		if c.Late {
			late = ", late"
		}
		fmt.Fprintf(w, "%s%s\n", c.State, late)
	})
}

func (a *app) caseReply() *cobra.Command {
	var text string
	c := a.caseAct(&cobra.Command{Use: "reply CASE --as LOGIN --text TEXT", Short: "Answer a case"}, nobody,
		func(cmd *cobra.Command, p *avow.Platform, id contact.ID, by gate.Actor) error {
			t, err := a.text(text)
			if err != nil {
				return err
			}
			return a.caseMoved(p.ReplyCase(cmd.Context(), id, t, by))
		})
	c.Flags().StringVar(&text, "text", "", "the answer; @FILE, or - for standard input")
	return c
}

func (a *app) caseDelay() *cobra.Command {
	var reason string
	c := a.caseAct(&cobra.Command{Use: "delay CASE --as LOGIN --reason CODE", Short: "Say in time that the answer takes longer, and why"}, nobody,
		func(cmd *cobra.Command, p *avow.Platform, id contact.ID, by gate.Actor) error {
			return a.caseMoved(p.DelayCase(cmd.Context(), id, reason, by))
		})
	c.Flags().StringVar(&reason, "reason", "", "complex, many-requests, third-party, clarification")
	return c
}

func (a *app) caseEscalate() *cobra.Command {
	var text string
	c := a.caseAct(&cobra.Command{Use: "escalate CASE --text TEXT", Short: "The answer does not satisfy: somebody else looks at it again"}, person,
		func(cmd *cobra.Command, p *avow.Platform, id contact.ID, by gate.Actor) error {
			t, err := a.text(text)
			if err != nil {
				return err
			}
			next, err := p.EscalateCase(cmd.Context(), id, t, by)
			if err != nil {
				return err
			}
			return a.opened(next)
		})
	c.Flags().StringVar(&text, "text", "", "what is wrong with the answer; @FILE, or - for standard input")
	return c
}

func (a *app) caseClose() *cobra.Command {
	var outcome string
	c := a.caseAct(&cobra.Command{Use: "close CASE --as LOGIN --outcome CODE", Short: "End a case"}, nobody,
		func(cmd *cobra.Command, p *avow.Platform, id contact.ID, by gate.Actor) error {
			return a.caseMoved(p.CloseCase(cmd.Context(), id, outcome, by))
		})
	c.Flags().StringVar(&outcome, "outcome", contact.Solved, strings.Join(contact.Outcomes(), ", "))
	return c
}
