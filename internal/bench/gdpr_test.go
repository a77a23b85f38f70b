package bench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
	"github.com/avow-dev/avow/internal/db"
)

const (
	gdprCallers = 8
	gdprTurns   = 4 // in which avow and the bare tables take the operations of a role
	gdprSeed    = 2020
)

// A value is one of an answer: of metadata, without data.
type value struct {
	key  int
	data string
}

// An answer is what a store answered.
type answer struct {
	values  []value
	entries int   // of the log
	refused []int // users whose objection may have kept their records back
}

// A store answers operations.
type store interface {
	do(ctx context.Context, o gdprbench.Op, revision int) (answer, error)
	bytes() int64
	personal() int64
}

// A side is a store with what is known about it.
type side struct {
	store
	name   string // what metrics call it
	scale  gdprbench.Scale
	oracle *gdprbench.Oracle
	draw   *gdprbench.Draw
	next   int // record that is created next

	mu      sync.Mutex
	asked   []asked         // to be checked; guarded by mu
	times   []time.Duration // guarded by mu
	verbs   map[gdprbench.Verb][]time.Duration
	took    time.Duration
	cpu     time.Duration // of this process; PostgreSQL's own is not in it
	checked int
}

// An asked is an operation with its answer.
type asked struct {
	op       gdprbench.Op
	from, to int64
	answer   answer
}

func newSide(name string, s store, scale gdprbench.Scale) *side {
	return &side{store: s, name: name, scale: scale, oracle: gdprbench.NewOracle(scale), next: scale.Records, verbs: map[gdprbench.Verb][]time.Duration{}}
}

// BenchmarkGDPR runs the four roles of GDPRbench on avow, every operation logged
// durably, and on bare tables with an index for every field, which log nothing and
// are used as programs use them (SQLite through database/sql, PostgreSQL through pgx),
// with a durable transaction for each operation: eight callers, in turns. bare÷avow
// says how many times faster than the table on its own engine avow is. The embedded
// engine is also held against the table on PostgreSQL (postgres÷avow) and against a
// program that does without database/sql (native÷avow).
func BenchmarkGDPR(b *testing.B) {
	sizes := []int{10_000}
	if full() {
		sizes = []int{100_000, 1_000_000}
	}
	for _, e := range engines() {
		for _, n := range sizes {
			b.Run(fmt.Sprintf("%s/%d", e, n), func(b *testing.B) { gdpr(b, e, gdprbench.Scale{Records: n}) })
		}
	}
}

func gdpr(b *testing.B, e db.Engine, s gdprbench.Scale) {
	start := newCatalogue()
	at := time.Now()
	g := loadGoverned(newBed(b, e, nil, start.policy(b)), s)
	load := time.Since(at)
	say(b, "avow loaded in %s", load.Round(time.Second))
	plain := loadBare(b, e, s, usual(e))
	sides := []*side{newSide("avow", g, s), newSide("bare", plain, s)} // in the order of their turns
	if e == db.SQLite {
		sides = append(sides, newSide("native", loadBare(b, e, s, openNative), s), newSide("postgres", loadBare(b, db.Postgres, s, openPost), s))
	}
	b.Run("space", func(b *testing.B) {
		for range b.N {
		}
		b.ReportMetric(float64(g.bytes())/float64(g.personal()), "avow÷personal")
		b.ReportMetric(float64(plain.bytes())/float64(plain.personal()), "bare÷personal")
		b.ReportMetric(float64(s.Records)/load.Seconds(), "loaded/s")
		b.ReportMetric(0, "ns/op")
	})
	for _, r := range gdprbench.Roles() {
		b.Run(string(r), func(b *testing.B) { role(b, sides, r, s) })
	}
	g.stop()
}

// operations is how many of a role are asked for: fewer where each is a large one.
func operations(r gdprbench.Role, s gdprbench.Scale) int {
	switch {
	case !full():
		return 400
	case s.Records >= 1_000_000 && (r == gdprbench.Controller || r == gdprbench.Processor):
		return 120
	case r == gdprbench.Customer || r == gdprbench.Regulator:
		return 10_000 // a thousand take a tenth of a second
	}
	return 1000
}

