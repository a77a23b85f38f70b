package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (a *app) messageCommand() *cobra.Command {
	c := group("message", "Messages to people: of what class, why, and who does not get them",
		`A message names its class, the purpose of the policy under which it goes, and why
it is sent. Whether somebody gets it is decided for each person when it goes; one
that is withheld is counted, with the reason. Marketing and surveys carry a way
out of one click, without a sign-in.

A mail is sent by the mail server of the configuration. For sms, push and the
like the decision is made here, and the company's own sender takes the message to
those whose copy is "handed": avow message show lists them.`,
		a.messageSend(), a.messageList(), a.messageShow())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) messageSend() *cobra.Command {
	var (
		s                  platform.Sending
		class, title, text string
		to                 []string
		wait               bool
	)
	c := asStaff(&cobra.Command{
		Use:   "send --class CLASS --for PURPOSE --reason CODE (--to SUBJECT | --everybody)",
		Short: "Send a message, as far as each person may get it",
		Example: `  avow message send --class transaction --for notifications --reason order-confirmed --to sub_… --title 'Your order' --text @order.txt
  avow message send --class marketing --for marketing --reason spring-sale --everybody --title 'Spring' --text @sale.txt
  avow message send --class marketing --for marketing --channel push --reason spring-sale --everybody`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			by, err := a.by(cmd, p, program)
			if err != nil {
				return err
			}
			if r := p.Policy().RoleBy(by.Role); r != nil {
				s.By = avow.Actor{Role: r.Name, ID: by.ID}
			}
			s.Class = message.Class(class)
			for _, id := range to {
				s.To = append(s.To, subject.ID(id))
			}
			t, err := a.text(text)
			if err != nil {
				return err
			}
			s.Letter = message.Letter{Title: title, Text: t.Reveal()}
			id, err := p.Send(cmd.Context(), s)
			if err != nil {
				return err
			}
			if wait {
				if err := allOut(cmd.Context(), p, id); err != nil {
					return err
				}
			}
			return a.print(map[string]any{"id": id}, func(w io.Writer) { fmt.Fprintln(w, id) })
		},
	})
	f := c.Flags()
	f.StringVar(&class, "class", "", "service, update, safety, transaction, survey, marketing")
	f.StringVar(&s.Purpose, "for", "", "purpose of the policy under which it goes")
	f.StringVar(&s.Channel, "channel", message.Email, "email, sms, push, popup, notification-centre")
	f.StringVar(&s.Reason, "reason", "", "why it is sent, in a code such as order-confirmed")
	f.StringVar(&s.Ref, "ref", "", "order, ticket, case, contract or request behind it, such as order:17")
	f.StringVar(&s.Language, "language", "", "language of its frame (the policy's first when left out)")
	f.StringVar(&title, "title", "", "its title")
	f.StringVar(&text, "text", "", "its text; @FILE, or - for standard input")
	f.StringArrayVar(&to, "to", nil, "who gets it, as far as they may")
	f.BoolVar(&wait, "wait", false, "wait until every copy is sent or withheld (while avow serve runs)")
	f.BoolVar(&s.Everybody, "everybody", false, "everybody whose account is open, as far as they may")
	return c
}

// allOut waits until no copy of a message waits any more.
func allOut(ctx context.Context, p *avow.Platform, id message.ID) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		m, err := p.Message(ctx, id)
		if err != nil || m.Spread && m.Copies[message.Waiting] == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (a *app) messageList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List messages with what became of their copies, oldest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Messages(cmd.Context(), "", 500)
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, m := range list {
					fmt.Fprintln(w, messageLine(m))
				}
			})
		},
	}
}

func messageLine(m platform.MessageSummary) string {
	return fmt.Sprintf("%s\t%s\tby %s\tfor %s\t%s\t%s\t%s", m.ID, m.Class, m.Channel, m.Purpose, m.Reason, m.Made.Format(time.RFC3339), states(m.Copies))
}

func (a *app) messageShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show MESSAGE",
		Short: "Show what became of a message, person by person",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			id, err := message.ParseID(args[0])
			if err != nil {
				return err
			}
			m, err := p.Message(cmd.Context(), id)
			if err != nil {
				return err
			}
			copies, err := p.Copies(cmd.Context(), id, "", 500)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"message": m, "people": copies}, func(w io.Writer) {
				fmt.Fprintln(w, messageLine(m))
				for _, c := range copies {
					fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", c.Subject, c.State, c.Surface, c.Why, c.At.Format(time.RFC3339))
				}
			})
		},
	}
}
