package retention_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/retention"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// extra are classes of every kind beside those of the lamp shop.
const extra = `  surveys: {title: {en: Surveys, zh-CN: 调查}, for: P60D, bucket: P1M, then: anonymise}
  asleep: {title: {en: While you come by, zh-CN: 活跃期间}, for: P1Y, after: last-activity, then: erase}
  brief: {title: {en: Only while needed, zh-CN: 仅在使用期间}, until: purpose-ended, then: erase, within: PT1H}
`

const extraItems = `  survey.answer: {title: {en: Answer, zh-CN: 回答}, category: user.content, type: text, source: given, at: [order], purposes: [orders], list: true, keep: surveys}
  habit.shelf: {title: {en: Shelf, zh-CN: 书架}, category: user.behavior, type: text, source: given, at: [order], purposes: [orders], list: true, keep: asleep}
  code.once: {title: {en: Code, zh-CN: 代码}, category: user.content, type: text, source: given, at: [order], purposes: [orders], list: true, keep: brief}
`

// A bed is the stores up to the vault, with a clock that tests move.
type bed struct {
	testing.TB
	dir       string
	clock     *dbtest.Clock
	data      *db.DB
	keys      *seal.Keyring
	log       *audit.Log
	version   *publication.Version
	gate      *gate.Gate
	vault     *vault.Vault
	retention *retention.Service
}

func source(t testing.TB, change ...string) []byte {
	t.Helper()
	b, err := os.ReadFile("../policy/testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	src := strings.Replace(string(b), "\nrecipients:\n", "\n"+extra+"recipients:\n", 1)
	src = strings.Replace(src, "\nnever:\n", "\n"+extraItems+"never:\n", 1)
	return []byte(strings.NewReplacer(change...).Replace(src))
}

func each(t *testing.T, fn func(t *testing.T, b *bed)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, open(t, e)) })
	}
}

func open(t *testing.T, e db.Engine) *bed {
	t.Helper()
	ctx := context.Background()
	b := &bed{TB: t, dir: t.TempDir(), clock: dbtest.NewClock()}
	dc, kc := dbtest.Config(t, e, db.Data), dbtest.Config(t, e, db.Keys)
	dc.Clock, kc.Clock = b.clock.Now, b.clock.Now
	var err error
	b.data, err = db.Open(ctx, dc)
	b.must(err)
	keyStore, err := db.Open(ctx, kc)
	b.must(err)
	kms, err := seal.FileKMS(filepath.Join(b.dir, "master.json"))
	b.must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(b.dir, "epoch"), kms)
	b.must(err)
	b.keys, err = seal.Open(ctx, seal.Config{Platform: "lamp-shop", Keys: keyStore, Data: b.data, Epoch: epoch})
	b.must(err)
	b.log, err = audit.Open(ctx, audit.Config{Platform: "lamp-shop", Data: b.data, Keys: b.keys, SignerFile: filepath.Join(b.dir, "signer")})
	b.must(err)
	b.publish(source(t))
	b.gate, err = gate.New(gate.Config{Data: b.data, Keys: b.keys, Log: b.log, InForce: func() *publication.Version { return b.version }})
	b.must(err)
	j, err := journal.Open(filepath.Join(b.dir, "journal"), "lamp-shop")
	b.must(err)
	b.vault = vault.New(vault.Config{Data: b.data, KeyStore: keyStore, Keys: b.keys, Gate: b.gate, Journal: j})
	b.retention = retention.New(retention.Config{Data: b.data, Vault: b.vault, InForce: func() *publication.Version { return b.version }})
	t.Cleanup(func() {
		b.keys.Close()
		b.log.Close(ctx)
		j.Close()
		b.data.Close()
		keyStore.Close()
	})
	return b
}

// publish puts a policy in force.
func (b *bed) publish(src []byte) {
	b.Helper()
	ctx := context.Background()
	var numbers *policy.Numbers
	b.must(b.data.Read(ctx, func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(ctx, r)
		return err
	}))
	p, _, err := policy.Load("base.yaml", src, numbers)
	b.must(err)
	b.version, err = publication.Enter(ctx, b.data, b.log, p, src)
	b.must(err)
}

