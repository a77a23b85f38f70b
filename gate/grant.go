package gate

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// A Grant is leave to touch items of one subject in one act. The zero Grant
// covers nothing.
type Grant struct {
	act     *db.Act
	subject int64
	items   policy.ItemSet
	all     bool // by right or by duty: every item of the subject
	entry   audit.ID
}

// Covers reports whether g is leave to touch item of subject in act, which is
// still being built.
func (g Grant) Covers(act *db.Act, subject int64, item policy.ItemNo) bool {
	return g.live(act, subject) && (g.all || g.items.Has(item))
}

// CoversAll reports whether g is leave to touch every item of subject in act,
// which is still being built.
func (g Grant) CoversAll(act *db.Act, subject int64) bool {
	return g.live(act, subject) && g.all
}

func (g Grant) live(act *db.Act, subject int64) bool {
	return g.act != nil && g.act == act && g.subject == subject && act.Open()
}

// Settled reports whether the act behind g is durable, so that what was read
// under g may leave the vault (I-3).
func (g Grant) Settled() bool { return g.act.Committed() }

// Entry returns the id of the log entry that grants. It is 0 for the zero
// Grant.
func (g Grant) Entry() audit.ID { return g.entry }
