package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Markdown writes the table of all figures, and below it every metric of every
// benchmark. taken says when and where. What the design names is counted by itself;
// the table says of each figure what it counts as.
func (r Results) Markdown(taken string) string {
	var b strings.Builder
	rows := r.rows()
	fmt.Fprintf(&b, "%s: %s.\n\n", taken, summary(rows))
	b.WriteString("| work | bound | SQLite | PostgreSQL | met | counts as |\n|---|---|---|---|---|---|\n")
	for _, x := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", x.work, x.bound, x.text(0), x.text(1), x.verdict(), x.standing())
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

// A tally is of the figures of one rank.
type tally struct{ met, judged, missing int }

// summary counts in one sentence: the targets that the design names, the same on
// PostgreSQL where it does not name it, and further figures of our own.
func summary(rows []row) string {
	var by [shown]tally
	for _, x := range rows {
		for e, k := range x.ranks {
			switch {
			case !k.bound():
			case !x.cells[e].seen:
				by[k].missing++
			default:
				by[k].judged++
				if x.cells[e].met {
					by[k].met++
				}
			}
		}
	}
	return fmt.Sprintf("%s of the design's targets are met; the same on PostgreSQL, where the design does not name it, %s; of further figures %s keep a bound of our own",
		by[target], by[likewise], by[ours])
}

func (t tally) String() string {
	if t.missing > 0 {
		return fmt.Sprintf("%d of %d (and %d not measured)", t.met, t.judged, t.missing)
	}
	return fmt.Sprintf("%d of %d", t.met, t.judged)
}

func (x row) text(e int) string {
	if x.ranks[e] == absent {
		return ""
	}
	return x.cells[e].text
}

func (x row) verdict() string {
	return each(x.ranks, func(e int) string {
		switch {
		case !x.ranks[e].bound():
			return ""
		case !x.cells[e].seen:
			return "–"
		case x.cells[e].met:
			return "yes"
		}
		return "**no**"
	})
}

// standing says what the figures of a row count as.
func (x row) standing() string {
	return each(x.ranks, func(e int) string {
		return map[rank]string{target: "target", likewise: "the same on PostgreSQL", ours: "our own", shown: "figure"}[x.ranks[e]]
	})
}

// each says a word for every engine, and once where they are the same.
func each(ranks [2]rank, word func(engine int) string) string {
	var said []string
	for e := range ranks {
		if w := word(e); w != "" {
			said = append(said, w)
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
