package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// self is the person, whose word a command passes on.
func self() avow.Actor { return avow.Actor{Role: "self"} }

func (a *app) subjectDecline() *cobra.Command {
	var surface string
	c := &cobra.Command{
		Use:   "decline [SUBJECT]",
		Short: "Record that somebody does not agree to the policy, or no longer",
		Long: `decline keeps nothing of a visitor without a record but that somebody refused. Of
anybody else nothing more is collected, and what is there serves only their rights
and legal claims, until they accept.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			sub := subject.ID("")
			if len(args) == 1 {
				if sub, err = subject.ParseID(args[0]); err != nil {
					return err
				}
			}
			if err := p.Decline(cmd.Context(), sub, surface, self()); err != nil {
				return err
			}
			return a.print(map[string]any{"declined": true}, func(w io.Writer) { fmt.Fprintln(w, "declined") })
		},
	}
	c.Flags().StringVar(&surface, "surface", "", "where they said so, as the policy calls it")
	return c
}

func (a *app) subjectLives() *cobra.Command {
	return &cobra.Command{
		Use:   "lives SUBJECT [COUNTRY]",
		Short: "Record where somebody lives, or say which laws hold for them",
		Long: `lives records the country that somebody lives in, and prints which of the policy's
laws hold, or may hold, for them, and the authority they can complain to. While it is
not known, every law may hold, and the strictest decides.`,
		Example: `  avow subject lives sub_… DE`,
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if len(args) == 2 {
				if err := p.Reside(cmd.Context(), id, args[1], self()); err != nil {
					return err
				}
			}
			u, err := p.Under(cmd.Context(), id)
			if err != nil {
				return err
			}
			lang := p.Policy().Languages()[0]
			laws := []string{}
			for _, l := range u.Laws {
				laws = append(laws, l.Name)
			}
			out := map[string]any{"residence": u.Residence, "laws": laws, "authority": u.Authority.Name.In(lang), "authority_url": u.Authority.URL}
			return a.print(out, func(w io.Writer) {
				if u.Residence == "" {
					fmt.Fprintln(w, "where they live is not known")
				}
				for _, l := range u.Laws {
					fmt.Fprintf(w, "law\t%s\t%s\n", l.Name, l.Title.In(lang))
				}
				fmt.Fprintf(w, "authority\t%s\t%s\n", u.Authority.Name.In(lang), u.Authority.URL)
			})
		},
	}
}

func (a *app) subjectMeasure() *cobra.Command {
	var m platform.Measure
	c := asStaff(&cobra.Command{
		Use:   "measure SUBJECT --rule RULE --what CODE --ref CASE",
		Short: "Record a measure taken against somebody under a rule outside the policy",
		Long: `measure writes down what was done against somebody under a rule that the policy
leaves out, such as an account suspended for fraud. The policy decides nothing about
it; the person sees that it was done.`,
		Example: `  avow subject measure sub_… --rule standing --what suspended --ref F-17 --as jun`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if m.By, err = a.recorder(cmd, p); err != nil {
				return err
			}
			if err := p.Measured(cmd.Context(), id, m); err != nil {
				return err
			}
			return a.print(map[string]any{"recorded": true}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	})
	f := c.Flags()
	f.StringVar(&m.Rule, "rule", "", "what the policy calls the thing it leaves out")
	f.StringVar(&m.What, "what", "", "what was done, in a code: suspended, warned")
	f.StringVar(&m.Ref, "ref", "", "number of the case; never personal data")
	f.StringVar(&m.Note, "note", "", "why; it stands sealed in the log")
	f.BoolVar(&m.Ended, "ended", false, "the measure is over")
	for _, name := range []string{"rule", "what", "ref"} {
		c.MarkFlagRequired(name)
	}
	return c
}

// consentErase is consent erase: what rested on consents that were taken back.
func (a *app) consentErase() *cobra.Command {
	var list bool
	c := &cobra.Command{
		Use:   "erase SUBJECT",
		Short: "Erase what rested on consents that were taken back, and on nothing else",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			var items []*policy.Item
			if list {
				items, err = p.Groundless(cmd.Context(), id)
			} else {
				items, err = p.EraseGroundless(cmd.Context(), id, self())
			}
			if err != nil {
				return err
			}
			names := []string{}
			for _, it := range items {
				names = append(names, it.Name)
			}
			return a.print(map[string]any{"items": names, "erased": !list}, func(w io.Writer) {
				for _, n := range names {
					fmt.Fprintln(w, n)
				}
			})
		},
	}
	c.Flags().BoolVar(&list, "list", false, "only say what it would be")
	return c
}
