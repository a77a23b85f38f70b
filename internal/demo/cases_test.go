package demo_test

import (
	"testing"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/platform"
)

func TestAFilledFolderHasCasesInEveryState(t *testing.T) {
	s := filled(t, t.TempDir(), 20)
	for _, p := range s.Platforms() {
		list, err := p.Cases(t.Context(), platform.CaseFilter{})
		if err != nil {
			t.Fatal(err)
		}
		states, outcomes, second := map[contact.State]int{}, map[string]int{}, 0
		for _, c := range list {
			states[c.State]++
			outcomes[c.Outcome]++
			if c.First != "" {
				second++
			}
			if c.Overdue || c.Late {
				t.Errorf("%s: a %s about %s, %s, is late", p.ID(), c.Kind, c.Topic, c.State)
			}
		}
		if states[contact.Open] < 3 || states[contact.Answered] == 0 || outcomes[contact.Solved] == 0 || outcomes[contact.NoWord] == 0 || outcomes[contact.Escalated] == 0 || second == 0 {
			t.Errorf("%s has cases in %v, ended %v, %d looked at again", p.ID(), states, outcomes, second)
		}
	}
}
