package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db/loading"
	"github.com/avow-dev/avow/notice"
)

// Config says what a demo is made of.
type Config struct {
	Dir    string // where everything stands; it is made when missing
	People int    // on each platform, when it is filled
	Seed   uint64 // of the people

	// Postgres and PostgresKeys are connection strings of two clusters to play on,
	// in place of the embedded engine: data and shops in one, keys in the other.
	Postgres, PostgresKeys string

	URL    string       // by which the server is reached
	Logger *slog.Logger // nil: slog.Default()

	// Progress is told how much of the history has been played; it may be nil.
	Progress func(done, total int)
}

// A Demo is a folder that is filled, and the server over it.
type Demo struct {
	dir    string
	state  state
	mail   *notice.Mailbox
	server *avow.Server
	layer  *loading.Layer // that it was filled on; nil: the system's own
}

// state is what the folder remembers: everything that the newcomer is told. It
// holds passwords and keys, of a demo.
type state struct {
	Version   int        `json:"version"`
	Seed      uint64     `json:"seed"`
	People    int        `json:"people"`
	Platforms []onePlace `json:"platforms"`
	Schemas   []string   `json:"schemas,omitempty"` // of the shops, on PostgreSQL
}

// onePlace is a platform, as the newcomer is led into it.
type onePlace struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Token   string    `json:"token"` // API key
	Persons []string  `json:"persons"`
	Staff   []Account `json:"staff"`
	Try     try       `json:"try"`
}

// try is what the lines for developers ask: a use that is allowed, and one that
// is denied.
type try struct {
	Purpose string `json:"purpose"`
	Item    string `json:"item"`
	Denied  string `json:"denied"`
}

// An Account is a member of staff.
type Account struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Password string `json:"password"`
	Secret   string `json:"secret"` // of the authenticator, base32
}

const (
	stateFile    = "demo.json"
	configFile   = "avow.yaml"
	stateVersion = 1
)

// Open opens a demo and its server, with mailbox and front page. A folder that is
// new is filled first; one that is filled is left as it is, and People and Seed are
// passed over. The caller closes it.
func Open(ctx context.Context, c Config) (*Demo, error) {
	d := &Demo{dir: c.Dir}
	if c.Progress == nil {
		c.Progress = func(int, int) {}
	}
	b, err := os.ReadFile(d.path(stateFile))
	if errors.Is(err, os.ErrNotExist) {
		return d, d.fill(ctx, c)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", d.path(stateFile))
	}
	if err := json.Unmarshal(b, &d.state); err != nil || d.state.Version != stateVersion {
		return nil, fault.New(fault.Conflict, "%s was filled by another version of avow: name another folder, or remove it", c.Dir)
	}
	return d, d.open(ctx, c, avow.Options{})
}

// open opens the server, with the demo's own pages and a mailbox in place of a mail
// server.
func (d *Demo) open(ctx context.Context, c Config, o avow.Options) error {
	config, err := avow.ReadConfig(d.path(configFile))
	if err != nil {
		return err
	}
	config.URL = c.URL
	mail := notice.NewMailbox(200, func() time.Time { return d.server.Platforms()[0].Now() })
	d.mail, o.Mail, o.Logger, o.Doors = mail, mail, c.Logger, d.doors(func() *avow.Server { return d.server })
	d.server, err = avow.Open(ctx, config, o)
	return err
}

// Server is the server of the demo.
func (d *Demo) Server() *avow.Server { return d.server }

// Close closes the server.
func (d *Demo) Close() error {
	if d.server == nil {
		return nil
	}
	err := d.server.Close()
	if d.layer != nil {
		d.layer.Close()
	}
	return err
}

// Remove takes away what a demo left in PostgreSQL. Call it before the folder
// goes, with the server closed.
func (d *Demo) Remove(ctx context.Context) error {
	if len(d.state.Schemas) == 0 {
		return nil
	}
	return dropSchemas(ctx, d.dir, d.state)
}

func (d *Demo) path(name string) string { return filepath.Join(d.dir, name) }

// write writes a file that only its owner reads.
func (d *Demo) write(name string, b []byte) error {
	if err := os.WriteFile(d.path(name), b, 0o600); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}
