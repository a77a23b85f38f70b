package seal

import (
	"fmt"
	"maps"
	"slices"
)

// The model of the protocol of the two stores that doc.go writes down: what is
// durable, who holds what in memory, and what a finder of every file there ever
// was could open. Each step of an operation is one durable write of one store,
// or reads only. The operations are in model_steps_test.go and model_keys_test.go.

type (
	mKey              int // a data key; no two are the same, whatever their id
	mValue            int
	set[T comparable] = map[T]bool
)

// mSubject is a subject's rows in the data store.
type mSubject struct {
	version int
	erasing bool
	values  map[mValue]mKey // sealed rows
	bound   set[mKey]       // subject_key
	doomed  map[mKey]mValue // re-keyed: this key is to be destroyed, and why (0: a correction)
	dying   set[mKey]       // of an erasure under way: the keys that its intent names
	gone    set[mValue]     // … and the values, whose rows went with the intent
}

// mData is the data store, and an archive of it.
type mData struct {
	subjects [2]mSubject
	fences   set[mKey]
	head     int // of the journal, in an archive
}

// mEpoch is a row of seal_epoch.
type mEpoch struct{ started, finished int }

// mKeys is the keys store, and an archive of it.
type mKeys struct {
	epoch  int
	epochs map[int]mEpoch
	keys   map[mKey]int // wrapped in this epoch
}

// mRecord is a record of the erasure journal: a subject, or one value of it.
type mRecord struct {
	subject int
	value   mValue // 0: everything
}

type mNode struct {
	todo   []func() bool // the rest of an operation; a step that returns false ends it
	pool   []mKey
	cache  set[mKey] // ciphers
	held   set[int]  // epoch keys in memory
	ticked int       // when its cache last ran out
}

type model struct {
	wrong  string // which mistake to make, or ""
	choose func(n int) int
	now    int
	err    error

	data    mData
	keys    mKeys
	file    set[int] // the epoch store
	journal []mRecord
	dataArc []mData
	keysArc []mKeys
	restore *[3]int // a restore under way: archives of data and keys (-1: the current ones), records of the journal at hand
	nodes   [2]*mNode

	wrapped map[mKey]set[int]    // every wrapping any file ever held
	sealed  map[mValue]set[mKey] // every sealing any file ever held
	handed  set[mKey]
	lastKey mKey
	lastVal mValue
	acked   map[mValue]int // acknowledged and not to be erased: by subject
	asked   set[mValue]    // an erasure's intent is durable
	erased  map[mValue]int // acknowledged as erased at this time
}

func newModel(choose func(int) int, wrong string) *model {
	m := &model{
		wrong: wrong, choose: choose, now: 1,
		data: mData{fences: set[mKey]{}},
		keys: mKeys{epoch: 1, epochs: map[int]mEpoch{1: {0, 0}}, keys: map[mKey]int{}},
		file: set[int]{1: true}, wrapped: map[mKey]set[int]{}, sealed: map[mValue]set[mKey]{}, handed: set[mKey]{},
		acked: map[mValue]int{}, asked: set[mValue]{}, erased: map[mValue]int{},
	}
	for i := range m.data.subjects {
		m.data.subjects[i] = mSubject{values: map[mValue]mKey{}, bound: set[mKey]{}, doomed: map[mKey]mValue{}, dying: set[mKey]{}, gone: set[mValue]{}}
	}
	for i := range m.nodes {
		m.nodes[i] = &mNode{}
		m.crash(m.nodes[i])
	}
	return m
}

func (d mData) copy() mData {
	d.fences = maps.Clone(d.fences)
	for i := range d.subjects {
		s := &d.subjects[i]
		s.values, s.bound, s.doomed = maps.Clone(s.values), maps.Clone(s.bound), maps.Clone(s.doomed)
		s.dying, s.gone = maps.Clone(s.dying), maps.Clone(s.gone)
	}
	return d
}

func (k mKeys) copy() mKeys {
	k.epochs, k.keys = maps.Clone(k.epochs), maps.Clone(k.keys)
	return k
}

func (m *model) fail(format string, args ...any) {
	if m.err == nil {
		m.err = fmt.Errorf(format, args...)
	}
}

// crash takes a node's memory and what it was about to do.
func (m *model) crash(n *mNode) {
	*n = mNode{cache: set[mKey]{}, held: maps.Clone(m.file), ticked: m.now}
}

// wrap writes a key to the keys store, where some file may keep it for ever.
func (m *model) wrap(k mKey, epoch int) {
	m.keys.keys[k] = epoch
	if m.wrapped[k] == nil {
		m.wrapped[k] = set[int]{}
	}
	m.wrapped[k][epoch] = true
}

