package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/staff"
)

// colleague returns the member of staff with a login.
func (a *app) colleague(ctx context.Context, login string) (*avow.Server, staff.Person, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, staff.Person{}, err
	}
	p, ok, err := s.Staff().Lookup(ctx, avow.NewPersonal(login))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "nobody of the staff has this login: avow staff list shows who there is")
	}
	return s, p, err
}

func (a *app) staffPassword() *cobra.Command {
	var password string
	c := &cobra.Command{
		Use:   "password LOGIN --password @FILE",
		Short: "Give a member of staff a new password; earlier sign-ins end",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, secret, err := a.pair("password=" + password)
			if err != nil {
				return err
			}
			s, p, err := a.colleague(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.Staff().SetPassword(cmd.Context(), p.ID, avow.NewPersonal(secret))
		},
	}
	c.Flags().StringVar(&password, "password", "", "@FILE, or - for standard input")
	c.MarkFlagRequired("password")
	return c
}

func (a *app) staffEnrol() *cobra.Command {
	return &cobra.Command{
		Use:   "enrol LOGIN",
		Short: "Replace a lost authenticator; prints the new code once, and earlier sign-ins end",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := a.colleague(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			e, err := s.Staff().Enrol(cmd.Context(), p.ID)
			if err != nil {
				return err
			}
			return a.printEnrolment(p.ID, e)
		},
	}
}

// printEnrolment prints what a person takes home once.
func (a *app) printEnrolment(id staff.ID, e staff.Enrolment) error {
	codes := []string{}
	for _, x := range e.Recovery {
		codes = append(codes, x.Reveal())
	}
	return a.print(map[string]any{"id": id, "totp": e.URL.Reveal(), "recovery": codes}, func(w io.Writer) {
		fmt.Fprintf(w, "%s\nauthenticator: %s\nrecovery codes: %s\n", id, e.URL.Reveal(), strings.Join(codes, " "))
	})
}
