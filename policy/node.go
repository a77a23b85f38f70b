package policy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a file, against files made to exhaust the reader.
const (
	maxSource = 1 << 20 // bytes of a file
	maxLine   = 8 << 10 // bytes of a line
	maxDepth  = 64      // brackets open at once
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	mapNode
	listNode
	brokenNode // could not be read, and somebody was told
)

func (k nodeKind) String() string {
	return [...]string{"nothing", "a value", "a mapping", "a list", "something else"}[k]
}

// A node is one value of the file with its place.
type node struct {
	kind    nodeKind
	pos     Pos
	text    string // of a scalar, as written and unquoted
	entries []entry
	items   []*node
}

type entry struct {
	key   string
	pos   Pos // of the key
	value *node
}

// parseYAML reads the one document of a file. What is wrong is added to fs;
// the node is nil when nothing can be read.
func parseYAML(file string, src []byte, fs *findings) (root *node) {
	if !readable(file, src, fs) {
		return nil
	}
	defer func() {
		// The YAML parser is code of others, fed by anybody who edits a file.
		if r := recover(); r != nil {
			fs.errorf("yaml.unreadable", Pos{File: file}, "look for unbalanced quotes or brackets", "this is not YAML that can be read")
			root = nil
		}
	}()
	tree, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		fs.syntax(file, err)
		return nil
	}
	var body ast.Node
	for _, doc := range tree.Docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); directive || doc.Body == nil {
			continue // what a %YAML line says changes nothing here
		}
		if body != nil {
			fs.errorf("yaml.documents", position(file, doc.Body.GetToken()), "keep one document and remove the rest", "a file holds one document, and here a second one begins")
			break
		}
		body = doc.Body
	}
	if body == nil {
		fs.errorf("yaml.empty", start(file), "begin with avow: 1", "the file is empty")
		return nil
	}
	c := converter{file: file, fs: fs}
	return c.node(body, position(file, body.GetToken()), 0)
}

func readable(file string, src []byte, fs *findings) bool {
	start := start(file)
	if len(src) > maxSource {
		fs.errorf("yaml.size", start, "a policy is one file of people's words; split what is not policy away", "the file is larger than %d bytes", maxSource)
		return false
	}
	if !utf8.Valid(src) || bytes.IndexByte(src, 0) >= 0 {
		fs.errorf("yaml.encoding", start, "save the file as UTF-8", "the file is not UTF-8 text")
		return false
	}
	depth := 0
	for i, line := range bytes.Split(src, []byte("\n")) {
		at := Pos{File: file, Line: i + 1, Column: 1}
		if len(line) > maxLine {
			fs.errorf("yaml.size", at, "fold the text over several lines", "the line is longer than %d bytes", maxLine)
			return false
		}
		depth += bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{"))
		depth -= bytes.Count(line, []byte("]")) + bytes.Count(line, []byte("}"))
		if depth > maxDepth || nesting(line) > maxDepth {
			fs.errorf("yaml.depth", at, "look for a bracket that is not closed", "more than %d brackets are open", maxDepth)
			return false
		}
	}
	return true
}

// nesting is the number of brackets, or of list dashes before the first value,
// that are open at once on one line.
func nesting(line []byte) int {
	depth, most := 0, 0
	for _, b := range line {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		most = max(most, depth)
	}
	dashes := 0
	for {
		line = bytes.TrimLeft(line, " \t")
		if len(line) < 2 || line[0] != '-' && line[0] != '?' || line[1] != ' ' {
			return max(most, dashes)
		}
		line, dashes = line[1:], dashes+1
	}
}

// syntax adds the YAML parser's complaint, in one line.
func (fs *findings) syntax(file string, err error) {
	pos, what := Pos{File: file}, err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		pos, what = position(file, y.GetToken()), y.GetMessage()
	}
	what, _, _ = strings.Cut(what, "\n")
	fs.errorf("yaml.syntax", pos, "check indentation, quotes and brackets near here", "not valid YAML: %s", what)
}

func position(file string, t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: file}
	}
	return Pos{File: file, Line: t.Position.Line, Column: max(1, t.Position.Column)}
}

type converter struct {
	file string
	fs   *findings
}

// node converts n. at is where to point when n itself has no place.
func (c converter) node(n ast.Node, at Pos, depth int) *node {
	if depth > maxDepth {
		c.fs.errorf("yaml.depth", at, "write it flatter", "values are nested deeper than %d", maxDepth)
		return &node{kind: brokenNode, pos: at}
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return &node{pos: at}
	case *ast.MappingNode:
		return c.mapping(n.Values, at, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, at, depth)
	case *ast.SequenceNode:
		out := &node{kind: listNode, pos: at}
		for _, v := range n.Values {
			out.items = append(out.items, c.node(v, c.start(v, at), depth+1))
		}
		return out
	case *ast.LiteralNode:
		return &node{kind: scalarNode, pos: at, text: n.Value.Value}
	case *ast.StringNode:
		return &node{kind: scalarNode, pos: at, text: n.Value}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &node{kind: scalarNode, pos: at, text: n.GetToken().Value}
	}
	c.fs.errorf("yaml.feature", at, "write the value out in full", "%s are not used in policies: what a sentence says must stand where it is read", feature(n))
	return &node{kind: brokenNode, pos: at}
}

func feature(n ast.Node) string {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		return "anchors and aliases"
	case *ast.TagNode:
		return "tags (!…)"
	}
	return "values of this kind"
}

// start is where a value begins: for a block mapping its first key, because
// the parser places the mapping at that key's colon.
func (c converter) start(n ast.Node, at Pos) Pos {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return at
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return c.start(n.Values[0].Key, at)
		}
	case *ast.MappingValueNode:
		return c.start(n.Key, at)
	case *ast.LiteralNode:
		return position(c.file, n.Start)
	case *ast.SequenceNode:
		return position(c.file, n.Start)
	}
	return position(c.file, n.GetToken())
}

func (c converter) mapping(values []*ast.MappingValueNode, at Pos, depth int) *node {
	out := &node{kind: mapNode, pos: at}
	seen := map[string]Pos{}
	for _, v := range values {
		pos := c.start(v.Key, at)
		key, ok := c.key(v.Key, pos)
		if !ok {
			continue
		}
		if first, twice := seen[key]; twice {
			c.fs.errorf("yaml.twice", pos, "keep one of them", "%q is written twice; it stands first in line %d", shown(key), first.Line)
			continue
		}
		seen[key] = pos
		out.entries = append(out.entries, entry{key, pos, c.node(v.Value, c.start(v.Value, pos), depth+1)})
	}
	return out
}

func (c converter) key(k ast.MapKeyNode, pos Pos) (string, bool) {
	switch k := k.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return k.GetToken().Value, true
	}
	c.fs.errorf("yaml.key", pos, "use a plain name as key", "a key must be a plain name")
	return "", false
}

// shown shortens a text of the file for a message.
func shown(s string) string {
	if r := []rune(s); len(r) > 60 {
		return fmt.Sprintf("%s…", string(r[:60]))
	}
	return s
}
