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
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/vault"
)

// openPlatform opens one platform, with its policy file as read. What it has opened
// stands in the parts, so that a failure half-way closes it.
func (s *Server) openPlatform(ctx context.Context, c PlatformConfig, read func() (policyFile, error)) (_ *Platform, err error) {
	var opened *Platform
	p := &platform.Parts{ID: c.ID, Maps: map[string]*datamap.Map{}, Staff: s.staff}
	defer func() {
		if err != nil && opened == nil {
			opened = platform.New(*p)
		}
		if err != nil {
			err = errors.Join(err, opened.Close())
		}
	}()
	if err := s.openStores(ctx, p); err != nil {
		return nil, err
	}
	if err := s.openPolicy(ctx, p, c, read); err != nil {
		return nil, err
	}
	if err := s.wire(ctx, p, c); err != nil {
		return nil, err
	}
	if _, err := p.Vault.Resume(ctx); err != nil {
		return nil, fmt.Errorf("finish what was begun: %w", err)
	}
	opened = platform.New(*p)
	return opened, opened.TakeEffect(ctx)
}

// openStores opens both stores at once: each has a start of its own to make.
func (s *Server) openStores(ctx context.Context, p *platform.Parts) error {
	var g errgroup.Group
	open := func(to **db.DB, which db.Store, name string) {
		g.Go(func() (err error) {
			if *to, err = s.store(ctx, which, p.ID); err != nil {
				return fmt.Errorf("%s store: %w", name, err)
			}
			return nil
		})
	}
	open(&p.Data, db.Data, "data")
	open(&p.KeyStore, db.Keys, "key")
	if err := g.Wait(); err != nil {
		return err
	}
	return s.openKeys(ctx, p, false)
}

// openKeys opens keys, journal and log over stores that are open.
func (s *Server) openKeys(ctx context.Context, p *platform.Parts, restoring bool) error {
	epoch, err := s.epochStore(p.ID)
	if err != nil {
		return err
	}
	pg := s.config.PostgreSQL
	p.Keys, err = seal.Open(ctx, seal.Config{
		Platform: p.ID, Keys: p.KeyStore, Data: p.Data, Epoch: epoch, SameCluster: pg != nil && pg.SameCluster, Restoring: restoring,
	})
	if err != nil {
		return err
	}
	if p.Journal, err = journal.OpenOn(s.options.VFS, s.journalFile(p.ID), p.ID); err != nil {
		return err
	}
	signer := filepath.Join(s.config.path(s.config.Keys), p.ID+".signer")
	p.Log, err = audit.Open(ctx, audit.Config{Platform: p.ID, Data: p.Data, Keys: p.Keys, SignerFile: signer})
	return err
}

func (s *Server) journalFile(platform string) string {
	return filepath.Join(s.config.path(s.config.Journal), platform+".journal")
}

// A policyFile is a policy as its file has it.
type policyFile struct {
	bytes  []byte
	parsed *policy.Source
}

// reading reads, parses and examines the policy file of a platform beside what its
// caller does until the answer is asked for.
func (s *Server) reading(c PlatformConfig) func() (policyFile, error) {
	type answer struct {
		file policyFile
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		if a.file.bytes, a.err = os.ReadFile(s.config.path(c.Policy)); a.err != nil {
			a.err = fault.Wrap(fault.Invalid, a.err, "the policy file %s cannot be read", c.Policy)
		} else if a.file.parsed, a.err = policy.Parse(c.Policy, a.file.bytes); a.err == nil {
			policy.Lint(a.file.parsed) // the source keeps it for Compile
		}
		done <- a
	}()
	return func() (policyFile, error) {
		a := <-done
		return a.file, a.err
	}
}

// openPolicy compiles the policy file and puts it in force.
func (s *Server) openPolicy(ctx context.Context, p *platform.Parts, c PlatformConfig, read func() (policyFile, error)) error {
	file, err := read()
	if err != nil {
		return err
	}
	var numbers *policy.Numbers
	err = p.Data.Read(ctx, func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	compiled, err := policy.Compile(file.parsed, policy.Options{Numbers: numbers})
	if err != nil {
		return err
	}
	if compiled.Platform() != p.ID {
		return fault.New(fault.Invalid, "%s is the policy of the platform %s: give the platform that id, or name another file", c.Policy, compiled.Platform())
	}
	// What cannot be served does not come into force: the history would name a
	// version that nobody was ever under.
	for _, sc := range c.Systems {
		if _, err := s.readMap(compiled, sc); err != nil {
			return err
		}
	}
	p.Version, err = s.publish(ctx, p, compiled, file.bytes)
	return err
}

// readMap reads the data map of an outside system, and checks that it speaks of
// items that the policy has.
func (s *Server) readMap(p *policy.Policy, c SystemConfig) (*datamap.Map, error) {
	src, err := os.ReadFile(s.config.path(c.Map))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the data map %s cannot be read", c.Map)
	}
	m, err := datamap.Parse(c.Map, src)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, i := range p.Items() {
		names = append(names, i.Name)
	}
	return m, m.CheckItems(names)
}

// openSystem opens an outside system.
func (s *Server) openSystem(ctx context.Context, p *platform.Parts, c SystemConfig) (connector.System, error) {
	m, err := s.readMap(p.Version.Policy, c)
	if err != nil {
		return nil, err
	}
	if p.Maps[m.System] != nil || m.System == vault.System {
		return nil, fault.New(fault.Invalid, "%s: the system name %s is taken: give it another", c.Map, m.System)
	}
	p.Maps[m.System] = m
	return openConnector(ctx, s.config, c, m)
}
