//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A testbed is running servers in a directory of their own.
type testbed struct {
	dir        string
	temporary  string // a directory of the command's temporary files, when they are in memory too; or ""
	data, keys *cluster
	shops      *shopServer
	log        io.Writer
}

// open makes sure that PostgreSQL and MariaDB are there and starts them, in a file system in
// memory unless that is "". After an error nothing is left running and no directory is
// left behind.
func open(ctx context.Context, in string, log io.Writer) (*testbed, error) {
	bin, err := postgres().ensure(ctx, log)
	if err != nil {
		return nil, err
	}
	shops, err := mariadb().ensure(ctx, log)
	if err != nil {
		return nil, err
	}
	who, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(in, "avow-testbed-")
	if err != nil {
		return nil, fmt.Errorf("a temporary directory is needed: %w", err)
	}
	b := &testbed{dir: dir, log: log}
	if in != "" {
		if b.temporary, err = share(in); err != nil {
			b.close()
			return nil, err
		}
	}
	if err := b.start(ctx, bin, shops, who); err != nil {
		b.close()
		return nil, err
	}
	where := ""
	if in != "" {
		where = ", in memory"
	}
	fmt.Fprintf(log, "testbed: PostgreSQL of %s%s, data on port %d, keys on port %d; MariaDB of %s on port %d\n",
		bin, where, b.data.port, b.keys.port, shops, b.shops.port)
	return b, nil
}

func (b *testbed) start(ctx context.Context, bin, shops string, who *account) error {
	if err := who.own(b.dir); err != nil {
		return err
	}
	password := rand.Text()
	b.data = newCluster(bin, filepath.Join(b.dir, "data"), password, who)
	b.keys = newCluster(bin, filepath.Join(b.dir, "keys"), password, who)
	b.shops = newShopServer(shops, filepath.Join(b.dir, "shops"), password, who)
	// They take up to a second of processor time each: all at once.
	failed := make(chan error, 3)
	for _, create := range []func(context.Context) error{b.data.create, b.keys.create, b.shops.create} {
		go func() { failed <- create(ctx) }()
	}
	if err := errors.Join(<-failed, <-failed, <-failed); err != nil {
		return err
	}
	// The servers are started from this goroutine, which holds its thread.
	return errors.Join(b.data.start(ctx), b.keys.start(ctx), b.shops.start(ctx))
}

// share makes a directory for temporary files of everybody, the servers' account
// included. It is not in the servers' own, which is closed to all others: Chromium has
// processes that give up root's right to pass, and then load no page.
func share(in string) (string, error) {
	dir, err := os.MkdirTemp(in, "avow-testbed-tmp-")
	if err != nil {
		return "", fmt.Errorf("a temporary directory is needed: %w", err)
	}
	return dir, os.Chmod(dir, 0o777|os.ModeSticky)
}

func (b *testbed) environ() []string {
	env := append(os.Environ(), "AVOW_TEST_POSTGRES="+b.data.dsn(), "AVOW_TEST_POSTGRES_KEYS="+b.keys.dsn(), "AVOW_TEST_MYSQL="+b.shops.dsn())
	if b.temporary == "" {
		return env
	}
	if os.Getenv("GOTMPDIR") == "" { // what go test builds is large and may be on a disk
		env = append(env, "GOTMPDIR="+os.TempDir())
	}
	return append(env, "TMPDIR="+b.temporary)
}

// close stops the servers and removes the directory. It is safe at any stage
// of open.
func (b *testbed) close() {
	for _, s := range b.servers() {
		s.stop()
	}
	for _, dir := range []string{b.dir, b.temporary} {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintf(b.log, "testbed: remove %s by hand: %v\n", dir, err)
		}
	}
}

// servers are those that were prepared so far.
func (b *testbed) servers() (out []*server) {
	for _, c := range []*cluster{b.data, b.keys} {
		if c != nil {
			out = append(out, &c.server)
		}
	}
	if b.shops != nil {
		out = append(out, &b.shops.server)
	}
	return out
}
