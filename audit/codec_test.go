package audit

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

// sample is an entry with a field of every form.
func sample() Decoded {
	d := Decoded{
		Kind: Used,
		At:   time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC),
		Fields: Fields{
			Text(TagControl, "use.decision"), Num(TagPolicy, 300), Nums(TagItems, []uint16{1, 200, 3}),
			Text(TagReason, "b"), Text(TagReason, "a"), Time(TagUntil, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)),
			Bytes(TagHash, []byte{0xff}), Flag(TagExplicit, true),
		},
	}
	for i := range d.Salt {
		d.Salt[i] = byte(i)
	}
	return d
}

// The canonical bytes can never change: roots over them are in people's hands.
func TestTheCanonicalBytesAreThoseOfVersionOne(t *testing.T) {
	const want = "01" + "21" + "00064bf2b1f60640" + "000102030405060708090a0b0c0d0e0f" +
		"010c" + "7573652e6465636973696f6e" + // control use.decision
		"0202ac02" + // policy 300
		"050401c80103" + // items 1, 200, 3
		"0a0162" + "0a0161" + // reasons b, a
		"1001ff" + // hash
		"1208000663f6d2342000" + // until 2027-01-01
		"300101" // explicit
	b, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(b); got != want {
		t.Errorf("Encode\n got %s\nwant %s", got, want)
	}
	leaf := leafHash(b, sealedHash([]byte("sealed")))
	if got, want := hex.EncodeToString(leaf[:]), "e56c3bcbf5267d3af2644903634da846f12ce2516a8eea469fe5636075d754f8"; got != want {
		t.Errorf("leaf with a sealed part = %s, want %s", got, want)
	}
	leaf = leafHash(b, nil)
	if got, want := hex.EncodeToString(leaf[:]), "4abbffa294b764e36c2a4a7cd0e858e9634db17510bf4e59ec816dfc383c6958"; got != want {
		t.Errorf("leaf without one = %s, want %s", got, want)
	}
	private := encodePrivate(nil, Fields{Text(TagRef, "o-1"), Text(TagSubjectID, "sub_1")})
	if got, want := hex.EncodeToString(private), "01"+"4005"+"7375625f31"+"4303"+"6f2d31"; got != want {
		t.Errorf("private part = %s, want %s", got, want)
	}
}

func TestWhatIsEncodedDecodesToTheSame(t *testing.T) {
	in := sample()
	b, err := Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	in.Fields = sorted(in.Fields)
	if diff := cmp.Diff(in, out); diff != "" {
		t.Error(diff)
	}
	setTime(b, in.At.Add(time.Second))
	later, err := Decode(b)
	if err != nil || !later.At.Equal(in.At.Add(time.Second)) {
		t.Errorf("after setTime: %v, %v", later.At, err)
	}
	if out.Control() != "use.decision" {
		t.Errorf("Control = %q", out.Control())
	}
}

