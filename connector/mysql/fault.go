package mysql

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/avow-dev/avow/fault"
)

// What a message of MySQL says of names, at places where no value can stand: a
// constraint of the tables, and the key or column that ends it.
var (
	constraintPattern = regexp.MustCompile("^Cannot .*CONSTRAINT `([A-Za-z0-9_$]+)` FOREIGN KEY|^CONSTRAINT `([A-Za-z0-9_$.]+)` failed for|^Check constraint '([A-Za-z0-9_$]+)' is violated")
	keyPattern        = regexp.MustCompile(`for key '([A-Za-z0-9_$.]+)'$`)
	columnPattern     = regexp.MustCompile("(?:^Column|for column) ['`]([A-Za-z0-9_$.`]+)['`] (?:cannot be null|at row [0-9]+)$")
)

// clean turns an error of MySQL into a fault without values. Messages repeat
// values ("Duplicate entry '…' for key …"), so only the code and the names of
// constraint, key and column pass.
func clean(ctx context.Context, err error) error {
	if err == nil || fault.Of(err) != fault.Internal {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, mysql.ErrPktTooLarge) {
		return fault.New(fault.Conflict, "a statement is longer than MySQL takes (max_allowed_packet): raise it. Nothing was done")
	}
	e, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return fault.New(fault.Busy, "the connection to MySQL broke: try again")
	}
	what := describe(e)
	switch kindOf(e) {
	case refused:
		return fault.New(fault.Conflict, "MySQL refused the change (%s). Nothing was done", what)
	case notNow:
		return fault.New(fault.Busy, "MySQL could not do it now (%s): try again", what)
	case turnedAway:
		return fault.New(fault.Busy, "MySQL refuses the connection (%s)", what)
	case forbidden:
		return fault.New(fault.Invalid, "the role may not do this (%s): grant SELECT on every table, and UPDATE and DELETE on mapped ones", what)
	}
	return fault.New(fault.Internal, "MySQL failed (%s)", what)
}

func describe(e *mysql.MySQLError) string {
	what := fmt.Sprintf("code %d", e.Number)
	for _, n := range []struct {
		kind    string
		pattern *regexp.Regexp
	}{{"constraint", constraintPattern}, {"key", keyPattern}, {"column", columnPattern}} {
		if m := n.pattern.FindStringSubmatch(e.Message); m != nil {
			what += fmt.Sprintf(", %s %s", n.kind, strings.ReplaceAll(strings.Join(m[1:], ""), "`", ""))
		}
	}
	return what
}

// An outcome is what an error means for whoever asked.
type outcome int

const (
	failed outcome = iota
	refused
	notNow
	turnedAway
	forbidden
)

func kindOf(e *mysql.MySQLError) outcome {
	switch e.Number {
	case 1020, // changed since the transaction began
		1021, 1030, 1114, // disk or table full, error of the storage
		1040, 1203, 1226, // too many connections
		1053, 1077, 1290, 1836, 3100, 1927, // shutting down, read only, killed
		1205, 1213, 1412, 3572, // locks, a table that was altered
		1317, 1969, 3024: // interrupted, out of time
		return notNow
	case 1044, 1045, 1049, 1130, 1698, 3118, 4151: // account, password, database, host, locked
		return turnedAway
	case 1142, 1143, 1227, 1370:
		return forbidden
	case 1153: // max_allowed_packet
		return refused
	case 1264, 1265, 1292, 1364, 1366, 1406, 1411, 1525, 3140, 3819, 4025: // values that do not fit
		return refused
	}
	switch string(e.SQLState[:2]) {
	case "22", "23", "45": // data, constraints, what a trigger signals
		return refused
	case "08":
		return notNow
	}
	return failed
}
