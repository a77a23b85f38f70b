package platform

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/idempotency"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/retention"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/vault"
)

// Parts are what a platform is made of. They are opened and wired by the root
// package; a platform closes them, but for Staff, which is the server's.
type Parts struct {
	ID       string
	Data     *db.DB
	KeyStore *db.DB
	Keys     *seal.Keyring
	Journal  *journal.Journal
	Log      *audit.Log
	Version  *publication.Version
	Current  *atomic.Pointer[publication.Version] // the version in force, which a later one takes the place of; nil: Version, for good
	Gate     *gate.Gate
	Vault    *vault.Vault
	Systems  []connector.System // the vault first
	Maps     map[string]*datamap.Map
	Jobs     *job.Runner
	Rights   *rights.Service
	Staff    *staff.Directory
	Mail     notice.Sender // for letters about cases; nil: nobody is told, and the log says so
	Links    Links         // how addresses outside are called
	Backups  *BackupPlan   // nil: archives are written by hand
	Site     string        // address that people reach the server by, for links in letters; "": they have none

	// NextEpoch says when the key epoch is due to move on; nil: when somebody
	// asks for it.
	NextEpoch func(now time.Time) (time.Time, bool)
}

// A Platform is one controller's product: its policy in force, its stores, its
// keys, its log, and its outside systems. Its methods may be called by many
// goroutines.
type Platform struct {
	id       string
	data     *db.DB
	keysDB   *db.DB
	keys     *seal.Keyring
	journal  *journal.Journal
	log      *audit.Log
	current  *atomic.Pointer[publication.Version]
	next     atomic.Pointer[publication.Plan] // as last read; nil: none, or not read yet
	taking   sync.Mutex                       // held by who lets a version take effect
	editions Editions
	gate     *gate.Gate
	vault    *vault.Vault
	systems  []connector.System
	maps     map[string]*datamap.Map
	jobs     *job.Runner
	rights   *rights.Service
	staff    *staff.Directory
	mail     notice.Sender
	site     string
	links    linkWatch
	due      func(now time.Time) (time.Time, bool) // when the next epoch is; nil: never by itself

	cleared  clearances  // what each of the staff lacks
	reads    counting    // what each of the staff reads
	failures counting    // staff sign-ins that failed
	damaged  atomic.Bool // the alarm about the log was raised

	backups   *BackupPlan  // nil: archives are written by hand
	lateSince atomic.Int64 // the archive that the alarm was raised about
}

// New returns the platform of these parts.
func New(p Parts) *Platform {
	out := &Platform{
		id: p.ID, data: p.Data, keysDB: p.KeyStore, keys: p.Keys, journal: p.Journal, log: p.Log, current: p.Current,
		gate: p.Gate, vault: p.Vault, systems: p.Systems, maps: p.Maps, jobs: p.Jobs, rights: p.Rights, staff: p.Staff, due: p.NextEpoch,
		mail: p.Mail, site: p.Site, backups: p.Backups, links: newLinkWatch(p.Links),
	}
	if out.current == nil {
		out.current = new(atomic.Pointer[publication.Version])
		out.current.Store(p.Version)
	}
	if p.Rights != nil {
		p.Rights.WithCases(out.packCases)
	}
	if p.Jobs != nil { // a start that failed half-way has none
		p.Jobs.Handle(jobLetter, out.writeLetter)
		p.Jobs.Handle(jobSpread, out.spread)
		p.Jobs.Handle(jobCopy, out.sendCopy)
		p.Jobs.Handle(jobCall, out.callLink)
		p.Jobs.Handle(jobIncident, out.tellIncident)
		p.Jobs.Handle(jobBackup, out.makeBackup)
		p.Jobs.Handle(jobClock, out.warnOfClock)
		p.Jobs.Handle(jobAlarm, out.writeAlarm)
	}
	return out
}

// ID returns the platform's id.
func (p *Platform) ID() string { return p.id }

// Policy returns the policy in force.
func (p *Platform) Policy() *policy.Policy { return p.Version().Policy }

// Version returns the version of the policy in force, with the number that the
// log calls it by and since when it is in force.
func (p *Platform) Version() *publication.Version { return p.current.Load() }

// Versions returns every version that was in force, oldest first.
func (p *Platform) Versions(ctx context.Context) (out []publication.Past, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = publication.History(ctx, r)
		return err
	})
	return out, err
}

// Systems returns every system of the platform, the vault first.
func (p *Platform) Systems() []connector.System { return p.systems }

// Requests returns the requests of the people whose data it is.
func (p *Platform) Requests() *rights.Service { return p.rights }

// Log returns the platform's log.
func (p *Platform) Log() *audit.Log { return p.log }

// Now returns the platform's business time.
func (p *Platform) Now() time.Time { return p.data.Now() }

