package rights

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Config is what requests stand on.
type Config struct {
	Data *db.DB
	Keys *seal.Keyring
	Log  *audit.Log
	Gate *gate.Gate
	Jobs *job.Runner // New gives it the handlers of "rights.step", "rights.close" and "rights.write"

	// Systems are all systems that hold personal data, the vault among them
	// (its Kind is "vault"). Maps holds the data map of each outside system, by
	// the system's name.
	Systems []connector.System
	Maps    map[string]*datamap.Map

	// Index gives the blind index of an identifier: vault.Vault.Index.
	Index func(kind, value string) ([]byte, error)

	// NextEpoch says when the next change of the key epoch is due, for receipts.
	// Nil: that is not set.
	NextEpoch func(now time.Time) (time.Time, bool)

	// Mail tells people what became of their requests. Nil: nobody is told, and
	// the log says so.
	Mail notice.Sender

	// Link is where a person sees their request, for mails. Nil: mails have none.
	Link func(ID) string

	// Lifetime is how long a package waits to be fetched. 0: seven days.
	Lifetime time.Duration

	Logger *slog.Logger // nil: slog.Default()
}

// stepsOf is the greatest number of steps that a procedure has in one system, and
// of those that come once.
const stepsOf = 4

// weekOf is how long a package waits where the configuration says nothing.
const weekOf = 7 * 24 * time.Hour

// A Service carries out the requests of one platform.
type Service struct {
	data    *db.DB
	keys    *seal.Keyring
	log     *audit.Log
	gate    *gate.Gate
	jobs    *job.Runner
	systems []connector.System
	maps    map[string]*datamap.Map
	index   func(kind, value string) ([]byte, error)
	epoch   func(time.Time) (time.Time, bool)
	mail    notice.Sender
	link    func(ID) string
	life    time.Duration
	logger  *slog.Logger
	cases   CaseReader // nil: nothing is said in cases

	passed func(point string) // tests stop here between two durable steps; else nil
}

// The kinds of job.
const (
	jobStep  = "rights.step"  // ref: request/number of the step
	jobClose = "rights.close" // ref: request
	jobWrite = "rights.write" // ref: request
)

// New returns the requests of a platform and registers their work with c.Jobs.
// Two systems of one name, or two vaults, are a fault.Invalid.
func New(c Config) (*Service, error) {
	names, vaults := map[string]bool{}, 0
	for _, s := range c.Systems {
		if names[s.Name()] {
			return nil, fault.New(fault.Invalid, "two systems are called %s: give one another name in its data map", s.Name())
		}
		names[s.Name()] = true
		if s.Kind() == plan.Vault {
			vaults++
		}
	}
	if vaults > 1 || stepsOf*len(c.Systems)+stepsOf > maxSteps {
		return nil, fault.New(fault.Invalid, "a platform has at most one vault and %d systems", maxSteps/stepsOf-1)
	}
	s := &Service{
		data: c.Data, keys: c.Keys, log: c.Log, gate: c.Gate, jobs: c.Jobs, systems: c.Systems, maps: c.Maps,
		index: c.Index, epoch: c.NextEpoch, mail: c.Mail, link: c.Link, life: cmp.Or(c.Lifetime, weekOf), logger: c.Logger,
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	c.Jobs.Handle(jobStep, s.runStep)
	c.Jobs.Handle(jobClose, s.runClose)
	c.Jobs.Handle(jobWrite, s.runInform)
	return s, nil
}

// point is passed between two durable steps.
func (s *Service) point(name string) {
	failpoint.Hit(name)
	if s.passed != nil {
		s.passed(name)
	}
}

func (s *Service) policy() *policy.Policy { return s.gate.InForce().Policy }

// load reads a request and, where somebody is known, the subject's record.
func (s *Service) load(ctx context.Context, want ID) (q *request, f subject.Facts, err error) {
	err = s.data.Read(ctx, func(r *db.Snapshot) error {
		if q, err = get(ctx, r, want); err != nil || q.subject == 0 {
			return err
		}
		f, err = subject.ByNum(ctx, r, q.subject)
		return err
	})
	return q, f, err
}

// A fact is what one act says about a request, in the log and on its timeline.
type fact struct {
	kind    audit.Kind
	control policy.Control
	also    []policy.Control
	public  []audit.Field
	by      gate.Actor
	step    *step
	note    string // for the timeline: a code or words, nothing personal
}

// say appends the log entry and the event of f to the act. q is as the act
// leaves it.
func (s *Service) say(ctx context.Context, a *db.Act, q *request, about subject.Facts, f fact) (audit.ID, error) {
	e := audit.Entry{
		Kind: f.kind, Control: f.control, Also: f.also,
		Public: append([]audit.Field{
			audit.Num(audit.TagPolicy, s.gate.InForce().Num), audit.Text(audit.TagRight, q.asks), audit.Text(audit.TagState, q.state),
		}, f.public...),
	}
	number, system := int64(0), ""
	if f.step != nil {
		number, system = f.step.number, f.step.system
		e.Public = append(e.Public, audit.Num(audit.TagStep, number))
		if system != "" {
			e.Public = append(e.Public, audit.Text(audit.TagSystem, system))
		}
	}
	if about.Num != 0 {
		e.Subject, e.SubjectID, e.Key = about.Num, string(about.ID), about.LogKey
		e.Private = append(e.Private, audit.Text(audit.TagRequest, q.id))
		if f.by.ID != "" {
			e.Private = append(e.Private, audit.Text(audit.TagActor, f.by.ID))
		}
	}
	entry, err := s.log.Append(ctx, a, e)
	if err != nil {
		return 0, fmt.Errorf("rights entry: %w", err)
	}
	a.Do(insertEvent, q.num, int64(entry), a.Now().UnixMicro(), f.kind.String(), string(q.state), f.by.Kind(), number, system, f.note)
	return entry, nil
}

// move commits a transition: change the row, say so, and whatever more the act
// holds. The request is left as committed.
func (s *Service) move(ctx context.Context, q *request, about subject.Facts, to State, f fact, more func(*db.Act) error) error {
	if err := q.may(to); err != nil {
		return err
	}
	return s.change(ctx, q, about, to, f, more)
}

// change is move without the table: for what happens to a request inside a state.
func (s *Service) change(ctx context.Context, q *request, about subject.Facts, to State, f fact, more func(*db.Act) error) error {
	a := s.data.NewAct()
	from := q.state
	q.state = to
	if at := a.Now(); to.Last() && q.ended == nil {
		q.ended = &at
	}
	a.Change(row, q.num, q.version)
	if _, err := s.say(ctx, a, q, about, f); err != nil {
		return err
	}
	if more != nil {
		if err := more(a); err != nil {
			return err
		}
	}
	save(a, q, from)
	if err := s.data.Commit(ctx, a); err != nil {
		return fmt.Errorf("rights %s: %w", f.kind, err)
	}
	q.version++
	return nil
}

// system returns the system of a step.
func (s *Service) system(name string) (connector.System, error) {
	for _, sys := range s.systems {
		if sys.Name() == name {
			return sys, nil
		}
	}
	return nil, fault.New(fault.Invalid, "the system %s is no longer configured: configure it again, or survey and plan anew without it", name)
}
