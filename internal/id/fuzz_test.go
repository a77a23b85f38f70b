package id

import "testing"

// FuzzValid takes an id apart: what is valid has sixteen bytes and one spelling.
func FuzzValid(f *testing.F) {
	for _, s := range []string{Random("sub"), "sub_", "sub_00000000000000000000000000", "sub_0000000000000000000000000z", "sub_0000000000000000000000000\n", "sub_\r\n000000000000000000000000", "sub_jgq7trbzqwsfrcs7q28313p\xffzm"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, ok := Bytes("sub", s)
		if ok != Valid("sub", s) {
			t.Fatal("Bytes and Valid do not agree")
		}
		if ok && (len(b) != 16 || FromBytes("sub", b) != s) {
			t.Errorf("%q is %d bytes, and they spell %q", s, len(b), FromBytes("sub", b))
		}
	})
}
