package calendar

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPeriodsReadAndPrint(t *testing.T) {
	for in, want := range map[string]string{
		"PT48H": "PT48H", "P30D": "P30D", "P1M": "P1M", "P10Y": "P10Y", "10wd": "10wd", "P1Y6M": "P1Y6M",
		"P18M": "P1Y6M", "P2W": "P14D", "PT90M": "PT1H30M", "P1DT12H": "P1DT12H", "PT61S": "PT1M1S", "PT0S": "PT0S", "P0D": "PT0S",
	} {
		p, err := Parse(in)
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
			continue
		}
		if p.String() != want {
			t.Errorf("Parse(%q) prints %q, want %q", in, p, want)
		}
		text, err := json.Marshal(p)
		var back Period
		if err != nil || json.Unmarshal(text, &back) != nil || back != p {
			t.Errorf("%q does not survive JSON: %s", in, text)
		}
	}
}

func TestWhatIsNotAPeriodIsRefusedWithTheForm(t *testing.T) {
	for _, in := range []string{
		"", "P", "PT", "30D", "P1", "P1X", "P1D1M", "P1D1D", "P1.5D", "-P1D", "P-1D", "0wd", "wd", "+3wd", "3000wd", "3 wd", "30 days",
		"P1H", "PT1D", "P9999999999999D", "P999999Y", "P999999D", "PT999999999999S", "P1DT", strings.Repeat("9", 90),
	} {
		p, err := Parse(in)
		if err == nil {
			t.Errorf("Parse(%q) = %v", in, p)
			continue
		}
		if !strings.Contains(err.Error(), "10wd") || len(err.Error()) > 300 {
			t.Errorf("Parse(%q): %v", in, err)
		}
	}
	var p Period
	if p.UnmarshalText([]byte("x")) == nil || !p.IsZero() {
		t.Error("a wrong text was taken")
	}
}

func TestRoughOrdersWhatPeopleCompare(t *testing.T) {
	order := []string{"PT48H", "P3D", "10wd", "P15D", "15wd", "P30D", "P1M", "P6M", "P1Y", "P10Y"}
	for i := 1; i < len(order); i++ {
		a, _ := Parse(order[i-1])
		b, _ := Parse(order[i])
		if a.Rough() >= b.Rough() {
			t.Errorf("%s is not shorter than %s", a, b)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"P1Y2M3DT4H5M6S", "10wd", "P1W", "PT", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err != nil {
			return
		}
		back, err := Parse(p.String())
		if err != nil || back != p {
			t.Fatalf("%q → %s → %v, %v", s, p, back, err)
		}
	})
}
