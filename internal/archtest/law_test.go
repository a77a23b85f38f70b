package archtest

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestTheLawFindsWhatBreaksIt runs each rule over small trees in testdata that
// break it: a rule that finds nothing protects nothing. A file is a txtar
// archive; the lines of "want" are the beginnings of the sentences to come, in
// any order, behind the rule's name.
func TestTheLawFindsWhatBreaksIt(t *testing.T) {
	rules := map[string]func(*tree) faults{
		"imports": imports, "tables": tables, "docs": docs, "names": vagueNames, "clocks": clocks, "drivers": drivers,
		"lengths": lengths, "comments": comments, "inits": inits, "migrations": migrationNames, "skips": skips, "transactions": transactions,
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	broken := map[string]bool{}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			var want []string
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
					continue
				}
				text := strings.ReplaceAll(string(f.Data), "ⓛ", strings.Repeat("\n", 500))
				fsys[f.Name] = &fstest.MapFile{Data: []byte(text)}
			}
			tr, err := parse(fsys)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for rule, check := range rules {
				for _, sentence := range check(tr) {
					got = append(got, rule+" "+sentence)
					broken[rule] = true
				}
			}
			compare(t, want, got)
		})
	}
	for rule := range rules {
		if !broken[rule] {
			t.Errorf("no case breaks the rule %q: add one to testdata", rule)
		}
	}
}

// compare matches each wanted beginning with exactly one sentence.
func compare(t *testing.T, want, got []string) {
	t.Helper()
	left := map[string]int{}
	for _, g := range got {
		left[g]++
	}
next:
	for _, w := range want {
		if w == "" {
			continue
		}
		for g := range left {
			if strings.HasPrefix(g, w) {
				delete(left, g)
				continue next
			}
		}
		t.Errorf("missing: %s…", w)
	}
	for g := range left {
		t.Errorf("unexpected: %s", g)
	}
}
