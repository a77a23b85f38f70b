package policy

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	goccy "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

var (
	yamlLine   = pattern(`^line ([0-9]{1,7}): `)
	yamlAnchor = pattern(`^unknown anchor '(.*)' referenced$`)
)

// syntax adds, in one line, why a file that the parser refused is not YAML. The
// parser knows the line at most; so a second one, which is slower and knows the
// column, is asked for the words. Where that one sees nothing wrong, the first
// has said it.
func (fs *findings) syntax(file string, src []byte, err error) {
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	pos := start(file)
	if m := yamlAnchor().FindStringSubmatch(what); m != nil {
		fs.feature("anchors and aliases", spot(file, src, bytes.Index(src, []byte("*"+m[1]))))
		return
	}
	if i := bytes.IndexFunc(src, control); i >= 0 {
		pos = spot(file, src, i)
	} else if m := yamlLine().FindStringSubmatch(what); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		what = what[len(m[0]):]
		if strings.HasPrefix(what, "did not find expected") {
			pos.Line++ // what its grammar finds, and not its scanner, it counts from 0
		}
	}
	if at, words, ok := explained(file, src); ok {
		pos, what = at, words
	}
	what, _, _ = strings.Cut(what, "\n")
	fs.errorf("yaml.syntax", pos, "check indentation, quotes and brackets near here", "not valid YAML: %s", what)
}

// control reports whether r may not stand in YAML (1.2, 5.1).
func control(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) }

// spot is where byte i of src stands; the start where there is no such byte.
func spot(file string, src []byte, i int) Pos {
	if i < 0 {
		return start(file)
	}
	line := bytes.LastIndexByte(src[:i], '\n') + 1
	return Pos{File: file, Line: bytes.Count(src[:i], []byte("\n")) + 1, Column: utf8.RuneCount(src[line:i]) + 1}
}

// explained asks the second parser; ok is false when it sees nothing wrong.
func explained(file string, src []byte) (at Pos, what string, ok bool) {
	at = Pos{File: file}
	defer func() {
		if recover() != nil { // as good as silent
			ok = false
		}
	}()
	_, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	var y goccy.Error
	if !errors.As(err, &y) {
		return at, "", false
	}
	if t := y.GetToken(); t != nil && t.Position != nil {
		at.Line, at.Column = t.Position.Line, max(1, t.Position.Column)
	}
	return at, y.GetMessage(), true
}
