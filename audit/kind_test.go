package audit

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Numbers of kinds and tags are part of the canonical format. The file only ever
// grows at the end of its two lists.
func TestNumbersOfKindsAndTagsNeverChange(t *testing.T) {
	var b strings.Builder
	for k := Kind(1); k < kinds; k++ {
		if name := k.name(); name != "" {
			fmt.Fprintf(&b, "kind %d %s\n", k, name)
		}
	}
	forms := [...]string{formText: "text", formNum: "number", formNums: "numbers", formTime: "time", formFlag: "flag", formBytes: "bytes"}
	for tag := Tag(1); tag < 128; tag++ {
		if tag.known() {
			fmt.Fprintf(&b, "tag %d %s %s\n", tag, tag, forms[tag.form()])
		}
	}
	want, err := os.ReadFile("testdata/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNamesOfKindsAreUniqueAndReadBack(t *testing.T) {
	seen := map[string]Kind{}
	for k := Kind(1); k < kinds; k++ {
		name := k.name()
		if name == "" {
			continue
		}
		if o, ok := seen[name]; ok {
			t.Errorf("%d and %d are both %s", o, k, name)
		}
		seen[name] = k
		if got, ok := ParseKind(name); !ok || got != k {
			t.Errorf("ParseKind(%q) = %d, %v", name, got, ok)
		}
	}
	if _, ok := ParseKind(""); ok {
		t.Error("a kind without a name")
	}
	if got := Kind(9999).String(); got != "kind-9999" {
		t.Errorf("unknown kind: %s", got)
	}
	if got := Tag(9999).String(); got != "tag-9999" {
		t.Errorf("unknown tag: %s", got)
	}
}

func TestNamesOfTagsAreUnique(t *testing.T) {
	seen := map[string]Tag{}
	for tag := Tag(1); tag < 128; tag++ {
		if !tag.known() {
			continue
		}
		if o, ok := seen[tag.String()]; ok || tag.String() == "" {
			t.Errorf("%d and %d are both %q", o, tag, tag)
		}
		seen[tag.String()] = tag
	}
}
