package db

import "fmt"

// A reply is the rows that one asker gets: a cursor over memory of its own.
type reply struct {
	cells  []cell
	memory []byte // texts and blobs, one after the other
	width  int
	at     int   // of the row, from 1
	failed error // a cell could not be read
}

// A cell is an integer, or size bytes from n on.
type cell struct {
	n    int64
	size int32
	kind kind
}

func (r *reply) add(k kind, n int64) { r.cells = append(r.cells, cell{n: n, kind: k}) }

// addBytes copies b.
func (r *reply) addBytes(k kind, b []byte) {
	r.cells = append(r.cells, cell{int64(len(r.memory)), int32(len(b)), k})
	r.memory = append(r.memory, b...)
}

func (r *reply) next() bool {
	if r.at*r.width >= len(r.cells) {
		return false
	}
	r.at++
	return true
}

func (r *reply) cell(i int) *cell { return &r.cells[(r.at-1)*r.width+i] }
func (r *reply) err() error       { return r.failed }
func (r *reply) close()           {}
func (r *reply) columns() int     { return r.width }
func (r *reply) null(i int) bool  { return r.cell(i).kind == null }

func (r *reply) int64(i int) (int64, error) {
	if c := r.cell(i); c.kind == integer {
		return c.n, nil
	}
	return 0, fmt.Errorf("%s scanned into an integer", r.cell(i).kind)
}

func (r *reply) text(i int) (string, error) {
	if c := r.cell(i); c.kind == text {
		return string(r.part(c)), nil
	}
	return "", fmt.Errorf("%s scanned into a text", r.cell(i).kind)
}

// bytes gives the memory itself: nobody else has it.
func (r *reply) bytes(i int) ([]byte, error) {
	if c := r.cell(i); c.kind == blob || c.kind == text {
		return r.part(c), nil
	}
	return nil, fmt.Errorf("%s scanned into bytes", r.cell(i).kind)
}

func (r *reply) part(c *cell) []byte {
	end := c.n + int64(c.size)
	return r.memory[c.n:end:end]
}
