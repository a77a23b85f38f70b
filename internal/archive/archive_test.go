package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
)

func TestAnArchiveLoadsIntoEitherEngineAndItsValuesOpen(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			other := map[db.Engine]db.Engine{db.SQLite: db.Postgres, db.Postgres: db.SQLite}[e]
			b := newBed(t, e)
			b.collect(t, 1, 2, 3)
			dataFile, keysFile := create(t, b.dataSource()), create(t, b.keysSource())
			if m := peek(t, keysFile); m.Epoch != 1 || m.Store != db.Keys || m.Engine != e {
				t.Errorf("%+v", m)
			}
			for _, target := range []db.Engine{e, other} {
				data, keys := dbtest.Open(t, target, db.Data), dbtest.Open(t, target, db.Keys)
				load(t, dataFile, data)
				load(t, keysFile, keys)
				ring := openRing(t, data, keys, b.epoch)
				for n := int64(1); n <= 3; n++ {
					if got := reads(t, data, ring, n); got != value(n) {
						t.Errorf("from %s to %s: subject %d reads %q", e, target, n, got)
					}
				}
				ring.Close()
			}
		})
	}
}

func TestThereAndBackEveryTableIsByteEqual(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1, 2, 3, 4)
	first := create(t, b.dataSource())
	post := dbtest.Open(t, db.Postgres, db.Data)
	load(t, first, post)
	s := b.dataSource()
	s.DB = post
	second := create(t, s)
	lite := dbtest.Open(t, db.SQLite, db.Data)
	load(t, second, lite)
	s.DB = lite
	third := create(t, s)
	want := sums(t, first)
	if diff := cmp.Diff(want, sums(t, second)); diff != "" || len(want) < 10 {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, sums(t, third)); diff != "" {
		t.Error(diff)
	}
	m, again := peek(t, first), peek(t, third)
	again.At = m.At
	if diff := cmp.Diff(m, again); diff != "" || m.Rows() < 12 {
		t.Error(diff)
	}
}

func sums(t *testing.T, path string) map[string]digest {
	t.Helper()
	_, d, err := readFile(t.Context(), path, nil, func(Table, [][]any) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryTableOfEveryStoreIsInItsArchive(t *testing.T) {
	dbtest.Each(t, db.Server, func(t *testing.T, d *db.DB) {
		m := peek(t, create(t, Source{DB: d}))
		var tables []db.Table
		err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
			tables, err = d.Catalogue(t.Context(), r)
			return err
		})
		if err != nil || len(tables) != len(m.Tables) || len(tables) < 2 || len(m.Migrations) < 2 {
			t.Errorf("%d tables of %d, migrations %v, %v", len(m.Tables), len(tables), m.Migrations, err)
		}
		load(t, create(t, Source{DB: d}), dbtest.Open(t, d.Engine(), db.Server))
	})
}

