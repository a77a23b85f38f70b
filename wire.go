package avow

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/mysql"
	"github.com/avow-dev/avow/connector/postgres"
	"github.com/avow-dev/avow/connector/sqlite"
	vaultsystem "github.com/avow-dev/avow/connector/vault"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/vault"
)

// wire puts the packages of one platform together. Everything that depends on
// everything else is said here, and nowhere else.
func (s *Server) wire(ctx context.Context, p *platform.Parts, c PlatformConfig) (err error) {
	if err := wireVault(p); err != nil {
		return err
	}
	p.Systems = []connector.System{vaultsystem.New(p.Data, p.Gate, p.Vault)}
	for _, sc := range c.Systems {
		system, err := s.openSystem(ctx, p, sc)
		if err != nil {
			return err
		}
		p.Systems = append(p.Systems, system)
	}
	jobs := job.Config{}
	if s.config.PostgreSQL == nil {
		jobs.Owner = "node" // the lock on the data directory keeps the name to one process: the next life goes on at once
	}
	p.Jobs = job.NewRunner(p.Data, jobs)
	p.NextEpoch = s.nextEpoch(p)
	mail, link, err := s.letters(p.ID)
	if err != nil {
		return err
	}
	p.Mail, p.Site, p.Links = mail, s.config.URL, s.config.Links.parts()
	if p.Backups, err = s.backups(p); err != nil {
		return err
	}
	p.Rights, err = rights.New(rights.Config{
		Mail: mail, Link: link, Lifetime: s.config.packageLife(),
		Data: p.Data, Keys: p.Keys, Log: p.Log, Gate: p.Gate, Jobs: p.Jobs,
		Systems: p.Systems, Maps: p.Maps, Index: p.Vault.Index, NextEpoch: p.NextEpoch,
	})
	return err
}

// letters returns what tells people how their requests went, and where they see
// them: nothing, and nowhere, as far as the configuration does not say.
func (s *Server) letters(platform string) (mail notice.Sender, link func(rights.ID) string, err error) {
	if s.options.Mail != nil || s.config.SMTP != nil {
		if mail, err = s.mail(); err != nil {
			return nil, nil, err
		}
	}
	if s.config.URL != "" {
		link = func(id rights.ID) string {
			return strings.TrimSuffix(s.config.URL, "/") + "/" + platform + "/me/requests/" + string(id)
		}
	}
	return mail, link, nil
}

// nextEpoch says when the key epoch is due, where the configuration sets it.
func (s *Server) nextEpoch(p *platform.Parts) func(time.Time) (time.Time, bool) {
	every, err := calendar.Parse(s.config.EpochEvery)
	if err != nil || every.IsZero() {
		return nil
	}
	return func(time.Time) (time.Time, bool) {
		status, err := p.Keys.Status(context.Background())
		if err != nil {
			return time.Time{}, false
		}
		due, _ := p.Current.Load().Policy.Calendar().Add(status.Epoch.Started, every)
		return due, true
	}
}

// wireVault puts gate and vault on the stores.
func wireVault(p *platform.Parts) (err error) {
	p.Current = new(atomic.Pointer[publication.Version])
	p.Current.Store(p.Version)
	if p.Gate, err = gate.New(gate.Config{Data: p.Data, Keys: p.Keys, Log: p.Log, InForce: p.Current.Load}); err != nil {
		return err
	}
	p.Vault = vault.New(vault.Config{Data: p.Data, KeyStore: p.KeyStore, Keys: p.Keys, Gate: p.Gate, Journal: p.Journal, Others: p.Holders()})
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
	if sc.Kind == "mysql" {
		return mysql.Open(ctx, mysql.Config{DSN: dsn, Map: m})
	}
	return postgres.Open(ctx, postgres.Config{DSN: dsn, Map: m})
}
