package seal

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// rotateUpTo runs the first n steps of a rotation and drops it there, as a
// crash would.
func rotateUpTo(t *testing.T, k *Keyring, n int) {
	t.Helper()
	r := &rotation{k: k, progress: func(int, int) {}}
	if err := r.lease(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range r.steps()[:n] {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	k.loseLease(t)
}

// loseLease is what time does to the lease of a node that is gone or asleep.
func (k *Keyring) loseLease(t *testing.T) {
	t.Helper()
	if _, _, err := k.config.Keys.Lease(t.Context(), rotateName, k.owner, 0); err != nil {
		t.Fatal(err)
	}
}

func TestRotateKeepsValuesAndSecretsAndErasesTheEpochBefore(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k, node := s.ring(t), s.ring(t)
		key, dead := k.mustNext(t), k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "kept")
		secret, err := k.Secret(t.Context(), "journal")
		if err != nil {
			t.Fatal(err)
		}
		old, err := s.epoch.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var leftover []byte // the destroyed key as a backup has it
		err = s.keys.Read(t.Context(), func(r *db.Snapshot) error {
			var epoch int64
			return r.Row(t.Context(), selectKey, int64(dead)).Scan(&epoch, &leftover)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Destroy(t.Context(), dead); err != nil {
			t.Fatal(err)
		}
		at := s.keys.Now()
		if _, ok, err := k.SilentFrom(t.Context(), at); ok || err != nil {
			t.Fatalf("silent before any rotation: %v, %v", ok, err)
		}
		last := 0
		e, err := k.Rotate(t.Context(), func(done, total int) {
			if done < last || done > total {
				t.Errorf("progress %d of %d after %d", done, total, last)
			}
			last = done
		})
		if err != nil || e.Number != 2 || e.Finished.IsZero() || last == 0 {
			t.Fatalf("Rotate = %+v, %v, progress to %d", e, err, last)
		}
		silent, ok, err := k.SilentFrom(t.Context(), at)
		if err != nil || !ok || !silent.Equal(e.Finished.Add(defaultLife)) {
			t.Errorf("silent from %v, %v, %v; want %v and a lifetime", silent, ok, err, e.Finished)
		}
		if _, ok, _ := k.SilentFrom(t.Context(), s.keys.Now()); ok {
			t.Error("silent for a key destroyed after the rotation")
		}
		// With everything that is left in hand the destroyed key cannot be had …
		now, err := s.epoch.Read(t.Context())
		if err != nil || len(now) != 1 || now[0].Number != 2 {
			t.Fatalf("the epoch store holds %v, %v", now, err)
		}
		for _, number := range []int64{1, 2} {
			w, _ := newWrapper("test", EpochKey{Number: number, Key: now[0].Key})
			if _, err := w.unwrapKey(dead, leftover); err == nil {
				t.Error("the epoch after opens a key of the epoch before")
			}
		}
		// … while the epoch before would have opened it.
		w, _ := newWrapper("test", old[0])
		if _, err := w.unwrapKey(dead, leftover); err != nil {
			t.Fatal("the test proves nothing: the old epoch does not open the key either")
		}
		for name, ring := range map[string]*Keyring{"this node": k, "another": node, "a new one": s.ring(t)} {
			ring.cache.drop([]KeyID{key})
			if got, err := ring.Open(t.Context(), key, place, sealed); err != nil || string(got) != "kept" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			if got, err := ring.Secret(t.Context(), "journal"); err != nil || !bytes.Equal(got, secret) {
				t.Errorf("%s: the secret changed, or %v", name, err)
			}
		}
	})
}

func TestARotationCutShortIsFinishedByWhoeverComesNext(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		first := s.ring(t)
		key := first.mustNext(t)
		sealed := first.mustSeal(t, key, place, "kept")
		index := first.Index("email", "a@example.com")
		epoch := int64(1)
		for steps := range len((&rotation{}).steps()) + 1 {
			rotateUpTo(t, s.ring(t), steps)
			k := s.ring(t) // a new start
			if got, err := k.Open(t.Context(), key, place, sealed); err != nil || string(got) != "kept" {
				t.Fatalf("cut after %d steps: %q, %v", steps, got, err)
			}
			fresh := k.mustNext(t) // keys can be had in between
			between := k.mustSeal(t, fresh, place, "between")
			e, err := k.Rotate(t.Context(), nil)
			if err != nil {
				t.Fatalf("cut after %d steps: %v", steps, err)
			}
			switch epoch++; steps {
			case 1: // the next epoch was found in the store: it does not count, and another follows
				epoch++
			case len((&rotation{}).steps()): // that one was whole; this is another
				epoch++
			}
			if e.Number != epoch || e.Finished.Before(e.Started) {
				t.Fatalf("cut after %d steps: epoch %+v, want %d", steps, e, epoch)
			}
			if keys, err := s.epoch.Read(t.Context()); err != nil || len(keys) != 1 || keys[0].Number != epoch {
				t.Fatalf("cut after %d steps: the epoch store holds %v, %v", steps, keys, err)
			}
			k = s.ring(t)
			if got, err := k.Open(t.Context(), fresh, place, between); err != nil || string(got) != "between" {
				t.Errorf("cut after %d steps: a key made in between: %q, %v", steps, got, err)
			}
			if !bytes.Equal(index, k.Index("email", "a@example.com")) {
				t.Errorf("cut after %d steps: the index changed", steps)
			}
		}
	})
}

