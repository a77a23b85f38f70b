package promise_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// promises reads the list of promises, by the letter their ids begin with.
func promises(t *testing.T) map[string][]string {
	t.Helper()
	src, err := os.ReadFile("../../shared/promises/promises.tsv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the list of promises, ../shared/promises/promises.tsv, is not beside this repository: the packs are not compared with it")
	}
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(src)), "\n") {
		id, _, _ := strings.Cut(line, "\t")
		if letter, _, ok := strings.Cut(id, "-"); ok && i > 0 {
			out[letter] = append(out[letter], id)
		}
	}
	return out
}

func TestEveryPromiseOfAPackIsAClauseThatSomethingKeeps(t *testing.T) {
	want := promises(t)
	names, err := fs.Glob(policies.Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := policies.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := policy.Load(name, src, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		have, letter := map[string]bool{}, ""
		for _, c := range p.Clauses() {
			have[c.ID] = true
			letter, _, _ = strings.Cut(c.ID, "-")
			if len(c.Keeps) == 0 {
				t.Errorf("%s: nothing keeps %s: name a control under keeps", name, c.ID)
			}
		}
		if len(want[letter]) == 0 {
			t.Errorf("%s: the list of promises has none that begin with %q", name, letter)
		}
		missing := []string{}
		for _, id := range want[letter] {
			if !have[id] {
				missing = append(missing, id)
			}
			delete(have, id)
		}
		if len(missing) > 0 {
			t.Errorf("%s: %d promises are no clause of the pack: %s", name, len(missing), strings.Join(missing, " "))
		}
		for id := range have {
			t.Errorf("%s: the clause %s is no promise of the list", name, id)
		}
	}
}
