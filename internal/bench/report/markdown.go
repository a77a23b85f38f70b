package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Markdown writes the table of all figures, and below it every metric of every
// benchmark. taken says when and where.
func (r Results) Markdown(taken string) string {
	var b strings.Builder
	rows := r.rows()
	met, judged := 0, 0
	for _, x := range rows {
		for e := range 2 {
			if x.want[e] && x.cells[e].seen {
				judged++
				if x.cells[e].met {
					met++
				}
			}
		}
	}
	fmt.Fprintf(&b, "%s: %d of %d figures meet their target.\n\n", taken, met, judged)
	b.WriteString("| work | target | SQLite | PostgreSQL | met |\n|---|---|---|---|---|\n")
	for _, x := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", x.work, x.target, x.text(0), x.text(1), x.verdict())
	}
	b.WriteString("\n## Every metric\n")
	groups := map[string][]string{}
	for name := range r {
		head, _, _ := strings.Cut(name, "/")
		groups[head] = append(groups[head], name)
	}
	for _, head := range slices.Sorted(maps.Keys(groups)) {
		names := groups[head]
		slices.SortFunc(names, natural)
		fmt.Fprintf(&b, "\n### %s\n\n", head)
		if slices.ContainsFunc(names, func(n string) bool { return len(r[n]) > 12 }) {
			r.long(&b, names)
		} else {
			r.wide(&b, names)
		}
	}
	return b.String()
}

// The lines between which a document holds a report.
const (
	opening = "<!-- figures: written by make bench BENCH='-out docs/benchmarks.md' -->\n"
	closing = "<!-- end of figures -->\n"
)

// Into returns the document with the report in place of the one that it holds, and
// the report alone where it holds none.
func Into(document, report string) string {
	before, rest, ok := strings.Cut(document, opening)
	_, after, ok2 := strings.Cut(rest, closing)
	if !ok || !ok2 {
		return report
	}
	return before + opening + "\n" + report + "\n" + closing + after
}

func (x row) text(e int) string {
	if !x.want[e] && !x.cells[e].seen {
		return ""
	}
	return x.cells[e].text
}

func (x row) verdict() string {
	var said []string
	for e := range 2 {
		switch {
		case !x.want[e]:
		case !x.cells[e].seen:
			said = append(said, "–")
		case x.cells[e].met:
			said = append(said, "yes")
		default:
			said = append(said, "**no**")
		}
	}
	if len(slices.Compact(slices.Clone(said))) == 1 {
		return said[0]
	}
	return strings.Join(said, " / ")
}

// wide has a line for each benchmark and a column for each unit.
func (r Results) wide(b *strings.Builder, names []string) {
	units := r.units(names)
	fmt.Fprintf(b, "| | %s |\n|---|%s\n", strings.Join(units, " | "), strings.Repeat("---|", len(units)))
	for _, n := range names {
		fmt.Fprintf(b, "| %s |", n)
		for _, u := range units {
			v, ok := r[n][u]
			fmt.Fprintf(b, " %s |", digits(v, ok))
		}
		b.WriteByte('\n')
	}
}

// long has a line for each unit and a column for each benchmark: for those with
// many.
func (r Results) long(b *strings.Builder, names []string) {
	fmt.Fprintf(b, "| | %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, u := range r.units(names) {
		fmt.Fprintf(b, "| %s |", u)
		for _, n := range names {
			v, ok := r[n][u]
			fmt.Fprintf(b, " %s |", digits(v, ok))
		}
		b.WriteByte('\n')
	}
}

func (r Results) units(names []string) []string {
	all := map[string]bool{}
	for _, n := range names {
		for u, v := range r[n] {
			if u != "ns/op" || v != 0 {
				all[u] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// digits writes a figure with three digits that mean something.
func digits(v float64, ok bool) string {
	switch {
	case !ok:
		return ""
	case v >= 100 || v == float64(int64(v)):
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// natural orders names, numbers in them by their size.
func natural(a, b string) int {
	if len(a) != len(b) && strings.TrimRight(a, "0123456789") == strings.TrimRight(b, "0123456789") {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
