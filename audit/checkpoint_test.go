package audit

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
)

// key returns a fixed signing key, so that notes are the same in every run.
func key(t testing.TB, origin string, seed byte) *signer {
	t.Helper()
	private, _, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), origin)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseSigner(private, origin)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signedCheckpoint(t testing.TB, s *signer, size int64, root tlog.Hash) Checkpoint {
	t.Helper()
	c, err := sign(Checkpoint{Origin: s.Name(), Size: size, Root: root}, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASignedCheckpointOpensWithItsKeyOnly(t *testing.T) {
	s := key(t, "avow/shop", 1)
	want := signedCheckpoint(t, s, 42, tlog.Hash{7})
	known, err := parseVerifiers(key(t, "avow/shop", 2).public + "\n" + s.public + "\n" + s.public)
	if err != nil || len(known) != 2 {
		t.Fatal(len(known), err)
	}
	got, err := openCheckpoint(want.Note, known)
	if err != nil {
		t.Fatal(err)
	}
	if got.Size != 42 || got.Root != want.Root || got.Origin != "avow/shop" || !bytes.Equal(got.Note, want.Note) {
		t.Errorf("opened as %+v", got)
	}
	if _, err := openCheckpoint(want.Note, known[:1]); fault.Of(err) != fault.Invalid {
		t.Errorf("with another key: %v", err)
	}
}

func TestEveryFlippedBitOfACheckpointIsSeen(t *testing.T) {
	s := key(t, "avow/shop", 1)
	good := signedCheckpoint(t, s, 42, tlog.Hash{7}).Note
	known, err := parseVerifiers(s.public)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			if _, err := openCheckpoint(b, known); fault.Of(err) != fault.Invalid {
				t.Errorf("byte %d, bit %d: %v", i, bit, err)
			}
		}
	}
}

// Base64 of 68 bytes has two bits that mean nothing. They must be zero, so that a
// checkpoint has one form only.
func TestASignatureIsWrittenInOneWayOnly(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	s := key(t, "avow/shop", 1)
	b := bytes.Clone(signedCheckpoint(t, s, 42, tlog.Hash{7}).Note)
	at := len(b) - 3 // before "=\n"
	b[at] = alphabet[strings.IndexByte(alphabet, b[at])+1]
	known, err := parseVerifiers(s.public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openCheckpoint(b, known); fault.Of(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestACheckpointOfAnotherLogUnderTheSameKeyNameIsRefused(t *testing.T) {
	s := key(t, "avow/shop", 1)
	c, err := sign(Checkpoint{Origin: "avow/other", Size: 1}, s)
	if err != nil {
		t.Fatal(err)
	}
	known, err := parseVerifiers(s.public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openCheckpoint(c.Note, known); fault.Of(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestAWitnessMayAddItsSignature(t *testing.T) {
	s, w := key(t, "avow/shop", 1), key(t, "witness.example", 2)
	n, err := note.Open(signedCheckpoint(t, s, 42, tlog.Hash{7}).Note, mustVerifiers(t, s.public))
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(n, w)
	if err != nil {
		t.Fatal(err)
	}
	known, err := parseVerifiers(s.public)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := openCheckpoint(both, known); err != nil || c.Size != 42 {
		t.Errorf("%+v, %v", c, err)
	}
}

func mustVerifiers(t testing.TB, keys string) note.Verifiers {
	t.Helper()
	list, err := parseVerifiers(keys)
	if err != nil {
		t.Fatal(err)
	}
	return note.VerifierList(list...)
}

func TestCheckpointTextsThatAreNotCanonicalAreRefused(t *testing.T) {
	root := tlog.Hash{7}.String()
	if _, err := parseCheckpoint("avow/shop\n1\n" + root + "\nextension\n"); err != nil {
		t.Errorf("an extension line: %v", err)
	}
	for _, text := range []string{
		"", "avow/shop\n", "avow/shop\n1\n", "avow/shop\n1\n" + root, "\n1\n" + root + "\n",
		"avow/shop\n01\n" + root + "\n", "avow/shop\n+1\n" + root + "\n", "avow/shop\n-1\n" + root + "\n",
		"avow/shop\n9223372036854775808\n" + root + "\n", "avow/shop\n1\n" + root[:40] + "\n",
		"avow/shop\n1\n" + strings.Replace(root, "A=", "B=", 1) + "\n", "avow/shop\n1\n" + root + "\n\n",
	} {
		if _, err := parseCheckpoint(text); fault.Of(err) != fault.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestVerifierKeysOfTwoLogsAreRefused(t *testing.T) {
	for _, keys := range []string{"", "x", key(t, "avow/a", 1).public + "\n" + key(t, "avow/b", 1).public} {
		if _, err := parseVerifiers(keys); fault.Of(err) != fault.Invalid {
			t.Errorf("%q: %v", keys, err)
		}
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(formatCheckpoint("avow/shop", 42, tlog.Hash{7}))
	f.Add("a\n0\n" + tlog.Hash{}.String() + "\nx\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCheckpoint(text)
		if err != nil {
			return
		}
		if again := formatCheckpoint(c.Origin, c.Size, c.Root); !strings.HasPrefix(text, again) {
			t.Fatalf("%q became %q", text, again)
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	s := key(f, "avow/shop", 1)
	good := signedCheckpoint(f, s, 42, tlog.Hash{7})
	f.Add(good.Note)
	known, err := parseVerifiers(s.public)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := openCheckpoint(b, known); err == nil && (c.Size != 42 || c.Root != good.Root) {
			t.Fatalf("forged: %q", b)
		}
		if c, err := parseNote(b); err == nil && c.Size < 0 {
			t.Fatal("a negative size")
		}
	})
}
