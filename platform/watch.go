package platform

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
)

// What a watch takes for out of the ordinary.
const (
	manyReads    = 60               // records that one of the staff reads …
	manyWithin   = 10 * time.Minute // … in so much time: one every ten seconds, without a pause
	manyFailures = 10               // staff sign-ins that fail …
	failedWithin = 10 * time.Minute // … in so much time
	watched      = 10_000           // people of the staff that are counted at once
)

// A counting counts what happens, by who does it, in windows of time. It lives in memory:
// a window that a restart cuts off begins anew.
type counting struct {
	mu sync.Mutex
	by map[string]*window
}

type window struct {
	from   time.Time
	count  int64
	raised bool
}

// add counts n more by somebody, and returns how many there are where that is now too
// many for the first time in its window; else 0.
func (w *counting) add(who string, n, most int64, now time.Time, within time.Duration) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.by == nil || len(w.by) >= watched {
		w.by = map[string]*window{}
	}
	x := w.by[who]
	if x == nil || now.Sub(x.from) >= within || now.Before(x.from) {
		x = &window{from: now}
		w.by[who] = x
	}
	if x.count += n; x.count < most || x.raised {
		return 0
	}
	x.raised = true
	return x.count
}

// again lets the same window raise once more: the alarm could not be written.
func (w *counting) again(who string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.by[who]; x != nil {
		x.raised = false
	}
}

// sawReads counts records that one of the staff has read, and raises the alarm where
// they are too many. What was read stands whatever becomes of the alarm: one that
// cannot be written is raised at the next read.
func (p *Platform) sawReads(ctx context.Context, by gate.Actor, n int) {
	r := p.Policy().RoleBy(by.Role)
	if r == nil || by.ID == "" || n == 0 {
		return
	}
	now := p.data.Now()
	count := p.reads.add(by.ID, int64(n), manyReads, now, manyWithin)
	if count == 0 {
		return
	}
	if err := p.Raise(ctx, Alarm{What: ManyReads, At: now, Count: count, Ref: r.Name}); err != nil {
		p.reads.again(by.ID)
	}
}

// sawFailures counts staff sign-ins that failed.
func (p *Platform) sawFailures(ctx context.Context, n int64) error {
	now := p.data.Now()
	count := p.failures.add("", n, manyFailures, now, failedWithin)
	if count == 0 {
		return nil
	}
	err := p.Raise(ctx, Alarm{What: ManyFailures, At: now, Count: count})
	if err != nil {
		p.failures.again("")
	}
	return err
}

// jobClock is the job that looks at a clock of an incident when its last quarter
// begins; its ref is the incident and the number of the clock.
const jobClock = "incident.clock"

// watchClocks lets every clock that runs be looked at in time.
func watchClocks(act *db.Act, i *incident.Incident, clocks []incident.Clock) {
	for _, c := range clocks {
		if c.Due == nil || c.Done != nil {
			continue
		}
		began := i.Discovered
		if c.Duty == incident.Plan {
			began = i.Declared
		}
		job.Enqueue(act, job.Job{Kind: jobClock, Ref: string(i.ID) + "/" + strconv.FormatInt(c.No, 10), RunAt: c.SoonFrom(began)})
	}
}

// warnOfClock is the handler of those jobs: where the duty is still to be done, the
// officer is written to.
func (p *Platform) warnOfClock(ctx context.Context, j job.Job) error {
	id, no, _ := strings.Cut(j.Ref, "/")
	i, err := p.incidentPlan(ctx, incident.ID(id))
	if err != nil {
		return err
	}
	act := p.data.NewAct()
	j.Finish(act)
	for _, c := range i.clocks {
		if strconv.FormatInt(c.No, 10) != no || c.Done != nil || c.Warn != nil {
			continue
		}
		incident.Warned(act, i.Num, c.No)
		what := strings.TrimSuffix(string(c.Duty)+"/"+c.Law, "/") // a code: the log takes nothing else
		e := movedIncident("warned")
		e.Public = append(e.Public, audit.Text(audit.TagRule, what), audit.Time(audit.TagDue, *c.Due))
		if err := p.incidentEntry(ctx, act, i.Incident, e); err != nil {
			return err
		}
		if err := p.raise(ctx, act, Alarm{What: IncidentDue, At: act.Now(), Ref: what, Order: i.Num}); err != nil {
			return err
		}
	}
	return p.data.Commit(ctx, act)
}

// watchLog raises the alarm once in the life of a process when the log is damaged.
func (p *Platform) watchLog(ctx context.Context) error {
	var s audit.Standing
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		s, err = p.log.Standing(ctx, r)
		return err
	})
	if err != nil || s.Damage == "" {
		return err
	}
	if p.damaged.Swap(true) {
		return nil
	}
	return p.Raise(ctx, Alarm{What: LogDamaged, At: p.data.Now(), Count: s.Size})
}
