package console

import (
	"reflect"
	"testing"

	"github.com/avow-dev/avow/audit"
)

// Every kind of entry that the log knows has words of its own in both languages.
func TestEveryKindOfEntryHasWordsInBothLanguages(t *testing.T) {
	for lang, t1 := range map[string]*words{"en": english(), "zh-CN": chinese()} {
		seen := map[string]audit.Kind{}
		for _, k := range audit.Kinds() {
			text := t1.deeds[k.String()]
			if text == "" {
				t.Errorf("%s has no words for the entry %s", lang, k)
				continue
			}
			if other, ok := seen[text]; ok {
				t.Errorf("in %s the entries %s and %s are both %q", lang, k, other, text)
			}
			seen[text] = k
		}
		for name := range t1.deeds {
			if _, ok := audit.ParseKind(name); !ok {
				t.Errorf("%s has words for %q, which no entry is", lang, name)
			}
		}
	}
}

// Every text and every list of texts stands in both languages.
func TestEveryTextStandsInBothLanguages(t *testing.T) {
	for name, two := range map[string][2]any{
		"words": {english(), chinese()}, "board": {boardEnglish(), boardChinese()}, "cases": {caseEnglish(), caseChinese()},
		"incidents": {incidentEnglish(), incidentChinese()}, "recipients": {recipientEnglish(), recipientChinese()},
		"versions": {versionEnglish(), versionChinese()}, "due": {dueEnglish(), dueChinese()},
		"messages": {letterEnglish(), letterChinese()}, "statistics": {countEnglish(), countChinese()}, "links": {linkEnglish(), linkChinese()},
		"transfers": {transferEnglish(), transferChinese()}, "menu": {navEnglish(), navChinese()},
	} {
		en, zh := reflect.ValueOf(two[0]).Elem(), reflect.ValueOf(two[1]).Elem()
		for i := range en.NumField() {
			a, b, field := en.Field(i), zh.Field(i), en.Type().Field(i).Name
			switch a.Kind() {
			case reflect.String:
				if (a.String() == "") != (b.String() == "") {
					t.Errorf("%s: %s is %q and %q", name, field, a, b)
				}
			case reflect.Map:
				for _, k := range append(a.MapKeys(), b.MapKeys()...) {
					if !a.MapIndex(k).IsValid() || !b.MapIndex(k).IsValid() {
						t.Errorf("%s: %s has %v in one language only", name, field, k)
					}
				}
			}
		}
	}
}
