package gate

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
)

// A State is what is known about a subject at one version: the ledgers'
// records and the facts that follow from them. It is shared and read only.
type State struct {
	until  time.Time // facts hold until here; zero: until the version moves
	epoch  int64     // of the recipients' ledger that Facts were made with
	ledger int64     // version of the recipients' ledger that Facts were made with

	Facts   policy.Facts // beside what says that they hold: both are read together
	Subject subject.Facts
	Holds   []subject.Hold
	Keys    []seal.Binding // data keys bound to the subject
}

// Key returns the newest key bound to a class and bucket, or false.
func (s *State) Key(c policy.ClassNo, bucket int64) (seal.KeyID, bool) {
	for i := len(s.Keys) - 1; i >= 0; i-- {
		if b := s.Keys[i]; b.Class == seal.Class(c) && b.Bucket == bucket {
			return b.Key, true
		}
	}
	return 0, false
}

// A standing is how the recipients stand, as it was read: which have an agreement
// in force, of which the audit is overdue, and what was found out about them.
type standing struct {
	agreed, overdue  policy.RecipientSet
	stopped          policy.RecipientSet // suspended
	unseen, untaught policy.RecipientSet // not reviewed; did not accept the instructions of this version
	ledger           int64
	until            time.Time // it holds until here; zero: until somebody signs
	epoch            int64
	policy           *policy.Policy
	number           uint32 // tells one reading from another
}

// fill fills in how the recipients stand.
func (s *standing) fill(f *policy.Facts) {
	f.Agreements, f.AuditDue, f.Suspended, f.Unreviewed, f.Uninstructed = s.agreed, s.overdue, s.stopped, s.unseen, s.untaught
}

// of reports whether x was made with s, or with what said the same.
func (s *standing) of(x *State) bool {
	f := &x.Facts
	return s.epoch == x.epoch && s.ledger == x.ledger &&
		f.Agreements == s.agreed && f.AuditDue == s.overdue && f.Suspended == s.stopped && f.Unreviewed == s.unseen && f.Uninstructed == s.untaught
}

// standing returns how the recipients stand at a time: from memory where their ledger
// has not moved on from there since, which nobody but this process does where ledger
// is 0.
func (g *Gate) standing(ctx context.Context, epoch, ledger int64, now time.Time) (*standing, error) {
	p := g.inForce().Policy
	have := g.stood.Load()
	if have != nil && have.epoch == epoch && have.policy == p && have.ledger >= ledger && (have.until.IsZero() || now.Before(have.until)) {
		return have, nil
	}
	s := &standing{epoch: epoch, policy: p}
	err := g.data.Read(ctx, func(r *db.Snapshot) error { return g.stand(ctx, r, s, now) })
	if err != nil {
		return nil, err
	}
	s.number = g.standings.Add(1)
	g.stood.Store(s)
	return s, nil
}

// stand reads how the recipients stand.
func (g *Gate) stand(ctx context.Context, r db.Reader, s *standing, now time.Time) error {
	f, err := recipient.InForce(ctx, r, now)
	if err != nil {
		return err
	}
	s.agreed, s.until = f.Set, f.Until
	if slices.ContainsFunc(s.policy.Recipients(), func(r *policy.Recipient) bool { return !r.Audit.IsZero() }) {
		var next time.Time
		if s.overdue, next, err = unaudited(ctx, r, s.policy, now); err != nil {
			return err
		}
		s.until = earliest(s.until, next)
	}
	if s.ledger, err = recipient.Version(ctx, r); err != nil {
		return err
	}
	return g.judged(ctx, r, s, now)
}

// judged reads what was found out about recipients, and what they accepted.
func (g *Gate) judged(ctx context.Context, r db.Reader, s *standing, now time.Time) error {
	found, err := recipient.Findings(ctx, r)
	if err != nil {
		return err
	}
	judged := recipient.Judge(found, now)
	s.stopped, s.until = judged.Suspended, earliest(s.until, judged.Until)
	var taught policy.RecipientSet
	if slices.ContainsFunc(s.policy.Recipients(), func(r *policy.Recipient) bool { return r.Instructions }) {
		if taught, err = recipient.Accepted(ctx, r, g.inForce().Num); err != nil {
			return err
		}
	}
	for _, r := range s.policy.Recipients() {
		if !judged.Reviewed.Has(r.No) {
			s.unseen.Add(r.No)
		}
		if !taught.Has(r.No) {
			s.untaught.Add(r.No)
		}
	}
	return nil
}

// unaudited reads what was signed about audits.
func unaudited(ctx context.Context, r db.Reader, p *policy.Policy, now time.Time) (policy.RecipientSet, time.Time, error) {
	signed, err := attestation.Newest(ctx, r)
	if err != nil {
		return policy.RecipientSet{}, time.Time{}, err
	}
	past, err := publication.History(ctx, r)
	if err != nil || len(past) == 0 {
		return policy.RecipientSet{}, time.Time{}, err
	}
	overdue, next := attestation.Unaudited(p, past[0].Since, now, signed)
	return overdue, next, nil
}

// Number returns the internal number of a subject. It never changes, so it is
// remembered.
func (g *Gate) Number(ctx context.Context, sub subject.ID) (int64, error) {
	if n, ok := g.numbers.Get(sub); ok {
		return n, nil
	}
	var f subject.Facts
	err := g.data.Look(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.Get(ctx, r, sub)
		return err
	})
	if err != nil {
		return 0, err
	}
	g.numbers.Add(sub, f.Num)
	return f.Num, nil
}

