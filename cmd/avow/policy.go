package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func (a *app) policyCommand() *cobra.Command {
	return group("policy", "Check and compile policy files",
		"A policy file is the privacy policy as data: one YAML file a platform.",
		a.policyLint(), a.policyCompile(), a.policyRender(), a.policyDiff(), a.policySchema(), a.policyPublish(), a.policyNotices(), a.policyShown())
}

func (a *app) policyCompile() *cobra.Command {
	return here(&cobra.Command{
		Use:   "compile FILE",
		Short: "Compile a policy file and print what it says, in numbers",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.compiled(args[0])
			if err != nil {
				return err
			}
			out := struct {
				Platform   string   `json:"platform"`
				Version    string   `json:"version"`
				Label      string   `json:"label"`
				Pins       []string `json:"pins"`
				Items      int      `json:"items"`
				Purposes   int      `json:"purposes"`
				Classes    int      `json:"retention_classes"`
				Recipients int      `json:"recipients"`
				Rights     int      `json:"rights"`
				Clauses    int      `json:"clauses"`
			}{
				p.Platform(), p.Version(), p.Label(), p.Pins(), len(p.Items()), len(p.Purposes()), len(p.Classes()),
				len(p.Recipients()), len(p.Rights()), len(p.Clauses()),
			}
			return a.print(out, func(w io.Writer) {
				fmt.Fprintf(w, "%s\t%s\n%s\n", out.Platform, out.Label, out.Version)
				fmt.Fprintf(w, "items\t%d\npurposes\t%d\nretention classes\t%d\nrecipients\t%d\nrights\t%d\nclauses\t%d\n",
					out.Items, out.Purposes, out.Classes, out.Recipients, out.Rights, out.Clauses)
			})
		},
	})
}
