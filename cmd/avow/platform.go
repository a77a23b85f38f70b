package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

func (a *app) platformCommand() *cobra.Command {
	return group("platform", "Add and list platforms",
		"A platform is one controller's product with one policy in force. Platforms of a server are isolated from each other.",
		a.platformAdd(), a.platformList())
}

func (a *app) platformAdd() *cobra.Command {
	var (
		file    string
		systems []string
	)
	c := here(&cobra.Command{
		Use:   "add ID --policy FILE [--system KIND,MAP,PLACE ...]",
		Short: "Write a platform into the configuration, and open it once",
		Long: `add checks the policy file, writes the platform into the configuration file
(made when there is none yet) and opens it, so that stores and keys are there. A
running server has to be started again to see it.

A system is an outside store: sqlite,MAP,FILE or postgres,MAP,FILE-WITH-DSN.`,
		Example: `  avow platform add goscom-pro --policy policies/goscom-pro.yaml --system sqlite,shop.yaml,shop.db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.addPlatform(cmd, args[0], file, systems)
		},
	})
	c.Flags().StringVar(&file, "policy", "", "policy file")
	c.Flags().StringArrayVar(&systems, "system", nil, "outside system: KIND,MAP,PLACE")
	c.MarkFlagRequired("policy")
	return c
}

func (a *app) addPlatform(cmd *cobra.Command, id, file string, systems []string) error {
	src, err := os.ReadFile(a.path(file))
	if err != nil {
		return fault.Wrap(fault.NotFound, err, "%s cannot be read", file)
	}
	p, _, err := policy.Load(file, src, nil)
	if err != nil {
		return err
	}
	if p.Platform() != id {
		return usage("%s is the policy of %s: add it by that name", file, p.Platform())
	}
	entry := avow.PlatformConfig{ID: id, Policy: a.seen(file)}
	for _, s := range systems {
		part := strings.SplitN(s, ",", 3)
		if len(part) != 3 {
			return usage("--system %s: write KIND,MAP,PLACE", s)
		}
		sc := avow.SystemConfig{Kind: part[0], Map: a.seen(part[1])}
		if part[0] == "postgres" {
			sc.DSNFile = a.seen(part[2])
		} else {
			sc.File = a.seen(part[2])
		}
		entry.Systems = append(entry.Systems, sc)
	}
	config := a.path(a.config)
	before, err := os.ReadFile(config)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", a.config)
	}
	after, err := withPlatform(before, entry)
	if err != nil {
		return err
	}
	if err := replace(config, after); err != nil {
		return err
	}
	if _, err := a.open(cmd.Context()); err != nil {
		return errors.Join(err, replace(config, before)) // as it was
	}
	return a.print(map[string]any{"platform": id, "config": a.config, "version": p.Version()}, func(w io.Writer) {
		fmt.Fprintf(w, "%s added to %s\n", id, a.config)
	})
}

// seen returns a file name as the configuration's folder sees it.
func (a *app) seen(name string) string {
	dir := filepath.Dir(a.path(a.config))
	if rel, err := filepath.Rel(dir, a.path(name)); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return a.path(name)
}

// withPlatform appends a platform to a configuration and keeps everything else
// as it is written, comments too.
func withPlatform(src []byte, entry avow.PlatformConfig) ([]byte, error) {
	var c avow.Config
	if err := yaml.Unmarshal(src, &c); err != nil {
		return nil, fault.New(fault.Invalid, "the configuration cannot be read: %s", yaml.FormatError(err, false, false))
	}
	for _, p := range c.Platforms {
		if p.ID == entry.ID {
			return nil, fault.New(fault.Conflict, "%s is in the configuration already", entry.ID)
		}
	}
	if len(c.Platforms) > 0 {
		return nil, fault.New(fault.Conflict, "the configuration has platforms already: write %s below them by hand, as the first one is written", entry.ID)
	}
	b, err := yaml.MarshalWithOptions(map[string]any{"platforms": []avow.PlatformConfig{entry}}, yaml.OmitEmpty(), yaml.IndentSequence(true))
	if err != nil {
		return nil, err
	}
	if len(src) == 0 {
		src = []byte(newConfig)
	}
	return append(append(src, '\n'), b...), nil
}

const newConfig = `# avow configuration. Every field is explained in the documentation of avow.Config.
data: data        # stores of the embedded engine, the lock, the socket
keys: keys        # what opens them: on another disk, and out of their backups
journal: journal  # erasure journals: ship them apart from the archives
`

// replace writes a file in one step.
func replace(name string, b []byte) error {
	if b == nil {
		return os.Remove(name)
	}
	if err := os.WriteFile(name+".new", b, 0o600); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", name)
	}
	return os.Rename(name+".new", name)
}

func (a *app) platformList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the platforms with their policy and systems",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			type view struct {
				ID      string   `json:"id"`
				Label   string   `json:"label"`
				Version string   `json:"version"`
				Systems []string `json:"systems"`
			}
			var out []view
			for _, p := range s.Platforms() {
				v := view{ID: p.ID(), Label: p.Policy().Label(), Version: p.Policy().Version()}
				for _, sys := range p.Systems() {
					v.Systems = append(v.Systems, sys.Name())
				}
				out = append(out, v)
			}
			return a.print(out, func(w io.Writer) {
				for _, v := range out {
					fmt.Fprintf(w, "%s\t%s\t%s\n", v.ID, v.Label, strings.Join(v.Systems, ", "))
				}
			})
		},
	}
}
