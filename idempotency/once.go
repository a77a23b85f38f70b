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

// Life is how long an answer is kept.
const Life = 24 * time.Hour

var (
	insertKey = db.Declare(`INSERT INTO idempotency (digest, request, made, answer) VALUES ($1, $2, $3, NULL)`, "bytes bytes int")
	updateKey = db.Declare(`UPDATE idempotency SET answer = $1 WHERE digest = $2 AND answer IS NULL`, "bytes bytes")
	deleteKey = db.Declare(`DELETE FROM idempotency WHERE digest = $1 AND answer IS NULL`, "bytes")
	sweepKeys = db.Declare(`DELETE FROM idempotency WHERE made < $1`, "int")
)

const selectKey = `SELECT request, made, answer FROM idempotency WHERE digest = $1`

// A Ticket is the leave to work on a request, or the answer that was given.
type Ticket struct {
	Answer   []byte
	Replayed bool // Answer is an earlier one: nothing is to be done

	digest []byte
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
		act.Do(insertKey, key, request, act.Now().UnixMicro())
		err := d.Commit(ctx, act)
		if err == nil {
			return Ticket{digest: key}, nil
		}
		if !db.Constraint(err) {
			return Ticket{}, fmt.Errorf("idempotency begin: %w", err)
		}
		t, old, err := look(ctx, d, key, request)
		if err != nil || !old {
			return t, err
		}
		if err := Sweep(ctx, d); err != nil {
			return Ticket{}, err
		}
	}
	return Ticket{}, busy()
}

func busy() error {
	return fault.New(fault.Conflict, "the first request with this idempotency key is still worked on, or was cut off: wait a little and send it again; if that does not help, look whether it was done, and use a new key")
}

// look returns what is known of a key; old says that it may be taken again.
func look(ctx context.Context, d *db.DB, key, request []byte) (t Ticket, old bool, err error) {
	var (
		was, answer []byte
		made        int64
	)
	err = d.Read(ctx, func(r *db.Snapshot) error { return r.Row(ctx, selectKey, key).Scan(&was, &made, &answer) })
	switch {
	case db.None(err):
		return Ticket{}, true, nil
	case err != nil:
		return Ticket{}, false, fmt.Errorf("idempotency begin: %w", err)
	case d.Now().Sub(time.UnixMicro(made)) > Life:
		return Ticket{}, true, nil
	case !bytes.Equal(was, request):
		return Ticket{}, false, fault.New(fault.Invalid, "this idempotency key was used for another request: use a new key for each")
	case answer == nil:
		return Ticket{}, false, busy()
	}
	return Ticket{Answer: answer, Replayed: true}, false, nil
}

// Done keeps the answer. It holds no personal value.
func (t Ticket) Done(ctx context.Context, d *db.DB, answer []byte) error {
	return write(ctx, d, updateKey, answer, t.digest)
}

// Release gives the key free: nothing was done under it.
func (t Ticket) Release(ctx context.Context, d *db.DB) error {
	return write(ctx, d, deleteKey, t.digest)
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
