package datamap

import "bytes"

const (
	maxSource = 1 << 20 // bytes of a file
	maxDepth  = 64      // brackets that are open at once
)

// bounded refuses what the YAML parser would take for ever over: its time grows
// with the square of the depth.
func (r *reader) bounded(src []byte) bool {
	if len(src) > maxSource {
		r.problem(Pos{1, 1}, "the file is larger than %d bytes: a map names tables and columns, and no rows", maxSource)
		return false
	}
	depth := 0
	for i, line := range bytes.Split(src, []byte("\n")) {
		for _, b := range line {
			switch b {
			case '[', '{':
				depth++
			case ']', '}':
				depth--
			}
			if depth > maxDepth {
				r.problem(Pos{i + 1, 1}, "more than %d brackets are open: look for one that is not closed", maxDepth)
				return false
			}
		}
		if dashes := bytes.Count(line, []byte("- ")) + bytes.Count(line, []byte("? ")); dashes > maxDepth {
			r.problem(Pos{i + 1, 1}, "more than %d lists begin on one line: write one entry a line", maxDepth)
			return false
		}
	}
	return true
}