func TestFieldsReadBackInTheirOwnForm(t *testing.T) {
	at := time.Date(1969, 5, 4, 3, 2, 1, 5000, time.UTC)
	fields := Fields{
		Text(TagRole, "clerk"), Num(TagCount, 7), Nums(TagClasses, []int{0, 300}), Time(TagDue, at), Flag(TagSeparate, true),
		Bytes(TagSignature, []byte("sig")), Flag(TagExplicit, false),
	}
	b, err := Encode(Decoded{Kind: Used, Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, fs := range []Fields{fields, d.Fields} {
		if fs.Text(TagRole) != "clerk" || fs.Num(TagCount) != 7 || !slices.Equal(fs.Nums(TagClasses), []uint64{0, 300}) ||
			!fs.Flag(TagSeparate) || fs.Flag(TagExplicit) || fs.Text(TagAction) != "" {
			t.Errorf("fields read as %v", fs)
		}
		if f, ok := fs.Get(TagDue); !ok || !f.Time().Equal(at) {
			t.Errorf("due = %v", f.Time())
		}
		if f, _ := fs.Get(TagSignature); string(f.Bytes()) != "sig" {
			t.Errorf("signature = %q", f.Bytes())
		}
	}
	want := "[role=clerk count=7 classes=[0 300] due=1969-05-04T03:02:01.000005Z separate=1 signature=736967 explicit=0]"
	if got := Fields(fields); stringOf(got) != want {
		t.Errorf("String = %s\nwant     %s", stringOf(got), want)
	}
}

func stringOf(fs Fields) string {
	var list []string
	for _, f := range fs {
		list = append(list, f.String())
	}
	return "[" + strings.Join(list, " ") + "]"
}

func TestAPrivateFieldNeverPrintsItsValue(t *testing.T) {
	f := Personal(TagContact, seal.NewPersonal("ada@example.org"))
	if f.Text() != "ada@example.org" {
		t.Errorf("Text = %q", f.Text())
	}
	if s := f.String(); strings.Contains(s, "ada") || s != "contact=[personal]" {
		t.Errorf("String = %q", s)
	}
}

func TestDecodeRefusesWhatEncodeCannotWrite(t *testing.T) {
	good, err := Encode(Decoded{Kind: Used, Fields: Fields{Num(TagPolicy, 1), Num(TagStep, 2)}})
	if err != nil {
		t.Fatal(err)
	}
	edit := func(at int, b ...byte) []byte {
		c := bytes.Clone(good)
		return append(c[:at], append(b, c[at+1:]...)...)
	}
	const fields = 1 + 1 + 8 + 16
	for name, b := range map[string][]byte{
		"nothing":                   {},
		"another version":           edit(0, 2),
		"kind 0":                    edit(1, 0),
		"a long form of the kind":   edit(1, good[1]|0x80, 0),
		"a kind beyond 65535":       edit(1, 0x80, 0x80, 0x04),
		"an entry cut in its salt":  good[:fields-1],
		"an entry cut in a tag":     good[:len(good)-3+0],
		"a cut length":              good[:len(good)-2],
		"a cut value":               good[:len(good)-1],
		"a trailing byte":           append(bytes.Clone(good), 0),
		"tag 0":                     edit(fields, 0),
		"a long form of a tag":      edit(fields, 0x82, 0),
		"a long form of a length":   edit(fields+1, 0x81, 0),
		"a private tag":             edit(fields+3, byte(TagActor)),
		"descending tags":           edit(fields+3, 1),
		"a tag beyond 65535":        edit(fields+3, 0x80, 0x80, 0x04),
		"a length beyond the entry": edit(fields+4, 200),
		"an enormous length":        edit(fields+4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
		"more than 64 KiB":          append(bytes.Clone(good), make([]byte, MaxEntry)...),
		"a uvarint without an end":  edit(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
	} {
		if name == "an entry cut in a tag" {
			continue // a whole field is gone: that is a shorter entry
		}
		if _, err := Decode(b); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decodePrivate([]byte{2}); fault.Of(err) != fault.Invalid {
		t.Errorf("private part of another version: %v", err)
	}
	if _, err := decodePrivate(make([]byte, MaxEntry+1)); fault.Of(err) != fault.Invalid {
		t.Errorf("private part that is too long: %v", err)
	}
}

func TestEncodeRefusesAnEntryThatIsTooLongOrHasNoKind(t *testing.T) {
	if _, err := Encode(Decoded{Kind: Used, Fields: Fields{Bytes(TagHash, make([]byte, MaxEntry))}}); fault.Of(err) != fault.Invalid {
		t.Errorf("too long: %v", err)
	}
	if _, err := Encode(Decoded{}); fault.Of(err) != fault.Invalid {
		t.Errorf("no kind: %v", err)
	}
}

func TestEncodingTakesOneAllocation(t *testing.T) {
	d := sample()
	d.Fields = sorted(d.Fields)
	if n := testing.AllocsPerRun(100, func() { Encode(d) }); n > 1 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecode(f *testing.F) {
	b, _ := Encode(sample())
	f.Add(b)
	f.Add(b[:30])
	f.Add([]byte{1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Decode(b)
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("an error that is no fault: %v", err)
			}
			return
		}
		again, err := Encode(d)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("Encode(Decode(%x)) = %x, %v", b, again, err)
		}
		for _, f := range d.Fields { // reading in any form must not panic
			_, _, _, _, _, _ = f.Text(), f.Num(), f.Nums(), f.Bytes(), f.Time(), f.String()
		}
	})
}

func FuzzDecodePrivate(f *testing.F) {
	f.Add(encodePrivate(nil, Fields{Text(TagRef, "o-1"), Text(TagSubjectID, "sub_1"), Num(TagCount, 3)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		fields, err := decodePrivate(b)
		if err != nil {
			return
		}
		if again := encodePrivate(nil, fields); !bytes.Equal(again, b) {
			t.Fatalf("%x became %x", b, again)
		}
	})
}
