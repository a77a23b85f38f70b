package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func (a *app) requestCommand() *cobra.Command {
	c := group("request", "Requests of the people whose data it is",
		`A request goes through these hands:

  new       somebody asks; the clocks of the policy and its laws start
  verify    who asks has been proved to be the person
  plan      every system is asked what it holds; the plan says what will happen
            to which rows, what is kept and why
  approve   somebody else than who asked or planned says yes to that plan
  run       the plan is carried out, step by step, and checked by reading again
  tasks     what people have to do by hand, or whom to tell, before it goes on
  attest    they say that they have done it
  deliver   a package is handed over (access, portability)
  receipt   the receipt, which anybody can verify offline`,
		a.requestNew(), a.requestVerify(), a.requestPlan(), a.requestApprove(), a.requestRun(), a.requestTasks(), a.requestAttest(), a.requestShow(),
		a.requestList(), a.requestDeliver(), a.requestReceipt(), a.requestRefuse(), a.requestWithdraw(), a.requestPause(), a.requestResume())
	onPlatform(c.Commands()...)
	return c
}

// asStaff adds the flag that says who acts.
func asStaff(c *cobra.Command) *cobra.Command {
	c.Flags().String("as", "", "login of the member of staff who acts (avow staff add)")
	return c
}

// Who acts where no --as says so.
const (
	person = iota // the person whose data it is
	program
	nobody // it takes a member of staff
)

// by returns who acts: the member of staff that --as names, or otherwise.
func (a *app) by(cmd *cobra.Command, p *avow.Platform, otherwise int) (gate.Actor, error) {
	login, _ := cmd.Flags().GetString("as")
	switch {
	case login != "":
		return p.Staff(cmd.Context(), login)
	case otherwise == person:
		return gate.Actor{Role: policy.Self}, nil
	case otherwise == program:
		return gate.Actor{Role: policy.Service}, nil
	}
	return gate.Actor{}, usage("say who acts, with --as LOGIN: avow staff add makes the first")
}

// staffed opens the platform, and returns the member of staff that --as names.
func (a *app) staffed(cmd *cobra.Command) (*avow.Platform, gate.Actor, error) {
	p, err := a.platform(cmd)
	if err != nil {
		return nil, gate.Actor{}, err
	}
	by, err := a.by(cmd, p, nobody)
	return p, by, err
}

// request opens the platform and reads a request's id.
func (a *app) request(cmd *cobra.Command, arg string) (*avow.Platform, rights.ID, error) {
	p, err := a.platform(cmd)
	return p, rights.ID(arg), err
}

// An asking is what the flags and arguments of request new say.
type asking struct {
	sub, scope, channel, language, contact, verified string
	corrects                                         []string
}

func (a *app) requestNew() *cobra.Command {
	var in asking
	c := asStaff(&cobra.Command{
		Use:   "new RIGHT [kind=value ...]",
		Short: "Take a request down; its clocks start",
		Long: `new takes a request down. RIGHT is access, portability, rectification,
restriction, erasure or closing. The person is named by identifiers, as they
gave them, or by --subject where that is known. A rectification says what is
right, item by item, with --correct; --scope lift ends a restriction.

` + givenHelp,
		Example: `  avow request new access email=lin@example.org --channel support --as mei
  avow request new erasure --subject sub_… --scope item:account.phone
  avow request new rectification email=lin@example.org --correct account.phone=-`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			asked, err := a.asked(in, args)
			if err != nil {
				return err
			}
			return a.receive(cmd, asked, in.verified)
		},
	})
	f := c.Flags()
	f.StringVar(&in.sub, "subject", "", "subject, where it is known")
	f.StringVar(&in.scope, "scope", "", "class:NAME, item:NAME, or lift (everything when left out)")
	f.StringArrayVar(&in.corrects, "correct", nil, "ITEM=VALUE of a rectification; - for a value on standard input")
	f.StringVar(&in.channel, "channel", "support", "where the person asked")
	f.StringVar(&in.language, "language", "", "language of the answer (the policy's first when left out)")
	f.StringVar(&in.contact, "contact", "", "where answers go")
	f.StringVar(&in.verified, "verified-by", "", "how the person was verified already: document, in-person, identifier-code, login")
	return c
}

