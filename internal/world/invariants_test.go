package world_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// refuseEntries makes the data store refuse every new log entry.
func refuseEntries(w *world.World) {
	w.Helper()
	if w.Engine == db.SQLite {
		w.SQL(db.Data, "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no room'); END")
		return
	}
	w.SQL(db.Data, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
		CREATE TRIGGER full_up BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse()`)
}

func takeEntries(w *world.World) {
	w.Helper()
	if w.Engine == db.SQLite {
		w.SQL(db.Data, "DROP TRIGGER full")
		return
	}
	w.SQL(db.Data, "DROP TRIGGER full_up ON audit_entry; DROP FUNCTION refuse()")
}

// I-3: what cannot be logged is not answered, by any verb, and leaves nothing.
func TestI3NothingLeavesWithoutItsEntry(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		secret := world.Token()
		w.Collect(lin, "app", policy.Given{Item: "account.password", Value: secret, Voluntary: true})
		w.Allowed(lin, "orders", "account.email") // facts are cached
		refuseEntries(w)
		answer, err := w.P.Use(ctx, world.Ask(lin.ID, "orders", "account.email"))
		if err == nil || answer != nil {
			w.Error("a use was answered without its entry")
		}
		if answer, err = w.P.Use(ctx, world.Ask(lin.ID, "push", "account.email")); err == nil || answer != nil {
			w.Error("a denial was answered without its entry")
		}
		many, err := w.P.UseMany(ctx, []subject.ID{lin.ID, w.People[1].ID}, world.Ask("", "orders", "account.email"))
		if err == nil || many != nil {
			w.Error("a batch was answered without its entries")
		}
		if ok, _, err := w.P.VerifySecret(ctx, world.Ask(lin.ID, "account", "account.password"), avow.NewPersonal(secret)); err == nil || ok {
			w.Error("a secret was confirmed without its entry")
		}
		if _, err := w.P.Collect(ctx, lin.ID, "web", []policy.Given{{Item: "order.history", Value: "x", Voluntary: true}}, avow.Actor{}); err == nil {
			w.Error("a value was stored without its entry")
		}
		if _, err := w.P.Erase(ctx, lin.ID, avow.Erasure{Everything: true}); err == nil {
			w.Error("an erasure was acknowledged without its entry")
		}
		takeEntries(w)
		w.Reopen() // after a failed commit a store may stop, as after any failed disk
		if got := w.Allowed(lin, "orders", "account.email"); !slices.Equal(got, []string{lin.Email()}) {
			w.Error("what could not be logged was done")
		}
	})
}

// I-3: the answer waits for its entry to be durable.
func TestI3TheAnswerWaitsForItsEntry(t *testing.T) {
	t.Parallel()
	w := world.With(t, db.Postgres, two())
	lin := w.People[0]
	w.Allowed(lin, "orders", "account.email")
	release := w.LockTable("audit_entry")
	answered := make(chan error, 1)
	go func() {
		_, err := w.Try(w.P, world.Ask(lin.ID, "orders", "account.email"))
		answered <- err
	}()
	w.WaitForLock()
	select {
	case err := <-answered:
		t.Fatalf("the use was answered while its entry could not be written: %v", err)
	default:
	}
	release()
	w.Must(<-answered)
	w.Check()
}

// I-4: a denial is a value with all its reasons, each with its code and place,
// and an entry with the same codes.
func TestI4ADenialIsAValueWithAllItsReasons(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		w.Must(w.P.Restrict(ctx, lin.ID, true, self()))
		u := avow.Use{Subject: lin.ID, Purpose: "push", Items: []string{"account.email", "account.phone"}, Recipient: "bugly", By: avow.Actor{Role: "engineer"}}
		answer := w.Use(u)
		got := map[string]bool{}
		for _, r := range answer.Decision.Reasons {
			got[string(r.Code)] = true
			if r.Text == "" || !strings.HasPrefix(r.Pos.String(), "goscom-pro.yaml:") {
				w.Errorf("%s has no words or no place: %q, %s", r.Code, r.Text, r.Pos)
			}
		}
		want := []string{"item.purpose", "consent.missing", "restricted", "role.purpose", "recipient.purpose", "recipient.item", "recipient.agreement"}
		for _, code := range want {
			if !got[code] {
				w.Errorf("the reasons lack %s: %v", code, got)
			}
		}
		entries, err := w.P.Entries(ctx, audit.Filter{Kind: audit.Denied, Limit: 10})
		w.Must(err)
		if len(entries) != 1 {
			w.Fatalf("%d entries of one denial", len(entries))
		}
		for _, f := range entries[0].Public.All(audit.TagReason) {
			delete(got, f.Text())
		}
		if len(got) > 0 {
			w.Errorf("the entry lacks the reasons %v", got)
		}
	})
}

// I-5: business time is the act's: it is what the clock of the world shows, it
// only goes forward, and nothing is stamped with the machine's.
func TestI5BusinessTimeBelongsToTheAct(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		w.Clock.Add(100 * 24 * time.Hour)
		w.Allowed(lin, "orders", "account.email")
		w.Clock.Add(-50 * 24 * time.Hour) // a clock that goes back does not take business time along
		w.Allowed(lin, "orders", "account.email")
		w.Clock.Add(50 * 24 * time.Hour)
		entries, err := w.P.Entries(ctx, audit.Filter{Limit: 1000})
		w.Must(err)
		last := time.Time{}
		begin, end := dbtest.Start(), w.Clock.Now().Add(time.Minute)
		slices.SortFunc(entries, func(a, b audit.Record) int { return int(a.Seq - b.Seq) })
		for _, e := range entries {
			if e.At.Before(begin) || e.At.After(end) || e.At.Location() != time.UTC || e.At.Nanosecond()%1000 != 0 {
				w.Errorf("%s bears %s, outside the world's time", e.Kind, e.At)
			}
			if e.Kind == audit.Used && !e.At.After(last) {
				w.Errorf("a use bears %s, and one before it %s", e.At, last)
			}
			if e.Kind == audit.Used {
				last = e.At
			}
		}
		if last.Before(begin.Add(99 * 24 * time.Hour)) {
			w.Errorf("the last use bears %s: the clock was moved on before it", last)
		}
	})
}

// I-6: a personal value prints as [personal], however it is printed.
func TestI6APersonalValueIsNeverPrinted(t *testing.T) {
	const value = "lin.canary@example.org"
	p := avow.NewPersonal(value)
	type holder struct {
		Value avow.Personal
		Ref   *avow.Personal
	}
	h := holder{p, &p}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s", "%U", "%e"} {
		fmt.Fprintf(&b, verb+" ", p)
		fmt.Fprintf(&b, verb+" ", &p)
		fmt.Fprintf(&b, verb+" ", h)
		fmt.Fprintf(&b, verb+"\n", []avow.Personal{p})
	}
	fmt.Fprintln(&b, p, h, map[string]avow.Personal{"k": p}, fmt.Errorf("wrapped: %v", p), errors.New(p.String()))
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(handler).Info("m", "p", p, "h", h, slog.Any("list", []avow.Personal{p}), slog.Group("g", "p", &p))
	}
	for _, v := range []any{p, h, map[string]any{"v": p}, []*avow.Personal{&p}} {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(j)
	}
	text, err := p.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	b.Write(text)
	out := b.String()
	for _, leak := range []string{value, "lin.canary", fmt.Sprintf("%x", value), strings.ToUpper(fmt.Sprintf("%x", value)), "108 105 110"} {
		if strings.Contains(out, leak) {
			t.Errorf("a personal value was printed: %s", out)
		}
	}
	if !strings.Contains(out, "[personal]") || p.Reveal() != value {
		t.Error("[personal] stands nowhere, or the value is lost")
	}
}

// I-6: a slip of the programmer's does not print it either. fmt asks no method
// of a value whose verb is wrong, so the value itself has to be out of its reach.
func TestI6AWrongVerbPrintsNoPersonalValue(t *testing.T) {
	const value = "lin.canary@example.org"
	p, verb, broken := avow.NewPersonal(value), "%w", strings.Join([]string{"%", "!"}, "")
	for _, text := range []string{fmt.Sprintf("%p", any(p)), fmt.Sprintf(verb, p), fmt.Errorf("read: "+verb, p).Error(), fmt.Sprintf(broken, p)} {
		if strings.Contains(text, value) {
			t.Errorf("a personal value was printed: %s", text)
		}
	}
}

// I-6: no error repeats what it is about. The canary searches them all.
func TestI6NoErrorRepeatsAValue(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin, ann := context.Background(), w.People[0], w.People[1]
		token := world.Token()
		w.Mark(token)
		_, err := w.P.Collect(ctx, lin.ID, "web", []policy.Given{{Item: "account.email", Value: lin.Email()}}, avow.Actor{})
		w.Kind(err)
		w.Kind(w.P.Correct(ctx, lin.ID, "account.email", avow.NewPersonal(token), self()))
		_, err = w.P.Find(ctx, "phone", avow.NewPersonal(token))
		w.Kind(err)
		w.Kind(w.P.Suppress(ctx, "phone", avow.NewPersonal(token), subject.Import, "x"))
		_, err = w.P.Requests().Receive(ctx, world.Asked(policy.Access, token), w.Support())
		w.Kind(err)
		asked := world.Asked(policy.Access, lin.Email())
		asked.Identifiers = append(asked.Identifiers, world.Asked(policy.Access, ann.Email()).Identifiers...)
		_, err = w.P.Requests().Receive(ctx, asked, w.Support())
		if w.Kind(err) != fault.Conflict {
			w.Errorf("identifiers of two people: %v", err)
		}
		refusals, err := w.P.Collect(ctx, lin.ID, "app", []policy.Given{{Item: "device.imei", Value: token, Voluntary: true}}, avow.Actor{})
		w.Must(err)
		if len(refusals) == 0 {
			w.Error("what is no IMEI was taken for one")
		}
		w.Refused(1)
		w.Say(fmt.Sprint(refusals))
	})
}

// I-7: keys and data in one cluster are refused without somebody's word for it.
func TestI7KeysLiveApartFromTheData(t *testing.T) {
	t.Parallel()
	w := world.With(t, db.Postgres, two())
	w.Close()
	same := world.Database(t, "AVOW_TEST_POSTGRES")
	other := world.Database(t, "AVOW_TEST_POSTGRES")
	config := "postgresql: {data: %q, keys: %q}\ndata: a\nkeys: b\njournal: c\nplatforms: [{id: goscom-pro, policy: goscom-pro.yaml}]\n"
	w.File("same.yaml", fmt.Appendf(nil, config, same, other))
	s, err := avow.Open(t.Context(), w.Config("same.yaml"), avow.Options{})
	if err == nil {
		s.Close()
		t.Fatal("keys and data live in one cluster, and nobody answers for it")
	}
	if !strings.Contains(err.Error(), "cluster") {
		t.Errorf("refused with %v, want a word about the cluster", err)
	}
	w.Open()
}

// I-8: a key, an id or a file of one platform means nothing on another.
func TestI8OnePlatformCannotSeeAnother(t *testing.T) {
	o := two()
	o.Sister = true
	world.Each(t, o, func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		sister, err := w.Server.Platform(world.Sister)
		w.Must(err)
		if ids, err := sister.Find(ctx, "email", avow.NewPersonal(lin.Email())); err != nil || len(ids) > 0 {
			w.Errorf("the sister finds %d people of the other platform: %v", len(ids), err)
		}
		for what, err := range map[string]error{
			"profile": second(sister.Profile(ctx, lin.ID)), "use": second(sister.Use(ctx, world.Ask(lin.ID, "orders", "account.email"))),
			"history": second(sister.History(ctx, lin.ID, 10)), "erase": second(sister.Erase(ctx, lin.ID, avow.Erasure{Everything: true})),
			"collect": second(sister.Collect(ctx, lin.ID, "web", []policy.Given{{Item: "order.history", Value: "x"}}, avow.Actor{})),
		} {
			if fault.Of(err) != fault.NotFound {
				w.Errorf("%s of the other platform's subject: %v, want not found", what, err)
			}
		}
		id, _ := w.Approved(world.Asked(policy.Access, lin.Email()))
		if _, err := sister.Requests().Show(ctx, id); fault.Of(err) != fault.NotFound {
			w.Errorf("the other platform's request: %v, want not found", err)
		}
		// The same address on both is two people, whose values and keys are apart.
		mine, refusals, err := sister.Register(ctx, avow.Registration{
			Accepted: true, Adult: true, Point: "registration", Given: []policy.Given{{Item: "account.email", Value: lin.Email(), Voluntary: true}},
		})
		w.Must(err)
		if len(refusals) > 0 || mine == lin.ID {
			w.Fatal("the address of the other platform is not free on this one")
		}
		_, err = sister.Erase(ctx, mine, avow.Erasure{Everything: true})
		w.Must(err)
		if got := w.Allowed(lin, "orders", "account.email"); !slices.Equal(got, []string{lin.Email()}) {
			w.Error("an erasure on one platform reached another")
		}
		if w.P.Log().Key() == sister.Log().Key() {
			w.Error("two platforms sign with one key")
		}
		w.SwapStores()
	})
}

func second[T any](_ T, err error) error { return err }

// I-9: every change behind the log's back is found.
func TestI9TheLogNeverLies(t *testing.T) {
	type change struct{ what, table, sql string }
	changes := []change{
		{"an entry was changed", "audit_entry", "UPDATE audit_entry SET public = $blob WHERE kind = 33"},
		{"another kind", "audit_entry", "UPDATE audit_entry SET kind = 34 WHERE kind = 33"},
		{"a sealed part", "audit_entry", "UPDATE audit_entry SET sealed = $blob WHERE kind = 33"},
		{"an entry was dropped", "audit_entry", "DELETE FROM audit_entry WHERE kind = 33"},
		{"an entry moved to somebody else", "audit_entry", "UPDATE audit_entry SET subject = subject + 1 WHERE kind = 33"},
		{"a tile", "audit_tile", "UPDATE audit_tile SET hashes = $blob"},
		{"a day's counter", "audit_count", "UPDATE audit_count SET n = n + 1"},
		{"a checkpoint", "audit_checkpoint", "UPDATE audit_checkpoint SET size = size - 1"},
		{"a subject's state", "subject", "UPDATE subject SET state = 'closed'"},
		{"a restriction", "subject", "UPDATE subject SET restricted = 1"},
		{"a subject was dropped", "subject", "DELETE FROM subject"},
		{"a consent was turned", "consent_record", "UPDATE consent_record SET given = 1"},
		{"a consent was dropped", "consent_record", "DELETE FROM consent_record"},
		{"a disclosure was added", "disclosure", "INSERT INTO disclosure (subject, id, recipient, purpose, items, scenario, at, entry) SELECT num, 9, 1, 1, $blob, '', 1, 1 FROM subject"},
	}
	blob := map[db.Engine]string{db.SQLite: "X'0102'", db.Postgres: `'\x0102'::bytea`}
	world.Each(t, world.Options{People: 1}, func(w *world.World) {
		lin := w.People[0]
		w.Allowed(lin, "orders", "account.email")
		w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
		w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push"})
		noticed := func() (bool, string) {
			v, err := w.P.VerifyLog(context.Background(), audit.Verify{Open: true}, true)
			return err != nil || len(v.Wrong)+len(v.Differs) > 0, fmt.Sprint(err, v.Wrong, v.Differs)
		}
		if yes, what := noticed(); yes {
			w.Fatalf("before anything was changed: %s", what)
		}
		for _, c := range changes {
			w.SQL(db.Data, "CREATE TABLE before AS SELECT * FROM "+c.table+"; "+strings.ReplaceAll(c.sql, "$blob", blob[w.Engine]))
			if yes, _ := noticed(); !yes {
				w.Errorf("nobody noticed: %s", c.what)
			}
			w.SQL(db.Data, "DELETE FROM "+c.table+"; INSERT INTO "+c.table+" SELECT * FROM before; DROP TABLE before")
		}
	})
}

// I-10: a ledger moved from one engine to the other verifies to the same root,
// and everything else works on.
func TestI10ALedgerMovesFromOneEngineToTheOther(t *testing.T) {
	t.Parallel()
	w := world.With(t, db.SQLite, two())
	lin := w.People[0]
	w.Allowed(lin, "orders", "account.email")
	w.Erase(w.People[1], avow.Erasure{Everything: true, By: self()})
	v, err := w.P.VerifyLog(t.Context(), audit.Verify{}, true)
	w.Must(err)
	c, err := w.P.Log().Checkpoint(t.Context())
	w.Must(err)
	archives := w.Backup("moved")
	w.Close()
	config := fmt.Sprintf("postgresql: {data: %q, keys: %q}\ndata: moved-data\nplatforms: [{id: goscom-pro, policy: goscom-pro.yaml}]\n",
		world.Database(t, "AVOW_TEST_POSTGRES"), world.Database(t, "AVOW_TEST_POSTGRES_KEYS"))
	w.File("moved.yaml", []byte(config))
	w.Must(os.MkdirAll(filepath.Join(w.Dir, "moved-data"), 0o700))
	w.Clock.Add(time.Hour)
	options := avow.Options{Clock: w.Clock.Now}
	_, err = avow.Restore(t.Context(), w.Config("moved.yaml"), avow.Restoring{Platform: world.ID, Archives: archives}, options, func(int64, int64) {})
	w.Must(err)
	s, err := avow.Open(t.Context(), w.Config("moved.yaml"), options)
	w.Must(err)
	defer s.Close()
	p, err := s.Platform(world.ID)
	w.Must(err)
	moved, err := p.VerifyLog(t.Context(), audit.Verify{Trusted: [][]byte{c.Note}, Open: true}, true)
	w.Must(err)
	if len(moved.Wrong)+len(moved.Differs) > 0 || moved.Size < v.Size {
		t.Errorf("the moved ledger: %d entries, %v %v", moved.Size, moved.Wrong, moved.Differs)
	}
	newest, err := p.Log().Checkpoint(t.Context())
	w.Must(err)
	proof, err := p.Log().Consistency(t.Context(), c.Size, newest.Size)
	w.Must(err)
	if err := audit.VerifyConsistency(c.Note, newest.Note, proof, p.Log().Key()); err != nil {
		t.Errorf("the moved ledger does not begin with the old one: %v", err)
	}
	answer, err := p.Use(t.Context(), world.Ask(lin.ID, "orders", "account.email"))
	w.Must(err)
	if !answer.Decision.Allowed || len(answer.Values) != 1 || answer.Values[0].Text.Reveal() != lin.Email() {
		t.Error("a value cannot be used on the other engine")
	}
}

// I-11: once a withdrawal is acknowledged, no node grants what it forbids,
// whatever the node has cached.
func TestI11AWithdrawalHoldsOnEveryNode(t *testing.T) {
	t.Parallel()
	w := world.With(t, db.Postgres, two())
	lin, there := w.People[0], w.Node("one")
	for what, stop := range map[string]func(on bool){
		"withdrawal": func(on bool) {
			w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: !on, Explicit: true})
		},
		"restriction": func(on bool) { w.Must(w.P.Restrict(t.Context(), lin.ID, on, self())) },
		"objection": func(on bool) {
			w.Choose(lin, avow.Choice{Kind: consent.Objection, Purpose: "push", Given: on})
		},
	} {
		w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
		a, err := w.Try(there, world.Ask(lin.ID, "push", "account.email"))
		w.Must(err)
		if !a.Decision.Allowed {
			t.Fatalf("%s: before it the use is denied: %v", what, a.Decision.Reasons)
		}
		stop(true)
		if a, err = w.Try(there, world.Ask(lin.ID, "push", "account.email")); err == nil && a.Decision.Allowed {
			t.Errorf("%s: the other node still grants", what)
		}
		stop(false)
	}
	w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
	_, err := w.Try(there, world.Ask(lin.ID, "push", "account.email"))
	w.Must(err)
	w.Erase(lin, avow.Erasure{Everything: true, By: self()})
	if a, err := w.Try(there, world.Ask(lin.ID, "push", "account.email")); err == nil && (a.Decision.Allowed || len(a.Values) > 0) {
		t.Error("the other node still grants what is erased")
	}
	w.Check()
}

// I-11 and the count of answers: sixteen clients use while people change their
// minds. No use that begins after an acknowledged no is allowed, and the log has
// every answer once.
func TestI11SixteenClientsNeverGetPastANo(t *testing.T) {
	world.Each(t, world.Options{People: 2}, func(w *world.World) {
		lin := w.People[0]
		var mu sync.RWMutex // held for reading around a use, for writing around a change of mind
		given := false
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for range 6 {
					mu.RLock()
					before := given
					a, err := w.Try(w.P, world.Ask(lin.ID, "push", "account.email"))
					if err != nil {
						w.Error(err)
					} else if a.Decision.Allowed != before || a.Decision.Allowed && a.Values[0].Text.Reveal() != lin.Email() {
						w.Errorf("allowed: %v, and consent was given: %v", a.Decision.Allowed, before)
					}
					mu.RUnlock()
				}
			})
		}
		for i := range 8 {
			mu.Lock()
			given = i%2 == 0
			w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: given, Explicit: true})
			mu.Unlock()
		}
		wg.Wait()
	})
}
