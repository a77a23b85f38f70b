package seal

import (
	"maps"
	"slices"
)

// act lets one of the nodes or the operator do one thing.
func (m *model) act() {
	n := m.nodes[m.choose(2)]
	if m.restore != nil { // one process, and nothing else until it is done
		n = m.nodes[0]
		if len(n.todo) == 0 {
			n.todo = m.restoring(n)
		}
		if m.choose(8) == 0 {
			m.crash(n)
			return
		}
		m.step(n)
		return
	}
	if len(n.todo) > 0 {
		switch m.choose(12) {
		case 0:
			m.crash(n)
		default:
			m.step(n)
		}
		return
	}
	s := m.choose(len(m.data.subjects))
	switch m.choose(14) {
	case 0, 1, 2:
		n.todo = m.collect(n, s)
	case 3:
		n.todo = m.use(n, s)
	case 4:
		n.todo = m.rekey(n, s, false)
	case 5:
		n.todo = m.rekey(n, s, true)
	case 6:
		n.todo = m.erase(n, s)
	case 7, 8:
		n.todo = m.rotate(n)
	case 9:
		n.todo = m.backup()
	case 10:
		m.keysArc = append(m.keysArc, m.keys.copy())
	case 11:
		m.beginRestore()
	case 12:
		n.todo = m.sweep()
	case 13: // a lifetime passes
		n.cache, n.held, n.ticked = set[mKey]{}, maps.Clone(m.file), m.now
	}
	if len(n.todo) == 0 && m.restore == nil && m.choose(2) == 0 {
		n.todo = m.resume(n)
	}
}

// step takes one step of what a node is at.
func (m *model) step(n *mNode) {
	if len(n.todo) == 0 {
		return
	}
	next := n.todo[0]
	n.todo = n.todo[1:]
	if !next() {
		n.todo = nil
	}
}

// again puts a step back in front.
func (n *mNode) again(step func() bool) bool {
	n.todo = append([]func() bool{step}, n.todo...)
	return true
}

// fresh appends steps that leave a new durable key in *k. The epoch guards the
// insertion: a node that is behind reads the epochs again.
func (m *model) fresh(n *mNode, k *mKey) []func() bool {
	var epoch int
	take := func() bool {
		*k, n.pool = n.pool[0], n.pool[1:]
		if m.handed[*k] {
			m.fail("key %d is handed out twice", *k)
		}
		m.handed[*k] = true
		n.cache[*k] = true
		return true
	}
	if len(n.pool) > 0 {
		return []func() bool{take}
	}
	insert := func() bool {
		if epoch != m.keys.epoch && m.wrong != "no epoch guard" {
			return false
		}
		for range 2 {
			m.lastKey++
			if m.wrong != "key after value" {
				m.wrap(m.lastKey, epoch)
			}
			n.pool = append(n.pool, m.lastKey)
		}
		return true
	}
	return []func() bool{func() bool { epoch = m.keys.epoch; return m.file[epoch] }, insert, take}
}

// collect adds a value to a subject, under a key it has or a new one.
func (m *model) collect(n *mNode, subject int) []func() bool {
	s := &m.data.subjects[subject]
	version := s.version
	var k mKey
	var steps []func() bool
	for have := range s.bound {
		k = max(k, have)
	}
	if _, doomed := s.doomed[k]; k == 0 || doomed || m.choose(3) == 0 {
		steps = m.fresh(n, &k)
	} else {
		steps = []func() bool{func() bool { return m.open(n, k) }}
	}
	return append(steps, func() bool { // the act
		s := &m.data.subjects[subject]
		if (s.version != version || s.erasing) && m.wrong != "no version" {
			return false
		}
		if m.data.fences[k] && m.wrong != "no fence" {
			return false
		}
		m.lastVal++
		s.bound[k] = true
		m.store(s, m.lastVal, k)
		m.acked[m.lastVal] = subject
		if m.wrong == "key after value" {
			n.again(func() bool { m.wrap(k, m.keys.epoch); return true })
		}
		return true
	})
}

// use opens a value, writes its entry and answers.
func (m *model) use(n *mNode, subject int) []func() bool {
	version := m.data.subjects[subject].version
	if m.data.subjects[subject].erasing {
		return nil // the facts forbid it
	}
	var value mValue
	for v := range m.data.subjects[subject].values {
		value = max(value, v)
	}
	opened := false
	return []func() bool{
		func() bool { opened = m.open(n, m.data.subjects[subject].values[value]); return value > 0 },
		func() bool {
			s := &m.data.subjects[subject]
			if s.version != version && m.wrong != "no version" {
				return false
			}
			if _, gone := m.erased[value]; gone && opened {
				m.fail("value %d is answered after its erasure", value)
			}
			return true
		},
	}
}

// rekey corrects or erases one value: the others move to a new key first.
func (m *model) rekey(n *mNode, subject int, erase bool) []func() bool {
	s := &m.data.subjects[subject]
	version := s.version
	var victim mValue
	for v := range s.values {
		victim = max(victim, v)
	}
	old := s.values[victim]
	if _, doomed := s.doomed[old]; victim == 0 || doomed || s.erasing {
		return nil
	}
	var k mKey
	steps := append(m.fresh(n, &k), func() bool { return m.open(n, old) }, func() bool { // the act
		s := &m.data.subjects[subject]
		if s.version != version || s.erasing || m.data.fences[k] {
			return false
		}
		s.version++
		s.bound[k] = true
		for v, under := range s.values {
			if under == old && v != victim {
				m.store(s, v, k)
			}
		}
		delete(s.values, victim)
		delete(m.acked, victim)
		s.doomed[old] = 0
		if erase {
			s.doomed[old] = victim
			m.asked[victim] = true
		} else {
			m.lastVal++
			m.store(s, m.lastVal, k)
			m.acked[m.lastVal] = subject
		}
		return true
	})
	if erase && m.wrong == "journal before intent" {
		steps = append([]func() bool{func() bool { m.journal = append(m.journal, mRecord{subject, victim}); return true }}, steps...)
	}
	return append(steps, m.doom(n, subject, old)...)
}

