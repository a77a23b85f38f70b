package platform_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// worlds runs fn on a world with one person and a shop, on both engines.
func worlds(t *testing.T, fn func(w *world.World)) {
	for _, e := range world.Engines() {
		t.Run(string(e), func(t *testing.T) { fn(world.With(t, e, world.Options{People: 1, Shop: true})) })
	}
}

// edited is the pack with some of its words changed.
func edited(t *testing.T, pairs ...string) []byte {
	t.Helper()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(src, []byte(pairs[i])) {
			t.Fatalf("the pack no longer says %q", pairs[i])
		}
		src = bytes.Replace(src, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	if len(pairs) == 0 {
		return src
	}
	return append(src, "\nrevision: {reasons: [practice]}\n"...) // a text without a reason does not take the place of another
}

// serves puts a text in force by the next start of the server.
func serves(w *world.World, text []byte) {
	w.Helper()
	w.File("goscom-pro.yaml", text)
	w.Reopen()
}

const (
	pushOf  = "  push:\n    title: {en: Push messages, zh-CN: 消息推送}\n    basis: consent\n"
	surveys = "  polls:\n    title: {en: Polls, zh-CN: 投票}\n    basis: consent\n    opt_out: true\n    dpv: CommunicationManagement\n"
)

// An officer takes a text back: the earlier one comes into force again, and all that
// people see follows it.
func TestAnEarlierTextCanBePutInForceAgain(t *testing.T) {
	worlds(t, func(w *world.World) {
		ctx, lin := t.Context(), w.People[0]
		a, b := edited(t), edited(t, "title: GOSCOM Pro\n", "title: GOSCOM Next\n", pushOf, surveys+pushOf)
		first := w.P.Version()
		w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
		w.Allowed(lin, "push", "account.email")
		accepted := func() string {
			p, err := w.P.Profile(ctx, lin.ID)
			w.Must(err)
			return p.Accepted
		}

		serves(w, b)
		if _, err := w.P.Policy().Purpose("polls"); err != nil || w.P.Policy().Title().In("en") != "GOSCOM Next" {
			t.Fatalf("the second text is not in force: %v", err)
		}
		w.Allowed(lin, "push", "account.email")
		if accepted() != first.Policy.Version() {
			t.Error("a new version was accepted by nobody")
		}

		serves(w, a)
		serves(w, a) // and starts again with it
		now := w.P.Version()
		if now.Num == first.Num || now.Policy.Version() != first.Policy.Version() || !now.Since.After(first.Since) {
			t.Errorf("in force: %d since %v, hash %s; the first was %d since %v, hash %s",
				now.Num, now.Since, now.Policy.Version(), first.Num, first.Since, first.Policy.Version())
		}
		if accepted() != now.Policy.Version() {
			t.Error("what the person accepted is in force again, and is taken for another text")
		}
		w.Allowed(lin, "push", "account.email") // the consent that was given under it stands
		if _, err := w.P.Policy().Purpose("polls"); err == nil {
			t.Error("a purpose of the text that was taken back is still there")
		}
		board, err := w.P.Promises(ctx)
		w.Must(err)
		if board.Version != now.Policy.Version() {
			t.Errorf("the board is of %s", board.Version)
		}

		var e platform.Editions
		list, err := e.Of(ctx, w.P)
		w.Must(err)
		if len(list) != 3 || list[0].Num != now.Num || list[2].Num != first.Num || list[0].First || !list[2].First {
			t.Fatalf("editions: %+v", list)
		}
		if there := list[1].Since; there.Weight != policy.Major || !slices.Equal(there.Follows.Channels, []string{"popup"}) {
			t.Errorf("there: %s, and then %+v", there.Weight, there.Follows)
		}
		if back := list[0].Since; back.From != list[1].Version || back.To != list[2].Version || len(back.Changes) == 0 {
			t.Errorf("back: %+v", back)
		}
		w.Check()
	})
}

// A text under which the server cannot serve never comes into force, and taking it
// back is all that it needs.
func TestATextThatCannotBeServedIsNotPublished(t *testing.T) {
	worlds(t, func(w *world.World) {
		a := edited(t)
		before := w.P.Version()
		maps, err := filepath.Glob(filepath.Join(w.Dir, "shop.yaml"))
		w.Must(err)
		if len(maps) == 0 {
			all, _ := os.ReadDir(w.Dir)
			t.Fatalf("no data map among %v", all)
		}
		good, err := os.ReadFile(maps[0])
		w.Must(err)
		w.Close()
		w.File("goscom-pro.yaml", edited(t, "title: GOSCOM Pro\n", "title: GOSCOM Next\n"))
		w.Must(os.WriteFile(maps[0], bytes.ReplaceAll(good, []byte("account.email"), []byte("account.pigeon")), 0o600))
		for range 2 {
			if s, err := avow.Open(context.Background(), w.Config("avow.yaml"), avow.Options{Clock: w.Clock.Now}); err == nil {
				s.Close()
				t.Fatal("opened with a data map of an item that the policy has not")
			}
		}
		w.Must(os.WriteFile(maps[0], good, 0o600))
		w.File("goscom-pro.yaml", a)
		w.Clock.Add(time.Second)
		w.Open()
		past, err := w.P.Versions(t.Context())
		w.Must(err)
		if len(past) != 1 || w.P.Version().Num != before.Num {
			t.Errorf("in force is %d, the history is %+v", w.P.Version().Num, past)
		}
	})
}

// The list of versions is cut short, and its oldest is not taken for the first.
func TestOnlyTheFirstVersionIsCalledTheFirst(t *testing.T) {
	w := world.With(t, world.Engines()[0], world.Options{})
	a, b := edited(t), edited(t, "title: GOSCOM Pro\n", "title: GOSCOM Next\n")
	for i := range 31 {
		serves(w, [][]byte{b, a}[i%2])
	}
	var e platform.Editions
	list, err := e.Of(t.Context(), w.P)
	w.Must(err)
	if len(list) != 30 || slices.ContainsFunc(list, func(x platform.Edition) bool { return x.First || x.Mute || len(x.Since.Changes) == 0 }) {
		t.Errorf("%d editions, the oldest %+v", len(list), list[len(list)-1])
	}
}

// An erasure whose end could not be written is ended by the regular sweep, on a server
// that stays up.
func TestTheSweepEndsWhatWasGivenUp(t *testing.T) {
	worlds(t, func(w *world.World) {
		lin := w.People[0]
		hinder, free := `CREATE TRIGGER stays BEFORE DELETE ON vault_erasure BEGIN SELECT RAISE(ABORT, 'it stays'); END`, `DROP TRIGGER stays`
		if w.Engine == db.Postgres {
			hinder = `CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE check_violation; END $$;
				CREATE TRIGGER stays BEFORE DELETE ON vault_erasure FOR EACH ROW EXECUTE FUNCTION stays()`
			free = `DROP TRIGGER stays ON vault_erasure`
		}
		w.SQL(db.Data, hinder)
		_, err := w.P.Erase(t.Context(), lin.ID, avow.Erasure{Class: "account"})
		w.Must(err)
		if err := w.P.Settle(t.Context()); err == nil {
			t.Fatal("it was ended all the same")
		}
		w.Must(w.P.Tidy(t.Context())) // it cannot yet, and the server goes on
		w.SQL(db.Data, free)
		if n := w.Counts()[audit.ClassErased]; n != 0 {
			t.Errorf("%d entries of the end too early", n)
		}
		w.Must(w.P.Tidy(t.Context()))
		if n := w.Counts()[audit.ClassErased]; n != 1 {
			t.Errorf("%d entries of the end, want 1", n)
		}
		w.Must(w.P.Settle(t.Context()))
	})
}
