package centre

import (
	"reflect"
	"strings"
	"testing"

	"github.com/avow-dev/avow/audit"
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
			if a.Len() != b.Len() {
				t.Errorf("%s has %d words in one language and %d in the other", name, a.Len(), b.Len())
			}
			for _, k := range a.MapKeys() {
				if !b.MapIndex(k).IsValid() {
					t.Errorf("%s has no word for %v in Chinese", name, k)
				}
			}
		}
	}
}

func TestTheMachineryIsNotShownToPeople(t *testing.T) {
	for _, k := range []audit.Kind{audit.Warranted, audit.StepStarted, audit.EpochMoved} {
		if text, _ := english().deed(k, false); text != "" {
			t.Errorf("%v is shown as %q", k, text)
		}
	}
}
