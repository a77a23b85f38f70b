package staff

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

func (b *bed) key(t *testing.T, n NewKey) (Key, seal.Personal) {
	t.Helper()
	if n.Platform == "" {
		n.Platform = "apsgo"
	}
	n.Label, n.Scopes = "the shop", []string{"values:use", "subjects:read", "values:use"}
	k, token, err := b.CreateKey(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return k, token
}

func TestAKeyIsGoodForItsScopes(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		k, token := b.key(t, NewKey{By: "stf_1"})
		got, err := b.CheckKey(t.Context(), "apsgo", token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(k, got, cmpopts.IgnoreFields(Key{}, "LastUsed")); diff != "" {
			t.Error(diff)
		}
		if !got.May("values:use") || !got.May("subjects:read") || got.May("values") || got.May("") || len(got.Scopes) != 2 {
			t.Errorf("scopes %v", got.Scopes)
		}
		if strings.Contains(token.String(), "avow_") || len(token.Reveal()) != 84 {
			t.Errorf("%v, %d bytes", token, len(token.Reveal()))
		}
	})
}

func TestEveryOtherTokenGetsOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		ctx := t.Context()
		_, good := b.key(t, NewKey{})
		_, other := b.key(t, NewKey{})
		expired, old := b.key(t, NewKey{Expires: b.clock.Now().Add(time.Hour)})
		revoked, ended := b.key(t, NewKey{})
		if err := b.RevokeKey(ctx, revoked.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.CheckKey(ctx, "apsgo", old); err != nil {
			t.Error(err)
		}
		b.clock.Set(expired.Expires)
		g, o := good.Reveal(), other.Reveal()
		for name, c := range map[string][2]string{
			"nothing":            {"apsgo", ""},
			"another platform":   {"goscom-pro", g},
			"no platform":        {"", g},
			"expired":            {"apsgo", old.Reveal()},
			"revoked":            {"apsgo", ended.Reveal()},
			"another key's":      {"apsgo", g[:32] + o[32:]},
			"unknown":            {"apsgo", "avow_" + strings.Repeat("0", 26) + g[31:]},
			"cut":                {"apsgo", g[:83]},
			"longer":             {"apsgo", g + "a"},
			"the last changed":   {"apsgo", g[:83] + string(g[83]^1)},
			"in capitals":        {"apsgo", strings.ToUpper(g)},
			"the id of the key":  {"apsgo", "key_" + g[5:31]},
			"with a line behind": {"apsgo", g + "\n"},
		} {
			_, err := b.CheckKey(ctx, c[0], seal.NewPersonal(c[1]))
			if fault.Of(err) != fault.Denied || fault.Message(err) != fault.Message(errKey) {
				t.Errorf("%s: err = %v, want denied", name, err)
			}
		}
		if _, err := b.CheckKey(ctx, "apsgo", good); err != nil {
			t.Error(err)
		}
	})
}

func TestTheLastUseIsKnownToTheDay(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		k, token := b.key(t, NewKey{})
		if !k.LastUsed.IsZero() {
			t.Error(k.LastUsed)
		}
		for _, want := range []string{"2026-03-01", "2026-03-01", "2026-03-02"} {
			if _, err := b.CheckKey(t.Context(), "apsgo", token); err != nil {
				t.Fatal(err)
			}
			keys, err := b.Keys(t.Context(), "apsgo")
			if err != nil || len(keys) != 1 || keys[0].LastUsed.Format(time.DateTime) != want+" 00:00:00" {
				t.Errorf("%+v, %v, want %s", keys, err, want)
			}
			b.clock.Add(14 * time.Hour)
		}
	})
}

func TestARevokedKeyIsRefusedAtOnceAndElsewhereASecondLater(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		k, token := b.key(t, NewKey{})
		node, err := Open(t.Context(), b.config)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*Directory{b.Directory, b.Directory, node, node} { // the second is remembered
			if _, err := d.CheckKey(t.Context(), "apsgo", token); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.RevokeKey(t.Context(), k.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.CheckKey(t.Context(), "apsgo", token); fault.Of(err) != fault.Denied {
			t.Errorf("the next request in this process: %v, want denied", err)
		}
		b.clock.Add(KeyLife + time.Millisecond)
		if _, err := node.CheckKey(t.Context(), "apsgo", token); fault.Of(err) != fault.Denied {
			t.Errorf("another node, a second later: %v, want denied", err)
		}
	})
}

func TestAKeyReadBeforeItsRevocationIsNotRememberedAfterIt(t *testing.T) {
	var c keyCache
	now := time.Unix(1_800_000_000, 0)
	_, _, mark := c.get("key_a", now)
	c.drop("key_a") // revoked between the reading and the remembering
	c.put(Key{ID: "key_a"}, []byte("digest"), now, mark)
	if _, digest, _ := c.get("key_a", now); digest != nil {
		t.Error("what was read before the revocation is remembered")
	}
}

func TestKeysAreListedByPlatform(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		first, _ := b.key(t, NewKey{})
		b.key(t, NewKey{Platform: "goscom-pro"})
		second, _ := b.key(t, NewKey{})
		for range 2 {
			if err := b.RevokeKey(t.Context(), first.ID); err != nil {
				t.Fatal(err)
			}
		}
		keys, err := b.Keys(t.Context(), "apsgo")
		if err != nil || len(keys) != 2 || keys[0].ID != first.ID || keys[1].ID != second.ID || keys[0].Revoked.IsZero() || !keys[1].Revoked.IsZero() {
			t.Errorf("%+v, %v", keys, err)
		}
		if err := b.RevokeKey(t.Context(), "key_x"); fault.Of(err) != fault.NotFound {
			t.Errorf("err = %v, want not found", err)
		}
	})
}

func TestWhatCannotBeAKeyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		for name, change := range map[string]func(*NewKey){
			"no platform":        func(n *NewKey) { n.Platform = "" },
			"everywhere":         func(n *NewKey) { n.Platform = Everywhere },
			"no label":           func(n *NewKey) { n.Label = " " },
			"no scope":           func(n *NewKey) { n.Scopes = nil },
			"two scopes in one":  func(n *NewKey) { n.Scopes = []string{"a b"} },
			"everything":         func(n *NewKey) { n.Scopes = []string{"*"} },
			"expired before use": func(n *NewKey) { n.Expires = b.clock.Now() },
		} {
			n := NewKey{Platform: "apsgo", Label: "x", Scopes: []string{"subjects:read"}}
			change(&n)
			if _, _, err := b.CreateKey(t.Context(), n); fault.Of(err) != fault.Invalid {
				t.Errorf("%s: err = %v, want invalid", name, err)
			}
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add("avow_" + strings.Repeat("0", 26) + "_" + strings.Repeat("a", 52))
	f.Add("")
	f.Add("avow_" + strings.Repeat("0", 26) + "_" + strings.Repeat("1", 52))
	f.Add("avow_" + strings.Repeat("0", 26) + "_" + strings.Repeat("a", 52) + "\n")
	f.Add("avow_" + strings.Repeat("0", 25) + "__" + strings.Repeat("a", 52))
	written := regexp.MustCompile(`^avow_([0-9a-z]{26})_([a-z2-7]{52})$`)
	f.Fuzz(func(t *testing.T, s string) {
		name, secret, ok := readToken(s)
		if ok != written.MatchString(s) || ok && tokenPrefix+name+"_"+secret != s {
			t.Errorf("%q is read as %q and %q, %t", s, name, secret, ok)
		}
	})
}
