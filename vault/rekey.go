package vault

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// A rekeying replaces every key under which an item of a subject is sealed:
// rows are opened, edited and sealed again under new keys, and the old keys
// are ready to die.
type rekeying struct {
	num   int64
	item  policy.ItemNo
	rows  []row // every row under one of the old keys
	old   []seal.KeyID
	found int // values of the item
	bound []seal.Binding

	// why, for the intent
	scope   string
	request string
	class   policy.ClassNo
	marks   []byte
	pending []erasure // what the intent names
}

// planRekeying finds the rows and keys that an item of a subject touches, and
// those of a whole class where class is not 0.
func planRekeying(held []row, num int64, item policy.ItemNo, class policy.ClassNo) rekeying {
	r := rekeying{num: num, item: item}
	dies := map[seal.KeyID]bool{}
	for _, h := range held {
		if (h.has(item) || h.class == class) && !dies[h.key] {
			dies[h.key] = true
			r.old = append(r.old, h.key)
		}
	}
	for _, h := range held {
		if dies[h.key] {
			r.rows = append(r.rows, h)
		}
	}
	if len(r.rows) > 0 {
		r.class = r.rows[0].class
	}
	return r
}

// rewrite adds to act the rows as edit leaves them, sealed under new keys, and
// the intent that names the old keys. A row that edit empties is deleted. The act is
// lost where a row has come under an old key since the rows were read.
func (v *Vault) rewrite(ctx context.Context, act *db.Act, grant gate.Grant, r *rekeying, edit func([]datum) []datum) error {
	if !grant.CoversAll(act, r.num) {
		return errNoGrant
	}
	fresh := map[seal.KeyID]seal.KeyID{}
	for _, old := range r.rows {
		data, err := v.openRow(ctx, r.num, old)
		if fault.Of(err) == fault.NotFound {
			// The row came back from an archive, and its key did not: nobody can
			// read it any more, so there is nothing to seal again.
			act.Do(deleteRow, r.num, old.id)
			continue
		}
		if err != nil {
			return err
		}
		for _, d := range data {
			if d.item == r.item {
				r.found++
			}
		}
		data = edit(data)
		if len(data) == 0 {
			act.Do(deleteRow, r.num, old.id)
			continue
		}
		key, ok := fresh[old.key]
		if !ok {
			if key, err = v.newKey(ctx, act, r.num, old.class, old.bucket); err != nil {
				return err
			}
			fresh[old.key] = key
			r.bound = append(r.bound, seal.Binding{Class: seal.Class(old.class), Bucket: old.bucket, Key: key})
		}
		sealed, err := v.sealRow(ctx, r.num, old.id, key, data)
		if err != nil {
			return fmt.Errorf("vault rekey: %w", err)
		}
		act.Do(rekeyRow, int64(key), disclosure.PackItems(itemsOf(data)), sealed, r.num, old.id)
	}
	v.leave(act, r)
	return nil
}

// leave adds to act the intent that names the old keys, of which all rows have been
// moved or deleted before.
func (v *Vault) leave(act *db.Act, r *rekeying) {
	if r.marks == nil {
		r.marks = []byte{}
	}
	for _, k := range r.old {
		e := erasure{subject: r.num, key: k, class: r.class, scope: r.scope, item: r.item, request: r.request, marks: r.marks}
		e.do(act, leaveKey)
		r.pending = append(r.pending, e)
		v.keys.Unbind(act, r.num, k) // nothing new is sealed under it from here on
	}
}

// rekeys is [Vault.again] for acts that leave keys behind. fn is told which keys came
// after it was first called and were set aside for what keeps coming: what is under
// them is later than the change.
func (v *Vault) rekeys(ctx context.Context, what string, num int64, item policy.ItemNo, fn func(s *gate.State, later []seal.KeyID) error) error {
	try := 0
	var later []seal.KeyID
	refused := v.again(ctx, what, num, func(s *gate.State) (bool, error) {
		if try++; try != patience {
			return true, fn(s, later)
		}
		var err error
		later, err = v.setAside(ctx, s, item)
		return false, err
	})
	if refused != nil { // on the strength of what was read ahead of the disk
		if err := v.data.Durable(ctx); err != nil {
			return err
		}
	}
	return refused
}

// patience is at which try of a rekeying new keys are set aside instead.
const patience = 4

// setAside binds new keys beside those of an item, so that rows which keep coming no
// longer come under the old: a rekeying that has lost to them again and again wins
// then.
func (v *Vault) setAside(ctx context.Context, s *gate.State, item policy.ItemNo) (fresh []seal.KeyID, err error) {
	held, err := v.held(ctx, s.Subject.Num)
	if err != nil {
		return nil, err
	}
	r := planRekeying(held, s.Subject.Num, item, 0)
	if len(r.old) == 0 {
		return nil, nil
	}
	act := v.data.NewAct()
	_, err = v.gate.Exercise(ctx, act, s, gate.Duty{
		Kind: audit.Rekeyed, Control: policy.KeysApart, Public: []audit.Field{audit.Num(audit.TagItem, item)},
	})
	if err != nil {
		return nil, err
	}
	bound := map[[2]int64]bool{}
	for _, h := range r.rows {
		k := [2]int64{int64(h.class), h.bucket}
		if bound[k] {
			continue
		}
		bound[k] = true
		key, err := v.newKey(ctx, act, r.num, h.class, h.bucket)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, key)
	}
	if err := v.data.Commit(ctx, act); err != nil {
		return nil, err
	}
	return fresh, nil
}
