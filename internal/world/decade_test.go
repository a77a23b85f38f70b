package world_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

// TestTenYearsOfClocks lives eleven years, and looks at every day on which something
// is due or done, at the day before it and the day after: people give things and go,
// requests come and wait, duties are signed, agreements and holds run out, keys move
// on. After each day's sweep everything that was due is gone, has expired or has
// flipped, and nothing else: expectations come from arithmetic of this file's own,
// with leap days and China's make-up working days (State Council, notice of
// 2025-11-04).
//
// Business time is moved by hand: below it are real stores with real syncs, which
// testing/synctest cannot carry through ten years.
func TestTenYearsOfClocks(t *testing.T) {
	t.Parallel()
	decade(t, db.SQLite, false)
}

// TestSoakDecades looks at every day there is, on both engines.
func TestSoakDecades(t *testing.T) {
	period := dbtest.Soak(t)
	begin, days, losses := db.Wall(), 0, 0
	for n := 0; n < 2 || db.Wall().Sub(begin) < period; n++ {
		engine := world.Engines()[(n+1)%2] // PostgreSQL first
		if !t.Run(fmt.Sprint(engine, n), func(t *testing.T) { days += decade(t, engine, true) }) {
			losses++
		}
	}
	fmt.Printf("soak: days of clocks %d losses %d\n", days, losses)
}

func beijing() *time.Location { return time.FixedZone("CST", 8*3600) }

// A life is the world day by day, and what is expected of it.
type life struct {
	*world.World
	day    time.Time // 09:00 UTC
	now    time.Time // of the sweep: shortly after
	held   map[subject.ID]map[string][]time.Time
	groups map[string]time.Time // when what ends together ends, by person, class and period: one entry each
	counts map[string]int

	closed    *world.Person
	hold      time.Time // keeps the second person's crash reports
	agreement time.Time
	audited   time.Time // when the next audit of that recipient is due
	signed    time.Time
	epoch     time.Time // when the next is due
	moved     int
	unproved  map[rights.ID]time.Time // received, never verified
	waiting   map[rights.ID]time.Time // verified: its last moment
	ended     int
	dues      int
}

func decade(t *testing.T, engine db.Engine, every bool) (days int) {
	ticks := 0
	w := world.With(t, engine, world.Options{People: 4})
	file := filepath.Join(w.Dir, "avow.yaml")
	config, err := os.ReadFile(file)
	w.Must(err)
	w.File("avow.yaml", append(config, "epoch_every: P1M\n"...))
	w.Reopen()
	l := &life{
		World: w, held: map[subject.ID]map[string][]time.Time{}, groups: map[string]time.Time{}, counts: map[string]int{},
		unproved: map[rights.ID]time.Time{}, waiting: map[rights.ID]time.Time{},
	}
	l.begin()
	end := time.Date(2037, 1, 3, 9, 0, 0, 0, time.UTC)
	for l.day = w.Clock.Now().Truncate(24 * time.Hour).Add(9 * time.Hour); l.day.Before(end) && !t.Failed(); l.day = l.day.AddDate(0, 0, 1) {
		w.Clock.Set(l.day)
		days++
		acted := days > 1 && l.lives(days)
		if !every && !acted && l.quiet() {
			continue
		}
		ticks++
		w.Clock.Add(time.Minute + time.Duration(days)*time.Second) // later each day: what was done in a sweep is due by that of its last day
		w.Must(w.P.Tidy(t.Context()))
		l.now = w.Clock.Now()
		l.check()
	}
	l.entries()
	t.Logf("%d days, %d looked at: %v; %d epochs, %d requests expired, %d deadlines passed", days, ticks, l.counts, l.moved, l.ended, l.dues)
	return days
}

// begin says what the world's people had given when it began.
func (l *life) begin() {
	for _, p := range l.People {
		l.held[p.ID] = map[string][]time.Time{}
		for _, m := range p.Markers {
			l.keeps(p, m.Item, l.Clock.Now().Add(-time.Second))
		}
	}
	s, err := l.P.KeyStatus(context.Background())
	l.Must(err)
	l.epoch = plusMonths(s.Epoch.Started, 1)
}

