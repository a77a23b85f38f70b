package policy

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The tables of docs/policy-language.md are made from the tags the decoder
// reads by.
func TestTheLanguagePageIsCurrent(t *testing.T) {
	const file, begin, end = "../docs/policy-language.md", "-update -->\n", "<!-- end of keys -->"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := bytes.Cut(page, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		t.Fatal("the page has lost its markers")
	}
	var b strings.Builder
	b.Write(head)
	b.WriteString(begin)
	tables(&b, reflect.TypeFor[document](), "", map[reflect.Type]bool{})
	b.WriteString("\n" + end)
	b.Write(tail)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(page) {
		t.Errorf("%s is not what the language is: run go test ./policy -run LanguagePage -update", file)
	}
}

// tables writes a table of the keys of a part, and of the parts below it.
func tables(b *strings.Builder, part reflect.Type, path string, done map[reflect.Type]bool) {
	if done[part] {
		return
	}
	done[part] = true
	title := path
	if path == "" {
		title = "the file"
	}
	fmt.Fprintf(b, "\n### %s\n\n| key | takes | what it says |\n|---|---|---|\n", title)
	type below struct {
		t    reflect.Type
		path string
	}
	var more []below
	for i := range part.NumField() {
		f := part.Field(i)
		key := f.Tag.Get("policy")
		if key == "" {
			continue
		}
		takes, inner, suffix := form(f.Type, f.Tag)
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", key, takes, f.Tag.Get("doc"))
		if inner != nil {
			more = append(more, below{inner, strings.TrimPrefix(path+"."+key, ".") + suffix})
		}
	}
	for _, m := range more {
		tables(b, m.t, m.path, done)
	}
}

// form says what a key takes, and which part stands below it.
func form(t reflect.Type, tag reflect.StructTag) (takes string, inner reflect.Type, suffix string) {
	name, _, _ := strings.Cut(t.Name(), "[")
	switch name {
	case "str":
		switch names := choices(tag); {
		case names != nil:
			return "`" + strings.Join(names, "` `") + "`", nil, ""
		case tag.Get("ref") != "":
			return "a name of `" + tag.Get("ref") + "`", nil, ""
		}
		return "a value", nil, ""
	case "boolean":
		return "true or false", nil, ""
	case "number":
		return "a number", nil, ""
	case "day":
		return "a date", nil, ""
	case "period":
		return "a period", nil, ""
	case "text":
		return "a text", nil, ""
	case "assumption":
		return "true, or keys", nil, ""
	case "list":
		f, _ := t.FieldByName("items")
		takes, inner, _ = form(f.Type.Elem(), tag)
		return "a list: " + takes, inner, "[]"
	case "section":
		f, _ := t.FieldByName("entries")
		v, _ := f.Type.Elem().FieldByName("value")
		takes, inner, _ = form(v.Type, "")
		if names := choices(tag); names != nil {
			return "by name (`" + strings.Join(names, "` `") + "`): " + takes, inner, ".NAME"
		}
		return "by name: " + takes, inner, ".NAME"
	case "lawRef":
		return "a name, or a mapping", t, ""
	}
	return "a mapping", t, ""
}
