package report

import (
	"fmt"
	"slices"
)

// A cell is what one engine showed.
type cell struct {
	text string
	met  bool
	seen bool // it was measured
}

// A rank says what a figure counts as.
type rank int

const (
	absent   rank = iota // the engine has no part in it
	target               // a target that the design names for this engine
	likewise             // a target of the design, on PostgreSQL, which it does not name there
	ours                 // a bound of our own, which the design does not name
	shown                // a figure without a bound
)

func (k rank) bound() bool { return k == target || k == likewise || k == ours }

// A row is one figure with its bound, on the embedded engine and on PostgreSQL.
type row struct {
	work, bound string
	cells       [2]cell
	ranks       [2]rank
}

// engines returns the names of the engines in the names of benchmarks.
func engines() [2]string { return [2]string{"sqlite", "postgres"} }

func unique(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// pair is a row whose target the design names for both engines.
func pair(work, bound string, cells func(engine int) cell) row {
	return row{work, bound, [2]cell{cells(0), cells(1)}, [2]rank{target, target}}
}

// first is a row whose target the design names without an engine: it is counted on
// the embedded one, which is what runs unless somebody says otherwise, and PostgreSQL
// apart.
func first(work, bound string, cells func(engine int) cell) row {
	return row{work, bound, [2]cell{cells(0), cells(1)}, [2]rank{target, likewise}}
}

// single is a row that has nothing to do with the engine, or only with the embedded
// one.
func single(work, bound string, c cell) row {
	return row{work, bound, [2]cell{c}, [2]rank{target, absent}}
}

// own is the row with a bound of our own: the design does not name it, or not at this
// size.
func (x row) own() row {
	for e, k := range x.ranks {
		if k.bound() {
			x.ranks[e] = ours
		}
	}
	return x
}

// from is the row where the size is at least that of the design, and else of our own.
func (x row) from(size, least int) row {
	if size >= least {
		return x
	}
	return x.own()
}

// rows makes every row: the design's targets (DESIGN §12), and further figures.
func (r Results) rows() (out []row) {
	out = append(out, r.decisions()...)
	out = append(out, r.governed()...)
	out = append(out, r.requests()...)
	out = append(out, r.growth()...)
	out = append(out, r.standing()...)
	out = append(out, r.roles()...)
	return append(out, r.others()...)
}

func (r Results) decisions() []row {
	out := []row{single("decide, facts in hand", "≤ 25 ns, 0 allocations",
		r.all("%.0f ns, %.0f allocations", metric{"DecideAllowed", "ns/op", 0, 25}, metric{"DecideAllowed", "allocs/op", 0, 0}))}
	for _, n := range last(r.sizes("DecideInMemory/"), 1) {
		out = append(out, single(fmt.Sprintf("decide, with the state of one of %s people in memory", count(n)), "≤ 300 ns",
			r.all("%.0f ns", metric{fmt.Sprint("DecideInMemory/", n), "ns/op", 0, 300})).from(n, 1_000_000))
	}
	return out
}

// governed makes the rows that compare with bare inserts.
func (r Results) governed() []row {
	ratio := func(least [2]float64, format, name, unit string) func(int) cell {
		return func(e int) cell { return r.all(format, metric{fmt.Sprintf(name, engines()[e]), unit, least[e], 0}) }
	}
	for _, e := range engines() {
		r.divide("Log/"+e+"/64/", "tree", "plain", "entries/s")
	}
	return []row{
		pair("collect one value ÷ bare insert of the same bytes, 64 callers", "≥ 0.85; ≥ 0.5", ratio([2]float64{.85, .5}, "%.2f", "Governed/collect/%s/64", "ratio")),
		pair("use one value ÷ bare insert of an entry, 64 callers", "≥ 0.7; ≥ 0.4", ratio([2]float64{.7, .4}, "%.2f", "Governed/use/%s/64", "ratio")),
		first("log with Merkle tree ÷ same rows without, 64 callers", "≥ 0.85", ratio([2]float64{.85, .85}, "%.2f", "Log/%s/64/tree", "÷plain")),
		pair("grouped ÷ ungrouped durable writes, 64 callers", "≥ 8; ≥ 4", ratio([2]float64{8, 4}, "%.1f", "InsertRatio/%s/64", "act÷ungrouped")),
		pair("the same, 256 callers", "≥ 12; ≥ 8", ratio([2]float64{12, 8}, "%.1f", "InsertRatio/%s/256", "act÷ungrouped")),
	}
}

// requests makes the rows about REST.
func (r Results) requests() (out []row) {
	for _, x := range []struct {
		name      string
		one, many float64
		p99       float64 // 0: no target
	}{{"read", 2500, 10000, 8}, {"register", 1500, 5000, 0}, {"consent", 2000, 6000, 0}, {"erase", 1000, 4000, 0}} {
		for _, at := range []struct {
			name  string
			least float64
		}{{"1", x.one}, {"16", x.many}} {
			name := "rest/" + x.name + "/" + at.name
			out = append(out, single(fmt.Sprintf("REST: %s, connections: %s", x.name, at.name), limit(at.least, x.p99),
				r.all("%.0f /s, p99 %.1f ms", metric{name, "requests/s", at.least, 0}, metric{name, "p99-ms", 0, x.p99})))
		}
	}
	return out
}

func limit(rate, p99 float64) string {
	if p99 == 0 {
		return fmt.Sprintf("≥ %.0f /s", rate)
	}
	return fmt.Sprintf("≥ %.0f /s, p99 < %.0f ms", rate, p99)
}

// growth makes the rows about what must not depend on how many people there are. The
// design names erasure and consent.
func (r Results) growth() (out []row) {
	for _, x := range []struct {
		act   string
		named bool
	}{{"erase", true}, {"consent", true}, {"use", false}, {"correct", false}} {
		row := first("one "+x.act+": processor time with the most people ÷ with the fewest", "≤ 1.5", func(e int) cell {
			return r.flat(e, x.act+"-cpu-µs", "%.0f → %.0f µs")
		})
		if !x.named {
			row = row.own()
		}
		out = append(out, row)
	}
	return out
}

// standing makes the rows about what a server costs that nobody calls, and about
// bytes.
func (r Results) standing() []row {
	people := int(r["standing"]["subjects"])
	return []row{
		single(fmt.Sprintf("start with %s subjects, exec to ready", count(people)), "< 50 ms", r.all("%.0f ms", metric{"standing", "start-ms", 0, 50})).from(people, 100_000),
		single("resident memory, idle, with as many", "< 50 MB", r.all("%.0f MB", metric{"standing", "rss-MB", 0, 50})),
		first("stored bytes a person (11 short values, 2 identifiers, keys, entries)", "< 1,400", func(e int) cell {
			for _, n := range last(r.sizes("People/"+engines()[e]+"/"), 1) { // those who came last
				return r.all("%.0f", metric{fmt.Sprint("People/", engines()[e], "/", n), "B/person", 0, 1400})
			}
			return cell{text: "not measured"}
		}),
		first("stored bytes a use", "< 250", func(e int) cell { return r.all("%.0f", metric{"UseBytes/" + engines()[e], "B/use", 0, 250}) }),
	}
}

// roles makes the rows of GDPRbench. The design's targets are those of the embedded
// engine, against both bare engines, from 100,000 records on.
func (r Results) roles() (out []row) {
	for _, n := range unique(append(r.sizes("GDPR/sqlite/"), r.sizes("GDPR/postgres/")...)) {
		for _, x := range []struct {
			role  string
			least float64
		}{{"controller", 2.5}, {"customer", .9}, {"regulator", .7}, {"processor", .45}} {
			for _, row := range r.role(n, x.role, x.least) {
				out = append(out, row.from(n, 100_000))
			}
		}
		out = append(out, first(fmt.Sprintf("GDPRbench, %s records: space ÷ personal data", count(n)), "≤ 2.4", func(e int) cell {
			name := gdpr(e, n, "space")
			return r.all("%.2f (bare %.2f)", metric{name, "avow÷personal", 0, 2.4}, metric{name, "bare÷personal", 0, 0})
		}).from(n, 100_000))
	}
	return out
}

// gdpr is the name of a benchmark of GDPRbench.
func gdpr(e, records int, role string) string {
	return fmt.Sprintf("GDPR/%s/%d/%s", engines()[e], records, role)
}

func (r Results) role(records int, role string, least float64) []row {
	embedded, bound := gdpr(0, records, role), fmt.Sprintf("≥ %.4g", least)
	const without = "– the embedded engine against SQLite without database/sql"
	return []row{
		first(fmt.Sprintf("GDPRbench, %s records: %s, times as fast as bare and indexed (database/sql; pgx), a transaction for each operation", count(records), role), bound, func(e int) cell {
			return r.all("%.2f", metric{gdpr(e, records, role), "bare÷avow", least, 0})
		}),
		single("– the embedded engine against bare PostgreSQL", bound, r.all("%.2f", metric{embedded, "postgres÷avow", least, 0})),
		{without, "", [2]cell{r.all("%.2f", metric{embedded, "native÷avow", 0, 0})}, [2]rank{shown, absent}},
	}
}

// swept is the rate at which ten million events end in ten minutes.
const swept = 10_000_000 / 600

// others makes the rows that the design does not name.
func (r Results) others() (out []row) {
	for _, n := range unique(append(r.sizes("Sweep/sqlite/"), r.sizes("Sweep/postgres/")...)) {
		out = append(out, pair(fmt.Sprintf("retention sweep of %s events", count(n)), "10 M in ten minutes: ≥ 16,667 /s", func(e int) cell {
			name := fmt.Sprintf("Sweep/%s/%d", engines()[e], n)
			return r.all("%.0f /s (bare %.0f)", metric{name, "events/s", swept, 0}, metric{name, "bare-events/s", 0, 0})
		}).own())
	}
	out = append(out, pair("sign-in codes: distance of the times for known and unknown addresses", "no more than chance", func(e int) cell {
		name := "SignIn/" + engines()[e]
		return r.all("%.3f", metric{name, "distance", 0, r[name]["distance-1%"]})
	}).own())
	if ns, ok := r.get("Board", "ns/op"); ok {
		r["Board"]["ms"] = ns / 1e6
		out = append(out, single("public board over 1 M entries", "< 200 ms", r.all("%.0f ms", metric{"Board", "ms", 0, 200})).own())
	}
	return out
}

// A metric is a figure with its bounds: at least, or where that is 0 at most. Where
// both are 0 it has none.
type metric struct {
	name, unit  string
	least, most float64
}

// all prints metrics in a format, and says whether every one keeps its bounds.
func (r Results) all(format string, list ...metric) cell {
	c := cell{met: true, seen: true}
	var values []any
	for _, m := range list {
		v, ok := r.get(m.name, m.unit)
		if !ok {
			return cell{text: "not measured"}
		}
		values = append(values, v)
		switch {
		case m.least > 0:
			c.met = c.met && v >= m.least
		case m.most > 0 || m.unit == "allocs/op":
			c.met = c.met && v <= m.most
		}
	}
	c.text = fmt.Sprintf(format, values...)
	return c
}

// divide adds the ratio of two rates.
func (r Results) divide(prefix, over, under, unit string) {
	a, ok := r.get(prefix+over, unit)
	b, ok2 := r.get(prefix+under, unit)
	if ok && ok2 && b > 0 {
		r[prefix+over]["÷"+under] = a / b
	}
}

// flat compares what an act costs in the largest store with what it costs in the
// smallest.
func (r Results) flat(e int, unit, format string) cell {
	prefix := "People/" + engines()[e] + "/"
	sizes := r.sizes(prefix)
	if len(sizes) < 2 {
		return cell{text: "not measured"}
	}
	small, ok := r.get(fmt.Sprint(prefix, sizes[0]), unit)
	large, ok2 := r.get(fmt.Sprint(prefix, sizes[len(sizes)-1]), unit)
	if !ok || !ok2 || small <= 0 {
		return cell{text: "not measured"}
	}
	return cell{text: fmt.Sprintf("%.2f with %s ("+format+")", large/small, count(sizes[len(sizes)-1]), small, large), met: large/small <= 1.5, seen: true}
}

func last(list []int, n int) []int { return list[max(0, len(list)-n):] }

// count writes a number as people do.
func count(n int) string {
	switch {
	case n >= 1_000_000 && n%100_000 == 0:
		return fmt.Sprintf("%.4g M", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%.4g k", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}
