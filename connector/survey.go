package connector

import (
	"cmp"
	"slices"
)

// A Role says how a row came to be looked at. The links of the map have the same
// roles; see package datamap for their meaning.
type Role string

// The roles of found rows.
const (
	Self     Role = "self"     // holds one of the person's identifiers
	Owns     Role = "owns"     // belongs to a row of the person
	Joint    Role = "joint"    // belongs to several people, this one among them
	Accessor Role = "accessor" // somebody else's, but open to the person
	Actor    Role = "actor"    // somebody else's; only holds a key to the person
	Shared   Role = "shared"   // a row of the person points to it
)

// An Action is what an erasure does to rows.
type Action string

// The actions.
const (
	Delete Action = "delete" // the row goes
	Clear  Action = "clear"  // the row stays, the named columns are emptied
	Keep   Action = "keep"   // the row stays, on a ground; named columns are emptied
	Detach Action = "detach" // the row stays; the named columns, keys to rows that go, become NULL

	Rewrite Action = "correct"  // of a rectification: the named columns get a new value
	Freeze  Action = "restrict" // of a restriction: the row is marked as not to be used
	Release Action = "release"  // a restriction is lifted: the mark is taken away
)

// A Survey is what one system holds about one person.
type Survey struct {
	System   string
	Subject  string // id of the subject
	Map      string // hash of the map it was made under
	Found    []Found
	Warnings []string
}

// Found are rows of one collection that are treated alike for one reason.
type Found struct {
	Collection string
	// Keys are the canonical keys of the rows, sorted. A key may be personal (an
	// e-mail address as primary key): seal it where it is stored, never log it.
	Keys    []string
	Why     string // the path by names: "orders.customer_id → customers.id"; no values
	Role    Role
	Action  Action
	Columns []string // emptied by Clear, Keep and Detach
	Items   []string // items of the policy the collection holds
	Fixed   []string `json:",omitempty"` // personal columns that the system cannot rewrite: keys, secrets, computed or binary ones
	Keep    Retention
}

// Retention is why rows outlive an erasure. It is shown to the person.
type Retention struct {
	Ground string            `json:",omitempty"` // legal-obligation, …; "others" where the row is also somebody else's
	Reason map[string]string `json:",omitempty"` // language → text; en and zh-CN at least where avow gives the reason
	Cite   string            `json:",omitempty"`
	Until  string            `json:",omitempty"` // "2031-12-31", "P10Y", "P10Y after order"; empty: while it is somebody else's
}

// Rows counts the person's rows. Rows that are only detached are not theirs.
func (s *Survey) Rows() int {
	n := 0
	for _, f := range s.Found {
		if f.Role != Actor {
			n += len(f.Keys)
		}
	}
	return n
}

// Targets returns what the map does with the found rows, one target for each
// Found, in the same order.
func (s *Survey) Targets() []Target {
	out := make([]Target, len(s.Found))
	for i, f := range s.Found {
		out[i] = Target{Collection: f.Collection, Keys: f.Keys, Action: f.Action, Columns: f.Columns, Keep: f.Keep}
	}
	return out
}

// A Target is what to do with rows: the part of a plan that is stored, sealed,
// before anything is done.
type Target struct {
	Collection string
	Keys       []string // may be personal: seal
	Action     Action
	Columns    []string `json:",omitempty"`
	Keep       Retention
}

// An Outcome is what an erasure did.
type Outcome struct {
	System      string
	Collections []Done   // one for each target, in the same order
	Unplanned   []Count  // the person's rows that no target names: they came after the plan and are untouched
	Notes       []string // facts for the receipt: what the engine still holds, and until when
}

// Done tells planned from observed for one target. Planned is the sum of Done,
// Already and Moved; for Keep without columns Done counts the rows seen in place.
type Done struct {
	Collection string
	Action     Action
	Planned    int
	Done       int
	Already    int // gone, or empty, before
	Moved      int // no longer the subject's: left alone
}

// Count is a number of rows of a collection.
type Count struct {
	Collection string
	Rows       int
}

// A Difference is how the rows of one collection and action changed between two
// surveys.
type Difference struct {
	Collection string
	Action     Action
	Added      int // rows found now that the plan does not know
	Gone       int // rows of the plan that are not found any more
}

// Compare says where two surveys of one person differ, by collection and action.
// It is empty when both found the same rows and would treat them alike.
func Compare(planned, now *Survey) []Difference {
	type group struct {
		collection string
		action     Action
	}
	collect := func(s *Survey) map[group]map[string]bool {
		out := map[group]map[string]bool{}
		for _, f := range s.Found {
			g := group{f.Collection, f.Action}
			if out[g] == nil {
				out[g] = map[string]bool{}
			}
			for _, k := range f.Keys {
				out[g][k] = true
			}
		}
		return out
	}
	before, after := collect(planned), collect(now)
	missing := func(a, b map[string]bool) (n int) {
		for k := range a {
			if !b[k] {
				n++
			}
		}
		return n
	}
	var out []Difference
	add := func(g group) {
		d := Difference{g.collection, g.action, missing(after[g], before[g]), missing(before[g], after[g])}
		if d.Added+d.Gone > 0 {
			out = append(out, d)
		}
	}
	for g := range before {
		add(g)
	}
	for g := range after {
		if before[g] == nil {
			add(g)
		}
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.Action, b.Action))
	})
	return out
}
