package promise

import (
	"time"

	"github.com/avow-dev/avow/policy"
)

// A Row is one promise on the board.
type Row struct {
	Platform  string           `json:"platform"`
	ID        string           `json:"id"` // the clause's
	Section   string           `json:"section,omitempty"`
	Says      policy.Text      `json:"says"`
	State     State            `json:"state"`
	Controls  []policy.Control `json:"controls"`
	Scenarios []string         `json:"scenarios"` // names of files in testdata/promises
	Evidence  []Evidence       `json:"evidence"`
	Assumed   bool             `json:"assumed,omitempty"` // the text leaves something open, and the policy says what
	Place     string           `json:"place"`             // file and line of the clause
}

// A Board is how every promise of a platform stands.
type Board struct {
	Platform string
	Version  string // hash of the policy in force
	At       time.Time
	Rows     []Row
	Counts   map[State]int
}

// New returns the board that facts make.
func New(f *Facts) *Board {
	w := newWitness(f)
	proven := Scenarios()
	clauses := f.Policy.Clauses()
	b := &Board{Platform: f.Platform, Version: f.Policy.Version(), At: f.Now, Rows: make([]Row, len(clauses)), Counts: map[State]int{}}
	for i, c := range clauses {
		r := Row{
			Platform: f.Platform, ID: c.ID, Section: c.Section, Says: c.Says, Controls: c.Keeps, Place: c.Pos.String(),
			Scenarios: proven[c.ID], Evidence: make([]Evidence, len(c.Keeps)), State: "", Assumed: !c.Assumed.IsZero(),
		}
		for k, control := range c.Keeps {
			r.Evidence[k] = w.evidence(control, c.About)
			if r.Evidence[k].State.worse(r.State) {
				r.State = r.Evidence[k].State
			}
		}
		if r.State == "" {
			r.State = NotBuilt // nothing keeps it
		}
		if r.Scenarios == nil {
			r.Scenarios = []string{}
		}
		if r.Controls == nil {
			r.Controls = []policy.Control{}
		}
		b.Rows[i] = r
		b.Counts[r.State]++
	}
	return b
}

// Row returns the promise of this id; ok is false when the policy has none.
func (b *Board) Row(id string) (r Row, ok bool) {
	for _, r := range b.Rows {
		if r.ID == id {
			return r, true
		}
	}
	return Row{}, false
}
