package session_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/session"
)

func each(t *testing.T, fn func(*testing.T, *session.Store, *dbtest.Clock)) {
	dbtest.EachConfig(t, db.Server, func(t *testing.T, c db.Config) {
		clock := dbtest.NewClock()
		c.Clock = clock.Now
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		s, err := session.New(d)
		if err != nil {
			t.Fatal(err)
		}
		fn(t, s, clock)
	})
}

func begin(t *testing.T, s *session.Store, owner string) session.Token {
	t.Helper()
	token, _, err := s.Begin(t.Context(), []byte(owner), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func good(t *testing.T, s *session.Store, token session.Token, owner string) bool {
	t.Helper()
	ok, err := s.Good(t.Context(), token, []byte(owner))
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestASignInIsGoodForItsOwnerUntilItsEnd(t *testing.T) {
	each(t, func(t *testing.T, s *session.Store, clock *dbtest.Clock) {
		a := begin(t, s, "ann")
		if !good(t, s, a, "ann") {
			t.Error("a fresh sign-in is not good")
		}
		if good(t, s, a, "bob") {
			t.Error("it is good for somebody else")
		}
		if good(t, s, session.Token{1}, "ann") {
			t.Error("a made-up one is good")
		}
		clock.Add(time.Hour + time.Second)
		if good(t, s, a, "ann") {
			t.Error("it is good after its end")
		}
	})
}

func TestASignInEndsAloneOrWithItsOwnersOthers(t *testing.T) {
	each(t, func(t *testing.T, s *session.Store, _ *dbtest.Clock) {
		a, b, c, other := begin(t, s, "ann"), begin(t, s, "ann"), begin(t, s, "ann"), begin(t, s, "bob")
		for range 2 {
			if err := s.End(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		if good(t, s, a, "ann") || !good(t, s, b, "ann") {
			t.Error("ending one ends another, or not itself")
		}
		if err := s.EndAll(t.Context(), []byte("ann")); err != nil {
			t.Fatal(err)
		}
		if good(t, s, b, "ann") || good(t, s, c, "ann") || !good(t, s, other, "bob") {
			t.Error("ending all of one owner ends too little or too much")
		}
	})
}
