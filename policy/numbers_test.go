package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestNumbersOutliveVersionsAndAreNeverReused(t *testing.T) {
	first := compile(t, base(t))
	stored, err := json.Marshal(first.Numbers())
	if err != nil {
		t.Fatal(err)
	}
	var kept Numbers
	if err := json.Unmarshal(stored, &kept); err != nil {
		t.Fatal(err)
	}
	// The second version drops the phone and with it its recipient, and brings
	// a fax in front of everything.
	src := base(t)
	var lines []string
	for line := range strings.Lines(src) {
		if strings.Contains(line, "account.phone") {
			continue
		}
		lines = append(lines, line)
	}
	src = edit(t, strings.Join(lines, ""), "items:\n", "items:\n  account.fax: {title: {en: Fax, zh-CN: 传真}, category: user.contact, type: phone, source: given, at: [registration], purposes: [account], keep: account}\n")
	s, err := Parse("v2.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Compile(s, Options{Numbers: &kept})
	if err != nil {
		t.Fatal(err)
	}
	for _, old := range first.Items() {
		it, err := second.Item(old.Name)
		if old.Name == "account.phone" {
			if err == nil || second.ItemBy(old.No) != nil {
				t.Error("the dropped item is still declared")
			}
			if second.Numbers().Item(old.No) != "account.phone" {
				t.Error("the dropped item's number lost its name")
			}
			continue
		}
		if err != nil || it.No != old.No {
			t.Errorf("%s had number %d and has %v now", old.Name, old.No, it)
		}
	}
	fax, _ := second.Item("account.fax")
	if int(fax.No) != len(first.Items())+1 {
		t.Errorf("the new item has number %d", fax.No)
	}
	if len(kept.items) != len(first.Items()) {
		t.Error("Compile changed the numbers it was given")
	}
	third, err := Compile(s, Options{Numbers: second.Numbers()})
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := third.Item("account.fax"); again.No != fax.No || third.Version() != second.Version() {
		t.Error("compiling again changed numbers or version")
	}
}

func TestNumbersHaveNamesForTheLog(t *testing.T) {
	p := compile(t, base(t))
	n := p.Numbers()
	if n.Purpose(1) != "account" || n.Class(1) != "account" || n.Recipient(1) != "mailer" || n.Role(1) != "support" {
		t.Errorf("names: %q %q %q %q", n.Purpose(1), n.Class(1), n.Recipient(1), n.Role(1))
	}
	if n.Role(Service) != "service" || n.Role(Self) != "self" || n.Item(0) != "" || n.Item(500) != "" {
		t.Error("actors or unknown numbers have wrong names")
	}
}

func TestNumbersRunOutWithARemedy(t *testing.T) {
	var full Numbers
	for i := range MaxNames {
		full.recipients = append(full.recipients, fmt.Sprintf("old-%d", i))
	}
	s, err := Parse("base.yaml", []byte(base(t)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compile(s, Options{Numbers: &full})
	if err == nil || !strings.Contains(err.Error(), "no number is left") || !strings.Contains(err.Error(), "base.yaml:") {
		t.Errorf("err = %v", err)
	}
}

func TestNumbersRefuseWhatTheyCannotHaveWritten(t *testing.T) {
	many := `["a` + strings.Join(strings.Fields(strings.Repeat("x ", 70)), `","a`) + `"]`
	for _, bad := range []string{`{"items":["a","a"]}`, `{"items":["A b"]}`, `{"items":7}`, `[]`, `{"roles":` + distinct(MaxRoles+1) + `}`, `{"items":` + many + `}`} {
		var n Numbers
		if err := json.Unmarshal([]byte(bad), &n); err == nil {
			t.Errorf("%.40s was taken", bad)
		}
	}
}

func distinct(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%q", fmt.Sprint("n", i))
	}
	return "[" + strings.Join(names, ",") + "]"
}

func TestTheVersionFollowsTheSourceAndNotTheFileName(t *testing.T) {
	a := compile(t, base(t))
	b, _, err := Load("elsewhere.yaml", []byte(base(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Version() != b.Version() || !strings.HasPrefix(a.Version(), "sha256:") || len(a.Version()) != 71 {
		t.Errorf("versions %s and %s", a.Version(), b.Version())
	}
	if c := compile(t, base(t)+"# a remark\n"); c.Version() == a.Version() {
		t.Error("another source has the same version")
	}
	if got := strings.Join(a.Pins(), " "); got != "gdpr@2018-05 DE@rickar-2.1.13" {
		t.Errorf("pins %s", got)
	}
}
