package gate

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/succession"
)

// moving says what stands against a use that gives data to who takes over the
// business: everything, until a transfer to them stands ready that covers it and
// its person was told in time. What a person says moves their version, and what
// becomes of a transfer that of the recipients' ledger: a grant outlives neither.
func (g *Gate) moving(ctx context.Context, r db.Reader, p *policy.Policy, s *State, u *policy.Use, f *policy.Facts) error {
	f.Unmoved, f.Untold = true, true
	c, err := succession.Current(ctx, r, u.Recipient)
	if err != nil || c == nil {
		return err
	}
	f.Unmoved = c.State != succession.Ready || c.Version != g.inForce().Num || !c.Covers(u.Items, u.Purpose)
	f.Repurposed = p.Sharing().Succession.Consent && slices.Contains(c.Changed, u.Purpose)
	told, objected, err := ToldOfMoving(ctx, r, c.Num, s.Subject.Num)
	f.Untold = !objected.IsZero() || !succession.InTime(p, told, g.data.Now())
	return err
}

// ToldOfMoving returns when a person was first told of a transfer, and when they said
// that they do not want to go along; zero times: never.
func ToldOfMoving(ctx context.Context, r db.Reader, transfer, subject int64) (told, objected time.Time, err error) {
	told, objected, err = succession.Words(ctx, r, transfer, subject)
	if err != nil {
		return told, objected, err
	}
	notices, err := succession.Notices(ctx, r, transfer)
	if err != nil || len(notices) == 0 {
		return told, objected, err
	}
	copies, err := message.Of(ctx, r, subject)
	for _, c := range copies {
		if c.State == message.Sent && slices.Contains(notices, c.Message) {
			told = earliest(told, c.At)
		}
	}
	return told, objected, err
}
