package policy

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func entire(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "whole.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAPolicyThatUsesEveryKeyHasNoFindings(t *testing.T) {
	p, all, err := Load("whole.yaml", []byte(entire(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		t.Error(f)
	}
	if len(p.Assumed()) != 11 {
		t.Errorf("%d parts assume something", len(p.Assumed()))
	}
}

// The file uses every key there is, so that every key has an example, and
// decoder, schema and lint have all been through it.
func TestTheWholePolicyUsesEveryKey(t *testing.T) {
	s, err := Parse("whole.yaml", []byte(entire(t)))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	walk(reflect.ValueOf(&s.doc).Elem(), "", used)
	var missing []string
	for key, yes := range used {
		if !yes {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no example of %v", missing)
	}
}

// walk notes for each key of each kind of part whether it stands somewhere.
func walk(v reflect.Value, kind string, used map[string]bool) {
	switch {
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), kind, used)
		}
	case v.Kind() != reflect.Struct:
	default:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			key := f.Tag.Get("policy")
			if key != "" && key != "assumed" && key != "why" {
				name := v.Type().Name() + "." + key
				pos := v.Field(i).FieldByName("pos")
				there := !pos.IsValid() && !v.Field(i).IsZero() || pos.IsValid() && pos.FieldByName("Line").Int() > 0
				used[name] = used[name] || there
			}
			if f.Name != "pos" {
				walk(v.Field(i), kind, used)
			}
		}
	}
}
