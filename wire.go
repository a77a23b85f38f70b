package avow

import (
	"context"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/postgres"
	"github.com/avow-dev/avow/connector/sqlite"
	vaultsystem "github.com/avow-dev/avow/connector/vault"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/vault"
)

// wire puts the packages of one platform together. Everything that depends on
// everything else is said here, and nowhere else.
func (p *Platform) wire(ctx context.Context, c PlatformConfig) (err error) {
	if err := p.wireVault(); err != nil {
		return err
	}
	p.systems = []connector.System{vaultsystem.New(p.data, p.gate, p.vault)}
	for _, sc := range c.Systems {
		system, err := p.openSystem(ctx, sc)
		if err != nil {
			return err
		}
		p.systems = append(p.systems, system)
	}
	p.jobs = job.NewRunner(p.data, job.Config{})
	p.rights, err = rights.New(rights.Config{
		Data: p.data, Keys: p.keys, Log: p.log, Gate: p.gate, Jobs: p.jobs,
		Systems: p.systems, Maps: p.maps, Index: p.vault.Index,
	})
	return err
}

// wireVault puts gate and vault on the stores.
func (p *Platform) wireVault() (err error) {
	inForce := func() *publication.Version { return p.version }
	if p.gate, err = gate.New(gate.Config{Data: p.data, Keys: p.keys, Log: p.log, InForce: inForce}); err != nil {
		return err
	}
	p.vault = vault.New(vault.Config{Data: p.data, KeyStore: p.keysDB, Keys: p.keys, Gate: p.gate, Journal: p.journal})
	return nil
}

// openConnector opens the connector of an outside system.
func openConnector(ctx context.Context, c *Config, sc SystemConfig, m *datamap.Map) (connector.System, error) {
	if sc.Kind == "sqlite" {
		return sqlite.Open(ctx, sqlite.Config{File: c.path(sc.File), Map: m})
	}
	dsn, err := c.secret(sc.DSN, sc.DSNFile)
	if err != nil {
		return nil, err
	}
	return postgres.Open(ctx, postgres.Config{DSN: dsn, Map: m})
}

// tidyEvery is how often unbound keys are swept and stale requests expired.
const tidyEvery = 10 * time.Minute

// tidy sweeps until ctx ends.
func (p *Platform) tidy(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if err := p.Tidy(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Tidy destroys keys that nothing was sealed under, and expires requests that
// nobody verified or fetched.
func (p *Platform) Tidy(ctx context.Context) error {
	if _, err := p.keys.Sweep(ctx); err != nil {
		return err
	}
	_, err := p.rights.Sweep(ctx)
	return err
}
