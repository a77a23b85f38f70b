package job

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// BenchmarkJobs enqueues jobs from 64 callers, each in an act of its own, and
// runs them with 16 workers that do nothing; backlog is how many wait when the
// clock starts for the second half.
func BenchmarkJobs(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run("enqueue/"+string(engine), func(b *testing.B) {
			fill(b, dbtest.Open(b, engine, db.Data))
		})
		b.Run("run/"+string(engine), func(b *testing.B) {
			d := dbtest.Open(b, engine, db.Data)
			fill(b, d)
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			var n atomic.Int64
			r := NewRunner(d, Config{Workers: 16, Batch: 128, Log: quiet()})
			r.Handle("step", func(context.Context, Job) error {
				if n.Add(1) == int64(b.N) {
					cancel()
				}
				return nil
			})
			b.ResetTimer()
			if err := r.Run(ctx); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

func fill(b *testing.B, d *db.DB) {
	b.Helper()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				a := d.NewAct()
				Enqueue(a, Job{Kind: "step", Ref: fmt.Sprintf("req-%d", i)})
				if err := d.Commit(b.Context(), a); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
}
