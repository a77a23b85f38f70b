package avow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/vault"
)

// A Platform is one controller's product: its policy in force, its stores, its
// keys, its log, and its outside systems. Its methods may be called by many
// goroutines.
type Platform struct {
	id      string
	config  *Config
	data    *db.DB
	keysDB  *db.DB
	keys    *seal.Keyring
	journal *journal.Journal
	log     *audit.Log
	version *publication.Version
	gate    *gate.Gate
	vault   *vault.Vault
	systems []connector.System
	maps    map[string]*datamap.Map
	jobs    *job.Runner
	rights  *rights.Service
	staff   *staff.Directory
}

// openPlatform opens one platform. What it has opened stands in the Platform,
// so that a failure half-way closes it.
func (s *Server) openPlatform(ctx context.Context, c PlatformConfig) (_ *Platform, err error) {
	p := &Platform{id: c.ID, config: s.config, maps: map[string]*datamap.Map{}, staff: s.staff}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err := p.openStores(ctx, s); err != nil {
		return nil, err
	}
	if err := p.openPolicy(ctx, c); err != nil {
		return nil, err
	}
	if err := p.wire(ctx, c); err != nil {
		return nil, err
	}
	if _, err := p.vault.Resume(ctx); err != nil {
		return nil, fmt.Errorf("finish what was begun: %w", err)
	}
	return p, nil
}

func (p *Platform) openStores(ctx context.Context, s *Server) (err error) {
	if p.data, err = s.store(ctx, db.Data, p.id); err != nil {
		return fmt.Errorf("data store: %w", err)
	}
	if p.keysDB, err = s.store(ctx, db.Keys, p.id); err != nil {
		return fmt.Errorf("key store: %w", err)
	}
	return p.openKeys(ctx, s, false)
}

// openKeys opens keys, journal and log over stores that are open.
func (p *Platform) openKeys(ctx context.Context, s *Server, restoring bool) error {
	epoch, err := s.epochStore(p.id)
	if err != nil {
		return err
	}
	pg := s.config.PostgreSQL
	p.keys, err = seal.Open(ctx, seal.Config{
		Platform: p.id, Keys: p.keysDB, Data: p.data, Epoch: epoch, SameCluster: pg != nil && pg.SameCluster, Restoring: restoring,
	})
	if err != nil {
		return err
	}
	if p.journal, err = journal.Open(s.journalFile(p.id), p.id); err != nil {
		return err
	}
	signer := filepath.Join(s.config.path(s.config.Keys), p.id+".signer")
	p.log, err = audit.Open(ctx, audit.Config{Platform: p.id, Data: p.data, Keys: p.keys, SignerFile: signer})
	return err
}

func (s *Server) journalFile(platform string) string {
	return filepath.Join(s.config.path(s.config.Journal), platform+".journal")
}

// openPolicy compiles the policy file and puts it in force.
func (p *Platform) openPolicy(ctx context.Context, c PlatformConfig) error {
	file := p.config.path(c.Policy)
	src, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the policy file %s cannot be read", c.Policy)
	}
	var numbers *policy.Numbers
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	compiled, _, err := policy.Load(c.Policy, src, numbers)
	if err != nil {
		return err
	}
	if compiled.Platform() != p.id {
		return fault.New(fault.Invalid, "%s is the policy of the platform %s: give the platform that id, or name another file", c.Policy, compiled.Platform())
	}
	p.version, err = publication.Enter(ctx, p.data, p.log, compiled, src)
	return err
}

// openSystem opens an outside system and checks that its data map speaks of
// items that the policy has.
func (p *Platform) openSystem(ctx context.Context, c SystemConfig) (connector.System, error) {
	src, err := os.ReadFile(p.config.path(c.Map))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the data map %s cannot be read", c.Map)
	}
	m, err := datamap.Parse(c.Map, src)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, i := range p.version.Policy.Items() {
		names = append(names, i.Name)
	}
	if err := m.CheckItems(names); err != nil {
		return nil, err
	}
	if p.maps[m.System] != nil || m.System == vault.System {
		return nil, fault.New(fault.Invalid, "%s: the system name %s is taken: give it another", c.Map, m.System)
	}
	p.maps[m.System] = m
	return openConnector(ctx, p.config, c, m)
}

// ID returns the platform's id.
func (p *Platform) ID() string { return p.id }

// Policy returns the policy in force.
func (p *Platform) Policy() *policy.Policy { return p.version.Policy }

// Systems returns every system of the platform, the vault first.
func (p *Platform) Systems() []connector.System { return p.systems }

// Requests returns the requests of the people whose data it is.
func (p *Platform) Requests() *rights.Service { return p.rights }

// Log returns the platform's log.
func (p *Platform) Log() *audit.Log { return p.log }

// run adds the platform's loops to g.
func (p *Platform) run(ctx context.Context, g *errgroup.Group) {
	g.Go(func() error { return watch(ctx, p.data) })
	g.Go(func() error { return watch(ctx, p.keysDB) })
	g.Go(func() error { return p.log.Run(ctx) })
	g.Go(func() error { return p.jobs.Run(ctx) })
	g.Go(func() error { return p.tidy(ctx) })
}

// close closes what is open, in the opposite order.
func (p *Platform) close() error {
	var errs []error
	for _, s := range p.systems {
		errs = append(errs, s.Close())
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
