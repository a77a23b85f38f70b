package relational

import (
	"testing"

	"github.com/avow-dev/avow/datamap"
)

func TestABlankIsRecognisedAfterItIsWritten(t *testing.T) {
	n := &node{c: &datamap.Collection{}}
	for _, c := range []*Column{
		{Name: "a", Class: ClassText},
		{Name: "a", Class: ClassText, NotNull: true},
		{Name: "a", Class: ClassText, NotNull: true, MaxLen: 3},
		{Name: "a", Class: ClassText, NotNull: true, Unique: true},
		{Name: "a", Class: ClassText, NotNull: true, Unique: true, MaxLen: 20},
		{Name: "a", Class: ClassInteger, NotNull: true},
		{Name: "a", Class: ClassDate, NotNull: true},
		{Name: "a", Class: ClassEnum, NotNull: true, Labels: []string{"calm", "cross"}},
	} {
		b, ok := blankOf(n, c)
		if !ok {
			t.Fatalf("%+v has no blank", c)
		}
		v := b.fill(c, Value{})
		if b.like(c, v) != empty {
			t.Errorf("%+v: its blank is not recognised", c)
		}
		if c.MaxLen > 0 && len(v.Str) > c.MaxLen {
			t.Errorf("%+v: the blank is too long", c)
		}
		if b.like(c, TextValue("Ann Whitlock")) != full {
			t.Errorf("%+v: a value is taken for a blank", c)
		}
	}
	short := &Column{Name: "a", Class: ClassText, NotNull: true, Unique: true, MaxLen: 6}
	b, _ := blankOf(n, short)
	if got := b.like(short, b.fill(short, Value{})); got != maybe {
		t.Errorf("a blank without a fixed part: %v, want maybe", got)
	}
	if _, ok := blankOf(n, &Column{Name: "a", Class: ClassDate, NotNull: true, Unique: true}); ok {
		t.Error("a unique date has no blank: the map must say")
	}
}

func TestRowsGoBeforeWhatTheyPointTo(t *testing.T) {
	table := func(name string) *node {
		return &node{t: &Table{Name: name, Columns: []*Column{{Name: "id", NotNull: true}, {Name: "x"}, {Name: "y", NotNull: true}}}}
	}
	a, b, c := table("a"), table("b"), table("c")
	point := func(from, to *node, col int) *link {
		l := &link{from: from, to: to, declared: true, fromCols: from.t.Columns[col : col+1], toCols: to.t.Columns[:1]}
		from.out, to.in = append(from.out, l), append(to.in, l)
		return l
	}
	point(a, b, 2)
	point(b, c, 2)
	d := plan([]*node{c, b, a}, false)
	if len(d.order) != 3 || d.order[0] != a || d.order[1] != b || d.order[2] != c || len(d.broken)+len(d.stuck) != 0 {
		t.Fatalf("a chain: %+v", d)
	}
	back := point(c, a, 1) // closes the circle, may be NULL
	if d = plan([]*node{a, b, c}, false); len(d.broken) != 1 || d.broken[0] != back || len(d.stuck) != 0 || len(d.order) != 3 {
		t.Fatalf("a circle with a key that may be NULL: %+v", d)
	}
	back.fromCols = c.t.Columns[2:3]
	if d = plan([]*node{a, b, c}, false); len(d.stuck) == 0 {
		t.Error("a circle of keys that may not be NULL should be told")
	}
	if d = plan([]*node{a, b, c}, true); len(d.stuck) != 0 {
		t.Error("keys that wait for the commit close no circle")
	}
}
