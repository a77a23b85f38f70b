package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/recipient"
)

func (a *app) recipientCommand() *cobra.Command {
	c := group("recipient", "Those who receive data: agreements, findings, instructions, links",
		`Who receives data has signed an agreement, where the policy asks for one; has been
assessed, its ability and its security (review: required); and has accepted what it
is told to do under the version in force (instructions: required). Who fails an
audit or an assessment, or is found in breach, gets nothing until an audit passes.`,
		a.recipientSign(), a.recipientFind(), a.recipientInstructions(), a.recipientAccept(), a.recipientKey(), a.recipientHand(), a.recipientList(), a.recipientLinks())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) recipientSign() *cobra.Command {
	var document, until string
	sign := &cobra.Command{
		Use:   "sign RECIPIENT --document REF",
		Short: "Record the agreement with a recipient",
		Long: `sign records that the agreement a recipient needs is in force. A recipient that
the policy marks agreement: required gets nothing without one.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			end, err := date(until)
			if err != nil {
				return err
			}
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if err := p.Sign(cmd.Context(), args[0], document, end); err != nil {
				return err
			}
			return a.print(map[string]any{"recipient": args[0], "document": document}, func(w io.Writer) { fmt.Fprintln(w, "signed") })
		},
	}
	sign.Flags().StringVar(&document, "document", "", "where the agreement can be read")
	sign.Flags().StringVar(&until, "until", "", "when it ends, YYYY-MM-DD")
	sign.MarkFlagRequired("document")
	return sign
}

func (a *app) recipientFind() *cobra.Command {
	var (
		f              platform.Finding
		kind, remedy   string
		passed, failed bool
		until          string
	)
	c := asStaff(&cobra.Command{
		Use:   "find RECIPIENT ability|security|audit|breach --passed|--failed --document REF",
		Short: "Record what was found out about a recipient",
		Long: `find records an assessment of a recipient's ability or security, an audit, or a
breach. What failed stops everything that goes to the recipient at once; an audit
that passed lets it go on. With --tell a recipient that failed is told to delete or
return what it holds.`,
		Example: `  avow recipient find cloud ability --passed --document reviews/cloud.pdf --as jun
  avow recipient find cloud breach --document reports/7.pdf --tell delete --as jun`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			if kind = args[1]; kind != string(recipient.Breach) && passed == failed {
				return usage("say how it ended: --passed or --failed")
			}
			end, err := date(until)
			if err != nil {
				return err
			}
			if !end.IsZero() {
				f.Until = &end
			}
			f.Recipient, f.Kind, f.Passed, f.Remedy = args[0], recipient.Kind(kind), passed, recipient.Remedy(remedy)
			if err := p.Judge(cmd.Context(), f, by); err != nil {
				return err
			}
			return a.print(map[string]any{"recipient": args[0], "kind": kind, "passed": passed}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	})
	fl := c.Flags()
	fl.StringVar(&f.Document, "document", "", "where the report can be read; it names nobody")
	fl.BoolVar(&passed, "passed", false, "it passed")
	fl.BoolVar(&failed, "failed", false, "it failed")
	fl.StringVar(&remedy, "tell", "", "what it is told to do with what it holds: delete or return")
	fl.StringVar(&until, "until", "", "until when an assessment holds, YYYY-MM-DD (until the next)")
	c.MarkFlagRequired("document")
	return c
}

func (a *app) recipientInstructions() *cobra.Command {
	var language string
	c := &cobra.Command{
		Use:   "instructions RECIPIENT",
		Short: "Print what a recipient is told to do with the data it gets",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if language == "" {
				language = p.Policy().Languages()[0]
			}
			text, hash, err := p.Instructions(args[0], language)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"instructions": text, "sha256": fmt.Sprintf("%x", hash)}, func(w io.Writer) { fmt.Fprint(w, text) })
		},
	}
	c.Flags().StringVar(&language, "language", "", "language of the text (the policy's first when left out)")
	return c
}

func (a *app) recipientAccept() *cobra.Command {
	var document string
	c := asStaff(&cobra.Command{
		Use:   "accept RECIPIENT --document REF",
		Short: "Record that a recipient accepted the instructions of the version in force",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			if err := p.AcceptInstructions(cmd.Context(), args[0], document, by); err != nil {
				return err
			}
			return a.print(map[string]any{"recipient": args[0], "version": p.Policy().Version()}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	})
	c.Flags().StringVar(&document, "document", "", "where its word can be read")
	c.MarkFlagRequired("document")
	return c
}

func (a *app) recipientList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "How each recipient stands: what lets data go to it, what stands against it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Recipients(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, s := range list {
					fmt.Fprintf(w, "%s\t%s\n", s.Recipient, strings.Join(standingWords(s), ", "))
				}
			})
		},
	}
}

// standingWords says in words how a recipient stands.
func standingWords(s platform.RecipientStanding) []string {
	var out []string
	for _, x := range []struct {
		is   bool
		word string
	}{
		{s.Suspended, "suspended"},
		{s.Agreement, "agreement in force"},
		{s.Reviewed, "reviewed"},
		{s.Instructed, "instructed"},
	} {
		if x.is {
			out = append(out, x.word)
		}
	}
	if len(out) == 0 {
		out = append(out, "nothing on record")
	}
	return out
}

func (a *app) recipientLinks() *cobra.Command {
	var call bool
	c := &cobra.Command{
		Use:   "links",
		Short: "The addresses of recipients' own policies, and whether they answer",
		Long: `links shows the address of each recipient's own policy and what came of calling it
last. With links: every: in avow.yaml they are called at intervals; with --call they
are called now. Only public addresses are called, and nothing of anybody's goes along.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if call {
				if _, err := p.CallLinks(cmd.Context()); err != nil {
					return err
				}
				if err := p.WaitForCalls(cmd.Context()); err != nil {
					return err
				}
			}
			list, err := p.LinkStates(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, l := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\n", l.Target, linkWords(l), l.URL)
				}
			})
		},
	}
	c.Flags().BoolVar(&call, "call", false, "call them now, and wait for the answers")
	return c
}

func linkWords(l platform.LinkState) string {
	if l.Last == nil {
		return "not called yet"
	}
	out := string(l.Last.Outcome)
	if l.Last.Status != 0 {
		out += fmt.Sprintf(" (%d)", l.Last.Status)
	}
	return out + ", " + l.Last.At.Format(time.RFC3339)
}
