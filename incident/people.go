package incident

import (
	"context"
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
	return db.Map[Told, int64](ctx, r, "incident people", countPeople, num)
}

func people(ctx context.Context, r db.Reader, sql string, args ...any) ([]Person, error) {
	return db.List(ctx, r, "incident people", scanPerson, sql, args...)
}

func scanPerson(row db.Scanner) (p Person, err error) {
	var (
		found int64
		told  *int64
	)
	if err := row.Scan(&p.Subject, &found, &p.State, &told); err != nil {
		return p, err
	}
	p.Found, p.At = time.UnixMicro(found).UTC(), moment(told)
	return p, nil
}
