package vault

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Reapply erases again what the journal says was erased after an archive was
// written, and returns how many erasures it carried out. Call it after a
// restore, before anything is served. What the archive does not hold needs no
// erasing.
func (v *Vault) Reapply(ctx context.Context, records []journal.Record) (int, error) {
	done := 0
	for i, rec := range records {
		if i > 0 && sameErasure(rec, records[i-1]) {
			continue
		}
		var f subject.Facts
		err := v.data.Read(ctx, func(r *db.Snapshot) (err error) {
			f, err = subject.Get(ctx, r, subject.ID(rec.Subject))
			return err
		})
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return done, err
		}
		e, err := v.repeated(ctx, f, rec)
		if err != nil {
			return done, err
		}
		if _, err := v.Erase(ctx, e); err != nil {
			return done, err
		}
		done++
	}
	return done, v.Settle(ctx)
}

// sameErasure reports whether one erasure has two records because of its many digests.
func sameErasure(a, b journal.Record) bool {
	return a.At.Equal(b.At) && a.Subject == b.Subject && a.Scope == b.Scope
}

// repeated says a journal's record as an erasure.
func (v *Vault) repeated(ctx context.Context, f subject.Facts, rec journal.Record) (Erasure, error) {
	e := Erasure{Subject: f.Num, Control: policy.ErasureBackups}
	switch rec.Scope.Kind {
	case journal.OneItem:
		e.Item, e.again = policy.ItemNo(rec.Scope.Number), true
	case journal.OneClass:
		e.Class, e.again = policy.ClassNo(rec.Scope.Number), true
	default:
		s, err := v.gate.Fresh(ctx, f.Num)
		if err != nil {
			return e, err
		}
		// A hold that the archive has may have ended before the erasure.
		e.Everything, e.Keep = true, slices.DeleteFunc(Kept(v.gate.InForce().Policy, s), func(c policy.ClassNo) bool { return rec.Scope.Went(int64(c)) })
	}
	return e, nil
}

// Kept returns the retention classes that outlive an erasure of everything:
// those a law demands, and those under a hold.
func Kept(p *policy.Policy, s *gate.State) []policy.ClassNo {
	var out []policy.ClassNo
	for _, c := range p.Classes() {
		if c.Law || s.Facts.Held.Has(c.No) || s.Facts.Held.Has(0) {
			out = append(out, c.No)
		}
	}
	return out
}
