package store

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A result is what became of a form. It holds no value.
type result struct {
	Platform, Counter string
	Join              bool
	Kept              []policy.ItemNo
	Refused           []policy.Refusal
	Said              []policy.PurposeNo
	Entries           []entry
	Uses              []used
	Gone              []gone

	who subject.ID // whose it is; "": nobody was registered
}

// An entry is what the log has of it.
type entry struct {
	ID   audit.ID
	Kind string
	At   time.Time
}

// A used is a use that was tried from the page.
type used struct {
	Item    policy.ItemNo
	Purpose policy.PurposeNo
	Allowed bool
	Values  int // handed out
	Reasons []policy.Reason
	Entry   audit.ID
}

// A gone is an erasure that was done from the page.
type gone struct {
	Item   policy.ItemNo // 0: everything
	Values int
}

func (r *result) note(list []audit.Record) {
	for _, e := range list {
		r.Entries = append(r.Entries, entry{e.ID, e.Kind.String(), e.At})
	}
}

func (r *result) keep(p *policy.Policy, given []policy.Given) {
	for _, g := range given {
		if i, err := p.Item(g.Item); err == nil && !slices.Contains(r.Kept, i.No) {
			r.Kept = append(r.Kept, i.No)
		}
	}
}

// most is how many results are remembered: the oldest is forgotten first.
const most = 500

// results remembers what became of forms, by tickets that nobody guesses.
type results struct {
	mu    sync.Mutex
	byID  map[string]*result // guarded by mu; a result in it does not change
	order []string           // guarded by mu
}

func newResults() *results { return &results{byID: map[string]*result{}} }

func (s *results) add(r *result) string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) == most {
		delete(s.byID, s.order[0])
		s.order = s.order[1:]
	}
	s.byID[id], s.order = r, append(s.order, id)
	return id
}

// get returns a result of a platform to who may see it; nil: there is none.
func (s *results) get(id, platform string, who subject.ID) *result {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.byID[id]
	if r == nil || r.Platform != platform || r.who != "" && r.who != who {
		return nil
	}
	return r
}

// change puts a changed copy in place of a result.
func (s *results) change(id string, fn func(*result)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.byID[id]
	if old == nil {
		return
	}
	r := *old
	r.Uses, r.Gone = slices.Clone(old.Uses), slices.Clone(old.Gone)
	fn(&r)
	s.byID[id] = &r
}
