package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

// The places of what is sealed under a request key: the Item of its associated
// data. The Value numbers what there may be many of.
const (
	placeDetails int64 = iota + 1
	placeSurvey        // Value: see surveyPlace
	placePlan          // Value: revision
	placeStep          // Value: number of the step
	placeSpool         // Value: number of the step<<32 | part
	placeParcel        // Value: part
	placeAct           // Value: number of the step; what it is about to do
)

// details are what is personal about a request.
type details struct {
	Identifiers []identifier `json:"identifiers"`
	Contact     string       `json:"contact,omitempty"`
	Asker       string       `json:"asker,omitempty"`    // staff id
	Verifier    string       `json:"verifier,omitempty"` // staff id
	Planner     string       `json:"planner,omitempty"`  // staff id
	Approver    string       `json:"approver,omitempty"` // staff id
	Corrections []correction `json:"corrections,omitempty"`
}

// A correction is the new value of an item.
type correction struct {
	Item  string `json:"item"`
	Value string `json:"value"`
}

type identifier struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// known returns the identifiers in the words of a connector.
func (d *details) known() []connector.Identifier {
	out := make([]connector.Identifier, len(d.Identifiers))
	for i, x := range d.Identifiers {
		out[i] = connector.Identifier{Kind: x.Kind, Value: seal.NewPersonal(x.Value)}
	}
	return out
}

// learn adds identifiers that are not there yet and reports whether any was new.
// Two spellings of one identifier are one.
func (d *details) learn(list []connector.Identifier) (more bool) {
	for _, x := range list {
		if x.Kind == "" || x.Value.IsZero() {
			continue
		}
		have := func(i identifier) bool { return i.Kind == x.Kind && same(i.Kind, i.Value, x.Value.Reveal()) }
		if !slices.ContainsFunc(d.Identifiers, have) {
			d.Identifiers = append(d.Identifiers, identifier{x.Kind, x.Value.Reveal()})
			more = true
		}
	}
	return more
}

func same(kind, a, b string) bool {
	x, err := seal.NormalForm(kind, a)
	y, err2 := seal.NormalForm(kind, b)
	if err != nil || err2 != nil {
		return a == b
	}
	return x == y
}

// sealed seals v, as JSON, under the request key at a place.
func (s *Service) sealed(ctx context.Context, q *request, place, value int64, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("rights seal: %w", err)
	}
	return s.sealBytes(ctx, q, place, value, b)
}

func (s *Service) sealBytes(ctx context.Context, q *request, place, value int64, plain []byte) ([]byte, error) {
	b, err := s.keys.Seal(ctx, q.key, seal.AAD{Subject: q.num, Item: place, Value: value}, plain)
	if err != nil {
		return nil, fmt.Errorf("rights seal: %w", err)
	}
	return b, nil
}

// open opens what sealed has sealed.
func (s *Service) open(ctx context.Context, q *request, place, value int64, sealed []byte, v any) error {
	b, err := s.openBytes(ctx, q, place, value, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("rights open: what was sealed is not what was written")
	}
	return nil
}

func (s *Service) openBytes(ctx context.Context, q *request, place, value int64, sealed []byte) ([]byte, error) {
	if q.closed != nil || sealed == nil {
		return nil, fault.New(fault.NotFound, "the request's own key is destroyed: who asked, and what was planned row by row, can no longer be read")
	}
	b, err := s.keys.Open(ctx, q.key, seal.AAD{Subject: q.num, Item: place, Value: value}, sealed)
	if err != nil {
		return nil, fmt.Errorf("rights open: %w", err)
	}
	return b, nil
}

func (s *Service) details(ctx context.Context, q *request) (*details, error) {
	d := &details{}
	return d, s.open(ctx, q, placeDetails, 0, q.details, d)
}

// keep seals details back into the row; the caller saves the row.
func (s *Service) keep(ctx context.Context, q *request, d *details) (err error) {
	q.details, err = s.sealed(ctx, q, placeDetails, 0, d)
	return err
}

// person is the subject as connectors know it.
func person(q *request, subjectID string, d *details) connector.Subject {
	if subjectID == "" {
		subjectID = string(q.id)
	}
	return connector.Subject{ID: subjectID, Identifiers: d.known()}
}
