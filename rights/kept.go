package rights

import (
	"context"

	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// clocks sets the deadlines of a request. Who has not consented to a version that gives
// fewer rights keeps those of the version that they accepted: a right that is gone, and
// the sooner of two times. kept reports that it made a difference.
func (s *Service) clocks(ctx context.Context, p *policy.Policy, q *request, about subject.Facts) (c policy.Clocks, kept bool, err error) {
	c, err = dueFor(p, q.right(), q.received, about)
	if about.Num == 0 {
		return c, false, err
	}
	old, oldErr := s.gate.Keeping(ctx, about.Num)
	if oldErr != nil || old == nil {
		return c, false, firstOf(oldErr, err)
	}
	was, gone := dueFor(old, q.right(), q.received, about)
	switch {
	case gone != nil:
		return c, false, err
	case err != nil:
		return was, true, nil
	}
	for _, x := range []struct{ is, was *policy.Deadline }{
		{&c.Confirm, &was.Confirm}, {&c.Reply, &was.Reply}, {&c.Extended, &was.Extended}, {&c.Done, &was.Done}, {&c.Backups, &was.Backups},
	} {
		if !x.was.At.IsZero() && (x.is.At.IsZero() || x.was.At.Before(x.is.At)) {
			*x.is, kept = *x.was, true
		}
	}
	return c, kept, nil
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
