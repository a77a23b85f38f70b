package web

import "net/http"

// A Late writer sets headers when the first byte is there: until then the answer
// can still be a problem.
type Late struct {
	W     http.ResponseWriter
	Begin func() // sets the headers; called once
}

// Write begins the answer and writes.
func (l *Late) Write(b []byte) (int, error) {
	if l.Begin != nil {
		l.Begin()
		l.Begin = nil
	}
	return l.W.Write(b)
}
