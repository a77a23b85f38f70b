package vault

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// secretType is the type of items that can be verified and never read.
const secretType = "secret"

var errNoGrant = fault.New(fault.Denied, "there is no leave to touch this value")

// A Value is one value handed out. Text is in clear unless an obligation of
// the decision masked, hashed or coarsened it; a secret only says that it is
// set.
type Value struct {
	Item policy.ItemNo
	Text seal.Personal
	At   time.Time // when it was collected

	other seal.Personal
}

// Others returns what others are called whom the value is also about, as whoever gave
// it said.
func (v Value) Others() []string {
	if v.other.IsZero() {
		return nil
	}
	return strings.Split(v.other.Reveal(), "\x00")
}

// An Answer is what a use gave: the decision, and the values when it allows.
type Answer struct {
	Decision policy.Decision
	Values   []Value
	Entry    audit.ID // the log entry that grants; 0 when denied
}

// Use decides u and, when it is allowed, returns the values. The log entry is
// durable before anything is returned.
func (v *Vault) Use(ctx context.Context, u *policy.Use, by gate.Actor) (*Answer, error) {
	var answer *Answer
	if err := v.found(ctx, u); err != nil {
		return nil, err
	}
	err := v.again(ctx, "use", u.Subject, func(s *gate.State) (bool, error) {
		var err error
		answer, err = v.use(ctx, s, u, by)
		return err == nil, err
	})
	return answer, err
}

func (v *Vault) use(ctx context.Context, s *gate.State, u *policy.Use, by gate.Actor) (*Answer, error) {
	d := v.gate.InForce().Policy.Decide(u, &s.Facts)
	if !d.Allowed {
		var err error
		if s, err = v.gate.Fresh(ctx, u.Subject); err != nil { // a denial never rests on old facts
			return nil, err
		}
	}
	if err := v.warmAll(ctx, []*gate.State{s}, u.Items); err != nil {
		return nil, err
	}
	act := v.data.NewAct()
	grant, d, err := v.gate.Open(ctx, act, s, u, by)
	if err != nil {
		return nil, err
	}
	var read reading
	if d.Allowed {
		if read, err = v.read(ctx, act, s, grant, u); err != nil {
			return nil, err
		}
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return nil, err
	}
	a := &Answer{Decision: d, Entry: grant.Entry()}
	if !d.Allowed {
		return a, nil
	}
	if !grant.Settled() {
		return nil, errNoGrant
	}
	held, err := read.rows(ctx)
	if err != nil {
		return nil, err
	}
	a.Values, err = v.values(ctx, u.Subject, held, &read.wanted, d.Obligations)
	return a, err
}

// warmAll has the keys of uses read together, where more than one is not in memory:
// those of the subjects' logs and those of what is asked for.
func (v *Vault) warmAll(ctx context.Context, states []*gate.State, items []policy.ItemNo) error {
	var classes policy.ClassSet
	for _, n := range items {
		if item := v.gate.InForce().Policy.ItemBy(n); item != nil {
			classes.Add(item.Class)
		}
	}
	var few [8]seal.KeyID
	keys := few[:0]
	for _, s := range states {
		keys = append(keys, s.Subject.LogKey)
		for i, n := len(s.Keys)-1, 0; i >= 0 && n < len(few); i-- {
			if b := s.Keys[i]; b.Class > seal.LogClass && classes.Has(policy.ClassNo(b.Class)) {
				keys, n = append(keys, b.Key), n+1
			}
		}
	}
	_, err := v.keys.Warm(ctx, keys)
	return err
}

// A reading is the rows that a use reaches, which come with the commit of its act.
type reading struct {
	wanted policy.ItemSet
	rows   func(context.Context) ([]row, error)
}

// read adds to the act of a use what it reads under its Grant. Nothing is opened
// before the act is durable.
func (v *Vault) read(ctx context.Context, act *db.Act, s *gate.State, grant gate.Grant, u *policy.Use) (r reading, err error) {
	for _, n := range u.Items {
		if !grant.Covers(act, u.Subject, n) {
			return r, errNoGrant
		}
		r.wanted.Add(n)
	}
	now := act.Now()
	held, all := v.gate.InForce().Policy.Reach(u.Purpose)
	if !all && (!held || s.Facts.Held == policy.ClassSet{}) {
		rows := act.Ask(askUsed, u.Subject, int64(0), now.UnixMicro(), int64(firstPage))
		r.rows = func(ctx context.Context) ([]row, error) {
			some, after, err := gather(rows, nil, &r.wanted, firstPage)
			if err != nil || after == 0 {
				return some, err
			}
			return v.usedAfter(ctx, some, u.Subject, after, now, &r.wanted)
		}
		return r, nil
	}
	first := act.Ask(askHeld, u.Subject, int64(0), int64(page))
	r.rows = func(ctx context.Context) ([]row, error) {
		rows, err := v.heldAfter(ctx, u.Subject, first)
		if err != nil || all {
			return rows, err
		}
		return stillKept(rows, s, now), nil
	}
	return r, nil
}

