package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
)

func (a *app) subjectAge() *cobra.Command {
	var adult, minor bool
	var born string
	c := &cobra.Command{
		Use:   "age SUBJECT --adult|--minor|--born DATE",
		Short: "Record that somebody says whether they are of age, and nothing more",
		Long: `age records what somebody says of their age: of age, or not. Of a date of birth
only that answer is kept.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, id, err := a.subject(cmd, args[0])
			if err != nil {
				return err
			}
			switch {
			case born != "":
				day, err := time.Parse(time.DateOnly, born)
				if err != nil {
					return usage("write a day of birth as 2010-03-01")
				}
				if adult, err = p.OfAge(day); err != nil {
					return err
				}
			case adult == minor:
				return usage("say --adult, --minor or --born DATE")
			}
			if err := p.DeclareAge(cmd.Context(), id, adult, avow.Actor{Role: "self"}); err != nil {
				return err
			}
			return a.print(map[string]any{"subject": id, "adult": adult}, func(w io.Writer) {
				fmt.Fprintln(w, map[bool]string{true: "of age", false: "under age"}[adult])
			})
		},
	}
	c.Flags().BoolVar(&adult, "adult", false, "they are of age")
	c.Flags().BoolVar(&minor, "minor", false, "they are not")
	c.Flags().StringVar(&born, "born", "", "the day they were born; it is not kept")
	return c
}
