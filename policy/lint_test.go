package policy

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/avow-dev/avow/fault"
)

// The lint corpus: testdata/lint/*.txtar. Each file of an archive changes the
// base policy line by line ("old => new"); after "findings:" stands what Lint
// or Parse then says.
func TestLintCorpus(t *testing.T) {
	eachCorpusFile(t, "lint", func(t *testing.T, a *txtar.Archive) {
		for i, f := range a.Files {
			edits, want, _ := strings.Cut(string(f.Data), "findings:\n")
			src := base(t)
			for line := range strings.Lines(edits) {
				if strings.TrimSpace(line) == "" {
					continue
				}
				from, to, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " =>")
				if !ok {
					t.Fatalf("%s: %q is not old => new", f.Name, line)
				}
				src = edit(t, src, from, strings.ReplaceAll(strings.TrimPrefix(to, " "), `\n`, "\n"))
			}
			checkFindings(t, a, i, edits+"findings:\n", want, src)
		}
	})
}

// The parse corpus: whole files that are wrong in form.
func TestParseCorpus(t *testing.T) {
	eachCorpusFile(t, "parse", func(t *testing.T, a *txtar.Archive) {
		for i, f := range a.Files {
			src, want, _ := strings.Cut(string(f.Data), "findings:\n")
			checkFindings(t, a, i, src+"findings:\n", want, src)
		}
	})
}

func checkFindings(t *testing.T, a *txtar.Archive, i int, head, want, src string) {
	t.Helper()
	p, all, err := Load("base.yaml", []byte(src), nil)
	var got strings.Builder
	for _, f := range all {
		got.WriteString(f.String() + "\n")
	}
	var ps Problems
	if errors.As(err, &ps) && len(all) == 0 {
		got.WriteString(ps.Error() + "\n")
	}
	failed := problems(all) != nil || len(all) == 0 && err != nil
	if failed != (p == nil) {
		t.Errorf("%s: errors %v, but policy %v", a.Files[i].Name, failed, p != nil)
	}
	if err != nil && fault.Of(err) != fault.Invalid {
		t.Errorf("%s: %v is no Invalid fault", a.Files[i].Name, err)
	}
	if *update {
		a.Files[i].Data = []byte(head + got.String())
	} else if d := cmp.Diff(want, got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", a.Files[i].Name, d)
	}
}

func TestEveryFindingSaysWhatToDo(t *testing.T) {
	src := edit(t, base(t), "basis: contract}", "basis: kontract}", "type: email", "type: emial", "keep: account,", "keep: acount,")
	_, err := Parse("base.yaml", []byte(src))
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 1 {
		t.Fatalf("err = %v", err)
	}
	src = edit(t, src, "kontract", "contract")
	s, err := Parse("base.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	all := Lint(s)
	if len(all) != 2 {
		t.Fatalf("findings: %v", all)
	}
	for _, f := range all {
		if f.Remedy == "" || f.Pos.Line == 0 || f.Pos.Column == 0 || f.Pos.File != "base.yaml" {
			t.Errorf("%+v", f)
		}
		if _, err := json.Marshal(f); err != nil {
			t.Error(err)
		}
	}
	_, err = Compile(s, Options{})
	if !strings.Contains(fault.Message(err), `did you mean "email"?`) {
		t.Errorf("the person reads %q", fault.Message(err))
	}
}

// Every value of the file stands where its position says, also after Chinese
// text and inside flow collections.
func TestPositionsPointAtTheValue(t *testing.T) {
	src := base(t)
	s, err := Parse("base.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(src, "\n")
	at := func(p Pos) string {
		r := []rune(lines[p.Line-1])
		return string(r[p.Column-1:])
	}
	n := 0
	for _, v := range s.read.strs {
		if got := strings.TrimPrefix(at(v.pos), `"`); !strings.HasPrefix(got, v.v) {
			t.Errorf("%s: %q stands there, want %q", v.pos, got, v.v)
		}
		n++
	}
	for _, e := range s.doc.Items.entries {
		if !strings.HasPrefix(at(e.pos), e.name+":") {
			t.Errorf("%s is said to be at %s", e.name, e.pos)
		}
		n++
	}
	for _, c := range s.doc.Clauses.items {
		if !strings.HasPrefix(at(c.pos), "id:") {
			t.Errorf("%s is said to be at %s: %q", c.ID.v, c.pos, at(c.pos))
		}
	}
	if n < 150 {
		t.Errorf("only %d values were looked at", n)
	}
}

func TestSuggestionsAreNear(t *testing.T) {
	names := []string{"account", "orders", "news", "push", "statistics"}
	for got, want := range map[string]string{"acount": "account", "psuh": "push", "order": "orders", "Statistcs": "statistics", "qqq": "", "": "", "accountaccountaccountaccountaccount": ""} {
		if n := nearest(got, names); n != want {
			t.Errorf("nearest(%q) = %q, want %q", got, n, want)
		}
	}
	if s := suggest("zzz", nil); s != "none is declared" {
		t.Error(s)
	}
	if s := suggest("zzz", strings.Fields(strings.Repeat("name ", 20))); !strings.HasPrefix(s, "20 names") {
		t.Error(s)
	}
}

func FuzzLoad(f *testing.F) {
	src := base(f)
	f.Add(src)
	f.Add(entire(f))
	old := compile(f, src)
	for _, s := range []string{"", "a", "avow: 1", "avow: {a: [b", "a: &x 1\nb: *x", "? [a]\n: b", "a: !!binary xx", "items:\n  a: {purposes: [b]}\n", "title: {en: |\n x\n}", "- a", "keep: {a: {for: P1M, bucket: 1wd}}", "<<: {a: 1}", "\"\\ud800\": 1"} {
		f.Add(s)
	}
	for part := range strings.SplitSeq(src, "\n") {
		f.Add(part)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, _, err := Load("fuzz.yaml", []byte(s), nil)
		if (p == nil) == (err == nil) {
			t.Fatalf("policy %v, error %v", p != nil, err)
		}
		var ps Problems
		if err != nil && (!errors.As(err, &ps) || len(ps) == 0) {
			t.Fatalf("the error is no list of problems: %v", err)
		}
		for _, f := range ps {
			if f.Message == "" || f.Pos.File == "" {
				t.Fatalf("a problem without words or place: %+v", f)
			}
		}
		if p != nil {
			u := &Use{Items: []ItemNo{1, 2}, Purpose: 1, Recipient: 1, Actor: 1}
			p.Decide(u, nil)
			Diff(old, p)
			Diff(p, old)
			p.Collect("registration", []Given{{Item: "account.email", Value: "x"}}, nil)
		}
	})
}
