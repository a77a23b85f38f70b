package policy_test

import (
	"testing"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// Whoever gives data of a minor says that the minor's guardian agreed; the word alone,
// about nobody, opens nothing and closes nothing.
func TestDataOfAMinorNeedsTheWordOfWhoGivesIt(t *testing.T) {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load("goscom-pro.yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of, agreed, refused bool
	}{{false, false, false}, {false, true, false}, {true, false, true}, {true, true, false}} {
		given := []policy.Given{{Item: "support.message", Value: "my nephew wants to use the camera", Voluntary: true, OfMinor: c.of, GuardianAgreed: c.agreed}}
		found := false
		for _, r := range p.Collect("support", given, &policy.Facts{Account: policy.AccountOpen, Accepted: true}) {
			if r.Code != policy.MinorUnattested {
				continue
			}
			found = true
			if r.Control != policy.MinorUploaded || r.Clause != "C-094" || r.Pos.Line == 0 {
				t.Errorf("the refusal names %s, %s, line %d", r.Control, r.Clause, r.Pos.Line)
			}
		}
		if found != c.refused {
			t.Errorf("of a minor %v, attested %v: refused %v", c.of, c.agreed, found)
		}
	}
}