// Run adds the platform's loops to g: the log's sequencer, jobs, sweeps, and a
// watch that ends them all when a store can no longer write.
func (p *Platform) Run(ctx context.Context, g *errgroup.Group) {
	g.Go(func() error { return Watch(ctx, p.data) })
	g.Go(func() error { return Watch(ctx, p.keysDB) })
	g.Go(func() error { return watch(ctx, p.journal) })
	g.Go(func() error { return plainly(p.log.Run(ctx)) })
	g.Go(func() error { return plainly(p.jobs.Run(ctx)) })
	g.Go(func() error { return plainly(p.tidy(ctx)) })
	g.Go(func() error { return plainly(p.mindPolicy(ctx)) })
}

// Watch returns when a store has failed: the node must stop, since after a
// failed sync nothing that was written can be trusted (Rebello et al., USENIX
// ATC 2020).
func Watch(ctx context.Context, d *db.DB) error { return watch(ctx, d) }

// A durable is what can fail for good: a store, or the erasure journal.
type durable interface {
	Failed() <-chan struct{}
	Err() error
}

func watch(ctx context.Context, d durable) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.Failed():
		return stopped(d.Err())
	}
}

// plainly says what a failed store means for who runs the server, whichever loop
// is the first to notice.
func plainly(err error) error {
	if !db.Stopped(err) {
		return err
	}
	return stopped(err)
}

func stopped(err error) error {
	return fault.Wrap(fault.Internal, err, "a store can no longer write: the server stops; look at the disk or the database server, then start it again")
}

// How often unbound keys are swept, stale requests expired, and so on.
const (
	tidyEvery = 10 * time.Minute
	tidyAgain = time.Minute // after a store was away or busy
)

// tidy sweeps until ctx ends.
func (p *Platform) tidy(ctx context.Context) error {
	for next := time.NewTimer(0); ; {
		select {
		case <-ctx.Done():
			next.Stop()
			return nil
		case <-next.C:
		}
		err := p.Tidy(ctx)
		switch {
		case err == nil:
			next.Reset(tidyEvery)
		case fault.Of(err) == fault.Busy && !db.Stopped(err): // what is left is done when the store answers again
			next.Reset(tidyAgain)
		default:
			return err
		}
	}
}

// Tidy ends erasures and corrections that were given up, destroys keys that nothing
// was sealed under, carries out the retention that is due, closes cases that were
// answered, expires requests that nobody verified or fetched, forgets old idempotency
// keys, and moves the key epoch on when that is due.
func (p *Platform) Tidy(ctx context.Context) error {
	if p.due != nil {
		if due, ok := p.due(p.data.Now()); ok && !due.After(p.data.Now()) {
			// Another node may be at it: then it is done.
			if _, err := p.MoveEpoch(ctx, nil); err != nil && fault.Of(err) != fault.Busy {
				return err
			}
		}
	}
	if err := p.takeUp(ctx); err != nil {
		return err
	}
	if _, err := p.keys.Sweep(ctx); err != nil {
		return err
	}
	if err := idempotency.Sweep(ctx, p.data); err != nil {
		return err
	}
	if _, err := p.SweepRetention(ctx, retention.Options{}, nil); err != nil {
		return err
	}
	if _, err := p.SweepCases(ctx); err != nil {
		return err
	}
	if _, err := p.SweepMessages(ctx); err != nil {
		return err
	}
	if err := p.SweepLinks(ctx); err != nil {
		return err
	}
	if err := p.watchLog(ctx); err != nil {
		return err
	}
	if err := p.scheduleBackups(ctx); err != nil {
		return err
	}
	if err := p.watchBackups(ctx); err != nil {
		return err
	}
	if err := p.sweepBrowsers(ctx); err != nil {
		return err
	}
	_, err := p.rights.Sweep(ctx)
	return err
}

// settleTime bounds how long closing waits for the ends of erasures.
const settleTime = 10 * time.Second

// Close closes what is open, in the opposite order of opening. Parts that were
// never opened are passed over, so that a start that failed half-way can close
// what there is.
func (p *Platform) Close() error {
	var errs []error
	for _, s := range p.systems {
		errs = append(errs, s.Close())
	}
	if p.vault != nil {
		// What cannot be ended any more, the next start ends.
		ctx, cancel := context.WithTimeout(context.Background(), settleTime)
		_ = p.vault.Settle(ctx)
		cancel()
	}
	if p.jobs != nil && p.data != nil && p.data.Err() == nil { // a start that failed half-way counted nobody
		ctx, cancel := context.WithTimeout(context.Background(), settleTime)
		errs = append(errs, p.writeLeft(ctx))
		cancel()
	}
	if p.log != nil {
		errs = append(errs, p.log.Close(context.Background()))
	}
	if p.journal != nil {
		errs = append(errs, p.journal.Close())
	}
	if p.keys != nil {
		p.keys.Close()
	}
	for _, d := range []*db.DB{p.keysDB, p.data} {
		if d != nil {
			errs = append(errs, d.Close())
		}
	}
	return errors.Join(errs...)
}