// never is when what waits for an event ends.
func never() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// ends is when the retention of something that came at a moment ends, and of which
// period it is: the classes of the policy, by hand.
func ends(item string, at time.Time) (end time.Time, class, period string) {
	y, m, d := at.In(beijing()).Date()
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, beijing()) }
	switch item {
	case "log.app": // six months after the end of its month
		return day(y, m+7, 1), "logs", fmt.Sprint(y, m)
	case "log.crash": // ninety days after the end of its week, which begins on a Thursday
		days := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
		first := d - days%7
		return day(y, m, first+7+90), "crashes", fmt.Sprint(days / 7)
	case "survey.answer": // a year after the end of its month
		return day(y+1, m+1, 1), "surveys", fmt.Sprint(y, m)
	case "support.message": // three years after the end of its month
		return day(y+3, m+1, 1), "support", fmt.Sprint(y, m)
	case "order.history": // ten years after the end of its year
		return day(y+11, 1, 1), "books", fmt.Sprint(y)
	case "account.email", "account.phone", "account.nickname", "order.address":
		return never(), "account", ""
	case "device.bound-id", "device.maker":
		return never(), "device", ""
	}
	return never(), "consented", ""
}

// keeps notes what a person gave.
func (l *life) keeps(p *world.Person, item string, at time.Time) {
	end, class, period := ends(item, at)
	if end.Before(never()) {
		l.groups[fmt.Sprint(p.ID, class, period)] = end
	}
	l.held[p.ID][item] = append(l.held[p.ID][item], end)
	l.counts["given"]++
}

// lives does what people and staff do on a day.
func (l *life) lives(n int) (acted bool) {
	if n == 2 {
		for _, p := range l.People {
			for _, purpose := range []string{"crash-analysis", "survey", "feedback"} {
				l.Choose(p, avow.Choice{Kind: consent.Consent, Purpose: purpose, Given: true, Explicit: true})
			}
		}
		l.signs()
	}
	if n%31 == 7 {
		l.gives(n)
	}
	asked := l.asks(n)
	switch {
	case n == 700:
		l.holds()
	case n == 1500:
		l.takesBack(l.People[2])
	case n == 2000:
		l.closes(l.People[3])
	case l.day.Month() == time.February && l.day.Day() == 29, n == 100:
		l.attests()
	case n%500 == 3:
		l.signs()
	default:
		return asked || n == 2 || n%31 == 7
	}
	return true
}

// gives lets everybody give something.
func (l *life) gives(n int) {
	given := []struct {
		item, point string
		every       int
	}{
		{"log.app", "app", 1}, {"log.crash", "app", 2}, {"survey.answer", "app", 3}, {"support.message", "support", 4}, {"order.history", "web", 5}, {"feedback.message", "app", 7},
	}
	for i, p := range l.People {
		for _, g := range given {
			if p == l.closed || (n/31+i)%g.every != 0 {
				continue
			}
			if r := l.Collect(p, g.point, policy.Given{Item: g.item, Value: fmt.Sprintf("day %d of %d", n, i), Voluntary: true}); len(r) > 0 {
				l.Fatalf("%s was refused: %v", g.item, r)
			}
			l.keeps(p, g.item, l.Clock.Now())
		}
	}
}

// quiet reports whether nothing was due since yesterday nor will be until the day
// after tomorrow.
func (l *life) quiet() bool {
	dues := []time.Time{l.epoch, l.hold, l.agreement, l.audited}
	if !l.signed.IsZero() {
		dues = append(dues, plusMonths(l.signed, 12), plusMonths(l.signed, 12).AddDate(0, 0, 1))
	}
	for _, items := range l.held {
		for _, list := range items {
			dues = append(dues, list...)
		}
	}
	for _, at := range l.unproved {
		dues = append(dues, at.Add(30*24*time.Hour))
	}
	for _, at := range l.waiting {
		dues = append(dues, at)
	}
	return !slices.ContainsFunc(dues, func(at time.Time) bool {
		return at.After(l.day.Add(-24*time.Hour)) && at.Before(l.day.Add(50*time.Hour))
	})
}

// holds keeps the second person's crash reports for some months.
func (l *life) holds() {
	l.hold = l.Clock.Now().Add(200 * 24 * time.Hour)
	l.Must(l.P.Hold(context.Background(), l.People[1].ID, "crashes", "claim 7", l.hold, avow.Actor{}))
}

// takesBack ends what is kept while somebody agrees.
func (l *life) takesBack(p *world.Person) {
	l.Choose(p, avow.Choice{Kind: consent.Consent, Purpose: "feedback"})
	for i := range l.held[p.ID]["feedback.message"] {
		l.held[p.ID]["feedback.message"][i] = l.Clock.Now()
	}
	l.Choose(p, avow.Choice{Kind: consent.Consent, Purpose: "feedback", Given: true, Explicit: true})
	// What was given before comes back into its time with the new consent.
	for i := range l.held[p.ID]["feedback.message"] {
		l.held[p.ID]["feedback.message"][i] = never()
	}
}

