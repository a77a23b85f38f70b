package vault

import (
	"context"
	"sync"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Correction replaces the value of an item (GDPR Art. 16, PIPL Art. 46).
type Correction struct {
	Subject int64
	Item    policy.ItemNo
	Value   seal.Personal
	Request string // the request behind it, or ""
	By      gate.Actor

	// Verified says that the person proved that the new value is theirs, where it
	// is an identifier. Another who proved an exclusive one before makes it
	// fault.Conflict.
	Verified bool

	// Meanwhile is run while the old key dies, and has returned when Correct does: who
	// reads the values from then on reads the new one. nil: nothing.
	Meanwhile func(context.Context)
}

// Correct replaces a value. When it returns, the old value is unreadable for
// ever: it shared a key with others of its class, which have been sealed under
// a new one, and the old key is destroyed.
func (v *Vault) Correct(ctx context.Context, c Correction) error {
	p := v.gate.InForce().Policy
	item := p.ItemBy(c.Item)
	switch {
	case item == nil:
		return fault.New(fault.NotFound, "the policy in force has no such item")
	case item.List:
		return fault.New(fault.Invalid, "%s is a list of what happened: erase what is wrong and collect what is right", item.Name)
	}
	normal, err := p.Check(item.No, c.Value.Reveal())
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s: the new value is not a valid %s", item.Name, item.Form)
	}
	stored := c.Value.Reveal()
	if item.Type == secretType {
		hash, err := argon2id.CreateHash(normal, &v.secrets)
		if err != nil {
			return err
		}
		stored = hash
	}
	if err := v.Await(ctx, c.Subject); ctx.Err() != nil {
		return err // what could not be ended is pending, and is ended below
	}
	var in *intent
	err = v.rekeys(ctx, "correct", c.Subject, c.Item, func(s *gate.State, _ []seal.KeyID) (err error) {
		in, err = v.correct(ctx, s, item, c, seal.NewPersonal(stored))
		return err
	})
	if err != nil {
		return err
	}
	if c.Meanwhile != nil {
		var all sync.WaitGroup
		all.Go(func() { c.Meanwhile(ctx) })
		defer all.Wait()
	}
	return v.replaced(ctx, in)
}

// replaced destroys the keys that a correction, or the end of a retention, has left
// behind. A value may have stood under a key that an earlier change has doomed and
// not yet destroyed: only when all of them are dead is the change acknowledged.
func (v *Vault) replaced(ctx context.Context, in *intent) error {
	num := in.after.Subject.Num
	if !in.alone {
		_, err := v.finish(ctx, Erasure{Subject: num, Control: policy.ErasureComplete}, nil)
		return err
	}
	if _, err := v.carry(ctx, in.after.Subject.ID, in.pending); err != nil {
		return err
	}
	v.endLater(ctx, ending{pending: in.pending, state: in.after})
	return nil
}

func (v *Vault) correct(ctx context.Context, s *gate.State, item *policy.Item, c Correction, stored seal.Personal) (*intent, error) {
	held, alone, err := v.changing(ctx, c.Subject)
	if err != nil {
		return nil, err
	}
	if s.Subject.State != subject.Open && s.Subject.State != subject.Closed {
		return nil, fault.New(fault.Conflict, "the subject is %s: there is nothing to correct", s.Subject.State)
	}
	r := planRekeying(held, c.Subject, c.Item, 0)
	r.scope, r.request = scopeReplaced, c.Request
	if len(r.old) == 0 {
		return nil, fault.New(fault.NotFound, "%s is not held about this subject: collect it instead", item.Name)
	}
	act := v.data.NewAct()
	grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: audit.Corrected, Control: policy.RectificationApplied, By: c.By,
		Public:  []audit.Field{audit.Num(audit.TagItem, c.Item)},
		Private: reference(c.Request),
	})
	if err != nil {
		return nil, err
	}
	var before []seal.Personal
	err = v.rewrite(ctx, act, grant, &r, func(data []datum) []datum {
		for i, d := range data {
			if d.item == c.Item {
				before = append(before, d.value)
				data[i].value = stored
			}
		}
		return data
	})
	if err != nil {
		return nil, err
	}
	if err := v.reidentify(act, s.Subject.Num, item, before, &c); err != nil {
		return nil, err
	}
	switch err := v.data.Commit(ctx, act); {
	case db.Constraint(err):
		return nil, fault.Wrap(fault.Conflict, err, "%s: that identifier belongs to another subject", item.Name)
	case err != nil:
		return nil, err
	}
	return &intent{pending: r.pending, after: v.gate.Moved(s, r.bound, r.old), alone: alone}, nil
}

// reidentify takes the blind indexes of old values away and adds that of the
// new one, if there is one.
func (v *Vault) reidentify(act *db.Act, num int64, item *policy.Item, before []seal.Personal, after *Correction) error {
	if item.Identifier == "" {
		return nil
	}
	for _, b := range before {
		if d, err := v.index(item, b.Reveal()); err == nil {
			subject.Forget(act, num, d)
		}
	}
	if after == nil {
		return nil
	}
	d, err := v.index(item, after.Value.Reveal())
	if err != nil {
		return err
	}
	subject.Identify(act, num, subject.Identifier{Kind: item.Identifier, Digest: d, Verified: after.Verified, Exclusive: item.Exclusive})
	return nil
}

func reference(request string) []audit.Field {
	if request == "" {
		return nil
	}
	return []audit.Field{audit.Text(audit.TagRequest, request)}
}
