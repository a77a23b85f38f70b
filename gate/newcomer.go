package gate

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/subject"
)

// Newcomer returns the state of a subject that is about to be registered: it
// has no version yet, and so no precondition.
func Newcomer(n subject.New) *State {
	f := subject.Facts{Num: n.Num, ID: n.ID, Kind: n.Kind, State: subject.Open, Age: n.Age, Accepted: n.Accepted, Residence: n.Residence, LogKey: n.LogKey}
	return &State{Subject: f, Facts: facts(f)}
}

// Entered remembers the [Newcomer] s, registered by an act of this time that is
// committed and which bound these data keys beside that of the log: whoever acts for
// them next need not read what nobody can have said yet. It takes s over. Where it
// cannot be known what the ledgers would say, such as of who accepted a version that is
// in force no more, only the number is remembered.
//
// How the recipients stand is what this process last read. Where another has moved
// their ledger on since then, an act that rests on it is lost, as with whatever is
// remembered of others.
func (g *Gate) Entered(ctx context.Context, s *State, at time.Time, bound []seal.Binding) {
	f, p, epoch := &s.Subject, g.inForce().Policy, g.recipients.Load()
	g.numbers.Add(f.ID, f.Num)
	if f.Accepted != "" && f.Accepted != p.Version() || s.Facts.Suppressed {
		return
	}
	stand, err := g.standing(ctx, epoch, 0, g.data.Now())
	if err != nil || stand.policy != p {
		return
	}
	f.Version, f.Created = 1, time.UnixMicro(at.UnixMicro()).UTC()
	s.Keys = append([]seal.Binding{{Class: seal.LogClass, Key: f.LogKey}}, bound...)
	slices.SortFunc(s.Keys, inOrder)
	s.under(stand)
	g.keep(s)
	if g.inForce().Policy != p { // it has changed, perhaps after everything was forgotten
		g.Forget(f.Num)
	}
}
