package platform_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func TestMain(m *testing.M) { os.Exit(world.Main(m)) }

const (
	story  = "Why does the app read my contacts, the tall blue heron asked"
	remedy = "It does not: the permission was taken out in spring, says the grey otter"
)

// eachEngine runs fn with a platform of its own on each engine.
func eachEngine(t *testing.T, fn func(b *centreBed)) {
	t.Helper()
	for _, engine := range world.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			b := &centreBed{T: t, clock: dbtest.NewClock()}
			dir, config := t.TempDir(), ""
			if engine == db.Postgres {
				config = fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", world.Database(t, "AVOW_TEST_POSTGRES"), world.Database(t, "AVOW_TEST_POSTGRES_KEYS"))
			}
			src, err := policies.Files.ReadFile("goscom-pro.yaml")
			b.must(err)
			b.must(errors.Join(
				os.WriteFile(filepath.Join(dir, "policy.yaml"), src, 0o600),
				os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte(config+"platforms: [{id: goscom-pro, policy: policy.yaml}]\n"), 0o600),
			))
			c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
			b.must(err)
			s, err := avow.Open(context.Background(), c, avow.Options{Clock: b.clock.Now, Logger: slog.New(slog.DiscardHandler)})
			b.must(err)
			t.Cleanup(func() { b.must(s.Close()) })
			b.Platform, err = s.Platform("")
			b.must(err)
			fn(b)
		})
	}
}

// by is somebody of the staff, under a name of their own.
func (b *centreBed) by(role, name string) gate.Actor {
	b.Helper()
	r, err := b.Policy().Role(role)
	b.must(err)
	return gate.Actor{Role: r.No, ID: "stf_" + name}
}

func person(sub subject.ID) gate.Actor { return gate.Actor{Role: policy.Self, ID: string(sub)} }

// opened is a case of somebody; "" is nobody who is known.
func (b *centreBed) opened(sub subject.ID) contact.ID {
	b.Helper()
	c, err := b.OpenCase(b.Context(), sub, contact.Asked{
		Kind: contact.Question, Topic: contact.OfPolicy, Channel: contact.Channels(b.Policy())[0],
		Text: avow.NewPersonal(story), Contact: avow.NewPersonal("heron@example.org"),
	}, person(sub))
	b.must(err)
	return c.ID
}

func (b *centreBed) answer(id contact.ID) {
	b.Helper()
	_, err := b.ReplyCase(b.Context(), id, avow.NewPersonal(remedy), b.by("support", "sun"))
	b.must(err)
}

// read is a case as staff see it.
func (b *centreBed) read(id contact.ID) platform.CaseFull {
	b.Helper()
	f, err := b.CaseFile(b.Context(), id, b.by("support", "sun"))
	b.must(err)
	return f.Cases[0]
}

func (b *centreBed) swept(want int) {
	b.Helper()
	if n, err := b.SweepCases(b.Context()); err != nil || n != want {
		b.Fatalf("a sweep destroyed %d keys, want %d: %v", n, want, err)
	}
}

// entries are those of a kind.
func (b *centreBed) entries(kind audit.Kind) []audit.Record {
	b.Helper()
	list, err := b.Entries(b.Context(), audit.Filter{Kind: kind, Limit: 50})
	b.must(err)
	return list
}

func TestAnAnswerThatNobodyRepliesToEndsItsCaseAfterThirtyDays(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		id, waiting := b.opened(""), b.opened("")
		b.clock.Add(time.Hour)
		b.answer(id)
		b.clock.Add(contact.Patience - time.Minute)
		b.swept(0)
		if c := b.read(id); c.State != contact.Answered {
			b.Fatalf("a minute before thirty days are over it is %s", c.State)
		}
		b.clock.Add(2 * time.Minute)
		b.swept(0)
		if c := b.read(id); c.State != contact.Closed || c.Outcome != contact.NoWord || c.Late || c.Events[0].Text != story {
			b.Errorf("after thirty days it is %s, %s, late %v", c.State, c.Outcome, c.Late)
		}
		if c := b.read(waiting); c.State != contact.Open || !c.Overdue {
			b.Errorf("who was never answered is %s", c.State)
		}
		if list := b.entries(audit.CaseClosed); len(list) != 1 || list[0].Public.Text(audit.TagOutcome) != contact.NoWord {
			b.Errorf("the log has %d ends", len(list))
		}
		b.swept(0)
		if list := b.entries(audit.CaseClosed); len(list) != 1 {
			b.Errorf("a second sweep closed it again: %d ends", len(list))
		}
	})
}

func TestWhatSomebodyUnknownWroteEndsWhenItsTimeIsOver(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		id := b.opened("")
		b.answer(id)
		_, err := b.CloseCase(b.Context(), id, contact.Solved, b.by("support", "sun"))
		b.must(err)
		ends := contact.Ends(b.Policy(), *b.read(id).Closed)
		b.clock.Add(ends.Sub(b.clock.Now()) - time.Hour)
		b.swept(0)
		if c := b.read(id); c.Events[0].Text != story || c.Events[1].Text != remedy || c.Events[0].Gone {
			b.Fatalf("an hour before its end it is not there: %+v", c.Events)
		}
		b.clock.Add(2 * time.Hour)
		b.swept(1)
		c := b.read(id)
		for _, e := range c.Events {
			if e.Text != "" || e.Contact != "" || !e.Gone {
				b.Errorf("%s still says something", e.Kind)
			}
		}
		if c.Kind != contact.Question || c.Outcome != contact.Solved || len(b.entries(audit.CaseKeyEnded)) != 1 {
			b.Errorf("what is left of the case is %+v", c.CaseSummary)
		}
		b.swept(0)
	})
}

