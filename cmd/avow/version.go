package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return here(&cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			out := struct {
				Version string `json:"version"`
				Go      string `json:"go"`
				Commit  string `json:"commit,omitempty"`
			}{Version: "devel"}
			if info, ok := debug.ReadBuildInfo(); ok {
				out.Version, out.Go = info.Main.Version, info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						out.Commit = s.Value
					}
				}
			}
			return a.print(out, func(w io.Writer) { fmt.Fprintf(w, "avow %s (%s)\n", out.Version, out.Go) })
		},
	})
}
