package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/avow-dev/avow/internal/calendar"
)

// Schema is the JSON Schema (draft 2020-12) of the policy language, for
// editors and other tools. It is made from the same tags that [Parse] reads
// by, so what it allows and what Parse allows cannot differ in keys and names;
// what the parts say together is Lint's.
func Schema() []byte {
	g := schemas{defs: map[string]any{}}
	root := g.object(reflect.TypeFor[document]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "avow policy"
	root["description"] = "A privacy policy as data, format 1."
	root["required"] = []string{"avow", "platform", "title"}
	root["$defs"] = g.defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("policy schema: %v", err)) // maps of texts always encode
	}
	return append(out, '\n')
}

type schemas struct{ defs map[string]any }

// A describer is a leaf or container that says in JSON Schema what its decode
// takes.
type describer interface {
	describe(g *schemas, tag reflect.StructTag) map[string]any
}

// of describes a type: by itself, or as a mapping of its own.
func (g *schemas) of(t reflect.Type, tag reflect.StructTag) map[string]any {
	if v, ok := reflect.New(t).Interface().(describer); ok {
		return v.describe(g, tag)
	}
	name := strings.TrimSuffix(t.Name(), "Doc")
	if _, done := g.defs[name]; !done {
		g.defs[name] = map[string]any{} // ends recursion
		g.defs[name] = g.object(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// object describes a struct by its tags: other keys are errors.
func (g *schemas) object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("policy")
		if key == "" {
			continue
		}
		s := g.of(f.Type, f.Tag)
		if key == "assumed" {
			s = assumedKeys(t)
		}
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		properties[key] = s
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func assumedKeys(t reflect.Type) map[string]any {
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "boolean"},
		map[string]any{"type": "array", "items": map[string]any{"enum": keysOf(t)}},
	}}
}

// choices are the values a tag allows, nil for any.
func choices(tag reflect.StructTag) []string {
	switch {
	case tag.Get("one") != "":
		return strings.Split(tag.Get("one"), "|")
	case tag.Get("ref") == "types":
		return Types()
	case tag.Get("policy") == "calendar":
		return calendar.Names()
	}
	return nil
}

func (s *str) describe(_ *schemas, tag reflect.StructTag) map[string]any {
	if names := choices(tag); names != nil {
		return map[string]any{"enum": names}
	}
	return map[string]any{"type": []string{"string", "number", "boolean"}} // any scalar is a text
}

func (f *boolean) describe(*schemas, reflect.StructTag) map[string]any {
	return map[string]any{"type": "boolean"}
}

func (i *number) describe(*schemas, reflect.StructTag) map[string]any {
	return map[string]any{"type": "integer", "minimum": 0, "maximum": maxNumber}
}

func (y *day) describe(*schemas, reflect.StructTag) map[string]any {
	return map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
}

func (p *period) describe(*schemas, reflect.StructTag) map[string]any {
	return map[string]any{"type": "string", "pattern": `^([0-9]+wd|P[0-9YMWDTHS]+)$`}
}

func (t *text) describe(g *schemas, _ reflect.StructTag) map[string]any {
	g.defs["text"] = map[string]any{
		"description": "one text for every language, or a text a language",
		"anyOf": []any{
			map[string]any{"type": []string{"string", "number", "boolean"}},
			map[string]any{
				"type": "object", "propertyNames": map[string]any{"pattern": `^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`},
				"additionalProperties": map[string]any{"type": []string{"string", "number", "boolean"}},
			},
		},
	}
	return map[string]any{"$ref": "#/$defs/text"}
}

func (a *assumption) describe(*schemas, reflect.StructTag) map[string]any {
	return map[string]any{"type": []string{"boolean", "array"}}
}

func (l *lawRef) describe(g *schemas, _ reflect.StructTag) map[string]any {
	o := g.object(reflect.TypeFor[lawRef]())
	o["properties"].(map[string]any)["law"] = map[string]any{"enum": Laws()}
	return map[string]any{"anyOf": []any{map[string]any{"enum": Laws()}, o}}
}

func (l *list[T]) describe(g *schemas, tag reflect.StructTag) map[string]any {
	return map[string]any{"type": "array", "items": g.of(reflect.TypeFor[T](), tag)}
}

func (s *section[T]) describe(g *schemas, tag reflect.StructTag) map[string]any {
	names := map[string]any{"pattern": `^[a-z0-9]+([._-][a-z0-9]+)*$`, "maxLength": maxName}
	if one := choices(tag); one != nil {
		names = map[string]any{"enum": one}
	}
	return map[string]any{"type": "object", "propertyNames": names, "additionalProperties": g.of(reflect.TypeFor[T](), "")}
}
