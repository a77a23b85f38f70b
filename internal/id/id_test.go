package id_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/id"
)

func TestIdsAreValidOnlyUnderTheirOwnPrefix(t *testing.T) {
	s := id.Random("sub")
	if !id.Valid("sub", s) || id.Valid("req", s) {
		t.Errorf("Valid is wrong about %q", s)
	}
	for _, bad := range []string{"", "sub_", "sub_short", s + "0", "sub_" + "!!!!!!!!!!!!!!!!!!!!!!!!!!"} {
		if id.Valid("sub", bad) {
			t.Errorf("Valid(%q) = true", bad)
		}
	}
}

func TestOrderedIdsFollowTime(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	a, b := id.Ordered("req", at), id.Ordered("req", at.Add(time.Millisecond))
	if a >= b {
		t.Errorf("%s does not sort before %s", a, b)
	}
}
