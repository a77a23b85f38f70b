package staff

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

const (
	selectState = `SELECT proof FROM staff_state WHERE one = 1`
	insertState = `INSERT INTO staff_state (one, proof, turn) VALUES (1, $1, 0) ON CONFLICT (one) DO NOTHING`
	updateState = `UPDATE staff_state SET proof = $1 WHERE one = 1`
	takeTurn    = `UPDATE staff_state SET turn = turn + 1 WHERE one = 1`

	insertStaff = `INSERT INTO staff (id, login, name, password, otp, otp_step, disabled, made, changed, signed_in, failed, locked)
		VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, NULL, 0, 0)`
	deleteStaff    = `DELETE FROM staff WHERE id = $1`
	updateName     = `UPDATE staff SET name = $2 WHERE id = $1`
	updatePassword = `UPDATE staff SET password = $2, changed = $3, failed = 0, locked = 0 WHERE id = $1`
	updateOTP      = `UPDATE staff SET otp = $2, changed = $3, otp_step = 0 WHERE id = $1`
	updateDisabled = `UPDATE staff SET disabled = $2 WHERE id = $1`
	updateUnlock   = `UPDATE staff SET failed = 0, locked = 0 WHERE id = $1`

	selectStaff = `SELECT id, login, name, password, otp, disabled, made, changed, signed_in, locked,
		(SELECT COUNT(1) FROM staff_recovery r WHERE r.staff = s.id) FROM staff s WHERE id = $1`
	selectLogin = `SELECT id, login, name, password, otp, disabled, made, changed, signed_in, locked,
		(SELECT COUNT(1) FROM staff_recovery r WHERE r.staff = s.id) FROM staff s WHERE login = $1`
	selectPage = `SELECT id, login, name, password, otp, disabled, made, changed, signed_in, locked,
		(SELECT COUNT(1) FROM staff_recovery r WHERE r.staff = s.id) FROM staff s WHERE id > $1 ORDER BY id LIMIT $2`

	// An attempt is counted before it is looked at; the row stays locked until
	// the transaction ends, so that attempts at once count one after the other.
	countAttempt = `UPDATE staff SET failed = failed + 1 WHERE id = $1 AND disabled = 0 AND locked <= $2 RETURNING failed`
	updateLocked = `UPDATE staff SET locked = $2 WHERE id = $1`
	// A code signs in once, and only with the password that was compared.
	signInByCode = `UPDATE staff SET otp_step = $2, failed = 0, locked = 0, signed_in = $3
		WHERE id = $1 AND otp_step < $2 AND disabled = 0 AND password = $4`
	signInByRecovery = `UPDATE staff SET failed = 0, locked = 0, signed_in = $2 WHERE id = $1 AND disabled = 0 AND password = $3`
	updateHash       = `UPDATE staff SET password = $2 WHERE id = $1 AND password = $3`

	insertRole   = `INSERT INTO staff_role (staff, platform, role) VALUES ($1, $2, $3)`
	deleteRoles  = `DELETE FROM staff_role WHERE staff = $1`
	selectRoles  = `SELECT platform, role FROM staff_role WHERE staff = $1`
	countServers = `SELECT COUNT(1) FROM staff_role r JOIN staff s ON s.id = r.staff
		WHERE r.platform = '*' AND r.role = 'admin' AND s.disabled = 0`

	insertRecovery   = `INSERT INTO staff_recovery (staff, digest) VALUES ($1, $2)`
	deleteRecovery   = `DELETE FROM staff_recovery WHERE staff = $1 AND digest = $2`
	deleteRecoveries = `DELETE FROM staff_recovery WHERE staff = $1`
)

// A record is a person with what only this package may see.
type record struct {
	Person
	password string
	otp      []byte
}

func scanStaff(row db.Scanner) (r record, err error) {
	var login, name string
	var made, changed, locked int64
	var signedIn *int64
	err = row.Scan(&r.ID, &login, &name, &r.password, &r.otp, &r.Disabled, &made, &changed, &signedIn, &locked, &r.Codes)
	r.Login, r.Name, r.Made = seal.NewPersonal(login), seal.NewPersonal(name), fromMicros(&made)
	r.LastSignIn, r.Changed = fromMicros(signedIn), fromMicros(&changed)
	if locked != 0 {
		r.LockedUntil = fromMicros(&locked)
	}
	return r, err
}

func fromMicros(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMicro(*n).UTC()
}

func toMicros(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

func readRoles(ctx context.Context, r db.Reader, id ID) ([]Role, error) {
	list, err := db.List(ctx, r, "staff roles", func(row db.Scanner) (role Role, err error) {
		err = row.Scan(&role.Platform, &role.Name)
		return role, err
	}, selectRoles, string(id))
	if err != nil {
		return nil, err
	}
	return checkRoles(list) // sorts, equally on both engines
}
