package loading_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/loading"
)

// counting is SQLite's own layer; it counts what reaches the disk.
type counting struct {
	vfs.VFS
	syncs *int
}

func (c counting) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := c.VFS.(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return counted{f, c.syncs}, flags, nil
}

type counted struct {
	vfs.File
	syncs *int
}

func (f counted) SharedMemory() vfs.SharedMemory { return f.File.(vfs.FileSharedMemory).SharedMemory() }

func (f counted) Sync(flags vfs.SyncFlag) error {
	*f.syncs++
	return f.File.Sync(flags)
}

// on opens a database on a layer above one that counts.
func on(t *testing.T) (l *loading.Layer, c *sqlite3.Conn, file string, syncs *int) {
	t.Helper()
	syncs = new(int)
	below := "counting-" + t.Name()
	vfs.Register(below, counting{vfs.Find(""), syncs})
	t.Cleanup(func() { vfs.Unregister(below) })
	l = loading.Above(below)
	t.Cleanup(l.Close)
	file = filepath.Join(t.TempDir(), "a.db")
	c, err := sqlite3.Open("file:" + file + "?vfs=" + l.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	run(t, c, "PRAGMA synchronous = FULL", "PRAGMA journal_mode = WAL", "CREATE TABLE t (n INTEGER)")
	return l, c, file, syncs
}

func run(t *testing.T, c *sqlite3.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := c.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestACommitWaitsForTheDiskAgainOnceTheLayerIsSettled(t *testing.T) {
	l, c, file, syncs := on(t)
	run(t, c, "INSERT INTO t VALUES (1)", "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES (2)")
	if *syncs != 0 {
		t.Errorf("%d syncs before it was settled", *syncs)
	}
	if err := l.Settle(); err != nil {
		t.Fatal(err)
	}
	before := *syncs
	run(t, c, "INSERT INTO t VALUES (3)")
	if *syncs == before {
		t.Error("a commit after Settle was not synced")
	}
	again, err := sqlite3.Open("file:" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	s, _, err := again.Prepare("SELECT sum(n) FROM t")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Step() || s.ColumnInt(0) != 6 {
		t.Errorf("sum %d, %v", s.ColumnInt(0), s.Err())
	}
}

func TestWhatCannotBeSyncedIsNotSettled(t *testing.T) {
	l, c, file, syncs := on(t)
	run(t, c, "INSERT INTO t VALUES (1)")
	if err := os.Rename(file, file+"-away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil { // what cannot be opened for writing
		t.Fatal(err)
	}
	if err := l.Settle(); err == nil {
		t.Error("it was settled")
	}
	run(t, c, "INSERT INTO t VALUES (2)")
	if *syncs != 0 {
		t.Error("syncs are let through, although what came before is not durable")
	}
}

func TestAFileThatIsNoDatabaseIsOpenedOnTheLayer(t *testing.T) {
	l := loading.New()
	defer l.Close()
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := db.OpenFile(l.Name(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("entry"), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "entry" {
		t.Errorf("%q, %v", b, err)
	}
}
