package idempotency

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

const (
	// Life is how long an answer is kept.
	Life = 24 * time.Hour

	// Lease is how long work may take. A key whose work has neither ended nor
	// failed by then was cut off: the next request with it takes the work over.
	Lease = 5 * time.Minute
)

var (
	insertKey = db.Declare(`INSERT INTO idempotency (digest, request, made, answer) VALUES ($1, $2, $3, NULL)`, "bytes bytes int")
	updateKey = db.Declare(`UPDATE idempotency SET answer = $1 WHERE digest = $2 AND made = $3 AND answer IS NULL`, "bytes bytes int")
	deleteKey = db.Declare(`DELETE FROM idempotency WHERE digest = $1 AND made = $2 AND answer IS NULL`, "bytes int")
	takeKey   = db.Declare(`UPDATE idempotency SET made = $1 WHERE digest = $2 AND made = $3 AND answer IS NULL`, "int bytes int").Must()
	sweepKeys = db.Declare(`DELETE FROM idempotency WHERE made < $1`, "int")
)

const selectKey = `SELECT request, made, answer FROM idempotency WHERE digest = $1`

// A Ticket is the leave to work on a request, or the answer that was given.
type Ticket struct {
	Answer   []byte
	Replayed bool // Answer is an earlier one: nothing is to be done

	digest []byte
	made   int64 // tells this work from one that takes it over
}

// Digest is a keyed digest, for the key and the request of [Begin].
func Digest(secret []byte, parts ...string) []byte {
	m := hmac.New(sha256.New, secret)
	for _, p := range parts {
		fmt.Fprintf(m, "%d:", len(p))
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// Begin takes a key for a request. It is fault.Conflict while the first request
// with the key is worked on, and fault.Invalid when the key was another's.
func Begin(ctx context.Context, d *db.DB, key, request []byte) (Ticket, error) {
	for range 2 {
		act := d.NewAct()
		t := Ticket{digest: key, made: act.Now().UnixMicro()}
		act.Do(insertKey, key, request, t.made)
		err := d.Commit(ctx, act)
		if err == nil {
			return t, nil
		}
		if !db.Constraint(err) {
			return Ticket{}, fmt.Errorf("idempotency begin: %w", err)
		}
		t, again, err := look(ctx, d, key, request)
		if err != nil || !again {
			return t, err
		}
	}
	return Ticket{}, busy()
}

func busy() error {
	return fault.New(fault.Conflict, "the first request with this idempotency key is still worked on: wait a little and send it again")
}

// look returns what is known of a key, or takes its work over. again says that
// it is free now.
func look(ctx context.Context, d *db.DB, key, request []byte) (t Ticket, again bool, err error) {
	var (
		was, answer []byte
		made        int64
	)
	err = d.Look(ctx, func(r *db.Snapshot) error { return r.Row(ctx, selectKey, key).Scan(&was, &made, &answer) })
	age := d.Now().Sub(time.UnixMicro(made))
	switch {
	case db.None(err):
		return Ticket{}, true, nil
	case err != nil:
		return Ticket{}, false, fmt.Errorf("idempotency begin: %w", err)
	case age > Life:
		return Ticket{}, true, Sweep(ctx, d)
	case !bytes.Equal(was, request):
		return Ticket{}, false, fault.New(fault.Invalid, "this idempotency key was used for another request: use a new key for each")
	case answer != nil:
		return Ticket{Answer: answer, Replayed: true}, false, nil
	case age > Lease:
		t, err = takeOver(ctx, d, key, made)
		return t, false, err
	}
	return Ticket{}, false, busy()
}

// takeOver takes the work of a request that was cut off. Of many who try, one
// has it.
func takeOver(ctx context.Context, d *db.DB, key []byte, made int64) (Ticket, error) {
	act := d.NewAct()
	t := Ticket{digest: key, made: act.Now().UnixMicro()}
	act.Do(takeKey, t.made, key, made)
	err := d.Commit(ctx, act)
	if db.Lost(err) {
		return Ticket{}, busy()
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("idempotency begin: %w", err)
	}
	return t, nil
}

// Done keeps the answer, unless another has taken the work over. It holds no
// personal value.
func (t Ticket) Done(ctx context.Context, d *db.DB, answer []byte) error {
	return write(ctx, d, updateKey, answer, t.digest, t.made)
}

// Release gives the key free: nothing was done under it.
func (t Ticket) Release(ctx context.Context, d *db.DB) error {
	return write(ctx, d, deleteKey, t.digest, t.made)
}

// Sweep forgets what is older than [Life].
func Sweep(ctx context.Context, d *db.DB) error {
	return write(ctx, d, sweepKeys, d.Now().Add(-Life).UnixMicro())
}

func write(ctx context.Context, d *db.DB, s *db.Statement, args ...any) error {
	act := d.NewAct()
	act.Do(s, args...)
	if err := d.Commit(ctx, act); err != nil {
		return fmt.Errorf("idempotency: %w", err)
	}
	return nil
}
