package job

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
)

// A job that may run now for a runner that knows its kind: $1 is the business
// time, $2 the kinds as ",a,b,". Of several due jobs with one name only the
// first may, and none while one of that name is running.
//
// The statistics of a table that changes this fast are always wrong. The
// conditions are put so that PostgreSQL, knowing nothing, believes that most rows
// pass: it then walks the index job_due and stops at the limit, where it would
// otherwise sort the whole backlog for every batch. (x IS NOT NULL is taken for
// true, a subquery that is a value is not turned into a join, and CASE keeps
// SQLite from joining two indexes for an OR.)
const mayRun = `j.due_at <= $1
	AND CASE WHEN $2 LIKE '%,' || j.kind || ',%' THEN 1 END IS NOT NULL
	AND (SELECT CASE WHEN count(*) = 0 THEN 1 END FROM job o WHERE o.kind = j.kind AND o.ref = j.ref
		AND CASE WHEN o.state = 'running' THEN 1 WHEN o.due_at <= $1 AND o.num < j.num THEN 1 END = 1) IS NOT NULL
	ORDER BY j.due_at, j.num`

const (
	selectDue    = `SELECT j.num FROM job j WHERE ` + mayRun + ` LIMIT 1`
	selectOwners = `SELECT DISTINCT owner FROM job WHERE state = 'running' AND owner <> $1`
	updateTurn   = `UPDATE job_turn SET turn = turn + 1 WHERE one = 1 RETURNING turn`
	takeDue      = `UPDATE job SET state = 'running', due_at = 9223372036854775807, owner = $3, fence = $4, attempts = attempts + 1
		WHERE num IN (SELECT j.num FROM job j WHERE ` + mayRun + ` LIMIT $5)
		RETURNING num, kind, ref, run_at, attempts, note`
	// What was due or dead under the name of a job that is now taken is done by it.
	deleteSame = `DELETE FROM job WHERE num IN (SELECT d.num FROM job o JOIN job d ON d.kind = o.kind AND d.ref = o.ref
		WHERE o.state = 'running' AND o.fence = $1 AND (d.state = 'dead' OR d.due_at <= $2))`
	// The jobs of a runner that is gone. Its try counts.
	freeOwner = `UPDATE job SET state = CASE WHEN attempts >= $2 THEN 'dead' ELSE 'ready' END,
		due_at = CASE WHEN attempts >= $2 THEN 9223372036854775807 ELSE run_at END, owner = '',
		failure = 'the worker was lost while it ran' WHERE owner = $1 AND state = 'running'`
	selectState = `SELECT num, kind, ref, state, made_at, run_at, attempts, note, failure FROM job
		WHERE state = $1 AND num > $2 ORDER BY num LIMIT $3`
	selectAll = `SELECT num, kind, ref, state, made_at, run_at, attempts, note, failure FROM job
		WHERE num > $1 ORDER BY num LIMIT $2`
)

// Everything a worker writes about its job carries the fence, and must find it.
var (
	insertJob = db.Declare(`INSERT INTO job (kind, ref, state, made_at, run_at, due_at, attempts, owner, fence, note, failure)
		VALUES ($1, $2, 'ready', $3, $4, $4, 0, '', 0, '', '')`, "text text int int")
	deleteDone = db.Declare(`DELETE FROM job WHERE num = $1 AND fence = $2 AND state = 'running'`, "int int").Must()
	updateNote = db.Declare(`UPDATE job SET note = $3 WHERE num = $1 AND fence = $2 AND state = 'running'`, "int int text").Must()
	// $3 the next state, $4 when it may run, $5 when it is due, $6 tries given back, $7 why.
	endTry = db.Declare(`UPDATE job SET state = $3, run_at = $4, due_at = $5, attempts = attempts - $6, failure = $7, owner = ''
		WHERE num = $1 AND fence = $2 AND state = 'running'`, "int int text int int int text").Must()
)

// due reports whether there is something to do for a runner that knows kinds,
// and which other runners hold jobs.
func due(ctx context.Context, d *db.DB, now int64, kinds, owner string) (found bool, others []string, err error) {
	err = d.Read(ctx, func(s *db.Snapshot) error {
		var num int64
		err := s.Row(ctx, selectDue, now, kinds).Scan(&num)
		if err != nil && !db.None(err) {
			return err
		}
		found = err == nil
		others, err = db.Values[string](ctx, s, "job owners", selectOwners, owner)
		return err
	})
	return found, others, err
}

// take makes up to limit due jobs the owner's, under a new fence.
func take(ctx context.Context, d *db.DB, now int64, kinds, owner string, limit int) (jobs []Job, err error) {
	err = d.Tx(ctx, func(tx *db.Tx) error {
		var fence int64
		if err := tx.Row(ctx, updateTurn).Scan(&fence); err != nil {
			return err
		}
		var err error
		jobs, err = db.List(ctx, tx, "job take", func(row db.Scanner) (Job, error) {
			j := Job{hold: &hold{db: d, fence: fence}}
			var runAt int64
			err := row.Scan(&j.hold.num, &j.Kind, &j.Ref, &runAt, &j.Attempt, &j.Note)
			j.RunAt = fromMicro(runAt)
			return j, err
		}, takeDue, now, kinds, owner, fence, limit)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, deleteSame, fence, now)
		return err
	})
	return jobs, err
}

// free gives the jobs of a runner that is gone to everybody.
func free(ctx context.Context, d *db.DB, owner string, tries int) error {
	return d.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, freeOwner, owner, tries)
		return err
	})
}
