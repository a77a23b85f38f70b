package db_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"
)

// The row of the benchmarks: 250 bytes for one of 1,000 subjects, with an index.
const (
	makeRow = `CREATE TABLE t_row (num BIGINTEGER NOT NULL PRIMARY KEY, subject BIGINTEGER NOT NULL, body BLOBBYTES NOT NULL)`
	makeIdx = `CREATE INDEX t_row_subject ON t_row (subject)`
	rowSQL  = `INSERT INTO t_row (num, subject, body) VALUES ($1, $2, $3)`

	subjects = 1000
)

var addRow = db.Declare(rowSQL, "int int bytes")

// BenchmarkInsert compares durable inserts of one row by many callers:
// ungrouped (a transaction for each), bare (a group commit written by hand for
// this one statement), act (through an Act) and guarded (through an Act with a
// shared precondition).
func BenchmarkInsert(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, callers := range []int{1, 16, 64, 256} {
			for _, how := range []string{"ungrouped", "bare", "act", "guarded"} {
				b.Run(fmt.Sprintf("%s/%d/%s", engine, callers, how), func(b *testing.B) {
					benchInsert(b, engine, callers, how)
				})
			}
		}
	}
}

func benchInsert(b *testing.B, engine db.Engine, callers int, how string) {
	run := newInserts(b, engine, callers, how)
	b.ReportAllocs()
	b.ResetTimer()
	took := run(b.N)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/took.Seconds(), "rows/s")
}

// BenchmarkInsertRatio runs the same four in turns of a moment each, so that what
// else the machine does weighs on all alike, and reports ratios of the medians.
func BenchmarkInsertRatio(b *testing.B) {
	hows := []string{"ungrouped", "bare", "act", "guarded"}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, callers := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", engine, callers), func(b *testing.B) {
				var runs []func(int) time.Duration
				for _, how := range hows {
					runs = append(runs, newInserts(b, engine, callers, how))
				}
				took := make([][]time.Duration, len(runs))
				for range max(b.N, 9) {
					for i, run := range runs {
						n := 40 * callers
						if i == 0 {
							n = 8 * callers
						}
						took[i] = append(took[i], run(n)/time.Duration(n))
					}
				}
				med := func(i int) float64 {
					slices.Sort(took[i])
					return float64(took[i][len(took[i])/2])
				}
				b.ReportMetric(1e9/med(1), "bare-rows/s")
				b.ReportMetric(med(0)/med(2), "act÷ungrouped")
				b.ReportMetric(med(1)/med(2), "act÷bare")
				b.ReportMetric(med(1)/med(3), "guarded÷bare")
			})
		}
	}
}

