package db

import (
	"context"
	"fmt"
)

// A Scanner is a row to be copied: [Rows] or a [Row].
type Scanner interface {
	Scan(dest ...any) error
}

// Each runs a query and calls fn for each of its rows, until fn fails. An error
// begins with what, which says who asked.
func Each(ctx context.Context, r Reader, what string, fn func(*Rows) error, sql string, args ...any) error {
	rows, err := r.Query(ctx, sql, args...)
	if err == nil {
		err = each(rows, fn)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func each(rows *Rows, fn func(*Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// List returns what scan makes of each row of a query, in its order; nil where
// there is none. An error begins with what.
func List[T any](ctx context.Context, r Reader, what string, scan func(Scanner) (T, error), sql string, args ...any) ([]T, error) {
	rows, err := r.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return Collect(rows, what, scan)
}

// Collect is [List] for rows that are there, such as those of [DB.Ask].
func Collect[T any](rows *Rows, what string, scan func(Scanner) (T, error)) ([]T, error) {
	var out []T
	err := each(rows, func(rows *Rows) error {
		v, err := scan(rows)
		out = append(out, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// Values returns the values of a query of one column, in its order.
func Values[T any](ctx context.Context, r Reader, what, sql string, args ...any) ([]T, error) {
	return List(ctx, r, what, Value[T], sql, args...)
}

// Value returns the only column of a row.
func Value[T any](row Scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// Map returns the rows of a query of two columns: what the first names, and the
// second.
func Map[K comparable, V any](ctx context.Context, r Reader, what, sql string, args ...any) (map[K]V, error) {
	out := map[K]V{}
	err := Each(ctx, r, what, func(rows *Rows) error {
		var (
			k K
			v V
		)
		err := rows.Scan(&k, &v)
		out[k] = v
		return err
	}, sql, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Lists returns what scan makes of the rows that an [Inquiry] has found, a list for
// each of the n that it asked about, in their order. An error begins with what.
func Lists[T any](rows *Rows, n int, what string, scan func(Scanner) (T, error)) ([][]T, error) {
	out := make([][]T, n)
	err := each(rows, func(rows *Rows) error {
		v, err := scan(rows)
		out[rows.Asker()] = append(out[rows.Asker()], v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}
