package seal

import (
	"maps"
	"slices"
)

// rotate moves to the next epoch, or finishes a move that was cut short.
func (m *model) rotate(n *mNode) []func() bool {
	var target int
	found := false // the next epoch was in the store, and nobody knows since when
	begin := func() bool {
		if m.keys.epochs[m.keys.epoch].finished == 0 && m.keys.epoch > 1 {
			target = m.keys.epoch
			return true
		}
		target = m.keys.epoch + 1
		if found = m.file[target]; !m.file[target-1] {
			return false
		}
		m.file[target] = true
		return true
	}
	announce := func() bool {
		if m.keys.epoch == target-1 {
			m.keys.epoch = target
			started := m.now
			if found && m.wrong != "found epoch counts" {
				started = 0
			}
			m.keys.epochs[target] = mEpoch{started: started}
		}
		return true
	}
	var rewrap func() bool
	rewrap = func() bool {
		for _, k := range slices.Sorted(maps.Keys(m.keys.keys)) {
			if e := m.keys.keys[k]; e < target {
				if !m.file[e] || !m.file[target] {
					return false
				}
				m.wrap(k, target)
				return n.again(rewrap)
			}
		}
		return true
	}
	erase := func() bool {
		if !m.file[target] {
			return false // this node slept, and others have gone on
		}
		for e := range m.file {
			if e < target {
				delete(m.file, e)
			}
		}
		return true
	}
	finish := func() bool {
		row := m.keys.epochs[target]
		if row.finished == 0 {
			row.finished = m.now
		}
		if m.wrong == "started late" {
			row.started = m.now - 1
		}
		m.keys.epochs[target] = row
		return true
	}
	switch m.wrong {
	case "announced before the epoch store": // keys are made in an epoch that nobody may have
		return []func() bool{func() bool { target = m.keys.epoch + 1; return m.keys.epochs[target-1].finished > 0 || target == 2 }, announce, func() bool { m.file[target] = true; return true }, rewrap, erase, finish}
	case "epoch erased before the keys moved":
		return []func() bool{begin, announce, erase, rewrap, finish}
	case "finished before the epoch is erased": // silence is promised too early
		return []func() bool{begin, announce, rewrap, finish, erase}
	}
	return []func() bool{begin, announce, rewrap, erase, finish}
}

// backup copies the data, and where the journal stood before.
func (m *model) backup() []func() bool {
	var a mData
	head := func() bool { a.head = len(m.journal); return true }
	data := func() bool { h := a.head; a = m.data.copy(); a.head = h; return true }
	keep := func() bool { m.dataArc = append(m.dataArc, a); return true }
	if m.wrong == "journal's end after the copy" { // an erasure in between is in neither
		return []func() bool{data, head, keep}
	}
	return []func() bool{head, data, keep}
}

// sweep destroys keys that nobody binds, though an act may be about to.
func (m *model) sweep() []func() bool {
	var dead []mKey
	return []func() bool{
		func() bool { // fence, one act of the data store
			named := set[mKey]{}
			for _, s := range m.data.subjects {
				maps.Copy(named, s.bound)
			}
			for k := range m.keys.keys {
				if m.handed[k] && !named[k] { // the pool's are too young
					m.data.fences[k] = true
					dead = append(dead, k)
				}
			}
			return true
		},
		func() bool {
			for _, k := range dead {
				delete(m.keys.keys, k)
			}
			return true
		},
	}
}

// beginRestore stops the nodes and chooses archives, or is refused.
func (m *model) beginRestore() {
	if len(m.dataArc) == 0 {
		return
	}
	a, k := m.choose(len(m.dataArc)), m.choose(len(m.keysArc)+1)-1
	journal := len(m.journal)
	if m.choose(2) == 0 { // the copy at hand is old
		if journal = m.choose(journal + 1); m.wrong != "journal of any age" {
			if journal < m.dataArc[a].head {
				return // refused
			}
			journal = len(m.journal) // what a copy does not have comes back: no protocol helps
		}
	}
	if k >= 0 && m.wrong != "any keys archive" && !m.fits(m.keysArc[k]) {
		return // refused: the epoch store has moved on
	}
	m.restore = &[3]int{a, k, journal}
	m.crash(m.nodes[0])
	m.crash(m.nodes[1])
}

// fits is Keyring.checkEpoch.
func (m *model) fits(k mKeys) bool {
	for _, e := range k.keys {
		if !m.file[e] {
			return false
		}
	}
	return m.file[k.epoch]
}

// again carries out a record of the journal on what a restore has put back. It
// is one step here: nothing is served meanwhile, and a restore that is cut short
// begins again. A record of one value re-keys all that the subject has, even if
// the value is not there: what it was sealed under may be.
func (m *model) again(r mRecord) bool {
	s := &m.data.subjects[r.subject]
	old := s.bound
	if r.value > 0 && m.wrong == "only what is there" && s.values[r.value] == 0 {
		return true
	}
	m.lastKey++
	m.wrap(m.lastKey, m.keys.epoch)
	s.bound = set[mKey]{m.lastKey: true}
	for _, v := range slices.Sorted(maps.Keys(s.values)) {
		_, live := m.keys.keys[s.values[v]]
		if delete(s.values, v); live && r.value > 0 && v != r.value {
			m.store(s, v, m.lastKey)
		}
	}
	for k := range old {
		delete(m.keys.keys, k)
	}
	return true
}

// restoring puts archives back, erases again what the journal says, finishes
// what is half done, destroys the keys that the data does not name, and serves
// only then.
func (m *model) restoring(n *mNode) []func() bool {
	arc := m.dataArc[m.restore[0]]
	steps := []func() bool{
		func() bool { m.data = arc.copy(); return true },
		func() bool {
			if k := m.restore[1]; k >= 0 {
				m.keys = m.keysArc[k].copy()
			}
			return true
		},
	}
	for _, r := range m.journal[min(arc.head, m.restore[2]):m.restore[2]] {
		steps = append(steps, func() bool { return m.again(r) })
	}
	finish := func() bool { // erasures that the archive shows half done
		for i := range m.data.subjects {
			s := &m.data.subjects[i]
			for k := range s.bound {
				if _, doomed := s.doomed[k]; doomed || s.erasing {
					delete(m.keys.keys, k)
				}
			}
			for k := range s.dying {
				delete(m.keys.keys, k)
			}
		}
		return true
	}
	if m.wrong != "intents left for later" {
		steps = append(steps, finish)
	}
	purge := func() bool {
		named := set[mKey]{}
		for _, s := range m.data.subjects {
			for k := range s.bound {
				named[k] = true
			}
		}
		for k := range m.keys.keys {
			if !named[k] {
				delete(m.keys.keys, k)
			}
		}
		return true
	}
	if m.wrong != "no purge" {
		steps = append(steps, purge)
	}
	return append(steps, func() bool { // serve what is there
		m.restore = nil
		m.acked = map[mValue]int{}
		for i := range m.data.subjects {
			s := &m.data.subjects[i]
			for v, k := range s.values {
				if _, live := m.keys.keys[k]; live && !s.erasing {
					m.acked[v] = i
				}
			}
		}
		maps.DeleteFunc(m.asked, func(v mValue, _ bool) bool { // a past in which nobody had asked
			_, done := m.erased[v]
			return !done && m.acked[v] >= 0
		})
		for i := range m.data.subjects {
			if m.data.subjects[i].erasing {
				for v := range m.data.subjects[i].gone {
					m.asked[v] = true
				}
			}
			for _, v := range m.data.subjects[i].doomed {
				if v > 0 {
					m.asked[v] = true
				}
			}
		}
		return true
	})
}
