package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func (a *app) subjectCommand() *cobra.Command {
	c := group("subject", "Register people, find them, see what is held",
		"A subject is the person (or enterprise) the data is about.",
		a.subjectAdd(), a.subjectFind(), a.subjectShow(), a.subjectHistory(), a.subjectClose(), a.subjectRestrict(), a.subjectHold(), a.subjectGuardian(), a.subjectDecline(), a.subjectLives(), a.subjectMeasure(), a.subjectAge())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) subjectAdd() *cobra.Command {
	var (
		r    avow.Registration
		kind string
	)
	c := &cobra.Command{
		Use:   "add [item=value ...]",
		Short: "Register a subject with what they give",
		Long: `add registers a subject and stores the values given with the registration,
whole or not at all: when the policy refuses one value, nobody is registered and
every refusal is printed.

` + givenHelp,
		Example: `  avow subject add --accept --adult --at registration account.email=lin@example.org`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if r.Given, err = a.given(args); err != nil {
				return err
			}
			if len(r.Given) > 0 && r.Point == "" {
				return usage("say where the values were given, with --at: %s", strings.Join(points(p), ", "))
			}
			r.Kind = subject.Kind(kind)
			id, refusals, err := p.Register(cmd.Context(), r)
			if err != nil {
				return err
			}
			left := leftOut(p.Policy(), p.Policy().LeftOut(r.Point, r.Given))
			return a.admitted(map[string]any{"subject": id, "refusals": refusals, "left_out": left}, refusals, func(w io.Writer) { fmt.Fprintln(w, id) })
		},
	}
	f := c.Flags()
	f.BoolVar(&r.Accepted, "accept", false, "the person accepted the policy in force")
	f.BoolVar(&r.Adult, "adult", false, "the person declared to be of age")
	f.BoolVar(&r.Minor, "minor", false, "the person declared to be under age")
	f.BoolVar(&r.Verified, "verified", false, "the person proved that the identifiers are theirs")
	f.StringVar(&r.Point, "at", "", "collection point")
	f.StringVar(&r.Lives, "lives", "", "country they live in, such as DE (not known)")
	f.StringVar(&kind, "kind", "natural", "natural, enterprise or visitor")
	return c
}

func points(p *avow.Platform) []string {
	var names []string
	for _, x := range p.Policy().Points() {
		names = append(names, x.Name)
	}
	return names
}

// admitted prints the outcome of a collection. Refusals make the exit code 3.
func (a *app) admitted(v any, refusals []policy.Refusal, text func(io.Writer)) error {
	err := a.print(v, func(w io.Writer) {
		if len(refusals) == 0 {
			text(w)
			return
		}
		fmt.Fprintln(w, "refused: nothing was stored")
		for _, r := range refusals {
			fmt.Fprintf(w, "  %s\n    %s, %s%s\n", r.Text, r.Code, r.Pos, clause(r.Clause))
		}
	})
	if err == nil && len(refusals) > 0 {
		return errDenied
	}
	return err
}

func clause(id string) string {
	if id == "" {
		return ""
	}
	return ", clause " + id
}

func (a *app) subjectFind() *cobra.Command {
	return &cobra.Command{
		Use:   "find kind=value",
		Short: "Find subjects by an identifier",
		Long: `find prints the ids of the subjects an identifier points to: families share
telephones, so there may be several. Kinds are those of the policy: email,
phone, account-id, …

` + givenHelp,
		Example: `  avow subject find email=lin@example.org`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, value, err := a.pair(args[0])
			if err != nil {
				return err
			}
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			ids, err := p.Find(cmd.Context(), kind, avow.NewPersonal(value))
			if err != nil {
				return err
			}
			if ids == nil {
				ids = []subject.ID{}
			}
			err = a.print(ids, func(w io.Writer) {
				for _, id := range ids {
					fmt.Fprintln(w, id)
				}
				if len(ids) == 0 {
					fmt.Fprintln(w, "nobody")
				}
			})
			if err == nil && len(ids) == 0 {
				return errNo
			}
			return err
		},
	}
}

func (a *app) subjectShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show SUBJECT",
		Short: "Show what is on record about a subject, without values",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			profile, err := p.Profile(cmd.Context(), id)
			if err != nil {
				return err
			}
			view := newProfileView(p.Policy(), profile, p.Now())
			return a.print(view, view.write)
		},
	}
}

// subject opens the platform and reads a subject's id.
func (a *app) subject(cmd *cobra.Command, arg string) (*avow.Platform, subject.ID, error) {
	id, err := subject.ParseID(arg)
	if err != nil {
		return nil, "", err
	}
	p, err := a.platform(cmd)
	return p, id, err
}

// A profileView is a profile in names.
type profileView struct {
	Subject     subject.ID    `json:"subject"`
	Kind        subject.Kind  `json:"kind"`
	State       subject.State `json:"state"`
	Restricted  bool          `json:"restricted"`
	Accepted    string        `json:"accepted_policy,omitempty"`
	Since       time.Time     `json:"since"`
	Identifiers []string      `json:"identifiers"`
	Held        []heldView    `json:"held"`
	Choices     []choiceView  `json:"choices"`
	Disclosures []disclosedTo `json:"disclosures"`
	Holds       []holdView    `json:"holds"`
}

