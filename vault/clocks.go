package vault

import (
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// dueOf is when the retention of a value ends, as far as it is known when it
// comes; nil: an event has to happen first.
func dueOf(p *policy.Policy, c policy.ClassNo, bucket int64, at time.Time) any {
	if end, ok := endOf(p, p.ClassBy(c), bucket, at, time.Time{}); ok {
		return end.UnixMicro()
	}
	return nil
}

// endOf is when the retention of a value ends that came at a time; closed is when
// the account was closed, or zero.
func endOf(p *policy.Policy, c *policy.Class, bucket int64, at, closed time.Time) (time.Time, bool) {
	switch {
	case c == nil:
		return time.Time{}, false
	case c.Rolling():
		return p.BucketEnds(c.No, bucket)
	case c.After == policy.LastActivity:
		return p.Ends(c.No, at)
	case c.Until == policy.PurposeEnds: // it is needed for no longer than it takes to carry the purpose out
		end, _ := p.Calendar().Add(at, c.Within)
		return end, true
	case closed.IsZero():
		return time.Time{}, false
	case c.Until == policy.AccountIsClosed:
		return closed, true
	case c.After == policy.AccountIsClosed:
		return p.Ends(c.No, closed)
	}
	return time.Time{}, false
}

// AccountEnds starts, on the act that closes an account, the clocks that count
// from there.
func (v *Vault) AccountEnds(act *db.Act, num int64) {
	p := v.gate.InForce().Policy
	for _, c := range p.Classes() {
		if c.Until != policy.AccountIsClosed && c.After != policy.AccountIsClosed {
			continue
		}
		if end, ok := endOf(p, c, 0, act.Now(), act.Now()); ok {
			act.Do(setDue, end.UnixMicro(), num, int64(c.No), end.UnixMicro())
		}
	}
}

// accountEnded starts the clocks of the classes that outlive an erasure, which
// ends the account too.
func (v *Vault) accountEnded(act *db.Act, s *gate.State, kept []policy.ClassNo) {
	for _, c := range kept {
		if end := v.keptUntil(act, s, c); end != nil {
			act.Do(setDue, end, s.Subject.Num, int64(c), end)
		}
	}
}

// keptUntil is when a class ends whose account has ended by this act, or before.
func (v *Vault) keptUntil(act *db.Act, s *gate.State, c policy.ClassNo) any {
	p := v.gate.InForce().Policy
	closed := s.Subject.Closed
	if closed.IsZero() {
		closed = act.Now()
	}
	if class := p.ClassBy(c); class != nil && class.After == policy.AccountIsClosed {
		if end, ok := p.Ends(c, closed); ok {
			return end.UnixMicro()
		}
	}
	return nil
}

// ConsentChanged starts, on the act that records a choice, the clocks of what is
// kept while the person agrees, and stops those of what they agreed to anew.
// agreed are the purposes that they agree to afterwards.
func (v *Vault) ConsentChanged(act *db.Act, num int64, agreed policy.PurposeSet) {
	p := v.gate.InForce().Policy
	for _, c := range p.Classes() {
		if c.Until != policy.ConsentWithdrawn {
			continue
		}
		if agrees(p, c, agreed) {
			act.Do(moveDue, nil, num, int64(c.No))
		} else {
			act.Do(setDue, act.Now().UnixMicro(), num, int64(c.No), act.Now().UnixMicro())
		}
	}
}

// agrees reports whether one of the purposes of a class's items still rests on a
// consent.
func agrees(p *policy.Policy, c *policy.Class, agreed policy.PurposeSet) bool {
	for _, i := range p.Items() {
		if i.Class != c.No {
			continue
		}
		for _, n := range i.Purposes {
			if x := p.PurposeBy(n); x != nil && x.Basis == policy.Consent && agreed.Has(n) {
				return true
			}
		}
	}
	return false
}