// values opens those rows of a subject that hold what is wanted. The caller has its
// leave. A row that was erased, or moved to another key, since the act was durable is
// neither left out nor read under a decision older than it is: the use is lost.
func (v *Vault) values(ctx context.Context, num int64, held []row, wanted *policy.ItemSet, owe policy.Obligation) ([]Value, error) {
	var out []Value
	for _, h := range held {
		if !h.holds(wanted) {
			continue
		}
		data, err := v.openRow(ctx, num, h)
		if fault.Of(err) == fault.NotFound {
			now, there, err := v.anew(ctx, num, h)
			if err != nil {
				return nil, err
			}
			if !there || now.key != h.key {
				return nil, db.ErrLost // changed since the act: another act decides again
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, d := range data {
			if wanted.Has(d.item) {
				out = append(out, Value{Item: d.item, Text: v.oblige(d, owe), At: h.at})
			}
		}
	}
	return out, nil
}

// stillKept leaves out of the rows of a subject those whose retention has ended, unless
// a hold keeps them: a purpose that is not one of people's own rights reaches no others.
func stillKept(rows []row, s *gate.State, now time.Time) []row {
	return slices.DeleteFunc(rows, func(r row) bool {
		return !r.due.IsZero() && !r.due.After(now) && !s.Facts.Held.Has(r.class)
	})
}

// oblige gives a value the form that the decision allows.
func (v *Vault) oblige(d datum, owe policy.Obligation) seal.Personal {
	item := v.gate.InForce().Policy.ItemBy(d.item)
	switch {
	case item == nil:
		return seal.NewPersonal("***") // no longer in the policy: nobody may read it as it is
	case item.Type == secretType:
		return seal.NewPersonal("set")
	case owe&policy.MustHash != 0:
		return seal.NewPersonal(hex.EncodeToString(v.keys.Index("hash:"+item.Name, d.value.Reveal())))
	case owe&policy.MustShorten != 0 && item.LastDigits:
		return seal.NewPersonal(policy.LastDigits(d.value.Reveal()))
	case owe&(policy.MustGeneralise|policy.MustAnonymise) != 0: // stronger than the masked form, where both are asked for
		return seal.NewPersonal(policy.Coarsen(item.Type, d.value.Reveal()))
	case owe&policy.MustMask != 0:
		return seal.NewPersonal(policy.Mask(item.Type, d.value.Reveal()))
	}
	return d.value
}

// VerifySecret reports whether candidate is the secret that the subject holds
// under the item of u. The check is a use of the item like any other; the
// secret itself never leaves.
func (v *Vault) VerifySecret(ctx context.Context, u *policy.Use, candidate seal.Personal, by gate.Actor) (bool, policy.Decision, error) {
	if len(u.Items) != 1 {
		return false, policy.Decision{}, fault.New(fault.Invalid, "a secret is verified one item at a time")
	}
	answer, err := v.Use(ctx, u, by)
	if err != nil || !answer.Decision.Allowed {
		return false, decisionOf(answer), err
	}
	hash, err := v.secret(ctx, u.Subject, u.Items[0])
	if err != nil || hash.IsZero() {
		return false, answer.Decision, err
	}
	normal, err := v.gate.InForce().Policy.Check(u.Items[0], candidate.Reveal())
	if err != nil { // what could not have been stored is not it
		return false, answer.Decision, nil
	}
	ok, err := argon2id.ComparePasswordAndHash(normal, hash.Reveal())
	return ok, answer.Decision, err
}

func decisionOf(a *Answer) policy.Decision {
	if a == nil {
		return policy.Decision{}
	}
	return a.Decision
}

// secret returns the hash kept for a secret item, for VerifySecret alone,
// which has had its leave.
func (v *Vault) secret(ctx context.Context, num int64, item policy.ItemNo) (seal.Personal, error) {
	var wanted policy.ItemSet
	wanted.Add(item)
	held, err := v.usedOf(ctx, num, v.data.Now(), &wanted)
	if err != nil {
		return seal.Personal{}, err
	}
	for _, h := range held {
		if !h.has(item) {
			continue
		}
		_, data, err := v.openNow(ctx, num, h)
		if err != nil {
			return seal.Personal{}, err
		}
		for _, d := range data {
			if d.item == item {
				return d.value, nil
			}
		}
	}
	return seal.Personal{}, nil
}