func TestACaseOfSomebodyKnownIsEndedWithTheirRecord(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		lin := b.register(address, "Lin", true)
		id := b.opened(lin)
		b.answer(id)
		b.carry(lin, policy.Erasure, plan.Scope{})
		for _, e := range b.read(id).Events {
			if e.Text != "" || e.Contact != "" || !e.Gone {
				b.Errorf("%s outlives the erasure", e.Kind)
			}
		}
		_, err := b.OpenCase(b.Context(), lin, contact.Asked{
			Kind: contact.Question, Topic: contact.OfData, Channel: contact.Channels(b.Policy())[0], Text: avow.NewPersonal(story),
		}, person(lin))
		if fault.Of(err) != fault.Conflict {
			b.Errorf("a new case binds itself to a record that is gone: %v", err)
		}
	})
}

// carry takes a request to its end, as two of the staff do.
func (b *centreBed) carry(sub subject.ID, right policy.RightKind, scope plan.Scope) rights.ID {
	b.Helper()
	ctx, on := b.Context(), b.Requests()
	id, err := b.Ask(ctx, sub, platform.Asking{Right: right, Scope: scope, Method: "login"})
	b.must(err)
	support, officer := b.by("support", "sun"), b.by("privacy-officer", "ott")
	_, err = on.Survey(ctx, id, support)
	b.must(err)
	p, err := on.Plan(ctx, id, support)
	b.must(err)
	b.must(on.Approve(ctx, id, p.Hash, officer))
	b.must(on.Run(ctx, id, support))
	b.must(b.WorkUntil(ctx, id, func(int, int) {}))
	return id
}

func TestThePackageOfEverythingHoldsTheCasesOfItsPersonAlone(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		lin, mei := b.register(address, "Lin", true), b.register("mei@example.cn", "Mei", true)
		id := b.opened(lin)
		b.answer(id)
		_, err := b.EscalateCase(b.Context(), id, avow.NewPersonal("the otter is wrong about that"), person(lin))
		b.must(err)
		b.opened("") // from nobody who is known
		for who, want := range map[subject.ID]int{lin: 1, mei: 0} {
			q := b.carry(who, policy.Access, plan.Scope{})
			var out bytes.Buffer
			b.must(b.Requests().Deliver(b.Context(), q, person(who), &out))
			for name, content := range unzip(b, out.Bytes()) {
				if name == "README.txt" {
					continue
				}
				for _, text := range []string{story, remedy, "the otter is wrong", string(id), "heron@example.org"} {
					if got := min(strings.Count(content, text), 1); got != want {
						b.Errorf("%s of the package of %s has %q %d times, want %d", name, who, text, got, want)
					}
				}
			}
		}
	})
}

func unzip(b *centreBed, zipped []byte) map[string]string {
	b.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	b.must(err)
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		b.must(err)
		content, err := io.ReadAll(r)
		b.must(err)
		out[f.Name] = string(content)
	}
	return out
}

// An erasure that somebody asks for by themselves takes with it what a request has laid
// ready, and leaves alone what others have.
func TestAnErasureByThePersonTakesTheirPackage(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		lin, mei := b.register(address, "Lin", true), b.register("mei@example.cn", "Mei", true)
		q, other := b.carry(lin, policy.Access, plan.Scope{}), b.carry(mei, policy.Access, plan.Scope{})
		_, err := b.Erase(b.Context(), lin, avow.Erasure{Everything: true, By: platform.Self(lin)})
		b.must(err)
		if err := b.Requests().Deliver(b.Context(), q, person(lin), io.Discard); err == nil {
			b.Error("the package outlives the erasure")
		}
		if v, err := b.Requests().Show(b.Context(), q); err != nil || v.KeyEnded == nil {
			b.Errorf("the key of the package lives on: %v, %v", v.State, err)
		}
		b.must(b.Requests().Deliver(b.Context(), other, person(mei), io.Discard))
	})
}

// A correction by the person reaches what a request has laid ready for them: it is packed
// anew before it is handed out, and what others have stays as it is.
func TestACorrectionByThePersonReachesTheirPackage(t *testing.T) {
	eachEngine(t, func(b *centreBed) {
		lin, mei := b.register(address, "Lin", true), b.register("mei@example.cn", "Mei", true)
		q, other := b.carry(lin, policy.Access, plan.Scope{}), b.carry(mei, policy.Access, plan.Scope{})
		b.must(b.Correct(b.Context(), lin, "account.nickname", avow.NewPersonal("Lin Wei"), platform.Self(lin)))
		if err := b.Requests().Deliver(b.Context(), q, person(lin), io.Discard); err == nil {
			b.Error("the package with the old value is handed out")
		}
		b.must(b.Requests().Deliver(b.Context(), other, person(mei), io.Discard))
	})
}
