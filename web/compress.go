package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// worth is the size from which compressing pays, in bytes: less fits into one
// packet anyhow.
const worth = 1400

// send writes an answer whose headers are set, compressed where it pays and the
// reader can have it so. Only what says nothing of who reads it may be compressed:
// the length of anything else would tell about secrets beside what a stranger can
// put into it (BREACH).
func send(w http.ResponseWriter, r *http.Request, status int, b, packed []byte) {
	if packed != nil {
		w.Header().Add("Vary", "Accept-Encoding")
		if accepts(r) {
			w.Header().Set("Content-Encoding", "gzip")
			b = packed
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(b) // a reader who has gone cannot be answered
	}
}

// accepts reports whether a reader takes gzip. Those who refuse it (q=0) are
// answered plain.
func accepts(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if name == "gzip" {
			return !strings.HasPrefix(weight, "q=0") || strings.HasPrefix(weight, "q=0.") && strings.Trim(weight, "q=0.") != ""
		}
	}
	return false
}

// pack compresses; nil where it does not pay.
func pack(b []byte, level int) []byte {
	if len(b) < worth {
		return nil
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	z.Write(b) // into memory
	z.Close()
	if out.Len() >= len(b) {
		return nil
	}
	return out.Bytes()
}
