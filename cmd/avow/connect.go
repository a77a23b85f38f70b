package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/connector"
)

func (a *app) connectCommand() *cobra.Command {
	test := &cobra.Command{
		Use:   "test",
		Short: "Check that every system can be reached and fits its data map",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			return a.checkSystems(cmd, []*avow.Platform{p})
		},
	}
	onPlatform(test)
	return group("connect", "The company's own stores", "", test)
}

// A systemView is what was found about one system.
type systemView struct {
	Platform string   `json:"platform"`
	System   string   `json:"system"`
	Kind     string   `json:"kind"`
	Problems []string `json:"problems"`
	Warnings []string `json:"warnings"`
}

func (a *app) checkSystems(cmd *cobra.Command, platforms []*avow.Platform) error {
	var (
		out    []systemView
		failed bool
	)
	for _, p := range platforms {
		for _, s := range p.Systems() {
			checkup, err := s.Check(cmd.Context())
			if err != nil {
				checkup = &connector.Checkup{Problems: []string{explain(err)}}
			}
			failed = failed || len(checkup.Problems) > 0
			out = append(out, systemView{p.ID(), s.Name(), s.Kind(), list(checkup.Problems), list(checkup.Warnings)})
		}
	}
	err := a.print(out, func(w io.Writer) {
		for _, v := range out {
			word := "ok"
			if len(v.Problems) > 0 {
				word = "PROBLEM"
			}
			fmt.Fprintf(w, "%s\t%s (%s)\t%s\n", v.Platform, v.System, v.Kind, word)
			for _, x := range v.Problems {
				fmt.Fprintf(w, "\t%s\n", x)
			}
			for _, x := range v.Warnings {
				fmt.Fprintf(w, "\twarning: %s\n", x)
			}
		}
	})
	if err == nil && failed {
		return errNo
	}
	return err
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check-config",
		Short: "Check the configuration: files, policies, stores, keys, systems",
		Long: `check-config reads the configuration, lints every policy, opens every store and
compares every data map with its database. It changes nothing but what opening
changes (stores are made and migrated).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			return a.checkSystems(cmd, s.Platforms())
		},
	}
}
