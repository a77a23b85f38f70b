package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func (a *app) permissionCommand() *cobra.Command {
	c := group("permission", "Permissions of people's devices: asked where, answered how, on or off",
		`An app asks for a permission of the device where the function begins that the policy
pairs with it, and notes the answer:

  list   how the permissions of a person's devices stand, and what became of them
  ask    the app asked in a function, and the person said yes or no
  off    the person turned it off: nothing is read through it any more
  open   something is opened through it, such as a microphone, in its function
  close  … and closed

What is read without one is refused by avow collect, and every attempt is logged. A
device has a name that the app makes up; its own numbers do not belong here.`,
		a.permissionList(), a.permissionAsk(), a.permissionOff(), a.permissionOpen(), a.permissionClose())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) permissionList() *cobra.Command {
	return &cobra.Command{
		Use:   "list SUBJECT",
		Short: "List how the permissions of a person's devices stand",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			list, err := p.Permissions(cmd.Context(), id)
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, x := range list {
					fmt.Fprintf(w, "%s\t%s\t%s since %s\tasked %s in %s%s\n", x.Device, x.Permission, x.State, x.Since.Format(time.RFC3339),
						x.Asked.Format(time.RFC3339), x.Function, openText(x.Open))
				}
			})
		},
	}
}

func openText(since *time.Time) string {
	if since == nil {
		return ""
	}
	return "\topen since " + since.Format(time.RFC3339)
}

// onPermission makes a command about one permission of one device of a person.
func (a *app) onPermission(c *cobra.Command, fn func(*cobra.Command, *avow.Platform, subject.ID, platform.Permission) error) *cobra.Command {
	var of platform.Permission
	c.Args = cobra.ExactArgs(2)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		p, id, err := a.subject(cmd, args[0])
		if err != nil {
			return err
		}
		of.Name = args[1]
		return fn(cmd, p, id, of)
	}
	c.Flags().StringVar(&of.Device, "device", "", "the device, as the app calls it")
	c.MarkFlagRequired("device")
	if c.Name() == "ask" || c.Name() == "open" {
		c.Flags().StringVar(&of.Function, "function", "", "business function, as the policy names it")
	}
	return c
}

// permitted prints what the policy says about a permission. Refusals make the exit
// code 3.
func (a *app) permitted(of platform.Permission, done string, refusals []policy.Refusal) error {
	out := map[string]any{"permission": of.Name, "device": of.Device, "function": of.Function, "refusals": refusals}
	err := a.print(out, func(w io.Writer) {
		if len(refusals) == 0 {
			fmt.Fprintf(w, "%s: %s\n", of.Name, done)
			return
		}
		fmt.Fprintln(w, "denied")
		for _, r := range refusals {
			fmt.Fprintf(w, "  %s\n    %s, %s%s\n", r.Text, r.Code, r.Pos, clause(r.Clause))
		}
	})
	if err == nil && len(refusals) > 0 {
		return errDenied
	}
	return err
}

func (a *app) permissionAsk() *cobra.Command {
	var answer string
	c := a.onPermission(&cobra.Command{
		Use:     "ask SUBJECT PERMISSION --device NAME --function NAME --answer yes|no",
		Short:   "Note that the app asked for a permission, and what the person said",
		Example: `  avow permission ask sub_… camera --device phone-1 --function add-device --answer yes`,
	}, func(cmd *cobra.Command, p *avow.Platform, id subject.ID, of platform.Permission) error {
		if answer != "yes" && answer != "no" {
			return usage("--answer is yes or no")
		}
		refusals, err := p.AnswerPermission(cmd.Context(), id, platform.AskedPermission{Permission: of, Granted: answer == "yes", By: avow.Actor{Role: "self"}})
		if err != nil {
			return err
		}
		return a.permitted(of, "the person said "+answer, refusals)
	})
	c.Flags().StringVar(&answer, "answer", "", "what the person said: yes or no")
	c.MarkFlagRequired("answer")
	return c
}

func (a *app) permissionOff() *cobra.Command {
	return a.onPermission(&cobra.Command{
		Use:   "off SUBJECT PERMISSION --device NAME",
		Short: "Note that the person turned a permission off: nothing is read through it any more",
	}, func(cmd *cobra.Command, p *avow.Platform, id subject.ID, of platform.Permission) error {
		if err := p.RevokePermission(cmd.Context(), id, of, avow.Actor{Role: "self"}); err != nil {
			return err
		}
		return a.permitted(of, "off", nil)
	})
}

func (a *app) permissionOpen() *cobra.Command {
	return a.onPermission(&cobra.Command{
		Use:     "open SUBJECT PERMISSION --device NAME --function NAME",
		Short:   "Open something through a permission, as far as the policy allows",
		Example: `  avow permission open sub_… microphone --device phone-1 --function intercom`,
	}, func(cmd *cobra.Command, p *avow.Platform, id subject.ID, of platform.Permission) error {
		refusals, err := p.OpenPermission(cmd.Context(), id, of, avow.Actor{})
		if err != nil {
			return err
		}
		return a.permitted(of, "open", refusals)
	})
}

func (a *app) permissionClose() *cobra.Command {
	return a.onPermission(&cobra.Command{
		Use:   "close SUBJECT PERMISSION --device NAME",
		Short: "Close what was opened through a permission",
	}, func(cmd *cobra.Command, p *avow.Platform, id subject.ID, of platform.Permission) error {
		if err := p.ClosePermission(cmd.Context(), id, of, avow.Actor{}); err != nil {
			return err
		}
		return a.permitted(of, "closed", nil)
	})
}

func (a *app) leaveCommand() *cobra.Command {
	var session string
	c := &cobra.Command{
		Use:   "leave SUBJECT --session NAME",
		Short: "Note that a person stopped using the service: nothing more is observed in that session",
		Long: `leave ends a session of use. Values that are observed name the session they were
seen in; it begins with the first of them, and is over with this, or after a day.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if err := p.LeaveSession(cmd.Context(), id, session, avow.Actor{Role: "self"}); err != nil {
				return err
			}
			return a.print(map[string]any{"session": session, "over": true}, func(w io.Writer) { fmt.Fprintln(w, "over") })
		},
	}
	c.Flags().StringVar(&session, "session", "", "the session, as the app calls it")
	c.MarkFlagRequired("session")
	onPlatform(c)
	return c
}
