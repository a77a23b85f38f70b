package gdprbench

import (
	"fmt"
	"sync"
)

// An Oracle knows what a store may answer while many ask and change it at once:
// what was answered before a question was sent counts, and what was sent before its
// answer came may count. Questions are checked afterwards, so that checking costs
// what is measured nothing; for that, every event has a number in one order.
type Oracle struct {
	scale Scale

	mu    sync.Mutex
	clock int64         // number of the last event; guarded by mu
	cells map[int]*cell // of records that are not as they were loaded; guarded by mu
}

// A span is from when something was sent to when it was answered; 0: not yet.
type span struct{ begun, done int64 }

type cell struct {
	create, remove span
	loaded         bool
	revisions      []span // but the first, which is that of the creation
}

// NewOracle returns an oracle for a store that was just loaded.
func NewOracle(s Scale) *Oracle { return &Oracle{scale: s, cells: map[int]*cell{}} }

func (o *Oracle) cell(k int) *cell {
	c := o.cells[k]
	if c == nil {
		c = &cell{loaded: k < o.scale.Records}
		o.cells[k] = c
	}
	return c
}

// Now returns the number of the last event: take it before a question is sent and
// after its answer came.
func (o *Oracle) Now() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

// Begin says that a change of a record is about to be sent. It returns the revision
// that an update writes.
func (o *Oracle) Begin(v Verb, k int) (revision int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock++
	c := o.cell(k)
	switch v {
	case Create:
		c.create.begun = o.clock
	case Delete:
		if c.remove.begun == 0 {
			c.remove.begun = o.clock
		}
	case UpdateData:
		c.revisions = append(c.revisions, span{begun: o.clock})
	}
	return len(c.revisions)
}

// Done says that a change was answered.
func (o *Oracle) Done(v Verb, k, revision int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock++
	c := o.cell(k)
	switch v {
	case Create:
		c.create.done = o.clock
	case Delete:
		if c.remove.done == 0 {
			c.remove.done = o.clock
		}
	case UpdateData:
		c.revisions[revision-1].done = o.clock
	}
}

// Holds checks whether a record may have been there, or not, in an answer to a
// question that was sent at from and answered at to.
func (o *Oracle) Holds(k int, from, to int64, there bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.holds(k, from, to, there)
}

func (o *Oracle) holds(k int, from, to int64, there bool) error {
	c := o.cells[k]
	if c == nil {
		c = &cell{loaded: k < o.scale.Records}
	}
	switch {
	case there && c.remove.before(from):
		return fmt.Errorf("record %d was answered although its deletion had been", k)
	case there && !c.loaded && !c.create.sent(to):
		return fmt.Errorf("record %d was answered and never created", k)
	case !there && (c.loaded || c.create.before(from)) && !c.remove.sent(to):
		return fmt.Errorf("record %d was not answered and nobody deleted it", k)
	}
	return nil
}

func (s span) before(at int64) bool { return s.done != 0 && s.done <= at }
func (s span) sent(at int64) bool   { return s.begun != 0 && s.begun <= at }

// Reads checks one value of such an answer: that it is the record's, whole, and was
// not overwritten before the question was sent.
func (o *Oracle) Reads(k int, from, to int64, data string) error {
	key, revision, ok := Parse(data)
	if !ok || key != k {
		return fmt.Errorf("record %d was answered with other data", k)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.holds(k, from, to, true); err != nil {
		return err
	}
	c := o.cells[k]
	if c == nil && revision != 0 || c != nil && revision > len(c.revisions) {
		return fmt.Errorf("record %d was answered in revision %d, which nobody wrote", k, revision)
	}
	if c == nil {
		return nil
	}
	was := span{}
	if revision > 0 {
		was = c.revisions[revision-1]
		if !was.sent(to) {
			return fmt.Errorf("record %d was answered in revision %d before that was sent", k, revision)
		}
	}
	for i, later := range c.revisions {
		if i+1 != revision && (revision == 0 || was.done != 0) && later.begun > was.done && later.before(from) {
			return fmt.Errorf("record %d was answered in revision %d although revision %d had been acknowledged", k, revision, i+1)
		}
	}
	return nil
}
