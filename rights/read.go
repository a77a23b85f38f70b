package rights

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
)

// stepsOf reads the steps of a request, in their order.
func (s *Service) stepsOf(ctx context.Context, q *request) (out []*step, err error) {
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = steps(ctx, r, q)
		return err
	})
	return out, err
}

// requestsOf reads the requests of one person, the oldest first, 500 at most.
func (s *Service) requestsOf(ctx context.Context, num int64) (out []*request, err error) {
	err = s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = list(ctx, r, selectOf, num, 500)
		return err
	})
	return out, err
}
