package rest

import (
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/web"
)

// log adds the public face of the logs: C2SP tlog-checkpoint and tlog-tiles. A
// leaf is a salted hash, so that nothing can be guessed from it.
func (s *Server) log() {
	for _, p := range s.platforms {
		at := "GET /log/" + p.ID() + "/"
		s.mux.HandleFunc(at+"checkpoint", s.public(p, s.checkpoint))
		s.mux.HandleFunc(at+"key", s.public(p, s.verifier))
		s.mux.HandleFunc(at+"tile/{tile...}", s.public(p, s.tile))
		s.mux.HandleFunc(at+"tile/entries/{bundle...}", s.public(p, s.bundle))
	}
}

// public limits how fast one client may read.
func (s *Server) public(p *platform.Platform, fn func(http.ResponseWriter, *http.Request, *platform.Platform)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.frame.Serves(r, p.ID()):
			s.frame.NotFound(w, r)
		case !s.frame.Limit("log "+s.frame.Client(r), web.Rate{Each: 2 * time.Millisecond, Burst: 2000}):
			s.frame.TooFast(w, r)
		default:
			fn(w, r, p)
		}
	}
}

func (s *Server) checkpoint(w http.ResponseWriter, r *http.Request, p *platform.Platform) {
	c, err := p.Log().Checkpoint(r.Context())
	if err != nil {
		s.frame.Problem(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	words(w, c.Note)
}

func (s *Server) verifier(w http.ResponseWriter, _ *http.Request, p *platform.Platform) {
	w.Header().Set("Cache-Control", "no-cache")
	words(w, []byte(p.Log().Key()+"\n"))
}

func words(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write(b)
}

func (s *Server) tile(w http.ResponseWriter, r *http.Request, p *platform.Platform) {
	t, err := tlog.ParseTilePath("tile/8/" + r.PathValue("tile"))
	if err != nil || t.L < 0 {
		s.frame.NotFound(w, r)
		return
	}
	b, err := p.Log().Tile(r.Context(), t.L, t.N, t.W)
	s.forever(w, r, b, err)
}

// bundle answers the leaves under a tile of level 0. They are hashes too.
func (s *Server) bundle(w http.ResponseWriter, r *http.Request, p *platform.Platform) {
	t, err := tlog.ParseTilePath("tile/8/data/" + r.PathValue("bundle"))
	if err != nil || t.L != -1 {
		s.frame.NotFound(w, r)
		return
	}
	b, err := p.Log().Bundle(r.Context(), t.N, t.W)
	s.forever(w, r, b, err)
}

// forever answers what never changes.
func (s *Server) forever(w http.ResponseWriter, r *http.Request, b []byte, err error) {
	if err != nil {
		s.frame.Problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(b)
}