func role(b *testing.B, sides []*side, r gdprbench.Role, s gdprbench.Scale) {
	n := operations(r, s)
	for _, d := range sides {
		d.draw = gdprbench.NewDraw(r, s, gdprSeed+uint64(b.N), d.next)
		d.run(b, n/20) // warm
		d.took, d.cpu, d.times, d.verbs = 0, 0, nil, map[gdprbench.Verb][]time.Duration{}
	}
	b.ResetTimer()
	for range b.N {
		for range gdprTurns {
			for _, d := range sides {
				d.run(b, n/gdprTurns)
			}
		}
	}
	b.StopTimer()
	total := float64(n / gdprTurns * gdprTurns * b.N)
	own := sides[0]
	for _, d := range sides {
		name := d.name
		slices.Sort(d.times)
		b.ReportMetric(ms(d.took)/total, name+"-ms")
		b.ReportMetric(float64(d.cpu.Microseconds())/total, name+"-cpu-µs")
		b.ReportMetric(ms(d.times[len(d.times)*99/100]), name+"-p99-ms")
		b.ReportMetric(float64(d.checked), name+"-checked")
		for v, times := range d.verbs {
			slices.Sort(times)
			b.ReportMetric(ms(times[len(times)/2]), fmt.Sprintf("%s-%s-p50-ms", name, v))
		}
	}
	for _, d := range sides[1:] {
		ratio := d.took.Seconds() / own.took.Seconds()
		b.ReportMetric(ratio, d.name+"÷avow")
		say(b, "%.3f ms an operation, %s %.3f: %.2f", ms(own.took)/total, d.name, ms(d.took)/total, ratio)
	}
	b.ReportMetric(0, "ns/op")
}

// run asks for n operations and checks the answers afterwards.
func (d *side) run(b *testing.B, n int) {
	b.Helper()
	ops := make([]gdprbench.Op, n)
	for i := range ops {
		ops[i] = d.draw.Next()
	}
	d.next = d.draw.Created()
	at, before := time.Now(), cpu()
	times := crowd(b, gdprCallers, n, func(i int) error { return d.ask(b.Context(), ops[i]) })
	d.took += time.Since(at)
	d.cpu += cpu() - before
	d.times = append(d.times, times...)
	for _, a := range d.asked {
		if err := d.check(a); err != nil {
			b.Fatalf("verb %d of record %d: %v", a.op.Verb, a.op.Key, err)
		}
	}
	d.asked = nil
}

func (d *side) ask(ctx context.Context, o gdprbench.Op) error {
	revision := 0
	change := o.Verb == gdprbench.Create || o.Verb == gdprbench.Delete || o.Verb == gdprbench.UpdateData
	if change {
		revision = d.oracle.Begin(o.Verb, o.Key)
	}
	from := d.oracle.Now()
	at := time.Now()
	got, err := d.do(ctx, o, revision)
	took := time.Since(at)
	if err != nil {
		return fmt.Errorf("verb %d of record %d: %w", o.Verb, o.Key, err)
	}
	to := d.oracle.Now()
	if change {
		d.oracle.Done(o.Verb, o.Key, revision)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, asked{o, from, to, got})
	d.verbs[o.Verb] = append(d.verbs[o.Verb], took)
	return nil
}

// check holds an answer against the oracle: every value that it has, and every
// record that it ought to have.
func (d *side) check(a asked) error {
	if a.op.Verb == gdprbench.ReadLogs {
		d.checked++
		if a.answer.entries != a.op.Limit {
			return fmt.Errorf("%d entries, want %d", a.answer.entries, a.op.Limit)
		}
		return nil
	}
	got := map[int]bool{}
	for _, v := range a.answer.values {
		if got[v.key] {
			return fmt.Errorf("record %d was answered twice", v.key)
		}
		got[v.key] = true
		if v.data == "" {
			continue
		}
		if err := d.oracle.Reads(v.key, a.from, a.to, v.data); err != nil {
			return err
		}
	}
	refused := map[int]bool{}
	for _, u := range a.answer.refused {
		refused[u] = true
	}
	for _, k := range d.wanted(a.op) {
		d.checked++
		if refused[d.scale.User(k)] {
			continue
		}
		if err := d.oracle.Holds(k, a.from, a.to, got[k]); err != nil {
			return err
		}
	}
	return nil
}

// wanted lists the records that an answer is about.
func (d *side) wanted(o gdprbench.Op) (list []int) {
	var users []int
	switch o.Verb {
	case gdprbench.ReadData, gdprbench.ReadMeta, gdprbench.VerifyDeletion:
		return []int{o.Key}
	case gdprbench.ReadUser, gdprbench.ReadMetaUser:
		users = []int{d.scale.User(o.Key)}
	case gdprbench.ReadPurpose:
		users = every(gdprbench.Purposes, gdprbench.Purpose(o.Key), d.scale.Users())
	case gdprbench.ReadObjection: // a customer's choice moves a record of a bare table elsewhere
		if _, ok := d.store.(*governed); ok {
			users = every(gdprbench.Objections, gdprbench.Objection(o.Key), d.scale.Users())
		}
	}
	most := int(math.Ceil(float64(d.next) / float64(d.scale.Users())))
	for _, u := range users {
		for slot := range most {
			list = append(list, d.scale.Key(u, slot))
		}
	}
	return list
}
