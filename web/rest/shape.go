package rest

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// A shape is what a JSON value has to look like to be read in one pass, as a
// schema describes it.
type shape struct {
	kind     reflect.Kind // String, Bool, Slice or Struct
	min, max int          // length of a text in characters, or of a list; max -1: any
	enum     []string     // texts that it may be; nil: any
	of       *shape       // what a list holds
	parts    []part       // of an object
	must     uint64       // parts that have to be there, by their place
}

// A part is a property of an object.
type part struct {
	name  string
	field int
	shape *shape
}

// maxDepth bounds the shapes that are read in one pass.
const maxDepth = 5

// shapeOf returns the shape that a schema gives to a type, nil where the schema says
// anything that a shape does not know.
func shapeOf(r huma.Registry, s *huma.Schema, t reflect.Type, depth int) *shape {
	for s != nil && s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	if s == nil || depth > maxDepth || !known(s) || decodesItself(t) {
		return nil
	}
	out := &shape{kind: t.Kind(), max: -1}
	switch {
	case out.kind == reflect.String && s.Type == huma.TypeString:
		out.min, out.max = atLeast(s.MinLength), atMost(s.MaxLength)
		for _, x := range s.Enum {
			text, ok := x.(string)
			if !ok {
				return nil
			}
			out.enum = append(out.enum, text)
		}
		return out
	case out.kind == reflect.Bool && s.Type == huma.TypeBoolean && s.Enum == nil:
		return out
	case out.kind == reflect.Slice && s.Type == huma.TypeArray && s.Enum == nil:
		out.min, out.max = atLeast(s.MinItems), atMost(s.MaxItems)
		if out.of = shapeOf(r, s.Items, t.Elem(), depth+1); out.of != nil {
			return out
		}
	case out.kind == reflect.Struct && s.Type == huma.TypeObject && s.Enum == nil:
		if out.object(r, s, t, depth) {
			return out
		}
	}
	return nil
}

// object adds the properties of an object. It reports false where there is
// something of the type or of the schema that the other does not have.
func (o *shape) object(r huma.Registry, s *huma.Schema, t reflect.Type, depth int) bool {
	if t.NumField() != len(s.Properties) || t.NumField() > 64 || s.AdditionalProperties != false {
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p := s.Properties[name]
		if f.Anonymous || !f.IsExported() || p == nil || options != "" && options != "omitempty" {
			return false
		}
		x := shapeOf(r, p, f.Type, depth+1)
		if x == nil {
			return false
		}
		if slices.Contains(s.Required, name) {
			o.must |= 1 << i
		}
		o.parts = append(o.parts, part{name, i, x})
	}
	return true
}

// known reports whether a schema has nothing but what a shape knows.
func known(s *huma.Schema) bool {
	return s.Format == "" && s.ContentEncoding == "" && s.Default == nil && s.Pattern == "" && !s.UniqueItems && !s.ReadOnly && !s.WriteOnly &&
		s.MinProperties == nil && s.MaxProperties == nil && len(s.DependentRequired) == 0 &&
		len(s.OneOf)+len(s.AnyOf)+len(s.AllOf) == 0 && s.Not == nil
}

// decodesItself reports whether encoding/json has a type read itself.
func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func atLeast(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func atMost(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}
