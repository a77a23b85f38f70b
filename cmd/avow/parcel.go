package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

// maxParcel is the largest parcel that is read.
const maxParcel = 64 << 20

func (a *app) recipientKey() *cobra.Command {
	var document string
	c := asStaff(&cobra.Command{
		Use:   "key RECIPIENT KEY --document REF",
		Short: "Record the key to which a recipient's parcels are sealed",
		Long: `key records the public key of a recipient whom the policy obliges to seal: sensitive
data goes there in a parcel that this key alone was made for. The recipient makes the
key itself (avow parcel key) and keeps its secret half.`,
		Example: `  avow recipient key partners avow-parcel-key-… --document c/key-7.pdf --as jun`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			if err := p.SetRecipientKey(cmd.Context(), args[0], args[1], document, by); err != nil {
				return err
			}
			return a.print(map[string]any{"recipient": args[0], "document": document}, func(w io.Writer) { fmt.Fprintln(w, "recorded") })
		},
	})
	c.Flags().StringVar(&document, "document", "", "where it is attested whose key it is")
	c.MarkFlagRequired("document")
	return c
}

// A handing is what the flags of recipient hand-over say.
type handing struct {
	use    avow.Use
	ref    string
	people []string
	out    string
}

func (a *app) recipientHand() *cobra.Command {
	var h handing
	c := &cobra.Command{
		Use:   "hand-over RECIPIENT --for PURPOSE --subject SUBJECT --out FILE item [item ...]",
		Short: "Write a parcel of people's values for a recipient",
		Long: `hand-over decides for each of the people, as use does, and writes what may go into a
parcel in the form that the policy asks for: sealed to the recipient's key, or in
records without a person. Its hash stands in the log before the file is written. Who
is denied is not in it; where everybody is, nothing is written and the code is 3.`,
		Example: `  avow recipient hand-over partners --for partner-service --ref order:7 --subject sub_… --out parcel.bin account.login`,
		Args:    cobra.MinimumNArgs(2),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.handOver(cmd, h, args) },
	}
	f := c.Flags()
	f.StringVar(&h.use.Purpose, "for", "", "purpose")
	f.StringVar(&h.ref, "ref", "", "what is behind it: order:ID, ticket:ID, case:ID, contract:ID or request:ID")
	f.StringVar(&h.use.Case, "case", "", "case in which it is shared (the recipient's when left out)")
	f.StringVar(&h.use.Necessity, "necessity", "", "why it cannot be done without the data")
	f.StringVar(&h.use.By.Role, "as", "", "role of the staff member who acts (the controller's software when left out)")
	f.StringVar(&h.use.By.ID, "staff", "", "id of the staff member, for the log")
	f.StringSliceVar(&h.people, "subject", nil, "whose values, at most 500 people")
	f.StringVar(&h.out, "out", "", "file for the parcel")
	for _, name := range []string{"for", "subject", "out"} {
		c.MarkFlagRequired(name)
	}
	return c
}

func (a *app) handOver(cmd *cobra.Command, h handing, args []string) error {
	p, err := a.platform(cmd)
	if err != nil {
		return err
	}
	h.use.Recipient, h.use.Items = args[0], args[1:]
	if h.use.Ref, err = reference(h.ref); err != nil {
		return err
	}
	ask := platform.HandOver{Use: h.use}
	for _, text := range h.people {
		id, err := subject.ParseID(text)
		if err != nil {
			return err
		}
		ask.People = append(ask.People, id)
	}
	made, err := p.HandOver(cmd.Context(), ask)
	if err != nil {
		return err
	}
	denied := made.Denied()
	if len(denied) == len(made.People) {
		var views []answerView
		for i, x := range made.Answers {
			views = append(views, newAnswer(p, made.People[i], x))
		}
		return a.printAnswers(p, views)
	}
	if err := os.WriteFile(a.path(h.out), made.Bytes, 0o600); err != nil {
		return fault.Wrap(fault.Invalid, err, "--out: the file cannot be written")
	}
	return a.print(map[string]any{"form": made.Form, "records": made.Records, "sha256": fmt.Sprintf("%x", made.Hash), "denied": denied, "entry": made.Entry}, func(w io.Writer) {
		fmt.Fprintf(w, "%s, %d records, sha256 %x\n", made.Form, made.Records, made.Hash)
		for _, id := range denied {
			fmt.Fprintf(w, "not in it: %s\n", id)
		}
	})
}

func (a *app) parcelCommand() *cobra.Command {
	c := group("parcel", "For recipients: make a key, open what was sealed to it",
		`Who receives sealed parcels makes a key here, gives its public half to the sender,
and opens parcels with the secret half. Neither talks to a server.`, here(a.parcelKey()), here(a.parcelOpen()))
	return c
}

func (a *app) parcelKey() *cobra.Command {
	return &cobra.Command{
		Use: "key SECRET-FILE", Short: "Make a key: print the public half, write the secret half to a file", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			k, err := parcel.NewKey()
			if err != nil {
				return err
			}
			f, err := os.OpenFile(a.path(args[0]), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the file of the secret cannot be made: name one that is not there yet")
			}
			if _, err := fmt.Fprintln(f, k.Text()); err != nil {
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
			return a.print(map[string]any{"key": k.Public().String()}, func(w io.Writer) { fmt.Fprintln(w, k.Public()) })
		},
	}
}

func (a *app) parcelOpen() *cobra.Command {
	var secret, from, to string
	c := &cobra.Command{
		Use: "open FILE --secret-file FILE --from PLATFORM --to RECIPIENT", Short: "Open a sealed parcel, and print what is in it", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := os.ReadFile(a.path(secret))
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "--secret-file: the file cannot be read")
			}
			k, err := parcel.ParseSecretKey(string(text))
			if err != nil {
				return err
			}
			f, err := os.Open(a.path(args[0]))
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the parcel cannot be read")
			}
			defer f.Close()
			sealed, err := io.ReadAll(io.LimitReader(f, maxParcel))
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the parcel cannot be read")
			}
			plain, err := parcel.Open(k, platform.ParcelAbout(from, to), sealed)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, string(plain))
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&secret, "secret-file", "", "file with the secret key")
	f.StringVar(&from, "from", "", "platform that sent it")
	f.StringVar(&to, "to", "", "recipient that it was made for, as the sender's policy calls it")
	for _, name := range []string{"secret-file", "from", "to"} {
		c.MarkFlagRequired(name)
	}
	return c
}

func (a *app) retentionCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Search what stays of closed accounts for a way back to them", Args: cobra.NoArgs,
		Long: `check looks, with every store at hand, for a way from what stays of accounts that
were closed back to them. A sweep that made something anonymous does it by itself.
What was found is printed and stands in the log, and the code is 7.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			c, err := p.CheckAnonymity(cmd.Context())
			if err != nil {
				return err
			}
			err = a.print(c, func(w io.Writer) {
				fmt.Fprintf(w, "%d closed accounts, %d kept records, %d ways back\n", c.Accounts, c.Records, len(c.Ways))
				for _, x := range c.Ways {
					fmt.Fprintf(w, "%s\t%s%s\t%d\n", x.Way, x.Class, x.Item, x.Count)
				}
			})
			if err == nil && len(c.Ways) > 0 {
				return errNo
			}
			return err
		},
	}
}
