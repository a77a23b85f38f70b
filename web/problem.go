package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/avow-dev/avow/fault"
)

var errNoPage = errors.New("web: the page's struct does not embed web.Page")

// Status returns the status of an error: the one table of the server.
func Status(err error) int {
	switch fault.Of(err) {
	case "":
		return http.StatusOK
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Busy:
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.Canceled) {
		return 499 // the caller has gone; nobody sees it but the log
	}
	return http.StatusInternalServerError
}

// Title returns the words for a status.
func Title(status int) string {
	switch status {
	case 499:
		return "The caller has gone"
	case http.StatusUnprocessableEntity:
		return "This cannot be accepted as it is"
	case http.StatusForbidden:
		return "This is not allowed"
	case http.StatusNotFound:
		return "There is no such thing here"
	case http.StatusConflict:
		return "This has moved on"
	case http.StatusTooManyRequests:
		return "Too fast"
	case http.StatusServiceUnavailable:
		return "Busy for the moment"
	case http.StatusInternalServerError:
		return "Something went wrong"
	}
	return http.StatusText(status)
}

// A Document is a problem for machines (RFC 9457). Instance is the request id.
type Document struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance,omitempty"`
	Code     string `json:"code"`
}

// Problem answers with an error: a document for machines, a page for people. The
// operator's error goes to the log, when it is one that wakes somebody.
func (f *Frame) Problem(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	f.Note(r.Context(), err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	f.problem(w, r, status, string(fault.Of(err)), fault.Message(err))
}

// Note logs an error that is not the caller's.
func (f *Frame) Note(ctx context.Context, err error) {
	if fault.Of(err) == fault.Internal && !errors.Is(err, context.Canceled) {
		f.log.LogAttrs(ctx, slog.LevelError, "a request failed", slog.String("request", RequestID(ctx)), slog.Any("error", err))
	}
}

// NotFound answers that there is nothing at this address.
func (f *Frame) NotFound(w http.ResponseWriter, r *http.Request) {
	f.problem(w, r, http.StatusNotFound, string(fault.NotFound), "there is nothing at this address")
}

// TooFast answers that a limit is reached.
func (f *Frame) TooFast(w http.ResponseWriter, r *http.Request) {
	f.metrics.limited.Inc()
	w.Header().Set("Retry-After", "10")
	f.problem(w, r, http.StatusTooManyRequests, string(fault.Busy), "this was asked for too often: wait a little, then try again")
}

// fail answers with an error of our own making.
func (f *Frame) fail(w http.ResponseWriter, r *http.Request, err error) {
	f.Note(r.Context(), err)
	f.problem(w, r, http.StatusInternalServerError, string(fault.Internal), fault.Message(err))
}

func (f *Frame) problem(w http.ResponseWriter, r *http.Request, status int, code, detail string) {
	w.Header().Set("Cache-Control", "no-store")
	if wantsPage(r) {
		f.problemPage(w, r, status, detail)
		return
	}
	WriteProblem(w, Document{
		Type: "about:blank", Title: Title(status), Status: status, Detail: detail, Code: code, Instance: RequestID(r.Context()),
	})
}

// WriteProblem writes a document.
func WriteProblem(w http.ResponseWriter, d Document) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(d.Status)
	json.NewEncoder(w).Encode(d)
}

// wantsPage reports whether a browser asks: not an API route, and HTML is
// accepted by name.
func wantsPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/api/v1/") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// problemPage is a problem for a person.
type problemPage struct {
	Page
	Detail, Request string
}

func (f *Frame) problemPage(w http.ResponseWriter, r *http.Request, status int, detail string) {
	at := f.at(r.URL.Path)
	p := problemPage{Page: f.Page(r, at, ""), Request: RequestID(r.Context())}
	p.Title, p.Detail = problemText(p.Lang, status, detail)
	if at != "" && strings.HasPrefix(r.URL.Path, "/console/") {
		p.Home = "/console/" + at + "/"
	}
	f.Render(w, r, status, f.layout.problem, p)
}
