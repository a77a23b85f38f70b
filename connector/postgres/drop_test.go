package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// drop removes a database after a test, whose context has ended by then.
func drop(t testing.TB, dsn, name string) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		t.Error(err)
	}
}
