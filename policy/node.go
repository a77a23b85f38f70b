package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
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
	d := yaml.NewDecoder(bytes.NewReader(undirected(src)))
	var body *yaml.Node
	for {
		var doc yaml.Node
		if err := d.Decode(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			fs.syntax(file, src, err)
			return nil
		}
		if n := doc.Content[0]; absent(n) {
			continue
		} else if body != nil {
			fs.errorf("yaml.documents", position(file, n), "keep one document and remove the rest", "a file holds one document, and here a second one begins")
			break
		} else {
			body = n
		}
	}
	if body == nil {
		fs.errorf("yaml.empty", start(file), "begin with avow: 1", "the file is empty")
		return nil
	}
	c := converter{file: file, fs: fs}
	return c.node(body, position(file, body), 0)
}

// undirected turns the directives a file may begin with into remarks: what a
// %YAML line says changes nothing here.
func undirected(src []byte) []byte {
	if len(src) == 0 || src[0] != '%' && !bytes.Contains(src, []byte("\n%")) {
		return src
	}
	src = slices.Clone(src)
	for line := range bytes.Lines(src) {
		switch line[0] {
		case '%':
			line[0] = '#'
		case '#', '\n', '\r':
		default:
			return src
		}
	}
	return src
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
	depth, i := 0, 0
	for line := range bytes.Lines(src) {
		i++
		at := Pos{File: file, Line: i, Column: 1}
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) > maxLine {
			fs.errorf("yaml.size", at, "fold the text over several lines", "the line is longer than %d bytes", maxLine)
			return false
		}
		open, most := nesting(line)
		depth += open
		if depth > maxDepth || most > maxDepth {
			fs.errorf("yaml.depth", at, "look for a bracket that is not closed", "more than %d brackets are open", maxDepth)
			return false
		}
	}
	return true
}

// nesting returns how many more brackets a line opens than it closes, and how
// many brackets, or list dashes before the first value, are open at once on it.
func nesting(line []byte) (open, most int) {
	for _, b := range line {
		switch b {
		case '[', '{':
			open++
			most = max(most, open)
		case ']', '}':
			open--
		}
	}
	dashes := 0
	for {
		line = bytes.TrimLeft(line, " \t")
		if len(line) < 2 || line[0] != '-' && line[0] != '?' || line[1] != ' ' {
			return open, max(most, dashes)
		}
		line, dashes = line[1:], dashes+1
	}
}

// absent reports whether a node is nothing, and not even written as null.
func absent(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

func position(file string, n *yaml.Node) Pos {
	return Pos{File: file, Line: n.Line, Column: max(1, n.Column)}
}

// converter makes nodes of the parser's: a file has ten thousand, which are
// taken from a slice at a time.
type converter struct {
	file  string
	fs    *findings
	spare []node
}

func (c *converter) make(kind nodeKind, pos Pos) *node {
	if len(c.spare) == 0 {
		c.spare = make([]node, 256)
	}
	n := &c.spare[0]
	c.spare = c.spare[1:]
	n.kind, n.pos = kind, pos
	return n
}

// node converts n. at is where to point when n itself has no place.
func (c *converter) node(n *yaml.Node, at Pos, depth int) *node {
	if depth > maxDepth {
		c.fs.errorf("yaml.depth", at, "write it flatter", "values are nested deeper than %d", maxDepth)
		return c.make(brokenNode, at)
	}
	if what := feature(n); what != "" {
		c.fs.feature(what, at)
		return c.make(brokenNode, at)
	}
	switch {
	case n.Kind == yaml.MappingNode:
		return c.mapping(n, at, depth)
	case n.Kind == yaml.SequenceNode:
		out := c.make(listNode, at)
		out.items = make([]*node, len(n.Content))
		for i, v := range n.Content {
			out.items[i] = c.node(v, c.start(v, at), depth+1)
		}
		return out
	case n.Tag == "!!null":
		return c.make(nullNode, at)
	}
	out := c.make(scalarNode, at)
	out.text = n.Value
	return out
}

// feature adds that a file uses what policies do not.
func (fs *findings) feature(what string, at Pos) {
	fs.errorf("yaml.feature", at, "write the value out in full", "%s are not used in policies: what a sentence says must stand where it is read", what)
}

// feature names what a node uses of YAML that policies do not.
func feature(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return "anchors and aliases"
	case n.Style&yaml.TaggedStyle != 0:
		return "tags (!…)"
	}
	return ""
}

// start is where a value stands; at, its key's place, when it is nothing.
func (c *converter) start(n *yaml.Node, at Pos) Pos {
	if n.Tag == "!!null" {
		return at
	}
	return position(c.file, n)
}

// few is how many keys of a mapping are compared one by one.
const few = 16

func (c *converter) mapping(n *yaml.Node, at Pos, depth int) *node {
	out := c.make(mapNode, at)
	out.entries = make([]entry, 0, len(n.Content)/2)
	var seen map[string]int // the index of each key, where there are many
	if len(n.Content)/2 > few {
		seen = make(map[string]int, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		pos := c.start(k, at)
		if feature(k) != "" || k.Kind != yaml.ScalarNode || k.Tag == "!!null" || k.Tag == "!!merge" {
			c.fs.errorf("yaml.key", pos, "use a plain name as key", "a key must be a plain name")
			continue
		}
		if first := out.find(k.Value, seen); first >= 0 {
			c.fs.errorf("yaml.twice", pos, "keep one of them", "%q is written twice; it stands first in line %d", shown(k.Value), out.entries[first].pos.Line)
			continue
		}
		if seen != nil {
			seen[k.Value] = len(out.entries)
		}
		out.entries = append(out.entries, entry{k.Value, pos, c.node(v, c.start(v, pos), depth+1)})
	}
	return out
}

// find returns the index of a key, -1 when it is not there.
func (n *node) find(key string, seen map[string]int) int {
	if seen == nil {
		return slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key })
	}
	if i, ok := seen[key]; ok {
		return i
	}
	return -1
}

// shown shortens a text of the file for a message.
func shown(s string) string {
	if r := []rune(s); len(r) > 60 {
		return fmt.Sprintf("%s…", string(r[:60]))
	}
	return s
}
