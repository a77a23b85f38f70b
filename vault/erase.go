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

	// again: after a restore, the keys of the item's whole class die, since an
	// older archive may hold the item under any of them.
	again bool
}

// Erased says what an erasure did.
type Erased struct {
	Values    int       // values that were readable before and are not now
	Keys      int       // data keys destroyed
	Destroyed time.Time // by the key store's clock: "silent from" counts from here
}

// Erase erases for good. When it returns nil the keys are destroyed, and no
// archive, log or file yields the values with all current keys in hand from
// the next epoch on (seal.Keyring.SilentFrom). Erasing what is already erased
// does nothing.
func (v *Vault) Erase(ctx context.Context, e Erasure) (Erased, error) {
	if e.Control == "" {
		e.Control = policy.ErasureComplete
	}
	var (
		out   Erased
		keys  []seal.KeyID
		after *gate.State // the intent's act
	)
	err := v.again(ctx, "erase", e.Subject, func(s *gate.State) (bool, error) {
		// Facts from the cache will do: a key that was bound since has moved the
		// version, and so loses the act.
		var err error
		if s.Subject.State == subject.Erasing || (s.Subject.State == subject.Erased && e.Class == 0) {
			return true, nil // an earlier call has begun it; what is pending is finished below
		}
		out.Values, keys, err = v.intend(ctx, s, e)
		moved := *s
		moved.Subject.Version++
		after = &moved
		return true, err
	})
	if err != nil {
		return Erased{}, err
	}
	v.gate.Forget(e.Subject)
	if e.Item != 0 {
		if err := v.rewriteLate(ctx, e.Subject, e.Item, keys, e.Request, without(e.Item, nil)); err != nil {
			return Erased{}, err
		}
	}
	if out.Destroyed, err = v.finish(ctx, e, after); err != nil {
		return Erased{}, err
	}
	out.Keys = len(keys)
	return out, nil
}

// finish carries out all that is intended about a subject, and returns when its
// keys were destroyed. The state is the subject's as the intent of e has left it.
func (v *Vault) finish(ctx context.Context, e Erasure, s *gate.State) (at time.Time, err error) {
	pending, err := v.pending(ctx, e.Subject)
	if err != nil {
		return at, err
	}
	for _, job := range jobs(pending) {
		if at, err = v.carryOut(ctx, job, s, e.Control, e.By); err != nil {
			return at, err
		}
		s = nil // moved on
	}
	if at.IsZero() {
		at = v.clock.Now()
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
// happens to this process.
func (v *Vault) intend(ctx context.Context, s *gate.State, e Erasure) (values int, keys []seal.KeyID, err error) {
	held, err := v.held(ctx, e.Subject)
	if err != nil {
		return 0, nil, err
	}
	act := v.data.NewAct()
	switch {
	case e.Everything:
		if e.KeepLawful {
			e.Keep = slices.Concat(e.Keep, Kept(v.gate.InForce().Policy, s))
		}
		values, keys, err = v.intendEverything(ctx, act, s, e, held)
	case e.Class != 0:
		values, keys, err = v.intendClass(ctx, act, s, e, held)
	case e.Item != 0:
		values, keys, err = v.intendItem(ctx, act, s, e, held)
	default:
		err = fault.New(fault.Invalid, "say what to erase: one item, one class, or everything")
	}
	if err != nil {
		return 0, nil, err
	}
	failpoint.Hit("vault.erase.before-intent")
	return values, keys, v.data.Commit(ctx, act)
}

func (v *Vault) intendItem(ctx context.Context, act *db.Act, s *gate.State, e Erasure, held []row) (int, []seal.KeyID, error) {
	p := v.gate.InForce().Policy
	item := p.ItemBy(e.Item)
	if item == nil {
		return 0, nil, fault.New(fault.NotFound, "the policy in force has no such item")
	}
	class := policy.ClassNo(0)
	if e.again {
		class = item.Class
	}
	r := planRekeying(held, e.Subject, e.Item, class)
	grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: audit.Rekeyed, Control: policy.KeysApart, By: e.By,
		Public: []audit.Field{audit.Num(audit.TagItem, e.Item)}, Private: reference(e.Request),
	})
	if err != nil {
		return 0, nil, err
	}
	var gone []seal.Personal
	if err := v.rewrite(ctx, act, grant, &r, scopeItem, e.Request, without(e.Item, &gone)); err != nil {
		return 0, nil, err
	}
	return r.found, r.old, v.reidentify(act, e.Subject, item, gone, nil)
}

func (v *Vault) intendClass(ctx context.Context, act *db.Act, s *gate.State, e Erasure, held []row) (int, []seal.KeyID, error) {
	grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: audit.Erasing, Control: e.Control, By: e.By,
		Public: []audit.Field{audit.Num(audit.TagClass, e.Class)}, Private: reference(e.Request),
	})
	if err != nil {
		return 0, nil, err
	}
	if !grant.CoversAll(act, e.Subject) {
		return 0, nil, errNoGrant
	}
	if err := v.forgetOfClass(ctx, act, e, held); err != nil {
		return 0, nil, err
	}
	subject.ForgetClass(act, e.Subject, int64(e.Class))
	return v.doom(act, s, e, scopeClass, held, func(c policy.ClassNo) bool { return c == e.Class })
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

