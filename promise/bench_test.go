package promise_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/promise"
)

// BenchmarkBoard makes the board of GOSCOM Pro over a log of a million entries,
// spread over a year and every control. The target is 200 ms.
func BenchmarkBoard(b *testing.B) {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		b.Fatal(err)
	}
	p, _, err := policy.Load("goscom-pro.yaml", src, nil)
	if err != nil {
		b.Fatal(err)
	}
	c := dbtest.Config(b, db.SQLite, db.Data)
	clock := dbtest.NewClock()
	c.Clock = clock.Now
	d, err := db.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	log, err := audit.Open(b.Context(), audit.Config{Platform: "shop", Data: d, SignerFile: filepath.Join(b.TempDir(), "signer")})
	if err != nil {
		b.Fatal(err)
	}
	fillYear(b, d, log, clock)
	for b.Loop() {
		f := promise.Facts{Platform: "goscom-pro", Policy: p, Now: d.Now()}
		err := d.Read(b.Context(), func(r *db.Snapshot) (err error) {
			if f.Totals, err = audit.Totals(b.Context(), r); err != nil {
				return err
			}
			if f.Log, err = log.Standing(b.Context(), r); err != nil {
				return err
			}
			if f.Failed, err = job.List(b.Context(), r, job.Filter{State: job.Dead}); err != nil {
				return err
			}
			signed, err := attestation.Newest(b.Context(), r)
			f.Duties = attestation.Stand(p, dbtest.Start(), f.Now, signed, nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		if f.Log.Size < 1_000_000 || len(promise.New(&f).Rows) == 0 {
			b.Fatalf("the log has %d entries", f.Log.Size)
		}
	}
}

// fillYear appends a million entries over 365 days.
func fillYear(b *testing.B, d *db.DB, log *audit.Log, clock *dbtest.Clock) {
	controls := policy.Controls()
	const days, acts, size = 365, 11, 250
	for day := range days {
		for range acts {
			act := d.NewAct()
			for i := range size {
				_, err := log.Append(b.Context(), act, audit.Entry{Kind: audit.Used, Control: controls[(day+i)%len(controls)].ID})
				if err != nil {
					b.Fatal(err)
				}
			}
			if err := d.Commit(b.Context(), act); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := log.Sequence(b.Context()); err != nil {
			b.Fatal(err)
		}
		clock.Add(24 * time.Hour)
	}
}
