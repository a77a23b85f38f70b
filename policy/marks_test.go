package policy

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAMarkIsFoundWhereverItStands(t *testing.T) {
	marks := unfilled()
	for _, r := range phraseRules() {
		marks = append(marks, r.phrases...)
	}
	set := newMarkSet(marks)
	rapid.Check(t, func(t *rapid.T) {
		var s strings.Builder
		for range rapid.IntRange(0, 5).Draw(t, "parts") {
			part := rapid.SampledFrom(marks).Draw(t, "mark")
			s.WriteString(part[:rapid.IntRange(0, len(part)).Draw(t, "cut")])
			s.WriteString(rapid.StringN(0, 4, -1).Draw(t, "between"))
		}
		want := slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(s.String(), m) })
		if got := set.in(s.String()); got != want {
			t.Fatalf("%q holds a mark: %v, want %v", s.String(), got, want)
		}
	})
}

func TestBracketsAreCountedInPairs(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "(a) [b]": "", "(a": "(", "a)": ")", "「甲": "「", "甲」": "」", "《甲》（乙": "（", "“a": "“", "[a] ]": "]", "【": "【", ")(": "", "é { <": "",
	} {
		if got := unbalanced(s); got != want {
			t.Errorf("unbalanced(%q) = %q, want %q", s, got, want)
		}
	}
}