// asked reads what is asked for.
func (a *app) asked(in asking, args []string) (asked rights.Asked, err error) {
	asked = rights.Asked{
		Right: policy.RightKind(args[0]), Subject: subject.ID(in.sub), Channel: in.channel, Language: in.language,
		Contact: avow.NewPersonal(in.contact),
	}
	if asked.Scope, err = plan.ParseScope(in.scope); err != nil {
		return asked, err
	}
	for _, arg := range args[1:] {
		kind, value, err := a.pair(arg)
		if err != nil {
			return asked, err
		}
		asked.Identifiers = append(asked.Identifiers, connector.Identifier{Kind: kind, Value: avow.NewPersonal(value)})
	}
	for _, arg := range in.corrects {
		item, value, err := a.pair(arg)
		if err != nil {
			return asked, err
		}
		asked.Corrections = append(asked.Corrections, rights.Correction{Item: item, Value: avow.NewPersonal(value)})
	}
	return asked, nil
}

// receive takes a request down, and notes how the person was verified.
func (a *app) receive(cmd *cobra.Command, asked rights.Asked, verified string) error {
	p, err := a.platform(cmd)
	if err != nil {
		return err
	}
	by, err := a.by(cmd, p, person)
	if err != nil {
		return err
	}
	if verified != "" { // before anything is taken down
		if err := p.Requests().CheckMethod(asked.Right, verified, by); err != nil {
			return err
		}
	}
	id, err := p.Requests().Receive(cmd.Context(), asked, by)
	if err != nil {
		return err
	}
	if verified != "" {
		if err := p.Requests().Verify(cmd.Context(), id, by, verified); err != nil {
			return err
		}
	}
	return a.print(map[string]any{"request": id}, func(w io.Writer) { fmt.Fprintln(w, id) })
}

// step builds a command that takes one request one step further.
func (a *app) step(use, short string, otherwise int, fn func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error) *cobra.Command {
	return onOne(a, &cobra.Command{Use: use, Short: short}, a.request, otherwise, fn)
}

// onOne makes of c a command about the one request, case or the like that its
// argument names; otherwise is who acts where no --as says so.
func onOne[ID any](a *app, c *cobra.Command, find func(*cobra.Command, string) (*avow.Platform, ID, error), otherwise int,
	fn func(*cobra.Command, *avow.Platform, ID, gate.Actor) error,
) *cobra.Command {
	c.Args = cobra.ExactArgs(1)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		p, id, err := find(cmd, args[0])
		if err != nil {
			return err
		}
		by, err := a.by(cmd, p, otherwise)
		if err != nil {
			return err
		}
		return fn(cmd, p, id, by)
	}
	return asStaff(c)
}

func (a *app) requestVerify() *cobra.Command {
	var method string
	c := a.step("verify REQUEST --method METHOD", "Record that who asks is the person", program,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if err := p.Requests().Verify(cmd.Context(), id, by, method); err != nil {
				return err
			}
			return a.stateOf(cmd, p, id)
		})
	c.Flags().StringVar(&method, "method", "", "document, in-person, identifier-code, login")
	c.MarkFlagRequired("method")
	return c
}

func (a *app) requestPlan() *cobra.Command {
	return a.step("plan REQUEST", "Ask every system what it holds, and plan what will happen", program,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if _, err := p.Requests().Survey(cmd.Context(), id, by); err != nil {
				return err
			}
			public, err := p.Requests().Plan(cmd.Context(), id, by)
			if err != nil {
				return err
			}
			return a.print(public, func(w io.Writer) { writePlan(w, public) })
		})
}

