package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/avow-dev/avow/fault"
)

func TestTheFirstFaultInAChainDecides(t *testing.T) {
	inner := fault.New(fault.NotFound, "no such thing")
	outer := fmt.Errorf("vault get: %w", inner)
	if got := fault.Of(outer); got != fault.NotFound {
		t.Errorf("Of = %q, want not_found", got)
	}
	if got := fault.Of(errors.New("disk")); got != fault.Internal {
		t.Errorf("Of(plain) = %q, want internal", got)
	}
	if got := fault.Of(nil); got != "" {
		t.Errorf("Of(nil) = %q", got)
	}
}

func TestTheMessageNeverShowsTheOperatorsError(t *testing.T) {
	err := fault.Wrap(fault.Busy, errors.New("dial 10.0.0.1: refused"), "the store cannot be reached")
	if got := fault.Message(fmt.Errorf("x: %w", err)); got != "the store cannot be reached" {
		t.Errorf("Message = %q", got)
	}
	if got := fault.Message(errors.New("secret")); got == "" || got == "secret" {
		t.Errorf("Message of a plain error = %q", got)
	}
}
