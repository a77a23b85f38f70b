package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/loading"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

// free makes the folder, and refuses what is somebody's already: it is neither
// used nor taken away.
func (d *Demo) free(ctx context.Context, c Config) error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return fault.Wrap(fault.Invalid, err, "the folder %s cannot be made", d.dir)
	}
	there, err := os.ReadDir(d.dir)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the folder %s cannot be read", d.dir)
	}
	if len(there) > 0 {
		return fault.New(fault.Conflict, "%s is not empty and no demo stands in it, or its filling was interrupted: name another folder", d.dir)
	}
	if c.Postgres == "" {
		return nil
	}
	taken, err := shop.HasPostgres(ctx, c.Postgres, serverSchema)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "PostgreSQL cannot be reached: look at --postgres")
	}
	if taken {
		return fault.New(fault.Conflict, "a server of avow stands in this PostgreSQL database already: name another database")
	}
	return nil
}

// fill fills a folder: policies, shops, configuration, ninety days. What it made
// is taken away again when it fails.
func (d *Demo) fill(ctx context.Context, c Config) (err error) {
	if err := d.free(ctx, c); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close(), d.undo(c))
		}
	}()
	d.state = state{Version: stateVersion, Seed: c.Seed, People: c.People}
	clock := newClock(db.Wall())
	var stages []*stage
	for i, sc := range scripts() {
		stages = append(stages, &stage{script: sc, clock: clock, people: sc.lives(c.Seed, i, c.People), staff: map[string]platform.Actor{}})
	}
	if err := d.files(c, stages); err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, s := range stages {
		g.Go(func() error { return d.openShop(gctx, c, s) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := d.history(ctx, c, clock, stages); err != nil {
		return err
	}
	b, err := json.MarshalIndent(d.state, "", "  ")
	if err != nil {
		return err
	}
	return d.write(stateFile, b)
}

// undo empties the folder that fill found empty.
func (d *Demo) undo(c Config) error {
	var errs []error
	if c.Postgres != "" {
		errs = append(errs, dropSchemas(context.Background(), d.dir, d.state))
	}
	list, err := os.ReadDir(d.dir)
	for _, f := range list {
		err = errors.Join(err, os.RemoveAll(d.path(f.Name())))
	}
	return errors.Join(append(errs, err)...)
}

// files writes policies, data maps and configuration.
func (d *Demo) files(c Config, stages []*stage) error {
	config := "# The demo's configuration. avow --config " + configFile + " works on it too.\n"
	kind := "sqlite"
	if c.Postgres != "" {
		kind = "postgres"
		config += "postgresql: {data_file: data.dsn, keys_file: keys.dsn}\n"
		if err := errors.Join(d.write("data.dsn", []byte(c.Postgres)), d.write("keys.dsn", []byte(c.PostgresKeys))); err != nil {
			return err
		}
	}
	config += "platforms:\n"
	for _, s := range stages {
		id := s.script.platform
		pack, err := policies.Files.ReadFile(id + ".yaml")
		if err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		if s.script.plain {
			if err := d.write(id+".yaml", pack); err != nil {
				return err
			}
			config += fmt.Sprintf("  - {id: %[1]s, policy: %[1]s.yaml}\n", id)
			continue
		}
		place, dataMap := "file: "+id+".shop.db", s.script.dataMap(kind)
		if kind == "postgres" {
			place, dataMap = "dsn_file: "+id+".shop.dsn", inSchema(dataMap, schemaOf(id))
			d.state.Schemas = append(d.state.Schemas, schemaOf(id))
			if err := d.write(id+".shop.dsn", []byte(shop.PlaceDSN(c.Postgres, schemaOf(id)))); err != nil {
				return err
			}
		}
		if err := errors.Join(d.write(id+".yaml", pack), d.write(id+".shop.yaml", dataMap)); err != nil {
			return err
		}
		config += fmt.Sprintf("  - {id: %[1]s, policy: %[1]s.yaml, systems: [{kind: %[2]s, map: %[1]s.shop.yaml, %[3]s}]}\n", id, kind, place)
	}
	return d.write(configFile, []byte(config))
}

// openShop makes a platform's shop, with the people who bought something there.
func (d *Demo) openShop(ctx context.Context, c Config, s *stage) error {
	if s.script.plain {
		return nil
	}
	buyers := s.buyers()
	if c.Postgres == "" {
		return shop.CreateSQLiteWith(ctx, d.path(s.script.platform+".shop.db"), s.script.stock, buyers)
	}
	return shop.CreatePostgresIn(ctx, c.Postgres, schemaOf(s.script.platform), s.script.stock, buyers)
}

// history opens the server in the past and plays until now. From then on it lives
// in the present.
func (d *Demo) history(ctx context.Context, c Config, clock *clock, stages []*stage) error {
	o := avow.Options{Clock: clock.Now, KeyClock: clock.Keys, Passwords: staff.Light()}
	if c.Postgres == "" { // a folder that is not filled to its end is emptied: until then nothing waits for the disk
		d.layer = loading.New()
		o.VFS = d.layer.Name()
	}
	err := d.open(ctx, c, o)
	if err != nil {
		return err
	}
	for _, st := range stages {
		if st.Platform, err = d.server.Platform(st.script.platform); err != nil {
			return err
		}
		if st.script.plain {
			st.script.meet(st.Policy())
		}
		place, err := d.hire(ctx, d.server, st)
		if err != nil {
			return err
		}
		d.state.Platforms = append(d.state.Platforms, place)
		if err := st.requests(); err != nil {
			return err
		}
		st.cases()
		d.office(st)
	}
	if err := play(ctx, clock, stages, c.Progress); err != nil {
		return err
	}
	for _, st := range stages {
		if _, err := st.Log().Sequence(ctx); err != nil {
			return err
		}
	}
	clock.arrive()
	if d.layer == nil {
		return nil
	}
	return d.layer.Settle()
}
