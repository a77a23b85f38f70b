package recipient_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
)

// A recipient that failed gets nothing until the same was found anew and passed; one
// in breach, until an audit passed.
func TestASuspensionEndsByAFindingAlone(t *testing.T) {
	now := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	pass := func(k recipient.Kind) recipient.Finding { return recipient.Finding{Kind: k, Passed: true} }
	fail := func(k recipient.Kind) recipient.Finding { return recipient.Finding{Kind: k} }
	until := func(k recipient.Kind, t time.Time) recipient.Finding {
		return recipient.Finding{Kind: k, Passed: true, Until: t}
	}
	for name, c := range map[string]struct {
		found               []recipient.Finding
		reviewed, suspended bool
	}{
		"nobody looked":              {nil, false, false},
		"one assessment":             {[]recipient.Finding{pass(recipient.Ability)}, false, false},
		"both":                       {[]recipient.Finding{pass(recipient.Ability), pass(recipient.Security)}, true, false},
		"one failed":                 {[]recipient.Finding{pass(recipient.Ability), fail(recipient.Security)}, false, true},
		"failed, then passed":        {[]recipient.Finding{pass(recipient.Ability), fail(recipient.Security), pass(recipient.Security)}, true, false},
		"passed, then failed":        {[]recipient.Finding{pass(recipient.Ability), pass(recipient.Security), fail(recipient.Ability)}, false, true},
		"over":                       {[]recipient.Finding{pass(recipient.Ability), until(recipient.Security, now)}, false, false},
		"not over":                   {[]recipient.Finding{pass(recipient.Ability), until(recipient.Security, now.Add(1))}, true, false},
		"failed audit":               {[]recipient.Finding{fail(recipient.Audit), pass(recipient.Ability), pass(recipient.Security)}, true, true},
		"failed audit, then passed":  {[]recipient.Finding{fail(recipient.Audit), pass(recipient.Audit)}, false, false},
		"breach":                     {[]recipient.Finding{pass(recipient.Audit), fail(recipient.Breach)}, false, true},
		"breach, then an audit":      {[]recipient.Finding{fail(recipient.Breach), pass(recipient.Audit)}, false, false},
		"breach, then a failed one":  {[]recipient.Finding{fail(recipient.Breach), fail(recipient.Audit)}, false, true},
		"breach, then an assessment": {[]recipient.Finding{fail(recipient.Breach), pass(recipient.Ability)}, false, true},
		"breach, audit, breach":      {[]recipient.Finding{fail(recipient.Breach), pass(recipient.Audit), fail(recipient.Breach)}, false, true},
	} {
		for i := range c.found {
			c.found[i].ID, c.found[i].Recipient = int64(i+1), 3
		}
		j := recipient.Judge(c.found, now)
		if j.Reviewed.Has(3) != c.reviewed || j.Suspended.Has(3) != c.suspended {
			t.Errorf("%s: reviewed %v, suspended %v", name, j.Reviewed.Has(3), j.Suspended.Has(3))
		}
		if j.Reviewed.Has(4) || j.Suspended.Has(4) {
			t.Errorf("%s: another recipient is judged", name)
		}
	}
	if j := recipient.Judge([]recipient.Finding{
		{ID: 1, Recipient: 3, Kind: recipient.Ability, Passed: true, Until: now.Add(2 * time.Hour)},
		{ID: 2, Recipient: 3, Kind: recipient.Security, Passed: true, Until: now.Add(time.Hour)},
	}, now); !j.Until.Equal(now.Add(time.Hour)) {
		t.Errorf("it holds until %v", j.Until)
	}
}

func TestFindingsAndAcceptancesAreReadAsTheyWereWritten(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		act := d.NewAct()
		f := recipient.Finding{
			ID: 7, Recipient: 3, Kind: recipient.Audit, Document: "r/7.pdf", Remedy: recipient.Delete, By: "stf_1", At: act.Now(), Entry: 9,
			Until: act.Now().Add(time.Hour),
		}
		a := recipient.Acceptance{ID: 8, Recipient: 3, Version: 2, Hash: []byte{1, 2}, Document: "c/7.pdf", By: "stf_1", At: act.Now(), Entry: 10}
		recipient.Find(act, f)
		recipient.Accept(act, a)
		act.Change(recipient.Row, recipient.Key, 1)
		if err := d.Commit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		late := d.NewAct()
		late.Require(recipient.Row, recipient.Key, 1)
		if err := d.Commit(t.Context(), late); !db.Lost(err) {
			t.Errorf("an act on the ledger before: %v", err)
		}
		err := d.Read(t.Context(), func(r *db.Snapshot) error {
			found, err := recipient.Findings(t.Context(), r)
			if err != nil {
				return err
			}
			if x := cmp.Diff([]recipient.Finding{f}, found); x != "" {
				t.Error(x)
			}
			have, err := recipient.Acceptances(t.Context(), r)
			if err != nil {
				return err
			}
			if x := cmp.Diff([]recipient.Acceptance{a}, have); x != "" {
				t.Error(x)
			}
			for version, want := range map[int64]bool{1: false, 2: true} {
				set, err := recipient.Accepted(t.Context(), r, version)
				if err != nil || set.Has(policy.RecipientNo(3)) != want {
					t.Errorf("version %d: %v %v", version, set.Has(3), err)
				}
			}
			if v, err := recipient.Version(t.Context(), r); v != 2 || err != nil {
				t.Errorf("version %d %v", v, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