func (v *Vault) intendEverything(ctx context.Context, act *db.Act, s *gate.State, e Erasure, held []row) (int, []seal.KeyID, error) {
	grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: audit.Erasing, Control: e.Control, By: e.By,
		Public: []audit.Field{audit.Nums(audit.TagClasses, e.Keep)}, Private: reference(e.Request),
	})
	if err != nil {
		return 0, nil, err
	}
	if !grant.CoversAll(act, e.Subject) {
		return 0, nil, errNoGrant
	}
	subject.BeginErasure(act, e.Subject)
	kept := map[policy.ClassNo]bool{}
	for _, c := range e.Keep {
		kept[c] = true
	}
	v.accountEnded(act, s, e.Keep)
	if err := v.retain(ctx, act, s, held, kept); err != nil {
		return 0, nil, err
	}
	return v.doom(act, s, e, scopeEverything, held, func(c policy.ClassNo) bool { return !kept[c] })
}

// doom writes the intent for every key of the classes that die, bound or in
// use, and counts the values under them.
func (v *Vault) doom(act *db.Act, s *gate.State, e Erasure, scope string, held []row, dies func(policy.ClassNo) bool) (int, []seal.KeyID, error) {
	var (
		keys   []seal.KeyID
		values int
	)
	seen := map[seal.KeyID]bool{}
	add := func(k seal.KeyID, c policy.ClassNo) {
		if seen[k] {
			return
		}
		seen[k] = true
		keys = append(keys, k)
		act.Do(insertErasure, e.Subject, int64(k), int64(c), scope, int64(e.Item), e.Request, act.Now().UnixMicro())
		v.keys.Unbind(act, e.Subject, k) // nothing new is sealed under it from here on
	}
	for _, b := range s.Keys {
		if b.Class > seal.LogClass && dies(policy.ClassNo(b.Class)) {
			add(b.Key, policy.ClassNo(b.Class))
		}
	}
	for _, h := range held {
		if dies(h.class) {
			add(h.key, h.class)
			values += len(h.items)
		}
	}
	if len(keys) == 0 && scope == scopeEverything {
		// Nothing is held; the intent still has to be found by Resume.
		act.Do(insertErasure, e.Subject, int64(0), int64(0), scope, int64(0), e.Request, act.Now().UnixMicro())
	}
	return values, keys, nil
}

// retain gives every kept class its own minimal identifier: one identifying
// value, sealed under the class's key, and its blind index marked with the
// class, so that the subject can still be found for access, authority and
// defence.
func (v *Vault) retain(ctx context.Context, act *db.Act, s *gate.State, held []row, kept map[policy.ClassNo]bool) error {
	if len(kept) == 0 {
		return nil
	}
	id, item, err := v.identity(ctx, s.Subject.Num, held, kept)
	if err != nil || item == nil {
		return err
	}
	digest, err := v.index(item, id.value.Reveal())
	if err != nil {
		return err
	}
	for c := range kept {
		bucket := lastBucket(s, c)
		key, ok := s.Key(c, bucket)
		if !ok {
			continue // nothing is held in this class
		}
		if err := v.addRow(ctx, act, s.Subject.Num, key, group{class: c, bucket: bucket, data: []datum{id}, due: v.keptUntil(act, s, c)}, pointRetained); err != nil {
			return err
		}
		subject.Identify(act, s.Subject.Num, subject.Identifier{Kind: item.Identifier, Digest: digest, Class: int64(c)})
	}
	return nil
}

// lastBucket is the period of a rolling class that ends last, and 0 of others: the
// identifier of a retained class stays as long as anything of it.
func lastBucket(s *gate.State, c policy.ClassNo) (bucket int64) {
	for _, b := range s.Keys {
		if b.Class == seal.Class(c) {
			bucket = max(bucket, b.Bucket)
		}
	}
	return bucket
}

// pointRetained is the collection point of the minimal identifiers of retained
// classes: nobody gave them again.
const pointRetained = "retained"

// identity returns a value that identifies the subject, outside kept classes.
func (v *Vault) identity(ctx context.Context, num int64, held []row, kept map[policy.ClassNo]bool) (datum, *policy.Item, error) {
	p := v.gate.InForce().Policy
	for _, h := range held {
		if kept[h.class] {
			continue
		}
		data, err := v.openRow(ctx, num, h)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return datum{}, nil, err
		}
		for _, d := range data {
			if item := p.ItemBy(d.item); item != nil && item.Identifier != "" {
				return d, item, nil
			}
		}
	}
	return datum{}, nil, nil
}
