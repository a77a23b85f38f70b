package policy_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

const schemaFile = "../policies/avow-policy.schema.json"

func TestTheCommittedSchemaIsCurrent(t *testing.T) {
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(schemaFile, policy.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, policy.Schema()) {
		t.Errorf("%s is not what the language is: run avow policy schema > %s", schemaFile, strings.TrimPrefix(schemaFile, "../"))
	}
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(policy.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("avow-policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("avow-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid reports whether a file is what the schema describes, read as an
// editor's language server reads it.
func valid(t testing.TB, s *jsonschema.Schema, src []byte) error {
	t.Helper()
	json, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(json))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestEveryPackIsWhatTheSchemaDescribes(t *testing.T) {
	s := schema(t)
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		src, err := policies.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, src); err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
	for _, name := range []string{"testdata/base.yaml", "testdata/whole.yaml"} {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Parse refuses for its keys, kinds and names, the schema refuses too.
func TestTheSchemaRefusesWhatParseRefuses(t *testing.T) {
	base, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := schema(t)
	for _, edit := range [][2]string{
		{"title:", "titel:"},
		{"basis: contract", "basis: kontract"},
		{"asked: true", "asked: often"},
		{"smallest_group: 20", "smallest_group: many"},
		{"effective: 2026-01-15", "effective: next week"},
		{"lifetime: P90D", "lifetime: long"},
		{"assumed: [before]", "assumed: [befor]"},
		{"type: email", "type: emial"},
		{"for: [residents]", "for: [citizens]"},
		{"languages: [en, zh-CN]", "languages: en"},
		{"rights:\n  access:", "rights:\n  acces:"},
		{"law: pipl", "law: lgpd"},
	} {
		src := strings.Replace(string(base), edit[0], edit[1], 1)
		if src == string(base) {
			t.Fatalf("the file has no %q", edit[0])
		}
		err := valid(t, s, []byte(src))
		if ve := (*jsonschema.ValidationError)(nil); !errors.As(err, &ve) {
			t.Errorf("%q is valid for the schema: %v", edit[1], err)
		}
		_, findings, err := policy.Load("whole.yaml", []byte(src), nil)
		if err == nil {
			t.Errorf("%q is read: %v", edit[1], findings)
		}
	}
}