func (b *bed) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// person registers somebody with an address and gives what else there is, item by
// item, at the order.
func (b *bed) person(email string, given ...string) subject.Facts {
	b.Helper()
	ctx := context.Background()
	num, err := b.data.Number(ctx, "subject")
	b.must(err)
	n := subject.New{Num: num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: b.version.Policy.Version()}
	refusals, err := b.vault.Register(ctx, n, vault.Collection{Point: "registration", Given: []policy.Given{{Item: "account.email", Value: email, Voluntary: true}}})
	b.must(err)
	if len(refusals) > 0 {
		b.Fatalf("refused: %v", refusals)
	}
	b.give(num, given...)
	return b.facts(num)
}

func (b *bed) give(num int64, given ...string) {
	b.Helper()
	for i := 0; i < len(given); i += 2 {
		point := "order"
		if given[i] == "net.ip" {
			point = "browse"
		}
		refusals, err := b.vault.Collect(context.Background(), vault.Collection{Subject: num, Point: point, Given: []policy.Given{{Item: given[i], Value: given[i+1], Voluntary: true}}})
		b.must(err)
		if len(refusals) > 0 {
			b.Fatalf("%s refused: %v", given[i], refusals)
		}
	}
}

func (b *bed) facts(num int64) (f subject.Facts) {
	b.Helper()
	b.must(b.data.Read(context.Background(), func(r *db.Snapshot) (err error) {
		f, err = subject.ByNum(context.Background(), r, num)
		return err
	}))
	return f
}

// closes closes an account, as the platform's verb does.
func (b *bed) closes(num int64) {
	b.Helper()
	ctx := context.Background()
	s, err := b.gate.Fresh(ctx, num)
	b.must(err)
	a := b.data.NewAct()
	_, err = b.gate.Exercise(ctx, a, s, gate.Duty{Kind: audit.AccountClosed, Control: policy.AccountClosing})
	b.must(err)
	subject.Close(a, num)
	b.vault.AccountEnds(a, num)
	b.must(b.data.Commit(ctx, a))
	b.gate.Forget(num)
}

func (b *bed) sweep(o retention.Options) retention.Report {
	b.Helper()
	r, err := b.retention.Sweep(context.Background(), o, nil)
	b.must(err)
	return r
}

// held lists the items that the vault holds of somebody, sorted by row.
func (b *bed) held(num int64) string {
	b.Helper()
	list, err := b.vault.Holdings(context.Background(), num)
	b.must(err)
	var out []string
	for _, h := range list {
		for _, n := range h.Items {
			out = append(out, b.version.Policy.ItemBy(n).Name)
		}
	}
	return strings.Join(out, " ")
}

func (b *bed) entries(num int64, k audit.Kind) (n int) {
	b.Helper()
	ctx := context.Background()
	b.must(b.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := b.log.Entries(ctx, r, audit.Filter{Subject: num, Kind: k, Limit: 100})
		n = len(list)
		return err
	}))
	return n
}

const day = 24 * time.Hour

func TestWhatHasBeenKeptLongEnoughGoesAndTheRestStays(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "net.ip", "192.0.2.1", "order.history", "a moon lamp")
		b.clock.Add(20 * day)
		b.give(mia.Num, "net.ip", "192.0.2.2")
		if r := b.sweep(retention.Options{}); r.Rows() != 0 {
			t.Errorf("%d rows ended too early", r.Rows())
		}
		b.clock.Add(20 * day) // the first address is 40 days old, the second 20
		dry := b.sweep(retention.Options{DryRun: true})
		if dry.Rows() != 1 || b.held(mia.Num) != "account.email net.ip order.history net.ip" {
			t.Errorf("a dry run would end %d rows, and left %s", dry.Rows(), b.held(mia.Num))
		}
		r := b.sweep(retention.Options{})
		if len(r.Classes) != 1 || r.Classes[0].Class != "logs" || r.Classes[0].Rows != 1 || r.Classes[0].Control != policy.RetentionExpiry {
			t.Errorf("swept %+v", r.Classes)
		}
		if got := b.held(mia.Num); got != "account.email order.history net.ip" {
			t.Errorf("left: %s", got)
		}
		if b.entries(mia.Num, audit.ClassEnded) != 1 {
			t.Error("the log does not say that it ended")
		}
		if r := b.sweep(retention.Options{}); r.Rows() != 0 {
			t.Errorf("a second sweep ends %d rows", r.Rows())
		}
	})
}

