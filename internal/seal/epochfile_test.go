package seal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/fault"
)

func epochKey(n int64) EpochKey {
	return EpochKey{Number: n, Key: bytes.Repeat([]byte{byte(n)}, epochKeyLen)}
}

func newEpochFile(t *testing.T) (*epochFile, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "epoch")
	kms, err := FileKMS(path + ".kms")
	if err != nil {
		t.Fatal(err)
	}
	e, err := OpenEpochFile(path, kms)
	if err != nil {
		t.Fatal(err)
	}
	return e.(*epochFile), path
}

// held returns the numbers of the epochs in the file, checking their keys.
func held(t *testing.T, e EpochStore) (numbers []int64) {
	t.Helper()
	keys, err := e.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !bytes.Equal(k.Key, epochKey(k.Number).Key) {
			t.Errorf("epoch %d has another key", k.Number)
		}
		numbers = append(numbers, k.Number)
	}
	return numbers
}

func TestTheEpochFileHoldsOneEpochOrTwoThatFollow(t *testing.T) {
	e, path := newEpochFile(t)
	ctx := t.Context()
	want := func(s string) {
		t.Helper()
		if got := fmt.Sprint(held(t, e)); got != s {
			t.Fatalf("the file holds %s, want %s", got, s)
		}
	}
	refused := func(err error) {
		t.Helper()
		if fault.Of(err) != fault.Conflict {
			t.Fatalf("err = %v, want conflict", err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want("[]")
	must(e.Write(ctx, epochKey(1)))
	must(e.Write(ctx, epochKey(1))) // again: nothing changes
	refused(e.Write(ctx, EpochKey{Number: 1, Key: make([]byte, epochKeyLen)}))
	refused(e.Write(ctx, epochKey(3)))
	refused(e.Erase(ctx, 1))
	for n := int64(2); n < 6; n++ {
		must(e.Write(ctx, epochKey(n)))
		must(e.Write(ctx, epochKey(n)))
		want(fmt.Sprintf("[%d %d]", n-1, n))
		must(e.Erase(ctx, n-2)) // a node that slept: the older one is gone already
		want(fmt.Sprintf("[%d %d]", n-1, n))
		must(e.Erase(ctx, n-1))
		must(e.Erase(ctx, n-1))
		want(fmt.Sprintf("[%d]", n))
		refused(e.Write(ctx, epochKey(n-1))) // … and cannot come back
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != fileSize {
		t.Errorf("%v bytes, mode %v, %v", info.Size(), info.Mode(), err)
	}
}

func TestAnErasedEpochLeavesNoByteInTheFile(t *testing.T) {
	e, path := newEpochFile(t)
	if err := e.Write(t.Context(), epochKey(1)); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(t.Context(), epochKey(2)); err != nil {
		t.Fatal(err)
	}
	if err := e.Erase(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, sealed, ok := decode(before[sectorSize:spareAt])
	if !ok || bytes.Contains(after, sealed[:16]) || !bytes.Equal(after[sectorSize:], make([]byte, 2*sectorSize)) {
		t.Error("something of epoch 1 is left")
	}
}

func TestASectorCutShortLeavesTheOtherEpoch(t *testing.T) {
	for name, tc := range map[string]struct {
		write int64 // the epoch whose sector is being overwritten, with 512-byte blocks arriving or not
		erase bool
		want  string
	}{
		"while the next epoch is written": {2, false, "[1]"},
		"while the old epoch is erased":   {1, true, "[2]"},
	} {
		t.Run(name, func(t *testing.T) {
			e, path := newEpochFile(t)
			write := func(n int64) {
				if err := e.Write(t.Context(), epochKey(n)); err != nil {
					t.Fatal(err)
				}
			}
			write(1)
			if tc.erase {
				write(2)
			}
			before, _ := os.ReadFile(path)
			if tc.erase {
				if err := e.Erase(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
			} else {
				write(2)
			}
			after, _ := os.ReadFile(path)
			for first := 0; first < 8; first++ {
				torn := bytes.Clone(before)
				for block := range 8 {
					if (block+first)%3 != 0 { // some arrive, some do not
						at := int(tc.write%2)*sectorSize + block*512
						copy(torn[at:at+512], after[at:at+512])
					}
				}
				if bytes.Equal(torn, after) || bytes.Equal(torn, before) {
					continue
				}
				if err := os.WriteFile(path, torn, 0o600); err != nil {
					t.Fatal(err)
				}
				got := fmt.Sprint(held(t, e))
				if whole := bytes.Equal(torn[:sectorSize], after[:sectorSize]) && bytes.Equal(torn[sectorSize:], after[sectorSize:]); !whole && got != tc.want && got != "[1 2]" {
					t.Fatalf("the file holds %s, want %s", got, tc.want)
				}
				// The work goes on from there.
				write(2)
				if err := e.Erase(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
				if got := fmt.Sprint(held(t, e)); got != "[2]" {
					t.Fatalf("after going on the file holds %s", got)
				}
			}
		})
	}
}

func TestABadEpochFileIsRefusedWithARemedy(t *testing.T) {
	e, path := newEpochFile(t)
	if err := e.Write(t.Context(), epochKey(1)); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(path)
	other, err := FileKMS(path + ".other")
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(good)
	damaged[sectorSize+100] ^= 1
	elsewhere := slices.Concat(good[sectorSize:spareAt], good[:sectorSize], good[spareAt:])
	for name, tc := range map[string]struct {
		contents []byte
		mode     os.FileMode
		kms      bool
		says     string
	}{
		"damaged":          {damaged, 0o600, false, "damaged"},
		"in another place": {elsewhere, 0o600, false, "damaged"},
		"short":            {good[:5000], 0o600, false, "not an epoch file"},
		"long":             {append(bytes.Clone(good), 0), 0o600, false, "not an epoch file"},
		"open to others":   {good, 0o640, false, "chmod 600"},
		"another service":  {good, 0o600, true, "key service cannot open"},
	} {
		t.Run(name, func(t *testing.T) {
			os.Remove(path)
			if err := os.WriteFile(path, tc.contents, tc.mode); err != nil {
				t.Fatal(err)
			}
			kms := e.kms
			if tc.kms {
				kms = other
			}
			_, err := OpenEpochFile(path, kms)
			if fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), tc.says) {
				t.Errorf("err = %v, want invalid with %q", err, tc.says)
			}
		})
	}
}

func TestTheKeysetFileIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kms")
	first, err := FileKMS(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := first.Encrypt([]byte("x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := FileKMS(path)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Decrypt(sealed, nil); err != nil || string(plain) != "x" {
		t.Errorf("opened again the file gives another key: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := FileKMS(path); fault.Of(err) != fault.Invalid {
		t.Errorf("a keyset for everybody: err = %v, want invalid", err)
	}
	if err := os.WriteFile(path+"2", []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := FileKMS(path + "2"); fault.Of(err) != fault.Invalid {
		t.Errorf("nonsense: err = %v, want invalid", err)
	}
}

func TestAnEpochKeyPrintsAsItsNumber(t *testing.T) {
	k := epochKey(7)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, k); got != "epoch 7" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

func FuzzDecodeSector(f *testing.F) {
	kms, err := FileKMS(filepath.Join(f.TempDir(), "kms"))
	if err != nil {
		f.Fatal(err)
	}
	e := &epochFile{kms: kms}
	good, err := e.encode(epochKey(3))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(make([]byte, sectorSize))
	f.Fuzz(func(t *testing.T, b []byte) {
		if number, sealed, ok := decode(b); ok && (number < 1 || len(sealed) > len(b)) {
			t.Errorf("epoch %d with %d bytes", number, len(sealed))
		}
	})
}
