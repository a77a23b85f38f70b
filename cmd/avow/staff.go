package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/staff"
)

func (a *app) staffCommand() *cobra.Command {
	return group("staff", "The controller's people who work with avow",
		`Staff sign in to the console with a password and a code from an authenticator app.
On the command line --as LOGIN says who acts: whoever may open the data directory or
the server's socket may act as any of them.`,
		a.staffAdd(), a.staffPassword(), a.staffEnrol(), a.staffList(), a.staffRoles(), a.staffDisable())
}

// roles reads PLATFORM:ROLE; "admin" alone is admin everywhere.
func roles(args []string) ([]staff.Role, error) {
	var out []staff.Role
	for _, s := range args {
		platform, name, ok := strings.Cut(s, ":")
		switch {
		case !ok && s == staff.Admin:
			out = append(out, staff.Role{Platform: staff.Everywhere, Name: staff.Admin})
		case !ok || platform == "" || name == "":
			return nil, usage("a role is PLATFORM:ROLE, or admin for everything")
		default:
			out = append(out, staff.Role{Platform: platform, Name: name})
		}
	}
	return out, nil
}

// known refuses roles that a platform's policy does not have.
func known(s *avow.Server, list []staff.Role) error {
	for _, r := range list {
		if r.Name == staff.Admin {
			continue
		}
		p, err := s.Platform(r.Platform)
		if err != nil {
			return err
		}
		if _, err := p.Policy().Role(r.Name); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) staffAdd() *cobra.Command {
	var (
		name, password string
		names          []string
	)
	c := &cobra.Command{
		Use:   "add LOGIN --name NAME --role PLATFORM:ROLE --password @FILE",
		Short: "Add a member of staff; prints the code for their authenticator app once",
		Example: `  avow staff add mei --name 'Mei Chen' --role goscom-pro:privacy-officer --password @mei.txt
  avow staff add root --name Root --role admin --password -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := roles(names)
			if err != nil {
				return err
			}
			_, secret, err := a.pair("password=" + password)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if err := known(s, list); err != nil {
				return err
			}
			id, enrolment, err := s.Staff().Add(cmd.Context(), staff.New{
				Login: avow.NewPersonal(args[0]), Name: avow.NewPersonal(name), Password: avow.NewPersonal(secret), Roles: list,
			})
			if err != nil {
				return err
			}
			return a.printEnrolment(id, enrolment)
		},
	}
	f := c.Flags()
	f.StringVar(&name, "name", "", "name")
	f.StringVar(&password, "password", "", "@FILE, or - for standard input")
	f.StringSliceVar(&names, "role", nil, "PLATFORM:ROLE of the policy, or admin")
	c.MarkFlagRequired("password")
	c.MarkFlagRequired("role")
	return c
}

func (a *app) staffList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the staff", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			people, err := s.Staff().List(cmd.Context(), "", 1000)
			if err != nil {
				return err
			}
			type view struct {
				ID       staff.ID `json:"id"`
				Login    string   `json:"login"`
				Name     string   `json:"name"`
				Roles    []string `json:"roles"`
				Disabled bool     `json:"disabled"`
			}
			out := []view{}
			for _, x := range people {
				v := view{ID: x.ID, Login: x.Login.Reveal(), Name: x.Name.Reveal(), Disabled: x.Disabled}
				for _, r := range x.Roles {
					v.Roles = append(v.Roles, r.Platform+":"+r.Name)
				}
				out = append(out, v)
			}
			return a.print(out, func(w io.Writer) {
				for _, v := range out {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", v.Login, v.Name, strings.Join(v.Roles, ", "), v.ID, map[bool]string{true: "\tdisabled"}[v.Disabled])
				}
			})
		},
	}
}

// person finds a member of staff by login.
func (a *app) person(cmd *cobra.Command, login string) (*avow.Server, staff.Person, error) {
	s, err := a.open(cmd.Context())
	if err != nil {
		return nil, staff.Person{}, err
	}
	who, ok, err := s.Staff().Lookup(cmd.Context(), avow.NewPersonal(login))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no member of staff with that login: avow staff list shows them")
	}
	return s, who, err
}

func (a *app) staffRoles() *cobra.Command {
	var names []string
	c := &cobra.Command{
		Use: "roles LOGIN --role PLATFORM:ROLE", Short: "Replace the roles of a member of staff", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := roles(names)
			if err != nil {
				return err
			}
			s, who, err := a.person(cmd, args[0])
			if err != nil {
				return err
			}
			if err := known(s, list); err != nil {
				return err
			}
			return s.Staff().SetRoles(cmd.Context(), who.ID, list)
		},
	}
	c.Flags().StringSliceVar(&names, "role", nil, "PLATFORM:ROLE of the policy, or admin")
	return c
}

func (a *app) staffDisable() *cobra.Command {
	return &cobra.Command{
		Use: "disable LOGIN", Short: "Let a member of staff in no more", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, who, err := a.person(cmd, args[0])
			if err != nil {
				return err
			}
			return s.Staff().Disable(cmd.Context(), who.ID)
		},
	}
}