func TestAClosedAccountGoesAndWhatTheLawKeepsGoesLater(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		ctx := t.Context()
		mia := b.person("mia@lamp.test", "order.history", "a moon lamp")
		ben := b.person("ben@lamp.test", "order.history", "a sun lamp")
		b.closes(mia.Num)
		list, err := b.retention.List(ctx)
		b.must(err)
		for _, s := range list {
			switch s.Class {
			case "account":
				if s.Due != 1 || s.By == nil {
					t.Errorf("after closing: %+v", s)
				} else if want, _ := b.version.Policy.Calendar().Deadline(b.facts(mia.Num).Closed, policy.Period{WorkDays: 10}, false); !s.By.Equal(want) {
					t.Errorf("to be gone by %s, want %s (ten working days)", s.By, want)
				}
			case "books":
				if s.Due != 0 || s.Next == nil || s.Next.Year() != b.clock.Now().Year()+10 {
					t.Errorf("the books end %v", s.Next)
				}
			}
		}
		r := b.sweep(retention.Options{})
		if len(r.Classes) != 1 || r.Classes[0].Class != "account" || r.Classes[0].Control != policy.RetentionClosed {
			t.Errorf("swept %+v", r.Classes)
		}
		if got := b.held(mia.Num); got != "order.history account.email" { // the identifier that the books keep
			t.Errorf("left: %s", got)
		}
		digest, err := b.vault.Index("email", "mia@lamp.test")
		b.must(err)
		b.must(b.data.Read(ctx, func(r *db.Snapshot) error {
			found, err := subject.Find(ctx, r, digest)
			if len(found) != 1 || found[0].Class == 0 {
				t.Errorf("Mia is found by %+v: want the books alone", found)
			}
			return err
		}))
		if got := b.held(ben.Num); got != "account.email order.history" {
			t.Errorf("of Ben: %s", got)
		}
		b.clock.Add(3654 * day)
		if r := b.sweep(retention.Options{}); len(r.Classes) != 1 || r.Classes[0].Control != policy.RetentionLaw {
			t.Errorf("after ten years: %+v", r.Classes)
		}
		if got := b.held(mia.Num); got != "" {
			t.Errorf("after ten years: %s", got)
		}
		if f := b.facts(mia.Num); f.State != subject.Erased {
			t.Errorf("nothing is held, and the record is %s", f.State)
		}
	})
}

func TestAHoldKeepsWhatItNames(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "net.ip", "192.0.2.1")
		class, err := b.version.Policy.Class("logs")
		b.must(err)
		until := b.clock.Now().Add(60 * day)
		a := b.data.NewAct()
		subject.SetHold(a, mia.Num, subject.Hold{Class: int64(class.No), Cite: "claim 7", Until: until})
		b.must(b.data.Commit(t.Context(), a))
		b.gate.Forget(mia.Num)
		b.clock.Add(40 * day)
		for _, dry := range []bool{true, false} {
			if r := b.sweep(retention.Options{DryRun: dry}); r.Rows() != 0 || len(r.Classes) != 1 || r.Classes[0].Held != 1 {
				t.Errorf("under a hold, dry %v: %+v", dry, r.Classes)
			}
		}
		b.clock.Add(25 * day)
		if r := b.sweep(retention.Options{}); r.Rows() != 1 {
			t.Errorf("after the hold: %+v", r.Classes)
		}
	})
}

func TestAnonymisingLeavesACountAndNobody(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "survey.answer", "I love lamps", "survey.answer", "bright ones")
		b.person("ben@lamp.test", "survey.answer", "too dark")
		b.clock.Add(130 * day)
		r := b.sweep(retention.Options{})
		if len(r.Classes) != 1 || r.Classes[0].Then != "anonymise" || r.Classes[0].Subjects != 2 || r.Rows() != 3 {
			t.Fatalf("swept %+v", r.Classes)
		}
		left, err := b.retention.Left(t.Context())
		b.must(err)
		if len(left) != 1 || left[0].Item != "survey.answer" || left[0].Values != 3 {
			t.Errorf("left: %+v", left)
		}
		if b.entries(mia.Num, audit.Anonymised) != 1 || b.held(mia.Num) != "account.email" {
			t.Errorf("of Mia: %s", b.held(mia.Num))
		}
	})
}

