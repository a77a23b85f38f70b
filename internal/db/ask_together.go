package db

import (
	"context"
	"fmt"
)

// RunAhead is [Inquiry.Run] of questions about one each, in the group of what others
// ask at the same time ([DB.Ask]), whose snapshot and pages it shares. Where the group
// is full, the rest comes in the next: then the answers are not of one moment. They may
// rest on what is not on the disk yet, as with [DB.Ahead].
func (in *Inquiry) RunAhead(ctx context.Context) error {
	if in.err != nil {
		return in.err
	}
	asks := make([]*asking, len(in.questions))
	for i, x := range in.questions {
		if x.n != 1 {
			return fmt.Errorf("db: %d are asked about together in %q", x.n, x.q.sql)
		}
		asks[i] = x.asking()
	}
	if err := in.db.answer(ctx, asks); err != nil {
		return err
	}
	for i, x := range in.questions {
		x.take(asks[i])
	}
	return nil
}

// asking is a question about one, as [DB.Ask] puts it.
func (x *question) asking() *asking { return &asking{q: x.q, args: x.args} }

// take takes over the answer to what asking returned.
func (x *question) take(a *asking) {
	x.reply.reply = a.reply
	if a.reply.width > 0 {
		x.reply.of = make([]int32, len(a.reply.cells)/a.reply.width)
	}
}
