package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/cookie"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/site"
	"github.com/avow-dev/avow/subject"
)

func (a *app) cookieCommand() *cobra.Command {
	c := group("cookie", "Cookies, browser storage and beacons: what may be set, read and counted",
		`The policy declares every cookie, store and beacon, and what is not essential waits
for a yes of the browser. People choose at /PLATFORM/cookies; programs ask here or by
REST. What a browser chose is in its cookie avow-cookies: hand its text on with
--choice.`,
		a.cookieList(), a.cookieSet(), a.cookieRead(), a.cookieCount(), a.cookieVisits(), a.cookieClear())
	onPlatform(c.Commands()...)
	return c
}

// cookieRow is a row of the register.
type cookieRow struct {
	Ref      string   `json:"ref"`
	Kind     string   `json:"kind"`
	Class    string   `json:"class"`
	Lifetime string   `json:"lifetime"`
	Purposes []string `json:"purposes"`
	SetBy    string   `json:"set_by"`
	Without  string   `json:"without,omitempty"`
}

func (a *app) cookieList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The register: class, lifetime, purposes, who sets it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			rows := []cookieRow{}
			for _, t := range p.Policy().Trackers() {
				x := cookieRow{Ref: t.Ref, Kind: "beacon", Class: string(t.Class), Lifetime: "visit", SetBy: t.SetBy}
				for _, no := range t.Purposes {
					x.Purposes = append(x.Purposes, p.Policy().PurposeBy(no).Name)
				}
				if c := t.Cookie; c != nil {
					x.Kind, x.Lifetime, x.Without = c.Kind, c.Lifetime.String(), c.Without.String()
					if c.Session {
						x.Lifetime = "session"
					}
				}
				rows = append(rows, x)
			}
			return a.print(rows, func(w io.Writer) {
				for _, x := range rows {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", x.Ref, x.Kind, x.Class, x.Lifetime, strings.Join(x.Purposes, ", "), x.SetBy)
				}
			})
		},
	}
}

// browserFlags say which browser it is about.
func browserFlags(c *cobra.Command, b *platform.Browser, who *string) *cobra.Command {
	c.Flags().StringVar(&b.Cookie, "choice", "", "text of the cookie avow-cookies that the browser sent")
	c.Flags().BoolVar(&b.Signal, "gpc", false, "the browser sent Sec-GPC: 1")
	c.Flags().StringVar(who, "subject", "", "who it is, where that is known: what they objected to holds")
	return c
}

