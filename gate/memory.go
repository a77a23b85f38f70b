package gate

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/avow-dev/avow/policy"
)

const (
	shelfSize  = 4096 // subjects
	stripes    = 256  // locks
	keysPacked = 10   // data keys of a subject that has a place
)

// A memory keeps the facts of many subjects in little room: without pointers, and in
// such an order that a decision reads one line of the processor's cache. A subject has
// one place, by its number, which the last who came keeps; numbers are given one after
// the other, so that places are filled without gaps, and room is taken as they are. Who
// has more facts than usual (holds, an old version of the policy, many keys) has none.
type memory struct {
	shelves  []atomic.Pointer[shelf]
	locks    [stripes]stripe
	versions atomic.Pointer[[]string] // of the policy that people have accepted
	naming   sync.Mutex               // held by who adds to versions
}

type shelf struct {
	said [shelfSize]said
	rest [shelfSize]rest
}

type stripe struct {
	sync.Mutex
	_ [56]byte // a line of its own
}

// said is what a decision is made of, beside how the recipients stand: 64 bytes.
type said struct {
	num                                              int64  // 0: the place is free
	until                                            int64  // µs; 0: until the version moves
	stand                                            uint32 // the standing that it was kept under
	marks                                            uint32
	consents, explicit, withdrawn, expired, objected uint64
}

// rest is what else is known.
type rest struct {
	shared, abroad, held     uint64
	version, log             int64
	created, closed, refused int64 // µs; 0: none
	keys, buckets            [keysPacked]int64
	classes                  [keysPacked]int32
	accepted                 uint16 // place in versions, from 1
	bound, kind, state, age  uint8
	residence                [2]byte
	id                       [30]byte
}

// newMemory returns a memory of so many places, or some more: a power of two.
func newMemory(places int) *memory {
	shelves := 1
	for shelves*shelfSize < places {
		shelves *= 2
	}
	m := &memory{shelves: make([]atomic.Pointer[shelf], shelves)}
	m.versions.Store(&[]string{})
	return m
}

// at returns the shelf of a subject, its place there, and the lock of that place. The
// shelf is nil where nobody has a place on it.
func (m *memory) at(num int64) (*atomic.Pointer[shelf], int, *stripe) {
	n := uint64(num)
	return &m.shelves[n/shelfSize&uint64(len(m.shelves)-1)], int(n % shelfSize), &m.locks[n%stripes]
}

// facts fills in what is known about a subject for a decision, where it was kept under
// st, and says until when it holds, in µs; 0: until the version moves.
func (m *memory) facts(num int64, st *standing, f *policy.Facts) (until int64, ok bool) {
	place, i, lock := m.at(num)
	here := place.Load()
	if here == nil {
		return 0, false
	}
	lock.Lock()
	s := here.said[i]
	if s.num != num || s.stand != st.number {
		lock.Unlock()
		return 0, false
	}
	if s.marks&markRest != 0 {
		here.rest[i].fill(f)
	}
	lock.Unlock()
	s.fill(f)
	st.fill(f)
	return s.until, true
}

// state returns what is known about a subject where it was kept under st, or nil.
func (m *memory) state(num int64, st *standing) *State {
	place, i, lock := m.at(num)
	here := place.Load()
	if here == nil {
		return nil
	}
	lock.Lock()
	s := here.said[i]
	if s.num != num || s.stand != st.number {
		lock.Unlock()
		return nil
	}
	r := here.rest[i]
	lock.Unlock()
	out := &State{until: unpackTime(s.until), epoch: st.epoch, ledger: st.ledger, Subject: r.subject(num), Keys: r.bindings()}
	out.Subject.Restricted, out.Subject.Guardian = s.marks&markRestricted != 0, s.marks&markGuardian != 0
	out.Subject.Declined = s.marks&markDeclined != 0
	if r.accepted != 0 {
		out.Subject.Accepted = (*m.versions.Load())[r.accepted-1]
	}
	r.fill(&out.Facts)
	s.fill(&out.Facts)
	st.fill(&out.Facts)
	return out
}

// keep gives s a place, unless later facts of the same subject have it; where claim
// is false, not that of somebody else either. What has no place is nobody's.
func (m *memory) keep(s *State, st *standing, claim bool) {
	head, r, ok := m.pack(s, st)
	place, i, lock := m.at(s.Subject.Num)
	here := place.Load()
	if here == nil {
		if !ok {
			return
		}
		place.CompareAndSwap(nil, new(shelf))
		here = place.Load()
	}
	lock.Lock()
	defer lock.Unlock()
	was := &here.said[i]
	live := was.num != 0 && was.stand == st.number
	switch {
	case live && was.num == head.num && here.rest[i].version > r.version:
	case ok && (claim || !live || was.num == head.num):
		*was, here.rest[i] = head, r
	case was.num == head.num:
		was.num = 0
	}
}

// forget makes a subject's place free.
func (m *memory) forget(num int64) {
	place, i, lock := m.at(num)
	here := place.Load()
	if here == nil {
		return
	}
	lock.Lock()
	defer lock.Unlock()
	if here.said[i].num == num {
		here.said[i].num = 0
	}
}

// accepted returns the place of a version of the policy among those that people have
// accepted, from 1; 0 for none, and where there are too many.
func (m *memory) accepted(version string) uint16 {
	if version == "" {
		return 0
	}
	if i := slices.Index(*m.versions.Load(), version); i >= 0 {
		return uint16(i + 1)
	}
	m.naming.Lock()
	defer m.naming.Unlock()
	have := *m.versions.Load()
	i := slices.Index(have, version)
	if i < 0 && len(have) < 1<<16-1 {
		i, have = len(have), append(slices.Clone(have), version)
		m.versions.Store(&have)
	}
	return uint16(i + 1)
}
