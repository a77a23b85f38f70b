package statistics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// group is how many people's facts are read together.
const group = 500

// Span is what a count reaches over: from a moment until before another.
type Span struct{ From, Until time.Time }

// Set returns a set of the policy, or fault.NotFound with those there are.
func Set(p *policy.Policy, name string) (*policy.StatisticsSet, error) {
	var names []string
	for _, s := range p.Statistics().Sets {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fault.New(fault.NotFound, "no such set of counts is declared under statistics.sets; those there are: %v", names)
}

// splits are the ways in which counts are split by time.
func splits() []string { return []string{"day", "week", "month", "year"} }

// split says by which period a set is split: "all" where it is by none.
func split(s *policy.StatisticsSet) string {
	for _, by := range s.By {
		if slices.Contains(splits(), by) {
			return by
		}
	}
	return "all"
}

// period names the period that a moment falls in, in a zone.
func period(by string, at time.Time, zone *time.Location) string {
	at = at.In(zone)
	switch by {
	case "day":
		return at.Format("2006-01-02")
	case "week":
		y, w := at.ISOWeek()
		return fmt.Sprintf("%d-W%02d", y, w)
	case "month":
		return at.Format("2006-01")
	case "year":
		return at.Format("2006")
	}
	return "all"
}

// A tally counts people: everybody once in each cell and total.
type tally struct {
	table   *Table
	set     *policy.StatisticsSet
	p       *policy.Policy
	columns map[policy.ItemNo]int
	rows    map[string]int
	seen    map[int64]*person // not counted yet, by subject
}

type person struct {
	cells []spot // what is on record
}

type spot struct {
	period string
	item   policy.ItemNo
}

func newTally(p *policy.Policy, set *policy.StatisticsSet) *tally {
	t := &tally{p: p, set: set, columns: map[policy.ItemNo]int{}, rows: map[string]int{}, seen: map[int64]*person{}}
	t.table = &Table{Set: set.Name, Purpose: p.PurposeBy(set.Purpose).Name, By: split(set), Smallest: p.Statistics().Smallest}
	for _, no := range set.Items {
		t.columns[no] = len(t.table.Items)
		t.table.Items = append(t.table.Items, p.ItemBy(no).Name)
	}
	t.table.OfItem = make([]Cell, len(t.table.Items))
	return t
}

// note remembers what a row is about.
func (t *tally) note(h vault.Head) {
	for _, no := range h.Items {
		if _, ok := t.columns[no]; !ok {
			continue
		}
		who := t.seen[h.Subject]
		if who == nil {
			who = &person{}
			t.seen[h.Subject] = who
		}
		s := spot{period(t.table.By, h.At, t.p.Calendar().Zone()), no}
		if !slices.Contains(who.cells, s) {
			who.cells = append(who.cells, s)
		}
	}
}

// add counts a person, by what is known of them now.
func (t *tally) add(who *person, f *policy.Facts) {
	items, periods := map[int]bool{}, map[int]bool{}
	for _, s := range who.cells {
		if !t.p.Counted(t.set.Purpose, s.item, f) {
			continue
		}
		i, j := t.row(s.period), t.columns[s.item]
		t.table.Cells[i][j].People++
		items[j], periods[i] = true, true
	}
	for j := range items {
		t.table.OfItem[j].People++
	}
	for i := range periods {
		t.table.OfPeriod[i].People++
	}
}

func (t *tally) row(period string) int {
	i, ok := t.rows[period]
	if !ok {
		i = len(t.table.Periods)
		t.rows[period] = i
		t.table.Periods = append(t.table.Periods, period)
		t.table.Cells = append(t.table.Cells, make([]Cell, len(t.table.Items)))
		t.table.OfPeriod = append(t.table.OfPeriod, Cell{})
	}
	return i
}

// sorted puts the periods in order.
func (t *tally) sorted() *Table {
	x := t.table
	order := slices.Sorted(slices.Values(x.Periods))
	cells, of := make([][]Cell, len(order)), make([]Cell, len(order))
	for i, p := range order {
		cells[i], of[i] = x.Cells[t.rows[p]], x.OfPeriod[t.rows[p]]
	}
	x.Periods, x.Cells, x.OfPeriod = order, cells, of
	return x
}

// count makes the table of a set, and suppresses it.
func (s *Service) count(ctx context.Context, p *policy.Policy, set *policy.StatisticsSet, over Span) (*Table, error) {
	t := newTally(p, set)
	flush := func(all bool) error {
		if len(t.seen) < group && !all {
			return nil
		}
		var last int64 // of the last one more may come
		var nums []int64
		for num := range t.seen {
			nums, last = append(nums, num), max(last, num)
		}
		if !all {
			nums = slices.DeleteFunc(nums, func(n int64) bool { return n == last })
		}
		slices.Sort(nums)
		for some := range slices.Chunk(nums, group) {
			states, err := s.gate.States(ctx, some)
			if err != nil {
				return err
			}
			for i, num := range some {
				t.add(t.seen[num], &states[i].Facts)
				delete(t.seen, num)
			}
		}
		return nil
	}
	err := s.vault.Heads(ctx, over.From, over.Until, func(heads []vault.Head) error {
		for _, h := range heads {
			t.note(h)
		}
		return flush(false)
	})
	if err == nil {
		err = flush(true)
	}
	if err != nil {
		return nil, fmt.Errorf("statistics count: %w", err)
	}
	out := t.sorted()
	Suppress(out)
	return out, nil
}
