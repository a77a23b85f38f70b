package rights

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
)

var (
	insertRequest = db.Declare(`INSERT INTO rights_request (num, id, version, asks, scope, state, subject, policy, label, channel,
		language, asker, seal_key, details, received, method, reply_due, reply_rule, reply_cite, done_due,
		done_rule, done_cite, stood, reason, cite, cause, survey, plan, plan_hash, begun, fetched)
		VALUES ($1, $2, 1, $3, $4, 'received', $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, $16, $17, $18, $19, 0, '', '', '', 0, 0, '', 0, 0)`,
		"int text text text int text text text text text int bytes int int text text int text text")

	// updateRequest writes every column that can change, guarded by the state the
	// request was in; its version moves with the act.
	updateRequest = db.Declare(`UPDATE rights_request SET state = $1, policy = $2, label = $3, details = $4, verified = $5, method = $6,
		stood = $7, paused = $8, reason = $9, cite = $10, cause = $11, survey = $12, plan = $13, plan_hash = $14,
		approved = $15, begun = $16, receipt = $17, receipt_entry = $18, fetched = $19, expires = $20, ended = $21, closed = $22
		WHERE num = $23 AND state = $24`,
		"text text text bytes int text int int text text text int int text int int bytes int int int int int int text").Must()
)

const (
	selectRequest = `SELECT num, version, id, asks, scope, state, subject, policy, label, channel, language, asker, seal_key, details,
		received, verified, method, reply_due, reply_rule, reply_cite, done_due, done_rule, done_cite, stood,
		paused, reason, cite, cause, survey, plan, plan_hash, approved, begun, receipt, receipt_entry, fetched, expires, ended, closed
		FROM rights_request`
	selectByID   = selectRequest + ` WHERE id = $1`
	selectPage   = selectRequest + ` WHERE num > $1 ORDER BY num LIMIT $2`
	selectState  = selectRequest + ` WHERE num > $1 AND state = $3 ORDER BY num LIMIT $2`
	selectOpen   = selectRequest + ` WHERE ended IS NULL AND done_due <= $1 ORDER BY done_due, num LIMIT $2`
	selectSilent = selectRequest + ` WHERE ended IS NULL AND expires IS NULL AND state <> 'verified-after' AND reply_due <= $1
		ORDER BY reply_due, num LIMIT $2`
	selectOf     = selectRequest + ` WHERE subject = $1 ORDER BY num LIMIT $2`
	selectUnused = selectRequest + ` WHERE ended IS NULL AND state = 'received' AND paused IS NULL AND received <= $1 ORDER BY num LIMIT $2`
)

// askUnclosed asks, and does not read, since every erasure does it.
var askUnclosed = db.DeclareQuery(`SELECT num, id, state FROM rights_request WHERE subject = $1 AND closed IS NULL ORDER BY num`, "int")

func insert(w db.Writer, q *request) {
	w.Do(insertRequest, q.num, string(q.id), q.asks, q.scope, q.subject, q.policy, q.label, q.channel, q.language, q.asker,
		int64(q.key), q.details, q.received.UnixMicro(), dueMicros(q.reply), q.reply.rule, q.reply.cite,
		dueMicros(q.done), q.done.rule, q.done.cite)
}

// save writes a request that was in state from.
func save(w db.Writer, q *request, from State) {
	w.Do(updateRequest, string(q.state), q.policy, q.label, q.details, micros(q.verified), q.method,
		q.stood.Microseconds(), micros(q.paused), q.reason, q.cite, q.cause, q.survey, q.plan, q.planHash,
		micros(q.approved), truth(q.begun), q.receipt, number(q.receiptEntry), q.fetched, micros(q.expires), micros(q.ended), micros(q.closed),
		q.num, string(from))
}

func scan(r db.Scanner) (*request, error) {
	var (
		q                                                  request
		asked, stood                                       int64
		replyDue, doneDue                                  *int64
		verified, paused, approved, expires, ended, closed *int64
		key                                                int64
	)
	err := r.Scan(&q.num, &q.version, &q.id, &q.asks, &q.scope, &q.state, &q.subject, &q.policy, &q.label, &q.channel, &q.language,
		&q.asker, &key, &q.details, &asked, &verified, &q.method, &replyDue, &q.reply.rule, &q.reply.cite,
		&doneDue, &q.done.rule, &q.done.cite, &stood, &paused, &q.reason, &q.cite, &q.cause, &q.survey, &q.plan, &q.planHash,
		&approved, &q.begun, &q.receipt, &q.receiptEntry, &q.fetched, &expires, &ended, &closed)
	if err != nil {
		return nil, err
	}
	q.key, q.received, q.stood = seal.KeyID(key), when(asked), time.Duration(stood)*time.Microsecond
	if replyDue != nil {
		q.reply.at = when(*replyDue)
	}
	if doneDue != nil {
		q.done.at = when(*doneDue)
	}
	for _, t := range []struct {
		from *int64
		to   **time.Time
	}{
		{verified, &q.verified},
		{paused, &q.paused},
		{approved, &q.approved},
		{expires, &q.expires},
		{ended, &q.ended},
		{closed, &q.closed},
	} {
		if t.from != nil {
			at := when(*t.from)
			*t.to = &at
		}
	}
	return &q, nil
}

// get reads a request by its id.
func get(ctx context.Context, r db.Reader, want ID) (*request, error) {
	q, err := scan(r.Row(ctx, selectByID, string(want)))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there is no such request")
	}
	if err != nil {
		return nil, fmt.Errorf("rights get: %w", err)
	}
	return q, nil
}

func list(ctx context.Context, r db.Reader, sql string, args ...any) ([]*request, error) {
	return db.List(ctx, r, "rights list", scan, sql, args...)
}

func when(us int64) time.Time { return time.UnixMicro(us).UTC() }

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

func dueMicros(d due) any {
	if d.at.IsZero() {
		return nil
	}
	return d.at.UnixMicro()
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
