package statistics

import (
	"strings"
	"testing"
)

func TestATableMadeElsewherePassesOnlyWhenItPointsAtNobody(t *testing.T) {
	for csv, want := range map[string]string{
		"month,people\n2026-03,120\n2026-04,10\n": "",
		"month,people\n2026-03,9\n":               "fewer than 10",
		"month,people\n2026-03,-\n":               "hides how many",
		"month,visits\n2026-03,120\n":             "no column says how many people",
		"user_id,people\n17,120\n":                "named like something that identifies",
		"who,people\nlin@mail.example,120\n":      "about one person",
		"month,people\n":                          "no lines",
		"":                                        "cannot be read",
	} {
		c := CheckCSV(strings.NewReader(csv), 10)
		faults := strings.Join(c.Faults, "; ")
		if c.Passed != (want == "") || !strings.Contains(faults, want) {
			t.Errorf("%q: passed %v: %s", csv, c.Passed, faults)
		}
		if strings.Contains(faults, "lin@") {
			t.Errorf("a fault repeats a value: %s", faults)
		}
	}
}

func FuzzCheckCSV(f *testing.F) {
	f.Add("month,people\n2026-03,120\n", 10)
	f.Add("a,\"b\n", 3)
	f.Fuzz(func(t *testing.T, csv string, smallest int) {
		if c := CheckCSV(strings.NewReader(csv), smallest); c.Passed && (len(c.Faults) > 0 || c.Lines == 0) {
			t.Errorf("passed with %v", c)
		}
	})
}
