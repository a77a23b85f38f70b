package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	software "github.com/avow-dev/avow/client"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (a *app) exchangeCommand() *cobra.Command {
	var (
		x        platform.Exchange
		from, to string
	)
	c := &cobra.Command{
		Use:   "exchange FROM TO --at POINT --from-name NAME --to-name NAME item=value",
		Short: "Store what one person says to another, for both",
		Long: `exchange stores a message between two people of the platform in the records of both,
in one act or not at all. Each one's copy shows what was said and leaves out who the
other is: the name given here, addresses and numbers.

` + givenHelp,
		Example: `  avow exchange sub_… sub_… --at messages --from-name lin --to-name ann communication.user-message=@text.txt`,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			x.From = id
			if x.To, err = subject.ParseID(args[1]); err != nil {
				return err
			}
			name, value, err := a.pair(args[2])
			if err != nil {
				return err
			}
			x.Item, x.Value = name, platform.NewPersonal(value)
			x.FromName, x.ToName = platform.NewPersonal(from), platform.NewPersonal(to)
			refusals, err := p.Between(cmd.Context(), x)
			if err != nil {
				return err
			}
			return a.admitted(map[string]any{"refusals": refusals}, refusals, func(w io.Writer) { fmt.Fprintln(w, "stored for both") })
		},
	}
	f := c.Flags()
	f.StringVar(&x.Point, "at", "", "collection point of the policy")
	f.StringVar(&from, "from-name", "", "what who says it is called to the other")
	f.StringVar(&to, "to-name", "", "what the other is called")
	f.BoolVar(&x.Reminded, "reminded", false, "who says it was reminded to give numbers only where they must, and goes on")
	for _, name := range []string{"at", "from-name", "to-name"} {
		c.MarkFlagRequired(name)
	}
	onPlatform(c)
	return c
}

func (a *app) policyShown() *cobra.Command {
	var surface, language string
	c := &cobra.Command{
		Use: "shown --surface SURFACE", Short: "Record that the policy was shown before anything is collected", Args: cobra.NoArgs,
		Long: `shown records that the policy in force is on somebody's screen: version, surface,
language and time, and not who it is. Name the id that it prints with what is
collected there (avow collect --showing).`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			s, err := p.ShowPolicy(cmd.Context(), surface, language)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"id": s.ID, "version": s.Version, "at": s.At}, func(w io.Writer) { fmt.Fprintln(w, s.ID) })
		},
	}
	c.Flags().StringVar(&surface, "surface", "", "surface of the policy, such as app")
	c.Flags().StringVar(&language, "language", "", "language it is shown in (the policy's first when left out)")
	c.MarkFlagRequired("surface")
	onPlatform(c)
	return c
}

func (a *app) registerCommand() *cobra.Command {
	c := group("register", "Public registers: what the law has published of people who trade",
		`A policy lists, for a public register that it leaves outside, the fields that the law
has published. Of a person who trades under their own name nothing else is.`, a.registerPublish())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) registerPublish() *cobra.Command {
	return asStaff(&cobra.Command{
		Use:   "publish SUBJECT REGISTER field=value [field=value ...]",
		Short: "Print what a register may show of somebody, when it is what the law lists",
		Long: `publish holds the fields against those that the law lists, writes the answer to the
log, and only then prints what is published. Of a natural person one field more, or
one less, refuses all of it. The values are not kept.

` + givenHelp,
		Example: `  avow register publish sub_… registers name="Lin's Lamps" registration=exempt permit=none --as mei`,
		Args:    cobra.MinimumNArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			by, err := a.by(cmd, p, nobody)
			if err != nil {
				return err
			}
			fields, shown := map[string]avow.Personal{}, map[string]string{}
			for _, arg := range args[2:] {
				name, value, err := a.pair(arg)
				if err != nil {
					return err
				}
				fields[name], shown[name] = platform.NewPersonal(value), value
			}
			refusals, err := p.PublishRegister(cmd.Context(), id, args[1], fields, by)
			if err != nil {
				return err
			}
			if len(refusals) > 0 {
				shown = nil
			}
			return a.admitted(map[string]any{"published": shown, "refusals": refusals}, refusals, func(w io.Writer) {
				for _, f := range p.Policy().Register(args[1]).Fields {
					fmt.Fprintf(w, "%s\t%s\n", f.Name, shown[f.Name])
				}
			})
		},
	})
}

// cookieClear is the command of a client software that keeps its cookies in a file.
func (a *app) cookieClear() *cobra.Command {
	var sub, choice string
	c := &cobra.Command{
		Use: "clear FILE", Short: "Clear every cookie saved in a client software, and what was recorded by them", Args: cobra.ExactArgs(1),
		Long: `clear empties the cookie store of a client software, FILE, whatever site its cookies
are of, and deletes what hung on them here: the choice of the browser and, of who is
signed in with it, what cookies recorded. Software in Go keeps its cookies so with
client.Cookies, whose Clear is the same command.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			who := subject.ID("")
			if sub != "" {
				if who, err = subject.ParseID(sub); err != nil {
					return err
				}
			}
			store, err := software.OpenCookies(a.path(args[0]))
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the cookie store cannot be read: name the file that the software keeps its cookies in")
			}
			n, err := store.Clear()
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the cookie store cannot be cleared")
			}
			records, err := p.ClearCookies(cmd.Context(), platform.Browser{Cookie: choice}, who)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"cookies": n, "records": records}, func(w io.Writer) { fmt.Fprintf(w, "%d cookies cleared, %d records deleted\n", n, records) })
		},
	}
	c.Flags().StringVar(&sub, "subject", "", "who is signed in with the software")
	c.Flags().StringVar(&choice, "choice", "", "text of its cookie avow-cookies")
	return c
}
