package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// System is the name of the vault among the systems of a platform: what
// warrants and receipts call it.
const System = "vault"

// A Holding says what one row is, without what it holds.
type Holding struct {
	Row    int64
	Class  policy.ClassNo
	Bucket int64
	Items  []policy.ItemNo
	Point  string
	Source string    // partner:NAME who passed it on, law:CITE that asks for it; "" else
	At     time.Time // when it was collected
	Due    time.Time // when its retention ends; zero: not known yet
}

func holding(r row) Holding {
	return Holding{r.id, r.class, r.bucket, r.items, r.point, r.source, r.at, r.due}
}

var askHeads = db.DeclareQuery(selectHeads, "int")

// Holdings lists what is held about a subject. It opens nothing.
func (v *Vault) Holdings(ctx context.Context, num int64) ([]Holding, error) {
	return holdings(v.data.Ask(ctx, askHeads, num))
}

// HoldingsOf asks for what is held about a subject. Once the inquiry has run, what it
// returns gives it.
func HoldingsOf(in *db.Inquiry, num int64) func() ([]Holding, error) {
	rows := in.Ask(askHeads, num)
	return func() ([]Holding, error) { return holdings(rows, nil) }
}

func holdings(rows *db.Rows, err error) ([]Holding, error) {
	if err != nil {
		return nil, fmt.Errorf("vault holdings: %w", err)
	}
	out := []Holding{}
	for rows.Next() {
		h, err := scanRow(rows, false)
		if err != nil {
			return nil, fmt.Errorf("vault holdings: %w", err)
		}
		out = append(out, holding(h))
	}
	return out, rows.Err()
}

// Read gives every value of a subject to fn, row by row, on the strength of a
// durable warrant to survey or export. A secret only says that it is set.
// A row that moves to another key meanwhile is read under that one; a row whose key is
// destroyed is left out.
func (v *Vault) Read(ctx context.Context, w gate.Warrant, action gate.Action, f subject.Facts, fn func(Holding, []Value) error) error {
	if (action != gate.Export && action != gate.Survey) || !w.Covers(System, action, string(f.ID)) {
		return errNoGrant
	}
	after := int64(0)
	for {
		var held []row
		err := v.data.Read(ctx, func(r *db.Snapshot) (err error) {
			held, err = rowsAfter(ctx, r, f.Num, after)
			return err
		})
		if err != nil {
			return err
		}
		for _, h := range held {
			if err := v.give(ctx, f.Num, h, fn); err != nil {
				return err
			}
		}
		if len(held) < page {
			return nil
		}
		after = held[len(held)-1].id
	}
}

func (v *Vault) give(ctx context.Context, num int64, h row, fn func(Holding, []Value) error) error {
	h, data, err := v.openNow(ctx, num, h)
	if err != nil || len(data) == 0 {
		return err
	}
	values := make([]Value, len(data))
	for i, d := range data {
		values[i] = Value{Item: d.item, Text: d.value, At: h.at, other: d.other}
		if item := v.gate.InForce().Policy.ItemBy(d.item); item == nil || item.Type == secretType {
			values[i].Text = seal.NewPersonal("set")
		}
	}
	return fn(holding(h), values)
}

// A Trace is something that an erasure should have taken away.
type Trace struct {
	Class    policy.ClassNo
	Rows     int
	Readable int // of them, rows that a key still opens
}

// Traces looks for what is left of a subject outside the kept classes, on the
// strength of a warrant to verify: rows, whether or not a key opens them, and
// keys that are still bound. It reads the store anew and trusts nothing that
// the erasure said.
func (v *Vault) Traces(ctx context.Context, w gate.Warrant, f subject.Facts, kept policy.ClassSet) ([]Trace, error) {
	if !w.Covers(System, gate.Verify, string(f.ID)) {
		return nil, errNoGrant
	}
	var (
		held  []row
		bound []seal.Binding
	)
	err := v.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if held, err = rows(ctx, r, f.Num); err != nil {
			return err
		}
		bound, err = v.keys.Bound(ctx, r, f.Num)
		return err
	})
	if err != nil {
		return nil, err
	}
	found := map[policy.ClassNo]*Trace{}
	at := func(c policy.ClassNo) *Trace {
		if found[c] == nil {
			found[c] = &Trace{Class: c}
		}
		return found[c]
	}
	for _, h := range held {
		if kept.Has(h.class) {
			continue
		}
		t := at(h.class)
		t.Rows++
		if _, err := v.openRow(ctx, f.Num, h); err == nil {
			t.Readable++
		}
	}
	for _, b := range bound {
		if c := policy.ClassNo(b.Class); b.Class > seal.LogClass && !kept.Has(c) {
			at(c)
		}
	}
	var out []Trace
	for _, c := range v.gate.InForce().Policy.Classes() {
		if t := found[c.No]; t != nil {
			out = append(out, *t)
		}
	}
	return out, nil
}
