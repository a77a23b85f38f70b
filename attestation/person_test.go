package attestation_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func published(t *testing.T, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhoIsNotTrainedLacksIt(t *testing.T) {
	p, now := published(t, "go-soft"), dbtest.Start()
	pledge := func(duty string, until time.Time) attestation.Pledge {
		return attestation.Pledge{Duty: duty, Signed: attestation.Signed{Until: until}}
	}
	trained, bound := pledge(attestation.Training, now.Add(time.Hour)), pledge(attestation.Undertaking, now.Add(2*time.Hour))
	over := pledge(attestation.Training, now)
	for name, c := range map[string]struct {
		have []attestation.Pledge
		want string
	}{
		"nothing":       {nil, attestation.Training},
		"trained alone": {[]attestation.Pledge{trained}, attestation.Undertaking},
		"both":          {[]attestation.Pledge{trained, bound}, ""},
		"training over": {[]attestation.Pledge{over, bound}, attestation.Training},
	} {
		got, until := attestation.Lacks(p, c.have, now)
		if got != c.want || got == "" && !until.Equal(trained.Until) {
			t.Errorf("%s: lacks %q until %s", name, got, until)
		}
	}
	if got, _ := attestation.Lacks(published(t, "goscom-pro"), nil, now); got != "" {
		t.Errorf("a policy that asks for nothing lacks %q", got)
	}
	if _, err := attestation.AskedOf(p, "log-review"); fault.Of(err) != fault.NotFound {
		t.Errorf("a duty that is asked of nobody alone: %v", err)
	}
}

func TestTheNewestPledgeOfEachDutyIsKept(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		p := published(t, "go-soft")
		duty, err := attestation.AskedOf(p, attestation.Training)
		if err != nil {
			t.Fatal(err)
		}
		for n := range int64(2) {
			act := d.NewAct()
			attestation.Pledged(act, "stf_mei", duty, attestation.Signature{By: "stf_jun", Note: "course"}, dbtest.Start().Add(time.Duration(n+1)*time.Hour), n+1)
			if err := d.Commit(t.Context(), act); err != nil {
				t.Fatal(err)
			}
		}
		err = d.Read(t.Context(), func(r *db.Snapshot) error {
			got, err := attestation.Pledges(t.Context(), r, "stf_mei")
			if err == nil && (len(got) != 1 || got[0].Entry != 2 || !got[0].Until.Equal(dbtest.Start().Add(2*time.Hour))) {
				t.Errorf("kept: %+v", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