// closes closes an account: what waited for that ends.
func (l *life) closes(p *world.Person) {
	l.Must(l.P.CloseAccount(context.Background(), p.ID, avow.Actor{Role: "self"}))
	l.closed = p
	for item, list := range l.held[p.ID] {
		if _, class, _ := ends(item, l.day); class == "account" || class == "device" {
			for i := range list {
				list[i] = l.Clock.Now()
			}
			l.groups[fmt.Sprint(p.ID, class)] = l.Clock.Now()
		}
	}
}

// signs has an agreement for as many days as no month has, and the recipient
// audited.
func (l *life) signs() {
	l.agreement = l.Clock.Now().Add(333 * 24 * time.Hour)
	l.Must(l.P.Sign(context.Background(), "wechat-pay", "agreement.pdf", l.agreement))
	s, err := l.P.Attest(context.Background(), "recipient-audit", "wechat-pay", attestation.Signature{Note: "looked at their books"}, l.Officer())
	l.Must(err)
	l.audited = s.Until
}

// attests signs the yearly audit: on a leap day, too.
func (l *life) attests() {
	l.signed = l.Clock.Now()
	_, err := l.P.Attest(context.Background(), "security-audit", "", attestation.Signature{Note: "looked at everything"}, l.Officer())
	l.Must(err)
}

// asks lets requests come: of two in three nobody proves who asks, the third waits.
func (l *life) asks(n int) bool {
	ctx := context.Background()
	often := 89
	if l.day.Year() == 2026 {
		often = 9 // the year whose make-up days are known
	}
	if n%often != 0 {
		return false
	}
	id, err := l.P.Requests().Receive(ctx, world.Asked(policy.Erasure, l.People[n%3].Email()), l.Support())
	l.Must(err)
	l.Answered(audit.RequestReceived)
	due := workdays(l.Clock.Now(), 15)
	if n/often%3 != 0 {
		l.unproved[id] = l.Clock.Now()
		return true
	}
	l.Must(l.P.Requests().Verify(ctx, id, l.Support(), "identifier-code"))
	v, err := l.P.Requests().Show(ctx, id)
	l.Must(err)
	if v.DoneDue == nil || !v.DoneDue.At.Equal(due) {
		l.Errorf("received on %s, to be done by %+v: fifteen working days end on %s", l.day, v.DoneDue, due)
	}
	l.waiting[id] = due
	l.counts["asked"]++
	return true
}

// workdays is the last microsecond of the n-th working day after a day in China.
func workdays(at time.Time, n int) time.Time {
	y, m, d := at.In(beijing()).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, beijing())
	for n > 0 {
		if day = day.AddDate(0, 0, 1); worked(day) {
			n--
		}
	}
	return day.AddDate(0, 0, 1).Add(-time.Microsecond)
}

// worked reports whether people work on a day in China: in 2026 as the State Council
// has it, later Monday to Friday, because nobody knows yet.
func worked(day time.Time) bool {
	weekday := day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	if day.Year() != 2026 {
		return weekday
	}
	date := day.Format("0102")
	if slices.Contains([]string{"0104", "0214", "0228", "0509", "0920", "1010"}, date) {
		return true
	}
	for _, off := range [][2]string{
		{"0101", "0103"}, {"0215", "0223"}, {"0404", "0406"}, {"0501", "0505"}, {"0619", "0621"}, {"0925", "0927"}, {"1001", "1007"},
	} {
		if date >= off[0] && date <= off[1] {
			return false
		}
	}
	return weekday
}

// plusMonths moves a moment by months: the 31st becomes the last day of a shorter one.
func plusMonths(at time.Time, n int) time.Time {
	at = at.In(beijing())
	out := at.AddDate(0, n, 0)
	if out.Day() != at.Day() {
		out = out.AddDate(0, 0, -out.Day())
	}
	return out
}

