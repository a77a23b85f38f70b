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
	return r
}

// rewrite adds to act the rows as edit leaves them, sealed under new keys, and
// the intent that names the old keys. A row that edit empties is deleted.
func (v *Vault) rewrite(ctx context.Context, act *db.Act, grant gate.Grant, r *rekeying, scope, request string, edit func([]datum) []datum) error {
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
		}
		sealed, err := v.sealRow(ctx, r.num, old.id, key, data)
		if err != nil {
			return fmt.Errorf("vault rekey: %w", err)
		}
		act.Do(rekeyRow, int64(key), disclosure.PackItems(itemsOf(data)), sealed, r.num, old.id)
	}
	for _, k := range r.old {
		act.Do(insertErasure, r.num, int64(k), int64(r.rows[0].class), scope, int64(r.item), request, act.Now().UnixMicro())
		v.keys.Unbind(act, r.num, k) // nothing new is sealed under it from here on
	}
	return nil
}

// rewriteLate saves rows that were sealed under one of the old keys after the
// rekeying had read its rows and before its intent was committed. After that
// none can come: the subject's version has moved and the keys are unbound.
func (v *Vault) rewriteLate(ctx context.Context, num int64, item policy.ItemNo, old []seal.KeyID, request string, edit func([]datum) []datum) error {
	dies := map[seal.KeyID]bool{}
	for _, k := range old {
		dies[k] = true
	}
	lateRows := func() (out []row, err error) {
		all, err := v.rowsOf(ctx, num)
		for _, h := range all {
			if dies[h.key] {
				out = append(out, h)
			}
		}
		return out, err
	}
	if some, err := lateRows(); err != nil || len(some) == 0 {
		return err
	}
	return v.again(ctx, "rekey", num, func(s *gate.State) (bool, error) {
		late := rekeying{num: num, item: item}
		var err error
		if late.rows, err = lateRows(); err != nil || len(late.rows) == 0 {
			return true, err
		}
		act := v.data.NewAct()
		grant, err := v.gate.Exercise(ctx, act, s, gate.Duty{
			Kind: audit.Rekeyed, Control: policy.KeysApart,
			Public: []audit.Field{audit.Num(audit.TagItem, item)}, Private: reference(request),
		})
		if err != nil {
			return true, err
		}
		if err := v.rewrite(ctx, act, grant, &late, scopeItem, request, edit); err != nil {
			return true, err
		}
		defer v.gate.Forget(num)
		return true, v.data.Commit(ctx, act)
	})
}
