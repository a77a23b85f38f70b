package store

import (
	"reflect"
	"strings"
	"testing"
)

func TestEveryWordIsWrittenInBothLanguages(t *testing.T) {
	en, zh := reflect.ValueOf(*english()), reflect.ValueOf(*chinese())
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		switch a, b := en.Field(i), zh.Field(i); a.Kind() {
		case reflect.String:
			if a.String() == "" || b.String() == "" {
				t.Errorf("%s is not written in both languages", name)
			}
			if strings.Count(a.String(), "%") != strings.Count(b.String(), "%") {
				t.Errorf("%s takes other values in one language", name)
			}
		case reflect.Map:
			for _, k := range append(a.MapKeys(), b.MapKeys()...) {
				if !a.MapIndex(k).IsValid() || !b.MapIndex(k).IsValid() {
					t.Errorf("%s has no word for %v in one language", name, k)
				}
			}
		}
	}
	for _, s := range []shop{cameras(), imports(), mall(), office(), workshop()} {
		texts := []text{s.claim, s.pitch, s.shelf}
		for _, g := range s.goods {
			texts = append(texts, g.name, g.about)
		}
		for _, c := range s.counters {
			texts = append(texts, c.title, c.lead, c.act)
		}
		for _, x := range texts {
			if x.en == "" || x.zh == "" {
				t.Errorf("%q %q is not written in both languages", x.en, x.zh)
			}
		}
	}
}
