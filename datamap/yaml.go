package datamap

import (
	"fmt"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/avow-dev/avow/fault"
)

// maxProblems bounds how many problems one reading reports.
const maxProblems = 50

// reader walks the nodes of a file and gathers what is wrong with them.
type reader struct {
	file     string
	problems []problem
}

type problem struct {
	pos  Pos
	text string
}

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	pos   Pos
	value ast.Node
}

func (r *reader) problem(p Pos, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, problem{p, fmt.Sprintf(format, args...)})
	}
}

// err returns all problems as one fault, by place in the file, or nil.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	sort.SliceStable(r.problems, func(i, j int) bool {
		a, b := r.problems[i].pos, r.problems[j].pos
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	lines := make([]string, len(r.problems))
	for i, p := range r.problems {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", r.file, p.pos.Line, p.pos.Column, p.text)
	}
	return fault.New(fault.Invalid, "%s", strings.Join(lines, "\n"))
}

// document parses the text and returns its one node; nil when there is none.
func (r *reader) document(src []byte) (node ast.Node) {
	if !r.bounded(src) {
		return nil
	}
	defer func() {
		// The YAML parser is a library at an edge: its panic is a malformed file.
		if recover() != nil {
			r.problem(Pos{1, 1}, "this is not YAML that can be read: look for an odd bracket, quote or indent")
			node = nil
		}
	}()
	f, err := parser.ParseBytes(src, 0)
	if err != nil {
		pos, text := Pos{1, 1}, "not valid YAML"
		var ye yaml.Error
		if asYAML(err, &ye) {
			text = ye.GetMessage()
			if t := ye.GetToken(); t != nil {
				pos = place(t)
			}
		}
		r.problem(pos, "%s", text)
		return nil
	}
	var docs []ast.Node
	for _, d := range f.Docs {
		if d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	switch len(docs) {
	case 0:
		r.problem(Pos{1, 1}, "the file is empty: begin with `avow: %d`", Version)
		return nil
	case 1:
		return docs[0]
	}
	r.problem(position(docs[1]), "a second document begins here: a data map is one document")
	return nil
}

func asYAML(err error, to *yaml.Error) bool {
	e, ok := err.(yaml.Error)
	if ok {
		*to = e
	}
	return ok
}

// mapping returns the entries of a mapping node.
func (r *reader) mapping(n ast.Node, at Pos, what string) []entry {
	var values []*ast.MappingValueNode
	switch v := n.(type) {
	case *ast.MappingNode:
		values = v.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{v}
	default:
		r.problem(nearest(n, at), "%s should be a mapping (key: value)", what)
		return nil
	}
	entries := make([]entry, 0, len(values))
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			text, pos := scalarText(v.Key)
			if text == "" || v.Key.IsMergeKey() {
				r.problem(nearest(v.Key, at), "a key of %s should be a plain word", what)
				continue
			}
			entries = append(entries, entry{text, pos, v.Value})
			continue
		}
		entries = append(entries, entry{key.Value, position(key), v.Value})
	}
	return entries
}

// fields hands each entry to the function of its name; others are problems.
func (r *reader) fields(n ast.Node, at Pos, what string, known map[string]func(entry)) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, e := range r.mapping(n, at, what) {
		if read, ok := known[e.key]; ok {
			read(e)
			continue
		}
		r.problem(e.pos, "%s has no key %q%s; it may have: %s", what, e.key, DidYouMean(e.key, names), strings.Join(names, ", "))
	}
}

// text returns a scalar as it is written.
func (r *reader) text(e entry, what string) string {
	s, _ := scalarText(e.value)
	if s == "" {
		r.problem(nearest(e.value, e.pos), "%s should be a text that is not empty", what)
	}
	return s
}

// yes returns a boolean.
func (r *reader) yes(e entry) bool {
	b, ok := e.value.(*ast.BoolNode)
	if !ok {
		r.problem(nearest(e.value, e.pos), "%s should be true or false", e.key)
		return false
	}
	return b.Value
}

// list returns the elements of a sequence; a single scalar is a list of one.
func (r *reader) list(e entry, what string) []entry {
	if seq, ok := e.value.(*ast.SequenceNode); ok {
		out := make([]entry, len(seq.Values))
		for i, v := range seq.Values {
			out[i] = entry{e.key, nearest(v, e.pos), v}
		}
		return out
	}
	if s, _ := scalarText(e.value); s != "" {
		return []entry{{e.key, nearest(e.value, e.pos), e.value}}
	}
	r.problem(nearest(e.value, e.pos), "%s should be a list", what)
	return nil
}

// words returns a list of scalars.
func (r *reader) words(e entry, what string) []string {
	var out []string
	for _, el := range r.list(e, what) {
		if s := r.text(el, "each of "+what); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// texts returns a mapping of language to text.
func (r *reader) texts(e entry, what string) map[string]string {
	out := map[string]string{}
	for _, t := range r.mapping(e.value, e.pos, what) {
		out[t.key] = r.text(t, what+" in "+t.key)
	}
	return out
}

// scalarText returns the text of a scalar as written, "" for anything else.
func scalarText(n ast.Node) (string, Pos) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, position(v)
	case *ast.LiteralNode:
		return v.Value.Value, position(v)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value, position(v)
	}
	return "", Pos{}
}

func position(n ast.Node) Pos { return place(n.GetToken()) }

func nearest(n ast.Node, at Pos) Pos {
	switch v := n.(type) {
	case nil, *ast.NullNode:
		return at
	case *ast.MappingNode:
		if len(v.Values) > 0 {
			return nearest(v.Values[0].Key, at)
		}
	case *ast.MappingValueNode:
		return nearest(v.Key, at)
	}
	if n.GetToken() == nil {
		return at
	}
	return position(n)
}

func place(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{1, 1}
	}
	return Pos{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}
