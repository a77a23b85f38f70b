package message

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/internal/db"
)

const (
	selectLatest   = selectMessage + ` WHERE id < $1 ORDER BY id DESC LIMIT $2`
	selectLatestOf = selectMessage + ` WHERE id < $1 AND class = $2 ORDER BY id DESC LIMIT $3`
	countWhys      = `SELECT state, why, COUNT(*) FROM message_copy WHERE message = $1 AND state IN ('withheld', 'failed') GROUP BY state, why ORDER BY COUNT(*) DESC, why`
)

// afterAll comes after every ID, in whatever way a server sorts text.
const afterAll = idPrefix + "_zzzzzzzzzzzzzzzzzzzzzzzzzzz"

// Latest returns messages, the newest first: those made before one ("": all), of a class
// ("": of any).
func Latest(ctx context.Context, r db.Reader, before ID, class Class, limit int) ([]*Message, error) {
	if before == "" {
		before = afterAll
	}
	if class == "" {
		return list(ctx, r, selectLatest, string(before), limit)
	}
	return list(ctx, r, selectLatestOf, string(before), string(class), limit)
}

// A Cause is why copies of a message did not go, and of how many that holds.
type Cause struct {
	State  State  // Withheld or Failed
	Why    string // a code
	Copies int64
}

// Causes returns why copies of a message did not go, what holds for most first.
func Causes(ctx context.Context, r db.Reader, num int64) ([]Cause, error) {
	rows, err := r.Query(ctx, countWhys, num)
	if err != nil {
		return nil, fmt.Errorf("message causes: %w", err)
	}
	defer rows.Close()
	var out []Cause
	for rows.Next() {
		var c Cause
		var state string
		if err := rows.Scan(&state, &c.Why, &c.Copies); err != nil {
			return nil, fmt.Errorf("message causes: %w", err)
		}
		c.State = State(state)
		out = append(out, c)
	}
	return out, rows.Err()
}
