package seal

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var place = AAD{Subject: 7, Item: 3, Value: 11}

func TestAValueOpensOnlyInItsPlaceUnderItsKey(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key, other := k.mustNext(t), k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "li@example.com")
		got, err := k.Open(t.Context(), key, place, sealed)
		if err != nil || string(got) != "li@example.com" {
			t.Fatalf("Open = %q, %v", got, err)
		}
		if bytes.Contains(sealed, []byte("li@")) {
			t.Error("the sealed value shows its contents")
		}
		wrong := map[string]struct {
			key KeyID
			at  AAD
		}{
			"another key":     {other, place},
			"another subject": {key, AAD{8, 3, 11}},
			"another item":    {key, AAD{7, 4, 11}},
			"another value":   {key, AAD{7, 3, 12}},
		}
		for name, w := range wrong {
			if _, err := k.Open(t.Context(), w.key, w.at, sealed); !errors.Is(err, ErrChanged) {
				t.Errorf("%s: err = %v, want ErrChanged", name, err)
			}
		}
	})
}

func TestEveryChangedBitOfASealedValueIsSeen(t *testing.T) {
	k := newStores(t, db.SQLite).ring(t)
	key := k.mustNext(t)
	sealed := k.mustSeal(t, key, place, "a value")
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if _, err := k.Open(t.Context(), key, place, bad); !errors.Is(err, ErrChanged) {
				t.Fatalf("byte %d bit %d: err = %v, want ErrChanged", i, bit, err)
			}
		}
	}
	for n := range sealed {
		if _, err := k.Open(t.Context(), key, place, sealed[:n]); !errors.Is(err, ErrChanged) {
			t.Fatalf("cut to %d bytes: err = %v, want ErrChanged", n, err)
		}
	}
}

func TestAWrappedKeyOpensOnlyOnItsPlatformAsItselfInItsEpoch(t *testing.T) {
	epoch := EpochKey{Number: 4, Key: bytes.Repeat([]byte{9}, epochKeyLen)}
	mine, _ := newWrapper("mine", epoch)
	sealed := mine.wrapKey(5, bytes.Repeat([]byte{1}, keyLen))
	secret := mine.wrapSecret("5", bytes.Repeat([]byte{1}, keyLen))
	theirs, _ := newWrapper("theirs", epoch)
	epoch.Number = 5
	later, _ := newWrapper("mine", epoch)
	for name, open := range map[string]func() ([]byte, error){
		"another platform":   func() ([]byte, error) { return theirs.unwrapKey(5, sealed) },
		"another epoch":      func() ([]byte, error) { return later.unwrapKey(5, sealed) },
		"another key":        func() ([]byte, error) { return mine.unwrapKey(6, sealed) },
		"a key as a secret":  func() ([]byte, error) { return mine.unwrapSecret("5", sealed) },
		"a secret as a key":  func() ([]byte, error) { return mine.unwrapKey(5, secret) },
		"nothing":            func() ([]byte, error) { return mine.unwrapKey(5, nil) },
		"an unknown version": func() ([]byte, error) { return mine.unwrapKey(5, append([]byte{2}, sealed[1:]...)) },
	} {
		if _, err := open(); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: err = %v, want ErrChanged", name, err)
		}
	}
}

func TestTheRatchetDependsOnPlatformAndEpoch(t *testing.T) {
	seen := map[string]bool{}
	for _, platform := range []string{"a", "b"} {
		for _, number := range []int64{1, 2} {
			next, err := nextEpochKey(platform, EpochKey{Number: number, Key: make([]byte, epochKeyLen)})
			if err != nil || next.Number != number+1 || len(next.Key) != epochKeyLen {
				t.Fatalf("next of %s %d = %v, %v", platform, number, next, err)
			}
			if seen[string(next.Key)] {
				t.Error("two platforms or epochs come to the same key")
			}
			seen[string(next.Key)] = true
		}
	}
}

func TestNoncesDoNotRepeat(t *testing.T) {
	k := newStores(t, db.SQLite).ring(t)
	key := k.mustNext(t)
	seen := map[string]bool{}
	for range 20_000 {
		sealed := k.mustSeal(t, key, place, "same")
		nonce := string(sealed[1:13])
		if seen[nonce] {
			t.Fatal("a nonce was used twice")
		}
		seen[nonce] = true
	}
}

func TestADestroyedKeyOpensNothingAnyMore(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k, node := s.ring(t), s.ring(t)
		key, stays := k.mustNext(t), k.mustNext(t)
		sealed, kept := k.mustSeal(t, key, place, "gone"), k.mustSeal(t, stays, place, "stays")
		if _, err := node.Open(t.Context(), key, place, sealed); err != nil {
			t.Fatal(err)
		}
		for range 2 { // idempotent
			if err := k.Destroy(t.Context(), key, key); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := k.Open(t.Context(), key, place, sealed); fault.Of(err) != fault.NotFound {
			t.Errorf("after Destroy: err = %v, want not_found", err)
		}
		if _, err := k.Seal(t.Context(), key, place, nil); fault.Of(err) != fault.NotFound {
			t.Errorf("sealing under a destroyed key: err = %v, want not_found", err)
		}
		if got, err := k.Open(t.Context(), stays, place, kept); err != nil || string(got) != "stays" {
			t.Errorf("the other key: %q, %v", got, err)
		}
		// Another node may hold the cipher for a lifetime: two ticks.
		node.cache.age()
		node.cache.age()
		if _, err := node.Open(t.Context(), key, place, sealed); fault.Of(err) != fault.NotFound {
			t.Errorf("on another node after a lifetime: err = %v, want not_found", err)
		}
	})
}

