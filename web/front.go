package web

import (
	"net/http"

	"github.com/avow-dev/avow/policy"
)

// frontPage explains avow on one screen and leads into each platform.
type frontPage struct {
	Page
	T         frontText
	Platforms []frontPlatform
	Origin    string // scheme and host, for the lines to paste
	First     string // a platform for them
	Centre    bool   // the doors that are there
	Console   bool
	API       bool
}

type frontPlatform struct {
	ID, Title, Label string
	Accent           int
	Centre, Console  bool
	Promises         int // clauses of its policy
	Items            int
}

func (f *Frame) front(w http.ResponseWriter, r *http.Request) {
	p := frontPage{Page: f.Page(r, "", "avow"), Origin: f.origin(r), First: "PLATFORM", API: f.door("/api/v1/") != nil}
	p.T = frontTexts(p.Lang)
	for i, pl := range f.config.Platforms {
		in := pl.Policy()
		v := frontPlatform{
			ID: pl.ID(), Title: in.Title().In(p.Lang), Label: in.Label(), Accent: i % 8, Promises: clauses(in), Items: len(in.Items()),
			Centre: f.door("/"+pl.ID()+"/") != nil, Console: f.door("/console/"+pl.ID()+"/") != nil,
		}
		if i == 0 {
			p.First = pl.ID()
		}
		p.Platforms = append(p.Platforms, v)
	}
	f.Render(w, r, http.StatusOK, f.layout.front, p)
}

func clauses(p *policy.Policy) int { return len(p.Clauses()) }

// origin is where the server is reached, as the browser says it.
func (f *Frame) origin(r *http.Request) string {
	if f.config.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// problemPage is a problem for a person.
type problemPage struct {
	Page
	Detail, Request string
}

func (f *Frame) problemPage(w http.ResponseWriter, r *http.Request, status int, detail string) {
	p := problemPage{Page: f.Page(r, f.at(r.URL.Path), Title(status)), Detail: sentence(detail), Request: RequestID(r.Context())}
	if status == http.StatusNotFound || status == http.StatusInternalServerError || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		p.Title, p.Detail = problemText(p.Lang, status, p.Title, p.Detail)
	}
	f.Render(w, r, status, f.layout.problem, p)
}

// at returns the platform that a path lies in, "" for none.
func (f *Frame) at(path string) string {
	for _, p := range f.config.Platforms {
		if within := "/" + p.ID() + "/"; len(path) >= len(within) && path[:len(within)] == within {
			return p.ID()
		}
	}
	return ""
}
