package audit

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// A Standing says how the log stands, without reading its entries.
type Standing struct {
	Size    int64  // entries that have their place
	Last    ID     // the last of them; 0: there is none
	Pending int64  // entries without a place yet
	Damage  string // what is wrong at the tree's edge, for people; "": nothing
}

// Standing compares the right edge of the tree with the newest signed checkpoint,
// which costs the same for every size of log. It finds a checkpoint or an edge that
// was changed; [Log.Verify] finds everything else.
func (l *Log) Standing(ctx context.Context, r db.Reader) (Standing, error) {
	var s Standing
	at, err := readState(ctx, r)
	if err != nil {
		return s, err
	}
	s.Size = at.size
	if err := r.Row(ctx, countPending).Scan(&s.Pending); err != nil {
		return s, fmt.Errorf("audit standing: %w", err)
	}
	if p, ok, err := readRun(ctx, r, lastRun); err != nil {
		return s, err
	} else if ok {
		s.Last = p.id + p.n - 1
	}
	if s.Size == 0 {
		return s, nil
	}
	_, err = readSoundEdge(ctx, r, s.Size)
	switch fault.Of(err) {
	case fault.Conflict, fault.NotFound, fault.Invalid:
		s.Damage = fault.Message(err)
		return s, nil
	}
	if err != nil {
		return s, err
	}
	c, err := readCheckpoint(ctx, r)
	if err != nil {
		return s, err
	}
	known, err := parseVerifiers(at.signer)
	if err != nil {
		return s, err
	}
	if _, err := openCheckpoint(c.Note, known); err != nil {
		s.Damage = "the newest checkpoint is not signed by the key that signs this log: run audit verify"
	}
	return s, nil
}
