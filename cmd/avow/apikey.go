package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/staff"
)

func (a *app) apikeyCommand() *cobra.Command {
	c := group("apikey", "Keys with which programs call the API", "",
		a.apikeyCreate(), a.apikeyList(), a.apikeyRevoke())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) apikeyCreate() *cobra.Command {
	var (
		label, expires string
		scopes         []string
	)
	c := &cobra.Command{
		Use:   "create --label TEXT --scope SCOPE [--scope SCOPE ...]",
		Short: "Make a key; its token is printed once",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			end, err := date(expires)
			if err != nil {
				return err
			}
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			key, token, err := a.server.Staff().CreateKey(cmd.Context(), staff.NewKey{Platform: p.ID(), Label: label, Scopes: scopes, Expires: end})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"id": key.ID, "token": token.Reveal()}, func(w io.Writer) {
				fmt.Fprintf(w, "%s\n%s\n", key.ID, token.Reveal())
			})
		},
	}
	f := c.Flags()
	f.StringVar(&label, "label", "", "what the key is for")
	f.StringSliceVar(&scopes, "scope", nil, "what it may do, such as values:read")
	f.StringVar(&expires, "expires", "", "last day, YYYY-MM-DD (never when left out)")
	c.MarkFlagRequired("label")
	c.MarkFlagRequired("scope")
	return c
}

func (a *app) apikeyList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the keys of a platform", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			keys, err := a.server.Staff().Keys(cmd.Context(), p.ID())
			if err != nil {
				return err
			}
			return a.print(keys, func(w io.Writer) {
				for _, k := range keys {
					state := "valid"
					if !k.Revoked.IsZero() {
						state = "revoked " + day(k.Revoked)
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.ID, k.Label, strings.Join(k.Scopes, " "), state)
				}
			})
		},
	}
}

func (a *app) apikeyRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke KEY", Short: "End a key, at once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := a.platform(cmd); err != nil {
				return err
			}
			return a.server.Staff().RevokeKey(cmd.Context(), staff.KeyID(args[0]))
		},
	}
}
