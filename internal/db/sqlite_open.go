package db

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/ncruces/go-sqlite3"
)

// lite is the SQLite engine: one writer, a pool of readers.
type lite struct {
	db      *DB
	file    string
	writer  *liteWriter
	readers *pool[*liteConn]
}

// busyTimeout is how long a statement waits for another process's lock.
const busyTimeout = 5 * time.Second

// autoCheckpoint is when, in pages of the write-ahead log, a commit moves it into
// the database file.
const autoCheckpoint = 2000

func (d *DB) openLite(ctx context.Context) error {
	if d.config.File == "" {
		return fault.New(fault.Invalid, "database: SQLite needs the path of a file")
	}
	file, err := filepath.Abs(d.config.File)
	if err != nil {
		return err
	}
	if err := createPrivate(file, file+"-shm"); err != nil {
		return err
	}
	e := &lite{db: d, file: file}
	conn, err := e.open(false)
	if err != nil {
		return err
	}
	if err := conn.migrate(ctx, d, file); err != nil {
		conn.close()
		return err
	}
	n := d.config.Readers
	if n <= 0 {
		n = max(4, runtime.GOMAXPROCS(0))
	}
	e.readers = newPool(n, func(context.Context) (*liteConn, error) { return e.open(true) })
	if e.writer, err = newLiteWriter(d, conn); err != nil {
		conn.close()
		return err
	}
	d.engine = e
	return nil
}

// createPrivate makes the files readable by their owner only, before SQLite
// writes anything to them.
func createPrivate(files ...string) error {
	for _, name := range files {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// open opens a connection and asserts what the promises of this package rest on.
func (e *lite) open(readonly bool) (*liteConn, error) {
	params := []string{
		"modeof", e.file, // the log gets the mode of the database
		"vfs", steady(e.db.config.VFS),
	}
	flags := sqlite3.OPEN_READWRITE | sqlite3.OPEN_URI
	if readonly {
		flags = sqlite3.OPEN_READONLY | sqlite3.OPEN_URI
	}
	c, err := sqlite3.OpenFlags(fileURI(e.file, params...), flags)
	if err != nil {
		return nil, liteError(err)
	}
	conn := newLiteConn(c)
	if err := conn.settle(readonly); err != nil {
		conn.close()
		return nil, err
	}
	return conn, nil
}

// fileURI names a file to SQLite, whatever its path contains.
func fileURI(file string, params ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(file), RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}

// cacheSize is the page cache of a connection, in KiB below zero: a crowd of
// subjects is written to and read from at once, and each stands on pages of its
// own. It is taken only as it is filled. More is not better: a commit that has
// split pages walks through the whole cache to see whether the file became shorter
// (sqlite3PcacheTruncate), some 40 ns a page.
const cacheSize = "-8192"

// settle sets and reads back the settings of a connection.
func (c *liteConn) settle(readonly bool) error {
	if err := c.c.BusyTimeout(busyTimeout); err != nil {
		return err
	}
	// A plan may not depend on what is bound: otherwise SQLite prepares a
	// statement with a range or a LIMIT anew each time it runs.
	if _, err := c.c.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return liteError(err)
	}
	settings := [][2]string{{"synchronous", "2"}, {"secure_delete", "1"}, {"foreign_keys", "1"}, {"trusted_schema", "0"}, {"cache_size", cacheSize}}
	if readonly {
		settings = append(settings, [2]string{"query_only", "1"})
	} else {
		if err := c.c.Exec("PRAGMA journal_mode = wal"); err != nil {
			return liteError(err)
		}
		settings = append(settings, [2]string{"wal_autocheckpoint", strconv.Itoa(autoCheckpoint)})
	}
	for _, s := range settings {
		if err := c.c.Exec("PRAGMA " + s[0] + " = " + s[1]); err != nil {
			return liteError(err)
		}
	}
	for _, s := range append(settings, [2]string{"journal_mode", "wal"}) {
		got, err := c.single("PRAGMA " + s[0])
		if err != nil {
			return err
		}
		if got != s[1] {
			return fmt.Errorf("SQLite's %s is %q and cannot be set to %q: deletion and durability would not hold", s[0], got, s[1])
		}
	}
	version, err := c.single("SELECT sqlite_version()")
	if err != nil {
		return err
	}
	if !atLeast(version, 3, 51, 3) {
		return fmt.Errorf("SQLite %s can corrupt its log (WAL reset, mended in 3.51.3): build with a newer one", version)
	}
	return nil
}

// atLeast compares a version such as 3.53.2.
func atLeast(version string, want ...int) bool {
	have := strings.Split(version, ".")
	for i, w := range want {
		n := 0
		if i < len(have) {
			n, _ = strconv.Atoi(have[i])
		}
		if n != w {
			return n > w
		}
	}
	return true
}

// single returns the first column of the first row as a text.
func (c *liteConn) single(sql string) (string, error) {
	s, err := c.compile(sql)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if !s.Step() {
		return "", errors.Join(liteError(s.Err()), fmt.Errorf("%s gives no row", sql))
	}
	return s.ColumnText(0), nil
}

func (e *lite) commit(ctx context.Context, a *Act) error { return e.writer.commit(ctx, a) }

func (e *lite) tx(ctx context.Context, bulk bool, fn func(*Tx) error) error {
	return e.writer.tx(ctx, bulk, fn)
}

func (e *lite) read(ctx context.Context, single bool, fn func(*Snapshot) error) (err error) {
	c, err := e.readers.get(ctx)
	if err != nil {
		return err
	}
	snap := &Snapshot{s: c, single: single}
	defer func() {
		snap.finish()
		c.c.SetInterrupt(context.Background())
		if !c.c.GetAutocommit() {
			if e := c.do("ROLLBACK"); e != nil && err == nil {
				err = report(e)
			}
		}
		e.readers.put(c, true)
	}()
	if !single {
		if err := c.do("BEGIN"); err != nil {
			return report(err)
		}
	}
	c.c.SetInterrupt(ctx)
	err = fn(snap)
	if err != nil && ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// durable waits until all that can be read is on the disk.
func (e *lite) durable(ctx context.Context) error { return e.writer.debt.wait(ctx, &e.db.stop) }

func (e *lite) prepare(ctx context.Context, sql string) error {
	lite, err := toLite(sql)
	if err != nil {
		return err
	}
	c, err := e.readers.get(ctx)
	if err != nil {
		return err
	}
	defer e.readers.put(c, true)
	s, err := c.compile(lite)
	if err != nil {
		return err
	}
	return s.Close()
}

func (e *lite) checkpoint(ctx context.Context) error {
	for try := 0; ; try++ {
		j := &job{done: make(chan error, 1)}
		j.alone = e.writer.conn.truncate
		err := e.writer.do(ctx, j, false, nil)
		if fault.Of(err) != fault.Busy || try == 50 || e.db.stop.check() != nil {
			return report(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (e *lite) checkpointSoon() { e.writer.want() }

func (e *lite) realTime() string { return "$4" }

func (e *lite) close() error {
	e.writer.queue.close()
	<-e.writer.ended
	err := e.readers.close(func(c *liteConn) error { return c.close() })
	return errors.Join(err, e.writer.conn.close())
}
