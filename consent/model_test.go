package consent_test

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policy"
)

// TestWhatPeopleSaidIsWhatTheModelSays walks through random lives of consents,
// objections and sharing, stored and read back, and compares the facts that follow
// with what a reader of the ledger would say (I-11).
func TestWhatPeopleSaidIsWhatTheModelSays(t *testing.T) {
	ledgers(t, db.SQLite, 20)
}

// TestSoakConsentModel is the same on both engines, for long.
func TestSoakConsentModel(t *testing.T) {
	period := dbtest.Soak(t)
	begin, lives := db.Wall(), 0
	for lives == 0 || db.Wall().Sub(begin) < period {
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			lives += ledgers(t, e, 100)
		}
	}
	dbtest.Soaked(t, "consent histories", lives, 0)
}

func ledgers(t *testing.T, e db.Engine, checks int) (lives int) {
	t.Helper()
	if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	clock := dbtest.NewClock()
	c := dbtest.Config(t, e, db.Data)
	c.Clock = clock.Now
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	subject := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		lives++
		subject += 2
		l := &ledger{t: t, d: d, clock: clock, subject: subject}
		t.Repeat(map[string]func(*rapid.T){
			"says":     l.says,
			"neighbor": func(t *rapid.T) { l.add(t, l.subject+1, l.draw(t)) }, // must not be heard
			"waits":    func(t *rapid.T) { clock.Add(time.Duration(rapid.IntRange(1, 12*24).Draw(t, "hours")) * time.Hour) },
			"forgets":  l.forgets,
			"":         l.check,
		})
	})
	return lives
}

// A ledger is what one person has said, and the model of it: everything, in order.
type ledger struct {
	t       *rapid.T
	d       *db.DB
	clock   *dbtest.Clock
	subject int64
	turn    int64
	said    []consent.Record
}

func (l *ledger) draw(t *rapid.T) consent.Record {
	l.turn++
	r := consent.Record{
		// Numbers are handed out to nodes in blocks: a later one may be smaller.
		ID: int64(rand.Uint64() >> 2), Turn: l.turn,
		Kind:  rapid.SampledFrom([]consent.Kind{consent.Consent, consent.Consent, consent.Objection, consent.Sharing, consent.Abroad}).Draw(t, "kind"),
		Given: rapid.Bool().Draw(t, "given"), Explicit: rapid.Bool().Draw(t, "explicit"),
		Policy:  rapid.SampledFrom([]string{"v1", "v2", "v3"}).Draw(t, "version"),
		Channel: rapid.SampledFrom([]string{"web", "settings"}).Draw(t, "channel"),
	}
	n := rapid.Uint16Range(1, 3).Draw(t, "about")
	if r.Kind == consent.Consent || r.Kind == consent.Objection {
		r.Purpose = policy.PurposeNo(n)
	} else {
		r.Recipient = policy.RecipientNo(n)
	}
	if days := rapid.IntRange(0, 30).Draw(t, "days"); days > 10 {
		r.Until = l.clock.Now().Add(time.Duration(days-10) * 24 * time.Hour)
	}
	return r
}

func (l *ledger) add(t *rapid.T, subject int64, r consent.Record) consent.Record {
	a := l.d.NewAct()
	consent.Add(a, subject, r)
	r.At = a.Now()
	if err := l.d.Commit(l.t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return r
}

func (l *ledger) says(t *rapid.T) { l.said = append(l.said, l.add(t, l.subject, l.draw(t))) }

func (l *ledger) forgets(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "seldom") != 5 {
		t.Skip("not now")
	}
	a := l.d.NewAct()
	consent.EraseAll(a, l.subject)
	if err := l.d.Commit(l.t.Context(), a); err != nil {
		t.Fatal(err)
	}
	l.said = nil
}

// check reads the ledger back and compares it, and what follows from it now, before
// and later.
func (l *ledger) check(t *rapid.T) {
	var got []consent.Record
	err := l.d.Read(l.t.Context(), func(r *db.Snapshot) (err error) {
		got, err = consent.History(l.t.Context(), r, l.subject)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, l.said) {
		t.Fatalf("the ledger says %+v\nwas said %+v", got, l.said)
	}
	now := l.clock.Now()
	for _, at := range []time.Time{now, now.Add(5 * 24 * time.Hour), now.Add(40 * 24 * time.Hour)} {
		l.compare(t, got, at)
	}
	next := consent.NextExpiry(got, now)
	end := cmp.Or(next.UnixMicro(), 0)
	if next.IsZero() {
		end = now.Add(1000 * 24 * time.Hour).UnixMicro()
	}
	if !reflect.DeepEqual(fold(got, now), fold(got, time.UnixMicro(end-1))) {
		t.Fatalf("the facts change before %s, which is said to be the next expiry", next)
	}
}

func fold(said []consent.Record, at time.Time) (f policy.Facts) {
	consent.Fold(&f, said, at)
	return f
}

// compare asks for each purpose and recipient what a reader would say.
func (l *ledger) compare(t *rapid.T, got []consent.Record, at time.Time) {
	f := fold(got, at)
	for n := range uint16(4) {
		p, r := policy.PurposeNo(n), policy.RecipientNo(n)
		yes := l.about(consent.Consent, n)
		want := map[string]bool{
			"consented": in(yes, at), "explicit": in(yes, at) && yes[len(yes)-1].Explicit, "expired": over(yes, at), "withdrawn": withdrawn(yes, at),
			"objected": in(l.about(consent.Objection, n), at), "shared": in(l.about(consent.Sharing, n), at), "abroad": in(l.about(consent.Abroad, n), at),
		}
		have := map[string]bool{
			"consented": f.Consents.Has(p), "explicit": f.Explicit.Has(p), "expired": f.Expired.Has(p), "withdrawn": f.Withdrawn.Has(p),
			"objected": f.Objected.Has(p), "shared": f.Shared.Has(r), "abroad": f.Abroad.Has(r),
		}
		for what := range want {
			if have[what] != want[what] {
				t.Fatalf("%d at %s: %s is %v, want %v, after %+v", n, at, what, have[what], want[what], l.said)
			}
		}
	}
}

// about returns what was said about one thing.
func (l *ledger) about(k consent.Kind, n uint16) (out []consent.Record) {
	for _, r := range l.said {
		if r.Kind == k && uint16(r.Purpose)+uint16(r.Recipient) == n {
			out = append(out, r)
		}
	}
	return out
}

// holds reports whether a yes has not expired.
func holds(r consent.Record, at time.Time) bool { return r.Until.IsZero() || r.Until.After(at) }

// in: the last word was a yes, and it holds.
func in(said []consent.Record, at time.Time) bool {
	return len(said) > 0 && said[len(said)-1].Given && holds(said[len(said)-1], at)
}

// over: the last word was a yes, and it has expired.
func over(said []consent.Record, at time.Time) bool {
	return len(said) > 0 && said[len(said)-1].Given && !holds(said[len(said)-1], at)
}

// withdrawn: somewhere a no took a yes back, and since then no yes came that holds.
func withdrawn(said []consent.Record, at time.Time) bool {
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].Given && holds(said[i], at) {
			return false
		}
		if !said[i].Given && i > 0 && said[i-1].Given {
			return true
		}
	}
	return false
}
