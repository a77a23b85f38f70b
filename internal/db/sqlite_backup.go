package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow/fault"
)

// backupPages is how many pages are copied between two looks at ctx.
const backupPages = 256

// backup copies page by page from inside a read transaction, which keeps the
// copy consistent while the writer goes on.
func (e *lite) backup(ctx context.Context, file string, progress func(done, total int)) (err error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.Conflict, "%s exists already: choose another name", file)
	}
	if err != nil {
		return fmt.Errorf("db backup: %w", err)
	}
	f.Close()
	defer func() {
		if err != nil {
			os.Remove(file)
		}
	}()
	c, err := e.readers.get(ctx)
	if err != nil {
		return err
	}
	defer e.readers.put(c, true)
	if err := c.do("BEGIN"); err != nil {
		return report(err)
	}
	defer c.do("ROLLBACK")
	if _, err := c.single("SELECT count(*) FROM sqlite_schema"); err != nil {
		return err
	}
	if err := c.copyTo(ctx, file, progress); err != nil {
		return fmt.Errorf("db backup: %w", err)
	}
	if err := e.durable(ctx); err != nil {
		return fmt.Errorf("db backup: %w", err)
	}
	return syncFile(file)
}

func (c *liteConn) copyTo(ctx context.Context, file string, progress func(done, total int)) (err error) {
	b, err := c.c.BackupInit("main", fileURI(file))
	if err != nil {
		return liteError(err)
	}
	defer func() {
		if e := b.Close(); err == nil && e != nil {
			err = liteError(e)
		}
	}()
	for {
		done, err := b.Step(backupPages)
		if err != nil {
			return liteError(err)
		}
		progress(b.PageCount()-b.Remaining(), b.PageCount())
		if done {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// syncFile makes a file and its name durable.
func syncFile(file string) error {
	for _, name := range []string{file, filepath.Dir(file)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
