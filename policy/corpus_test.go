package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected part of the corpora")

// The decision corpus: testdata/decide/*.txtar. Each file is a case; its
// comment says what it is about. Lines of a case before "=>" are the facts and
// the use, what follows is the decision with all its reasons. A file named
// policy.yaml replaces testdata/base.yaml, one named edit changes it.
func TestDecisionCorpus(t *testing.T) {
	eachCorpusFile(t, "decide", func(t *testing.T, a *txtar.Archive) {
		src := base(t)
		for i, f := range a.Files {
			switch f.Name {
			case "policy.yaml":
				src = string(f.Data)
			case "edit":
				for line := range strings.Lines(string(f.Data)) {
					from, to, _ := strings.Cut(strings.TrimSpace(line), " => ")
					src = edit(t, src, from, to)
				}
			default:
				question, want, _ := strings.Cut(string(f.Data), "=>\n")
				p := compile(t, src)
				u, facts := parseCase(t, p, question)
				got := show(p.Decide(u, facts))
				if *update {
					a.Files[i].Data = []byte(question + "=>\n" + got)
				} else if d := cmp.Diff(want, got); d != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, d)
				}
			}
		}
	})
}

func eachCorpusFile(t *testing.T, dir string, check func(t *testing.T, a *txtar.Archive)) {
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in testdata/%s: %v", dir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			check(t, a)
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func show(d Decision) string {
	if d.Allowed {
		if d.Obligations != 0 {
			return "allowed, owes " + d.Obligations.String() + "\n"
		}
		return "allowed\n"
	}
	var b strings.Builder
	b.WriteString("denied\n")
	for _, r := range d.Reasons {
		fmt.Fprintf(&b, "%s by %s, clause %s, %s:%d\n\t%s\n", r.Code, r.Control, or(r.Clause, "none"), r.Pos.File, r.Pos.Line, r.Text)
	}
	return b.String()
}

// parseCase reads lines such as "consents news fit" and "use account.email for
// news by support".
func parseCase(t *testing.T, p *Policy, text string) (*Use, *Facts) {
	t.Helper()
	u, f := &Use{Subject: 7}, &Facts{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if !factLine(t, p, f, words[0], words[1:]) && !useLine(t, p, u, words[0], words[1:]) {
			t.Fatalf("unknown line %q", line)
		}
	}
	return u, f
}

func purposeNo(t *testing.T, p *Policy, name string) PurposeNo {
	t.Helper()
	u, err := p.Purpose(name)
	if err != nil {
		t.Fatal(err)
	}
	return u.No
}

func factLine(t *testing.T, p *Policy, f *Facts, key string, args []string) bool {
	t.Helper()
	sets := map[string]*PurposeSet{"consents": &f.Consents, "explicit": &f.Explicit, "withdrawn": &f.Withdrawn, "expired": &f.Expired, "objected": &f.Objected}
	gets := map[string]*RecipientSet{"shared": &f.Shared, "abroad": &f.Abroad, "agreements": &f.Agreements, "audit-due": &f.AuditDue}
	flags := map[string]*bool{"accepted": &f.Accepted, "restricted": &f.Restricted, "suppressed": &f.Suppressed, "guardian": &f.Guardian}
	ages := map[string]AgeBand{"adult": AgeAdult, "minor": AgeMinor, "child": AgeChild}
	switch {
	case flags[key] != nil:
		*flags[key] = true
	case sets[key] != nil:
		for _, a := range args {
			sets[key].Add(purposeNo(t, p, a))
		}
	case gets[key] != nil:
		for _, a := range args {
			if a == "nobody" {
				gets[key].Add(0)
				continue
			}
			r, err := p.Recipient(a)
			if err != nil {
				t.Fatal(err)
			}
			gets[key].Add(r.No)
		}
	case ages[key] != 0:
		f.Age = ages[key]
	case key == "account":
		for s := AccountNone; s <= AccountErased; s++ {
			if s.String() == args[0] {
				f.Account = s
			}
		}
	case key == "backed":
		f.Backings = append(f.Backings, backing(t, p, args))
	case key == "held":
		c, err := p.Class(args[0])
		if err != nil {
			t.Fatal(err)
		}
		f.Held.Add(c.No)
	default:
		return false
	}
	return true
}

// backing reads "approval court legal order-7 order.history".
func backing(t *testing.T, p *Policy, args []string) Backing {
	t.Helper()
	need, ok := ParseBacking(args[0])
	if !ok {
		t.Fatalf("%s is no backing", args[0])
	}
	b := Backing{Need: need, Ref: args[3]}
	if r, err := p.Recipient(args[1]); err == nil {
		b.Recipient = r.No
	}
	b.Scenario, _ = ParseScenario(args[2])
	for _, a := range args[4:] {
		b.Items.Add(itemNo(t, p, a))
	}
	return b
}

// itemNo takes a name or a number such as #99.
func itemNo(t *testing.T, p *Policy, name string) ItemNo {
	t.Helper()
	var n ItemNo
	if _, err := fmt.Sscanf(name, "#%d", &n); err == nil {
		return n
	}
	it, err := p.Item(name)
	if err != nil {
		t.Fatal(err)
	}
	return it.No
}

func useLine(t *testing.T, p *Policy, u *Use, key string, args []string) bool {
	t.Helper()
	var err error
	switch key {
	case "items":
		for _, a := range args {
			u.Items = append(u.Items, itemNo(t, p, a))
		}
	case "for":
		if _, e := fmt.Sscanf(args[0], "#%d", &u.Purpose); e != nil {
			u.Purpose = purposeNo(t, p, args[0])
		}
	case "by":
		var role *Role
		if args[0] == "self" {
			u.Actor = Self
		} else if _, e := fmt.Sscanf(args[0], "#%d", &u.Actor); e != nil {
			if role, err = p.Role(args[0]); err == nil {
				u.Actor = role.No
			}
		}
	case "ref":
		u.Ref, err = ParseRef(args[0])
	case "to":
		var r *Recipient
		if _, e := fmt.Sscanf(args[0], "#%d", &u.Recipient); e != nil {
			if r, err = p.Recipient(args[0]); err == nil {
				u.Recipient = r.No
			}
		}
	case "case":
		u.Scenario, err = ParseScenario(args[0])
	case "instrument":
		u.Instrument = strings.Join(args, " ")
	case "interest":
		u.Interest = strings.Join(args, " ")
	case "clause":
		u.Clause = strings.Join(args, " ")
	case "necessity":
		u.Necessity = strings.Join(args, " ")
	case "function":
		u.Function = args[0]
	case "surface":
		u.Surface = args[0]
	case "device":
		u.Device = args[0]
	case "in":
		u.Region, err = ParseRegion(args[0])
	default:
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}
