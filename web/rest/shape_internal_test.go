package rest

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/api"
)

// described returns the shape of a body and its schema.
func described[T any](t testing.TB) (huma.Registry, *huma.Schema, *shape) {
	t.Helper()
	r := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	s := r.Schema(reflect.TypeFor[T](), true, "")
	o := shapeOf(r, s, reflect.TypeFor[T](), 1)
	if o == nil {
		t.Fatalf("%T has no shape", *new(T))
	}
	return r, s, o
}

// same reads a body both ways: what a shape reads, huma finds valid and encoding/json
// reads to the same.
func same[T any](t *testing.T, text string) (quick bool) {
	t.Helper()
	r, s, o := described[T](t)
	var got, want T
	if !o.scan([]byte(text), reflect.ValueOf(&got).Elem()) {
		return false
	}
	var parsed any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%q was read and is not JSON: %v", text, err)
	}
	var found huma.ValidateResult
	huma.Validate(r, s, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, parsed, &found)
	if len(found.Errors) > 0 {
		t.Fatalf("%q was read and is not valid: %v", text, found.Errors)
	}
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%q was read as something else:\n%s", text, d)
	}
	return true
}

func TestABodyAsProgramsWriteItIsReadInOnePass(t *testing.T) {
	for _, text := range []string{
		`{"subject":"sub_0","items":["account.email"],"purpose":"account"}`,
		" {\n\"items\" : [ \"a\" , \"b\" ] ,\t\"purpose\":\"日本\"}\r\n",
	} {
		if !same[api.Use](t, text) {
			t.Errorf("%q was left to huma", text)
		}
	}
	for _, text := range []string{
		`{"accepted":true,"adult":true,"verified":false,"point":"registration","given":[{"item":"account.email","value":"p1@example.org","voluntary":true}]}`,
		`{"kind":"visitor","given":[]}`, `{}`,
	} {
		if !same[api.Register](t, text) {
			t.Errorf("%q was left to huma", text)
		}
	}
	if !same[api.Choice](t, `{"kind":"consent","purpose":"push","given":true,"channel":"settings"}`) {
		t.Error("a choice was left to huma")
	}
}

// What is unusual is left to huma, which knows what to say of it.
func TestABodyThatIsUnusualIsLeftToHuma(t *testing.T) {
	for _, text := range []string{
		``, `{`, `null`, `[]`, `{"items":["a"]}`, `{"purpose":"b"}`, `{"items":[],"purpose":"b"}`, `{"items":null,"purpose":"b"}`,
		`{"items":["a"],"purpose":""}`, `{"items":["a"],"purpose":"b","Purpose":"c"}`, `{"items":["a"],"purpose":"b","purpose":"c"}`,
		`{"items":["a"],"purpose":"b","other":1}`, `{"items":["a"],"purpose":"b"} x`, `{"items":["a",],"purpose":"b"}`, `{"items":["a"],"purpose":"b",}`,
		`{"items":["\u0061"],"purpose":"b"}`, "{\"items\":[\"\xff\"],\"purpose\":\"b\"}", "{\"items\":[\"a\n\"],\"purpose\":\"b\"}",
		`{"items":["a"],"purpose":"b","role":"0123456789012345678901234567890123456789012345678901234567890123"}`,
	} {
		if same[api.Use](t, text) {
			t.Errorf("%q was read in one pass", text)
		}
	}
	for _, text := range []string{`{"kind":"cat"}`, `{"adult":1}`, `{"adult":truex}`, `{"given":[{"item":"a"}]}`, `{"given":[{"item":"a","value":null}]}`} {
		if same[api.Register](t, text) {
			t.Errorf("%q was read in one pass", text)
		}
	}
}

// FuzzShape reads any text both ways.
func FuzzShape(f *testing.F) {
	for _, s := range []string{
		`{"subject":"sub_0","items":["a","é"],"purpose":"b"}`, `{"given":[{"item":"a","value":"b","origin":"given"},{"item":"c","value":""}],"adult":true}`,
		`{"kind":"consent","given":true,"purpose":"push"}`, `{"items":["a"],"items":["b"],"purpose":"c"}`, `{"value":"\u0000"}`, ` { } `,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same[api.Use](t, text)
		same[api.Register](t, text)
		same[api.Choice](t, text)
		same[api.Erase](t, text)
	})
}
