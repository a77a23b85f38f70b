package gate

import (
	"math"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// The marks of what is said.
const (
	markAccepted uint32 = 1 << iota
	markDeclined
	markRestricted
	markSuppressed
	markGuardian
	markEnterprise
	markRest // some of the sets are among the rest

	markAccount = 8  // bits to the left
	markAge     = 16 // bits to the left
)

func kindsPacked() [3]subject.Kind {
	return [...]subject.Kind{subject.Natural, subject.Enterprise, subject.Visitor}
}

func statesPacked() [4]subject.State {
	return [...]subject.State{subject.Open, subject.Closed, subject.Erasing, subject.Erased}
}

// pack makes s small. It reports false where that would lose something.
func (m *memory) pack(s *State, st *standing) (said, rest, bool) {
	f, sub := &s.Facts, &s.Subject
	head := said{
		num: sub.Num, until: packTime(s.until), stand: st.number,
		consents: f.Consents[0], explicit: f.Explicit[0], withdrawn: f.Withdrawn[0], expired: f.Expired[0], objected: f.Objected[0],
	}
	mark := func(is bool, m uint32) {
		if is {
			head.marks |= m
		}
	}
	mark(f.Accepted, markAccepted)
	mark(f.Declined, markDeclined)
	mark(f.Restricted, markRestricted)
	mark(f.Suppressed, markSuppressed)
	mark(f.Guardian, markGuardian)
	mark(f.Enterprise, markEnterprise)
	mark(f.Shared[0]|f.Abroad[0]|f.Held[0] != 0, markRest)
	head.marks |= uint32(f.Account)<<markAccount | uint32(f.Age)<<markAge
	kinds, states := kindsPacked(), statesPacked()
	kind, state := slices.Index(kinds[:], sub.Kind), slices.Index(states[:], sub.State)
	r := rest{
		shared: f.Shared[0], abroad: f.Abroad[0], held: f.Held[0],
		version: sub.Version, log: int64(sub.LogKey),
		created: packTime(sub.Created), closed: packTime(sub.Closed), refused: packTime(sub.Refused),
		kind: uint8(kind), state: uint8(state), age: uint8(sub.Age), accepted: m.accepted(sub.Accepted),
	}
	ok := kind >= 0 && state >= 0 && sub.Num != 0 && packable(s) && st.of(s) &&
		sub.Age == subject.Age(r.age) && (sub.Accepted == "") == (r.accepted == 0) &&
		copy(r.id[:], sub.ID) == len(r.id) && len(sub.ID) == len(r.id) &&
		(sub.Residence == "" || len(sub.Residence) == len(r.residence)) &&
		sub.Restricted == f.Restricted && sub.Guardian == f.Guardian && sub.Declined == f.Declined
	copy(r.residence[:], sub.Residence)
	for i, k := range s.Keys {
		if i == keysPacked {
			return head, r, false
		}
		r.keys[i], r.buckets[i], r.classes[i] = int64(k.Key), k.Bucket, int32(k.Class)
	}
	r.bound = uint8(len(s.Keys))
	return head, r, ok
}

// packable reports whether there is room for the facts of s in a place.
func packable(s *State) bool {
	f := &s.Facts
	switch {
	case len(s.Holds) > 0, f.Agreed != nil, f.Unmoved, f.Untold, f.Repurposed, f.Shown, f.Bound:
		return false
	case len(f.Backings)+len(f.Permits)+len(f.Over) > 0:
		return false
	}
	var beyond uint64
	for i := 1; i < len(f.Consents); i++ {
		beyond |= f.Consents[i] | f.Explicit[i] | f.Withdrawn[i] | f.Expired[i] | f.Objected[i]
		beyond |= f.Shared[i] | f.Abroad[i] | f.Held[i]
	}
	return beyond == 0
}

// fill fills in what is said.
func (s *said) fill(f *policy.Facts) {
	has := func(mark uint32) bool { return s.marks&mark != 0 }
	f.Accepted, f.Declined, f.Restricted = has(markAccepted), has(markDeclined), has(markRestricted)
	f.Suppressed, f.Guardian, f.Enterprise = has(markSuppressed), has(markGuardian), has(markEnterprise)
	f.Account, f.Age = policy.AccountState(s.marks>>markAccount&0xff), policy.AgeBand(s.marks>>markAge)
	f.Consents[0], f.Explicit[0], f.Withdrawn[0], f.Expired[0], f.Objected[0] = s.consents, s.explicit, s.withdrawn, s.expired, s.objected
}

// fill fills in the sets that are among the rest.
func (r *rest) fill(f *policy.Facts) {
	f.Shared[0], f.Abroad[0], f.Held[0] = r.shared, r.abroad, r.held
}

// subject returns what the rest says of the subject itself.
func (r *rest) subject(num int64) subject.Facts {
	f := subject.Facts{
		Num: num, ID: subject.ID(r.id[:]), Kind: kindsPacked()[r.kind], Version: r.version, State: statesPacked()[r.state], Age: subject.Age(r.age),
		LogKey: seal.KeyID(r.log), Created: unpackTime(r.created), Closed: unpackTime(r.closed), Refused: unpackTime(r.refused),
	}
	if r.residence[0] != 0 {
		f.Residence = string(r.residence[:])
	}
	return f
}

// bindings returns the data keys.
func (r *rest) bindings() []seal.Binding {
	out := make([]seal.Binding, r.bound)
	for i := range out {
		out[i] = seal.Binding{Class: seal.Class(r.classes[i]), Bucket: r.buckets[i], Key: seal.KeyID(r.keys[i])}
	}
	return out
}

// packTime returns a time in µs, and 0 for none.
func packTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(t.UnixMicro(), math.MinInt64+1)
}

func unpackTime(µs int64) time.Time {
	if µs == 0 {
		return time.Time{}
	}
	return time.UnixMicro(µs).UTC()
}
