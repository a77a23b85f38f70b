package page_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func TestBesideASentenceStandsHowItIsKeptAndWhenThatWasShown(t *testing.T) {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load("goscom-pro.yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": "Kept, last shown on 2026-03-02", "zh-CN": "正在履行，最近显示于 2026-03-02"} {
		d := page.Of(p, lang)
		var before, clauses, markdown, js bytes.Buffer
		if err := d.Markdown(&before); err != nil || strings.Contains(before.String(), want) {
			t.Fatalf("a page says how sentences stand, and nobody asked it to: %v", err)
		}
		d.Stand(map[string]page.Standing{"C-001": {State: "kept", Shown: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, "C-005": {State: "not-built"}})
		if err := page.NewPrinter().Clauses(&clauses, d); err != nil {
			t.Fatal(err)
		}
		if err := d.Markdown(&markdown); err != nil {
			t.Fatal(err)
		}
		if err := d.JSON(&js); err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{"page": clauses.String(), "Markdown": markdown.String()} {
			if n := strings.Count(text, want); n != 1 {
				t.Errorf("the %s in %s says %q %d times, want once", form, lang, want, n)
			}
		}
		if !strings.Contains(js.String(), `"last_shown": "2026-03-02"`) {
			t.Errorf("the JSON in %s has no day", lang)
		}
	}
}
