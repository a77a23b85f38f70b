package staff

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

// Why says why somebody did not get in. It is for the log; the caller is told
// that login, password or code is wrong, whatever it was.
type Why string

// The reasons, in the order in which they are looked for.
const (
	UnknownLogin  Why = "unknown-login"
	Disabled      Why = "disabled"
	Locked        Why = "locked"
	WrongPassword Why = "wrong-password"
	NotEnrolled   Why = "not-enrolled" // the secret file was replaced: enrol anew
	WrongCode     Why = "wrong-code"
	CodeUsed      Why = "code-used"
	Changed       Why = "changed" // password or standing changed in the same moment
)

// An Answer says whether somebody is in.
type Answer struct {
	OK       bool
	Person   Person // when OK
	ID       ID     // whose login it was, for the log; "" when of nobody
	Why      Why    // when not OK; for the log only
	Recovery bool   // a recovery code was used
}

const (
	freeAttempts = 5 // the fifth that fails locks
	firstLock    = 30 * time.Second
	longestLock  = time.Hour
)

// lockFor returns for how long no attempt counts after this many in a row.
func lockFor(failed int64) time.Duration {
	if failed < freeAttempts {
		return 0
	}
	return min(longestLock, firstLock<<min(failed-freeAttempts, 10))
}

// Verify lets somebody in, or not. code is of the authenticator or a recovery
// code; each is good once. It takes about as long for an unknown login as for a
// known one, and counts every attempt before looking at it. An error says that
// the answer is not known; the attempt may have been counted.
//
// Every attempt is a durable write and a hash of 64 MiB: the door limits how many
// an address may make. Two are hashed at once, the others wait.
func (d *Directory) Verify(ctx context.Context, login, password, code seal.Personal) (Answer, error) {
	a, err := d.verify(ctx, login, password, code)
	if err != nil {
		return Answer{}, fmt.Errorf("staff verify: %w", err)
	}
	return a, nil
}

func (d *Directory) verify(ctx context.Context, login, password, code seal.Personal) (Answer, error) {
	var r record
	var known bool
	normal, err := normalLogin(login)
	if err == nil {
		if r, known, err = d.one(ctx, selectLogin, normal); err != nil {
			return Answer{}, err
		}
	}
	counted, err := d.count(ctx, r.ID, known)
	if err != nil {
		return Answer{}, err
	}
	hash := r.password
	if !known {
		hash = d.hasher.dummy
	}
	plain := normalPassword(password)
	if len(plain) > maxPassword {
		plain = "" // no password is that long
	}
	match, old, err := d.hasher.matches(ctx, plain, hash)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{ID: r.ID}
	switch {
	case !known:
		a.Why = UnknownLogin
	case r.Disabled:
		a.Why = Disabled
	case !counted:
		a.Why = Locked
	case !match:
		a.Why = WrongPassword
	}
	if a.Why != "" {
		return a, d.alike(ctx, code)
	}
	if err := d.second(ctx, &a, r, code); err != nil || !a.OK {
		return a, err
	}
	if old {
		err = d.rehash(ctx, r, plain)
	}
	a.Person = r.Person
	return a, err
}

// count counts an attempt. It returns false when the attempt does not count
// because the login is locked. For nobody's login as much is written.
func (d *Directory) count(ctx context.Context, who ID, known bool) (counted bool, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		counted = false
		if !known { // as many statements, and as much is written
			if _, err := tx.Exec(ctx, updateLocked, "", int64(0)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, takeTurn)
			return err
		}
		var failed int64
		err := tx.Row(ctx, countAttempt, string(who), tx.Now().UnixMicro()).Scan(&failed)
		if db.None(err) { // locked or disabled: as much is written
			_, err = tx.Exec(ctx, takeTurn)
			return err
		}
		if err != nil {
			return err
		}
		counted = true
		until := int64(0)
		if lock := lockFor(failed); lock > 0 {
			until = tx.Now().Add(lock).UnixMicro()
		}
		_, err = tx.Exec(ctx, updateLocked, string(who), until)
		return err
	})
	return counted, err
}

// second looks at the code, and signs in.
func (d *Directory) second(ctx context.Context, a *Answer, r record, code seal.Personal) error {
	secret, err := d.secrets.open(r.ID, r.otp)
	if err != nil {
		a.Why = NotEnrolled
		return nil
	}
	now := d.db.Now()
	at, err := step(secret, code.Reveal(), now)
	if err != nil {
		return err
	}
	digest := recoveryDigest(code.Reveal())
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		a.OK, a.Recovery = false, false
		if at > 0 {
			n, err := tx.Exec(ctx, signInByCode, string(r.ID), at, now.UnixMicro(), r.password)
			a.OK, a.Why = n == 1, ""
			if !a.OK {
				a.Why = CodeUsed
			}
			return err
		}
		n, err := tx.Exec(ctx, deleteRecovery, string(r.ID), digest)
		if err != nil || n == 0 {
			a.Why = WrongCode
			return err
		}
		n, err = tx.Exec(ctx, signInByRecovery, string(r.ID), now.UnixMicro(), r.password)
		a.OK, a.Recovery, a.Why = n == 1, n == 1, ""
		if !a.OK {
			a.Why = Changed
		}
		return err
	})
}

// alike does what looking at a wrong code does, for nobody: a wrong password with
// any code takes as long as the right one with a wrong code.
func (d *Directory) alike(ctx context.Context, code seal.Personal) error {
	if _, err := step(nobodysSecret, code.Reveal(), d.db.Now()); err != nil {
		return err
	}
	return d.exec(ctx, deleteRecovery, "", recoveryDigest(code.Reveal()))
}

// nobodysSecret is as long as a secret, and of no authenticator.
const nobodysSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// rehash stores the password at the cost of today.
func (d *Directory) rehash(ctx context.Context, r record, plain string) error {
	hash, err := d.hasher.hash(ctx, plain)
	if err != nil {
		return err
	}
	return d.exec(ctx, updateHash, string(r.ID), hash, r.password)
}
