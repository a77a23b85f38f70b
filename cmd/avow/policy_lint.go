package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

func (a *app) policyLint() *cobra.Command {
	var sarif bool
	c := here(&cobra.Command{
		Use:   "lint FILE",
		Short: "Say what is missing or contradictory in a policy file",
		Long: `lint prints every finding with its place, what is wrong and what to do. Errors
keep a policy from coming into force and make the exit code 7; warnings do not.

--sarif prints the findings as SARIF 2.1.0, which code review tools show beside
the line; what cannot be read at all is then a finding too.`,
		Example: `  avow policy lint my-policy.yaml
  avow policy lint my-policy.yaml --sarif > lint.sarif`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			findings, err := a.lint(args[0])
			if ps, ok := errors.AsType[policy.Problems](err); ok && sarif {
				findings, err = ps, nil
			}
			if err != nil {
				return err
			}
			if sarif {
				err = a.sarif(findings)
			} else {
				err = a.print(findings, func(w io.Writer) { writeFindings(w, args[0], findings) })
			}
			if err == nil && slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.Severity == policy.SeverityError }) {
				return errNo
			}
			return err
		},
	})
	c.Flags().BoolVar(&sarif, "sarif", false, "print the findings as SARIF 2.1.0")
	return c
}

func writeFindings(w io.Writer, file string, all []policy.Finding) {
	for _, f := range all {
		fmt.Fprintf(w, "%s: %s: %s\n  %s (%s)\n", f.Pos, f.Severity, f.Message, f.Remedy, f.Code)
	}
	fmt.Fprintf(w, "%s: %d findings\n", file, len(all))
}

func (a *app) sarif(all []policy.Finding) error {
	out, err := policy.SARIF(release(), all)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(out)
	return err
}

// lint returns the findings in a file. What keeps it from being read or
// compiled is an error that names every place.
func (a *app) lint(name string) ([]policy.Finding, error) {
	src, err := a.readPolicy(name)
	if err != nil {
		return nil, err
	}
	_, findings, err := policy.Load(name, src, nil)
	if findings == nil {
		findings = []policy.Finding{}
	}
	if _, ok := errors.AsType[policy.Problems](err); ok && len(findings) > 0 {
		return findings, nil // they name the same places, with remedies
	}
	return findings, err
}

func (a *app) readPolicy(name string) ([]byte, error) {
	src, err := os.ReadFile(a.path(name))
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", name)
	}
	return src, nil
}

// release is the version of this program; devel where none was built in.
func release() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
}
