package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
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

	// Progress is told how much of the history has been played; it may be nil.
	Progress func(done, total int)
}

// A Demo is a folder that is filled.
type Demo struct {
	dir   string
	state state
	mail  *notice.Mailbox
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

// Open opens a demo. A folder that is new is filled first; one that is filled is
// left as it is, and everything but c.Dir is passed over.
func Open(ctx context.Context, c Config) (*Demo, error) {
	d := &Demo{dir: c.Dir}
	if c.Progress == nil {
		c.Progress = func(int, int) {}
	}
	b, err := os.ReadFile(d.path(stateFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := d.fill(ctx, c); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", d.path(stateFile))
	default:
		if err := json.Unmarshal(b, &d.state); err != nil || d.state.Version != stateVersion {
			return nil, fault.New(fault.Conflict, "%s was filled by another version of avow: name another folder, or remove it", c.Dir)
		}
	}
	return d, nil
}

// Server opens the server of the demo, with mailbox and front page, for who
// reaches it at url. o.Mail and o.Doors are the demo's own. The caller closes it.
func (d *Demo) Server(ctx context.Context, url string, o avow.Options) (*avow.Server, error) {
	c, err := avow.ReadConfig(d.path(configFile))
	if err != nil {
		return nil, err
	}
	c.URL = url
	var s *avow.Server
	mail := notice.NewMailbox(200, func() time.Time { return s.Platforms()[0].Now() })
	d.mail, o.Mail, o.Doors = mail, mail, d.doors(func() *avow.Server { return s })
	s, err = avow.Open(ctx, c, o)
	return s, err
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
