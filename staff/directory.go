package staff

import (
	"context"
	"crypto/subtle"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

// Config says where the staff are kept.
type Config struct {
	DB         *db.DB // the server store
	SecretFile string // seals TOTP secrets; 0600, made on first use
	Issuer     string // what authenticator apps show; "" is avow
	Cost       Cost   // of passwords

	// NewSecret accepts a secret file that is not the store's, because that one
	// is lost. Everybody must then be enrolled anew ([Directory.Enrol]).
	NewSecret bool
}

// A Directory is the staff and the API keys of a server. It is safe for
// concurrent use, by several processes too.
type Directory struct {
	db      *db.DB
	issuer  string
	secrets *secrets
	hasher  *hasher
	keys    keyCache
}

// Open opens the staff of a server. It returns fault.Invalid when the secret
// file is missing, readable by others or not the one of this store.
func Open(ctx context.Context, c Config) (*Directory, error) {
	if c.DB == nil || c.DB.Store() != db.Server || c.SecretFile == "" {
		return nil, fault.New(fault.Invalid, "the staff need the server store and the path of a secret file; set both in the configuration")
	}
	d := &Directory{db: c.DB, issuer: c.Issuer}
	if d.issuer == "" {
		d.issuer = "avow"
	}
	if err := d.open(ctx, c); err != nil {
		return nil, fmt.Errorf("staff open: %w", err)
	}
	return d, nil
}

func (d *Directory) open(ctx context.Context, c Config) error {
	proof, err := d.proof(ctx)
	if err != nil {
		return err
	}
	root, err := readSecret(c.SecretFile, proof == nil || c.NewSecret)
	if err != nil {
		return err
	}
	if d.secrets, err = newSecrets(root); err != nil {
		return err
	}
	d.hasher = newHasher(c.Cost)
	if proof == nil || c.NewSecret {
		sql := insertState
		if proof != nil {
			sql = updateState
		}
		if err := d.exec(ctx, sql, d.secrets.proof); err != nil {
			return err
		}
		if proof, err = d.proof(ctx); err != nil { // another process may have been first
			return err
		}
	}
	if subtle.ConstantTimeCompare(proof, d.secrets.proof) != 1 {
		return fault.New(fault.Invalid, "%s: this is not the secret file that the staff's authenticators were sealed with; put the right one back from its copy", c.SecretFile)
	}
	return nil
}

// proof returns the proof of the secret file that belongs here; nil: none yet.
func (d *Directory) proof(ctx context.Context) (proof []byte, err error) {
	err = d.db.Read(ctx, func(r *db.Snapshot) error { return r.Row(ctx, selectState).Scan(&proof) })
	if db.None(err) {
		return nil, nil
	}
	return proof, err
}

func (d *Directory) exec(ctx context.Context, sql string, args ...any) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

// Get returns a person, or fault.NotFound.
func (d *Directory) Get(ctx context.Context, id ID) (Person, error) {
	r, ok, err := d.one(ctx, selectStaff, string(id))
	if err != nil {
		return Person{}, fmt.Errorf("staff get: %w", err)
	}
	if !ok {
		return Person{}, unknown(id)
	}
	return r.Person, nil
}

func unknown(id ID) error {
	return fault.New(fault.NotFound, "nobody of the staff has the id %q; list the staff to see who there is", string(id))
}

// Lookup returns the person with this login, if there is one.
func (d *Directory) Lookup(ctx context.Context, login seal.Personal) (Person, bool, error) {
	normal, err := normalLogin(login)
	if err != nil {
		return Person{}, false, nil
	}
	r, ok, err := d.one(ctx, selectLogin, normal)
	if err != nil {
		return Person{}, false, fmt.Errorf("staff lookup: %w", err)
	}
	return r.Person, ok, nil
}

func (d *Directory) one(ctx context.Context, sql string, key string) (r record, ok bool, err error) {
	err = d.db.Read(ctx, func(s *db.Snapshot) error {
		r, err = scanStaff(s.Row(ctx, sql, key))
		if err == nil {
			r.Roles, err = readRoles(ctx, s, r.ID)
		}
		return err
	})
	if db.None(err) {
		return record{}, false, nil
	}
	return r, err == nil, err
}

// List returns up to limit persons with greater ids than after, by id.
func (d *Directory) List(ctx context.Context, after ID, limit int) (out []Person, err error) {
	err = d.db.Read(ctx, func(s *db.Snapshot) error {
		list, err := db.List(ctx, s, "staff list", scanStaff, selectPage, string(after), limit)
		if err != nil {
			return err
		}
		out = nil
		for _, r := range list {
			if r.Roles, err = readRoles(ctx, s, r.ID); err != nil {
				return err
			}
			out = append(out, r.Person)
		}
		return nil
	})
	return out, err
}
