package attestation_test

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// pack compiles GOSCOM Pro with other reviews.
func pack(t *testing.T, reviews string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	at := strings.Index(text, "reviews:")
	if at < 0 {
		t.Fatal("the pack has no reviews")
	}
	end := strings.Index(text[at:], "}")
	text = text[:at] + "reviews: {" + reviews + text[at+end:]
	p, _, err := policy.Load("goscom-pro.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func find(t *testing.T, p *policy.Policy, name, about string) attestation.Duty {
	t.Helper()
	d, err := attestation.Find(p, name, about)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDutiesAreThoseOfThePolicy(t *testing.T) {
	p := pack(t, "staff-training: P1Y, restore-drill: P3M")
	training := find(t, p, "staff-training", "")
	if training.Every.String() != "P1Y" || training.Control != policy.StaffTraining || training.Assumed || !training.Title.Has("zh-CN") {
		t.Errorf("staff-training is %+v", training)
	}
	if d := find(t, p, "recipient-audit", "xiaomi-push"); d.Key() != "recipient-audit/xiaomi-push" || d.Every.IsZero() || d.Control != policy.RecipientAudit {
		t.Errorf("the audit of a recipient is %+v", d)
	}
	if _, err := attestation.Find(p, "recipient-audit", ""); fault.Of(err) != fault.NotFound || !strings.Contains(err.Error(), "about") {
		t.Errorf("an audit of nobody is answered with %v", err)
	}
	if _, err := attestation.Find(p, "dancing", ""); fault.Of(err) != fault.NotFound {
		t.Errorf("a duty that the policy does not have is answered with %v", err)
	}
}

func TestASignatureNeverHoldsLongerThanItsDuty(t *testing.T) {
	p := pack(t, "restore-drill: P3M")
	d, now := find(t, p, "restore-drill", ""), dbtest.Start()
	by := attestation.Signature{By: "stf_1", Note: "restored, equal"}
	quarter, _ := p.Calendar().Add(now, d.Every)
	for _, x := range []struct {
		name  string
		until time.Time
		want  time.Time
		bad   bool
	}{
		{"says nothing", time.Time{}, quarter, false},
		{"ends sooner", now.Add(time.Hour), now.Add(time.Hour), false},
		{"ends later", now.Add(1000 * 24 * time.Hour), quarter, false},
		{"has ended", now, time.Time{}, true},
	} {
		s := by
		s.Until = x.until
		got, err := attestation.Ends(p, d, s, now)
		if !got.Equal(x.want) || (err != nil) != x.bad {
			t.Errorf("a signature that %s holds until %v, %v; want %v", x.name, got, err, x.want)
		}
	}
	for _, s := range []attestation.Signature{
		{Note: "done"},
		{By: "stf_1"},
		{By: "stf_1", Note: "  "},
		{By: "stf_1", Hash: []byte("short")},
		{By: "stf_1", Note: strings.Repeat("x", 501)},
	} {
		if _, err := attestation.Ends(p, d, s, now); fault.Of(err) != fault.Invalid {
			t.Errorf("%+v is accepted: %v", s, err)
		}
	}
}

func TestTheNewestSignatureOfADutyCounts(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		p := pack(t, "staff-training: P1Y, restore-drill: P3M")
		training, drill := find(t, p, "staff-training", ""), find(t, p, "restore-drill", "")
		sum := sha256.Sum256([]byte("the report"))
		sign := func(id int64, duty attestation.Duty, s attestation.Signature, until time.Time) {
			act := d.NewAct()
			attestation.Sign(act, id, duty, s, until, 100+id)
			if err := d.Commit(t.Context(), act); err != nil {
				t.Fatal(err)
			}
		}
		start := d.Now()
		sign(1, training, attestation.Signature{By: "stf_old", Note: "first round"}, start.Add(time.Hour))
		sign(2, training, attestation.Signature{By: "stf_new", Hash: sum[:]}, start.Add(300*24*time.Hour))
		act := d.NewAct()
		attestation.Assign(act, drill, "stf_jun")
		if err := d.Commit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		var (
			newest  map[string]attestation.Signed
			owners  map[string]string
			history []attestation.Signed
		)
		err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
			if newest, err = attestation.Newest(t.Context(), r); err != nil {
				return err
			}
			if history, err = attestation.History(t.Context(), r, training, 10); err != nil {
				return err
			}
			owners, err = attestation.Owners(t.Context(), r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if s := newest["staff-training"]; s.By != "stf_new" || s.Entry != 102 || len(s.Hash) != 64 || len(newest) != 1 {
			t.Errorf("the newest signatures are %+v", newest)
		}
		if len(history) != 2 || history[0].ID != 2 || history[1].Note != "first round" {
			t.Errorf("the history is %+v", history)
		}
		states := func(now time.Time) map[string]attestation.State {
			out := map[string]attestation.State{}
			for _, s := range attestation.Stand(p, start, now, newest, owners) {
				if s.About == "" {
					out[s.Name] = s.State
				}
				if s.Name == "restore-drill" && s.Owner != "stf_jun" {
					t.Errorf("nobody owns the drill")
				}
			}
			return out
		}
		day := 24 * time.Hour
		for _, x := range []struct {
			after           time.Duration
			training, drill attestation.State
		}{
			{day, attestation.Attested, attestation.Waiting},
			{100 * day, attestation.Attested, attestation.Overdue},
			{290 * day, attestation.DueSoon, attestation.Overdue},
			{300 * day, attestation.Overdue, attestation.Overdue},
		} {
			want := map[string]attestation.State{"staff-training": x.training, "restore-drill": x.drill}
			got := states(start.Add(x.after))
			for name := range got {
				if _, ok := want[name]; !ok {
					delete(got, name) // assumed ones of the pack's clauses
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %v (-want +got):\n%s", x.after, diff)
			}
		}
	})
}

func TestARecipientWhoseAuditIsLateIsNamedUntilItIsSigned(t *testing.T) {
	p, since := pack(t, "restore-drill: P3M"), dbtest.Start()
	push, err := p.Recipient("xiaomi-push")
	if err != nil {
		t.Fatal(err)
	}
	d := find(t, p, "recipient-audit", push.Name)
	first, _ := p.Calendar().Add(since, d.Every)
	signed := map[string]attestation.Signed{}
	stands := func(at time.Time) (bool, time.Time) {
		overdue, next := attestation.Unaudited(p, since, at, signed)
		return overdue.Has(push.No), next
	}
	if late, next := stands(first.Add(-time.Second)); late || !next.Equal(first) {
		t.Errorf("before its first audit is due it is late: %v, next %v, want %v", late, next, first)
	}
	if late, _ := stands(first); !late {
		t.Error("its first audit is due, and it is not late")
	}
	signed[d.Key()] = attestation.Signed{Until: first.Add(time.Hour)}
	if late, next := stands(first); late || !next.Equal(first.Add(time.Hour)) {
		t.Errorf("signed, it is late: %v, next %v", late, next)
	}
}
