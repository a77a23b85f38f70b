package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A CaseSummary is a case in a list. It holds nothing personal.
type CaseSummary struct {
	ID       contact.ID    `json:"id"`
	Kind     contact.Kind  `json:"kind"`
	Topic    contact.Topic `json:"topic"`
	Channel  string        `json:"channel"`
	State    contact.State `json:"state"`
	Owner    string        `json:"owner" doc:"Role whose turn it is"`
	Received time.Time     `json:"received"`
	Due      *time.Time    `json:"due,omitempty"`
	Rule     string        `json:"rule,omitempty"`
	Cite     string        `json:"cite,omitempty"`
	Latest   *time.Time    `json:"latest,omitempty" doc:"Until when the answer may be put off, for a reason; left out where it may not"`
	Overdue  bool          `json:"overdue" doc:"No answer came in time, and none has come yet"`
	Late     bool          `json:"late" doc:"The answer came, and too late"`
	Reason   string        `json:"reason,omitempty" doc:"Why the answer takes longer"`
	Replied  *time.Time    `json:"replied,omitempty"`
	Closed   *time.Time    `json:"closed,omitempty"`
	Outcome  string        `json:"outcome,omitempty"`
	First    contact.ID    `json:"first,omitempty" doc:"The case whose answer did not satisfy"`
}

