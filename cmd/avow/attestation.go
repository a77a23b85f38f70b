package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
)

func (a *app) attestationCommand() *cobra.Command {
	c := group("attestation", "Duties of people: see what is due, sign what was done",
		`Some promises are kept by people: staff are trained, processors audited, a backup
restored for a drill. The policy says how often (security.reviews, and audit: of
each recipient). Somebody of the staff signs that it was done; the board shows the
signature until it ends.`,
		a.attestationList(), a.attestationSign(), a.attestationAssign(), a.attestationHistory(), a.attestationPeople())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) attestationList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The duties of the policy, and when each is due", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Duties(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, s := range list {
					every := s.Every.String()
					if s.Assumed {
						every += " (assumed)"
					}
					fmt.Fprintf(w, "%s\t%s\tevery %s\tdue %s\t%s\n", s.Key(), s.State, every, day(s.Due), s.Title.In("en"))
				}
			})
		},
	}
}

// aboutFlag adds the flag that says for which recipient a duty is done.
func aboutFlag(c *cobra.Command) *string {
	return c.Flags().String("about", "", "the recipient that the duty is done for, such as the one audited")
}

func (a *app) attestationSign() *cobra.Command {
	var file, note, until, forWhom string
	c := asStaff(&cobra.Command{
		Use:   "sign DUTY --as LOGIN [--file FILE] [--note TEXT] [--until DATE]",
		Short: "Sign that a duty was done",
		Long: `sign leaves an entry in the log and a row in the ledger. Of the file only its
SHA-256 is kept: keep the file yourself. The note is for colleagues and must name
nobody. The signature holds for the period of the duty, or until a sooner date such
as the end of a certificate.

With --for it is about one of the staff: staff-training or staff-undertaking, where
the policy asks that of everybody before they see personal data (security.staff).
Who lacks it, or whose time is over, sees nothing until it is signed.`,
		Example: `  avow attestation sign staff-training --as jun --file training-2026.pdf
  avow attestation sign staff-training --for mei --as jun --file certificate.pdf
  avow attestation sign recipient-audit --about xiaomi-push --as jun --file audit.pdf`,
		Args: cobra.ExactArgs(1),
	})
	about := aboutFlag(c)
	c.Flags().StringVar(&file, "file", "", "what shows that it was done")
	c.Flags().StringVar(&note, "note", "", "what was done, in a few words")
	c.Flags().StringVar(&forWhom, "for", "", "login of the member of staff it is about: staff-training, staff-undertaking")
	c.Flags().StringVar(&until, "until", "", "a date on which it ends by its own terms: 2027-01-31")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		p, by, err := a.staffed(cmd)
		if err != nil {
			return err
		}
		s := attestation.Signature{Note: note}
		if s.Hash, err = a.digest(file); err != nil {
			return err
		}
		if until != "" {
			if s.Until, err = time.ParseInLocation(time.DateOnly, until, p.Policy().Calendar().Zone()); err != nil {
				return usage("--until %s: write a date such as 2027-01-31", until)
			}
		}
		if forWhom != "" {
			return a.pledge(cmd, p, args[0], forWhom, s, by)
		}
		signed, err := p.Attest(cmd.Context(), args[0], *about, s, by)
		if err != nil {
			return err
		}
		return a.print(signed, func(w io.Writer) {
			fmt.Fprintf(w, "signed\tholds until %s\tentry %d\n", day(signed.Until), signed.Entry)
		})
	}
	return c
}

// digest returns the SHA-256 of a file, nil for no file.
func (a *app) digest(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(a.path(name))
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", name)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	return h.Sum(nil), nil
}

func (a *app) attestationAssign() *cobra.Command {
	var owner string
	c := asStaff(&cobra.Command{
		Use: "assign DUTY --owner LOGIN --as LOGIN", Short: "Say who sees to a duty", Args: cobra.ExactArgs(1),
	})
	about := aboutFlag(c)
	c.Flags().StringVar(&owner, "owner", "", "login of who sees to it; empty: nobody")
	c.MarkFlagRequired("owner")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		p, by, err := a.staffed(cmd)
		if err != nil {
			return err
		}
		return p.Assign(cmd.Context(), args[0], *about, owner, by)
	}
	return c
}

func (a *app) attestationHistory() *cobra.Command {
	c := &cobra.Command{Use: "history DUTY", Short: "Who signed a duty, and when, the newest first", Args: cobra.ExactArgs(1)}
	about := aboutFlag(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		p, err := a.platform(cmd)
		if err != nil {
			return err
		}
		list, err := p.Attestations(cmd.Context(), args[0], *about, 100)
		if err != nil {
			return err
		}
		return a.print(list, func(w io.Writer) {
			for _, s := range list {
				fmt.Fprintf(w, "%s\tuntil %s\tby %s\tentry %d\t%s\t%s\n", day(s.At), day(s.Until), s.By, s.Entry, shortly(s.Hash, 13), s.Note)
			}
		})
	}
	return c
}
