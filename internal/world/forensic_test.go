package world

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// TestErasedValuesAreInNoFile lets a thief with all current keys go through every
// byte of every file: of the embedded engine, or of both PostgreSQL servers; of
// archives made before; of what was handed out to others (I-7).
//
// Before the erasure he finds everybody's values, so that he is known to see.
// After it, and before the bound that the receipt states, he finds them in
// archives of the same epoch and in PostgreSQL's own log. When the epoch has
// moved he finds nothing of what was erased, and everything else.
func TestErasedValuesAreInNoFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			bytes, lost := forensics(t, engine, false)
			t.Logf("%d bytes scanned, %d values recovered", bytes, lost)
		})
	}
}

// TestSoakForensics does the same again and again, over the servers' whole
// directories and with every key there is.
func TestSoakForensics(t *testing.T) {
	period := dbtest.Soak(t)
	t.Setenv("TMPDIR", t.TempDir())
	begin, scanned, lost, rounds := db.Wall(), int64(0), 0, 0
	for ; rounds == 0 || db.Wall().Sub(begin) < period; rounds++ {
		for _, engine := range Engines() {
			t.Run(fmt.Sprint(engine, rounds), func(t *testing.T) {
				n, l := forensics(t, engine, true)
				scanned, lost = scanned+n, lost+l
			})
		}
	}
	fmt.Printf("soak: forensics, bytes scanned %d losses %d\n", scanned, lost)
}

// forensics is one life with its three visits of the thief. It returns how many
// bytes he went through at the last, and how many dead values he had then.
func forensics(t *testing.T, engine db.Engine, every bool) (scanned int64, lost int) {
	w := With(t, engine, Options{People: 4})
	s := newScene(w)
	archives := s.prepare()
	before := s.steal(every)
	s.silent(before, "before the erasure")
	s.sees(before, "before the erasure")

	s.end()
	s.without(archives, func() { s.ownFiles(every) })
	if engine == db.SQLite { // of PostgreSQL its own files have shown it
		between := s.steal(every)
		s.silent(between, "after the erasure")
		s.sees(between, "after the erasure")
		if n := s.dead(between, ""); n == 0 {
			t.Error("before the epoch moves nobody has the dead values, not even out of an archive of the same epoch: the thief is blind")
		}
	}

	w.Clock.Add(time.Hour)
	moved, err := w.P.MoveEpoch(t.Context(), nil)
	w.Must(err)
	s.bound(moved.Number)
	for _, state := range []string{"open", "at rest"} {
		if state == "at rest" {
			w.Close()
			w.maintain("VACUUM", "CHECKPOINT")
		} else if engine == db.Postgres {
			continue // its files are the same: take them when they are at rest
		}
		after := s.steal(every)
		s.silent(after, state)
		s.sees(after, state)
		n := s.dead(after, state)
		t.Logf("%s: %d files, %d bytes, %d keys (%d of them dead before), %d tries: %d dead values", state, after.files, after.bytes, after.keys, after.revived, after.tries, n)
		scanned, lost = scanned+after.bytes, lost+n
	}
	return scanned, lost
}

// prepare makes everything that can hold a person's values: choices, a hold, a
// package that waits, one that was fetched, and archives.
func (w *scene) prepare() avow.Archives {
	w.Helper()
	lin, ann, joe := w.People[0], w.People[1], w.People[2]
	w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
	w.Allowed(lin, "orders", "account.email", "order.address")
	for _, p := range []*Person{lin, ann} { // their packages wait to be fetched
		id, _ := w.Approved(Asked(policy.Access, p.Email()))
		if v := w.Finish(id); v.State != rights.VerifiedAfter {
			w.Fatalf("a package is %s, want %s", v.State, rights.VerifiedAfter)
		}
	}
	w.handOut("package of another.zip", w.Access(joe.Email()))
	joe.handedOut(w)
	return w.Backup("before")
}

// handOut keeps what the platform gave away, to be searched like its own files.
func (w *scene) handOut(name string, b []byte) {
	w.Helper()
	dir := filepath.Join(w.Dir, "handed out")
	w.Must(os.MkdirAll(dir, 0o700))
	w.Must(os.WriteFile(filepath.Join(dir, name), b, 0o600))
}

// handedOut takes from a package, which is its owner's, what is the owner's own:
// others must not be in it.
func (p *Person) handedOut(w *scene) {
	w.Helper()
	file := filepath.Join(w.Dir, "handed out", "package of another.zip")
	b, err := os.ReadFile(file)
	w.Must(err)
	own := map[string]bool{}
	for _, m := range p.Markers {
		own[m.Token] = true
	}
	seen := 0
	for _, h := range w.canary.find(b) {
		if own[h.token] {
			seen++
		} else {
			w.Errorf("the package of one person holds the %s of another", w.item(h.token))
		}
	}
	if seen < len(p.Markers) {
		w.Errorf("a package holds %d of the %d values of its owner", seen, len(p.Markers))
	}
	w.Must(os.Remove(file))
}

