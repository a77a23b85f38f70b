package vault

import (
	"context"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Collection is values that came in together at one collection point.
type Collection struct {
	Subject  int64 // internal number
	Point    string
	Given    []policy.Given
	Verified bool // the person proved that the identifiers among them are theirs
	LeftOut  bool // the person is told what does not work without what they left out
	By       gate.Actor
}

// Collect stores what was given, whole or not at all. Refusals name the items
// that the policy does not let in, and why; then nothing is stored.
func (v *Vault) Collect(ctx context.Context, c Collection) ([]policy.Refusal, error) {
	if len(c.Given) == 0 {
		return nil, fault.New(fault.Invalid, "nothing was given: name at least one item and its value")
	}
	var refusals []policy.Refusal
	lost := false
	err := v.again(ctx, "collect", c.Subject, func(s *gate.State) (bool, error) {
		var err error
		refusals, err = v.collect(ctx, s, c, lost)
		lost = true // or there is no next time
		return true, err
	})
	return refusals, err
}

// collect is one try: the first takes it that nobody asked not to come in again, and
// is lost where somebody did; after that the suppression ledger is asked.
func (v *Vault) collect(ctx context.Context, s *gate.State, c Collection, lost bool) (refusals []policy.Refusal, err error) {
	if lost {
		if s, err = v.suppressed(ctx, s, c); err != nil {
			return nil, err
		}
	}
	refusals, act, err := v.offer(ctx, s, c)
	if err == nil && len(refusals) > 0 { // a refusal never rests on old facts
		if s, err = v.gate.Fresh(ctx, c.Subject); err != nil {
			return nil, err
		}
		if s, err = v.suppressed(ctx, s, c); err != nil {
			return nil, err
		}
		refusals, act, err = v.offer(ctx, s, c)
	}
	if err != nil {
		return nil, err
	}
	if err := v.commit(ctx, act.Act, act.named); err != nil {
		return nil, err
	}
	if act.binds && len(refusals) == 0 {
		v.gate.Forget(c.Subject)
	}
	return refusals, nil
}

// An offered is an act that takes values in, or says in the log why not.
type offered struct {
	*db.Act
	taken
	binds bool // it moves the subject's version
}

// offer makes the act of a collection on facts that may be old.
func (v *Vault) offer(ctx context.Context, s *gate.State, c Collection) (refusals []policy.Refusal, a offered, err error) {
	a.Act = v.data.NewAct()
	a.binds = binds(v.gate.InForce().Policy, a.Act, s, c.Given)
	refusals, a.taken, err = v.take(ctx, a.Act, s, c, a.binds)
	return refusals, a, err
}

// A taken says what was added to an act.
type taken struct {
	named bool           // identifiers
	bound []seal.Binding // keys
}

// take asks the gate for leave and adds everything that was given to act. Unless s
// says that an identifier is suppressed, the act is lost where one is when it is
// committed.
func (v *Vault) take(ctx context.Context, act *db.Act, s *gate.State, c Collection, binds bool) (_ []policy.Refusal, t taken, err error) {
	c.Given = v.gate.InForce().Policy.Scrubbed(c.Given)
	grant, refusals, err := v.gate.Admit(ctx, act, s, gate.Admission{Point: c.Point, Given: c.Given, By: c.By, Binds: binds, LeftOut: c.LeftOut})
	if err != nil || len(refusals) > 0 {
		return refusals, t, err
	}
	if t.bound, err = v.store(ctx, act, grant, s, c); err != nil {
		return nil, t, err
	}
	identify := subject.Admit
	if s.Facts.Suppressed {
		identify = subject.Identify
	}
	for _, i := range v.identifiers(v.gate.InForce().Policy, c.Given) {
		i.Verified, t.named = c.Verified, true
		identify(act, s.Subject.Num, i)
	}
	return nil, t, nil
}

// commit says what a violated constraint means. An act that takes an identifier in
// which is barred is lost: who asks the ledger next sees it.
func (v *Vault) commit(ctx context.Context, act *db.Act, named bool) error {
	err := v.data.Commit(ctx, act)
	switch {
	case !db.Constraint(err):
		return err
	case named && subject.KeptOut(err):
		return db.ErrLost
	case named:
		return fault.Wrap(fault.Conflict, err, "an identifier among the values belongs to another subject and may belong to only one")
	}
	return fault.Wrap(fault.Busy, err, "the key for these values has expired: try again")
}

// binds reports whether a value needs a class or period that no key of the
// subject is bound to yet, or is of an item that has one value. Such an act moves
// the subject's version, so that an erasure which has listed the keys does not miss
// this one, and of two first values given at once one is refused.
func binds(p *policy.Policy, act *db.Act, s *gate.State, given []policy.Given) bool {
	for _, x := range given {
		item, err := p.Item(x.Item)
		if err != nil {
			continue
		}
		if _, ok := s.Key(item.Class, p.Bucket(item.Class, act.Now())); !ok || !item.List {
			return true
		}
	}
	return false
}

// store seals the values and adds their rows to act. It returns the keys that the act
// binds.
func (v *Vault) store(ctx context.Context, act *db.Act, grant gate.Grant, s *gate.State, c Collection) (bound []seal.Binding, err error) {
	p := v.gate.InForce().Policy
	groups, err := v.group(ctx, p, act, grant, s, c.Given)
	if err != nil {
		return nil, err
	}
	if err := v.refuseTwice(ctx, p, s, groups); err != nil {
		return nil, err
	}
	for _, g := range groups {
		key, ok := s.Key(g.class, g.bucket)
		if !ok {
			if key, err = v.newKey(ctx, act, s.Subject.Num, g.class, g.bucket); err != nil {
				return nil, err
			}
			bound = append(bound, seal.Binding{Class: seal.Class(g.class), Bucket: g.bucket, Key: key})
		}
		if err := v.addRow(ctx, act, s.Subject.Num, key, g, c.Point); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

func (v *Vault) addRow(ctx context.Context, act *db.Act, num int64, key seal.KeyID, g group, point string) error {
	id, err := v.data.Number(ctx, "row")
	if err != nil {
		return fmt.Errorf("vault row: %w", err)
	}
	sealed, err := v.sealRow(ctx, num, id, key, g.data)
	if err != nil {
		return err
	}
	due := g.due
	if due == nil {
		due = dueOf(v.gate.InForce().Policy, g.class, g.bucket, act.Now())
	}
	act.Do(insertRow, num, id, int64(g.class), g.bucket, int64(key), disclosure.PackItems(itemsOf(g.data)), point, g.source, act.Now().UnixMicro(), due, sealed)
	return nil
}

// A group is values that share a row.
type group struct {
	class  policy.ClassNo
	bucket int64
	source string // who passed it on, or the law that asks for it
	data   []datum
	due    any // end of retention where the caller knows it, else nil
}

// group sorts values by retention class and period. Secrets become hashes
// here: the vault keeps nothing of them that could be read.
func (v *Vault) group(ctx context.Context, p *policy.Policy, act *db.Act, grant gate.Grant, s *gate.State, given []policy.Given) ([]group, error) {
	var out []group
	for _, x := range given {
		item, err := p.Item(x.Item)
		if err != nil {
			return nil, err
		}
		if !grant.Covers(act, s.Subject.Num, item.No) {
			return nil, errNoGrant
		}
		value := x.Value
		if item.Type == secretType { // in its normal form: an answer is one, however it is spelled
			if value, err = p.Check(item.No, value); err != nil {
				return nil, err
			}
			if value, err = argon2id.CreateHash(value, &v.secrets); err != nil {
				return nil, fmt.Errorf("vault secret: %w", err)
			}
		}
		d := datum{item: item.No, value: seal.NewPersonal(value)}
		if len(x.Other) > 0 {
			d.other = seal.NewPersonal(strings.Join(x.Other, "\x00"))
		}
		out = place(out, item.Class, p.Bucket(item.Class, act.Now()), x.Source(), d)
	}
	return out, nil
}

func place(groups []group, c policy.ClassNo, bucket int64, source string, d datum) []group {
	for i := range groups {
		if groups[i].class == c && groups[i].bucket == bucket && groups[i].source == source {
			groups[i].data = append(groups[i].data, d)
			return groups
		}
	}
	return append(groups, group{class: c, bucket: bucket, source: source, data: []datum{d}})
}

// refuseTwice refuses a second value of an item that has one value a person.
func (v *Vault) refuseTwice(ctx context.Context, p *policy.Policy, s *gate.State, groups []group) error {
	var once policy.ItemSet
	check := false
	for _, g := range groups {
		_, bound := s.Key(g.class, g.bucket)
		for _, d := range g.data {
			if p.ItemBy(d.item).List {
				continue
			}
			if once.Has(d.item) {
				return twice(p, d.item)
			}
			once.Add(d.item)
			check = check || bound
		}
	}
	if !check {
		return nil // no row of these classes yet
	}
	held, err := v.data.Ask(ctx, askItems, s.Subject.Num)
	if err != nil {
		return fmt.Errorf("vault items: %w", err)
	}
	for held.Next() {
		var items []byte
		if err := held.Scan(&items); err != nil {
			return fmt.Errorf("vault items: %w", err)
		}
		for _, n := range disclosure.UnpackItems(items) {
			if once.Has(n) {
				return twice(p, n)
			}
		}
	}
	return held.Err()
}

func twice(p *policy.Policy, n policy.ItemNo) error {
	return fault.New(fault.Conflict, "%s is held already and has one value a subject: correct it instead", p.ItemBy(n).Name)
}
