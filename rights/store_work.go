package rights

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

var (
	insertEvent = db.Declare(`INSERT INTO rights_event (request, entry, at, kind, state, actor, step, system, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, "int int int text text text int text text")

	insertSurvey = db.Declare(`INSERT INTO rights_survey (request, revision, system, kind, found, sealed)
		VALUES ($1, $2, $3, $4, $5, $6)`, "int int text text int bytes")
	clearSurveys = db.Declare(`UPDATE rights_survey SET sealed = NULL WHERE request = $1`, "int")

	insertPlan = db.Declare(`INSERT INTO rights_plan (request, revision, hash, shown, sealed) VALUES ($1, $2, $3, $4, $5)`,
		"int int text bytes bytes")
	deletePlan = db.Declare(`DELETE FROM rights_plan WHERE request = $1 AND revision = $2`, "int int")
	resealPlan = db.Declare(`UPDATE rights_plan SET sealed = $1 WHERE request = $2 AND revision = $3`, "bytes int int")
	moveKey    = db.Declare(`UPDATE rights_request SET seal_key = $1 WHERE num = $2 AND seal_key = $3`, "int int int").Must()
	clearPlans = db.Declare(`UPDATE rights_plan SET sealed = NULL WHERE request = $1`, "int")

	insertStep = db.Declare(`INSERT INTO rights_step (request, number, kind, system, state, tries, planned, done, extra, cause)
		VALUES ($1, $2, $3, $4, 'waiting', 0, 0, 0, 0, '')`, "int int text text")
	updateStep = db.Declare(`UPDATE rights_step SET state = $1, tries = $2, planned = $3, done = $4, extra = $5, cause = $6, ended = $7,
		outcome = $8, sealed = $9 WHERE request = $10 AND number = $11 AND state = $12`,
		"text int int int int text int bytes bytes int int text").Must()
	clearSteps = db.Declare(`UPDATE rights_step SET sealed = NULL WHERE request = $1`, "int")

	insertSpool  = db.Declare(`INSERT INTO rights_spool (request, step, part, sealed) VALUES ($1, $2, $3, $4)`, "int int int bytes")
	deleteSpool  = db.Declare(`DELETE FROM rights_spool WHERE request = $1 AND step = $2`, "int int")
	deleteSpools = db.Declare(`DELETE FROM rights_spool WHERE request = $1`, "int")

	insertParcel = db.Declare(`INSERT INTO rights_parcel (request, part, sealed) VALUES ($1, $2, $3)`, "int int bytes")
	deleteParcel = db.Declare(`DELETE FROM rights_parcel WHERE request = $1`, "int")
)

const (
	selectEvents = `SELECT entry, at, kind, state, actor, step, system, note FROM rights_event WHERE request = $1 ORDER BY at, entry`
	selectSurvey = `SELECT system, kind, found, sealed FROM rights_survey WHERE request = $1 AND revision = $2 ORDER BY system`
	selectPlan   = `SELECT hash, shown, sealed FROM rights_plan WHERE request = $1 AND revision = $2`
	selectSteps  = `SELECT number, kind, system, state, tries, planned, done, extra, cause, ended, outcome, sealed
		FROM rights_step WHERE request = $1 ORDER BY number`
	selectStep = `SELECT number, kind, system, state, tries, planned, done, extra, cause, ended, outcome, sealed
		FROM rights_step WHERE request = $1 AND number = $2`
	selectSpool   = `SELECT sealed FROM rights_spool WHERE request = $1 AND step = $2 AND part = $3`
	selectParcel  = `SELECT sealed FROM rights_parcel WHERE request = $1 AND part = $2`
	sumOfParcel   = `SELECT count(*) FROM rights_parcel WHERE request = $1`
	selectMethods = `SELECT at FROM rights_event WHERE request = $1 AND kind = $2 ORDER BY at DESC LIMIT 1`
)

// The states of a step.
const (
	stepWaiting = "waiting"
	stepBegun   = "begun" // its targets are stored; it may have acted
	stepDone    = "done"
)

// A step is one durable piece of work of a run.
type step struct {
	number        int64
	kind          string
	system        string
	state         string
	tries         int64
	planned, done int64
	extra         int64
	cause         string
	ended         *time.Time
	outcome       []byte
	sealed        []byte
}

func scanStep(r db.Scanner) (*step, error) {
	var (
		t     step
		ended *int64
	)
	if err := r.Scan(&t.number, &t.kind, &t.system, &t.state, &t.tries, &t.planned, &t.done, &t.extra, &t.cause, &ended, &t.outcome, &t.sealed); err != nil {
		return nil, err
	}
	if ended != nil {
		at := when(*ended)
		t.ended = &at
	}
	return &t, nil
}

// saveStep writes a step that was in state from.
func saveStep(w db.Writer, q *request, t *step, from string) {
	w.Do(updateStep, t.state, t.tries, t.planned, t.done, t.extra, t.cause, micros(t.ended), t.outcome, t.sealed, q.num, t.number, from)
}

func steps(ctx context.Context, r db.Reader, q *request) ([]*step, error) {
	return db.List(ctx, r, "rights steps", scanStep, selectSteps, q.num)
}

// A found is the stored survey of one system.
type found struct {
	system, kind string
	rows         int64
	sealed       []byte
}

func surveys(ctx context.Context, r db.Reader, q *request, revision int64) ([]found, error) {
	return db.List(ctx, r, "rights surveys", scanSurvey, selectSurvey, q.num, revision)
}

func scanSurvey(row db.Scanner) (f found, err error) {
	err = row.Scan(&f.system, &f.kind, &f.rows, &f.sealed)
	return f, err
}
