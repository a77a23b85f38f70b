package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/internal/bench/report"
)

const output = `goos: linux
06:02:29 BenchmarkGDPR/sqlite/10000/regulator: 6.372 ms an operation
BenchmarkDecideAllowed-2   	50000000	        24.10 ns/op	       0 B/op	       0 allocs/op
BenchmarkGoverned/collect/sqlite/64-2         	       4	     20000 bare/s	     18000 governed/s	         0.90 ratio
BenchmarkGoverned/collect/postgres/64-2         	       4	     0.40 ratio
BenchmarkLog/sqlite/64/plain-2  100 1000 entries/s
BenchmarkLog/sqlite/64/tree-2   100 800 entries/s
BenchmarkPeople/sqlite/1000-2   1  100 erase-cpu-µs  100 use-cpu-µs
BenchmarkPeople/sqlite/100000-2 1  120 erase-cpu-µs  300 use-cpu-µs  900 B/person
BenchmarkGDPR/sqlite/10000/customer-2 1 0.50 avow-ms 0.60 bare-ms 1.20 bare÷avow
BenchmarkGDPR/sqlite/100000/customer-2 1 0.50 avow-ms 0.60 bare-ms 1.20 bare÷avow 0.80 native÷avow 0.40 postgres÷avow
BenchmarkGDPR/postgres/100000/customer-2 1 1.00 avow-ms 0.25 bare-ms 0.25 bare÷avow
BenchmarkBroken-2 failed
PASS
`

func TestFiguresStandBesideTheirTargets(t *testing.T) {
	r := report.Results{}
	r.Parse(output)
	if err := r.REST([]byte(`{"rest":[{"name":"read (a use)","one":{"per_second":2600,"p99_ms":9},"sixteen":{"per_second":11000,"p99_ms":7}}],
		"standing":{"subjects":100000,"start_ms":40,"rss_mb":66}}`)); err != nil {
		t.Fatal(err)
	}
	text := r.Markdown("2026-11-22")
	var got []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| – ") && !strings.Contains(line, "not measured") {
			got = append(got, strings.TrimSpace(line))
		}
		for _, work := range []string{"decide, facts", "collect one", "log with", "one erase", "REST: read", "resident", "start with", "stored bytes a person", "one consent", "one use", "GDPRbench, 10 k records: customer", "GDPRbench, 100 k records: customer"} {
			if strings.HasPrefix(line, "| "+work) {
				got = append(got, strings.TrimSpace(line))
			}
		}
	}
	want := []string{
		"| decide, facts in hand | ≤ 25 ns, 0 allocations | 24 ns, 0 allocations |  | yes | target |",
		"| collect one value ÷ bare insert of the same bytes, 64 callers | ≥ 0.85; ≥ 0.5 | 0.90 | 0.40 | yes / **no** | target |",
		"| log with Merkle tree ÷ same rows without, 64 callers | ≥ 0.85 | 0.80 | not measured | **no** / – | target / the same on PostgreSQL |",
		"| REST: read, connections: 1 | ≥ 2500 /s, p99 < 8 ms | 2600 /s, p99 9.0 ms |  | **no** | target |",
		"| REST: read, connections: 16 | ≥ 10000 /s, p99 < 8 ms | 11000 /s, p99 7.0 ms |  | yes | target |",
		"| one erase: processor time with the most people ÷ with the fewest | ≤ 1.5 | 1.20 with 100 k (100 → 120 µs) | not measured | yes / – | target / the same on PostgreSQL |",
		"| one consent: processor time with the most people ÷ with the fewest | ≤ 1.5 | not measured | not measured | – | target / the same on PostgreSQL |",
		"| one use: processor time with the most people ÷ with the fewest | ≤ 1.5 | 3.00 with 100 k (100 → 300 µs) | not measured | **no** / – | our own |",
		"| start with 100 k subjects, exec to ready | < 50 ms | 40 ms |  | yes | target |",
		"| resident memory, idle, with as many | < 50 MB | 66 MB |  | **no** | target |",
		"| stored bytes a person (11 short values, 2 identifiers, keys, entries) | < 1,400 | 900 | not measured | yes / – | target / the same on PostgreSQL |",
		"| GDPRbench, 10 k records: customer, times as fast as bare and indexed (database/sql; pgx), a transaction for each operation | ≥ 0.9 | 1.20 | not measured | yes / – | our own |",
		"| GDPRbench, 100 k records: customer, times as fast as bare and indexed (database/sql; pgx), a transaction for each operation | ≥ 0.9 | 1.20 | 0.25 | yes / **no** | target / the same on PostgreSQL |",
		"| – the embedded engine against bare PostgreSQL | ≥ 0.9 | 0.40 |  | **no** | target |",
		"| – the embedded engine against SQLite without database/sql |  | 0.80 |  |  | figure |",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const counted = "2026-11-22: 7 of 12 (and 21 not measured) of the design's targets are met; the same on PostgreSQL, where the design does not name it, 0 of 1 (and 9 not measured); of further figures 1 of 2 (and 18 not measured) keep a bound of our own."
	if said, _, _ := strings.Cut(text, "\n"); said != counted {
		t.Errorf("the count is wrong:\n%s\nwant\n%s", said, counted)
	}
	if strings.Contains(text, "Broken") || strings.Contains(text, "10000/regulator") {
		t.Error("a line that is no figure was taken for one")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(output)
	f.Add("BenchmarkX-2 1 2")
	f.Fuzz(func(t *testing.T, out string) {
		r := report.Results{}
		r.Parse(out)
		if text := r.Markdown("now"); !strings.Contains(text, "| work | bound |") {
			t.Error("the table is missing")
		}
	})
}

func TestAReportReplacesTheOneBefore(t *testing.T) {
	const doc = "# Words\n\n<!-- figures: written by make bench BENCH='-out docs/benchmarks.md' -->\n\nold\n\n<!-- end of figures -->\n\nMore words.\n"
	got := report.Into(doc, "new\n")
	if want := strings.Replace(doc, "old", "new", 1); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := report.Into("a file that was something else", "new\n"); got != "new\n" {
		t.Errorf("a file without a place for it becomes %q", got)
	}
}
