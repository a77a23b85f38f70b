package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/plan"
)

func (a *app) receiptCommand() *cobra.Command {
	var key string
	verify := here(&cobra.Command{
		Use:   "verify FILE --key KEY",
		Short: "Verify a receipt offline",
		Long: `verify checks a receipt with nothing but the public key of the log: no server,
no database, no network. It fails on any changed byte, with a sentence that says
what is wrong. The key comes from the controller: avow audit key prints it, and it
stands on the policy page. --key takes the key or the name of a file that holds it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := os.ReadFile(a.path(args[0]))
			if err != nil {
				return fault.Wrap(fault.NotFound, err, "%s cannot be read", args[0])
			}
			if b, err := os.ReadFile(a.path(key)); err == nil {
				key = strings.TrimSpace(string(b))
			}
			report, err := plan.VerifyReceipt(file, key)
			if err != nil {
				fmt.Fprintln(a.stderr, "avow: "+explain(err))
				return errNo
			}
			return a.print(report, func(w io.Writer) { writeReport(w, report) })
		},
	})
	verify.Flags().StringVar(&key, "key", "", "public key of the log, or a file that holds it")
	verify.MarkFlagRequired("key")
	return group("receipt", "Verify receipts", "", verify)
}

func writeReport(w io.Writer, r plan.Report) {
	b := r.Body
	fmt.Fprintf(w, "verified:\t%s of %s, entry %d of %s\n", b.Right, b.Scope, r.Index, r.Log)
	fmt.Fprintf(w, "request:\t%s, received %s, finished %s\n", b.Request, day(b.Clock.Received), day(b.Clock.Finished))
	for _, s := range b.Systems {
		for _, c := range s.Collections {
			fmt.Fprintf(w, "%s:\t%s %s: planned %d, done %d\n", s.Name, c.Action, c.Name, c.Planned, c.Done+c.Already)
			if c.Keep != nil {
				fmt.Fprintf(w, "\tkept: %s %s, until %s\n", c.Keep.Reason["en"], c.Keep.Cite, c.Keep.Until)
			}
		}
	}
}
