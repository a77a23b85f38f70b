package db

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

// plainLog is a log on a file of the machine that counts what reaches it.
type plainLog struct {
	vfs.File
	f             *os.File
	writes, syncs int
	order         []string // what was done, until the next reset
}

func (p *plainLog) WriteAt(b []byte, at int64) (int, error) {
	p.writes++
	if at == 0 && len(bytes.Trim(b, "\x00")) == 0 {
		p.order = append(p.order, "header")
	} else {
		p.order = append(p.order, "write")
	}
	return p.f.WriteAt(b, at)
}

func (p *plainLog) ReadAt(b []byte, at int64) (int, error) { return p.f.ReadAt(b, at) }

func (p *plainLog) Truncate(n int64) error {
	p.order = append(p.order, "cut")
	return p.f.Truncate(n)
}

func (p *plainLog) Sync(vfs.SyncFlag) error {
	p.syncs++
	p.order = append(p.order, "sync")
	return p.f.Sync()
}

func (p *plainLog) Size() (int64, error) {
	info, err := p.f.Stat()
	return info.Size(), err
}

func newPlainLog(t *testing.T) (*plainLog, *steadyLog) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	p := &plainLog{f: f}
	held, _, err := steadyLogs{}.hold("", p, vfs.OPEN_WAL, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, held.(*steadyLog)
}

func (p *plainLog) content(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(p.f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestALogIsWrittenOnceATransactionAndGrowsByPieces(t *testing.T) {
	p, l := newPlainLog(t)
	var want []byte
	for range 20 { // transactions
		for range 5 { // pages
			page := bytes.Repeat([]byte{byte(len(want)/100 + 1)}, 4120)
			if _, err := l.WriteAt(page, int64(len(want))); err != nil {
				t.Fatal(err)
			}
			want = append(want, page...)
		}
		if err := l.Sync(vfs.SYNC_NORMAL); err != nil {
			t.Fatal(err)
		}
	}
	grown := (len(want) + logRoom - 1) / logRoom
	if p.writes != 20+grown || p.syncs != 20 {
		t.Errorf("%d writes and %d syncs of 20 transactions and %d pieces", p.writes, p.syncs, grown)
	}
	if got := p.content(t); len(got) != grown*logRoom || !bytes.Equal(bytes.TrimRight(got, "\x00"), want) {
		t.Errorf("%d bytes on the disk are not the %d that were written", len(got), len(want))
	}
}

func TestAPageIsReadAsItWasWrittenAlthoughItIsNotSynced(t *testing.T) {
	_, l := newPlainLog(t)
	for i, at := range []int64{0, 32, 10, 5000} { // on, over, and away
		want := bytes.Repeat([]byte{byte(i + 1)}, 20)
		if _, err := l.WriteAt(want, at); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 20)
		if _, err := l.ReadAt(got, at); err != nil || !bytes.Equal(got, want) {
			t.Errorf("at %d: %v, %v", at, got, err)
		}
	}
}

// A header that outlived some of its frames would bring old pages back.
func TestAnEmptiedLogIsZerosAndItsHeaderGoesFirst(t *testing.T) {
	for _, size := range []int{100, 3 * logRoom, logKept + logRoom} {
		p, l := newPlainLog(t)
		if _, err := l.WriteAt(bytes.Repeat([]byte{7}, size), 0); err != nil {
			t.Fatal(err)
		}
		if err := l.Sync(vfs.SYNC_NORMAL); err != nil {
			t.Fatal(err)
		}
		p.order = nil
		if err := l.Truncate(0); err != nil {
			t.Fatal(err)
		}
		if len(p.order) < 2 || p.order[0] != "header" || p.order[1] != "sync" {
			t.Errorf("of %d bytes: %v", size, p.order)
		}
		got := p.content(t)
		if len(got) > logKept || len(got) < min(size, logKept) || len(bytes.TrimRight(got, "\x00")) != 0 {
			t.Errorf("of %d bytes %d are left, and not all are zeros", size, len(got))
		}
		p.order = nil
		if err := l.Truncate(0); err != nil || len(p.order) != 0 {
			t.Errorf("emptying an empty one: %v, %v", p.order, err)
		}
	}
}

// Frames that reached the disk before their header would be taken for those of
// another log.
func TestTheSyncOfACommitCanBeOwedAndThatOfAHeaderCannot(t *testing.T) {
	p, l := newPlainLog(t)
	l.debt = newDebt()
	commit := func(at int64) {
		t.Helper()
		if _, err := l.WriteAt(make([]byte, 100), at); err != nil {
			t.Fatal(err)
		}
		l.later = true
		for range 2 { // the second is that of a checkpoint
			if err := l.Sync(vfs.SYNC_NORMAL); err != nil {
				t.Fatal(err)
			}
		}
		l.later = false
	}
	commit(4000)
	if p.syncs != 1 || l.debt.owed.Load() != 1 || len(p.order) != 3 {
		t.Errorf("of a commit and a checkpoint: %v, %d owed", p.order, l.debt.owed.Load())
	}
	p.order = nil
	if _, err := l.WriteAt(make([]byte, 32), 0); err != nil {
		t.Fatal(err)
	}
	l.later = true
	if err := l.Sync(vfs.SYNC_NORMAL); err != nil || !l.later || p.order[len(p.order)-1] != "sync" {
		t.Errorf("a header was not synced: %v, %v", p.order, err)
	}
}