// check compares the evening of a day with what is expected.
func (l *life) check() {
	l.checkHeld()
	l.checkRequests()
	l.checkEpoch()
	ctx := context.Background()
	d, err := l.P.Decide(ctx, avow.Use{
		Subject: l.People[0].ID, Purpose: "payment", Items: []string{"device.maker"}, Recipient: "wechat-pay", Ref: policy.Ref{Kind: policy.RefOrder, ID: "ord_1"},
	})
	l.Must(err)
	if d.Allowed != (l.agreement.After(l.now) && l.audited.After(l.now)) {
		l.Errorf("%s: sharing is %v, the agreement runs to %s, the audit to %s", l.now, d.Allowed, l.agreement, l.audited)
	}
	if l.signed.IsZero() {
		return
	}
	duties, err := l.P.Duties(ctx)
	l.Must(err)
	for _, s := range duties {
		if s.Name != "security-audit" {
			continue
		}
		last := plusMonths(l.signed, 12)
		if y, m, d := last.Date(); s.Due.In(beijing()).Format(time.DateOnly) != time.Date(y, m, d, 0, 0, 0, 0, beijing()).Format(time.DateOnly) {
			l.Errorf("%s: the audit signed on %s is due on %s, want %s", l.now, l.signed, s.Due, last)
		}
		if over := !s.Due.After(l.now); over != (s.State == attestation.Overdue) {
			l.Errorf("%s: the audit is %s, due %s", l.now, s.State, s.Due)
		}
	}
}

// checkHeld compares what is held with what has not ended, item by item.
func (l *life) checkHeld() {
	for i, p := range l.People {
		list, err := l.P.Holdings(context.Background(), p.ID)
		l.Must(err)
		have := map[string]int{}
		for _, h := range list {
			if h.Point == "retained" {
				l.counts["days with a retained identifier"]++
				continue
			}
			for _, n := range h.Items {
				have[l.P.Policy().ItemBy(n).Name]++
			}
		}
		for item, all := range l.held[p.ID] {
			l.held[p.ID][item] = slices.DeleteFunc(all, func(end time.Time) bool { return !end.After(l.now) && !l.kept(i, item) })
			if have[item] != len(l.held[p.ID][item]) {
				l.Errorf("%s: %d of %s are held of person %d, want %d", l.now, have[item], item, i, len(l.held[p.ID][item]))
			}
		}
	}
}

// kept reports whether a hold keeps an item of a person.
func (l *life) kept(person int, item string) bool {
	return person == 1 && item == "log.crash" && l.hold.After(l.now)
}

// checkRequests looks whether requests expire and get late on their days.
func (l *life) checkRequests() {
	ctx := context.Background()
	for id, at := range l.unproved {
		v, err := l.P.Requests().Show(ctx, id)
		l.Must(err)
		gone := !at.Add(30 * 24 * time.Hour).After(l.now)
		if gone != (v.State == rights.Expired) {
			l.Errorf("%s: the request of %s is %s", l.now, at, v.State)
		}
		if gone {
			delete(l.unproved, id)
			l.ended++
		}
	}
	if len(l.waiting) == 0 {
		return
	}
	late, err := l.P.Requests().Overdue(ctx)
	l.Must(err)
	for id, due := range l.waiting {
		over := slices.ContainsFunc(late, func(s rights.Summary) bool { return s.ID == id })
		if over != due.Before(l.now) {
			l.Errorf("%s: late is %v for a request due %s", l.now, over, due)
		}
		if over {
			l.Must(l.P.Requests().Refuse(ctx, id, rights.Reason{Code: "excessive"}, l.Support()))
			delete(l.waiting, id)
			l.dues++
		}
	}
}

// checkEpoch looks whether the keys move on their days.
func (l *life) checkEpoch() {
	s, err := l.P.KeyStatus(context.Background())
	l.Must(err)
	if due := !l.epoch.After(l.now); due {
		l.moved++
		l.epoch = plusMonths(l.now, 1)
	}
	if s.Epoch.Number != int64(l.moved+1) {
		l.Errorf("%s: epoch %d, want %d", l.now, s.Epoch.Number, l.moved+1)
	}
	// The next is due a month after this one began: within the minute of the sweep.
	if next := plusMonths(s.Epoch.Started, 1); next.Sub(l.epoch).Abs() > time.Minute {
		l.Errorf("%s: the next epoch is due %s, want %s", l.now, next, l.epoch)
	} else {
		l.epoch = next
	}
}

// entries asserts that the log tells of each end once.
func (l *life) entries() {
	want := 0
	for _, end := range l.groups {
		if !end.After(l.now) {
			want++
		}
	}
	have := l.Counts()
	if n := have[audit.EpochMoved]; n != l.moved {
		l.Errorf("the log has %d moves of the epoch, %d were due", n, l.moved)
	}
	if n := have[audit.RequestExpired]; n != l.ended {
		l.Errorf("the log has %d expired requests, %d were due", n, l.ended)
	}
	if l.counts["ended"] = have[audit.ClassEnded] + have[audit.Anonymised]; l.counts["ended"] != want {
		l.Errorf("the log tells of %d ends, %d were due", l.counts["ended"], want)
	}
}