// State returns what is known about a subject, from the cache where it can.
func (g *Gate) State(ctx context.Context, num int64) (*State, error) {
	s, ok := g.states.Get(num)
	if !ok {
		if s = g.recall(num); s != nil {
			g.states.Add(num, s)
		}
	}
	if s != nil && g.holds(s) {
		return s, nil
	}
	return g.Fresh(ctx, num)
}

// holds reports whether what is remembered may still be so: nothing that this process
// knows of has ended it.
func (g *Gate) holds(s *State) bool {
	return s.epoch == g.recipients.Load() && s.Current(g.data.Now())
}

// recall returns what the memory has of a subject, or nil.
func (g *Gate) recall(num int64) *State {
	if st := g.stands(); st != nil {
		return g.memory.state(num, st)
	}
	return nil
}

// stands returns how the recipients stand as far as that was read, or nil.
func (g *Gate) stands() *standing {
	st := g.stood.Load()
	if st == nil || st.epoch != g.recipients.Load() || st.policy != g.inForce().Policy {
		return nil
	}
	return st
}

// Fresh reads what is known about a subject from the ledgers, and keeps it.
func (g *Gate) Fresh(ctx context.Context, num int64) (*State, error) {
	list, err := g.readMany(ctx, []int64{num})
	if err == nil {
		err = g.agree(ctx, list[0])
	}
	if err != nil {
		return nil, err
	}
	g.keep(list[0])
	return list[0], nil
}

// keep remembers facts, unless later ones are known.
func (g *Gate) keep(s *State) {
	if have, ok := g.states.Peek(s.Subject.Num); !ok || have.Subject.Version <= s.Subject.Version {
		g.states.Add(s.Subject.Num, s)
	}
	if st := g.stands(); st != nil {
		g.memory.keep(s, st, true)
	}
}

// Said remembers what s has become by an act of this time that is committed: it
// moved the subject's version on from that of s, and added r to what the person
// said, and nothing else that facts are made of. Whoever acts for the person next
// need not read their facts anew, and loses where they are others (I-11).
func (g *Gate) Said(s *State, r consent.Record, at time.Time) {
	if !s.Current(at) {
		g.Forget(s.Subject.Num)
		return
	}
	next := *s
	next.Subject.Version++
	consent.Fold(&next.Facts, []consent.Record{r}, at)
	next.until = earliest(s.until, consent.NextExpiry([]consent.Record{r}, at))
	g.keep(&next)
}

// Moved remembers what s has become by an act that is committed, and returns it: the
// act moved the subject's version on from that of s, bound and unbound these data keys,
// and changed nothing else that facts are made of. See [Gate.Said].
func (g *Gate) Moved(s *State, bound []seal.Binding, unbound []seal.KeyID) *State {
	next := *s
	next.Subject.Version++
	if len(bound)+len(unbound) > 0 {
		next.Keys = slices.DeleteFunc(slices.Concat(s.Keys, bound), func(b seal.Binding) bool { return slices.Contains(unbound, b.Key) })
		slices.SortFunc(next.Keys, inOrder)
	}
	g.keep(&next)
	return &next
}

// inOrder compares bindings as the ledgers list them.
func inOrder(a, b seal.Binding) int {
	return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Key, b.Key))
}

// Current reports whether no time has passed at which something of s ends, such as a
// consent: s then holds at this time, as long as the subject's version has not moved.
func (s *State) Current(at time.Time) bool { return s.until.IsZero() || at.Before(s.until) }

// Forget drops what is cached about a subject. Call it after every act that
// changed a fact; other nodes find out by their lost preconditions.
func (g *Gate) Forget(num int64) {
	g.memory.forget(num)
	g.states.Remove(num)
}

// RecipientsChanged drops what is cached about every subject: an agreement
// with a recipient, or its audit, was signed or has ended.
func (g *Gate) RecipientsChanged() { g.recipients.Add(1) }

// stateOf puts together what is known about a subject from what was read.
func (g *Gate) stateOf(f subject.Facts, holds []subject.Hold, keys []seal.Binding, said []consent.Record, stand *standing) *State {
	now := g.data.Now()
	s := &State{Subject: f, Holds: holds, Keys: keys, Facts: facts(f)}
	s.under(stand)
	consent.Fold(&s.Facts, said, now)
	s.until = earliest(s.until, consent.NextExpiry(said, now))
	for _, h := range holds {
		if h.Until.IsZero() || h.Until.After(now) {
			s.Facts.Held.Add(policy.ClassNo(h.Class))
		}
		if h.Until.After(now) {
			s.until = earliest(s.until, h.Until)
		}
	}
	return s
}

// under fills in how the recipients stand.
func (s *State) under(stand *standing) {
	s.epoch, s.ledger, s.until = stand.epoch, stand.ledger, stand.until
	stand.fill(&s.Facts)
}

// earliest returns the earlier of two times; a zero time is no time.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// facts says a subject's row in the policy's words.
func facts(f subject.Facts) policy.Facts {
	out := policy.Facts{Accepted: f.Accepted != "", Declined: f.Declined, Restricted: f.Restricted, Guardian: f.Guardian, Enterprise: f.Kind == subject.Enterprise}
	switch f.State {
	case subject.Open:
		out.Account = policy.AccountOpen
		if f.Kind == subject.Visitor {
			out.Account = policy.AccountNone
		}
	case subject.Closed:
		out.Account = policy.AccountClosed
	case subject.Erasing:
		out.Account = policy.AccountErasing
	case subject.Erased:
		out.Account = policy.AccountErased
	}
	switch f.Age {
	case subject.Adult:
		out.Age = policy.AgeAdult
	case subject.Minor:
		out.Age = policy.AgeMinor
	}
	return out
}