// newInserts opens a database and returns what inserts n rows into it.
func newInserts(b *testing.B, engine db.Engine, callers int, how string) func(n int) time.Duration {
	c := dbtest.New(b, engine, db.Data)
	d, err := db.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	makeBench(b, d)
	b.Cleanup(func() {
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	})
	insert := inserter(b, d, c, callers, how)
	body := make([]byte, 250)
	var num, end int64
	return func(n int) time.Duration {
		start := time.Now()
		end += int64(n)
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for {
					n := atomic.AddInt64(&num, 1)
					if n > end {
						return
					}
					if err := insert(b.Context(), n, n%subjects+1, body); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		num = end
		return time.Since(start)
	}
}

func makeBench(b *testing.B, d *db.DB) {
	makeTables(b, d)
	err := d.Tx(b.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{makeRow, makeIdx} {
			if sql == makeRow {
				sql = words(d.Engine(), sql)
			}
			if _, err := tx.Exec(b.Context(), sql); err != nil {
				return err
			}
		}
		for i := range subjects {
			tx.Do(addParent, i+1, 1)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

type insertFunc func(ctx context.Context, num, subject int64, body []byte) error

func inserter(b *testing.B, d *db.DB, c db.Config, callers int, how string) insertFunc {
	switch {
	case how == "act":
		return func(ctx context.Context, num, subject int64, body []byte) error {
			a := d.NewAct()
			a.Do(addRow, num, subject, body)
			return d.Commit(ctx, a)
		}
	case how == "guarded":
		return func(ctx context.Context, num, subject int64, body []byte) error {
			a := d.NewAct()
			a.Require(parent, subject, 1)
			a.Do(addRow, num, subject, body)
			return d.Commit(ctx, a)
		}
	case c.Engine == db.SQLite:
		return liteBare(b, c, how == "bare")
	case how == "bare":
		return postBare(b, c)
	default:
		return postUngrouped(b, c, callers)
	}
}

type bareRow struct {
	num, subject int64
	body         []byte
	done         chan error
}

// bareQueue gathers rows for writers that group by hand.
func bareQueue(b *testing.B, writers []func([]bareRow) error) insertFunc {
	queue := make(chan bareRow, 1024)
	var wg sync.WaitGroup
	for _, write := range writers {
		wg.Go(func() {
			for r := range queue {
				group := []bareRow{r}
				for more := true; more && len(group) < 512; {
					select {
					case r, ok := <-queue:
						if more = ok; ok {
							group = append(group, r)
						}
					default:
						more = false
					}
				}
				err := write(group)
				for _, r := range group {
					r.done <- err
				}
				runtime.Gosched()
			}
		})
	}
	b.Cleanup(func() { close(queue); wg.Wait() })
	return func(_ context.Context, num, subject int64, body []byte) error {
		r := bareRow{num, subject, body, make(chan error, 1)}
		queue <- r
		return <-r.done
	}
}

// liteBare inserts with the driver alone, each row in its own transaction or
// all that wait in one.
func liteBare(b *testing.B, c db.Config, grouped bool) insertFunc {
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(c.File))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	if err := conn.Exec("PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=2000"); err != nil {
		b.Fatal(err)
	}
	prepare := func(sql string) *sqlite3.Stmt {
		s, _, err := conn.Prepare(sql)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		return s
	}
	begin, commit := prepare("BEGIN IMMEDIATE"), prepare("COMMIT")
	insert := prepare("INSERT INTO t_row (num, subject, body) VALUES (?1, ?2, ?3)")
	write := func(rows []bareRow) error {
		if err := begin.Exec(); err != nil {
			return err
		}
		for _, r := range rows {
			insert.BindInt64(1, r.num)
			insert.BindInt64(2, r.subject)
			insert.BindBlob(3, r.body)
			if err := insert.Exec(); err != nil {
				return err
			}
		}
		return commit.Exec()
	}
	if grouped {
		return bareQueue(b, []func([]bareRow) error{write})
	}
	var mu sync.Mutex
	return func(_ context.Context, num, subject int64, body []byte) error {
		mu.Lock()
		defer mu.Unlock()
		return write([]bareRow{{num: num, subject: subject, body: body}})
	}
}

func postConnect(b *testing.B, c db.Config) *pgx.Conn {
	config, err := pgx.ParseConfig(c.DSN)
	if err != nil {
		b.Fatal(err)
	}
	config.RuntimeParams["search_path"] = c.Schema
	conn, err := pgx.ConnectConfig(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// postBare inserts all rows that wait with one INSERT over unnest.
func postBare(b *testing.B, c db.Config) insertFunc {
	const sql = `INSERT INTO t_row (num, subject, body) SELECT n, s, b FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS u (n, s, b)`
	var writers []func([]bareRow) error
	for range 2 {
		conn := postConnect(b, c)
		writers = append(writers, func(rows []bareRow) error {
			nums, subjects, bodies := make([]int64, len(rows)), make([]int64, len(rows)), make([][]byte, len(rows))
			for i, r := range rows {
				nums[i], subjects[i], bodies[i] = r.num, r.subject, r.body
			}
			_, err := conn.Exec(context.Background(), sql, nums, subjects, bodies)
			return err
		})
	}
	return bareQueue(b, writers)
}

// postUngrouped inserts each row on its own; the server groups the fsyncs.
func postUngrouped(b *testing.B, c db.Config, callers int) insertFunc {
	conns := make(chan *pgx.Conn, min(callers, 64))
	for range cap(conns) {
		conns <- postConnect(b, c)
	}
	return func(ctx context.Context, num, subject int64, body []byte) error {
		conn := <-conns
		defer func() { conns <- conn }()
		_, err := conn.Exec(ctx, rowSQL, num, subject, body)
		return err
	}
}
