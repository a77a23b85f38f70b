package parcel_test

import (
	"bytes"
	"testing"

	"github.com/avow-dev/avow/parcel"
)

func TestASealedParcelOpensWithItsKeyForItsPairAlone(t *testing.T) {
	own, err := parcel.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := parcel.NewKey()
	to, err := parcel.ParsePublicKey(own.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := parcel.Seal(to, "shop\npartner", []byte("lin"))
	if err != nil || bytes.Contains(sealed, []byte("lin")) {
		t.Fatalf("sealed %q: %v", sealed, err)
	}
	if plain, err := parcel.Open(own, "shop\npartner", sealed); err != nil || string(plain) != "lin" {
		t.Errorf("opened %q: %v", plain, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another key":       func() ([]byte, error) { return parcel.Open(other, "shop\npartner", sealed) },
		"another recipient": func() ([]byte, error) { return parcel.Open(own, "shop\nother", sealed) },
		"a changed byte": func() ([]byte, error) {
			return parcel.Open(own, "shop\npartner", append(sealed[:len(sealed)-1:len(sealed)-1], sealed[len(sealed)-1]^1))
		},
	} {
		if plain, err := open(); err == nil {
			t.Errorf("%s opened it: %q", name, plain)
		}
	}
	if _, err := parcel.ParsePublicKey(own.Text()); err == nil {
		t.Error("a secret key passes for a public one")
	}
}

func FuzzParseSecretKey(f *testing.F) {
	f.Add("AVOW-PARCEL-SECRET-")
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := parcel.ParseSecretKey(s); err == nil && k.Public().String() == "" {
			t.Error("a key without a public half")
		}
	})
}
