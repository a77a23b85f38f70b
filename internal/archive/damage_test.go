package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// check reads an archive from memory.
func check(t testing.TB, b []byte) error {
	t.Helper()
	_, _, err := readAll(t.Context(), bytes.NewReader(b), nil, func(Table, [][]any) error { return nil })
	return err
}

// blocks cuts an archive behind its magic.
func blocks(t testing.TB, b []byte) (out [][]byte) {
	t.Helper()
	for b = b[len(magic):]; len(b) > 0; {
		n := blockHead + int(binary.BigEndian.Uint32(b[1:])) + blockSum
		out, b = append(out, b[:n]), b[n:]
	}
	return out
}

func TestAnyChangedByteIsFound(t *testing.T) {
	b := small(t)
	if err := check(t, b); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		bad := bytes.Clone(b)
		bad[i] ^= 1 << (i % 8)
		if err := check(t, bad); fault.Of(err) != fault.Invalid {
			t.Fatalf("byte %d of %d changed: err = %v, want invalid", i, len(b), err)
		}
	}
}

func TestACutFileIsFoundWhereverItEnds(t *testing.T) {
	b := small(t)
	for i := range b {
		if err := check(t, b[:i]); fault.Of(err) != fault.Invalid {
			t.Fatalf("%d of %d bytes: err = %v, want invalid", i, len(b), err)
		}
	}
	if err := check(t, append(bytes.Clone(b), 0)); fault.Of(err) != fault.Invalid {
		t.Errorf("one byte more: err = %v, want invalid", err)
	}
}

func TestBlocksThatAreTakenOutSwappedOrRepeatedAreFound(t *testing.T) {
	all := blocks(t, small(t))
	join := func(list ...[]byte) []byte { return append([]byte(magic), bytes.Join(list, nil)...) }
	if err := check(t, join(all...)); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		var without, twice, swapped [][]byte
		without = append(append(without, all[:i]...), all[i+1:]...)
		twice = append(append(append(twice, all[:i+1]...), all[i]), all[i+1:]...)
		for name, list := range map[string][][]byte{"taken out": without, "repeated": twice} {
			if err := check(t, join(list...)); fault.Of(err) != fault.Invalid {
				t.Errorf("block %d %s: err = %v, want invalid", i, name, err)
			}
		}
		if i > 0 && !bytes.Equal(all[i], all[i-1]) {
			swapped = append(swapped, all...)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if err := check(t, join(swapped...)); fault.Of(err) != fault.Invalid {
				t.Errorf("blocks %d and %d swapped: err = %v, want invalid", i-1, i, err)
			}
		}
	}
}

func TestTablesOfTwoArchivesDoNotMakeOne(t *testing.T) {
	a, b := handmade(t, "mine", 2), handmade(t, "not mine", 2)
	for _, whole := range [][]byte{a, b} {
		if err := check(t, whole); err != nil {
			t.Fatal(err)
		}
	}
	mine, other := blocks(t, a), blocks(t, b)
	mixed := append(append(append([][]byte{}, mine[:3]...), other[3:len(other)-1]...), mine[len(mine)-1])
	err := check(t, append([]byte(magic), bytes.Join(mixed, nil)...))
	if fault.Of(err) != fault.Invalid || !errors.Is(err, errWhole) {
		t.Errorf("err = %v, want the checksum of the whole", err)
	}
}

func TestATableHasTheRowsThatTheManifestAnnounces(t *testing.T) {
	for _, announced := range []int64{0, 1, 3} {
		if err := check(t, handmade(t, "text", announced)); fault.Of(err) != fault.Invalid {
			t.Errorf("%d of 2 rows announced: err = %v, want invalid", announced, err)
		}
	}
}

func TestDamageIsNamedByTableRowAndByte(t *testing.T) {
	b := small(t)
	// The manifest names the table too; the last time is the block that begins it.
	rows := bytes.LastIndex(b, []byte("data_key")) + len("data_key") + blockSum
	bad := bytes.Clone(b)
	bad[rows+blockHead+3] ^= 4
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Check(t.Context(), path, nil)
	if err == nil {
		t.Fatal("the change is not found")
	}
	for _, word := range []string{"table data_key", "after 0 rows", "at byte"} {
		if !strings.Contains(fault.Message(err), word) {
			t.Errorf("%q does not say %q", fault.Message(err), word)
		}
	}
	d := dbtest.Open(t, db.SQLite, db.Keys)
	if _, err := Load(t.Context(), path, d, nil); fault.Of(err) != fault.Invalid {
		t.Errorf("load: err = %v, want invalid", err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), path, d, nil); err != nil {
		t.Errorf("the refused load has changed the store: %v", err)
	}
}

func TestAnArchiveOfALaterFormatIsRefused(t *testing.T) {
	m := Manifest{Format: Format + 1, Store: db.Server, Engine: db.SQLite}
	body, err := m.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := newBlockWriter(&out)
	if err == nil {
		err = w.block(kindManifest, body)
	}
	if err == nil {
		err = w.end()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := check(t, out.Bytes()); fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), "format 2") {
		t.Error(err)
	}
}

