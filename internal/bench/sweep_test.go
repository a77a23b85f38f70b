package bench

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/retention"
	"github.com/avow-dev/avow/subject"
)

// a clock that can be put forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// What a program without avow would do: rows with an index by which they end,
// deleted 500 in a transaction.
const deleteDue = `DELETE FROM bench_event WHERE id IN (SELECT id FROM bench_event WHERE due <= $1 ORDER BY due LIMIT 500)`

var insertEvent = db.Declare(`INSERT INTO bench_event (id, subject, due, body) VALUES ($1, $2, $3, $4)`, "int int int bytes")

// BenchmarkSweep ends the retention of events: rows of people, fifty each, whose
// thirty days are over.
func BenchmarkSweep(b *testing.B) {
	people := 200
	if full() {
		people = 4000
	}
	const each = 50
	for _, e := range engines() {
		b.Run(fmt.Sprintf("%s/%d", e, people*each), func(b *testing.B) {
			var c clock
			w := &town{bed: newBed(b, e, c.now, detailed(b))}
			w.people = make([]subject.ID, people)
			crowd(b, 64, people, func(i int) (err error) {
				w.people[i], err = w.register(i)
				return err
			})
			crowd(b, 64, people*each, func(i int) error {
				refusals, err := w.platform().Collect(b.Context(), w.people[i%people], "browse", []policy.Given{{Item: "net.ip", Value: "203.0.113.7"}}, platform.Actor{})
				if len(refusals) > 0 {
					err = fmt.Errorf("refused: %v", refusals)
				}
				return err
			})
			w.events(people * each)
			say(b, "%d events", people*each)
			c.ahead.Store(int64(40 * 24 * time.Hour))
			at := time.Now()
			report, err := w.platform().SweepRetention(b.Context(), retention.Options{}, nil)
			w.must(err)
			took := time.Since(at)
			if report.Rows() != people*each {
				b.Fatalf("the sweep ended %d rows, want %d", report.Rows(), people*each)
			}
			at = time.Now()
			w.forget()
			plain := time.Since(at)
			b.ReportMetric(float64(people*each)/took.Seconds(), "events/s")
			b.ReportMetric(float64(people)/took.Seconds(), "people/s")
			b.ReportMetric(float64(people*each)/plain.Seconds(), "bare-events/s")
			b.ReportMetric(plain.Seconds()/took.Seconds(), "bare÷avow")
			b.ReportMetric(0, "ns/op")
			w.stop()
		})
	}
}

// events fills the bare table.
func (w *town) events(n int) {
	number, bytes := "INTEGER", "BLOB"
	if w.data.Engine() == db.Postgres {
		number, bytes = "BIGINT", "BYTEA"
	}
	w.must(w.data.Tx(w.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{
			fmt.Sprintf("CREATE TABLE bench_event (id %[1]s PRIMARY KEY, subject %[1]s NOT NULL, due %[1]s NOT NULL, body %[2]s NOT NULL)", number, bytes),
			"CREATE INDEX bench_event_due ON bench_event (due)",
		} {
			if _, err := tx.Exec(w.Context(), sql); err != nil {
				return err
			}
		}
		for i := range n {
			tx.Do(insertEvent, int64(i), int64(i%len(w.people)), tx.Now().UnixMicro()+int64(i), []byte(strings.Repeat("x", 64)))
		}
		return nil
	}))
}

// forget deletes what is due of the bare table.
func (w *town) forget() {
	for n := int64(500); n == 500; {
		w.must(w.data.Tx(w.Context(), func(tx *db.Tx) (err error) {
			n, err = tx.Exec(w.Context(), deleteDue, tx.Now().UnixMicro())
			return err
		}))
	}
}

// BenchmarkSignIn asks for codes to sign in with, for addresses that somebody has
// and that nobody has, in pairs of which chance says who is first, and compares how long the answers take: the
// greatest distance of the two distributions (Kolmogorov and Smirnov) is to stay
// under what chance alone exceeds once in a hundred times.
func BenchmarkSignIn(b *testing.B) {
	n := 300
	if full() {
		n = 2000
	}
	for _, e := range engines() {
		b.Run(string(e), func(b *testing.B) {
			w := newTown(b, e)
			w.grow(n)
			var times [2][]time.Duration
			first, chance := 0, rand.New(rand.NewPCG(1, 2))
			for i := range 2 * n {
				if i%2 == 0 {
					first = chance.IntN(2)
				}
				who := i%2 ^ first
				address := fmt.Sprintf("p%d@example.%s", i/2, []string{"org", "com"}[who])
				at := time.Now()
				_, err := w.platform().BeginSignIn(b.Context(), "email", platform.NewPersonal(address))
				times[who] = append(times[who], time.Since(at))
				w.must(err)
			}
			for who, name := range []string{"known", "unknown"} {
				slices.SortFunc(times[who], cmp.Compare)
				b.ReportMetric(ms(times[who][n/2]), name+"-p50-ms")
				b.ReportMetric(ms(times[who][n*9/10]), name+"-p90-ms")
			}
			b.ReportMetric(distance(times[0], times[1]), "distance")
			b.ReportMetric(1.628*math.Sqrt(2/float64(n)), "distance-1%")
			b.ReportMetric(0, "ns/op")
			w.stop()
		})
	}
}

// distance returns the greatest difference between two distributions, sorted and of
// the same size.
func distance(a, b []time.Duration) (most float64) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if a[i] <= b[j] {
			i++
		} else {
			j++
		}
		most = max(most, math.Abs(float64(i-j))/float64(len(a)))
	}
	return most
}
