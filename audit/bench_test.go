package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// callers runs fn b.N times from n goroutines.
func callers(b *testing.B, n int, fn func(i int64) error) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := fn(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

// cpu returns the CPU time this process has used; the server's is not in it. On a
// busy machine its ratios are steadier than those of elapsed time.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report adds what a run of BenchmarkLog shows.
func report(b *testing.B, began time.Duration) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(b.N), "cpu-µs/entry")
}

// benchLog opens a log in a store with the engine's own clock.
func benchLog(b *testing.B, engine db.Engine) *world {
	b.Helper()
	c := dbtest.New(b, engine, db.Data)
	c.Clock = nil
	d, err := db.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	w := newWorld(b, d)
	w.cfg.Rand = nil
	w.Log = w.reopen()
	return w
}

func (w *world) benchAppend(b *testing.B) func(int64) error {
	return func(i int64) error {
		a := w.data.NewAct()
		if _, err := w.Append(b.Context(), a, used(1+i*7919%20000)); err != nil {
			return err
		}
		return w.data.Commit(b.Context(), a)
	}
}

// BenchmarkLog compares entries per second: "plain" inserts the same rows into an
// indexed table without tree, counters or checkpoint; "append" is the log with
// nobody sequencing; "tree" is the log with its
// sequencer beside it, and the time to place the last entry is counted.
func BenchmarkLog(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, n := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d/plain", engine, n), func(b *testing.B) { benchPlain(b, engine, n) })
			b.Run(fmt.Sprintf("%s/%d/append", engine, n), func(b *testing.B) {
				w := benchLog(b, engine)
				began := cpu(b)
				b.ResetTimer()
				callers(b, n, w.benchAppend(b))
				b.StopTimer()
				report(b, began)
			})
			b.Run(fmt.Sprintf("%s/%d/tree", engine, n), func(b *testing.B) {
				w := benchLog(b, engine)
				ctx, cancel := context.WithCancel(b.Context())
				done := make(chan struct{})
				go func() {
					defer close(done)
					if err := w.Run(ctx); err != nil {
						b.Error(err)
					}
				}()
				began := cpu(b)
				b.ResetTimer()
				callers(b, n, w.benchAppend(b))
				cancel()
				<-done
				lag := w.number(countPending)
				if _, err := w.Sequence(b.Context()); err != nil {
					b.Error(err)
				}
				b.StopTimer()
				b.ReportMetric(float64(lag), "lag")
				report(b, began)
			})
		}
	}
}

func benchPlain(b *testing.B, engine db.Engine, n int) {
	w := benchLog(b, engine)
	integer, bytes := "INTEGER", "BLOB"
	if engine == db.Postgres {
		integer, bytes = "BIGINT", "BYTEA"
	}
	w.exec(fmt.Sprintf(`CREATE TABLE plain_entry (id %[1]s PRIMARY KEY, at %[1]s NOT NULL, kind %[1]s NOT NULL, subject %[1]s, seal_key %[1]s, public %[2]s NOT NULL, sealed %[2]s)`, integer, bytes))
	w.exec(`CREATE INDEX plain_subject ON plain_entry (subject, at)`)
	insert := db.Declare(`INSERT INTO plain_entry (id, at, kind, subject, seal_key, public, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int int int int int bytes bytes")
	began := cpu(b)
	b.ResetTimer()
	callers(b, n, func(i int64) error {
		a := w.data.NewAct()
		p, err := w.Prepare(b.Context(), used(1+i*7919%20000))
		if err != nil {
			return err
		}
		setTime(p.public, a.Now())
		a.Do(insert, p.ID, a.Now().UnixMicro(), int64(p.kind), p.subject, int64(p.key), p.public, p.sealed)
		return w.data.Commit(b.Context(), a)
	})
	b.StopTimer()
	report(b, began)
}

// BenchmarkSequence measures the sequencer alone, and what an entry takes on disk.
func BenchmarkSequence(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			w := benchLog(b, engine)
			callers(b, 64, w.benchAppend(b))
			b.ResetTimer()
			w.sequence()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
			if engine == db.SQLite && b.N > 1000 {
				file := filepath.Join(b.TempDir(), "copy.db")
				if err := w.data.Backup(b.Context(), file, nil); err != nil {
					b.Fatal(err)
				}
				info, err := os.Stat(file)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(info.Size())/float64(b.N), "B/entry")
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			w := benchLog(b, engine)
			n := b.N
			for i := 0; i < n; i += 1000 {
				a := w.data.NewAct()
				for j := range min(1000, n-i) {
					if _, err := w.Append(b.Context(), a, used(int64(1+(i+j)*7919%20000))); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.data.Commit(b.Context(), a); err != nil {
					b.Fatal(err)
				}
			}
			w.sequence()
			b.ResetTimer()
			r := w.verify(Verify{})
			b.StopTimer()
			if r.Err() != nil {
				b.Fatal(r.Err())
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	d := sample()
	d.Fields = sorted(d.Fields)
	for b.Loop() {
		if _, err := Encode(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrepare(b *testing.B) {
	w := benchLog(b, db.SQLite)
	e := used(5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Prepare(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}
