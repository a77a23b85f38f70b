package policy

import "fmt"

// A Pos is a place in a policy file. Line and Column start at 1 and count
// characters. The zero Pos names no place.
type Pos struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// start is the first place of a file.
func start(file string) Pos { return Pos{File: file, Line: 1, Column: 1} }

// String gives file:line:column.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}
