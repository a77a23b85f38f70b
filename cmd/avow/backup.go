package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
)

func (a *app) backupCommand() *cobra.Command {
	var to avow.Archives
	c := &cobra.Command{
		Use:   "backup --data FILE --keys FILE",
		Short: "Write data and keys to two separate archives, while work goes on",
		Long: `backup writes one archive of the data and one of the keys. Whoever has only one of
them can read nothing. Keep them apart, ship the erasure journal apart from both,
and back the keys up again after every avow keys epoch: an archive of the keys dies
with its epoch. The epoch file, the master key and the log's signer are in neither
archive: copy the keys directory once to a safe of its own.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			files := avow.Archives{Data: a.path(to.Data), Keys: a.path(to.Keys)}
			done, err := p.Backup(cmd.Context(), files, wide(a.progress("rows")))
			if err != nil {
				return err
			}
			return a.print(done, func(w io.Writer) {
				fmt.Fprintf(w, "%s\t%d rows\n%s\t%d rows, epoch %d\n", to.Data, done.Data.Rows(), to.Keys, done.Keys.Rows(), done.Keys.Epoch)
			})
		},
	}
	c.Flags().StringVar(&to.Data, "data", "", "file for the data")
	c.Flags().StringVar(&to.Keys, "keys", "", "file for the keys")
	c.MarkFlagRequired("data")
	c.MarkFlagRequired("keys")
	onPlatform(c)
	return c
}

func (a *app) restoreCommand() *cobra.Command {
	var r avow.Restoring
	c := here(&cobra.Command{
		Use:   "restore --platform ID --data FILE [--keys FILE] [--journal FILE ...]",
		Short: "Load archives into empty stores, and erase again what was erased since",
		Long: `restore loads archives into stores that are still empty: move the old store files
away first. It needs the erasure journal, newer than the archive, and carries every
erasure in it out again before anything is served; without it people whose data was
erased would be back, so it is refused, unless somebody answers for it by name with
--without-journal. Without --keys the key store stays as it is: what was erased
since the archive stays unreadable.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := avow.ReadConfig(a.path(a.config))
			if err != nil {
				return err
			}
			in := r
			in.Data, in.Keys, in.Journals = a.path(r.Data), a.path(r.Keys), nil
			for _, j := range r.Journals {
				in.Journals = append(in.Journals, a.path(j))
			}
			if in.Platform == "" && len(c.Platforms) == 1 {
				in.Platform = c.Platforms[0].ID
			}
			done, err := avow.Restore(cmd.Context(), c, in, avow.Options{}, wide(a.progress("rows")))
			if err != nil {
				return err
			}
			return a.print(done, func(w io.Writer) {
				fmt.Fprintf(w, "restored %d rows, erased again %d\n", done.Rows, done.Again)
				for _, x := range done.Warnings {
					fmt.Fprintf(w, "warning: %s\n", x)
				}
			})
		},
	})
	f := c.Flags()
	f.StringVar(&r.Data, "data", "", "archive of the data")
	f.StringVar(&r.Keys, "keys", "", "archive of the keys")
	f.StringSliceVar(&r.Journals, "journal", nil, "erasure journal, one for each node (the configuration's when left out)")
	f.StringVar(&r.Override, "without-journal", "", "name of who answers for restoring without a newer journal")
	c.MarkFlagRequired("data")
	onPlatform(c)
	c.PreRun = func(cmd *cobra.Command, _ []string) { r.Platform, _ = cmd.Flags().GetString("platform") }
	return c
}
