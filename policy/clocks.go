package policy

import (
	"time"
)

// A Deadline is a moment by which something promised is to be done, and the
// rule that set it.
type Deadline struct {
	At      time.Time // last microsecond that is in time, UTC; zero: no rule sets one
	Within  Period    // counted from receipt
	Rule    string    // "policy", or the law that is stricter: pipl, gdpr
	Cite    Text      // the provision, where a law set it
	Assumed bool      // the published text leaves it open
	Certain bool      // false: it reaches into a year whose working days are not known yet
}

// Clocks are the deadlines of one request. Of policy and laws the strictest
// wins, clock by clock.
type Clocks struct {
	Confirm  Deadline // receipt acknowledged
	Reply    Deadline // answered
	Extended Deadline // answered, when extended with reasons; as Reply where no extension is open
	Done     Deadline // carried out
	Backups  Deadline // gone from backups too, when carried out at the last moment
}

// Due sets the clocks of a request for a right, received at a moment. The
// error is fault.NotFound for a right the policy does not name. Every law the
// policy names counts, also those that hold for some people only: who knows
// whom the request is from asks DueFor.
func (p *Policy) Due(kind RightKind, received time.Time) (Clocks, error) {
	return p.DueFor(kind, received, ^LawSet(0))
}

// DueFor is Due under the laws for everybody and those of a set (Policy.LawsFor).
func (p *Policy) DueFor(kind RightKind, received time.Time, under LawSet) (Clocks, error) {
	r, err := p.Right(kind)
	if err != nil {
		return Clocks{}, err
	}
	var c Clocks
	own := func(key string, d *Deadline, within Period) {
		if !within.IsZero() {
			p.strictest(d, received, false, Deadline{Within: within, Rule: "policy", Assumed: r.assumes(key)})
		}
	}
	own("confirm", &c.Confirm, r.Confirm)
	own("reply", &c.Reply, r.Reply)
	if !r.Reply.IsZero() {
		own("reply", &c.Extended, sum(r.Reply, r.Extend))
	}
	own("done", &c.Done, r.Done)
	for i, l := range p.laws {
		if p.lawsShown[i].forAll() || under>>i&1 != 0 {
			p.lawClocks(l, kind, received, &c)
		}
	}
	if !r.Backups.IsZero() {
		from := c.Done
		if from.At.IsZero() {
			from = c.Reply
		}
		c.Backups = Deadline{Within: r.Backups, Rule: "policy", Assumed: r.assumes("backups")}
		c.Backups.At, c.Backups.Certain = p.calendar.Deadline(from.At, r.Backups, false)
		c.Backups.Certain = c.Backups.Certain && from.Certain
	}
	return c, nil
}

func (p *Policy) lawClocks(l *law, kind RightKind, received time.Time, c *Clocks) {
	for _, lc := range l.clocks {
		if !lc.rights[kind] {
			continue
		}
		d := Deadline{Within: lc.within, Rule: l.name, Cite: lc.cite}
		switch lc.clock {
		case "confirm":
			p.strictest(&c.Confirm, received, l.roll, d)
		case "done":
			p.strictest(&c.Done, received, l.roll, d)
		default:
			p.strictest(&c.Reply, received, l.roll, d)
			d.Within = sum(lc.within, lc.extend)
			p.strictest(&c.Extended, received, l.roll, d)
		}
	}
}

// strictest puts d into have where d ends sooner.
func (p *Policy) strictest(have *Deadline, received time.Time, roll bool, d Deadline) {
	d.At, d.Certain = p.calendar.Deadline(received, d.Within, roll)
	if have.At.IsZero() || d.At.Before(have.At) {
		*have = d
	}
}

func sum(a, b Period) Period {
	return Period{Months: a.Months + b.Months, Days: a.Days + b.Days, WorkDays: a.WorkDays + b.WorkDays, Seconds: a.Seconds + b.Seconds}
}

// assumes reports whether the key was left open by the published text.
func (r *Right) assumes(key string) bool {
	for _, k := range r.Assumed {
		if k == key {
			return true
		}
	}
	return false
}

// Ends is when the retention of a class ends that began to count at from (the
// moment the value came, or the event named by After). ok is false when an
// event ends it and not time, and for classes the policy does not have.
func (p *Policy) Ends(class ClassNo, from time.Time) (end time.Time, ok bool) {
	c := p.ClassBy(class)
	if c == nil || c.For.IsZero() {
		return time.Time{}, false
	}
	end, _ = p.calendar.Add(from, c.For)
	return end, true
}

// Bucket names the period of a rolling class that a moment falls in: values of
// one bucket share a key and end together. It is the first day of the period
// as a number, 20260301, and so grows with time. It is 0 for classes that are
// not rolling.
func (p *Policy) Bucket(class ClassNo, at time.Time) int64 {
	c := p.ClassBy(class)
	if c == nil || !c.Rolling() {
		return 0
	}
	y, m, d := at.In(p.calendar.Zone()).Date()
	first := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if n := c.Bucket.Months; n > 0 {
		months := y*12 + int(m) - 1
		first = time.Date(0, time.Month(months-months%n+1), 1, 0, 0, 0, 0, time.UTC)
	} else {
		days := int(first.Unix() / 86400)
		first = first.AddDate(0, 0, -(days % c.Bucket.Days))
	}
	y, m, d = first.Date()
	return int64(y*10000 + int(m)*100 + d)
}

// BucketEnds is when the retention of everything in a bucket has ended: the
// class's time after the last moment of the bucket. ok is false for classes
// that are not rolling.
func (p *Policy) BucketEnds(class ClassNo, bucket int64) (end time.Time, ok bool) {
	c := p.ClassBy(class)
	if c == nil || !c.Rolling() {
		return time.Time{}, false
	}
	first := time.Date(int(bucket/10000), time.Month(bucket/100%100), int(bucket%100), 0, 0, 0, 0, p.calendar.Zone())
	return p.Ends(class, first.AddDate(0, c.Bucket.Months, c.Bucket.Days))
}
