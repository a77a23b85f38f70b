package mysql_test

import (
	"context"
	"testing"
)

// drop removes a role after a test, whose context has ended by then.
func drop(t testing.TB, d *database, role string) {
	if _, err := d.DB.ExecContext(context.Background(), "DROP USER "+role+"@'127.0.0.1'"); err != nil {
		t.Error(err)
	}
}
