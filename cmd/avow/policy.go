package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

func (a *app) policyCommand() *cobra.Command {
	return group("policy", "Check and compile policy files",
		"A policy file is the privacy policy as data: one YAML file a platform.",
		a.policyLint(), a.policyCompile())
}

func (a *app) policyLint() *cobra.Command {
	return here(&cobra.Command{
		Use:   "lint FILE",
		Short: "Say what is missing or contradictory in a policy file",
		Long: `lint prints every finding with its place, what is wrong and what to do. Errors
keep a policy from coming into force and make the exit code 7; warnings do not.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			findings, err := a.lint(args[0])
			if err != nil {
				return err
			}
			failed := false
			for _, f := range findings {
				failed = failed || f.Severity == "error"
			}
			err = a.print(findings, func(w io.Writer) {
				for _, f := range findings {
					fmt.Fprintf(w, "%s: %s: %s\n  %s (%s)\n", f.Pos, f.Severity, f.Message, f.Remedy, f.Code)
				}
				fmt.Fprintf(w, "%s: %d findings\n", args[0], len(findings))
			})
			if err == nil && failed {
				return errNo
			}
			return err
		},
	})
}

// lint returns the findings in a file. What keeps it from being read or
// compiled is an error that names every place.
func (a *app) lint(name string) ([]policy.Finding, error) {
	src, err := os.ReadFile(a.path(name))
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", name)
	}
	parsed, err := policy.Parse(name, src)
	if err != nil {
		return nil, err
	}
	_, err = policy.Compile(parsed, policy.Options{})
	findings := policy.Lint(parsed)
	if findings == nil {
		findings = []policy.Finding{}
	}
	if _, ok := errors.AsType[policy.Problems](err); ok && len(findings) > 0 {
		return findings, nil // they name the same places, with remedies
	}
	return findings, err
}

func (a *app) policyCompile() *cobra.Command {
	return here(&cobra.Command{
		Use:   "compile FILE",
		Short: "Compile a policy file and print what it says, in numbers",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			src, err := os.ReadFile(a.path(args[0]))
			if err != nil {
				return fault.Wrap(fault.NotFound, err, "%s cannot be read", args[0])
			}
			p, _, err := policy.Load(args[0], src, nil)
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
