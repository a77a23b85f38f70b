package link

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

var insertCall = db.Declare(`INSERT INTO link_call (id, target, url, outcome, status, at, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int text text text int int int")

const (
	selectNewest = `SELECT target, url, outcome, status, at, entry FROM link_call
		WHERE id IN (SELECT max(id) FROM link_call GROUP BY target)`
	selectCalls = `SELECT target, url, outcome, status, at, entry FROM link_call WHERE target = $1 ORDER BY id DESC LIMIT $2`
)

// An Outcome says what came of calling an address.
type Outcome string

// The outcomes.
const (
	Works     Outcome = "works"
	Broken    Outcome = "broken"    // it answered that there is nothing, or that it failed
	Silent    Outcome = "silent"    // it did not answer in time, or nobody listens
	Nowhere   Outcome = "nowhere"   // its name cannot be resolved
	Forbidden Outcome = "forbidden" // it leads into a network that is not public
	Untrusted Outcome = "untrusted" // its certificate does not hold
)

// A Call is what came of calling an address once.
type Call struct {
	Target  string    `json:"target"` // recipient/NAME or link/NUMBER
	URL     string    `json:"url"`
	Outcome Outcome   `json:"outcome"`
	Status  int       `json:"status,omitempty"` // of HTTP
	At      time.Time `json:"at"`
	Entry   int64     `json:"entry"` // the log entry that proves it
}

// Called records a call. id is from db.Number("call"); the time is the act's.
func Called(w db.Writer, id int64, c Call) {
	w.Do(insertCall, id, c.Target, c.URL, string(c.Outcome), int64(c.Status), w.Now().UnixMicro(), c.Entry)
}

// Newest returns the newest call of each target.
func Newest(ctx context.Context, r db.Reader) (map[string]Call, error) {
	out := map[string]Call{}
	err := calls(ctx, r, func(c Call) { out[c.Target] = c }, selectNewest)
	return out, err
}

// Calls returns the newest calls of a target, the last one first.
func Calls(ctx context.Context, r db.Reader, target string, limit int) (out []Call, err error) {
	err = calls(ctx, r, func(c Call) { out = append(out, c) }, selectCalls, target, limit)
	return out, err
}

func calls(ctx context.Context, r db.Reader, found func(Call), sql string, args ...any) error {
	return db.Each(ctx, r, "link calls", func(rows *db.Rows) error {
		var (
			c  Call
			at int64
		)
		if err := rows.Scan(&c.Target, &c.URL, &c.Outcome, &c.Status, &at, &c.Entry); err != nil {
			return err
		}
		c.At = time.UnixMicro(at).UTC()
		found(c)
		return nil
	}, sql, args...)
}
