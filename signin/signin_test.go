package signin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/signin"
)

type bed struct {
	*signin.Store
	clock *dbtest.Clock
	data  *db.DB
	file  string
	keys  *seal.Keyring
}

func each(t *testing.T, fn func(*testing.T, *bed)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(t, newBed(t, engine)) })
	}
}

func newBed(t *testing.T, engine db.Engine) *bed {
	t.Helper()
	b := &bed{clock: dbtest.NewClock()}
	data, keys := dbtest.Config(t, engine, db.Data), dbtest.Config(t, engine, db.Keys)
	data.Clock, keys.Clock, b.file = b.clock.Now, b.clock.Now, data.File
	b.data = open(t, data)
	dir := t.TempDir()
	kms, err := seal.FileKMS(filepath.Join(dir, "kms"))
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.Open(t.Context(), seal.Config{Platform: "shop", Keys: open(t, keys), Data: b.data, Epoch: epoch})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ring.Close)
	b.keys, b.Store = ring, signin.New(b.data, ring)
	return b
}

func open(t *testing.T, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func address(n int) []byte { return []byte(fmt.Sprintf("%032d", n)) }

func (b *bed) begin(t *testing.T, n int) signin.Begun {
	t.Helper()
	begun, err := b.Begin(t.Context(), address(n))
	if err != nil {
		t.Fatal(err)
	}
	return begun
}

func (b *bed) finish(t *testing.T, handle, code string) bool {
	t.Helper()
	digest, ok, err := b.Finish(t.Context(), handle, code)
	if err != nil {
		t.Fatal(err)
	}
	if !ok && digest != nil {
		t.Error("a code that is wrong gave a digest")
	}
	return ok
}

// wrong is a code that is not code.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestACodeSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		begun := b.begin(t, 1)
		digest, ok, err := b.Finish(t.Context(), begun.Handle, begun.Code.Reveal())
		if err != nil || !ok || string(digest) != string(address(1)) {
			t.Fatalf("%v %v", ok, err)
		}
		if b.finish(t, begun.Handle, begun.Code.Reveal()) {
			t.Error("a code worked twice")
		}
	})
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		begun := b.begin(t, 1)
		c := begun.Code.Reveal()
		full := strings.Map(func(r rune) rune { return r - '0' + '０' }, c[:3])
		if !b.finish(t, begun.Handle, " "+full+"　"+c[3:]+" ") {
			t.Error("a code with spaces and full-width digits was refused")
		}
	})
}

func TestFiveTriesAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		begun := b.begin(t, 1)
		for range signin.Tries {
			if b.finish(t, begun.Handle, wrong(begun.Code.Reveal())) {
				t.Fatal("a wrong code worked")
			}
		}
		if b.finish(t, begun.Handle, begun.Code.Reveal()) {
			t.Error("a sixth try was taken")
		}
	})
}

func TestACodeEndsAfterTenMinutes(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		begun := b.begin(t, 1)
		b.clock.Add(signin.Life + time.Second)
		if b.finish(t, begun.Handle, begun.Code.Reveal()) {
			t.Error("a code worked after its time")
		}
	})
}

func TestACodeWorksForItsOwnFormOnly(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		one, two := b.begin(t, 1), b.begin(t, 2)
		if one.Code.Reveal() != two.Code.Reveal() && b.finish(t, one.Handle, two.Code.Reveal()) {
			t.Error("the code of one form worked in another")
		}
		for _, handle := range []string{"", "sgn_", "sgn_" + strings.Repeat("0", 26), "x"} {
			if b.finish(t, handle, one.Code.Reveal()) {
				t.Errorf("the handle %q was taken", handle)
			}
		}
	})
}

func TestARightCodeEndsEveryCodeOfTheAddress(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		first, second, other := b.begin(t, 1), b.begin(t, 1), b.begin(t, 2)
		if !b.finish(t, second.Handle, second.Code.Reveal()) {
			t.Fatal("the second code was refused")
		}
		if b.finish(t, first.Handle, first.Code.Reveal()) {
			t.Error("an older code of the address still worked")
		}
		if !b.finish(t, other.Handle, other.Code.Reveal()) {
			t.Error("a code of another address was ended too")
		}
	})
}

func TestAnAddressGetsFewCodes(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		for range 5 {
			b.begin(t, 1)
		}
		if _, err := b.Begin(t.Context(), address(1)); fault.Of(err) != fault.Busy {
			t.Errorf("a sixth code in ten minutes gave %v", err)
		}
		b.begin(t, 2)
		given := 5
		for range 20 {
			b.clock.Add(4 * signin.Life / 3)
			if _, err := b.Begin(t.Context(), address(1)); err == nil {
				given++
			}
			if _, err := b.Begin(t.Context(), address(1)); err == nil {
				given++
			}
		}
		if given != 30 {
			t.Errorf("%d codes in a day, want 30", given)
		}
		b.clock.Add(25 * time.Hour)
		b.begin(t, 1)
	})
}

func TestTheStoreHoldsNoCodeInClear(t *testing.T) {
	b := newBed(t, db.SQLite) // whose files are at hand; the rows of the other engine are the same
	begun := b.begin(t, 1)
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(b.file + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), begun.Code.Reveal()) && begun.Code.Reveal() != "000000" {
			t.Error("the code stands in the file in clear")
		}
	}
}

func TestOneRightCodeWinsOnTwoNodes(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		begun := b.begin(t, 1)
		won := make(chan bool, 8)
		for range cap(won) {
			go func() {
				_, ok, err := b.Finish(t.Context(), begun.Handle, begun.Code.Reveal())
				won <- ok && err == nil
			}()
		}
		n := 0
		for range cap(won) {
			if <-won {
				n++
			}
		}
		if n != 1 {
			t.Errorf("a code signed in %d times", n)
		}
	})
}
