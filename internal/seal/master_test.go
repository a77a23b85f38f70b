package seal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/avow-dev/avow/fault"
)

// masterBed is a folder with a master key and epoch files sealed by it.
type masterBed struct {
	dir      string
	key      string // the keyset
	files    []string
	recorded []MasterChange
}

func newMasterBed(t *testing.T) *masterBed {
	t.Helper()
	b := &masterBed{dir: t.TempDir()}
	b.key = filepath.Join(b.dir, "master.json")
	for i, epochs := range [][]int64{{1}, {1, 2}, {1, 2, 3}} {
		path := filepath.Join(b.dir, fmt.Sprintf("p%d.epoch", i))
		e, err := OpenEpochFile(path, b.open(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range epochs {
			if err := e.Write(t.Context(), epochKey(n)); err != nil {
				t.Fatal(err)
			}
			if n == 2 && len(epochs) == 3 {
				if err := e.Erase(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.files = append(b.files, path)
	}
	return b
}

func (b *masterBed) open(t *testing.T) *MasterFile {
	t.Helper()
	m, err := FileKMS(b.key)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (b *masterBed) job() MasterRotation {
	return MasterRotation{
		Epochs: func() ([]string, error) { return b.files, nil },
		Record: func(_ context.Context, c MasterChange) error {
			b.recorded = append(b.recorded, c)
			return nil
		},
	}
}

// whole fails unless every epoch opens with the keyset as it is.
func (b *masterBed) whole(t *testing.T) {
	t.Helper()
	for i, want := range []string{"[1]", "[1 2]", "[2 3]"} {
		e, err := OpenEpochFile(b.files[i], b.open(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(held(t, e)); got != want {
			t.Fatalf("%s holds %s, want %s", b.files[i], got, want)
		}
	}
}

// replaced fails unless one new key is left, the old one is nowhere in the
// folder, and old copies of either file are of no use with the new other one.
func (b *masterBed) replaced(t *testing.T, keyset []byte, old string) {
	t.Helper()
	b.whole(t)
	s, err := b.open(t).Status(t.Context(), b.files)
	if err != nil || s.Rotating || s.Key == old || len(s.Pending) > 0 {
		t.Fatalf("afterwards: %+v, %v", s, err)
	}
	names, _ := os.ReadDir(b.dir)
	for _, n := range names {
		raw, _ := os.ReadFile(filepath.Join(b.dir, n.Name()))
		if bytes.Contains(raw, secretOf(keyset)) {
			t.Errorf("the old key is still in %s", n.Name())
		}
		if ext := filepath.Ext(n.Name()); ext != ".json" && ext != ".epoch" && ext != ".lock" {
			t.Errorf("%s is left behind", n.Name())
		}
	}
	copied := filepath.Join(t.TempDir(), "old.json")
	if err := os.WriteFile(copied, keyset, 0o600); err != nil {
		t.Fatal(err)
	}
	stolen, err := FileKMS(copied)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenEpochFile(b.files[0], stolen); fault.Of(err) != fault.Invalid {
		t.Errorf("an old copy of the master key opens the epoch file: %v", err)
	}
	if len(b.recorded) == 0 {
		t.Fatal("nothing was recorded")
	}
	for _, c := range b.recorded {
		if c != (MasterChange{From: old, To: s.Key}) {
			t.Errorf("recorded %+v, want from %s to %s", c, old, s.Key)
		}
	}
}

// secretOf returns the 32 bytes of the key in a keyset of one key: they follow
// their protobuf tag and length.
func secretOf(keyset []byte) []byte {
	at := bytes.Index(keyset, []byte{0x1a, 0x20})
	return keyset[at+2 : at+34]
}

func TestTheMasterKeyIsReplacedAfterACutBetweenAnyTwoSteps(t *testing.T) {
	steps := len((&replacing{m: &MasterFile{}}).steps())
	for first := range steps + 1 {
		for second := first % 4; second < steps; second += 4 { // every pair costs syncs
			b := newMasterBed(t)
			keyset, err := os.ReadFile(b.key)
			if err != nil {
				t.Fatal(err)
			}
			before, err := b.open(t).Status(t.Context(), b.files)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{first, second} {
				x := &replacing{m: b.open(t), job: b.job()}
				for i, step := range x.steps()[:n] {
					if err := step(t.Context()); err != nil {
						t.Fatalf("cut after %d, step %d: %v", first, i, err)
					}
				}
				b.whole(t)
			}
			if first == steps || second == steps-1 && first < steps-1 {
				// One was finished: what follows is another, of its own.
				b.recorded = nil
				if keyset, err = os.ReadFile(b.key); err != nil {
					t.Fatal(err)
				}
				s, err := b.open(t).Status(t.Context(), b.files)
				if err != nil {
					t.Fatal(err)
				}
				if s.Rotating {
					b.finish(t, first, second)
					continue
				}
				before.Key = s.Key
			}
			if _, err := b.open(t).Rotate(t.Context(), b.job()); err != nil {
				t.Fatalf("cut after %d and %d: %v", first, second, err)
			}
			b.replaced(t, keyset, before.Key)
		}
	}
}

// finish takes up whatever is under way and looks at no more than its end.
func (b *masterBed) finish(t *testing.T, first, second int) {
	t.Helper()
	if _, err := b.open(t).Rotate(t.Context(), b.job()); err != nil {
		t.Fatalf("cut after %d and %d: %v", first, second, err)
	}
	b.whole(t)
	if s, err := b.open(t).Status(t.Context(), b.files); err != nil || s.Rotating || len(s.Pending) > 0 {
		t.Fatalf("cut after %d and %d: %+v, %v", first, second, s, err)
	}
}

func TestAnEpochSealedAnewSurvivesATornWrite(t *testing.T) {
	b := newMasterBed(t)
	path := b.files[2] // epochs 2 and 3
	f := &epochFile{path: path, kms: b.open(t)}
	sector, err := f.encode(epochKey(2))
	if err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	writes := []struct {
		at     int
		sector []byte
	}{{spareAt, sector}, {0, sector}, {spareAt, make([]byte, sectorSize)}}
	for cut := range writes {
		for blocks := range 256 { // which of the eight blocks of 512 bytes arrived
			torn := bytes.Clone(before)
			for _, w := range writes[:cut] {
				copy(torn[w.at:], w.sector)
			}
			for block := range 8 {
				if blocks>>block&1 == 1 {
					at := block * 512
					copy(torn[writes[cut].at+at:][:512], writes[cut].sector[at:])
				}
			}
			if err := os.WriteFile(path, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(held(t, f)); got != "[2 3]" {
				t.Fatalf("cut in write %d with blocks %08b the file holds %s", cut, blocks, got)
			}
			after, _ := os.ReadFile(path)
			if !bytes.Equal(after[spareAt:], make([]byte, sectorSize)) {
				t.Fatal("the third sector was not cleared")
			}
			// What is erased after it does not come back.
			if blocks%64 == 0 {
				if err := f.Erase(t.Context(), 2); err != nil {
					t.Fatal(err)
				}
				if got := fmt.Sprint(held(t, f)); got != "[3]" {
					t.Fatalf("the file holds %s after an erasure", got)
				}
			}
		}
	}
}

func TestTheOldMasterKeyStaysWhileAFileNeedsIt(t *testing.T) {
	b := newMasterBed(t)
	if err := os.WriteFile(b.files[1], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := b.open(t).Status(t.Context(), b.files)
	if _, err := b.open(t).Rotate(t.Context(), b.job()); err == nil || !strings.Contains(err.Error(), b.files[1]) {
		t.Fatalf("err = %v, want one that names the file", err)
	}
	s, err := b.open(t).Status(t.Context(), b.files)
	if err != nil || !s.Rotating || len(s.Pending) == 0 || s.Key == before.Key || len(b.recorded) > 0 {
		t.Errorf("afterwards: %+v, %v; recorded %v", s, err, b.recorded)
	}
}

func TestAnEpochIsMovedWhileTheMasterKeyIsReplaced(t *testing.T) {
	b := newMasterBed(t)
	other, err := OpenEpochFile(b.files[0], b.open(t)) // another node, opened before
	if err != nil {
		t.Fatal(err)
	}
	x := &replacing{m: b.open(t), job: b.job()}
	for i, step := range x.steps() {
		if i == 7 { // the files are sealed anew: the next epoch must not be sealed under the old key
			if err := other.Write(t.Context(), epochKey(2)); err != nil {
				t.Fatal(err)
			}
		}
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(held(t, other)); got != "[1 2]" {
		t.Errorf("the node that was there before reads %s", got)
	}
}

func TestOnlyOneReplacesTheMasterKey(t *testing.T) {
	b := newMasterBed(t)
	lock := flock.New(b.key + lockSuffix)
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer lock.Close()
	if _, err := b.open(t).Rotate(t.Context(), b.job()); fault.Of(err) != fault.Busy {
		t.Errorf("err = %v, want busy", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e, err := OpenEpochFile(filepath.Join(b.dir, "new.epoch"), b.open(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(ctx, epochKey(1)); err == nil {
		t.Error("an epoch file was made meanwhile: it would be sealed under a key that dies")
	}
}