// end ends values in every way there is: by a request, by item, by class, by a
// correction, and by time.
func (w *scene) end() {
	w.Helper()
	lin, ann, joe, kim := w.People[0], w.People[1], w.People[2], w.People[3]
	id := w.Forget(lin)
	receipt, err := w.P.Requests().Receipt(context.Background(), id)
	w.Must(err)
	w.handOut("receipt.json", receipt)
	w.Erase(ann, avow.Erasure{Item: "account.nickname", By: avow.Actor{Role: "self"}})
	w.Erase(ann, avow.Erasure{Class: "support", By: avow.Actor{Role: "self"}})
	token := Token()
	w.Correct(joe, "account.email", token+"@new.example", token)
	w.Erase(kim, avow.Erasure{Everything: true, By: avow.Actor{Role: "self"}})
	w.tiles()
}

// tiles hands the log out, as anybody may have it.
func (w *scene) tiles() {
	w.Helper()
	ctx, log := context.Background(), w.P.Log()
	w.verified(w.P)
	c, err := log.Checkpoint(ctx)
	w.Must(err)
	w.handOut("checkpoint", c.Note)
	for n := int64(0); n*256 < c.Size; n++ {
		width := int(min(256, c.Size-n*256))
		tile, err := log.Tile(ctx, 0, n, width)
		w.Must(err)
		bundle, err := log.Bundle(ctx, n, width)
		w.Must(err)
		w.handOut(fmt.Sprintf("tile-%d", n), tile)
		w.handOut(fmt.Sprintf("entries-%d", n), bundle)
	}
}

// without does something while the archives are not there.
func (w *scene) without(archives avow.Archives, fn func()) {
	w.Helper()
	aside := filepath.Join(w.Dir, "aside")
	w.Must(os.Rename(filepath.Dir(archives.Data), aside))
	defer func() { w.Must(os.Rename(aside, filepath.Dir(archives.Data))) }()
	fn()
}

// ownFiles looks at the stores' own files before the epoch has moved. PostgreSQL's
// still give what was erased, as every receipt says. The embedded engine's are
// silent within some seconds, the server being open: its log is emptied.
func (w *scene) ownFiles(every bool) {
	w.Helper()
	if w.Engine == db.Postgres {
		own := w.steal(every)
		n := w.dead(own, "")
		if n == 0 {
			w.Error("before its epoch ends PostgreSQL's own files give no dead value: what the receipt says is not tested")
		}
		w.Logf("before the epoch moves PostgreSQL's own files give %d dead values, by %d dead keys", n, own.revived)
		return
	}
	end := time.After(20 * time.Second)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		own := w.steal(every)
		if w.dead(own, "") == 0 && own.revived == 0 {
			return
		}
		select {
		case <-end:
			w.dead(own, "long after the erasure, archives aside")
			w.Errorf("long after the erasure the stores' own files give %d dead keys", own.revived)
			return
		case <-tick.C:
		}
	}
}

// silent asserts that nothing lies anywhere in clear.
func (w *scene) silent(l loot, when string) {
	w.Helper()
	for token, found := range l.clear {
		w.Errorf("%s: the %s of somebody lies in clear in %s", when, w.item(token), found[0])
	}
}

// sees asserts that the thief has every living value: whoever finds nothing must
// have been able to find something.
func (w *scene) sees(l loot, when string) {
	w.Helper()
	for i, p := range w.People {
		for _, m := range p.Markers {
			if !m.Dead && len(l.sealed[m.Token]) == 0 {
				w.Errorf("%s: the thief does not find the living %s of person %d: he is blind", when, m.Item, i)
			}
		}
	}
}

// dead counts the dead values that the thief has. They are errors, but with when
// empty.
func (w *scene) dead(l loot, when string) (n int) {
	w.Helper()
	for i, p := range w.People {
		for _, m := range p.Markers {
			found := l.sealed[m.Token]
			if !m.Dead || len(found) == 0 {
				continue
			}
			n++
			if when != "" {
				w.Errorf("%s: a key opens the dead %s of person %d in: %s", when, m.Item, i, places(found))
			}
		}
	}
	return n
}

// bound asserts that the receipt states the bound that is tested: the keys fall
// silent when the epoch ends that was current when it was made.
func (w *scene) bound(moved int64) {
	w.Helper()
	file, err := os.ReadFile(filepath.Join(w.Dir, "handed out", "receipt.json"))
	w.Must(err)
	r, err := plan.VerifyReceipt(file, w.P.Log().Key())
	w.Must(err)
	if r.Body.Silent == nil || r.Body.Silent.Epoch != moved-1 {
		w.Errorf("the receipt says %+v; the keys died with epoch %d", r.Body.Silent, moved-1)
	}
	states := bytes.Contains(file, []byte("PostgreSQL keeps old versions of wrapped keys"))
	if states != (w.Engine == db.Postgres) {
		w.Errorf("that the receipt speaks of PostgreSQL's old versions is %v", states)
	}
}
