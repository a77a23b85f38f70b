package vault_test

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// callers is how many goroutines ask at once.
var callers = []int{1, 16, 64, 256}

// rounds of bare and governed work take turns, so that a slow minute of the
// machine hits both.
const rounds = 5

// What a program without avow would do, through the same group commit: write a
// value in a table clustered by person, with the index by which it ends; write an
// access in a log, with the index by which a person's own are found.
var (
	bareValue = db.Declare(`INSERT INTO bench_value (subject, id, at, due, body) VALUES ($1, $2, $3, $4, $5)`, "int int int int bytes")
	bareEntry = db.Declare(`INSERT INTO bench_entry (id, subject, at, body) VALUES ($1, $2, $3, $4)`, "int int int bytes")
)

// BenchmarkGoverned compares a governed write and a strictly logged read with
// the bare, group-committed insert of a row of the same shape and bytes on the
// same engine: a value, and an entry of a log. The metrics are operations per
// second and their ratio, medians over interleaved rounds, and what an entry's
// place in the order costs afterwards: tree, checkpoint and its subject's list.
func BenchmarkGoverned(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		for _, n := range callers {
			b.Run(fmt.Sprintf("collect/%s/%d", e, n), func(b *testing.B) {
				s, people := crowd(b, e)
				item := policy.Given{Item: "net.ip", Value: "203.0.113.7"}
				compare(b, s, n, bareValues(b, s, people), func(i int64) error {
					_, err := s.vault.Collect(b.Context(), vault.Collection{Subject: people[i%int64(len(people))], Point: "browse", Given: []policy.Given{item}})
					return err
				})
			})
			b.Run(fmt.Sprintf("use/%s/%d", e, n), func(b *testing.B) {
				s, people := crowd(b, e)
				ask := s.ask(0, "account", "account.email")
				compare(b, s, n, bareEntries(b, s, people), func(i int64) error {
					u := *ask
					u.Subject = people[i%int64(len(people))]
					a, err := s.vault.Use(b.Context(), &u, gate.Actor{})
					if err == nil && !a.Decision.Allowed {
						err = fmt.Errorf("denied: %v", a.Decision.Reasons)
					}
					return err
				})
			})
		}
	}
}

// crowd registers people, each with the classes that the benches write to.
func crowd(b *testing.B, e db.Engine) (*stack, []int64) {
	b.Helper()
	s := newStack(b, e)
	people := make([]int64, 512)
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			people[i] = s.person(fmt.Sprintf("p%d@example.org", i), phone)
			s.collect(people[i], "browse", policy.Given{Item: "net.ip", Value: "203.0.113.7"})
		})
	}
	wg.Wait()
	_, err := s.log.Sequence(b.Context())
	s.must(err)
	kind := map[db.Engine][]string{db.SQLite: {"INT", "INTEGER", "BLOB", "BLOB"}, db.Postgres: {"INT", "BIGINT", "BLOB", "BYTEA"}}[e]
	s.must(s.data.Tx(b.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{
			"CREATE TABLE bench_value (subject INT NOT NULL, id INT NOT NULL, at INT NOT NULL, due INT, body BLOB NOT NULL, PRIMARY KEY (subject, id))",
			"CREATE INDEX bench_value_due ON bench_value (due)",
			"CREATE TABLE bench_entry (id INT PRIMARY KEY, subject INT NOT NULL, at INT NOT NULL, body BLOB NOT NULL)",
			"CREATE INDEX bench_entry_subject ON bench_entry (subject, at)",
		} {
			sql = strings.NewReplacer(kind...).Replace(sql)
			if e == db.SQLite && strings.Contains(sql, "bench_value (subject") {
				sql += " WITHOUT ROWID"
			}
			if _, err := tx.Exec(b.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	}))
	return s, people
}

func bareValues(b *testing.B, s *stack, people []int64) func(int64) error {
	body := make([]byte, 64)
	rand.Read(body)
	return func(i int64) error {
		n, err := s.data.Number(b.Context(), "bench")
		if err != nil {
			return err
		}
		act := s.data.NewAct()
		at := act.Now().UnixMicro()
		act.Do(bareValue, people[i%int64(len(people))], n, at, at, body)
		return s.data.Commit(b.Context(), act)
	}
}

func bareEntries(b *testing.B, s *stack, people []int64) func(int64) error {
	body := make([]byte, 150)
	rand.Read(body)
	return func(i int64) error {
		n, err := s.data.Number(b.Context(), "bench")
		if err != nil {
			return err
		}
		act := s.data.NewAct()
		act.Do(bareEntry, n, people[i%int64(len(people))], act.Now().UnixMicro(), body)
		return s.data.Commit(b.Context(), act)
	}
}

// compare runs bare and fn in turns.
func compare(b *testing.B, s *stack, callers int, bare, fn func(i int64) error) {
	b.Helper()
	per := max(callers*20, 400)
	drive(b, callers, per, bare) // warm
	drive(b, callers, per, fn)
	b.ResetTimer()
	var plain, governed, ratio, plainCPU, governedCPU []float64
	for b.Loop() {
		for range rounds {
			before := cpu()
			p := drive(b, callers, per, bare)
			between := cpu()
			g := drive(b, callers, per, fn)
			after := cpu()
			plain, governed, ratio = append(plain, p), append(governed, g), append(ratio, g/p)
			plainCPU = append(plainCPU, float64((between-before).Microseconds())/float64(per))
			governedCPU = append(governedCPU, float64((after-between).Microseconds())/float64(per))
		}
	}
	began := cpu()
	placed, err := s.log.Sequence(b.Context())
	s.must(err)
	b.ReportMetric(float64((cpu()-began).Microseconds())/float64(placed), "order-cpu-µs")
	b.ReportMetric(median(plain), "bare/s")
	b.ReportMetric(median(governed), "governed/s")
	b.ReportMetric(median(ratio), "ratio")
	b.ReportMetric(median(plainCPU), "bare-cpu-µs")
	b.ReportMetric(median(governedCPU), "governed-cpu-µs")
	b.ReportMetric(0, "ns/op")
}

// drive has callers do n operations together and returns operations a second.
func drive(b *testing.B, callers, n int, fn func(i int64) error) float64 {
	b.Helper()
	var (
		wg   sync.WaitGroup
		next atomic.Int64
	)
	begin := time.Now()
	for range callers {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(n) {
					return
				}
				if err := fn(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(begin).Seconds()
}

// cpu returns the processor time of this process so far: what an operation
// costs, however busy the machine is. PostgreSQL's own share is not in it.
func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func median(v []float64) float64 {
	slices.SortFunc(v, cmp.Compare)
	return v[len(v)/2]
}

// BenchmarkErase erases everything about a person, acknowledged with the keys
// destroyed, by 16 callers. The metrics are erasures a second and processor time,
// their ends in the log among it.
func BenchmarkErase(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) {
			s := newStack(b, e)
			people := make([]int64, b.N)
			drive(b, 64, b.N, func(i int64) error {
				people[i-1] = s.person(fmt.Sprintf("p%d@example.org", i), phone)
				return nil
			})
			before := cpu()
			b.ResetTimer()
			rate := drive(b, 16, b.N, func(i int64) error {
				_, err := s.vault.Erase(b.Context(), vault.Erasure{Subject: people[i-1], Everything: true})
				return err
			})
			s.must(s.vault.Settle(b.Context()))
			b.ReportMetric(rate, "erasures/s")
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs")
			b.ReportMetric(0, "ns/op")
		})
	}
}
