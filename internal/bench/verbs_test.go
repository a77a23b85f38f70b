package bench

import (
	"fmt"
	"os"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

func BenchmarkVerbs(b *testing.B) {
	const n, callers = 8000, 16
	w := newTown(b, db.SQLite)
	ctx := w.Context()
	ids := make([]subject.ID, n)
	phase := func(name string, fn func(i int) error) {
		time.Sleep(1500 * time.Millisecond)
		if d := os.Getenv("PROF"); d != "" {
			f, _ := os.Create(d + "/" + name + ".prof")
			pprof.StartCPUProfile(f)
			defer f.Close()
			defer pprof.StopCPUProfile()
		}
		io0 := procIO()
		before, at := cpu(), time.Now()
		times := crowd(b, callers, n, fn)
		el := time.Since(at)
		w.parts.Vault.Settle(ctx)
		io1 := procIO()
		b.ReportMetric(float64(io1[0]-io0[0])/n, name+"-writes")
		b.ReportMetric(float64(io1[1]-io0[1])/n, name+"-bytes")
		b.ReportMetric(float64((cpu()-before).Microseconds())/n, name+"-cpu-µs")
		b.ReportMetric(n/el.Seconds(), name+"/s")
		b.ReportMetric(ms(times[n*99/100]), name+"-p99-ms")
	}
	phase("register", func(i int) (err error) {
		id, refusals, err := w.platform().Register(ctx, platform.Registration{Accepted: true, Adult: true, Point: "registration", Given: []policy.Given{
			{Item: "account.email", Value: fmt.Sprintf("p%d@example.org", i), Voluntary: true},
			{Item: "account.phone", Value: fmt.Sprintf("+49 30 9%07d", i), Voluntary: true},
		}})
		if len(refusals) > 0 {
			return fmt.Errorf("refused: %v", refusals)
		}
		ids[i] = id
		return err
	})
	phase("use", func(i int) error {
		a, err := w.platform().Use(ctx, platform.Use{Subject: ids[i*7919%n], Items: []string{"account.email"}, Purpose: "account"})
		if err == nil && !a.Decision.Allowed {
			err = fmt.Errorf("denied: %v", a.Decision.Reasons)
		}
		return err
	})
	phase("erase", func(i int) error {
		_, err := w.platform().Erase(ctx, ids[i], platform.Erasure{Everything: true, By: platform.Self(ids[i])})
		return err
	})
	b.ReportMetric(0, "ns/op")
	w.stop()
}

func procIO() (out [2]int64) {
	t, _ := os.ReadFile("/proc/self/io")
	var r, w, sr, sw int64
	fmt.Sscanf(string(t), "rchar: %d\nwchar: %d\nsyscr: %d\nsyscw: %d", &r, &w, &sr, &sw)
	return [2]int64{sw, w}
}
