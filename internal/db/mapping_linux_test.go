//go:build amd64 || arm64

package db

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// mapped returns the mapping of a file of so many bytes, and the file.
func mapped(t *testing.T, size int) (*mapping, *os.File) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if _, err := f.Write(bytes.Repeat([]byte("abcdefgh"), size/8)); err != nil {
		t.Fatal(err)
	}
	m := mapFile(f.Name())
	if m == nil {
		t.Fatal("the file is not mapped")
	}
	return m, f
}

func TestAMappingIsTheFile(t *testing.T) {
	m, f := mapped(t, 1<<20)
	defer m.release()
	p, want := make([]byte, 4096), make([]byte, 4096)
	for _, off := range []int64{0, 4096, piecemeal - 8, 1<<20 - 4096} {
		if _, err := f.ReadAt(want, off); err != nil {
			t.Fatal(err)
		}
		if !m.read(p, off) || !bytes.Equal(p, want) {
			t.Errorf("other bytes than in the file at %d", off)
		}
	}
	if _, err := f.WriteAt([]byte("written later"), 8192); err != nil {
		t.Fatal(err)
	}
	if !m.read(p[:13], 8192) || string(p[:13]) != "written later" {
		t.Error("what was written is not read")
	}
	if m.read(p, 1<<20-8) {
		t.Error("read beyond the end")
	}
}

func TestAMappingGrowsWithItsFile(t *testing.T) {
	m, f := mapped(t, 1<<16)
	defer m.release()
	if p := make([]byte, 8); !m.read(p, 0) {
		t.Fatal("not read")
	}
	const far = leastWindow + 1<<20
	if _, err := f.WriteAt([]byte("far away"), far); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 8)
	if m.read(p, far) {
		t.Error("read what nobody has said is there")
	}
	m.grown(far + 8)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			p := make([]byte, 8)
			if !m.read(p, far) || string(p) != "far away" {
				t.Error("what the file has grown by is not read")
			}
			if !m.read(p, 0) || string(p) != "abcdefgh" {
				t.Error("the beginning is not read")
			}
		})
	}
	all.Wait()
}

// TestAFileThatWasCutOffEndsNobody: to touch a mapped page behind the end of a file is
// a signal, as it is where a disk does not give a page.
func TestAFileThatWasCutOffEndsNobody(t *testing.T) {
	m, f := mapped(t, 1<<20)
	defer m.release()
	if err := f.Truncate(1 << 16); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 4096)
	if m.read(p, 1<<19) {
		t.Error("read what is not there")
	}
	if !m.read(p, 0) {
		t.Error("what is there is not read any more")
	}
	m.cut(1 << 16)
	if m.read(p, 1<<19) {
		t.Error("read behind the end")
	}
}

func TestAMappingIsSharedAndLetGo(t *testing.T) {
	m, f := mapped(t, 1<<16)
	other := mapFile(f.Name())
	if other != m {
		t.Fatal("two mappings of one file")
	}
	m.release()
	if !other.read(make([]byte, 8), 0) {
		t.Error("not read while somebody holds it")
	}
	other.release()
	if next := mapFile(f.Name()); next == m {
		t.Error("a mapping that was let go is used again")
	} else {
		next.release()
	}
	if mapFile(filepath.Join(t.TempDir(), "none")) != nil {
		t.Error("a file that is not there is mapped")
	}
}

// TestAStoreReadsThroughItsMapping: the database and its log are both mapped.
func TestAStoreReadsThroughItsMapping(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data.db")
	d, err := Open(t.Context(), Config{Engine: SQLite, Store: "data", File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, name := range []string{file, file + "-wal"} {
		m := mapFile(name)
		if m == nil || m.refs < 2 {
			t.Errorf("%s is not read through memory", filepath.Base(name))
		}
		m.release()
	}
}