func TestAnArchiveHoldsNoValueInClear(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1)
	for _, s := range []Source{b.dataSource(), b.keysSource()} {
		path := create(t, s)
		clear, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = readFile(t.Context(), path, nil, func(table Table, rows [][]any) error {
			for _, row := range rows {
				var err error
				if clear, err = appendRow(clear, table.Columns, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || bytes.Contains(clear, []byte("marker")) {
			t.Errorf("the %s archive has a value in clear, or %v", s.DB.Store(), err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
}

func TestAnArchiveIsOneSnapshot(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1)
	path := filepath.Join(t.TempDir(), "archive")
	s := b.dataSource()
	first := true
	m, err := Create(t.Context(), path, s, func(done, total int64) {
		if first {
			first = false
			b.collect(t, 2) // while the archive is being written
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range m.Tables {
		if strings.HasPrefix(table.Name, "vault_row") && table.Rows != 1 {
			t.Errorf("%d rows", table.Rows)
		}
	}
	if reads(t, b.data, b.ring, 2) == "" {
		t.Error("writing did not go on meanwhile")
	}
}

func TestAnArchiveIsNotOverwritten(t *testing.T) {
	b := newBed(t, db.SQLite)
	path := create(t, b.dataSource())
	if _, err := Create(t.Context(), path, b.dataSource(), nil); fault.Of(err) != fault.Conflict {
		t.Errorf("err = %v, want conflict", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

func TestKeysThatMoveToAnotherEpochMeanwhileAreNotArchived(t *testing.T) {
	b := newBed(t, db.SQLite)
	s := b.keysSource()
	n := int64(0)
	s.Epoch = func(context.Context) (int64, error) { n++; return n, nil }
	path := filepath.Join(t.TempDir(), "archive")
	if _, err := Create(t.Context(), path, s, nil); fault.Of(err) != fault.Busy {
		t.Errorf("err = %v, want busy", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the archive is there all the same")
	}
}

func TestASourceSaysEverythingARestoreNeeds(t *testing.T) {
	b := newBed(t, db.SQLite)
	for name, change := range map[string]func(*Source){
		"no platform": func(s *Source) { s.Platform = "" },
		"no journal":  func(s *Source) { s.Journals = nil },
		"no epoch":    func(s *Source) { s.Epoch = nil },
	} {
		s := b.keysSource()
		change(&s)
		if _, err := Write(t.Context(), new(bytes.Buffer), s, nil); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: err = %v, want invalid", name, err)
		}
	}
}

func TestOnlyANewStoreIsLoaded(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1)
	path := create(t, b.dataSource())
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		if _, err := d.Number(t.Context(), "subject"); err != nil {
			t.Fatal(err)
		}
		_, err := Load(t.Context(), path, d, nil)
		if fault.Of(err) != fault.Conflict || !strings.Contains(fault.Message(err), "empty") {
			t.Errorf("err = %v, want conflict", err)
		}
	})
	if _, err := Load(t.Context(), path, b.data, nil); fault.Of(err) != fault.Conflict {
		t.Errorf("a store in use: err = %v, want conflict", err)
	}
	if reads(t, b.data, b.ring, 1) != value(1) {
		t.Error("the refused load has changed the store")
	}
	if _, err := Load(t.Context(), path, dbtest.Open(t, db.SQLite, db.Keys), nil); fault.Of(err) != fault.Invalid {
		t.Errorf("another store: err = %v, want invalid", err)
	}
}

func TestAStoreIsNotServedBeforeItsRestoreHasFinished(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1)
	path := create(t, b.dataSource())
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(t.Context(), path, d, nil); err != nil {
			t.Fatal(err)
		}
		d.Close()
		if d, err := db.Open(t.Context(), c); err == nil {
			d.Close()
			t.Error("a store that is loaded and not finished opens")
		}
	})
}

func TestALoadThatFailsHalfWayLeavesAStoreThatIsNotServed(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1, 2)
	path := create(t, b.dataSource())
	c := dbtest.Config(t, db.SQLite, db.Data)
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Load(ctx, path, d, func(done, total int64) {
		if done == total {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("err = %v", err)
	}
	if _, err := Load(t.Context(), path, d, nil); fault.Of(err) != fault.Conflict {
		t.Errorf("again: err = %v, want conflict", err)
	}
	d.Close()
	if d, err = db.Open(t.Context(), c); err == nil {
		d.Close()
		t.Error("a half-loaded store opens")
	}
}

func TestAnArchiveOfOtherMigrationsIsNotLoaded(t *testing.T) {
	b := newBed(t, db.SQLite)
	path := create(t, b.dataSource())
	d := dbtest.Open(t, db.SQLite, db.Data)
	m := peek(t, path)
	m.Migrations = append(m.Migrations, "9999_later.sql")
	if _, err := fit(t.Context(), *m, d); fault.Of(err) != fault.Conflict {
		t.Errorf("err = %v, want conflict", err)
	}
	m = peek(t, path)
	m.Tables[3].Columns[0].Name += "_old"
	if _, err := fit(t.Context(), *m, d); fault.Of(err) != fault.Conflict {
		t.Errorf("err = %v, want conflict", err)
	}
}

func TestMemoryDoesNotGrowWithTheStore(t *testing.T) {
	const rows = 50_000
	ctx := t.Context()
	d := dbtest.Open(t, db.SQLite, db.Keys)
	wrapped := bytes.Repeat([]byte("0123456789abcdef"), 25)
	for first := 0; first < rows; first += 500 {
		err := d.Tx(ctx, func(tx *db.Tx) error {
			for n := range 500 {
				if _, err := tx.Exec(ctx, `INSERT INTO data_key (id, epoch, made, bound, wrapped) VALUES ($1, 1, $2, 0, $3)`, first+n+1, n, wrapped); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	into := dbtest.Open(t, db.SQLite, db.Keys)
	var before, peak uint64
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	calls := 0
	watch := func(done, total int64) {
		if calls++; calls%20 == 0 {
			peak = max(peak, heap())
		}
	}
	before = heap()
	path := filepath.Join(t.TempDir(), "archive")
	if _, err := Create(ctx, path, Source{Platform: "p", DB: d, Journals: []journal.Head{{}}, Epoch: one}, watch); err != nil {
		t.Fatal(err)
	}
	m, err := Check(ctx, path, watch)
	if err != nil || m.Rows() != rows {
		t.Fatal(m.Rows(), err)
	}
	if _, err := Load(ctx, path, into, watch); err != nil {
		t.Fatal(err)
	}
	t.Logf("peak %d KiB above the start, %d calls", (int64(peak)-int64(before))/1024, calls)
	if peak > before+8<<20 {
		t.Errorf("%d MiB more than before, for 20 MB of rows", (peak-before)>>20)
	}
}
