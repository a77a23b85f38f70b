package rights

import (
	"context"
	"hash/crc32"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/subject"
)

// A Count is how many rows of the person one system holds.
type Count struct {
	System string `json:"system"`
	Kind   string `json:"kind"`
	Rows   int    `json:"rows"`
}

// An identifying system knows identifiers of a person beyond those that were
// given, so that the other systems are searched by all of them.
type identifying interface {
	Identifiers(ctx context.Context, w gate.Warrant, s connector.Subject) ([]connector.Identifier, error)
}

// Survey asks every system what it holds about the person: counts, and row keys,
// which are kept sealed. It can be repeated until the request runs, and after a
// run has stopped; a plan and an approval made before are then void.
func (s *Service) Survey(ctx context.Context, want ID, by gate.Actor) ([]Count, error) {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return nil, err
	}
	if err := q.may(Surveyed); err != nil {
		return nil, err
	}
	d, err := s.details(ctx, q)
	if err != nil {
		return nil, err
	}
	revision := q.survey + 1
	if err := s.learn(ctx, q, about, d, revision); err != nil {
		return nil, err
	}
	var (
		results []found
		counts  []Count
	)
	for _, sys := range s.systems {
		sv, err := s.ask(ctx, q, about, d, sys, numbered(revision, 0))
		if err != nil {
			return nil, err
		}
		s.point("rights.survey.before-store")
		sealed, err := s.sealed(ctx, q, placeSurvey, surveyPlace(revision, sys.Name()), sv)
		if err != nil {
			return nil, err
		}
		results = append(results, found{sys.Name(), sys.Kind(), int64(sv.Rows()), sealed})
		counts = append(counts, Count{sys.Name(), sys.Kind(), sv.Rows()})
	}
	if err := s.keep(ctx, q, d); err != nil {
		return nil, err
	}
	s.point("rights.survey.before-commit")
	return counts, s.surveyed(ctx, q, about, by, revision, results)
}

func (s *Service) surveyed(ctx context.Context, q *request, about subject.Facts, by gate.Actor, revision int64, results []found) error {
	rows := int64(0)
	for _, f := range results {
		rows += f.rows
	}
	q.survey, q.planHash, q.approved, q.cause, q.reason = revision, "", nil, "", ""
	return s.move(ctx, q, about, Surveyed, fact{
		kind: audit.Surveyed, control: q.control(), by: by,
		public: []audit.Field{audit.Num(audit.TagCount, rows)},
	}, func(a *db.Act) error {
		for _, f := range results {
			a.Do(insertSurvey, q.num, revision, f.system, f.kind, f.rows, f.sealed)
		}
		return nil
	})
}

// surveyPlace tells the sealed surveys of one revision apart.
func surveyPlace(revision int64, system string) int64 {
	return revision<<32 | int64(crc32.ChecksumIEEE([]byte(system)))
}

// learn adds to the details the identifiers that systems know of the person.
func (s *Service) learn(ctx context.Context, q *request, about subject.Facts, d *details, revision int64) error {
	for _, sys := range s.systems {
		knows, ok := sys.(identifying)
		if !ok {
			continue
		}
		s.point("rights.survey.before-warrant")
		w, err := s.warrant(ctx, q, about, sys.Name(), numbered(revision, 0), gate.Survey)
		if err != nil {
			return err
		}
		list, err := knows.Identifiers(ctx, w, person(q, string(about.ID), d))
		if err != nil {
			return err
		}
		d.learn(list)
	}
	return nil
}

// ask surveys one system under a warrant. A system that does not fit its data
// map is a fault.Invalid that lists what to write: nothing is planned on half
// an answer.
func (s *Service) ask(ctx context.Context, q *request, about subject.Facts, d *details, sys connector.System, number int64) (*connector.Survey, error) {
	check, err := sys.Check(ctx)
	if err != nil {
		return nil, err
	}
	if len(check.Problems) > 0 {
		return nil, fault.New(fault.Invalid, "%s does not fit its data map:\n%s", sys.Name(), strings.Join(check.Problems, "\n"))
	}
	s.point("rights.survey.before-warrant")
	w, err := s.warrant(ctx, q, about, sys.Name(), number, gate.Survey)
	if err != nil {
		return nil, err
	}
	s.point("rights.survey.before-system")
	return sys.Survey(ctx, w, person(q, string(about.ID), d))
}

func (s *Service) warrant(ctx context.Context, q *request, about subject.Facts, system string, number int64, action gate.Action) (gate.Warrant, error) {
	return s.gate.Warrant(ctx, gate.Step{Request: string(q.id), Number: number, System: system, Action: action, Subject: about})
}

// surveyedSystem is a system and its survey in the words of a plan.
func (s *Service) surveyedSystem(sys connector.System, sv *connector.Survey) plan.Surveyed {
	return plan.Surveyed{Name: sys.Name(), Kind: sys.Kind(), Map: s.maps[sys.Name()], Survey: sv, Can: sys.Can}
}
