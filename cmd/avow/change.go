package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/subject"
)

func (a *app) correctCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "correct SUBJECT item=value",
		Short: "Replace a value; the old one becomes unreadable for ever",
		Long: `correct replaces the value of an item in the vault. The old value shared a key
with others of its class: they are sealed again under a new key, and the old key
is destroyed.

` + givenHelp,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			item, value, err := a.pair(args[1])
			if err != nil {
				return err
			}
			if err := p.Correct(cmd.Context(), id, item, avow.NewPersonal(value), avow.Actor{Role: "self"}); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "item": item}, func(w io.Writer) { fmt.Fprintln(w, "corrected") })
		},
	}
	onPlatform(c)
	return c
}

func (a *app) eraseCommand() *cobra.Command {
	var (
		e   avow.Erasure
		yes bool
	)
	c := &cobra.Command{
		Use:   "erase SUBJECT (--item ITEM | --class CLASS | --everything)",
		Short: "Erase in the vault, for good (for all systems: avow request)",
		Long: `erase destroys the keys of one item, one retention class, or everything but what
the law keeps, in the vault alone and at once. It cannot be undone. An erasure in
all systems, planned, approved and proved, is a request: avow request new erasure.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			if !yes {
				return usage("an erasure cannot be undone: say --yes when you mean it")
			}
			done, err := p.Erase(cmd.Context(), id, e)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "values": done.Values, "keys": done.Keys, "destroyed": done.Destroyed}, func(w io.Writer) {
				fmt.Fprintf(w, "erased: %d values, %d keys destroyed at %s\n", done.Values, done.Keys, done.Destroyed.Format(time.RFC3339))
			})
		},
	}
	f := c.Flags()
	f.StringVar(&e.Item, "item", "", "one item")
	f.StringVar(&e.Class, "class", "", "one retention class")
	f.BoolVar(&e.Everything, "everything", false, "everything but what the law keeps")
	f.BoolVar(&yes, "yes", false, "yes, erase")
	c.MarkFlagsMutuallyExclusive("item", "class", "everything")
	c.MarkFlagsOneRequired("item", "class", "everything")
	onPlatform(c)
	return c
}

func (a *app) consentCommand() *cobra.Command {
	c := group("consent", "Record what people say: yes, no, and taking it back",
		`When a command here returns, no use that a withdrawal or an objection forbids is
granted any more.`,
		a.choice("give SUBJECT PURPOSE", "Record consent to a purpose", consent.Consent, true),
		a.consentErase(),
		a.choice("withdraw SUBJECT PURPOSE", "Record that consent is withdrawn", consent.Consent, false),
		a.choice("object SUBJECT PURPOSE", "Record an objection or an opt-out", consent.Objection, true),
		a.choice("unobject SUBJECT PURPOSE", "Record that an objection is taken back", consent.Objection, false),
		a.choice("share SUBJECT RECIPIENT", "Record consent to giving data to a recipient (--no takes it back)", consent.Sharing, true),
		a.consentAccept(),
		a.choice("abroad SUBJECT RECIPIENT", "Record consent to data going abroad (--no takes it back)", consent.Abroad, true))
	onPlatform(c.Commands()...)
	return c
}

func (a *app) choice(use, short string, kind consent.Kind, given bool) *cobra.Command {
	var (
		explicit, no bool
		channel      string
	)
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			x := avow.Choice{Kind: kind, Given: given && !no, Explicit: explicit, Channel: channel, By: avow.Actor{Role: "self"}}
			if kind == consent.Sharing || kind == consent.Abroad {
				x.Recipient = args[1]
			} else {
				x.Purpose = args[1]
			}
			if err := p.Choose(cmd.Context(), id, x); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "kind": kind, "about": args[1], "given": x.Given}, func(w io.Writer) {
				fmt.Fprintln(w, "recorded")
			})
		},
	}
	f := c.Flags()
	f.StringVar(&channel, "channel", "staff", "where it was said")
	f.BoolVar(&explicit, "explicit", false, "by an act of its own, bundled with nothing (sensitive items and sharing need it)")
	if kind == consent.Sharing || kind == consent.Abroad {
		f.BoolVar(&no, "no", false, "take it back")
	}
	return c
}

func (a *app) suppressCommand() *cobra.Command {
	var scope, ground string
	c := &cobra.Command{
		Use:   "suppress kind=value --scope SCOPE --ground WHY",
		Short: "Bar an identifier: from marketing, from re-import, from registering",
		Long: `suppress puts a keyed hash of an identifier on the suppression ledger. It
outlives the erasure of the person.

` + givenHelp,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, value, err := a.pair(args[0])
			if err != nil {
				return err
			}
			s := subject.Scope(scope)
			if s != subject.Marketing && s != subject.Import && s != subject.Refused {
				return usage("--scope is marketing, import or refused")
			}
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if err := p.Suppress(cmd.Context(), kind, avow.NewPersonal(value), s, ground); err != nil {
				return err
			}
			return a.print(map[string]any{"kind": kind, "scope": s}, func(w io.Writer) { fmt.Fprintln(w, "suppressed") })
		},
	}
	c.Flags().StringVar(&scope, "scope", "", "marketing, import or refused")
	c.Flags().StringVar(&ground, "ground", "", "why it may be kept: a clause or a provision")
	c.MarkFlagRequired("scope")
	c.MarkFlagRequired("ground")
	onPlatform(c)
	return c
}
