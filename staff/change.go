package staff

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

// New is a person to be added.
type New struct {
	Login, Name seal.Personal
	Password    seal.Personal
	Roles       []Role
}

// Add adds a person. The enrolment is shown to the person once and is in force
// at once. It returns fault.Conflict when the login is taken.
func (d *Directory) Add(ctx context.Context, n New) (ID, Enrolment, error) {
	login, err := normalLogin(n.Login)
	if err != nil {
		return "", Enrolment{}, err
	}
	name, err := checkName(n.Name)
	if err != nil {
		return "", Enrolment{}, err
	}
	roles, err := checkRoles(n.Roles)
	if err != nil {
		return "", Enrolment{}, err
	}
	password, err := checkPassword(n.Password, login)
	if err != nil {
		return "", Enrolment{}, err
	}
	hash, err := d.hasher.hash(ctx, password)
	if err != nil {
		return "", Enrolment{}, fmt.Errorf("staff add: %w", err)
	}
	e, secret, digests, err := enrolment(d.issuer, login)
	if err != nil {
		return "", Enrolment{}, err
	}
	who := ID(id.Random("stf"))
	sealed := d.secrets.seal(who, secret)
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, insertStaff, string(who), login, name, hash, sealed, tx.Now().UnixMicro(), tx.Now().UnixMicro()); err != nil {
			return err
		}
		if err := putRoles(ctx, tx, who, roles); err != nil {
			return err
		}
		return putRecovery(ctx, tx, who, digests)
	})
	if db.Constraint(err) {
		return "", Enrolment{}, fault.Wrap(fault.Conflict, err, "somebody of the staff has this login already; choose another, or change that person")
	}
	if err != nil {
		return "", Enrolment{}, fmt.Errorf("staff add: %w", err)
	}
	return who, e, nil
}

func putRoles(ctx context.Context, tx *db.Tx, who ID, roles []Role) error {
	for _, r := range roles {
		if _, err := tx.Exec(ctx, insertRole, string(who), r.Platform, r.Name); err != nil {
			return err
		}
	}
	return nil
}

func putRecovery(ctx context.Context, tx *db.Tx, who ID, digests [][]byte) error {
	for _, digest := range digests {
		if _, err := tx.Exec(ctx, insertRecovery, string(who), digest); err != nil {
			return err
		}
	}
	return nil
}

// Enrol gives a person a new TOTP secret and new recovery codes; the old ones
// end. An administrator does it for who has lost the authenticator.
func (d *Directory) Enrol(ctx context.Context, who ID) (Enrolment, error) {
	p, err := d.Get(ctx, who)
	if err != nil {
		return Enrolment{}, err
	}
	e, secret, digests, err := enrolment(d.issuer, p.Login.Reveal())
	if err != nil {
		return Enrolment{}, err
	}
	sealed := d.secrets.seal(who, secret)
	err = d.change(ctx, who, func(tx *db.Tx) (int64, error) {
		if _, err := tx.Exec(ctx, deleteRecoveries, string(who)); err != nil {
			return 0, err
		}
		n, err := tx.Exec(ctx, updateOTP, string(who), sealed, tx.Now().UnixMicro())
		if err != nil || n == 0 {
			return n, err
		}
		return n, putRecovery(ctx, tx, who, digests)
	})
	if err != nil {
		return Enrolment{}, err
	}
	return e, nil
}

// SetPassword gives a person a new password, and ends a lock. Sign-ins from before
// are over: whoever keeps them compares with [Person.Changed].
func (d *Directory) SetPassword(ctx context.Context, who ID, password seal.Personal) error {
	p, err := d.Get(ctx, who)
	if err != nil {
		return err
	}
	plain, err := checkPassword(password, p.Login.Reveal())
	if err != nil {
		return err
	}
	hash, err := d.hasher.hash(ctx, plain)
	if err != nil {
		return fmt.Errorf("staff password: %w", err)
	}
	return d.set(ctx, who, updatePassword, hash, d.db.Now().UnixMicro())
}

// SetName changes the name that is shown.
func (d *Directory) SetName(ctx context.Context, who ID, name seal.Personal) error {
	n, err := checkName(name)
	if err != nil {
		return err
	}
	return d.set(ctx, who, updateName, n)
}

// Unlock ends a lock at once.
func (d *Directory) Unlock(ctx context.Context, who ID) error { return d.set(ctx, who, updateUnlock) }

// Enable lets a disabled person sign in again.
func (d *Directory) Enable(ctx context.Context, who ID) error {
	return d.set(ctx, who, updateDisabled, false)
}

// Disable keeps a person from signing in. What was begun in the person's name
// stays. The last admin of Everywhere is fault.Conflict.
func (d *Directory) Disable(ctx context.Context, who ID) error {
	return d.keepingAdmin(ctx, who, func(tx *db.Tx) (int64, error) {
		return tx.Exec(ctx, updateDisabled, string(who), true)
	})
}

// SetRoles gives a person these roles in place of all others. The last admin of
// Everywhere who would be none is fault.Conflict.
func (d *Directory) SetRoles(ctx context.Context, who ID, roles []Role) error {
	roles, err := checkRoles(roles)
	if err != nil {
		return err
	}
	if _, err := d.Get(ctx, who); err != nil {
		return err
	}
	return d.keepingAdmin(ctx, who, func(tx *db.Tx) (int64, error) {
		if _, err := tx.Exec(ctx, deleteRoles, string(who)); err != nil {
			return 0, err
		}
		return 1, putRoles(ctx, tx, who, roles)
	})
}

// Remove deletes everything about a person; the store's write-ahead log forgets
// it within a second of quiet. The last admin of Everywhere is
// fault.Conflict.
func (d *Directory) Remove(ctx context.Context, who ID) error {
	return d.keepingAdmin(ctx, who, func(tx *db.Tx) (int64, error) {
		for _, sql := range []string{deleteRoles, deleteRecoveries} {
			if _, err := tx.Exec(ctx, sql, string(who)); err != nil {
				return 0, err
			}
		}
		return tx.Exec(ctx, deleteStaff, string(who))
	})
}

func (d *Directory) set(ctx context.Context, who ID, sql string, args ...any) error {
	return d.change(ctx, who, func(tx *db.Tx) (int64, error) {
		return tx.Exec(ctx, sql, append([]any{string(who)}, args...)...)
	})
}

// change runs fn, which returns how many persons it has changed.
func (d *Directory) change(ctx context.Context, who ID, fn func(*db.Tx) (int64, error)) error {
	err := d.db.Tx(ctx, func(tx *db.Tx) error {
		n, err := fn(tx)
		if err == nil && n == 0 {
			err = unknown(who)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("staff change: %w", err)
	}
	return nil
}

// keepingAdmin runs fn unless it would leave a server that has an admin without
// one. Changes of this kind take turns.
func (d *Directory) keepingAdmin(ctx context.Context, who ID, fn func(*db.Tx) (int64, error)) error {
	return d.change(ctx, who, func(tx *db.Tx) (int64, error) {
		if _, err := tx.Exec(ctx, takeTurn); err != nil {
			return 0, err
		}
		var before, after int
		if err := tx.Row(ctx, countServers).Scan(&before); err != nil {
			return 0, err
		}
		n, err := fn(tx)
		if err != nil {
			return 0, err
		}
		if err := tx.Row(ctx, countServers).Scan(&after); err != nil {
			return 0, err
		}
		if before > 0 && after == 0 {
			return 0, fault.New(fault.Conflict, "this is the last administrator of the server, and without one nobody could look after it; make another one first")
		}
		return n, nil
	})
}
