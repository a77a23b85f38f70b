package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Summary is a request in a list. It holds nothing personal.
type Summary struct {
	ID       ID               `json:"id"`
	Right    policy.RightKind `json:"right"`
	Scope    string           `json:"scope"`
	State    State            `json:"state"`
	Channel  string           `json:"channel"`
	Received time.Time        `json:"received"`
	ReplyDue *plan.Due        `json:"reply_due,omitempty"` // pauses counted in
	DoneDue  *plan.Due        `json:"done_due,omitempty"`  // pauses counted in
	Answered bool             `json:"answered,omitempty"`  // who asks has heard what becomes of it: the clock of the reply has stopped
	Paused   bool             `json:"paused,omitempty"`
	Reason   string           `json:"reason,omitempty"` // code: why it is paused, refused or needs attention
	Cite     string           `json:"cite,omitempty"`   // provision behind a refusal
	Cause    string           `json:"cause,omitempty"`  // what needs attention, in words
}

// A View is everything about a request that staff may see: counts and names, and
// nothing personal.
type View struct {
	Summary
	Subject  subject.ID   `json:"subject,omitempty"`
	Language string       `json:"language"`
	AskedBy  string       `json:"asked_by"` // person, staff, machine
	Method   string       `json:"verified_by,omitempty"`
	Counts   []Count      `json:"counts,omitempty"` // of the newest survey
	Plan     *plan.Public `json:"plan,omitempty"`
	Steps    []Step       `json:"steps,omitempty"`
	Events   []Event      `json:"events"`
	Receipt  bool         `json:"receipt"` // there is one

	Corrects   []string    `json:"corrects,omitempty"`   // items of a rectification
	Recipients []plan.Told `json:"recipients,omitempty"` // who had received the data, and when they were told
	Informed   *time.Time  `json:"informed,omitempty"`   // when the person was told of the end, or that a package waits
	NotTold    string      `json:"not_told,omitempty"`   // why they could not be: no-address, no-server, or a fault

	Fetched  int64      `json:"fetched,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"` // of the package
	KeyEnded *time.Time `json:"key_ended,omitempty"`
	Silent   *time.Time `json:"silent_from,omitempty"` // nothing erased can be had from here on
}

// A Step is one step of a run as it stands.
type Step struct {
	Number  int64         `json:"number"`
	Kind    plan.StepKind `json:"kind"`
	System  string        `json:"system,omitempty"`
	State   string        `json:"state"` // waiting, begun, done
	Tries   int64         `json:"tries,omitempty"`
	Planned int64         `json:"planned"`
	Done    int64         `json:"done"`
	Cause   string        `json:"cause,omitempty"`
	Ended   *time.Time    `json:"ended,omitempty"`
}

// An Event is one fact of a request's timeline.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // of the log entry
	State  State     `json:"state"`
	Actor  string    `json:"actor"` // person, staff, machine
	Step   int64     `json:"step,omitempty"`
	System string    `json:"system,omitempty"`
	Note   string    `json:"note,omitempty"`
	Entry  int64     `json:"entry"` // id of the log entry that proves it
}

// Show returns a request as staff may see it.
func (s *Service) Show(ctx context.Context, want ID) (View, error) {
	q, about, err := s.load(ctx, want)
	if err != nil {
		return View{}, err
	}
	v := View{
		Summary: s.summary(q), Subject: about.ID, Language: q.language, AskedBy: q.asker, Method: q.method,
		Receipt: q.receipt != nil, Fetched: q.fetched, Expires: q.expires, KeyEnded: q.closed,
	}
	err = s.data.Read(ctx, func(r *db.Snapshot) error {
		if v.Events, err = events(ctx, r, q); err != nil {
			return err
		}
		results, err := surveys(ctx, r, q, q.survey)
		if err != nil {
			return err
		}
		for _, f := range results {
			v.Counts = append(v.Counts, Count{f.system, f.kind, int(f.rows)})
		}
		list, err := steps(ctx, r, q)
		if err != nil {
			return err
		}
		for _, t := range list {
			v.Steps = append(v.Steps, Step{t.number, plan.StepKind(t.kind), t.system, t.state, t.tries, t.planned, t.done, t.cause, t.ended})
		}
		v.Plan, err = shownPlan(ctx, r, q)
		return err
	})
	if err != nil {
		return View{}, err
	}
	v.tell(q)
	if q.closed != nil && q.begun {
		if at, ok, err := s.keys.SilentFrom(ctx, *q.closed); err == nil && ok {
			v.Silent = &at
		}
	}
	return v, nil
}

