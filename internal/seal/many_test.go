package seal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/avow-dev/avow/fault"
)

func TestKeysThatWereWarmedOpenWithoutAnotherRead(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k, node := s.ring(t), s.ring(t)
		var keys []KeyID
		var sealed [][]byte
		for i := range 20 {
			keys = append(keys, k.mustNext(t))
			sealed = append(sealed, k.mustSeal(t, keys[i], place, fmt.Sprint("value ", i)))
		}
		gone, err := node.Warm(t.Context(), append(slices.Clone(keys), keys...))
		if err != nil || len(gone) > 0 {
			t.Fatalf("Warm = %v, %v", gone, err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel() // whatever is read now fails
		memory := []byte("before ")
		for i, key := range keys {
			at := len(memory)
			if memory, err = node.OpenTo(ended, memory, key, place, sealed[i]); err != nil {
				t.Fatalf("key %d is read again: %v", i, err)
			}
			if want := fmt.Sprint("value ", i); string(memory[at:]) != want {
				t.Errorf("got %q, want %q", memory[at:], want)
			}
		}
		if string(memory[:14]) != "before value 0" {
			t.Errorf("what was there before has become %q", memory[:14])
		}
	})
}

func TestADestroyedKeyIsNotWarmed(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		keys := []KeyID{k.mustNext(t), k.mustNext(t), k.mustNext(t)}
		sealed := k.mustSeal(t, keys[1], place, "a value")
		if _, err := k.Warm(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
		if err := k.Destroy(t.Context(), keys[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := k.OpenTo(t.Context(), nil, keys[1], place, sealed); fault.Of(err) != fault.NotFound {
			t.Errorf("a destroyed key opens: %v", err)
		}
		gone, err := s.ring(t).Warm(t.Context(), keys)
		if err != nil || !slices.Equal(gone, keys[1:2]) {
			t.Errorf("gone are %v, %v, want %v", gone, err, keys[1:2])
		}
	})
}

func TestOpenToRefusesWhatOpenRefuses(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key, other := k.mustNext(t), k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "a value")
		before := []byte("before")
		for name, open := range map[string]func() ([]byte, error){
			"another key":   func() ([]byte, error) { return k.OpenTo(t.Context(), before, other, place, sealed) },
			"another place": func() ([]byte, error) { return k.OpenTo(t.Context(), before, key, AAD{Subject: 8}, sealed) },
			"cut":           func() ([]byte, error) { return k.OpenTo(t.Context(), before, key, place, sealed[:9]) },
			"nothing":       func() ([]byte, error) { return k.OpenTo(t.Context(), before, key, place, nil) },
		} {
			if out, err := open(); !errors.Is(err, ErrChanged) || len(out) > 0 {
				t.Errorf("%s: %q, %v, want ErrChanged", name, out, err)
			}
		}
	})
}

// The stay of a key is over as soon as the key is not held any more, whatever ended it.
func TestTheStayOfAKeyEndsWithIt(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		stay := func(key KeyID) *Stay {
			t.Helper()
			got := k.Stay(key)
			if got == nil || got.Over() || k.Stay(key) != got {
				t.Fatalf("the stay of key %d: %v", key, got)
			}
			return got
		}
		held := func() KeyID {
			t.Helper()
			key := k.mustNext(t)
			if _, err := k.Open(t.Context(), key, place, k.mustSeal(t, key, place, "a value")); err != nil {
				t.Fatal(err)
			}
			return key
		}
		if k.Stay(1<<40) != nil {
			t.Error("a key that nobody has loaded stays")
		}
		destroyed, old, again := held(), held(), held()
		ended := map[string]*Stay{"was destroyed": stay(destroyed), "is too old": stay(old), "was loaded again": stay(again)}
		if err := k.Destroy(t.Context(), destroyed); err != nil {
			t.Fatal(err)
		}
		a, mark := k.cache.get(again)
		k.cache.put(again, a, mark)
		if !ended["was loaded again"].Over() || stay(again) == nil {
			t.Error("a key that is loaded again has the stay that it had")
		}
		k.cache.age()
		k.cache.age()
		crowded := newCache(1)
		crowded.put(0, a, 0)
		ended["had no more room"] = crowded.stay(0)
		crowded.put(cacheShards, a, 0)
		for what, s := range ended {
			if !s.Over() {
				t.Errorf("the stay of a key that %s is not over", what)
			}
		}
		if k.Stay(destroyed) != nil || k.Stay(old) != nil {
			t.Error("a key that is not held stays")
		}
	})
}
