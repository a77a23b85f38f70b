package incident

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

// Concerned returns people whom an incident concerns, by their number, after one.
func Concerned(ctx context.Context, r db.Reader, num, after int64, limit int) ([]Person, error) {
	return people(ctx, r, selectPeople, num, after, limit)
}

// Untold returns people whom an incident concerns and who were not told yet.
func Untold(ctx context.Context, r db.Reader, num int64, limit int) ([]Person, error) {
	return people(ctx, r, selectWaits, num, limit)
}

// CountPeople counts those whom an incident concerns by whether they were told.
func CountPeople(ctx context.Context, r db.Reader, num int64) (map[Told]int64, error) {
	rows, err := r.Query(ctx, countPeople, num)
	if err != nil {
		return nil, fmt.Errorf("incident people: %w", err)
	}
	defer rows.Close()
	out := map[Told]int64{}
	for rows.Next() {
		var (
			state Told
			n     int64
		)
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("incident people: %w", err)
		}
		out[state] = n
	}
	return out, rows.Err()
}

func people(ctx context.Context, r db.Reader, sql string, args ...any) (out []Person, err error) {
	rows, err := r.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("incident people: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			p     Person
			found int64
			told  *int64
		)
		if err := rows.Scan(&p.Subject, &found, &p.State, &told); err != nil {
			return nil, fmt.Errorf("incident people: %w", err)
		}
		p.Found, p.At = time.UnixMicro(found).UTC(), moment(told)
		out = append(out, p)
	}
	return out, rows.Err()
}
