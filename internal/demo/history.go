package demo

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/retention"
)

// lanes is how many people act at once: their acts share commits.
const lanes = 192

// wave is how many days are played together: enough acts to fill commits.
const wave = 3

// sweepDays is how often retention is swept: a server does it every day, which
// here would take longer than all the rest.
const sweepDays = 15

// play plays ninety days on all stages, a few at a time, since they share a
// clock. Scenes about requests follow what else happens on their days.
func play(ctx context.Context, c *clock, stages []*stage, progress func(done, total int)) error {
	for n := 0; n <= Days; n += wave {
		end, acts := min(n+wave, Days+1), 0
		var list []today
		for _, s := range stages {
			for _, l := range s.people {
				if t := l.until(s, end); len(t.acts) > 0 {
					list = append(list, t)
					acts += len(t.acts)
				}
			}
			for d := n; d < end; d++ {
				acts += 60 * len(s.scenes[d])
			}
		}
		c.to(n, end-n, acts)
		if err := together(ctx, list, func(ctx context.Context, t today) error { return t.play(ctx) }); err != nil {
			return err
		}
		if err := together(ctx, stages, func(ctx context.Context, s *stage) error { return s.play(ctx, n, end) }); err != nil {
			return err
		}
		progress(end-1, Days)
	}
	return nil
}

// together does something for many at once.
func together[T any](ctx context.Context, list []T, do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(lanes)
	for _, x := range list {
		g.Go(func() error { return do(ctx, x) })
	}
	return g.Wait()
}

// play plays the scenes of some days, and ends what has been kept long enough.
func (s *stage) play(ctx context.Context, from, end int) error {
	for n := from; n < end; n++ {
		if len(s.scenes[n]) > 0 {
			s.clock.reach(n)
		}
		for _, sc := range s.scenes[n] {
			if err := sc(ctx); err != nil {
				return err
			}
		}
	}
	if end%sweepDays != 0 && end <= Days {
		return nil
	}
	_, err := s.SweepRetention(ctx, retention.Options{}, func(int, int) {})
	return err
}

// A scene is something about a request.
type scene func(context.Context) error

// today is what one person does in one wave.
type today struct {
	on   *stage
	who  *life
	acts []act
}

func (t today) play(ctx context.Context) error {
	for _, a := range t.acts {
		if err := a.do(ctx, t.on, t.who); err != nil {
			return err
		}
	}
	return nil
}

// until takes what a person does before a day.
func (l *life) until(s *stage, day int) today {
	n := 0
	for n < len(l.acts) && l.acts[n].day < day {
		n++
	}
	t := today{s, l, l.acts[:n]}
	l.acts = l.acts[n:]
	return t
}

// settle puts a life's acts in order, and ends it where it ends.
func (l *life) settle() {
	slices.SortStableFunc(l.acts, func(a, b act) int { return a.day - b.day })
	l.acts = slices.DeleteFunc(l.acts, func(a act) bool { return a.day > l.ends })
}
