package staff

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"
)

// verify1 tries once.
func (b *bed) verify1(t *testing.T, login, password, code string) Answer {
	t.Helper()
	a, err := b.Verify(t.Context(), p(login), p(password), p(code))
	if err != nil {
		t.Fatal(err)
	}
	if a.OK != (a.Why == "") || a.OK != (a.Person.ID != "") {
		t.Errorf("%+v", a)
	}
	return a
}

func TestPasswordAndCodeLetIn(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann", Role{"apsgo", "support"})
		a := b.verify1(t, " ANN", goodPassword, b.code(t, e))
		if !a.OK || a.ID != who || !a.Person.Has("apsgo", "support") {
			t.Fatalf("%+v", a)
		}
		if got := get(t, b.Directory, who); got.LastSignIn.IsZero() || got.LastSignIn.Sub(b.clock.Now()) > time.Second {
			t.Errorf("last sign-in %v", got.LastSignIn)
		}
	})
}

func TestWhoIsNotLetInGetsTheReasonInTheLogOnly(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		ann, e := b.add(t, "ann")
		bob, f := b.add(t, "bob")
		if err := b.Disable(t.Context(), bob); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			login, password, code string
			id                    ID
			why                   Why
		}{
			{"eve", goodPassword, b.code(t, e), "", UnknownLogin},
			{"", goodPassword, b.code(t, e), "", UnknownLogin},
			{"ann", "four horses read loudly", b.code(t, e), ann, WrongPassword},
			{"ann", "", b.code(t, e), ann, WrongPassword},
			{"ann", goodPassword, "", ann, WrongCode},
			{"ann", goodPassword, b.code(t, f), ann, WrongCode},
			{"bob", goodPassword, b.code(t, f), bob, Disabled},
		} {
			if a := b.verify1(t, c.login, c.password, c.code); a.Why != c.why || a.ID != c.id {
				t.Errorf("%q: %+v, want %s", c.login, a, c.why)
			}
		}
	})
}

func TestACodeSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		_, e := b.add(t, "ann")
		code, before := b.code(t, e), codeAt(t, e, b.clock.Now().Add(-30*time.Second))
		if a := b.verify1(t, "ann", goodPassword, code[:3]+" "+code[3:]); !a.OK {
			t.Fatalf("%+v", a)
		}
		if a := b.verify1(t, "ann", goodPassword, code); a.Why != CodeUsed {
			t.Errorf("the same again: %+v", a)
		}
		if a := b.verify1(t, "ann", goodPassword, before); a.Why != CodeUsed {
			t.Errorf("the one before it: %+v", a)
		}
		b.clock.Add(30 * time.Second)
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Errorf("the next: %+v", a)
		}
	})
}

func TestACodeIsGoodForItsStepAndItsNeighbours(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		_, e := b.add(t, "ann")
		for _, c := range []struct {
			off time.Duration
			ok  bool
		}{{-60 * time.Second, false}, {-30 * time.Second, true}, {30 * time.Second, true}, {60 * time.Second, false}} {
			b.clock.Add(10 * time.Minute)
			a := b.verify1(t, "ann", goodPassword, codeAt(t, e, b.clock.Now().Add(c.off)))
			if a.OK != c.ok {
				t.Errorf("a code of %v: %+v", c.off, a)
			}
		}
	})
}

func TestOneCodeAtOnceLetsOneIn(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		_, e := b.add(t, "ann")
		for name, code := range map[string]string{"authenticator": b.code(t, e), "recovery": e.Recovery[0].Reveal()} {
			var mu sync.Mutex
			in := 0
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					a, err := b.Verify(t.Context(), p("ann"), p(goodPassword), p(code))
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if a.OK {
						in++
					}
				})
			}
			all.Wait()
			if in != 1 {
				t.Errorf("%s: %d came in with one code", name, in)
			}
		}
	})
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		_, other := b.add(t, "bob")
		code := e.Recovery[3].Reveal()
		if a := b.verify1(t, "ann", goodPassword, other.Recovery[3].Reveal()); a.Why != WrongCode {
			t.Errorf("another's: %+v", a)
		}
		if a := b.verify1(t, "ann", "four horses read loudly", code); a.Why != WrongPassword {
			t.Errorf("without the password: %+v", a)
		}
		if a := b.verify1(t, "ann", goodPassword, " "+code[:6]+code[6:]); !a.OK || !a.Recovery {
			t.Errorf("%+v", a)
		}
		if a := b.verify1(t, "ann", goodPassword, code); a.Why != WrongCode {
			t.Errorf("again: %+v", a)
		}
		if got := get(t, b.Directory, who); got.Codes != 9 {
			t.Errorf("%d codes are left", got.Codes)
		}
		fresh, err := b.Enrol(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		for _, old := range []string{e.Recovery[0].Reveal(), b.code(t, e)} {
			if a := b.verify1(t, "ann", goodPassword, old); a.OK {
				t.Error("a code from before the new enrolment is good")
			}
		}
		if a := b.verify1(t, "ann", goodPassword, fresh.Recovery[0].Reveal()); !a.OK {
			t.Errorf("%+v", a)
		}
	})
}