func writePlan(w io.Writer, p plan.Public) {
	for _, s := range p.Systems {
		fmt.Fprintf(w, "%s\n", s.Name)
		for _, c := range s.Collections {
			fmt.Fprintf(w, "  %s\t%s\t%d\t%s\n", c.Action, c.Name, c.Count, c.Why)
			if c.Keep != nil {
				until := ""
				if c.Keep.Until != "" {
					until = ", until " + c.Keep.Until
				}
				fmt.Fprintf(w, "  \t\t\tkept: %s %s%s\n", c.Keep.Reason["en"], c.Keep.Cite, until)
			}
			for _, l := range c.Leaves {
				fmt.Fprintf(w, "  \t\t\t%s: %s. %s\n", l.Column, l.Strategy, l.Why["en"])
			}
		}
		for _, warning := range s.Warnings {
			fmt.Fprintf(w, "  warning: %s\n", warning)
		}
	}
	for _, t := range p.Manual {
		fmt.Fprintf(w, "by hand\t%s %s %s\t%d rows\t%s\n", t.System, t.Collection, strings.Join(t.Columns, ", "), t.Rows, t.Why["en"])
	}
	for _, r := range p.Recipients {
		fmt.Fprintf(w, "had received it\t%s\t%s\tlast %s\n", r.Name, strings.Join(r.Items, ", "), day(r.Last))
	}
	fmt.Fprintf(w, "plan %s\n", p.Hash)
}

func (a *app) requestApprove() *cobra.Command {
	var hash string
	c := a.step("approve REQUEST --plan HASH --as LOGIN", "Say yes to the plan with this hash", nobody,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if err := p.Requests().Approve(cmd.Context(), id, hash, by); err != nil {
				return err
			}
			return a.stateOf(cmd, p, id)
		})
	c.Flags().StringVar(&hash, "plan", "", "hash of the plan, as avow request plan printed it")
	c.MarkFlagRequired("plan")
	return c
}

func (a *app) requestRun() *cobra.Command {
	var retry bool
	c := a.step("run REQUEST", "Carry the approved plan out, to its end", program,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			start := p.Requests().Run
			if retry {
				start = p.Requests().Retry
			}
			view, err := p.Requests().Show(cmd.Context(), id)
			if err != nil {
				return err
			}
			ran := view.State == rights.VerifiedAfter || view.State == rights.Delivered
			if platform.Resting(view) && !ran { // a run that was cut off goes on, and what follows it
				if err := start(cmd.Context(), id, by); err != nil {
					return err
				}
			}
			if err := p.WorkUntil(cmd.Context(), id, a.progress("steps")); err != nil {
				return err
			}
			return a.show(cmd, p, id)
		})
	c.Flags().BoolVar(&retry, "retry", false, "take a request that needed attention up again, after its cause was mended")
	return c
}

func (a *app) requestShow() *cobra.Command {
	return a.step("show REQUEST", "Show where a request stands", program,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, _ gate.Actor) error {
			return a.show(cmd, p, id)
		})
}

func (a *app) show(cmd *cobra.Command, p *avow.Platform, id rights.ID) error {
	v, err := p.Requests().Show(cmd.Context(), id)
	if err != nil {
		return err
	}
	err = a.print(v, func(w io.Writer) { writeView(w, v) })
	if err == nil && v.State == rights.NeedsAttention {
		return errNo
	}
	return err
}

func writeView(w io.Writer, v rights.View) {
	fmt.Fprintf(w, "%s\t%s of %s\t%s\n", v.ID, v.Right, v.Scope, v.State)
	fmt.Fprintf(w, "received\t%s\tby %s\n", v.Received.Format(time.RFC3339), v.Channel)
	for name, due := range map[string]*plan.Due{"answer due": v.ReplyDue, "done due": v.DoneDue} {
		if due != nil {
			fmt.Fprintf(w, "%s\t%s\t%s %s\n", name, day(due.At), due.Rule, due.Cite)
		}
	}
	if v.Cause != "" {
		fmt.Fprintf(w, "needs attention\t%s\n", v.Cause)
	}
	for _, s := range v.Steps {
		fmt.Fprintf(w, "step %d\t%s %s\t%s\tplanned %d, done %d\n", s.Number, s.Kind, s.System, s.State, s.Planned, s.Done)
		if s.Cause != "" {
			fmt.Fprintf(w, "\t%s\n", s.Cause)
		}
	}
	for _, e := range v.Events {
		fmt.Fprintf(w, "%s\t%s\t%s %s\n", e.At.Format(time.RFC3339), e.Kind, e.Actor, e.System)
	}
}

// stateOf prints the state of a request.
func (a *app) stateOf(cmd *cobra.Command, p *avow.Platform, id rights.ID) error {
	v, err := p.Requests().Show(cmd.Context(), id)
	if err != nil {
		return err
	}
	return a.print(v.Summary, func(w io.Writer) { fmt.Fprintln(w, v.State) })
}
