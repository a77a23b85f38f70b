package web

import (
	"net/http"
	"strings"
)

// A Guide is what the front page of a demo shows besides the platforms: what avow
// is, with an example that is alive, and how to try each platform.
type Guide struct {
	Mailbox string // where mail is read
	Codes   string // where the codes of staff are
	Log     string // where the evidence of Chain can be looked at
	Chain   Chain
	Places  map[string]Place // by platform
	Away    bool             // the reader is on another machine: no addresses, passwords or keys are shown
}

// A Chain is one promise, what keeps it, and what that left in the log.
type Chain struct{ Platform, Promise, Clause, Control, Place, Evidence string }

// A Place says how to try one platform.
type Place struct {
	Persons []string // addresses to sign in with
	Staff   []Colleague
	Lines   string // for a shell; ORIGIN stands for scheme and host
	Store   string // where its storefront is; "": it has none
}

// A Colleague is a member of staff of a demo.
type Colleague struct{ Login, Name, Role string }

// Guide has fn say what the front page shows besides; fn is asked for each
// request, with the reader's language. Call it before the first request.
func (f *Frame) Guide(fn func(r *http.Request, lang string) *Guide) { f.guide = fn }

// frontPage leads into each platform, and in a demo explains avow on one screen.
type frontPage struct {
	Page
	T         frontText
	Platforms []frontPlatform
	Guide     *Guide
	API       bool
}

type frontPlatform struct {
	ID, Title, Label string
	Accent           int
	Centre, Console  bool
	Promises         int // clauses of its policy
	Items            int
	Place            *Place // of a demo
	Lines            string
}

func (f *Frame) front(w http.ResponseWriter, r *http.Request) {
	p := frontPage{Page: f.Page(r, "", "avow"), API: f.door("/api/v1/") != nil}
	p.T, p.Public = frontTexts(p.Lang), true
	if f.guide != nil {
		p.Guide = f.guide(r, p.Lang)
	}
	for i, pl := range f.config.Platforms {
		in := pl.Policy()
		v := frontPlatform{
			ID: pl.ID(), Title: in.Title().In(p.Lang), Label: in.Label(), Accent: i % 8, Promises: len(in.Clauses()), Items: len(in.Items()),
			Centre: f.door("/"+pl.ID()+"/") != nil, Console: f.door("/console/"+pl.ID()+"/") != nil,
		}
		if p.Guide != nil {
			if place, ok := p.Guide.Places[pl.ID()]; ok {
				v.Place, v.Lines = &place, strings.ReplaceAll(place.Lines, "ORIGIN", f.Origin(r))
			}
		}
		p.Platforms = append(p.Platforms, v)
	}
	f.Render(w, r, http.StatusOK, f.layout.front, p)
}

// Origin is where the server is reached, as the browser says it.
func (f *Frame) Origin(r *http.Request) string {
	if f.config.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// at returns the platform that a path lies in, "" for none.
func (f *Frame) at(path string) string {
	path = strings.TrimPrefix(path, "/console")
	for _, p := range f.config.Platforms {
		if strings.HasPrefix(path, "/"+p.ID()+"/") {
			return p.ID()
		}
	}
	return ""
}
