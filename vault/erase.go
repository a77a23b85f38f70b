package vault

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// The scopes of an erasure, as vault_erasure stores them.
const (
	scopeItem       = "item"
	scopeClass      = "class"
	scopeEverything = "everything"
	scopeReplaced   = "replaced" // of a corrected value: nothing is erased, the old key dies
)

// An Erasure says what of a subject is to be erased. Exactly one of Item,
// Class and Everything is set.
type Erasure struct {
	Subject    int64
	Item       policy.ItemNo
	Class      policy.ClassNo
	Everything bool
	Keep       []policy.ClassNo // with Everything: classes that a law or a hold keeps
	KeepLawful bool             // … and those of [Kept], as the facts are when the erasure begins
	Request    string           // the request behind it, or ""
	Control    policy.Control   // the control that the erasure shows; "": erasure.complete
	By         gate.Actor

	// again: after a restore, the keys of an item's whole class die, since an
	// older archive may hold the item under any of them. A fixed time does not keep
	// what was let go before.
	again bool
}

// Erased says what an erasure did.
type Erased struct {
	Values    int       // values that were readable before and are not now
	Keys      int       // data keys destroyed
	Destroyed time.Time // by the key store's clock: "silent from" counts from here
}

// Erase erases for good. When it returns nil the keys are destroyed, the journal
// knows of it, the [Holders] have let go, and no archive, log or file yields the values with all current keys
// in hand from the next epoch on (seal.Keyring.SilentFrom). Erasing what is already
// erased does nothing.
//
// What is left then is to say in the log that it has ended, and to close the record
// of somebody of whom everything was erased: [Vault.Await] waits for that.
func (v *Vault) Erase(ctx context.Context, e Erasure) (Erased, error) {
	if e.Control == "" {
		e.Control = policy.ErasureComplete
	}
	if err := v.Await(ctx, e.Subject); ctx.Err() != nil {
		return Erased{}, err // what could not be ended is pending, and is ended below
	}
	var in *intent
	asked := e.Keep
	err := v.rekeys(ctx, "erase", e.Subject, e.Item, func(s *gate.State, later []seal.KeyID) error {
		whole, err := v.fixed(ctx, e) // each time anew: what comes in meanwhile may be kept for a fixed time too
		if err != nil {
			return err
		}
		e.Keep = slices.Concat(asked, whole)
		if s.Subject.State == subject.Erasing && e.Class != 0 { // perhaps one of those that are kept
			if _, err := v.finish(ctx, e, nil); err != nil {
				return err
			}
			return db.ErrLost
		}
		// Facts from the cache will do: a key that was bound since has moved the
		// version, and so loses the act.
		if s.Subject.State == subject.Erasing || (s.Subject.State == subject.Erased && e.Class == 0) {
			in = &intent{} // an earlier call has begun it; what is pending is finished below
			return nil
		}
		in, err = v.intend(ctx, s, e, later)
		return err
	})
	if err != nil {
		return Erased{}, err
	}
	if e.Item == 0 || in.after == nil {
		v.gate.Forget(e.Subject)
	}
	out := Erased{Values: in.values, Keys: len(keysOf(in.pending))}
	if in.alone {
		out.Destroyed, err = v.atOnce(ctx, e, in)
	} else {
		out.Destroyed, err = v.finish(ctx, e, in.after)
	}
	if err != nil {
		return Erased{}, err
	}
	return out, nil
}

// atOnce carries out an intent that stands alone, and leaves its end for later.
func (v *Vault) atOnce(ctx context.Context, e Erasure, in *intent) (at time.Time, err error) {
	if len(in.pending) == 0 {
		return v.clock.Now(), v.release(ctx, e.Subject, in.held)
	}
	if at, err = v.carry(ctx, in.after.Subject.ID, in.pending); err != nil {
		return at, err
	}
	if err := v.release(ctx, e.Subject, in.held); err != nil {
		return at, err
	}
	v.endLater(ctx, ending{pending: in.pending, state: in.after, control: e.Control, by: e.By})
	return at, nil
}

// release has others let go of what they hold of a subject. They are looked for when
// the keys are dead, so that none is missed which came to hold something meanwhile; not
// at all where the act that began the erasure saw none of any kind, and left nothing
// that a later one could have read. held is what that act has asked; nil: nothing.
func (v *Vault) release(ctx context.Context, num int64, held func() (bool, error)) error {
	if v.others.End == nil {
		return nil
	}
	if held != nil {
		if some, err := held(); err != nil || !some {
			return err
		}
	}
	return v.others.End(ctx, num)
}

