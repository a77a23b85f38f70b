package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
)

func (a *app) auditCommand() *cobra.Command {
	c := group("audit", "The tamper-evident log: verify it, read it, prove an entry",
		`Every decision, change and act leaves an entry. Entries stand in a Merkle tree
whose root is signed; nobody can change, drop, add or reorder one unseen by who
holds a signed checkpoint or a receipt.`,
		a.auditVerify(), a.auditShow(), a.auditProof(), a.auditCheckpoint(), a.auditKey())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) auditVerify() *cobra.Command {
	var (
		trusted []string
		state   bool
		open    bool
	)
	c := &cobra.Command{
		Use:   "verify",
		Short: "Recompute the whole log and name the first wrong entry",
		Long: `verify reads every entry, computes the tree anew and compares it with the signed
checkpoint. With --trusted it also checks that the log still begins with what an
older checkpoint or receipt was signed over. With --state it folds consents,
subjects and disclosures from the entries again and compares them with the tables.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			v := audit.Verify{Open: open, Progress: wide(a.progress("entries"))}
			for _, name := range trusted {
				if err := a.trust(&v, name); err != nil {
					return err
				}
			}
			report, err := p.VerifyLog(cmd.Context(), v, state)
			if err != nil {
				return err
			}
			err = a.print(report, func(w io.Writer) { writeVerification(w, report) })
			if err == nil && len(report.Wrong)+len(report.Differs) > 0 {
				return errNo
			}
			return err
		},
	}
	f := c.Flags()
	f.StringSliceVar(&trusted, "trusted", nil, "a checkpoint or receipt kept outside (a file)")
	f.BoolVar(&state, "state", false, "also compare the ledgers with what the entries say")
	f.BoolVar(&open, "open", false, "also open every sealed part whose key lives")
	return c
}

// trust reads a kept checkpoint, proof or receipt.
func (a *app) trust(v *audit.Verify, name string) error {
	b, err := os.ReadFile(a.path(name))
	if err != nil {
		return fault.Wrap(fault.NotFound, err, "%s cannot be read", name)
	}
	var receipt struct {
		Proof json.RawMessage `json:"proof"`
	}
	if json.Unmarshal(b, &receipt) != nil {
		v.Trusted = append(v.Trusted, b) // a signed note is no JSON
		return nil
	}
	if len(receipt.Proof) > 0 {
		b = receipt.Proof
	}
	proof, err := audit.ParseProof(b)
	if err != nil {
		return err
	}
	v.Proofs = append(v.Proofs, proof)
	return nil
}

func writeVerification(w io.Writer, r avow.Verification) {
	fmt.Fprintf(w, "entries:\t%d verified, %d not yet in order, %d pruned\n", r.Size, r.Pending, r.Pruned)
	for _, x := range r.Wrong {
		fmt.Fprintf(w, "wrong:\t%s\n", x)
	}
	for _, d := range r.Differs {
		fmt.Fprintf(w, "differs:\t%s\n", d)
	}
	if len(r.Wrong)+len(r.Differs) == 0 {
		fmt.Fprintf(w, "root:\t%s\nverified\n", r.Root)
	}
}

func wide(fn func(done, total int)) func(done, total int64) {
	return func(done, total int64) { fn(int(done), int(total)) }
}

func (a *app) auditShow() *cobra.Command {
	var f audit.Filter
	var kind string
	c := &cobra.Command{
		Use:   "show",
		Short: "Show log entries, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			f.Newest = true
			if kind != "" {
				if k, ok := audit.ParseKind(kind); ok {
					f.Kind = k
				} else {
					return usage("--kind %s: the log knows no such kind of entry", kind)
				}
			}
			records, err := p.Entries(cmd.Context(), f)
			if err != nil {
				return err
			}
			return a.printRecords(p, records, false)
		},
	}
	c.Flags().StringVar(&kind, "kind", "", "only entries of this kind, such as incident-opened")
	c.Flags().IntVar(&f.Limit, "limit", 50, "how many entries")
	c.Flags().StringVar(&f.After, "after", "", "cursor of the last entry of the page before (--json has it)")
	return c
}

func (a *app) auditProof() *cobra.Command {
	var id int64
	c := &cobra.Command{
		Use:   "proof --entry ID",
		Short: "Print the proof that an entry is in the log, as JSON",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			proof, err := p.Log().Proof(cmd.Context(), id)
			if err != nil {
				return err
			}
			e := json.NewEncoder(a.stdout)
			e.SetIndent("", "  ")
			return e.Encode(proof)
		},
	}
	c.Flags().Int64Var(&id, "entry", 0, "id of the entry, as use and history print it")
	c.MarkFlagRequired("entry")
	return c
}

func (a *app) auditCheckpoint() *cobra.Command {
	return &cobra.Command{
		Use:   "checkpoint",
		Short: "Print the newest signed checkpoint",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			if _, err := p.Log().Sequence(cmd.Context()); err != nil && fault.Of(err) != fault.Busy {
				return err
			}
			c, err := p.Log().Checkpoint(cmd.Context())
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(c.Note)
			return err
		},
	}
}

func (a *app) auditKey() *cobra.Command {
	return &cobra.Command{
		Use:   "key",
		Short: "Print the public key that verifies checkpoints and receipts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			return a.print(map[string]string{"platform": p.ID(), "key": p.Log().Key()}, func(w io.Writer) { fmt.Fprintln(w, p.Log().Key()) })
		},
	}
}