// A CaseEvent is one thing that happened to a case.
type CaseEvent struct {
	Turn    int64     `json:"turn"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Actor   string    `json:"actor" doc:"person, staff or machine"`
	Note    string    `json:"note,omitempty"`
	Text    string    `json:"text,omitempty"`
	Contact string    `json:"contact,omitempty"`
	Gone    bool      `json:"gone,omitempty" doc:"What was written here cannot be read any more"`
	Entry   int64     `json:"entry" doc:"Entry of the log that proves it"`

	written written
}

// A CaseFile is a case with what was written, those it looks at again after it, and
// where somebody can complain. It is what a person takes to an authority.
type CaseFile struct {
	Platform     string     `json:"platform"`
	Controller   string     `json:"controller"`
	Authority    string     `json:"authority,omitempty"`
	AuthorityURL string     `json:"authority_url,omitempty"`
	LogKey       string     `json:"log_key" doc:"The log that the entries stand in is checked with it"`
	Policy       string     `json:"policy" doc:"Version of the policy in force"`
	Subject      subject.ID `json:"subject,omitempty"`
	Cases        []CaseFull `json:"cases"`
}

// A CaseFull is a case with its events.
type CaseFull struct {
	CaseSummary
	Events []CaseEvent `json:"events"`
}

func (p *Platform) caseSummary(c *contact.Case) CaseSummary {
	return CaseSummary{
		ID: c.ID, Kind: c.Kind, Topic: c.Topic, Channel: c.Channel, State: c.State, Owner: c.Owner, Received: c.Received, Due: c.Due,
		Rule: c.Rule, Cite: c.Cite, Latest: c.Latest, Overdue: c.Overdue(p.data.Now()), Late: c.Late, Reason: c.Reason, Replied: c.Replied,
		Closed: c.Ended, Outcome: c.Outcome, First: c.First,
	}
}

// A CaseFilter chooses cases. Its zero value is the first hundred.
type CaseFilter struct {
	State   contact.State // "": any
	Subject subject.ID    // "": anybody's
	After   contact.ID    // the last case of the page before
	Limit   int           // 0: 100
}

// Cases returns cases in the order in which they came.
func (p *Platform) Cases(ctx context.Context, f CaseFilter) ([]CaseSummary, error) {
	in := contact.Filter{State: f.State, Limit: f.Limit}
	if f.Subject != "" {
		num, err := p.gate.Number(ctx, f.Subject)
		if err != nil {
			return nil, err
		}
		in.Subject = num
	}
	out := []CaseSummary{}
	err := p.data.Read(ctx, func(r *db.Snapshot) error {
		if f.After != "" {
			last, err := contact.Get(ctx, r, f.After)
			if err != nil {
				return err
			}
			in.After = last.Num
		}
		found, err := contact.List(ctx, r, in)
		for _, c := range found {
			out = append(out, p.caseSummary(c))
		}
		return err
	})
	return out, err
}

// OpenCases returns the cases that wait for an answer, the one that is due first at
// the head and those without a clock at the end.
func (p *Platform) OpenCases(ctx context.Context) (out []CaseSummary, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		for f := (contact.Filter{State: contact.Open, Limit: openPage}); ; {
			found, err := contact.List(ctx, r, f)
			if err != nil {
				return err
			}
			for _, c := range found {
				out = append(out, p.caseSummary(c))
			}
			if len(found) < openPage {
				return nil
			}
			f.After = found[len(found)-1].Num
		}
	})
	slices.SortFunc(out, CompareCases)
	return out, err
}

// CompareCases orders open cases: what is due first comes first, then what came
// first.
func CompareCases(a, b CaseSummary) int {
	return cmp.Or(dueAt(a).Compare(dueAt(b)), cmp.Compare(a.ID, b.ID))
}

// dueAt is when the answer of a case is due, long from now where no rule says so.
func dueAt(c CaseSummary) time.Time {
	if c.Due == nil {
		return time.Unix(1<<40, 0)
	}
	return *c.Due
}

// CaseOwner returns the role whose turn a case is.
func (p *Platform) CaseOwner(ctx context.Context, want contact.ID) (string, error) {
	c, err := p.caseRow(ctx, want)
	if err != nil {
		return "", err
	}
	return c.Owner, nil
}

// CountCases returns how many cases are in a state.
func (p *Platform) CountCases(ctx context.Context, state contact.State) (n int, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		n, err = contact.Count(ctx, r, state)
		return err
	})
	return n, err
}

// dueCases returns open cases whose answer is due within d, overdue ones first.
func (p *Platform) dueCases(ctx context.Context, d time.Duration) (out []contact.Case, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		found, err := contact.DueBy(ctx, r, p.data.Now().Add(d), failedShown)
		for _, c := range found {
			out = append(out, *c)
		}
		return err
	})
	return out, err
}

// CaseFile returns a case as staff see it, or its person, who take it along. Reading
// it as staff leaves an entry that the person sees; so does taking it along.
func (p *Platform) CaseFile(ctx context.Context, want contact.ID, by gate.Actor) (*CaseFile, error) {
	c, err := p.caseRow(ctx, want)
	if err != nil {
		return nil, err
	}
	who, err := p.caseSubject(ctx, c)
	if err != nil {
		return nil, err
	}
	if by.Role == policy.Self && (who == "" || by.ID != string(who)) {
		return nil, fault.New(fault.NotFound, "there is no such case")
	}
	if err := p.Cleared(ctx, by); err != nil {
		return nil, err
	}
	if err := p.caseShown(ctx, c, by); err != nil {
		return nil, err
	}
	p.sawReads(ctx, by, 1)
	at, err := p.authorityFor(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &CaseFile{
		Platform: p.id, Controller: p.Policy().Controller().Name.In(c.Language), Authority: at.Name.In(c.Language), AuthorityURL: at.URL,
		LogKey: p.log.Key(), Policy: p.Policy().Version(), Subject: who,
	}
	for {
		events, err := p.caseEvents(ctx, c)
		if err != nil {
			return nil, err
		}
		out.Cases = append(out.Cases, CaseFull{p.caseSummary(c), events})
		if c.First == "" {
			return out, nil
		}
		if c, err = p.caseRow(ctx, c.First); err != nil {
			return nil, err
		}
	}
}

// caseShown leaves the entry of somebody who reads a case, before it is read.
func (p *Platform) caseShown(ctx context.Context, c *contact.Case, by gate.Actor) error {
	e := audit.Entry{Kind: audit.CaseRead, Control: policy.UseLog, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagRole, c.Owner),
	}}
	if by.Role == policy.Self {
		e.Kind, e.Control, e.Public = audit.Exported, policy.ComplaintRoute, []audit.Field{
			audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagForm, "case"),
		}
	}
	if err := p.aboutWhom(ctx, c, by, &e); err != nil {
		return err
	}
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("case: %w", err)
	}
	return p.data.Commit(ctx, act)
}

// caseEvents returns the events of a case with what can still be read of them.
func (p *Platform) caseEvents(ctx context.Context, c *contact.Case) (out []CaseEvent, err error) {
	var list []contact.Event
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = contact.Events(ctx, r, c.Num)
		return err
	})
	for _, e := range list {
		x := CaseEvent{Turn: e.Turn, At: e.At, Kind: e.Kind, Actor: e.Actor, Note: e.Note, Entry: e.Entry, Gone: c.Gone != nil}
		if e.Sealed != nil && c.Gone == nil {
			b, err := p.keys.Open(ctx, c.Key, caseAAD(c, e.Turn), e.Sealed)
			switch {
			case fault.Of(err) == fault.NotFound: // erased with its person
				x.Gone = true
			case err != nil:
				return nil, fmt.Errorf("case: %w", err)
			default:
				if err := json.Unmarshal(b, &x.written); err != nil {
					return nil, fmt.Errorf("case: what was sealed is not what was written")
				}
				x.Text, x.Contact = x.written.Text, x.written.Contact
			}
		}
		out = append(out, x)
	}
	return out, err
}

// caseSubject is whom a case is of; "" for nobody known.
func (p *Platform) caseSubject(ctx context.Context, c *contact.Case) (who subject.ID, err error) {
	if c.Subject == 0 {
		return "", nil
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		f, err := subject.ByNum(ctx, r, c.Subject)
		who = f.ID
		return err
	})
	return who, err
}

// whoWrote returns whom a case is of, and where they are reached.
func (p *Platform) whoWrote(ctx context.Context, c *contact.Case) (who subject.ID, to Personal, err error) {
	if who, err = p.caseSubject(ctx, c); err != nil {
		return who, to, err
	}
	list, err := p.caseEvents(ctx, c)
	if len(list) > 0 {
		to = NewPersonal(list[0].Contact)
	}
	return who, to, err
}