func (a *app) cookieSet() *cobra.Command {
	var (
		u           platform.CookieUse
		who, value  string
		life        time.Duration
		same, wider string
	)
	c := &cobra.Command{
		Use: "set NAME --value VALUE", Short: "Ask whether a cookie may be set now",
		Long: `set asks the policy about a cookie by what browsers call it, and writes the answer
to the log. The value is looked at and kept nowhere: --value @FILE reads it from a
file, - from standard input.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if u.Value, err = a.text(value); err != nil {
				return err
			}
			u.Cookie, u.Subject, u.Life, u.Wide, u.Cross = args[0], subject.ID(who), life, wider != "", same == "None"
			refusals, err := p.SetCookie(cmd.Context(), u)
			return a.mayCookie(refusals, err)
		},
	}
	f := c.Flags()
	f.StringVar(&value, "value", "", "what it holds")
	f.DurationVar(&life, "max-age", 0, "how long it lives: 720h; until the browser is closed when left out")
	f.StringVar(&wider, "domain", "", "its Domain, where that names more than the host")
	f.StringVar(&same, "same-site", "Lax", "Strict, Lax, None")
	return browserFlags(c, &u.Browser, &who)
}

// mayCookie prints a decision about a cookie or beacon.
func (a *app) mayCookie(refusals []policy.Refusal, err error) error {
	if err != nil {
		return err
	}
	err = a.print(map[string]any{"allowed": len(refusals) == 0, "refusals": refusals}, func(w io.Writer) {
		if len(refusals) == 0 {
			fmt.Fprintln(w, "allowed")
			return
		}
		fmt.Fprintln(w, "denied")
		for _, r := range refusals {
			fmt.Fprintf(w, "  %s\n    %s, %s%s\n", r.Text, r.Code, r.Pos, clause(r.Clause))
		}
	})
	if err == nil && len(refusals) > 0 {
		err = errDenied
	}
	return err
}

func (a *app) cookieRead() *cobra.Command {
	var u platform.CookieUse
	var who string
	c := &cobra.Command{
		Use: "read NAME --for PURPOSE", Short: "Ask whether a cookie may be read for a purpose", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			u.Cookie, u.Subject = args[0], subject.ID(who)
			refusals, err := p.ReadCookie(cmd.Context(), u)
			return a.mayCookie(refusals, err)
		},
	}
	c.Flags().StringVar(&u.Purpose, "for", "", "purpose")
	c.MarkFlagRequired("for")
	return browserFlags(c, &u.Browser, &who)
}

func (a *app) cookieCount() *cobra.Command {
	var v platform.BeaconVisit
	c := &cobra.Command{
		Use: "count BEACON --at POINT", Short: "Count a visit that a beacon reports", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			v.Beacon = args[0]
			refusals, err := p.CountVisit(cmd.Context(), v)
			return a.mayCookie(refusals, err)
		},
	}
	f := c.Flags()
	f.StringVar(&v.Point, "at", "", "collection point whose page holds it")
	f.StringSliceVar(&v.Carries, "carries", nil, "items that it sends")
	f.BoolVar(&v.Member, "member", false, "somebody with an account is signed in")
	f.StringVar(&v.Browser.Cookie, "choice", "", "text of the cookie avow-cookies that the browser sent")
	f.BoolVar(&v.Browser.Signal, "gpc", false, "the browser sent Sec-GPC: 1")
	c.MarkFlagRequired("at")
	return c
}

func (a *app) cookieVisits() *cobra.Command {
	return &cobra.Command{
		Use: "visits BEACON", Short: "What a beacon counted in the last year", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Visits(cmd.Context(), args[0], time.Time{}, time.Time{})
			if err != nil {
				return err
			}
			if list == nil {
				list = []cookie.Visit{}
			}
			return a.print(list, func(w io.Writer) {
				for _, v := range list {
					fmt.Fprintf(w, "%s\t%s\t%d visits\t%d by members\n", v.Day.Format(time.DateOnly), v.Page, v.Visits, v.Members)
				}
			})
		},
	}
}

func (a *app) siteCommand() *cobra.Command {
	c := group("site", "A website held against the policy", "site compares what a website does in browsers with what the policy declares.", a.siteCheck())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) siteCheck() *cobra.Command {
	var s platform.SiteCheck
	c := &cobra.Command{
		Use:   "check URL [URL ...]",
		Short: "Compare what a site sets, loads and keeps in browsers with the register",
		Long: `check visits the pages of a site, from those that are named along its links: twice
as a browser that keeps no cookie, once as one that said no, once as one that said
yes. What is not declared, lives longer, holds or reaches more, or comes before a yes
is printed, and so is a page that a browser without cookies does not get.

Scripts are read and not run: a name that a script makes up is not seen.

The result stands in the log, a finding as a promise that is broken; --try writes
nothing. Code 7: something is not as the policy says.`,
		Example: `  avow site check https://www.example.com/ --platform go-soft
  avow site check http://127.0.0.1:8080/shop --local --try`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			s.URLs = args
			r, err := p.CheckSite(cmd.Context(), s)
			if err != nil {
				return err
			}
			err = a.print(r, func(w io.Writer) { printSite(w, r) })
			if err == nil && len(r.Findings) > 0 {
				err = errNo
			}
			return err
		},
	}
	f := c.Flags()
	f.IntVar(&s.Pages, "pages", 50, "how many pages at most")
	f.BoolVar(&s.Local, "local", false, "connect to addresses that are not public too: loopback and your own network")
	f.BoolVar(&s.Try, "try", false, "write nothing to the log")
	f.StringVar(&s.Cookie, "choice-name", "", "name of the cookie that holds a choice there (avow-cookies when left out)")
	f.StringVar(&s.Yes, "choice-yes", "", "text of it after a yes to everything, for a site whose banner is not avow's")
	return c
}

func printSite(w io.Writer, r *site.Report) {
	fmt.Fprintf(w, "%s\t%d pages, %d findings\n", r.Site, r.Pages, len(r.Findings))
	for _, s := range r.Seen {
		name, class := s.Declared, s.Class
		if name == "" {
			name, class = s.Name, "not declared"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.Kind, name, class)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s %s\t%s\t%s %s\n", f.Page, f.Visit, f.Code, f.Text, f.Clause)
	}
}
