package seal

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The protocol of the two stores, as doc.go writes it down, keeps its promises
// whatever two nodes do, wherever they are cut off and whatever is restored.
func TestTheProtocolOfTheTwoStoresKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choices := rapid.SliceOfN(rapid.Uint16(), 200, 1200).Draw(t, "choices")
		next := 0
		m := newModel(func(n int) int {
			next++
			return int(choices[next%len(choices)]) % n
		}, "")
		if err := m.run(len(choices) / 3); err != nil {
			t.Fatal(err)
		}
	})
	seeds := uint64(4000)
	if testing.Short() {
		seeds = 500
	}
	for seed := range seeds {
		if err := runSeed(seed, ""); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func runSeed(seed uint64, wrong string) error {
	r := rand.New(rand.NewPCG(seed, 1))
	return newModel(r.IntN, wrong).run(300)
}

// Each of these orders looks as good as the right one. The comments say what
// goes wrong; the model finds it.
func TestTheModelFindsEveryWrongOrder(t *testing.T) {
	for _, wrong := range []string{
		// Collect. A crash after the act leaves an acknowledged value whose key
		// never was: hence a pool of keys that are durable first.
		"key after value",
		// A key inserted under an epoch that a rotation has left is not
		// re-wrapped by it, and its epoch is erased: hence the guarded state row.
		"no epoch guard",
		// A sweep that only looks at the data store races with the act that is
		// about to bind the key: hence the fence.
		"no fence",
		// Facts read before an erasure let a value be written or answered after it.
		"no version",
		// Erase.
		"keys before intent",
		// The intent is what leads to the keys after a crash: the rows may go
		// with it, but it may not go before the keys.
		"intent ended before keys",
		// A node that fell asleep in an erasure destroys what was collected
		// since: it must destroy the keys it saw together with the intent.
		"keys read late",
		// Journal and keys may go in either order; the answer waits for both.
		"acknowledged before the journal",
		"acknowledged before keys",
		// Re-key. A journal that runs ahead of the rows may be archived before
		// them; the archive's head then says that it needs no re-doing.
		"journal before intent",
		// What re-keyings before it have left to be destroyed seals the same
		// value in older rows: it has to go before this one is acknowledged.
		"only its own key",
		// Rotate.
		"announced before the epoch store",
		"epoch erased before the keys moved",
		"finished before the epoch is erased",
		// A key destroyed in the middle of a rotation may have been re-wrapped
		// by it: it counts from its announcement, not from its end …
		"started late",
		// … and when the next epoch's key was in the store before, perhaps from
		// a rotation that a restore has made undone, it does not count at all.
		"found epoch counts",
		// Back up and restore.
		"journal's end after the copy",
		"journal of any age",
		"any keys archive",
		// A keys archive older than the data's has live keys of people whose
		// rows are gone: no record of the journal leads to them.
		"no purge",
		// The archive may be older than the value that was erased, and yet have
		// the key that it was sealed under with others.
		"only what is there",
		// An archive made in the middle of an erasure shows its intent, and its
		// journal record is older than the archive: a rotation that began before
		// somebody resumed it would count, and carry the key on.
		"intents left for later",
	} {
		t.Run(wrong, func(t *testing.T) {
			for seed := range uint64(60_000) {
				if err := runSeed(seed, wrong); err != nil {
					t.Logf("seed %d: %v", seed, err)
					return
				}
			}
			t.Error("the model does not see it")
		})
	}
}
