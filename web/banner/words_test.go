package banner

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func TestEveryWordIsWrittenInBothLanguages(t *testing.T) {
	en, zh := reflect.ValueOf(*english()), reflect.ValueOf(*chinese())
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		switch a, b := en.Field(i), zh.Field(i); a.Kind() {
		case reflect.String:
			if a.String() == "" || b.String() == "" || strings.Count(a.String(), "%") != strings.Count(b.String(), "%") {
				t.Errorf("%s is not written in both languages", name)
			}
		case reflect.Map:
			for _, k := range a.MapKeys() {
				if !b.MapIndex(k).IsValid() || a.Len() != b.Len() {
					t.Errorf("%s has no word for %v in Chinese", name, k)
				}
			}
		}
	}
}

func TestAFormLeadsToPagesOfThisServerAlone(t *testing.T) {
	for text, want := range map[string]string{
		"/store/go-soft/": "/store/go-soft/", "": "", "https://elsewhere.example/": "", "//elsewhere.example": "", `/\elsewhere.example`: "", "store": "",
		"/a\nb": "", "javascript:alert(1)": "",
	} {
		if got := next(text); got != want {
			t.Errorf("%q leads to %q", text, got)
		}
	}
}

func TestAButtonChangesWhatItSaysAndNothingElse(t *testing.T) {
	src, err := policies.Files.ReadFile("example-company.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load("example-company.yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := platform.CookieStand{}
	at.Allowed = map[string]bool{"cookies.statistics": true, "cookies.adverts": true}
	for say, want := range map[string][]string{
		"all":                     {"cookies.statistics", "cookies.preferences", "cookies.preferences-store", "cookies.adverts"},
		"none":                    nil,
		"some":                    {"cookies.preferences"},
		"functional:yes":          {"cookies.statistics", "cookies.preferences", "cookies.preferences-store", "cookies.adverts"},
		"marketing:no":            {"cookies.statistics"},
		"drop:cookies.statistics": {"cookies.adverts"},
		"drop:cookies.session":    {"cookies.statistics", "cookies.adverts"},
	} {
		if got, ok := said(p, at, say, []string{"cookies.preferences", "cookies.session"}); !ok || !slices.Equal(got, want) {
			t.Errorf("%s lets in %v", say, got)
		}
	}
	for _, bad := range []string{"", "essential:no", "everything"} {
		if _, ok := said(p, at, bad, nil); ok {
			t.Errorf("%q is an answer", bad)
		}
	}
}
