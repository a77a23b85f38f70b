package avow

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// publish makes the text of the policy file the first version, or the next one, and
// returns the version in force. A text that names no day or no reason for its change
// does not come into force by a start: the version before goes on, and the log says
// what to do.
func (s *Server) publish(ctx context.Context, p *platform.Parts, compiled *policy.Policy, src []byte) (*publication.Version, error) {
	var (
		last  *publication.Version
		ok    bool
		plan  *publication.Plan
		since string
		back  bool // the text was in force before
	)
	err := p.Data.Read(ctx, func(r *db.Snapshot) (err error) {
		if last, ok, err = publication.Latest(ctx, r, p.ID+".yaml", compiled); err != nil || !ok {
			return err
		}
		since = last.Hash
		past, err := publication.History(ctx, r)
		if err != nil {
			return err
		}
		back = slices.ContainsFunc(past, func(v publication.Past) bool { return v.Version == compiled.Version() })
		plan, err = publication.Next(ctx, r, p.ID+".yaml", compiled, nil)
		return err
	})
	switch {
	case fault.Of(err) == fault.Conflict, err == nil && !ok: // the first, or after one that this program cannot read
		return publication.Enter(ctx, p.Data, p.Log, compiled, src)
	case err != nil:
		return nil, err
	case since == compiled.Version():
		return last, nil
	case s.options.AsPublished, plan != nil && plan.Policy.Version() == compiled.Version():
		return last, nil
	}
	text := publication.Text{Policy: compiled, Source: src, Soonest: true}
	if len(compiled.Revision().Reasons) == 0 && back {
		text.Reasons = []string{"correction"} // a text that was in force comes back: it cannot say why and stay the same
	}
	_, v, err := publication.Publish(ctx, p.Data, p.Log, last, text)
	switch {
	case fault.Of(err) == fault.Invalid:
		s.logger().Warn("the policy file is not published, and the version before stays in force", "platform", p.ID, "why", fault.Message(err))
		return last, nil
	case err != nil:
		return nil, err
	case v != nil:
		return v, nil
	}
	return last, nil
}

// Publish makes the text of a platform's policy file its next version: from at on, or
// from the day that the file names, for these reasons, or those that the file names.
// With soonest it holds as soon as the policy lets it, and not before at. It answers
// with what is to come, or with the version where nothing is waited for.
func (s *Server) Publish(ctx context.Context, id string, at time.Time, reasons []string, soonest bool) (*publication.Plan, *publication.Version, error) {
	p, err := s.Platform(id)
	if err != nil {
		return nil, nil, err
	}
	text, err := s.Draft(id)
	if err != nil {
		return nil, nil, err
	}
	if soonest && at.IsZero() {
		at = p.Now()
	}
	text.At, text.Reasons, text.Soonest = at, reasons, soonest
	return p.Publish(ctx, text)
}

func (s *Server) logger() *slog.Logger {
	if s.options.Logger != nil {
		return s.options.Logger
	}
	return slog.Default()
}