func TestARotationCutInTheMiddleOfTheKeysGoesOn(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		var last KeyID
		for range 3 * poolBatch {
			last = k.mustNext(t)
		}
		k.waitForFill()
		sealed := k.mustSeal(t, last, place, "last")
		rotateUpTo(t, k, 2)
		r := &rotation{k: k, target: 2, progress: func(int, int) {}}
		if more, err := r.rewrapChunk(t.Context()); !more || err != nil {
			t.Fatal(more, err)
		}
		if err := r.check(t.Context()); err == nil {
			t.Fatal("check lets keys of the old epoch pass")
		}
		again := s.ring(t)
		if st, err := again.Status(t.Context()); err != nil || !st.Rotating || st.Epoch.Number != 2 {
			t.Fatalf("status %+v, %v", st, err)
		}
		if _, err := again.Rotate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ring(t).Open(t.Context(), last, place, sealed); err != nil || string(got) != "last" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// A node that fell asleep in a rotation wakes up when others have gone on. Every
// step it still takes must be harmless.
func TestANodeThatSleptThroughRotationsDoesNoHarm(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key := k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "kept")
		for asleepAfter := 1; asleepAfter < 6; asleepAfter++ {
			for _, others := range []int{1, 2} { // whole rotations meanwhile
				for _, open := range []int{0, 2, 3} { // steps of one more that is under way
					sleeper := &rotation{k: s.ring(t), progress: func(int, int) {}}
					steps := sleeper.steps()
					for _, step := range steps[:asleepAfter] {
						if err := step(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
					sleeper.k.loseLease(t)
					for range others {
						if _, err := s.ring(t).Rotate(t.Context(), nil); err != nil {
							t.Fatal(err)
						}
					}
					rotateUpTo(t, s.ring(t), open)
					for _, step := range steps[asleepAfter:] {
						if err := step(t.Context()); err != nil {
							break // it may notice; then it stops
						}
					}
					sleeper.k.loseLease(t)
					e, err := s.ring(t).Rotate(t.Context(), nil)
					if err != nil {
						t.Fatalf("asleep after %d, %d rotations and %d steps: %v", asleepAfter, others, open, err)
					}
					held, err := s.epoch.Read(t.Context())
					if err != nil || len(held) != 1 || held[0].Number != e.Number {
						t.Fatalf("asleep after %d, %d rotations and %d steps: epoch %d, the store holds %v, %v", asleepAfter, others, open, e.Number, held, err)
					}
					if got, err := s.ring(t).Open(t.Context(), key, place, sealed); err != nil || string(got) != "kept" {
						t.Fatalf("asleep after %d, %d rotations and %d steps: %q, %v", asleepAfter, others, open, got, err)
					}
				}
			}
		}
	})
}

func TestKeysMadeWhileNodesRotateCanAllBeOpened(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		nodes := []*Keyring{s.ring(t), s.ring(t)}
		type value struct {
			key    KeyID
			sealed []byte
		}
		var mu sync.Mutex
		var values []value
		var callers sync.WaitGroup
		for i := range 4 {
			callers.Go(func() {
				for range 800 {
					key, err := nodes[i%2].Next(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					sealed, err := nodes[i%2].Seal(t.Context(), key, place, []byte("v"))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					values = append(values, value{key, sealed})
					mu.Unlock()
				}
			})
		}
		for i := range 4 {
			if _, err := nodes[i%2].Rotate(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
		callers.Wait()
		k := s.ring(t)
		for _, v := range values {
			if _, err := k.Open(t.Context(), v.key, place, v.sealed); err != nil {
				t.Fatalf("key %d of %d: %v", v.key, len(values), err)
			}
		}
	})
}

func TestTwoNodesDoNotRotateAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k, node := s.ring(t), s.ring(t)
		if err := (&rotation{k: k}).lease(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := node.Rotate(t.Context(), nil); fault.Of(err) != fault.Busy {
			t.Errorf("err = %v, want busy", err)
		}
	})
}

