package avow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/trace/otlp"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web"
)

// Options are what a program or a test decides, and not the operator.
type Options struct {
	// Clock gives business time; nil is the engine's own clock. Tests and the
	// demo move it.
	Clock func() time.Time

	// KeyClock gives the time of the key stores; nil is Clock. Who loads a history
	// moves it in larger steps, since a key that waited for half an hour is not
	// handed out.
	KeyClock func() time.Time

	// Logger takes what the web server logs; nil is slog.Default.
	Logger *slog.Logger

	// Mail sends mail in place of the configuration's SMTP server: the demo and
	// tests keep it in a mailbox.
	Mail notice.Sender

	// Passwords says how hard staff's passwords are to guess for who has stolen the
	// store; the zero Cost is the strong one of package staff. The demo, which shows
	// its passwords, takes a cheap one.
	Passwords staff.Cost

	// Doors adds doors of the program's own to the web server's: the demo's mailbox.
	Doors func(*web.Frame) []web.Door

	// AsPublished leaves the policies as they are published, whatever the files say: for
	// who publishes by hand.
	AsPublished bool

	// VFS names a registered file layer of SQLite, for tests that fail the disk. The
	// erasure journals and epoch files are opened through it too, where they are
	// there already.
	VFS string
}

// A Server has the stores and the platforms of one configuration open.
type Server struct {
	config    *Config
	options   Options
	settings  *db.DB // staff and server settings
	staff     *staff.Directory
	platforms []*Platform
	traces    *otlp.Exporter // nil: off
	unlock    func()
}

// Open opens everything a configuration names, finishes what a crash has
// interrupted, and owns the data directory until [Server.Close].
func Open(ctx context.Context, c *Config, o Options) (*Server, error) {
	s := &Server{config: c, options: o}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) open(ctx context.Context) error {
	if err := s.directories(); err != nil {
		return err
	}
	var err error
	if s.unlock, err = db.LockDir(s.config.DataDir()); err != nil {
		return err
	}
	var reads []func() (policyFile, error) // begun first: nothing else takes as long
	for _, c := range s.config.Platforms {
		reads = append(reads, s.reading(c))
	}
	if s.settings, err = s.store(ctx, db.Server, "server"); err != nil {
		return fmt.Errorf("server store: %w", err)
	}
	s.staff, err = staff.Open(ctx, staff.Config{DB: s.settings, SecretFile: filepath.Join(s.config.path(s.config.Keys), "staff.key"), Cost: s.options.Passwords})
	if err != nil {
		return fmt.Errorf("server store: %w", err)
	}
	return s.openPlatforms(ctx, reads)
}

// openPlatforms opens the first platform, which makes what all share, and then
// the others at once.
func (s *Server) openPlatforms(ctx context.Context, reads []func() (policyFile, error)) error {
	list := s.config.Platforms
	opened := make([]*Platform, len(list))
	open := func(i int) (err error) {
		if opened[i], err = s.openPlatform(ctx, list[i], reads[i]); err != nil {
			return fmt.Errorf("platform %s: %w", list[i].ID, err)
		}
		return nil
	}
	var g errgroup.Group
	for i := range list {
		if i > 0 {
			g.Go(func() error { return open(i) })
		} else if err := open(0); err != nil {
			return err
		}
	}
	err := g.Wait()
	s.platforms = slices.DeleteFunc(opened, func(p *Platform) bool { return p == nil }) // Close closes what is open
	return err
}

// store opens one store of a platform, or of the server itself.
func (s *Server) store(ctx context.Context, which db.Store, platform string) (*db.DB, error) {
	c := db.Config{Engine: db.SQLite, Store: which, Clock: s.options.Clock, VFS: s.options.VFS}
	if which == db.Keys && s.options.KeyClock != nil {
		c.Clock = s.options.KeyClock
	}
	pg := s.config.PostgreSQL
	if pg == nil {
		dir := s.config.Data
		if which == db.Keys {
			dir = s.config.Keys
		}
		c.File = filepath.Join(s.config.path(dir), platform+"."+string(which)+".db")
		return db.Open(ctx, c)
	}
	value, file := pg.Data, pg.DataFile
	if which == db.Keys {
		value, file = pg.Keys, pg.KeysFile
	}
	var err error
	if c.DSN, err = s.config.secret(value, file); err != nil {
		return nil, err
	}
	c.Engine, c.Schema = db.Postgres, "avow_"+platform+"_"+string(which)
	return db.Open(ctx, c)
}

// Config returns the configuration.
func (s *Server) Config() *Config { return s.config }

// Staff returns the people of the controllers and their API keys.
func (s *Server) Staff() *staff.Directory { return s.staff }

// Platforms returns the open platforms, in the order of the configuration.
func (s *Server) Platforms() []*Platform { return s.platforms }

// Platform returns the platform with this id. With an empty id it returns the
// only one, where there is only one.
func (s *Server) Platform(id string) (*Platform, error) {
	if id == "" && len(s.platforms) == 1 {
		return s.platforms[0], nil
	}
	for _, p := range s.platforms {
		if p.ID() == id {
			return p, nil
		}
	}
	if id == "" {
		return nil, fault.New(fault.Invalid, "this server has %d platforms: say which, with --platform", len(s.platforms))
	}
	return nil, fault.New(fault.NotFound, "there is no platform %s in the configuration: add it with avow platform add", id)
}

// Run does what takes time: it orders and signs the log, works through jobs,
// and sweeps, until ctx ends or a store can no longer write. It returns nil
// when ctx has ended.
func (s *Server) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return platform.Watch(ctx, s.settings) })
	for _, p := range s.platforms {
		p.Run(ctx, g)
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Close closes everything. Work that has begun is finished first.
func (s *Server) Close() error {
	var errs []error
	for _, p := range s.platforms {
		errs = append(errs, p.Close())
	}
	s.platforms = nil
	if s.settings != nil {
		errs = append(errs, s.settings.Close())
	}
	if s.traces != nil {
		s.traces.Close()
		s.traces = nil
	}
	if s.unlock != nil {
		s.unlock()
		s.unlock = nil
	}
	return errors.Join(errs...)
}
