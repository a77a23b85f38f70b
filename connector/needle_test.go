package connector_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/internal/seal"
)

func needle(kind, value string, whole bool) connector.Needle {
	return connector.Needle{Kind: kind, Value: seal.NewPersonal(value), Whole: whole}
}

func TestIdentifiersAreFoundHoweverTheyAreWritten(t *testing.T) {
	m, skipped := connector.NewMatcher([]connector.Needle{
		needle("email", "Luis.Gonçalves@Example.org", false),
		needle("phone", "+55 (12) 3923-5555", false),
		needle("value", "Peacock", true),
	}, "")
	if len(skipped) != 0 {
		t.Fatalf("skipped: %v", skipped)
	}
	for _, c := range []struct {
		value    string
		personal bool
		want     []string
	}{
		{"LUIS.GONÇALVES@EXAMPLE.ORG", false, []string{"email"}},
		{`{"to":"luis.gon\u00e7alves@example.org"}`, false, []string{"email"}},
		{"luis.gonc\u0327alves@example.org", false, []string{"email"}},
		{"?u=luis.gonçalves%40example.org", false, []string{"email"}},
		{"call 0055 12 3923 5555 now", false, []string{"phone"}},
		{"(012) 39235555", false, []string{"phone"}},
		{`{"tel":"+551239235555","mail":"x"}`, false, []string{"phone"}},
		{"551239235555", false, []string{"phone"}},
		{"3923-5556", false, nil},
		{"Peacock", true, []string{"value"}},
		{" PEACOCK ", true, []string{"value"}},
		{"Peacock", false, nil},
		{"Peacock Feathers", true, nil},
		{"", true, nil},
	} {
		if diff := cmp.Diff(c.want, m.Match(nil, c.value, c.personal)); diff != "" {
			t.Errorf("%q:\n%s", c.value, diff)
		}
	}
}

func TestWhatWouldBeNoiseIsSkippedAndSaid(t *testing.T) {
	m, skipped := connector.NewMatcher([]connector.Needle{
		needle("account-id", "10", false), needle("account-id", "123456", false),
		needle("username", "admin", false), needle("value", "Bo", true),
	}, "")
	if !m.Empty() {
		t.Error("nothing should be searched for")
	}
	all := strings.Join(skipped, "\n")
	for _, want := range []string{"2 of kind account-id", "1 of kind username", "common word", "1 of kind value"} {
		if !strings.Contains(all, want) {
			t.Errorf("skipped does not say %q:\n%s", want, all)
		}
	}
	if strings.Contains(all, "123456") {
		t.Error("a value is repeated")
	}
}

func TestNeedlesComeFromIdentifiersAndPersonalValues(t *testing.T) {
	n := connector.NewNeedles(connector.Subject{Identifiers: []connector.Identifier{{Kind: "email", Value: seal.NewPersonal("a@b.example")}}})
	text := func(item, s string) connector.Value {
		return connector.Value{Item: item, Type: "text", Text: seal.NewPersonal(s)}
	}
	n.Add(connector.Row{Role: connector.Self, Values: []connector.Value{
		text("account.email", "A@B.example"), text("account.name", "Ann Lee"), text("", "plain"), text("x", "5551234567"),
		{Item: "account.password", Type: "text", Secret: true},
	}})
	n.Add(connector.Row{Role: connector.Accessor, Values: []connector.Value{text("x", "somebody else's")}})
	var got []string
	for _, d := range n.List() {
		kind := d.Kind + " " + d.Value.Reveal()
		if d.Whole {
			kind += " whole"
		}
		got = append(got, kind)
	}
	want := []string{"email a@b.example", "value Ann Lee whole", "value 5551234567"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("ann@b.example", `{"a":"\u0061nn@b.example"}`)
	f.Add("+1 (403) 262-3443", "001 403 2623443")
	f.Fuzz(func(t *testing.T, value, text string) {
		m, _ := connector.NewMatcher([]connector.Needle{needle("x", value, false)}, "CN")
		if m.Empty() {
			return
		}
		if got := m.Match(nil, value, false); len(got) != 1 {
			t.Fatalf("a value does not match itself: %q", value)
		}
		m.Match(nil, text, true)
	})
}

func TestSurveysAreComparedByRowAndAction(t *testing.T) {
	a := &connector.Survey{Found: []connector.Found{{Collection: "o", Action: connector.Keep, Keys: []string{"1", "2"}}, {Collection: "c", Action: connector.Delete, Keys: []string{"1"}}}}
	if d := connector.Compare(a, a); d != nil {
		t.Errorf("a survey differs from itself: %v", d)
	}
	b := &connector.Survey{Found: []connector.Found{{Collection: "o", Action: connector.Keep, Keys: []string{"2"}, Why: "x"}, {Collection: "o", Action: connector.Keep, Keys: []string{"3", "4"}, Why: "y"}, {Collection: "c", Action: connector.Clear, Keys: []string{"1"}}}}
	want := []connector.Difference{
		{Collection: "c", Action: connector.Clear, Added: 1},
		{Collection: "c", Action: connector.Delete, Gone: 1},
		{Collection: "o", Action: connector.Keep, Added: 2, Gone: 1},
	}
	if diff := cmp.Diff(want, connector.Compare(a, b)); diff != "" {
		t.Error(diff)
	}
}
