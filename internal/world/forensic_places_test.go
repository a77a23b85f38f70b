package world

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/internal/db"
)

// A root is a folder that a thief goes through.
type root struct {
	place, path string
	skip        func(path string) bool
}

// roots are all folders in which the world leaves bytes: its own, that for
// temporary files, and of both PostgreSQL servers what may hold something of this
// world: its database, what is shared, temporary files, the write-ahead log and
// what the server says. With whole it is all of their directories.
func (w *scene) roots(whole bool) (out []root) {
	w.Helper()
	none := func(string) bool { return false }
	for _, place := range []string{"data", "keys", "journal", "archives", "handed out"} {
		out = append(out, root{place, filepath.Join(w.Dir, place), none})
	}
	out = append(out, root{"temporary files", os.TempDir(), func(path string) bool { return strings.HasPrefix(path, w.Dir) }})
	if w.Engine != db.Postgres {
		return out
	}
	for _, store := range []db.Store{db.Data, db.Keys} {
		s := w.server(store)
		if whole {
			out = append(out, root{"directory of the server", s.dir, func(path string) bool { return strings.HasPrefix(path, filepath.Join(s.dir, "pg_wal")) }})
		} else {
			for _, dir := range []string{"base/" + s.database, "base/pgsql_tmp", "global", "pg_xact", "pg_stat", "pg_stat_tmp", "pg_twophase", "pg_logical"} {
				out = append(out, root{"directory of the server", filepath.Join(s.dir, dir), none})
			}
		}
		out = append(out,
			root{"words of the server", s.dir + ".log", none},
			root{"write-ahead log of the server", filepath.Join(s.dir, "pg_wal"), func(path string) bool {
				name := filepath.Base(path)
				return !whole && len(name) == len(w.since[store]) && name < w.since[store]
			}})
	}
	return out
}

// A scene is a world to be searched, and which part of the servers' logs was being
// written when it began.
type scene struct {
	*World
	since map[db.Store]string
}

// newScene has what the servers hold in memory written, and marks where their logs
// stand.
func newScene(w *World) *scene {
	w.Helper()
	s := &scene{w, map[db.Store]string{}}
	w.maintain("CHECKPOINT")
	if w.Engine == db.Postgres {
		for _, store := range []db.Store{db.Data, db.Keys} {
			s.since[store] = w.server(store).segment
		}
	}
	return s
}

// A server is one of the two PostgreSQL servers, as its own machine sees it.
type server struct{ dir, database, segment string }

// server asks where a server keeps its files, by which number it calls the world's
// database, and which part of its log it writes.
func (w *World) server(store db.Store) (s server) {
	w.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.dsn[store])
	w.Must(err)
	defer conn.Close(ctx)
	var oid uint32
	err = conn.QueryRow(ctx, `SELECT current_setting('data_directory'), pg_walfile_name(pg_current_wal_lsn()),
		(SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&s.dir, &s.segment, &oid)
	w.Must(err)
	s.database = fmt.Sprint(oid)
	if _, err := os.ReadDir(filepath.Join(s.dir, "pg_wal")); err != nil {
		w.Fatalf("the files of the PostgreSQL server cannot be read: run the tests as root, or as the account that runs it: %v", err)
	}
	return s
}

// maintain makes both servers do what they do in time anyway.
func (w *World) maintain(statements ...string) {
	w.Helper()
	if w.Engine != db.Postgres {
		return
	}
	for _, store := range []db.Store{db.Data, db.Keys} {
		for _, s := range statements {
			w.Must(admin(w.dsn[store], s))
		}
	}
}