type holdView struct {
	Class string     `json:"class,omitempty"` // "": everything
	Cite  string     `json:"cite"`
	Since time.Time  `json:"since"`
	Until *time.Time `json:"until,omitempty"` // nil: until it is lifted
	Ended bool       `json:"ended,omitempty"` // it holds nothing any more
}

type heldView struct {
	Class string   `json:"class"`
	Items []string `json:"items"`
	Point string   `json:"collected_at"`

	Source string `json:"source,omitempty"`

	At  time.Time  `json:"collected"`
	Due *time.Time `json:"until,omitempty"`
}

type choiceView struct {
	Kind      consent.Kind `json:"kind"`
	Purpose   string       `json:"purpose,omitempty"`
	Recipient string       `json:"recipient,omitempty"`
	Given     bool         `json:"given"`
	Channel   string       `json:"channel"`
	At        time.Time    `json:"at"`
}

type disclosedTo struct {
	Recipient string    `json:"recipient"`
	Purpose   string    `json:"purpose"`
	Items     []string  `json:"items"`
	Case      string    `json:"case,omitempty"`
	At        time.Time `json:"at"`
}

func newProfileView(p *policy.Policy, s *avow.Profile, now time.Time) profileView {
	v := profileView{
		Subject: s.ID, Kind: s.Kind, State: s.State, Restricted: s.Restricted, Accepted: s.Accepted, Since: s.Created,
		Identifiers: s.Identifiers, Held: []heldView{}, Choices: []choiceView{}, Disclosures: []disclosedTo{}, Holds: []holdView{},
	}
	for _, h := range s.Holdings {
		x := heldView{Class: className(p, h.Class), Items: itemNames(p, h.Items), Point: h.Point, Source: h.Source, At: h.At}
		if !h.Due.IsZero() {
			x.Due = &h.Due
		}
		v.Held = append(v.Held, x)
	}
	for _, c := range s.Choices {
		v.Choices = append(v.Choices, choiceView{c.Kind, purposeName(p, c.Purpose), recipientName(p, c.Recipient), c.Given, c.Channel, c.At})
	}
	for _, d := range s.Disclosures {
		v.Disclosures = append(v.Disclosures, disclosedTo{recipientName(p, d.Recipient), purposeName(p, d.Purpose), itemNames(p, d.Items), d.Scenario, d.At})
	}
	for _, h := range s.Holds {
		x := holdView{Cite: h.Cite, Since: h.Since}
		if h.Class != 0 {
			x.Class = className(p, policy.ClassNo(h.Class))
		}
		if !h.Until.IsZero() {
			x.Until, x.Ended = &h.Until, !h.Until.After(now)
		}
		v.Holds = append(v.Holds, x)
	}
	return v
}

func (v profileView) write(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s, %s, since %s\n", v.Subject, v.Kind, v.State, day(v.Since))
	if v.Restricted {
		fmt.Fprintln(w, "restricted:\tkept, not used")
	}
	if len(v.Identifiers) > 0 {
		fmt.Fprintf(w, "found by:\t%s\n", strings.Join(v.Identifiers, ", "))
	}
	for _, h := range v.Held {
		until := "until its class ends"
		if h.Due != nil {
			until = "until " + day(*h.Due)
		}
		if h.Source != "" {
			until += ", " + h.Source
		}
		fmt.Fprintf(w, "held:\t%s\t%s, from %s on %s, %s\n", strings.Join(h.Items, ", "), h.Class, h.Point, day(h.At), until)
	}
	for _, c := range v.Choices {
		said := "given"
		if !c.Given {
			said = "taken back"
		}
		fmt.Fprintf(w, "%s:\t%s%s\t%s on %s\n", c.Kind, c.Purpose, c.Recipient, said, day(c.At))
	}
	for _, d := range v.Disclosures {
		fmt.Fprintf(w, "disclosed:\t%s\tto %s for %s on %s, case %s\n", strings.Join(d.Items, ", "), d.Recipient, d.Purpose, day(d.At), d.Case)
	}
	for _, h := range v.Holds {
		fmt.Fprintln(w, h)
	}
}

// String is the line of a hold.
func (h holdView) String() string {
	class, until := h.Class, "until it is lifted"
	if class == "" {
		class = "everything"
	}
	switch {
	case h.Ended:
		until = "ended " + day(*h.Until)
	case h.Until != nil:
		until = "until " + day(*h.Until)
	}
	return fmt.Sprintf("hold:\t%s\t%s, since %s, %s", class, h.Cite, day(h.Since), until)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func className(p *policy.Policy, n policy.ClassNo) string {
	if c := p.ClassBy(n); c != nil {
		return c.Name
	}
	return fmt.Sprintf("class-%d", n)
}

func itemNames(p *policy.Policy, list []policy.ItemNo) []string {
	out := []string{}
	for _, n := range list {
		if i := p.ItemBy(n); i != nil {
			out = append(out, i.Name)
		} else {
			out = append(out, fmt.Sprintf("item-%d", n))
		}
	}
	return out
}

func purposeName(p *policy.Policy, n policy.PurposeNo) string {
	if x := p.PurposeBy(n); x != nil {
		return x.Name
	}
	return ""
}

func recipientName(p *policy.Policy, n policy.RecipientNo) string {
	if x := p.RecipientBy(n); x != nil {
		return x.Name
	}
	return ""
}
