package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

func (a *app) collectCommand() *cobra.Command {
	var point string
	var seen policy.Seen
	var cite, from string
	var ofMinor, agreed, reminded bool
	var others []string
	var showing string
	c := &cobra.Command{
		Use:   "collect SUBJECT --at POINT item=value [item=value ...]",
		Short: "Store values, as far as the policy lets them in",
		Long: `collect stores values that came in at a collection point of the policy, whole or
not at all. What the policy refuses is printed with its reason and place.

` + givenHelp,
		Example: `  avow collect sub_… --at order order.history='2 cameras, 2026-03-01'`,
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			given, err := a.given(args[1:])
			if err != nil {
				return err
			}
			for i := range given {
				given[i].Seen, given[i].Cite, given[i].From = seen, cite, from
				given[i].OfMinor, given[i].GuardianAgreed = ofMinor, agreed
				given[i].Other, given[i].Reminded, given[i].Showing = others, reminded, showing
			}
			missing, err := p.LeftOut(cmd.Context(), id, point, given)
			if err != nil {
				return err
			}
			refusals, err := p.Collect(cmd.Context(), id, point, given, avow.Actor{})
			if err != nil {
				return err
			}
			stored := len(given)
			if len(refusals) > 0 {
				stored = 0 // whole or not at all
			}
			left := leftOut(p.Policy(), missing)
			return a.admitted(map[string]any{"subject": id, "stored": stored, "refusals": refusals, "left_out": left}, refusals, func(w io.Writer) {
				fmt.Fprintf(w, "%d stored\n", stored)
				for _, l := range left {
					fmt.Fprintf(w, "not given: %s; without it not: %s\n", l.Item, l.Without)
				}
			})
		},
	}
	c.Flags().StringVar(&point, "at", "", "collection point of the policy")
	c.Flags().StringVar(&cite, "cite", "", "the provision that asks for the values, as a code, where a law alone does: pipl-28")
	c.Flags().BoolVar(&ofMinor, "of-minor", false, "the values are about a minor who is not the subject, such as a photo of a child")
	c.Flags().BoolVar(&agreed, "guardian-agreed", false, "who gives them attests that the minor's parent or guardian agreed")
	c.Flags().StringSliceVar(&others, "other", nil, "what others are called whom the values are about too: copies leave them out")
	c.Flags().BoolVar(&reminded, "reminded", false, "the person was reminded to give numbers to others only where they must, and goes on")
	c.Flags().StringVar(&showing, "showing", "", "the showing of the policy that came before (avow policy shown)")
	c.Flags().StringVar(&from, "from", "", "the partner or affiliate who passed them on, as the policy calls it")
	c.Flags().StringVar(&seen.Session, "session", "", "session of use that observed values were seen in, as the app calls it")
	c.Flags().StringVar(&seen.Device, "device", "", "device they were read on, as the app calls it")
	c.Flags().StringVar(&seen.Function, "function", "", "business function that read them")
	c.MarkFlagRequired("at")
	onPlatform(c)
	return c
}

// useFlags are what a use may state.
type useFlags struct {
	use    avow.Use
	ref    string
	dryRun bool
	others []string
}