// store writes a value sealed under a key to the data store, likewise.
func (m *model) store(s *mSubject, v mValue, k mKey) {
	s.values[v] = k
	if m.sealed[v] == nil {
		m.sealed[v] = set[mKey]{}
	}
	m.sealed[v][k] = true
}

// open reports whether a node can open what is sealed under a key.
func (m *model) open(n *mNode, k mKey) bool {
	if n.cache[k] {
		return true
	}
	epoch, ok := m.keys.keys[k]
	if ok && !n.held[epoch] {
		n.held = maps.Clone(m.file)
	}
	n.cache[k] = ok && n.held[epoch]
	if !n.cache[k] {
		delete(n.cache, k)
	}
	return ok && n.held[epoch]
}

// finder reports whether a value can be had from all files there ever were with
// all current keys in hand: the epoch store's, from which later epochs can be
// derived and earlier ones cannot, and whatever the nodes have in memory.
func (m *model) finder(v mValue) bool {
	first := m.keys.epoch + 9
	for _, hand := range []set[int]{m.file, m.nodes[0].held, m.nodes[1].held} {
		for e := range hand {
			first = min(first, e)
		}
	}
	for k := range m.sealed[v] {
		if m.nodes[0].cache[k] || m.nodes[1].cache[k] {
			return true
		}
		for e := range m.wrapped[k] {
			if e >= first {
				return true
			}
		}
	}
	return false
}

// silent is Keyring.SilentFrom: the end of the first rotation that began after t.
func (m *model) silent(t int) (from int, ok bool) {
	for e := 2; e <= m.keys.epoch; e++ {
		if row := m.keys.epochs[e]; row.started > t {
			return row.finished, row.finished > 0
		}
	}
	return 0, false
}

// check looks at the invariants, after every step.
func (m *model) check() {
	if m.restore != nil {
		return // nothing is served
	}
	for v, s := range m.acked {
		k, ok := m.data.subjects[s].values[v]
		epoch, live := m.keys.keys[k]
		if !ok || !live || !m.file[epoch] {
			m.fail("value %d was acknowledged and cannot be read: row %v, key %d %v in epoch %d, epochs %v", v, ok, k, live, epoch, m.file)
		}
	}
	for v, t := range m.erased {
		from, ok := m.silent(t)
		if ok && from < m.nodes[0].ticked && from < m.nodes[1].ticked && m.finder(v) {
			m.fail("value %d was erased at %d, is said to be silent since %d, and can be had", v, t, from)
		}
		for s := range m.data.subjects {
			if k, ok := m.data.subjects[s].values[v]; ok && m.keys.keys[k] > 0 {
				m.fail("value %d was erased and is back", v)
			}
		}
	}
}

// run does a number of steps and then lets everything come to its end.
func (m *model) run(steps int) error {
	for range steps {
		m.act()
		m.now++
		if m.check(); m.err != nil {
			return m.err
		}
	}
	m.settle()
	return m.err
}

// settle resumes whatever was interrupted, rotates, and looks whether everything
// is as it was promised to be in the end.
func (m *model) settle() {
	n := m.nodes[0]
	m.crash(m.nodes[1])
	for range 4 { // two may only finish and redo what a restore has brought back
		for _, op := range []func(*mNode) []func() bool{m.resume, m.rotate} {
			m.crash(n)
			n.todo = op(n)
			for guard := 0; len(n.todo) > 0 && m.err == nil; guard++ {
				m.step(n)
				if m.now++; guard > 2000 {
					m.fail("an interrupted operation does not come to its end")
				}
				m.check()
			}
		}
		m.crash(n)
		m.crash(m.nodes[1])
	}
	m.now++
	m.crash(n)
	m.crash(m.nodes[1])
	m.check()
	for i, s := range m.data.subjects {
		if s.erasing || len(s.doomed) > 0 {
			m.fail("subject %d: the erasure was not finished", i)
		}
	}
	for v := range m.asked {
		if _, ok := m.erased[v]; !ok {
			m.fail("value %d: the erasure was asked for and never acknowledged", v)
		}
	}
	for v := range m.erased {
		if m.finder(v) {
			m.fail("value %d was erased and can be had after four more rotations", v)
		}
	}
	if m.keys.epochs[m.keys.epoch].finished == 0 || len(m.file) != 1 {
		m.fail("the rotation was not finished: epochs %v in the store", slices.Sorted(maps.Keys(m.file)))
	}
}
