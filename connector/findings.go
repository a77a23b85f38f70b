package connector

// Findings are what an independent search found.
type Findings struct {
	System  string
	Hits    []Hit    // by collection, column, kind, state
	Skipped []string // what was not searched for or not searched, and why
	Tables  int      // collections read
	Rows    int      // rows read
}

// A State says whether a hit is as it should be.
type State string

// The states.
const (
	Kept    State = "kept"    // in a row that a target keeps on a ground
	Residue State = "residue" // should be gone
	Alike   State = "alike"   // the same name or place in a row that is not the person's: no residue, told for completeness
)

// A Hit is one column in which needles of one kind were found.
type Hit struct {
	Collection string
	Column     string
	Kind       string // kind of the needles: email, phone, value, …
	State      State
	Rows       int
	Keys       []string // of the first hundred rows; may be personal
}

// Residue counts rows that still hold what should be gone, once for each column
// and kind. An erasure is verified when it is 0.
func (f *Findings) Residue() int {
	n := 0
	for _, h := range f.Hits {
		if h.State == Residue {
			n += h.Rows
		}
	}
	return n
}