// eitherOrder returns two steps of which neither waits for the other.
func (m *model) eitherOrder(a, b func() bool) []func() bool {
	if m.choose(2) == 0 {
		return []func() bool{a, b}
	}
	return []func() bool{b, a}
}

// destroy destroys keys and forgets their ciphers.
func (m *model) destroy(n *mNode, k mKey) {
	delete(m.keys.keys, k)
	delete(n.cache, k)
}

// acknowledge says of a value that it was erased when its keys died.
func (m *model) acknowledge(v mValue, died int) {
	if _, done := m.erased[v]; v > 0 && !done {
		m.erased[v] = died
	}
}

// doom ends a re-keying: journal and keys (acknowledged), intent. It ends all that
// the subject has under way, because a value that moved on from key to key is
// still sealed under each, in some file.
func (m *model) doom(n *mNode, subject int, old mKey) []func() bool {
	doomed, died := map[mKey]mValue{}, 0
	look := func() bool {
		_, ok := m.data.subjects[subject].doomed[old]
		for k, v := range m.data.subjects[subject].doomed {
			if k == old || m.wrong != "only its own key" {
				doomed[k] = v
			}
		}
		return ok
	}
	journal := func() bool {
		for _, k := range slices.Sorted(maps.Keys(doomed)) {
			if v := doomed[k]; v > 0 && m.wrong != "journal before intent" {
				m.journal = append(m.journal, mRecord{subject, v})
			}
		}
		return true
	}
	keys := func() bool {
		for k := range doomed {
			m.destroy(n, k)
		}
		died = m.now
		return true
	}
	acknowledge := func() bool {
		for _, v := range doomed {
			m.acknowledge(v, died)
		}
		return true
	}
	end := func() bool {
		s := &m.data.subjects[subject]
		for k := range doomed {
			delete(s.bound, k)
			delete(s.doomed, k)
		}
		return true
	}
	both := m.eitherOrder(journal, keys)
	return []func() bool{look, both[0], both[1], acknowledge, end}
}

// erase erases a subject. One act writes the intent, with the keys to destroy, and
// deletes the rows; then journal and keys, in either order (acknowledged); then the
// intent goes.
func (m *model) erase(n *mNode, subject int) []func() bool {
	s := func() *mSubject { return &m.data.subjects[subject] }
	var (
		version, died int
		dying         set[mKey]
		gone          set[mValue]
	)
	look := func() bool {
		dying, gone = maps.Clone(s().dying), maps.Clone(s().gone)
		return true
	}
	doom := func() {
		for k := range s().bound {
			s().dying[k] = true
		}
		for v := range s().values {
			s().gone[v] = true
		}
		for k, v := range s().doomed { // asked for before, and done by this
			s().dying[k] = true
			if v > 0 {
				s().gone[v] = true
			}
		}
	}
	intent := func() bool {
		if !s().erasing {
			s().erasing = true
			s().version++
			doom()
			for v := range s().values {
				m.asked[v] = true
				delete(m.acked, v)
			}
			s().bound, s().values, s().doomed = set[mKey]{}, map[mValue]mKey{}, map[mKey]mValue{}
		}
		version = s().version
		return look()
	}
	journal := func() bool { m.journal = append(m.journal, mRecord{subject, 0}); return true }
	keys := func() bool {
		for k := range dying {
			m.destroy(n, k)
		}
		died = m.now
		return true
	}
	acknowledge := func() bool {
		for v := range gone {
			m.acknowledge(v, died)
		}
		return true
	}
	end := func() bool {
		if s().erasing && s().version == version {
			*s() = mSubject{version: version + 1, values: map[mValue]mKey{}, bound: set[mKey]{}, doomed: map[mKey]mValue{}, dying: set[mKey]{}, gone: set[mValue]{}}
		}
		return true
	}
	switch m.wrong {
	case "keys before intent":
		early := func() bool { dying = maps.Clone(s().bound); return keys() }
		return []func() bool{early, intent, journal, keys, acknowledge, end}
	case "keys read late":
		late := func() bool { doom(); return look() && keys() }
		return []func() bool{intent, journal, late, acknowledge, end}
	case "intent ended before keys":
		return []func() bool{intent, journal, end, keys, acknowledge}
	case "acknowledged before the journal":
		return []func() bool{intent, keys, acknowledge, journal, end}
	case "acknowledged before keys":
		now := func() bool { died = m.now; return acknowledge() }
		return []func() bool{intent, journal, now, keys, end}
	}
	both := m.eitherOrder(journal, keys)
	return []func() bool{intent, both[0], both[1], acknowledge, end}
}

// resume takes up whatever another has left half done.
func (m *model) resume(n *mNode) (steps []func() bool) {
	if m.restore != nil {
		return m.restoring(n)
	}
	for i := range m.data.subjects {
		for _, k := range slices.Sorted(maps.Keys(m.data.subjects[i].doomed)) {
			steps = append(steps, m.doom(n, i, k)...)
		}
		if m.data.subjects[i].erasing {
			steps = append(steps, m.erase(n, i)...)
		}
	}
	return steps
}
