package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
)

func (a *app) policyRender() *cobra.Command {
	var lang, form string
	c := here(&cobra.Command{
		Use:   "render FILE",
		Short: "Print the policy as the page that people read",
		Long: `render prints what a server would publish from this file: the same page, read
from the same object that decides. HTML is the article alone, without the frame
that a running server puts around it.`,
		Example: "  avow policy render goscom-pro.yaml --lang zh-CN",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.compiled(args[0])
			if err != nil {
				return err
			}
			if lang, err = languageOf(p, lang); err != nil {
				return err
			}
			d := page.Of(p, lang)
			switch {
			case a.json, form == "json":
				return d.JSON(a.stdout)
			case form == "markdown":
				return d.Markdown(a.stdout)
			case form == "html":
				return page.NewPrinter().HTML(a.stdout, d)
			}
			return fault.New(fault.Invalid, "%q is not a form: use markdown, html or json", form)
		},
	})
	f := c.Flags()
	f.StringVar(&lang, "lang", "", "language, one of the file's (its first when left out)")
	f.StringVar(&form, "form", "markdown", "markdown, html or json")
	return c
}

// languageOf returns the language asked for, if the policy has it.
func languageOf(p *policy.Policy, lang string) (string, error) {
	all := p.Languages()
	if lang == "" {
		return all[0], nil
	}
	if !slices.Contains(all, lang) {
		return "", fault.New(fault.Invalid, "the policy is not written in %q; it has %s", lang, strings.Join(all, ", "))
	}
	return lang, nil
}
