package dbtest

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// Soak is how long a long run goes on: AVOW_SOAK says it. Without it the test is
// skipped; what is no period fails it, so that nobody waits for a run that did not run.
func Soak(t testing.TB) time.Duration {
	t.Helper()
	said := os.Getenv("AVOW_SOAK")
	if said == "" {
		t.Skip("a long run: AVOW_SOAK says for how long")
	}
	period, err := time.ParseDuration(said)
	if err != nil {
		t.Fatalf("AVOW_SOAK is %q: say for how long, such as 45s", said)
	}
	return period
}

// Soaked prints the line of a long run for the table of "make soak": what was done,
// how often, and how much was lost. A test that has failed has lost something.
func Soaked(t testing.TB, what string, count, losses int) {
	if t.Failed() {
		losses = max(losses, 1)
	}
	fmt.Printf("soak: %s %d losses %d\n", what, count, losses)
}
