package db

// A step is one statement of a group with the rows of all acts that go into it.
// Statements that cannot be merged have a step for each row.
type step struct {
	s    *Statement
	rows []stepRow
}

type stepRow struct {
	l *load
	o op
}

// addSteps lays the writes of l into steps so that they keep their order within
// l: a row goes into the first step of its statement that does not come before
// the step of the row before it.
func addSteps(steps []step, l *load) []step {
	at := 0
	for _, o := range l.ops {
		i := at
		if o.s.packed {
			i = 0 // nothing waits for it
		} else if o.s.merged == "" {
			i = len(steps)
		}
		for i < len(steps) && steps[i].s != o.s {
			i++
		}
		if i == len(steps) {
			steps = moreSteps(steps, o.s)
		}
		steps[i].rows = append(steps[i].rows, stepRow{l, o})
		if !o.s.packed {
			at = i
		}
	}
	return steps
}

// moreSteps appends an empty step, with the memory of one used before if there
// is any.
func moreSteps(steps []step, s *Statement) []step {
	if n := len(steps); n < cap(steps) {
		steps = steps[:n+1]
		steps[n].s, steps[n].rows = s, steps[n].rows[:0]
		return steps
	}
	return append(steps, step{s: s})
}

// forget drops what the steps refer to and keeps their memory.
func forget(steps []step) []step {
	for i := range steps {
		clear(steps[i].rows)
		steps[i].rows = steps[i].rows[:0]
	}
	return steps[:0]
}

// rowName names a versioned row.
type rowName struct {
	v   Versioned
	key int64
}

// divide cuts jobs into those that can be checked together before any of them
// writes, and the rest, for a later group: an act that changes a row's version
// stands alone with that row.
func divide(jobs []*job) (now, later []*job) {
	changes := false
	for _, j := range jobs {
		for i := range j.load.guards {
			changes = changes || j.load.guards[i].change
		}
	}
	if !changes {
		return jobs, nil
	}
	named := map[rowName]*job{}   // some act that relies on the row
	changed := map[rowName]*job{} // the act that changes it
	now = make([]*job, 0, len(jobs))
	for _, j := range jobs {
		if collides(j, named, changed) {
			later = append(later, j)
			continue
		}
		for _, g := range j.load.guards {
			r := rowName{g.v, g.key}
			named[r] = j
			if g.change {
				changed[r] = j
			}
		}
		now = append(now, j)
	}
	return now, later
}

func collides(j *job, named, changed map[rowName]*job) bool {
	for _, g := range j.load.guards {
		r := rowName{g.v, g.key}
		if c := changed[r]; c != nil && c != j {
			return true
		}
		if n := named[r]; g.change && n != nil && n != j {
			return true
		}
	}
	return false
}