func (a *app) useCommand() *cobra.Command {
	var f useFlags
	c := &cobra.Command{
		Use:   "use SUBJECT --for PURPOSE item [item ...]",
		Short: "Use values for a purpose, as far as the policy allows",
		Long: `use asks the policy, writes the decision to the log, and only then prints the
values. A denial prints every reason, with its clause and place in the policy
file, and ends with code 3.

With --also the same use is asked for several subjects in one act.`,
		Example: `  avow use sub_… --for orders --ref order:ord_1 account.email
  avow use sub_… --for push --dry-run account.email`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			f.use.Subject, f.use.Items = id, args[1:]
			if f.use.Ref, err = reference(f.ref); err != nil {
				return err
			}
			return a.useNow(cmd, p, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.use.Purpose, "for", "", "purpose")
	fl.StringVar(&f.use.Recipient, "to", "", "recipient outside the controller")
	fl.StringVar(&f.use.Case, "case", "", "case in which it is shared: consent, contract, legal, protection, … (the recipient's when left out)")
	fl.StringVar(&f.ref, "ref", "", "what is behind it: order:ID, ticket:ID, case:ID, contract:ID, request:ID or device:ID")
	fl.StringVar(&f.use.By.Role, "as", "", "role of the staff member who acts (the controller's software when left out)")
	fl.StringVar(&f.use.By.ID, "staff", "", "id of the staff member, for the log")
	fl.StringVar(&f.use.Function, "function", "", "business function")
	fl.StringVar(&f.use.Surface, "surface", "", "surface")
	fl.StringVar(&f.use.Device, "device", "", "make of the device")
	fl.StringVar(&f.use.Interest, "interest", "", "the interest that is protected")
	fl.StringVar(&f.use.Citation, "cite", "", "the legal order or provision behind it")
	fl.StringVar(&f.use.Clause, "clause", "", "the clause, of an agreement or of the policy, that is carried out")
	fl.StringVar(&f.use.Necessity, "necessity", "", "why it cannot be done without the data")
	fl.StringSliceVar(&f.others, "also", nil, "further subjects")
	fl.BoolVar(&f.dryRun, "dry-run", false, "only say what the policy would decide; nothing is used or logged")
	c.MarkFlagRequired("for")
	onPlatform(c)
	return c
}

func (a *app) useNow(cmd *cobra.Command, p *avow.Platform, f useFlags) error {
	if f.dryRun {
		d, err := p.Decide(cmd.Context(), f.use)
		if err != nil {
			return err
		}
		return a.printAnswers(p, []answerView{newAnswer(p, f.use.Subject, &vault.Answer{Decision: d})})
	}
	if len(f.others) == 0 {
		answer, err := p.Use(cmd.Context(), f.use)
		if err != nil {
			return err
		}
		return a.printAnswers(p, []answerView{newAnswer(p, f.use.Subject, answer)})
	}
	ids := []subject.ID{f.use.Subject}
	for _, arg := range f.others {
		id, err := subject.ParseID(arg)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	answers, err := p.UseMany(cmd.Context(), ids, f.use)
	if err != nil {
		return err
	}
	var views []answerView
	for i, x := range answers {
		views = append(views, newAnswer(p, ids[i], x))
	}
	return a.printAnswers(p, views)
}

type answerView struct {
	Subject  subject.ID      `json:"subject"`
	Decision policy.Decision `json:"decision"`
	Values   []valueView     `json:"values"`
	Entry    int64           `json:"entry,omitempty"`
}

type valueView struct {
	Item  string    `json:"item"`
	Value string    `json:"value"`
	Since time.Time `json:"since"`
}

func newAnswer(p *avow.Platform, id subject.ID, x *vault.Answer) answerView {
	v := answerView{Subject: id, Decision: x.Decision, Entry: x.Entry, Values: []valueView{}}
	for _, y := range x.Values {
		v.Values = append(v.Values, valueView{itemNames(p.Policy(), []policy.ItemNo{y.Item})[0], y.Text.Reveal(), y.At})
	}
	return v
}

// printAnswers prints the answers; a denial among them makes the exit code 3.
func (a *app) printAnswers(p *avow.Platform, views []answerView) error {
	var out any = views
	if len(views) == 1 {
		out = views[0]
	}
	denied := false
	for _, v := range views {
		denied = denied || !v.Decision.Allowed
	}
	err := a.print(out, func(w io.Writer) {
		for _, v := range views {
			v.write(w, len(views) > 1)
		}
	})
	if err == nil && denied {
		return errDenied
	}
	return err
}

func (v answerView) write(w io.Writer, named bool) {
	if named {
		fmt.Fprintln(w, v.Subject)
	}
	if !v.Decision.Allowed {
		fmt.Fprintln(w, "denied")
		for _, r := range v.Decision.Reasons {
			fmt.Fprintf(w, "  %s\n    %s, %s%s\n", r.Text, r.Code, r.Pos, clause(r.Clause))
		}
		return
	}
	if v.Entry == 0 {
		fmt.Fprintln(w, "allowed")
	}
	for _, x := range v.Values {
		fmt.Fprintf(w, "%s\t%s\n", x.Item, x.Value)
	}
}

// reference reads kind:id.
func reference(s string) (policy.Ref, error) {
	if s == "" {
		return policy.Ref{}, nil
	}
	kinds := map[string]policy.RefKind{
		"order": policy.RefOrder, "ticket": policy.RefTicket, "case": policy.RefCase, "contract": policy.RefContract, "request": policy.RefRequest,
		"device": policy.RefDevice,
	}
	kind, id, _ := strings.Cut(s, ":")
	if kinds[kind] == policy.RefNone || id == "" {
		return policy.Ref{}, fault.New(fault.Invalid, "a reference is order:ID, ticket:ID, case:ID, contract:ID, request:ID or device:ID")
	}
	return policy.Ref{Kind: kinds[kind], ID: id}, nil
}
