package statistics

import "math"

// Suppress hides every cell and total of fewer than t.Smallest people, and as many
// others as it takes for [Attack] to find none of them again. Nobody at all is no
// group, and stays to be seen.
func Suppress(t *Table) {
	for _, l := range t.lines() {
		for _, c := range append(l.cells, l.total) {
			if c.People > 0 && c.People < t.Smallest {
				*c = Cell{Hidden: true}
			}
		}
	}
	for {
		found := Attack(t)
		if len(found) == 0 {
			return
		}
		hidden := false
		for _, f := range found {
			hidden = f.in.hideOne() || hidden
		}
		if !hidden {
			t.hideTotals()
			return
		}
	}
}

// hideOne hides the smallest cell of a line that still shows people, and the total
// where there is none. It reports whether there was anything to hide.
func (l line) hideOne() bool {
	var least *Cell
	for _, c := range l.cells {
		if !c.Hidden && c.People > 0 && (least == nil || c.People < least.People) {
			least = c
		}
	}
	if least == nil && !l.total.Hidden {
		least = l.total
	}
	if least == nil {
		return false
	}
	*least = Cell{Hidden: true}
	return true
}

// hideTotals hides every total that could still tell something.
func (t *Table) hideTotals() {
	for _, l := range t.lines() {
		for _, c := range l.cells {
			if c.Hidden {
				*l.total = Cell{Hidden: true}
			}
		}
	}
}

// A Finding is a hidden cell that its line gives away: it holds between Least and Most
// people, and that is too close.
type Finding struct {
	Least, Most int
	in          line
}

// bounds is what an attacker knows of a cell.
type bounds struct{ least, most int }

const unbounded = math.MaxInt32

// Attack tries to compute hidden cells from what the table shows, as somebody would
// who knows that totals count everybody once, and also as somebody who takes them for
// sums. It returns the cells that it knows to within fewer than t.Smallest people.
func Attack(t *Table) []Finding {
	var out []Finding
	for _, sums := range []bool{false, true} {
		out = append(out, t.attack(sums)...)
	}
	return out
}

func (t *Table) attack(sums bool) []Finding {
	lines := t.lines()
	known := map[*Cell]bounds{}
	for _, l := range lines {
		for _, c := range append(append([]*Cell(nil), l.cells...), l.total) {
			known[c] = bounds{c.People, c.People}
			if c.Hidden {
				known[c] = bounds{0, unbounded}
			}
		}
	}
	for range 64 { // each round tightens; a table takes a few
		changed := false
		for _, l := range lines {
			changed = l.tighten(known, sums) || changed
		}
		if !changed {
			break
		}
	}
	var out []Finding
	for _, l := range lines {
		for _, c := range l.cells {
			if b := known[c]; c.Hidden && b.most-b.least < t.Smallest && b.most >= b.least {
				out = append(out, Finding{b.least, b.most, l})
			}
		}
	}
	return out
}

// tighten narrows what is known of the cells of a line.
func (l line) tighten(known map[*Cell]bounds, sums bool) (changed bool) {
	total := known[l.total]
	least, most := 0, 0
	for _, c := range l.cells {
		least, most = least+known[c].least, min(unbounded, most+known[c].most)
	}
	if sums && total.most < least {
		return false // people repeat here: it is no sum, and who takes it for one learns nothing
	}
	set := func(c *Cell, b bounds) {
		was := known[c]
		b = bounds{max(was.least, b.least), min(was.most, b.most)}
		if b != was && b.least <= b.most {
			known[c], changed = b, true
		}
	}
	for _, c := range l.cells {
		b := bounds{0, total.most}
		if rest := most - known[c].most; most < unbounded {
			b.least = max(0, total.least-rest)
		}
		if sums && total.most < unbounded {
			b.most = total.most - (least - known[c].least)
		}
		set(c, b)
	}
	atLeast := 0
	for _, c := range l.cells {
		atLeast = max(atLeast, known[c].least)
	}
	if sums {
		atLeast = least
	}
	set(l.total, bounds{atLeast, most})
	return changed
}