func TestTheLockGrowsUntilSomebodyIsIn(t *testing.T) {
	var got []time.Duration
	for n := range int64(16) {
		got = append(got, lockFor(n))
	}
	s, m := time.Second, time.Minute
	want := []time.Duration{0, 0, 0, 0, 0, 30 * s, m, 2 * m, 4 * m, 8 * m, 16 * m, 32 * m, 60 * m, 60 * m, 60 * m, 60 * m}
	if diff := cmp.Diff(want, got); diff != "" || lockFor(1<<40) != time.Hour {
		t.Error(diff)
	}
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		fail := func(want Why) {
			t.Helper()
			if a := b.verify1(t, "ann", "four horses read loudly", "000000"); a.Why != want {
				t.Fatalf("%+v, want %s", a, want)
			}
		}
		for range 5 {
			fail(WrongPassword)
		}
		fail(Locked)
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); a.Why != Locked {
			t.Errorf("the right ones while locked: %+v", a)
		}
		b.clock.Add(31 * time.Second)
		fail(WrongPassword) // the sixth: a minute
		b.clock.Add(31 * time.Second)
		fail(Locked)
		if got := get(t, b.Directory, who); got.LockedUntil.Before(b.clock.Now()) {
			t.Errorf("locked until %v", got.LockedUntil)
		}
		b.clock.Add(31 * time.Second)
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Fatalf("%+v", a)
		}
		if got := get(t, b.Directory, who); !got.LockedUntil.IsZero() {
			t.Errorf("locked until %v", got.LockedUntil)
		}
		for range 4 {
			fail(WrongPassword) // the count has begun anew
		}
		b.clock.Add(time.Minute)
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
	})
}

func TestAnAdministratorEndsALock(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		for range 6 {
			b.verify1(t, "ann", "four horses read loudly", "")
		}
		if err := b.Unlock(t.Context(), who); err != nil {
			t.Fatal(err)
		}
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
	})
}

func TestManyGuessesAtOnceGetNoMoreThanOneByOne(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		b.add(t, "ann")
		var mu sync.Mutex
		looked := 0
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				a, err := b.Verify(t.Context(), p("ann"), p("four horses read loudly"), p(""))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if a.Why == WrongPassword {
					looked++
				}
			})
		}
		all.Wait()
		if looked != freeAttempts {
			t.Errorf("%d of 20 guesses at once were looked at, want %d", looked, freeAttempts)
		}
	})
}

func TestANewPasswordReplacesTheOld(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		const next = "five otters sing upstairs"
		if err := b.SetPassword(t.Context(), who, p(next)); err != nil {
			t.Fatal(err)
		}
		if err := b.SetPassword(t.Context(), who, p("short")); err == nil {
			t.Error("a short password is taken")
		}
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); a.Why != WrongPassword {
			t.Errorf("%+v", a)
		}
		if a := b.verify1(t, "ann", next, b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
	})
}

func TestAPasswordIsTheSameOnEveryKeyboard(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		if err := b.SetPassword(t.Context(), who, p("dix élèves à Orléans")); err != nil {
			t.Fatal(err)
		}
		if a := b.verify1(t, "ann", "dix e\u0301le\u0300ves a\u0300 Orle\u0301ans", b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
	})
}

func TestAPasswordIsHashedAnewWhenTheCostHasGrown(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "ann")
		hash := func() string {
			r, _, err := b.one(t.Context(), selectStaff, string(who))
			if err != nil {
				t.Fatal(err)
			}
			return r.password
		}
		before := hash()
		b.verify1(t, "ann", goodPassword, b.code(t, e))
		if hash() != before {
			t.Error("hashed anew for nothing")
		}
		b.config.Cost.Passes = 2
		b.Directory = open(t, b.config)
		for range 2 {
			b.clock.Add(time.Minute)
			if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
				t.Fatalf("%+v", a)
			}
		}
		if hash() == before {
			t.Error("the old hash stays")
		}
	})
}

func TestAnUnknownLoginTakesAsMuchWork(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		b.config.Cost = Cost{16 << 10, 2, 1}
		b.Directory = open(t, b.config)
		b.add(t, "ann")
		// A hash fills memory that nothing else here comes near: work that is counted,
		// not timed.
		filled := func(login string) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.verify1(t, login, "four horses read loudly", "")
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		if _, params, err := argon2id.CheckHash("x", b.hasher.dummy); err != nil || *params != b.hasher.params {
			t.Errorf("an unknown login is compared at %+v, want %+v: %v", params, b.hasher.params, err)
		}
		const hash = 16 << 20
		for _, login := range []string{"ann", "eve"} {
			if n := filled(login); n < hash || n > hash*5/4 {
				t.Errorf("%s: %d bytes were filled, want one hash of %d", login, n, hash)
			}
		}
	})
}
