package world

import (
	"context"
	"crypto/rand"
	"flag"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// spare are databases of PostgreSQL that no test uses at the moment. To make and
// drop one takes the server longer than most tests.
var spare = databases{free: map[string][]string{}}

type databases struct {
	mu   sync.Mutex
	free map[string][]string // by connection string of the server; owned by mu
}

// Main runs the tests of a package that lives in worlds, many at once since they
// mostly wait for the disk, and drops the databases that were made for them. Call
// it from TestMain.
func Main(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		return 1
	}
	code := m.Run()
	for server, names := range spare.free {
		for _, name := range names {
			if err := admin(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
				code = 1
			}
		}
	}
	return code
}

func (d *databases) take(server string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.free[server]); n > 0 {
		name := d.free[server][n-1]
		d.free[server] = d.free[server][:n-1]
		return name
	}
	return ""
}

func (d *databases) give(server, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free[server] = append(d.free[server], name)
}

// Database returns the connection string of an empty database in the cluster that
// a variable of the environment names. It is this test's alone until it ends.
func Database(t testing.TB, variable string) string {
	t.Helper()
	server := os.Getenv(variable)
	if server == "" && testing.Short() {
		t.Skip("-short leaves PostgreSQL out: " + variable + " is not set")
	}
	if server == "" {
		t.Fatalf("%s is not set: run `make test`, which starts the PostgreSQL servers for tests", variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL", variable)
	}
	name := spare.take(server)
	if name == "" {
		name = "avow_world_" + strings.ToLower(rand.Text()[:12])
		if err := admin(server, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
			t.Fatal(err)
		}
	}
	u.Path = "/" + name
	t.Cleanup(func() {
		if err := empty(u.String()); err != nil {
			t.Error(err)
		}
		spare.give(server, name)
	})
	return u.String()
}

func admin(dsn, sql string) error {
	ctx := context.Background() // the test's own may have ended
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// empty drops every schema of a database but the engine's own, and ends who is
// still connected.
func empty(dsn string) error {
	return admin(dsn, `DO $$
		DECLARE s text;
		BEGIN
			PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
			FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
				EXECUTE format('DROP SCHEMA %I CASCADE', s);
			END LOOP;
			CREATE SCHEMA public;
		END $$`)
}