// tell adds what was corrected, and who was told.
func (v *View) tell(q *request) {
	v.Recipients = toldOf(v.Plan, v.Events)
	if scope, err := q.scoped(); err == nil && q.right() == policy.Rectification {
		v.Corrects = strings.Split(scope.Name, ",")
	}
	switch e := informed(v.Events); {
	case e == nil:
	case e.Kind == audit.NoticeSent.String():
		v.Informed = &e.At
	default:
		v.NotTold = e.Note
	}
}

func shownPlan(ctx context.Context, r db.Reader, q *request) (*plan.Public, error) {
	if q.plan == 0 || q.planHash == "" {
		return nil, nil
	}
	var (
		hash          string
		shown, sealed []byte
		p             plan.Public
	)
	if err := r.Row(ctx, selectPlan, q.num, q.plan).Scan(&hash, &shown, &sealed); err != nil {
		return nil, fmt.Errorf("rights show: %w", err)
	}
	if err := json.Unmarshal(shown, &p); err != nil {
		return nil, fmt.Errorf("rights show: %w", err)
	}
	return &p, nil
}

func events(ctx context.Context, r db.Reader, q *request) ([]Event, error) {
	return db.List(ctx, r, "rights events", scanEvent, selectEvents, q.num)
}

func scanEvent(row db.Scanner) (e Event, err error) {
	var at int64
	if err := row.Scan(&e.Entry, &at, &e.Kind, &e.State, &e.Actor, &e.Step, &e.System, &e.Note); err != nil {
		return e, err
	}
	e.At = when(at)
	return e, nil
}

func (s *Service) summary(q *request) Summary {
	now := s.data.Now()
	return Summary{
		ID: q.id, Right: q.right(), Scope: q.scope, State: q.state, Channel: q.channel, Received: q.received,
		ReplyDue: q.dueAt(q.reply, now).public(), DoneDue: q.dueAt(q.done, now).public(), Paused: q.paused != nil,
		Answered: q.answered(), Reason: q.reason, Cite: q.cite, Cause: q.cause,
	}
}

// A Filter chooses requests. Its zero value is the first hundred.
type Filter struct {
	State   State      // "": any
	Subject subject.ID // "": anybody's
	After   ID         // the last request of the page before
	Limit   int        // 0: 100
}

// List returns requests in the order in which they came.
func (s *Service) List(ctx context.Context, f Filter) ([]Summary, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var found []*request
	err := s.data.Read(ctx, func(r *db.Snapshot) error {
		after := int64(0)
		if f.After != "" {
			last, err := get(ctx, r, f.After)
			if err != nil {
				return err
			}
			after = last.num
		}
		var err error
		switch {
		case f.Subject != "":
			about, err2 := subject.Get(ctx, r, f.Subject)
			if err2 != nil {
				return err2
			}
			found, err = list(ctx, r, selectOf, about.Num, f.Limit)
		case f.State != "":
			found, err = list(ctx, r, selectState, after, f.Limit, string(f.State))
		default:
			found, err = list(ctx, r, selectPage, after, f.Limit)
		}
		return err
	})
	return s.summaries(found), err
}

func (s *Service) summaries(list []*request) []Summary {
	out := make([]Summary, len(list))
	for i, q := range list {
		out[i] = s.summary(q)
	}
	return out
}

// Clock is the earliest deadline that still runs: of the reply, unless it was given,
// and of the whole. It is nil where no rule sets one.
func (x Summary) Clock() *plan.Due {
	if x.ReplyDue != nil && !x.Answered && (x.DoneDue == nil || x.ReplyDue.At.Before(x.DoneDue.At)) {
		return x.ReplyDue
	}
	return x.DoneDue
}

// DueSoon returns open requests that must be answered or done within d, the most
// urgent first, those that are overdue among them. A paused request's clocks stand
// still.
func (s *Service) DueSoon(ctx context.Context, d time.Duration) ([]Summary, error) {
	limit := s.data.Now().Add(d)
	return s.due(ctx, limit)
}

// Overdue returns open requests that should have been answered or done: each is a
// broken promise.
func (s *Service) Overdue(ctx context.Context) ([]Summary, error) {
	return s.due(ctx, s.data.Now())
}

// dueShown bounds how many requests are looked at for each of the two clocks.
const dueShown = 1000

func (s *Service) due(ctx context.Context, limit time.Time) (out []Summary, err error) {
	var found []*request
	err = s.data.Read(ctx, func(r *db.Snapshot) error {
		for _, query := range []string{selectOpen, selectSilent} {
			list, err := list(ctx, r, query, limit.UnixMicro(), dueShown)
			if err != nil {
				return err
			}
			found = append(found, list...)
		}
		return nil
	})
	known := map[ID]bool{}
	for _, x := range s.summaries(found) {
		if c := x.Clock(); c != nil && !c.At.After(limit) && !known[x.ID] {
			known[x.ID] = true
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Summary) int { return a.Clock().At.Compare(b.Clock().At) })
	return out, err
}
