// Package gatetest gives tests of connectors the warrants they need.
package gatetest

import (
	"testing"

	"github.com/avow-dev/avow/gate"
)

// Warrant returns leave to do action in system about subject.
func Warrant(t testing.TB, system string, action gate.Action, subject string) gate.Warrant {
	t.Helper()
	return gate.IssueBare(system, action, subject)
}
