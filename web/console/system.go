package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/publication"
)

// checkTime is how long a system has to say how it is.
const checkTime = 5 * time.Second

// A systemsPage is the machinery: systems, keys, policy.
type systemsPage struct {
	view
	Systems  []health
	Number   int64     // of the epoch
	Began    time.Time // zero: not known
	Rotating bool
	Live     int
	Unbound  int
	Shared   bool // keys and data are in one cluster
	Move     bool // the person may move the epoch
	Moving   state[int64]
	Policy   publication.Past
	Versions []publication.Past // newest first
}

// A health is how a system is.
type health struct {
	Name, Kind string
	Error      string
	Problems   []string
	Warnings   []string
}

// Good reports whether a system can be used.
func (h health) Good() bool { return h.Error == "" && len(h.Problems) == 0 }

func (c *Console) systems(v *visit) error { return c.showSystems(v, http.StatusOK, "") }

func (c *Console) showSystems(v *visit, status int, problem string) error {
	p := systemsPage{view: c.view(v, func(t *words) string { return t.Systems }), Systems: check(v.ctx(), c.on.Systems()), Move: v.by.may(admin), Moving: c.epoch.state()}
	p.Problem = problem
	keys, err := c.on.KeyStatus(v.ctx())
	if err != nil {
		return err
	}
	p.Number, p.Began, p.Rotating = keys.Epoch.Number, keys.Epoch.Started, keys.Rotating
	p.Live, p.Unbound, p.Shared = keys.Live, keys.Unbound, keys.SameCluster
	list, err := c.on.Versions(v.ctx())
	if err != nil {
		return err
	}
	for i := len(list) - 1; i >= 0; i-- {
		p.Versions = append(p.Versions, list[i])
	}
	if len(p.Versions) > 0 {
		p.Policy = p.Versions[0]
	}
	if p.Moving.Running {
		v.w.Header().Set("Refresh", "2")
	}
	return c.show(v, status, "systems", p)
}

// check asks every system at once how it is.
func check(ctx context.Context, list []connector.System) []health {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	out := make([]health, len(list))
	var g sync.WaitGroup
	for i, s := range list {
		g.Go(func() {
			out[i] = health{Name: s.Name(), Kind: s.Kind()}
			found, err := s.Check(ctx)
			if err != nil {
				out[i].Error = fault.Message(err)
				return
			}
			out[i].Problems, out[i].Warnings = found.Problems, found.Warnings
		})
	}
	g.Wait()
	return out
}

// moveEpoch begins to move the key epoch on, when the box is ticked.
func (c *Console) moveEpoch(v *visit) error {
	if v.r.PostFormValue("sure") != "yes" {
		return c.showSystems(v, http.StatusUnprocessableEntity, c.words(v).NotSure)
	}
	c.epoch.begin(v.ctx(), c.on.Now, func(w work) (int64, error) {
		e, err := c.on.MoveEpoch(w.ctx, func(done, total int) { w.progress(int64(done), int64(total)) })
		return e.Number, err
	})
	return c.lead(v, "systems", "")
}
