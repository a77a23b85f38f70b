package relational

import (
	"context"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// A System is a relational database under a data map. It implements
// [connector.System].
type System struct {
	e        Engine
	m        *datamap.Map
	progress func(connector.Progress)
}

var _ connector.System = (*System)(nil)

// New returns the system that e and m make. progress may be nil.
func New(e Engine, m *datamap.Map, progress func(connector.Progress)) (*System, error) {
	if m.Kind != e.Kind() {
		return nil, fault.New(fault.Invalid, "%s: the map is for a system of kind %s, not %s", m.File, m.Kind, e.Kind())
	}
	if progress == nil {
		progress = func(connector.Progress) {}
	}
	return &System{e: e, m: m, progress: progress}, nil
}

// Name returns the map's name of the system.
func (s *System) Name() string { return s.m.System }

// Kind returns the kind of connector.
func (s *System) Kind() string { return s.e.Kind() }

// Close releases connections.
func (s *System) Close() error { return s.e.Close() }

// Check implements [connector.System].
func (s *System) Check(ctx context.Context) (*connector.Checkup, error) {
	var out *connector.Checkup
	err := s.e.View(ctx, func(ses Session) error {
		schema, err := ses.Inspect(ctx)
		if err != nil {
			return err
		}
		g := newGraph(s.m, schema)
		g.checkOrder(s.e.Deferred())
		out = g.checkup()
		return nil
	})
	return out, err
}

// graph reads the schema and refuses a map that does not fit it.
func (s *System) graph(ctx context.Context, ses Session) (*graph, error) {
	schema, err := ses.Inspect(ctx)
	if err != nil {
		return nil, err
	}
	g := newGraph(s.m, schema)
	g.checkOrder(s.e.Deferred())
	if len(g.problems) > 0 {
		return nil, fault.New(fault.Invalid, "%s: the data map does not fit the database:\n%s", s.m.System, strings.Join(g.problems, "\n"))
	}
	return g, nil
}

// walk finds the person's rows in a session.
func (s *System) walk(ctx context.Context, ses Session, step string, sub connector.Subject) (*walk, error) {
	g, err := s.graph(ctx, ses)
	if err != nil {
		return nil, err
	}
	w := newWalk(g, s.e, ses, sub)
	w.progress = func(collection string, done int) { s.report(step, collection, done, 0) }
	return w, w.run(ctx)
}

func (s *System) report(step, collection string, done, total int) {
	s.progress(connector.Progress{System: s.m.System, Step: step, Collection: collection, Done: done, Total: total})
}

// Survey implements [connector.System].
func (s *System) Survey(ctx context.Context, w gate.Warrant, sub connector.Subject) (*connector.Survey, error) {
	if err := connector.Allowed(w, s.m.System, gate.Survey, sub); err != nil {
		return nil, err
	}
	var sv *connector.Survey
	err := s.e.View(ctx, func(ses Session) error {
		walk, err := s.walk(ctx, ses, "survey", sub)
		if err != nil {
			return err
		}
		sv, err = walk.survey(ctx, s.m.System)
		return err
	})
	return sv, err
}