func TestActivityPutsTheEndOff(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "habit.shelf", "top left")
		b.clock.Add(200 * day)
		b.give(mia.Num, "order.history", "came by")
		b.clock.Add(200 * day)
		if r := b.sweep(retention.Options{Class: "asleep"}); r.Rows() != 0 || len(r.Classes) != 1 || r.Classes[0].Later != 1 {
			t.Errorf("200 days after the last sign: %+v", r.Classes)
		}
		b.clock.Add(170 * day)
		if r := b.sweep(retention.Options{Class: "asleep"}); r.Rows() != 1 {
			t.Errorf("a year after the last sign: %+v", r.Classes)
		}
	})
}

func TestValuesOfOneKeyThatAreNotDueAreSealedAnew(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		mia := b.person("mia@lamp.test", "code.once", "first")
		b.clock.Add(50 * time.Minute)
		b.give(mia.Num, "code.once", "second")
		b.clock.Add(20 * time.Minute)
		if r := b.sweep(retention.Options{}); r.Rows() != 1 {
			t.Fatalf("swept %+v", r.Classes)
		}
		w, err := b.gate.Warrant(t.Context(), gate.Step{Request: "req_x", Number: 1, System: vault.System, Action: gate.Export, Subject: b.facts(mia.Num)})
		b.must(err)
		var got []string
		b.must(b.vault.Read(t.Context(), w, gate.Export, b.facts(mia.Num), func(_ vault.Holding, values []vault.Value) error {
			for _, v := range values {
				got = append(got, v.Text.Reveal())
			}
			return nil
		}))
		if strings.Join(got, " ") != "mia@lamp.test second" {
			t.Errorf("readable: %q", got)
		}
	})
}

func TestAShorterRetentionHoldsForWhatIsThereAndALongerOneDoesNot(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		b.person("mia@lamp.test", "net.ip", "192.0.2.1")
		b.clock.Add(15 * day)
		b.publish(source(t, "for: P30D", "for: P10D", `label: "2026-01-01"`, `label: "2026-02-01"`))
		if r := b.sweep(retention.Options{}); r.Rows() != 1 {
			t.Errorf("a shorter time: %+v", r.Classes)
		}
		b.person("ben@lamp.test", "net.ip", "192.0.2.2")
		b.publish(source(t, "for: P30D", "for: P90D", `label: "2026-01-01"`, `label: "2026-03-01"`))
		b.sweep(retention.Options{})
		b.clock.Add(15 * day)
		if r := b.sweep(retention.Options{}); r.Rows() != 1 {
			t.Errorf("a longer time was taken on in silence: %+v", r.Classes)
		}
	})
}

// What came under a text that was taken back is kept as long as the text says that
// came back, though no sweep ran in between.
func TestWhatCameUnderATextThatWasTakenBackEndsByTheOneInForce(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		b.sweep(retention.Options{})
		b.publish(source(t, "for: P30D", "for: P90D", `label: "2026-01-01"`, `label: "2026-02-01"`))
		b.person("mia@lamp.test", "net.ip", "192.0.2.1")
		b.publish(source(t))
		b.sweep(retention.Options{})
		b.clock.Add(31 * day)
		if r := b.sweep(retention.Options{}); r.Rows() != 1 {
			t.Errorf("31 days later: %+v", r.Classes)
		}
	})
}

func TestASweepIsBounded(t *testing.T) {
	b := open(t, db.SQLite)
	for range 5 {
		b.person("x"+strings.ToLower(string(subject.NewID())[4:12])+"@lamp.test", "net.ip", "192.0.2.1")
	}
	b.clock.Add(60 * day)
	if r := b.sweep(retention.Options{Limit: 2}); r.Rows() != 2 || !r.More {
		t.Errorf("of five with a limit of two: %+v", r)
	}
	if r := b.sweep(retention.Options{}); r.Rows() != 3 || r.More {
		t.Errorf("the rest: %+v", r)
	}
	if _, err := b.retention.Sweep(t.Context(), retention.Options{Class: "shoes"}, nil); fault.Of(err) != fault.NotFound {
		t.Errorf("a class that is none: %v", err)
	}
}
