package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

func (a *app) policyDiff() *cobra.Command {
	return here(&cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what changed between two policy files, and what follows from it",
		Long: `diff compiles both files and says what changed in plain words. Each change is
technical (nothing that people read or that decides anything), minor (words, or
more protection) or major (more data, purposes, recipients or time, or fewer
rights). What follows stands below: who is told and how, whether people accept
the policy again, and for which purposes consent is asked afresh.`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			from, err := a.compiled(args[0])
			if err != nil {
				return err
			}
			to, err := a.compiled(args[1])
			if err != nil {
				return err
			}
			if from.Platform() != to.Platform() {
				return fault.New(fault.Invalid, "%s is the policy of %s and %s of %s; compare two versions of one platform", args[0], from.Platform(), args[1], to.Platform())
			}
			d := policy.Diff(from, to)
			return a.print(d, func(w io.Writer) { writeDiff(w, &d) })
		},
	})
}

// compiled compiles a policy file.
func (a *app) compiled(name string) (*policy.Policy, error) {
	src, err := a.readPolicy(name)
	if err != nil {
		return nil, err
	}
	p, _, err := policy.Load(name, src, nil)
	return p, err
}

func writeDiff(w io.Writer, d *policy.Difference) {
	for _, c := range d.Changes {
		fmt.Fprintf(w, "%s: %s: %s\n", c.Pos, c.Weight, c.Says)
	}
	fmt.Fprintf(w, "%d changes, %s\n", len(d.Changes), d.Weight)
	f := d.Follows
	if !f.Notice {
		fmt.Fprintln(w, "nothing follows: people are not told")
		return
	}
	told := "people are told"
	if len(f.Channels) > 0 {
		told += " by " + strings.Join(f.Channels, ", ")
	}
	if f.Before != "" {
		told += ", " + f.Before + " before it takes effect"
	}
	fmt.Fprintln(w, told)
	if f.Again {
		fmt.Fprintln(w, "people accept the policy again")
	}
	for _, u := range f.Consent {
		fmt.Fprintf(w, "consent is asked afresh for %s\n", u)
	}
	if f.Keeps {
		fmt.Fprintln(w, "who does not consent keeps the rights of the earlier version")
	}
}

func (a *app) policySchema() *cobra.Command {
	return here(&cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of policy files, for editors",
		Long: `schema prints the JSON Schema (draft 2020-12) of policy files. An editor with a
YAML language server completes and checks a file that begins with

  # yaml-language-server: $schema=avow-policy.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(policy.Schema())
			return err
		},
	})
}
