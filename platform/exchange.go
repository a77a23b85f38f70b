package platform

import (
	"context"

	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// An Exchange is something that one person of the platform says to another.
type Exchange struct {
	From, To         subject.ID
	FromName, ToName Personal // what each is called to the other: copies leave it out
	Point, Item      string
	Value            Personal
	Reminded         bool // From was reminded to give numbers only where they must
	By               Actor
}

// Between stores what passes between two people for both of them, or for neither.
// Each one's copy shows what was said, and not who the other is.
func (p *Platform) Between(ctx context.Context, x Exchange) ([]policy.Refusal, error) {
	ctx, span := trace.Start(ctx, "exchange")
	defer span.End()
	from, by, err := p.who(ctx, x.From, x.By)
	if err != nil {
		return nil, err
	}
	to, _, err := p.who(ctx, x.To, x.By)
	if err != nil {
		return nil, err
	}
	return p.vault.Between(ctx, vault.Exchange{
		From: from.Num, To: to.Num, FromName: x.FromName.Reveal(), ToName: x.ToName.Reveal(),
		Point: x.Point, Item: x.Item, Value: x.Value.Reveal(), Reminded: x.Reminded, By: by,
	})
}
