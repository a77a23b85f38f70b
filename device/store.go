package device

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var (
	insertRecord = db.Declare(`INSERT INTO device_permission (subject, id, device, permission, said, function, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int int text text text text int")
	insertOpen = db.Declare(`INSERT INTO device_open (subject, device, permission, function, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject, device, permission) DO UPDATE SET function = excluded.function, since = excluded.since`, "int text text text int")
	deleteOpen    = db.Declare(`DELETE FROM device_open WHERE subject = $1 AND device = $2 AND permission = $3`, "int text text")
	insertSession = db.Declare(`INSERT INTO device_session (subject, session, begun, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, session) DO NOTHING`, "int text int int")
	endSession = db.Declare(`INSERT INTO device_session (subject, session, begun, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, session) DO UPDATE SET until = excluded.until`, "int text int int")
	forgetSessions = db.Declare(`DELETE FROM device_session WHERE subject = $1 AND until <= $2`, "int int")
	deleteRecords  = db.Declare(`DELETE FROM device_permission WHERE subject = $1`, "int")
	deleteReadings = db.Declare(`DELETE FROM device_open WHERE subject = $1`, "int")
	deleteSessions = db.Declare(`DELETE FROM device_session WHERE subject = $1`, "int")
)

const (
	selectRecords  = `SELECT id, device, permission, said, function, at FROM device_permission WHERE subject = $1 ORDER BY id`
	selectReadings = `SELECT device, permission, function, since FROM device_open WHERE subject = $1 ORDER BY since, device, permission`
	selectSession  = `SELECT until FROM device_session WHERE subject = $1 AND session = $2`
)

// Say adds a record about a permission. The time is the act's. What was open
// through it is closed when the person refused it or turned it off.
func Say(w db.Writer, subject int64, r Record) {
	w.Do(insertRecord, subject, r.ID, r.Device, r.Permission, string(r.Said), r.Function, w.Now().UnixMicro())
	if r.Said != Granted {
		w.Do(deleteOpen, subject, r.Device, r.Permission)
	}
}

// Open says that something is open through a permission, from the act's time.
func Open(w db.Writer, subject int64, r Reading) {
	w.Do(insertOpen, subject, r.Device, r.Permission, r.Function, w.Now().UnixMicro())
}

// Close says that it no longer is.
func Close(w db.Writer, subject int64, device, permission string) {
	w.Do(deleteOpen, subject, device, permission)
}

// Leave says that a session is over, from the act's time.
func Leave(w db.Writer, subject int64, session string) {
	now := w.Now().UnixMicro()
	w.Do(endSession, subject, session, now, now)
	forget(w, subject)
}

func forget(w db.Writer, subject int64) {
	w.Do(forgetSessions, subject, w.Now().Add(-Remembered).UnixMicro())
}

// EraseAll removes everything about a subject.
func EraseAll(w db.Writer, subject int64) {
	w.Do(deleteRecords, subject)
	w.Do(deleteReadings, subject)
	w.Do(deleteSessions, subject)
}

// History returns what became of the permissions of a subject's devices, oldest
// first.
func History(ctx context.Context, r db.Reader, subject int64) ([]Record, error) {
	return db.List(ctx, r, "device history", scanRecord, selectRecords, subject)
}

func scanRecord(row db.Scanner) (x Record, err error) {
	var at int64
	if err := row.Scan(&x.ID, &x.Device, &x.Permission, &x.Said, &x.Function, &at); err != nil {
		return x, err
	}
	x.At = time.UnixMicro(at).UTC()
	return x, nil
}

// Readings returns what is open on a subject's devices, the oldest first.
func Readings(ctx context.Context, r db.Reader, subject int64) ([]Reading, error) {
	return db.List(ctx, r, "device readings", scanReading, selectReadings, subject)
}

func scanReading(row db.Scanner) (x Reading, err error) {
	var since int64
	if err := row.Scan(&x.Device, &x.Permission, &x.Function, &since); err != nil {
		return x, err
	}
	x.Since = time.UnixMicro(since).UTC()
	return x, nil
}

// Observed is what values that were observed together rest on.
type Observed struct {
	Permits []policy.Permit
	Over    []string // of the sessions they name, those that are over
	begins  []string // … and those that begin with them
}

// Standing reads what values of a subject rest on at a time.
func Standing(ctx context.Context, r db.Reader, subject int64, given []policy.Given, now time.Time) (o Observed, err error) {
	records, err := History(ctx, r, subject)
	if err != nil {
		return o, err
	}
	o.Permits = Permits(records)
	seen := map[string]bool{"": true}
	for _, v := range given {
		session := v.Seen.Session
		if seen[session] {
			continue
		}
		seen[session] = true
		var until int64
		err := r.Row(ctx, selectSession, subject, session).Scan(&until)
		switch {
		case db.None(err):
			o.begins = append(o.begins, session)
		case err != nil:
			return o, fmt.Errorf("device session: %w", err)
		case until <= now.UnixMicro():
			o.Over = append(o.Over, session)
		}
	}
	return o, nil
}

// Begin writes down the sessions that begin with the values that o was read for.
func (o Observed) Begin(w db.Writer, subject int64) {
	for _, session := range o.begins {
		now := w.Now()
		w.Do(insertSession, subject, session, now.UnixMicro(), now.Add(Longest).UnixMicro())
		forget(w, subject)
	}
}
