package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// checkTime is how long a system has to say how it is.
const checkTime = 5 * time.Second

// A systemsPage is the machinery: systems, keys, policy.
type systemsPage struct {
	view
	Systems  []health
	Tested   time.Time // when they were asked
	Number   int64     // of the epoch
	Began    time.Time // zero: not known
	Rotating bool
	Live     int
	Unbound  int
	Shared   bool // keys and data are in one cluster
	Move     bool // the person may move the epoch
	Moving   state[int64]
	Policy   platform.Edition
	Versions []platform.Edition // newest first
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
	p := systemsPage{view: c.view(v, func(t *words) string { return t.Systems }), Move: v.by.may(admin), Moving: c.epoch.state()}
	p.Problem = problem
	p.Systems, p.Tested = c.tested.latest(v.ctx(), c.on.Now, c.on.Systems(), false)
	keys, err := c.on.KeyStatus(v.ctx())
	if err != nil {
		return err
	}
	p.Number, p.Began, p.Rotating = keys.Epoch.Number, keys.Epoch.Started, keys.Rotating
	p.Live, p.Unbound, p.Shared = keys.Live, keys.Unbound, keys.SameCluster
	if p.Versions, err = c.editions.Of(v.ctx(), c.on); err != nil {
		return err
	}
	if len(p.Versions) > 0 {
		p.Policy = p.Versions[0]
	}
	if p.Moving.Running {
		v.w.Header().Set("Refresh", "2")
	}
	return c.show(v, status, "systems", p)
}

// fresh is how long an answer of the systems is shown without asking again.
const fresh = time.Minute

// tests is what the systems answered when they were asked last.
type tests struct {
	mu   sync.Mutex
	at   time.Time
	list []health
}

// latest returns the last answers, and asks where they are old or now is true.
func (t *tests) latest(ctx context.Context, clock func() time.Time, systems []connector.System, now bool) ([]health, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now || clock().Sub(t.at) > fresh {
		t.list, t.at = check(context.WithoutCancel(ctx), systems), clock()
	}
	return t.list, t.at
}

// testSystems asks every system now.
func (c *Console) testSystems(v *visit) error {
	c.tested.latest(v.ctx(), c.on.Now, c.on.Systems(), true)
	return c.lead(v, "systems", "tested")
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

// Says is the reader's of a text in several languages.
func (v view) Says(t policy.Text) string { return t.In(v.Lang) }
