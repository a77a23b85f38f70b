package centre_test

import "testing"

// The packs keep their board to themselves: no page says how a sentence stands.
func TestABoardThatIsNotPublicIsNotShown(t *testing.T) {
	s := open(t)
	r := s.reader("en")
	if text := r.Get("/" + one + "/clauses").Text; text == "" {
		t.Fatal("there are no clauses")
	}
	r.Get("/"+one+"/policy.json").Lacks("last_shown", `"state"`)
	r.Get("/"+one+"/clauses").Lacks("last shown on", "Not kept by anything yet")
}
