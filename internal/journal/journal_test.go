package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
)

func record(n int) Record {
	r := Record{
		At:      time.UnixMicro(1_700_000_000_000_000 + int64(n)).UTC(),
		Subject: fmt.Sprintf("sub_%04d", n),
		Scope:   Scope{Kind: ScopeKind(n%3 + 1), Number: int64(n)},
	}
	for i := range n % 4 {
		r.Digests = append(r.Digests, Digest{byte(n), byte(i)})
	}
	return r
}

func open(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := Open(path, "goscom")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// filled returns the path of a closed journal with n records, one a frame, how far
// the file is written after each, and the records. There are no zeros behind them.
func filled(t *testing.T, n int) (path string, sizes []int64, want []Record) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	sizes = append(sizes, j.size)
	for i := range n {
		want = append(want, record(i))
		if err := j.Append(t.Context(), want[i]); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, j.size)
	}
	if err := errors.Join(j.Close(), os.Truncate(path, sizes[n])); err != nil {
		t.Fatal(err)
	}
	return path, sizes, want
}

func TestRecordsComeBackAsTheyWereWritten(t *testing.T) {
	path, _, want := filled(t, 7)
	j := open(t, path)
	got, err := j.All()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := j.Head(); h.Count != 7 || !h.Last.Equal(want[6].At) {
		t.Errorf("head %v, last %v", h, h.Last)
	}
	got, err = j.Since(want[5].At)
	if diff := cmp.Diff(want[5:], got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestATornTailIsCutWhereverTheWriteStopped(t *testing.T) {
	path, sizes, want := filled(t, 4)
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := sizes[3]; cut < sizes[4]; cut++ {
		for _, tail := range [][]byte{nil, make([]byte, sizes[4]-cut)} { // cut short, or zeros where the rest should be
			torn := append(bytes.Clone(all[:cut]), tail...)
			if bytes.Equal(torn, all) {
				continue // the last bytes happen to be zeros
			}
			if err := os.WriteFile(path, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			j, err := Open(path, "goscom")
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if j.Head().Count != 3 || j.Torn() != int64(len(bytes.TrimRight(torn[sizes[3]:], "\x00"))) {
				t.Fatalf("cut at %d: %v, %d bytes torn", cut, j.Head(), j.Torn())
			}
			if err := j.Append(t.Context(), want[3]); err != nil {
				t.Fatal(err)
			}
			got, err := j.All()
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Fatal(diff, err)
			}
			j.Close()
		}
	}
}

func TestAChangedByteBeforeTheLastFrameIsRefused(t *testing.T) {
	path, sizes, _ := filled(t, 4)
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range sizes[3] {
		bad := bytes.Clone(all)
		bad[at] ^= 0x40
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, "goscom"); fault.Of(err) != fault.Invalid {
			t.Fatalf("byte %d changed: err = %v, want invalid", at, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, bad) {
			t.Fatalf("byte %d changed: opening changed the file", at)
		}
	}
}

func TestFramesThatAreSwappedOrTakenOutAreNoticed(t *testing.T) {
	path, s, _ := filled(t, 4)
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := func(i int) []byte { return all[s[i]:s[i+1]] }
	for name, order := range map[string][]int{"swapped": {0, 2, 1, 3}, "taken out": {0, 2, 3}, "repeated": {0, 1, 1, 2, 3}} {
		b := bytes.Clone(all[:s[0]])
		for _, i := range order {
			b = append(b, f(i)...)
		}
		if _, err := parse(path, "goscom", b); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: err = %v, want invalid", name, err)
		}
	}
}

func TestAJournalOfAnotherPlatformIsRefused(t *testing.T) {
	path, _, _ := filled(t, 1)
	if _, err := Open(path, "goscom2"); fault.Of(err) != fault.Invalid {
		t.Errorf("err = %v, want invalid", err)
	}
	if _, err := Read(path, "gosco"); fault.Of(err) != fault.Invalid {
		t.Errorf("err = %v, want invalid", err)
	}
}

func TestTwoProcessesCannotWriteOneJournal(t *testing.T) {
	path, _, _ := filled(t, 1)
	j := open(t, path)
	if _, err := Open(path, "goscom"); fault.Of(err) != fault.Busy {
		t.Errorf("err = %v, want busy", err)
	}
	j.Close()
	open(t, path)
}

func TestOnlyTheSameJournalExtendsAHead(t *testing.T) {
	path, _, want := filled(t, 3)
	j := open(t, path)
	old := j.Head()
	if err := j.Append(t.Context(), record(9)); err != nil {
		t.Fatal(err)
	}
	later, err := Read(path, "goscom")
	if err != nil {
		t.Fatal(err)
	}
	if !later.Extends(old) || !later.Extends(later.Head) {
		t.Error("the journal does not extend its own past")
	}
	shorter, _, _ := filled(t, 2)
	other := filepath.Join(t.TempDir(), "other")
	o := open(t, other)
	for _, r := range append([]Record{record(8)}, want...) {
		if err := o.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for name, p := range map[string]string{"a shorter journal": shorter, "another history": other} {
		c, err := Read(p, "goscom")
		if err != nil {
			t.Fatal(err)
		}
		if c.Extends(old) {
			t.Errorf("%s extends the head", name)
		}
	}
	if later.Extends(Head{Count: -1}) {
		t.Error("a negative head is extended")
	}
}

func TestManyCallersShareSyncsAndLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	var callers sync.WaitGroup
	for c := range 16 {
		callers.Go(func() {
			for i := range 50 {
				if err := j.Append(t.Context(), record(c*50+i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	callers.Wait()
	got, err := Read(path, "goscom")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range got.Records {
		seen[r.Subject] = true
	}
	if len(got.Records) != 800 || len(seen) != 800 || got.Head != j.Head() {
		t.Errorf("%d records, %d subjects, head %v and %v", len(got.Records), len(seen), got.Head, j.Head())
	}
}

func TestAfterAFailedWriteNothingIsWrittenAnyMore(t *testing.T) {
	path, _, _ := filled(t, 1)
	j := open(t, path)
	real := j.file
	readOnly, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	j.file = readOnly
	if err := j.Append(t.Context(), record(1)); err == nil {
		t.Fatal("a write to a read-only file succeeded")
	}
	j.file = real
	if err := j.Append(t.Context(), record(2)); err == nil {
		t.Error("the journal goes on after a failed write")
	}
	if j.Head().Count != 1 {
		t.Errorf("head %v", j.Head())
	}
}

func TestRecordsThatDoNotFitAreRefused(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal"))
	for name, r := range map[string]Record{
		"no subject":       {Scope: Scope{Kind: Everything}},
		"no scope":         {Subject: "sub_1"},
		"a long subject":   {Subject: string(make([]byte, 256)), Scope: Scope{Kind: Everything}},
		"too many digests": {Subject: "sub_1", Scope: Scope{Kind: Everything}, Digests: make([]Digest, 257)},
	} {
		if err := j.Append(t.Context(), r); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: err = %v, want invalid", name, err)
		}
	}
	if j.Head().Count != 0 {
		t.Errorf("head %v", j.Head())
	}
}

func TestAnEndedContextDoesNotBreakTheJournal(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Append(ctx, record(1)); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), record(2)); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	b := header("goscom")
	h := start(b)
	var next []byte
	for i := range 3 {
		next, h = frame(h, []Record{record(i), record(i + 3)})
		b = append(b, next...)
	}
	f.Add(b)
	f.Add(b[:len(b)-3])
	f.Add(header("goscom"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parse("journal", "goscom", b)
		if err != nil {
			return
		}
		if c.length > len(b) || len(c.heads) != len(c.records)+1 {
			t.Fatalf("%d of %d bytes, %d heads, %d records", c.length, len(b), len(c.heads), len(c.records))
		}
		again, err := parse("journal", "goscom", b[:c.length])
		if err != nil || cmp.Diff(c.records, again.records) != "" {
			t.Fatalf("the whole part alone reads differently: %v", err)
		}
		// What is read can be written, and is then the same.
		if len(c.records) > 0 {
			out, _ := frame(start(header("goscom")), c.records)
			redo, err := parse("journal", "goscom", append(header("goscom"), out...))
			if err != nil || cmp.Diff(c.records, redo.records) != "" {
				t.Fatalf("written again it reads differently: %v", err)
			}
		}
	})
}

func BenchmarkAppend64Callers(b *testing.B) {
	j, err := Open(filepath.Join(b.TempDir(), "journal"), "goscom")
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := j.Append(b.Context(), record(3)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestTheZerosBehindTheLastFrameAreNoDamageAndAreWrittenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	for i := range 2 {
		if err := j.Append(t.Context(), record(i)); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil || len(b) <= len(bytes.TrimRight(b, "\x00")) || len(b) > 2*growth {
			t.Fatalf("the file has %d bytes: %v", len(b), err)
		}
		c, err := Read(path, "goscom")
		if err != nil || c.Torn != 0 || len(c.Records) != i+1 {
			t.Fatalf("a copy has %d records and %d torn bytes: %v", len(c.Records), c.Torn, err)
		}
		if j = open(t, path); j.Torn() != 0 || j.Head().Count != int64(i+1) {
			t.Fatalf("%v, %d bytes torn", j.Head(), j.Torn())
		}
	}
}
