package policy

import "testing"

func TestTheBasePolicyHasNoFindings(t *testing.T) {
	_, all, err := Load("base.yaml", []byte(base(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		t.Errorf("%s", f)
	}
}
