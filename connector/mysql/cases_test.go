package mysql_test

import (
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/connector/mysql"
	"github.com/avow-dev/avow/datamap"
)

// database is a MariaDB database outside avow, dropped after the test.
type database struct{ *connectortest.MariaDB }

func fresh(t testing.TB) connectortest.Database {
	t.Helper()
	return &database{connectortest.NewMariaDB(t)}
}

func (d *database) Open(t testing.TB, m *datamap.Map, progress func(connector.Progress)) connector.System {
	t.Helper()
	s, err := mysql.Open(t.Context(), mysql.Config{DSN: d.DSN(), Map: m, Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func kind(of string) string { return of[strings.LastIndexByte(of, ' ')+1:] }

func TestChinookIsPerfect(t *testing.T) {
	connectortest.RunCase(t, "chinook-mysql", fresh, kind)
}

func TestTheConnectorKeepsThePromisesOfEveryKind(t *testing.T) {
	connectortest.Run(t, "mysql", fresh)
}
