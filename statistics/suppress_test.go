package statistics

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// table makes a table in which everybody is counted in one cell.
func table(smallest int, cells ...[]int) *Table {
	t := &Table{Smallest: smallest}
	for j := range cells[0] {
		t.Items = append(t.Items, string(rune('a'+j)))
		t.OfItem = append(t.OfItem, Cell{})
	}
	for i, row := range cells {
		t.Periods = append(t.Periods, string(rune('1'+i)))
		out := make([]Cell, len(row))
		sum := 0
		for j, n := range row {
			out[j] = Cell{People: n}
			sum += n
			t.OfItem[j].People += n
		}
		t.Cells, t.OfPeriod = append(t.Cells, out), append(t.OfPeriod, Cell{People: sum})
	}
	return t
}

func TestASmallCellIsHiddenAndCannotBeComputedFromTotals(t *testing.T) {
	x := table(10, []int{40, 3, 25}, []int{60, 30, 20}, []int{50, 45, 80})
	Suppress(x)
	if !x.Cells[0][1].Hidden {
		t.Fatal("three people are shown")
	}
	for _, l := range x.lines() {
		n, shown := 0, 0
		for _, c := range l.cells {
			if c.Hidden {
				n++
			}
			shown += c.People
		}
		if n == 1 && !l.total.Hidden {
			t.Errorf("one cell is hidden in a line whose total is shown: it is %d", l.total.People-shown)
		}
	}
	if found := Attack(x); len(found) > 0 {
		t.Errorf("hidden cells are known: %+v", found)
	}
	if hidden, all := x.Hidden(); hidden == all {
		t.Error("nothing is left to be seen")
	}
}

func TestWhatIsHiddenIsForgotten(t *testing.T) {
	x := table(10, []int{3, 40}, []int{50, 60})
	Suppress(x)
	for _, l := range x.lines() {
		for _, c := range append(l.cells, l.total) {
			if c.Hidden && c.People != 0 {
				t.Errorf("a hidden cell still holds %d", c.People)
			}
		}
	}
	b, err := x.Cells[0][0].MarshalJSON()
	if err != nil || string(b) != "null" {
		t.Errorf("%s, %v", b, err)
	}
	var back Cell
	if err := back.UnmarshalJSON(b); err != nil || !back.Hidden {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestATableWithoutSmallCellsIsShownWhole(t *testing.T) {
	x, want := table(10, []int{40, 0}, []int{50, 60}), table(10, []int{40, 0}, []int{50, 60})
	Suppress(x)
	if diff := cmp.Diff(want, x); diff != "" {
		t.Error(diff)
	}
}

func TestTheAttackFindsACellThatItsTotalsGiveAway(t *testing.T) {
	x := table(10, []int{40, 30, 3}, []int{50, 60, 70})
	x.Cells[0][2] = Cell{Hidden: true} // and nothing else: 73 − 70
	if len(Attack(x)) == 0 {
		t.Error("three is not found")
	}
}

// Whatever people do, one, several or all of the items in a period, no hidden cell is
// known to within a group.
func TestNoTableIsBroken(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		rows, cols, smallest := 1+r.IntN(5), 1+r.IntN(4), 2+r.IntN(12)
		x := &Table{Smallest: smallest, OfItem: make([]Cell, cols), OfPeriod: make([]Cell, rows), Cells: make([][]Cell, rows)}
		for i := range rows {
			x.Cells[i] = make([]Cell, cols)
		}
		for range r.IntN(120) { // people
			did := make([]bool, cols)
			for i := range rows {
				any := false
				for j := range cols {
					if r.IntN(4) == 0 {
						x.Cells[i][j].People++
						did[j], any = true, true
					}
				}
				if any {
					x.OfPeriod[i].People++
				}
			}
			for j, yes := range did {
				if yes {
					x.OfItem[j].People++
				}
			}
		}
		Suppress(x)
		if found := Attack(x); len(found) > 0 {
			t.Fatalf("%+v\nis known to hold %+v", x, found)
		}
		for _, l := range x.lines() {
			for _, c := range append(l.cells, l.total) {
				if c.People > 0 && c.People < smallest {
					t.Fatalf("%d people are shown, the smallest group is %d", c.People, smallest)
				}
			}
		}
	}
}