// finish carries out all that is intended about a subject, to its end, and returns
// when its keys were destroyed. The state is the subject's as the intent of e has
// left it.
func (v *Vault) finish(ctx context.Context, e Erasure, s *gate.State) (at time.Time, err error) {
	pending, err := v.pending(ctx, e.Subject)
	if err != nil {
		return at, err
	}
	for _, job := range jobs(pending) {
		if at, err = v.carryOut(ctx, ending{pending: job, state: s, control: e.Control, by: e.By}); err != nil {
			return at, err
		}
		s = nil // moved on
	}
	if at.IsZero() { // an earlier call has ended it
		return v.clock.Now(), v.release(ctx, e.Subject, nil)
	}
	return at, nil
}

// without returns an edit that takes the values of an item out of a row, and
// collects them in gone where it is not nil.
func without(item policy.ItemNo, gone *[]seal.Personal) func([]datum) []datum {
	return func(data []datum) []datum {
		var left []datum
		for _, d := range data {
			switch {
			case d.item != item:
				left = append(left, d)
			case gone != nil:
				*gone = append(*gone, d.value)
			}
		}
		return left
	}
}

// intend commits the intent: from here on the erasure will happen, whatever
// happens to this process. The rows go with it, unless they are many.
func (v *Vault) intend(ctx context.Context, s *gate.State, e Erasure, later []seal.KeyID) (*intent, error) {
	held, marks, alone, err := v.erasable(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	held = slices.DeleteFunc(held, func(r row) bool { return slices.Contains(later, r.key) })
	p := &plan{act: v.data.NewAct(), s: s, e: e, held: held, marks: marks, whole: len(held) <= page}
	switch {
	case e.Everything:
		if e.KeepLawful {
			p.e.Keep = slices.Concat(e.Keep, Kept(v.gate.InForce().Policy, s))
		}
		err = v.intendEverything(ctx, p)
	case e.Class != 0:
		err = v.intendClass(ctx, p)
	case e.Item != 0:
		err = v.intendItem(ctx, p)
	default:
		err = fault.New(fault.Invalid, "say what to erase: one item, one class, or everything")
	}
	if err != nil {
		return nil, err
	}
	var others func() (bool, error)
	if v.others.Ask != nil {
		others = v.others.Ask(p.act, e.Subject)
	}
	failpoint.Hit("vault.erase.before-intent")
	if err := v.data.Commit(ctx, p.act); err != nil {
		return nil, err
	}
	in := &intent{values: p.values, pending: p.pending, after: moved(s), held: others, alone: alone && p.whole}
	if p.keys != nil {
		in.after = v.gate.Moved(s, p.keys.bound, p.keys.old)
	}
	return in, nil
}

// erasable is [Vault.changing] with what the journal keeps of the subject's identifiers,
// which are read before the act that takes them away.
func (v *Vault) erasable(ctx context.Context, num int64) (held []row, marks []byte, alone bool, err error) {
	var digests func() ([][]byte, error)
	held, alone, err = v.changing(ctx, num, func(in *db.Inquiry) { digests = subject.DigestsOf(in, num) })
	if err != nil {
		return nil, nil, false, err
	}
	known, err := digests()
	if err != nil {
		return nil, nil, false, err
	}
	marks, err = v.marks(ctx, known)
	return held, marks, alone, err
}

// A plan is an erasure that is being written on its act.
type plan struct {
	act   *db.Act
	s     *gate.State
	e     Erasure
	held  []row
	marks []byte
	whole bool      // the rows go with the intent
	keys  *rekeying // of one item: nothing changes but its keys

	values  int
	pending []erasure
}

// holds reports whether anything is held in a class, or may come in beside this act.
func (p *plan) holds(c policy.ClassNo) bool {
	return slices.ContainsFunc(p.s.Keys, func(b seal.Binding) bool { return b.Class == seal.Class(c) }) ||
		slices.ContainsFunc(p.held, func(r row) bool { return r.class == c })
}

func (v *Vault) intendItem(ctx context.Context, p *plan) error {
	item := v.gate.InForce().Policy.ItemBy(p.e.Item)
	if item == nil {
		return fault.New(fault.NotFound, "the policy in force has no such item")
	}
	class := policy.ClassNo(0)
	if p.e.again {
		class = item.Class
	}
	r := planRekeying(p.held, p.e.Subject, p.e.Item, class)
	r.scope, r.request, r.marks = scopeItem, p.e.Request, p.marks
	grant, err := v.gate.Exercise(ctx, p.act, p.s, gate.Duty{
		Kind: audit.Rekeyed, Control: policy.KeysApart, By: p.e.By,
		Public: []audit.Field{audit.Num(audit.TagItem, p.e.Item)}, Private: reference(p.e.Request),
	})
	if err != nil {
		return err
	}
	var gone []seal.Personal
	if err := v.rewrite(ctx, p.act, grant, &r, without(p.e.Item, &gone)); err != nil {
		return err
	}
	p.values, p.pending, p.whole, p.keys = r.found, r.pending, true, &r
	return v.reidentify(p.act, p.e.Subject, item, gone, nil)
}

// begin writes the entry of an erasure of a class or of everything.
func (v *Vault) begin(ctx context.Context, p *plan, public audit.Field) error {
	grant, err := v.gate.Exercise(ctx, p.act, p.s, gate.Duty{
		Kind: audit.Erasing, Control: p.e.Control, By: p.e.By,
		Public: []audit.Field{public}, Private: reference(p.e.Request),
	})
	if err == nil && !grant.CoversAll(p.act, p.e.Subject) {
		return errNoGrant
	}
	return err
}

func (v *Vault) intendClass(ctx context.Context, p *plan) error {
	if err := v.begin(ctx, p, audit.Num(audit.TagClass, p.e.Class)); err != nil {
		return err
	}
	if err := v.forgetOfClass(ctx, p.act, p.e, p.held); err != nil {
		return err
	}
	subject.ForgetClass(p.act, p.e.Subject, int64(p.e.Class))
	v.doom(p, scopeClass, func(c policy.ClassNo) bool { return c == p.e.Class })
	return nil
}

// forgetOfClass takes away the blind indexes of identifiers that are values of
// the class.
func (v *Vault) forgetOfClass(ctx context.Context, act *db.Act, e Erasure, held []row) error {
	p := v.gate.InForce().Policy
	for _, h := range held {
		if h.class != e.Class {
			continue
		}
		data, err := v.openRow(ctx, e.Subject, h)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		for _, d := range data {
			if item := p.ItemBy(d.item); item != nil {
				if err := v.reidentify(act, e.Subject, item, []seal.Personal{d.value}, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (v *Vault) intendEverything(ctx context.Context, p *plan) error {
	if err := v.begin(ctx, p, audit.Nums(audit.TagClasses, p.e.Keep)); err != nil {
		return err
	}
	subject.BeginErasure(p.act, p.e.Subject)
	subject.ForgetAll(p.act, p.e.Subject)
	kept := map[policy.ClassNo]bool{}
	for _, c := range p.e.Keep {
		kept[c] = true
	}
	v.accountEnded(p.act, p.s, slices.DeleteFunc(slices.Clone(p.e.Keep), func(c policy.ClassNo) bool { return !p.holds(c) }))
	if err := v.retain(ctx, p.act, p.s, p.held, kept); err != nil {
		return err
	}
	v.doom(p, scopeEverything, func(c policy.ClassNo) bool { return !kept[c] })
	return nil
}

// doom writes the intent for every key of the classes that die, bound or in
// use, takes their rows away, and counts the values under them.
func (v *Vault) doom(p *plan, scope string, dies func(policy.ClassNo) bool) {
	seen := map[seal.KeyID]bool{}
	add := func(k seal.KeyID, c policy.ClassNo) {
		if seen[k] {
			return
		}
		seen[k] = true
		e := erasure{subject: p.e.Subject, key: k, class: c, scope: scope, item: p.e.Item, request: p.e.Request, marks: p.marks}
		e.do(p.act, insertErasure)
		p.pending = append(p.pending, e)
		if k == 0 {
			return
		}
		v.keys.Unbind(p.act, p.e.Subject, k) // nothing new is sealed under it from here on
		if p.whole {
			p.act.Do(deleteRows, p.e.Subject, int64(k))
		}
	}
	for _, b := range p.s.Keys {
		if b.Class > seal.LogClass && dies(policy.ClassNo(b.Class)) {
			add(b.Key, policy.ClassNo(b.Class))
		}
	}
	for _, h := range p.held {
		if dies(h.class) {
			add(h.key, h.class)
			p.values += len(h.items)
		}
	}
	if len(p.pending) == 0 && scope == scopeEverything {
		add(0, 0) // nothing is held; the intent still has to be found by Resume
	}
}
