package policy

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
)

func berlin(t *testing.T, p *Policy, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, p.Calendar().Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTheStrictestRuleSetsEachClock(t *testing.T) {
	p := compile(t, base(t))
	received := berlin(t, p, "2026-03-03 10:00") // a Tuesday, a month before Good Friday
	show := func(d Deadline) string {
		if d.At.IsZero() {
			return "none"
		}
		return d.At.In(p.Calendar().Zone()).Format("2006-01-02 15:04") + " " + d.Rule + " " + d.Within.String()
	}
	for _, c := range []struct {
		kind                                    RightKind
		confirm, reply, extended, done, backups string
	}{
		// The policy is stricter; it keeps no extension open.
		{Access, "none", "2026-03-17 23:59 policy P14D", "2026-03-17 23:59 policy P14D", "2026-04-07 23:59 gdpr P1M", "none"},
		// The law is stricter than two months, and lets three.
		{Erasure, "2026-03-05 10:00 policy PT48H", "2026-04-07 23:59 gdpr P1M", "2026-05-03 23:59 policy P2M", "2026-03-17 23:59 policy 10wd", "2026-04-16 23:59 policy P30D"},
		// Only the law speaks: a month, three with reasons, rolled over Easter.
		{Portability, "none", "2026-04-07 23:59 gdpr P1M", "2026-06-03 23:59 gdpr P3M", "2026-04-07 23:59 gdpr P1M", "none"},
		{Withdrawal, "none", "none", "none", "2026-03-03 11:00 policy PT1H", "none"},
	} {
		got, err := p.Due(c.kind, received)
		if err != nil {
			t.Fatal(err)
		}
		for i, pair := range [][2]string{{c.confirm, show(got.Confirm)}, {c.reply, show(got.Reply)}, {c.extended, show(got.Extended)}, {c.done, show(got.Done)}, {c.backups, show(got.Backups)}} {
			if pair[0] != pair[1] {
				t.Errorf("%s, clock %d: %s, want %s", c.kind, i, pair[1], pair[0])
			}
		}
	}
	e, _ := p.Due(Erasure, received)
	if !e.Backups.Assumed || e.Done.Assumed || e.Reply.Cite.In("en") != "GDPR Art. 12(3)" || !e.Reply.Certain {
		t.Errorf("%+v", e)
	}
	if _, err := p.Due(Closing, received); fault.Of(err) != fault.NotFound {
		t.Errorf("err = %v", err)
	}
}

func TestBackupsFollowTheReplyWhereNoEndIsPromised(t *testing.T) {
	src := edit(t, base(t), "laws: [gdpr]", "laws: []", "confirm: PT48H, reply: P2M, done: 10wd", "reply: P2M",
		"rectification: {title: {en: Correct, zh-CN: 更正}, channels: [settings], verify: login}", "", "restriction: {title: {en: Restrict, zh-CN: 限制}, channels: [email], verify: login}", "",
		"portability: {title: {en: Take along, zh-CN: 转移}, channels: [settings], verify: login}", "", "objection: {title: {en: Object, zh-CN: 反对}, channels: [settings], verify: login}", "")
	p := compile(t, src)
	c, err := p.Due(Erasure, berlin(t, p, "2026-03-03 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	if !c.Done.At.IsZero() || c.Backups.At.Sub(c.Reply.At) != 30*24*time.Hour {
		t.Errorf("%+v", c)
	}
}

func TestBucketsHoldWhatEndsTogether(t *testing.T) {
	for _, c := range []struct {
		bucket, at string
		want       int64
		ends       string
	}{
		{"", "2026-03-15 12:00", 20260315, "2026-04-15 00:00"},
		{", bucket: P1M", "2026-03-31 23:59", 20260301, "2026-05-01 00:00"},
		{", bucket: P1Y", "2026-03-15 12:00", 20260101, "2027-01-31 00:00"},
		{", bucket: P7D", "2026-03-15 12:00", 20260312, "2026-04-18 00:00"}, // a Thursday: days since 1970
	} {
		p := compile(t, edit(t, base(t), "for: P30D", "for: P30D"+c.bucket))
		logs, _ := p.Class("logs")
		at := berlin(t, p, c.at)
		got := p.Bucket(logs.No, at)
		ends, ok := p.BucketEnds(logs.No, got)
		if got != c.want || !ok || ends.In(p.Calendar().Zone()).Format("2006-01-02 15:04") != c.ends {
			t.Errorf("%q: bucket %d ends %s, want %d, %s", c.bucket, got, ends.In(p.Calendar().Zone()), c.want, c.ends)
		}
		if end, ok := p.Ends(logs.No, at); !ok || end.After(ends) {
			t.Errorf("%q: a value of the bucket ends %s, after the bucket", c.bucket, end)
		}
	}
}

func TestWhatEndsByAnEventHasNoBucket(t *testing.T) {
	p := compile(t, base(t))
	for _, name := range []string{"account", "books"} {
		c, _ := p.Class(name)
		if c.Rolling() || p.Bucket(c.No, time.Now()) != 0 {
			t.Errorf("%s has buckets", name)
		}
		if _, ok := p.BucketEnds(c.No, 20260101); ok {
			t.Errorf("a bucket of %s ends", name)
		}
	}
	account, _ := p.Class("account")
	if _, ok := p.Ends(account.No, time.Now()); ok {
		t.Error("account ends by time")
	}
	books, _ := p.Class("books")
	if end, ok := p.Ends(books.No, berlin(t, p, "2026-02-28 10:00")); !ok || end.Year() != 2036 {
		t.Errorf("books end %s", end)
	}
	if _, ok := p.Ends(99, time.Now()); ok || p.Bucket(99, time.Now()) != 0 {
		t.Error("a class nobody declared ends")
	}
	// A long class without a bucket of its own gets months.
	long := compile(t, edit(t, base(t), "for: P30D", "for: P1Y"))
	logs, _ := long.Class("logs")
	if logs.Bucket != (Period{Months: 1}) {
		t.Errorf("bucket %s", logs.Bucket)
	}
}
