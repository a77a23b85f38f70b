package id_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
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

func TestWhatHasNoFormOfAnIdIsNotFoundAndNotRepeated(t *testing.T) {
	type caseID string
	s := id.Random("case")
	if got, err := id.Parse[caseID]("case", "case", s); err != nil || got != caseID(s) {
		t.Errorf("Parse(%q) = %q, %v", s, got, err)
	}
	const mail = "lin.wang@mail.example"
	got, err := id.Parse[caseID]("case", "case", mail)
	if got != "" || fault.Of(err) != fault.NotFound {
		t.Errorf("Parse = %q, %v; want fault.NotFound", got, err)
	}
	if want := "there is no such case: an id has the form case_ and 26 letters and digits"; fault.Message(err) != want {
		t.Errorf("message %q, want %q", fault.Message(err), want)
	}
}