func TestOpenRefusesAnEpochStoreThatDoesNotFit(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		k.mustNext(t)
		old, err := os.ReadFile(s.file)
		if err != nil {
			t.Fatal(err)
		}
		refused := func(c Config, says string) {
			t.Helper()
			got, err := Open(t.Context(), c)
			if err == nil {
				got.Close()
			}
			if fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), says) {
				t.Errorf("err = %v, want invalid with %q", err, says)
			}
		}
		if err := os.Remove(s.file); err != nil {
			t.Fatal(err)
		}
		refused(s.config(), "missing")
		if err := os.WriteFile(s.file, old, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Rotate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		now, err := os.ReadFile(s.file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.file, old, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(s.config(), "older than the keys")
		if err := os.WriteFile(s.file, now, 0o600); err != nil {
			t.Fatal(err)
		}
		s.setEpoch(t, 1)
		refused(s.config(), "newer than the keys")
		s.setEpoch(t, 2)
		c := s.config()
		c.Platform = "other"
		refused(c, "belongs to platform test")
	})
}

// setEpoch makes the keys store say that it is of an epoch, as an archive would.
func (s *stores) setEpoch(t *testing.T, epoch int64) {
	t.Helper()
	err := s.keys.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE seal_state SET epoch = $1 WHERE one = 1`, epoch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheNextEpochIsDerivedAgainWhileTheOldOneIsThere(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		key := k.mustNext(t)
		sealed := k.mustSeal(t, key, place, "kept")
		rotateUpTo(t, k, 3) // every key is of epoch 2
		b, err := os.ReadFile(s.file)
		if err != nil {
			t.Fatal(err)
		}
		b[17] ^= 1 // the sector of epoch 2 rots
		if err := os.WriteFile(s.file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		again := s.ring(t)
		if got, err := again.Open(t.Context(), key, place, sealed); err != nil || string(got) != "kept" {
			t.Fatalf("%q, %v", got, err)
		}
		if e, err := again.Rotate(t.Context(), nil); err != nil || e.Number != 2 {
			t.Fatal(e, err)
		}
	})
}

func TestTimesOfEpochsFollowBusinessTime(t *testing.T) {
	s := newStores(t, db.SQLite)
	k := s.ring(t)
	s.clock.Add(48 * time.Hour)
	from := s.keys.Now()
	e, err := k.Rotate(t.Context(), nil)
	if err != nil || e.Started.Before(from) || e.Finished.Sub(from) > time.Minute {
		t.Errorf("%s, %v", fmt.Sprint(e), err)
	}
}

func TestANodeBehindTheEpochMakesItsKeysInTheCurrentOne(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		behind := s.ring(t)
		for steps := range len((&rotation{}).steps()) + 1 {
			rotateUpTo(t, s.ring(t), steps)
			keys, err := behind.makeKeys(t.Context(), poolBatch)
			if err != nil {
				t.Fatalf("after %d steps: %v", steps, err)
			}
			if _, err := behind.Secret(t.Context(), fmt.Sprint("secret ", steps)); err != nil {
				t.Fatalf("after %d steps: %v", steps, err)
			}
			if _, err := s.ring(t).Rotate(t.Context(), nil); err != nil {
				t.Fatalf("after %d steps: %v", steps, err)
			}
			fresh := s.ring(t)
			if _, err := fresh.cipher(t.Context(), keys[0].id); err != nil {
				t.Errorf("after %d steps: a key is lost: %v", steps, err)
			}
			if _, err := fresh.readSecret(t.Context(), fmt.Sprint("secret ", steps)); err != nil {
				t.Errorf("after %d steps: a secret is lost: %v", steps, err)
			}
		}
	})
}

// A restore may put back a keys store from the middle of a rotation that had
// re-wrapped keys, and keys were destroyed since.
func TestAnEpochThatWasFoundInTheStoreMakesNothingSilent(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		k.mustNext(t)
		destroyed := s.keys.Now()
		rotateUpTo(t, k, 1)
		again := s.ring(t)
		if _, err := again.rotate(t.Context(), func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		if at, ok, err := again.SilentFrom(t.Context(), destroyed); ok || err != nil {
			t.Errorf("silent from %v, %v", at, err)
		}
		if e, err := again.Rotate(t.Context(), nil); err != nil || e.Number != 3 {
			t.Fatal(e, err)
		}
		if _, ok, err := again.SilentFrom(t.Context(), destroyed); !ok || err != nil {
			t.Errorf("not silent after a whole rotation: %v", err)
		}
	})
}