func TestManyKeysAreDestroyedAtOnceAndByManyCallers(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		var all []KeyID
		for range 1200 {
			all = append(all, k.mustNext(t))
		}
		before, err := k.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Destroy(t.Context(), all[:1000]...); err != nil {
			t.Fatal(err)
		}
		var callers sync.WaitGroup
		for _, key := range all[1000:] {
			callers.Go(func() {
				if err := k.Destroy(t.Context(), key); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		k.waitForFill()
		after, err := k.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if made := after.Live - before.Live + 1200; made%poolBatch != 0 {
			t.Errorf("live keys went from %d to %d, want 1200 fewer and whole batches more", before.Live, after.Live)
		}
	})
}

// waitForFill waits until no refill is under way.
func (k *Keyring) waitForFill() {
	k.pool.mu.Lock()
	f := k.pool.fill
	k.pool.mu.Unlock()
	if f != nil {
		<-f.done
	}
}

func TestNoKeyIsHandedOutTwice(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		nodes := []*Keyring{s.ring(t), s.ring(t)}
		var mu sync.Mutex
		seen := map[KeyID]bool{}
		var callers sync.WaitGroup
		for i := range 16 {
			callers.Go(func() {
				for range 150 {
					key, err := nodes[i%2].Next(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if seen[key] {
						t.Errorf("key %d was handed out twice", key)
					}
					seen[key] = true
					mu.Unlock()
				}
			})
		}
		callers.Wait()
		if len(seen) != 16*150 {
			t.Errorf("%d keys, want %d", len(seen), 16*150)
		}
	})
}

func TestAKeyIsDurableBeforeItIsHandedOut(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key := k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "x")
		// A node that never saw this one has nothing but the stores.
		got, err := s.ring(t).Open(t.Context(), key, place, sealed)
		if err != nil || string(got) != "x" {
			t.Errorf("on another node: %q, %v", got, err)
		}
	})
}

func TestAKeyOlderThanHalfAnHourIsNotHandedOut(t *testing.T) {
	k := newStores(t, db.SQLite)
	ring := k.ring(t)
	first := ring.mustNext(t)
	ring.waitForFill()
	k.clock.Add(poolAge + time.Minute)
	if next := ring.mustNext(t); next < first+poolBatch {
		t.Errorf("key %d is of the old batch, which began at %d", next, first)
	}
}

func TestBindingsAreReadByClassBucketAndKey(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		ks := []KeyID{k.mustNext(t), k.mustNext(t), k.mustNext(t), k.mustNext(t)}
		act := s.data.NewAct()
		k.Bind(act, 1, 2, 0, ks[0])
		k.Bind(act, 1, 2, 0, ks[1]) // two first collects at once
		k.Bind(act, 1, 1, 99, ks[2])
		k.Bind(act, 2, RequestClass, 5, ks[3])
		if err := s.data.Commit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		check := func(want []Binding) {
			t.Helper()
			err := s.data.Read(t.Context(), func(r *db.Snapshot) error {
				got, err := k.Bound(t.Context(), r, 1)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		check([]Binding{{1, 99, ks[2]}, {2, 0, ks[0]}, {2, 0, ks[1]}})
		err := s.data.Tx(t.Context(), func(tx *db.Tx) error {
			k.Unbind(tx, 1, ks[0])
			k.Unbind(tx, 1, ks[3]) // not this subject's: stays
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		check([]Binding{{1, 99, ks[2]}, {2, 0, ks[1]}})
		again := s.data.NewAct()
		k.Bind(again, 3, 1, 0, ks[3])
		if err := s.data.Commit(t.Context(), again); !db.Constraint(err) {
			t.Errorf("binding one key to two subjects: err = %v, want a constraint violation", err)
		}
	})
}

func TestIndexesDifferByKindFormAndPlatformOnly(t *testing.T) {
	s := newStores(t, db.SQLite)
	k, node := s.ring(t), s.ring(t)
	base := k.Index("email", "li@example.com")
	if len(base) != 32 || !bytes.Equal(base, node.Index("email", "li@example.com")) {
		t.Fatal("two nodes of one platform disagree about an index")
	}
	if s2 := newStores(t, db.SQLite); bytes.Equal(base, s2.ring(t).Index("email", "li@example.com")) {
		t.Error("two platforms have the same index")
	}
	for _, other := range [][2]string{{"phone", "li@example.com"}, {"email", "li@example.con"}, {"emaill", "i@example.com"}, {"emai", "lli@example.com"}} {
		if bytes.Equal(base, k.Index(other[0], other[1])) {
			t.Errorf("%q has the index of another", other)
		}
	}
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 200 {
				if !bytes.Equal(base, k.Index("email", "li@example.com")) {
					t.Error("the index changed")
				}
			}
		})
	}
	callers.Wait()
}

func TestASecretStaysItselfUntilForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k, node := s.ring(t), s.ring(t)
		var wg sync.WaitGroup
		got := make([][]byte, 8)
		for i := range got {
			wg.Go(func() {
				var err error
				if got[i], err = []*Keyring{k, node}[i%2].Secret(t.Context(), "journal"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, g := range got {
			if len(g) != 32 || !bytes.Equal(g, got[0]) {
				t.Fatal("callers got different secrets")
			}
		}
		if err := k.Forget(t.Context(), "journal"); err != nil {
			t.Fatal(err)
		}
		again, err := node.Secret(t.Context(), "journal")
		if err != nil || bytes.Equal(again, got[0]) {
			t.Errorf("after Forget the secret is the same, or %v", err)
		}
		if err := k.Forget(t.Context(), indexSecret); fault.Of(err) != fault.Invalid {
			t.Errorf("forgetting the index secret: err = %v, want invalid", err)
		}
	})
}