func TestAManifestIsReadOnlyAsItIsWritten(t *testing.T) {
	b := small(t)
	good := blocks(t, b)[0]
	body := good[blockHead : len(good)-blockSum]
	var m Manifest
	if err := m.UnmarshalJSON(body); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown key":   {`{"avow"`, `{"more":1,"avow"`},
		"space":         {`{"avow"`, `{ "avow"`},
		"another title": {`"archive"`, `"journal"`},
		"wrong chain":   {`"chain":"00`, `"chain":"0`},
		"negative":      {`"count":0`, `"count":-1`},
		"unknown type":  {`"int"`, `"real"`},
		"repeated":      {`"epoch":1`, `"epoch":1,"epoch":1`},
		"local time":    {`Z"`, `+00:00"`},
	} {
		bad := bytes.Replace(body, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, body) {
			t.Fatalf("%s: nothing was changed in %s", name, body)
		}
		if err := m.UnmarshalJSON(bad); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: err = %v, want invalid", name, err)
		}
	}
}

// columns of a table that has every type.
func columns() []db.Column {
	return []db.Column{{Name: "n", Type: "int"}, {Name: "t", Type: "text"}, {Name: "b", Type: "bytes"}}
}

func FuzzRow(f *testing.F) {
	for _, row := range [][]any{{nil, nil, nil}, {int64(-1 << 63), "é\x00", []byte{}}, {int64(63), "", []byte{1, 2}}} {
		b, err := appendRow(nil, columns(), row)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		row, rest, err := parseRow(b, columns())
		if err != nil {
			return
		}
		again, err := appendRow(nil, columns(), row)
		if err != nil || !bytes.Equal(again, b[:len(b)-len(rest)]) {
			t.Fatalf("%x reads as %v, which is %x, %v", b, row, again, err)
		}
	})
}

// FuzzArchive mends the checksums of what it is given, so that the code behind
// them is reached.
func FuzzArchive(f *testing.F) {
	b := handmade(f, "text", 2) // an open database in the background would look like coverage
	f.Add(b, false)
	f.Add(b, true)
	f.Add(b[:200], true)
	f.Fuzz(func(t *testing.T, b []byte, mend bool) {
		if mend {
			b = mended(b)
		}
		rows := int64(0)
		m, sums, err := readAll(t.Context(), bytes.NewReader(b), nil, func(_ Table, r [][]any) error {
			rows += int64(len(r))
			return nil
		})
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("%v is no invalid", err)
			}
			return
		}
		names := map[string]bool{}
		for _, table := range m.Tables {
			names[table.Name] = true
		}
		if rows != m.Rows() || len(sums) != len(names) {
			t.Fatalf("%d rows, %d sums, and the manifest says %d, %d", rows, len(sums), m.Rows(), len(names))
		}
	})
}

// handmade returns an archive of two tables that no database was asked for. Its
// manifest announces some rows where there are two.
func handmade(t testing.TB, value string, announced int64) []byte {
	t.Helper()
	m := Manifest{Format: Format, Store: db.Server, Engine: db.SQLite, At: dbtest.Start(), Tables: []Table{{"empty", columns(), 0}, {"full", columns(), announced}}}
	head, err := m.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	out, err := newBlockWriter(&file)
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(out, &m, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(out.block(kindManifest, head))
	for i, table := range m.Tables {
		sum := sha256.New()
		have := int64(2 * i)
		must(out.block(kindTable, []byte(table.Name)))
		for n := range have {
			w.rows, err = appendRow(w.rows, columns(), []any{n, value, []byte("bytes")})
			must(err)
			w.count++
			must(w.flush(sum))
		}
		must(out.block(kindTableEnd, sum.Sum(binary.BigEndian.AppendUint64(nil, uint64(have)))))
	}
	must(out.end())
	return file.Bytes()
}

// mended gives every block the checksum it should have.
func mended(b []byte) []byte {
	if len(b) < len(magic) {
		return b
	}
	out := []byte(magic)
	for b = b[len(magic):]; len(b) >= blockHead; {
		n := min(int(binary.BigEndian.Uint32(b[1:])), max(0, len(b)-blockHead-blockSum))
		head := binary.BigEndian.AppendUint32([]byte{b[0]}, uint32(n))
		body := b[blockHead:][:min(n, len(b)-blockHead)]
		if b[0] == kindEnd {
			var all bytes.Buffer
			w, _ := newBlockWriter(&all)
			w.sum.Reset()
			w.sum.Write(out)
			body = w.sum.Sum(nil)
			head = binary.BigEndian.AppendUint32([]byte{b[0]}, uint32(len(body)))
		}
		out = append(append(out, head...), body...)
		out = binary.BigEndian.AppendUint32(out, crc32.Update(crc32.Checksum(head, crc32.MakeTable(crc32.Castagnoli)), crc32.MakeTable(crc32.Castagnoli), body))
		b = b[min(len(b), blockHead+n+blockSum):]
	}
	return out
}

func TestMendingWorks(t *testing.T) {
	b := small(t)
	if diff := cmp.Diff(b, mended(b)); diff != "" {
		t.Error("an undamaged archive is changed")
	}
	bad := bytes.Clone(b)
	bad[len(bad)-1] ^= 1
	bad[len(bad)-10] ^= 1
	if err := check(t, mended(bad)); err != nil {
		t.Error(err)
	}
}
