package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"time"
)

// A wire is a connection to the server that stays open. It shares the machine
// with what it measures, so it does little: the bytes of a request are put
// together in one buffer and sent at once, and of an answer the status, the length
// and the whole body are read.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	base string // path of the platform
	head string // the lines that every request has, from the version on

	out, text, body []byte // kept for the next request; body is the last answer's
}

// patience is how long one turn may last beyond its time.
const patience = 30 * time.Second

func dial(host, base, key string, within time.Duration) (*wire, error) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &wire{
		conn: c, in: bufio.NewReaderSize(c, 64<<10), base: base,
		head: " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + key + "\r\n",
	}, c.SetDeadline(time.Now().Add(within + patience))
}

// send sends a request, wants this status, and returns the answer, which holds
// until the next. A body is JSON, made as fmt makes it; "" is none.
func (w *wire) send(status int, method, path, body string, args ...any) ([]byte, error) {
	w.out = append(append(append(append(append(w.out[:0], method...), ' '), w.base...), path...), w.head...)
	if body != "" {
		w.text = fmt.Appendf(w.text[:0], body, args...)
		w.out = append(w.out, "Content-Type: application/json\r\nContent-Length: "...)
		w.out = append(strconv.AppendInt(w.out, int64(len(w.text)), 10), "\r\n"...)
	}
	w.out = append(w.out, "\r\n"...)
	if body != "" {
		w.out = append(w.out, w.text...)
	}
	if _, err := w.conn.Write(w.out); err != nil {
		return nil, err
	}
	got, err := w.answer()
	if err == nil && got != status {
		err = fmt.Errorf("%s %s: %d, want %d: %s", method, path, got, status, w.body)
	}
	return w.body, err
}

// answer reads an answer whole.
func (w *wire) answer() (status int, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) || len(line) < len("HTTP/1.1 200\r\n") {
		return 0, errors.New("this is no answer")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	for {
		if line, err = w.in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(v)); err != nil {
				return 0, err
			}
		}
		chunked = chunked || string(line) == "Transfer-Encoding: chunked"
	}
	return status, w.read(status, length, chunked)
}

// read reads the body of an answer.
func (w *wire) read(status, length int, chunked bool) (err error) {
	switch {
	case status == http.StatusNoContent:
		w.body = w.body[:0]
	case chunked:
		if w.body, err = io.ReadAll(httputil.NewChunkedReader(w.in)); err == nil {
			_, err = w.in.Discard(len("\r\n"))
		}
	default:
		w.body = slices.Grow(w.body[:0], length)[:length]
		_, err = io.ReadFull(w.in, w.body)
	}
	return err
}

// between returns what stands between two texts, "" when they are not there.
func between(b []byte, before, after string) string {
	_, b, _ = bytes.Cut(b, []byte(before))
	b, _, found := bytes.Cut(b, []byte(after))
	if !found {
		return ""
	}
	return string(b)
}
