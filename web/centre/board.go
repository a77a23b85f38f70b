package centre

import (
	"context"
	"sync"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
)

// boardFor is how long a board is shown to everybody before it is made anew: a
// page that anybody may load costs no reading of the log.
const boardFor = time.Minute

// A publicBoard keeps how every clause stood, of the version in force.
type publicBoard struct {
	mu      sync.Mutex
	version string
	at      time.Time
	by      map[string]page.Standing
}

// of returns how every clause stands, by its id, a minute old at most.
func (b *publicBoard) of(ctx context.Context, p *platform.Platform) (map[string]page.Standing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := p.Now(); b.by != nil && b.version == p.Policy().Version() && now.Sub(b.at) < boardFor && !now.Before(b.at) {
		return b.by, nil
	}
	board, err := p.Promises(ctx)
	if err != nil {
		return nil, err
	}
	by := make(map[string]page.Standing, len(board.Rows))
	for _, r := range board.Rows {
		s := page.Standing{State: string(r.State)}
		for _, e := range r.Evidence {
			if e.Day != nil && e.Day.After(s.Shown) {
				s.Shown = *e.Day
			}
		}
		by[r.ID] = s
	}
	b.version, b.at, b.by = board.Version, board.At, by
	return by, nil
}
