package audit

import (
	"sync"
	"time"
)

// freshRoom bounds the leaves that are remembered: what a busy node writes while the
// sequencer is at one chunk after the other. Others are read back.
const freshRoom = 1 << 14

// fresh remembers the leaves of entries that this process has put on acts, so that
// the sequencer need not read them back: which of them are committed, audit_pending
// says. Its zero value is ready.
type fresh struct {
	mu     sync.Mutex
	leaves map[ID]leaf // guarded by mu
	order  []ID        // guarded by mu; a ring, oldest at next once it is full
	next   int         // guarded by mu
}

// put remembers a leaf. An entry that is put again, by a transaction that is run
// again, is what it was put as last.
func (f *fresh) put(x leaf) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.leaves == nil {
		f.leaves = map[ID]leaf{}
	}
	f.leaves[x.id] = x
	if len(f.order) < freshRoom {
		f.order = append(f.order, x.id)
		return
	}
	delete(f.leaves, f.order[f.next])
	f.order[f.next] = x.id
	f.next = (f.next + 1) % freshRoom
}

// take returns the leaves of those entries that are remembered, and forgets them;
// the rest of w is those that are not. Both keep their order.
func (f *fresh) take(w waiting) (list []leaf, rest waiting) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list = make([]leaf, 0, len(w.list))
	for _, e := range w.list {
		x, ok := f.leaves[e.id]
		if !ok {
			rest.list = append(rest.list, e)
			continue
		}
		delete(f.leaves, e.id)
		list = append(list, x)
	}
	if len(f.leaves) == 0 { // a quiet node holds no memory for it
		f.leaves, f.order, f.next = nil, nil, 0
	}
	return list, rest
}

// leafAt is the leaf of an entry that is put at a time.
func (p *Prepared) leafAt(at time.Time) leaf {
	return leaf{
		id: p.ID, hash: leafHash(p.public, sealedHash(p.sealed)), at: time.UnixMicro(at.UnixMicro()).UTC(),
		control: p.control, also: p.also,
	}
}

// shows notes the controls that an entry shows, the main one first.
func (p *Prepared) shows(e Entry, public Fields) {
	p.control = e.Control
	if len(e.Also) == 0 {
		return
	}
	if all := public.Controls(); len(all) > 0 {
		p.control, p.also = all[0], all[1:]
	}
}
