package relational

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeysAreCanonical(t *testing.T) {
	for _, c := range []struct {
		want string
		key  []Value
	}{
		{"17", []Value{IntValue(17)}},
		{`-3,"en"`, []Value{IntValue(-3), TextValue("en")}},
		{`"17"`, []Value{TextValue("17")}},
		{`"a\",\"b",null,x00ff,r1.5`, []Value{TextValue(`a","b`), {}, {Kind: Blob, Str: "\x00\xff"}, {Kind: Real, Real: 1.5}}},
		{`""`, []Value{TextValue("")}},
	} {
		if got := EncodeKey(c.key); got != c.want {
			t.Errorf("EncodeKey = %s, want %s", got, c.want)
		}
		back, err := DecodeKey(c.want)
		if err != nil {
			t.Errorf("DecodeKey(%s): %v", c.want, err)
		}
		if diff := cmp.Diff(c.key, back); diff != "" {
			t.Errorf("%s:\n%s", c.want, diff)
		}
	}
	for _, bad := range []string{"", "017", "+1", `'a'`, "`a`", "1,", "x0", "xFF", "rNaN", `"a"b`, "nul", `"\x61"`} {
		if _, err := DecodeKey(bad); err == nil {
			t.Errorf("DecodeKey(%q) should be refused", bad)
		}
	}
}

func FuzzKey(f *testing.F) {
	f.Add("17,\"a\\n\",x00,r1e+300,null", "text", int64(1), 2.5)
	f.Fuzz(func(t *testing.T, key, s string, i int64, r float64) {
		if v, err := DecodeKey(key); err == nil && EncodeKey(v) != key {
			t.Fatal("an accepted key is not canonical")
		}
		if r != r {
			r = 0
		}
		values := []Value{TextValue(s), IntValue(i), {Kind: Real, Real: r}, {Kind: Blob, Str: s}, {}}
		back, err := DecodeKey(EncodeKey(values))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(values, back); diff != "" {
			t.Fatal(diff)
		}
	})
}
