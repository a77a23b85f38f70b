package db

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/fault"
)

func TestPendingMigrations(t *testing.T) {
	a, b, c := migration{name: "0001_a.sql", sum: "1"}, migration{name: "0002_b.sql", sum: "2"}, migration{name: "0003_c.sql", sum: "3"}
	changed := migration{name: "0001_a.sql", sum: "9"}
	for _, x := range []struct {
		name           string
		have, recorded []migration
		todo           int
		ok             bool
	}{
		{"a new database", []migration{a, b}, nil, 2, true},
		{"an older one", []migration{a, b, c}, []migration{a, b}, 1, true},
		{"up to date", []migration{a, b}, []migration{a, b}, 0, true},
		{"a newer one", []migration{a}, []migration{a, b}, 0, false},
		{"a changed file", []migration{a, b}, []migration{changed}, 0, false},
		{"a file put between", []migration{a, b, c}, []migration{a, c}, 0, false},
	} {
		todo, err := pending(x.have, x.recorded)
		if (err == nil) != x.ok || len(todo) != x.todo || (err != nil && fault.Of(err) != fault.Conflict) {
			t.Errorf("%s: %d to do, %v", x.name, len(todo), err)
		}
	}
}

// A migration that fails leaves the database as it was, and the copy made before
// is removed by the next one that does not.
func TestAFailedMigrationIsUndone(t *testing.T) {
	ctx := t.Context()
	config := Config{Engine: SQLite, Store: Keys, File: filepath.Join(t.TempDir(), "x.db")}
	d, err := Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	d.engine.close()
	c, err := d.engine.(*lite).open(false)
	if err != nil {
		t.Fatal(err)
	}
	bad := migration{"0009_bad.sql", "sum", "CREATE TABLE half (a INTEGER) STRICT; CREATE TABLE half (a INTEGER) STRICT;"}
	if err := c.apply(ctx, []migration{bad}, 1); err == nil {
		t.Fatal("no error")
	}
	if n, err := c.single("SELECT count(*) FROM sqlite_schema WHERE name = 'half'"); n != "0" || err != nil {
		t.Errorf("%s tables left, %v", n, err)
	}
	safety := config.File + "-before-migration"
	if err := c.copyBefore(safety); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(safety); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info, err)
	}
	c.close()
	d, err = Open(context.WithoutCancel(ctx), config)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := os.Stat(safety); !os.IsNotExist(err) {
		t.Errorf("the copy is still there: %v", err)
	}
}
