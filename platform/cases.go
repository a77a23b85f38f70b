package platform

import (
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
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// written is what stands sealed in an event of a case.
type written struct {
	Text    string `json:"text,omitempty"`
	Contact string `json:"contact,omitempty"`
	Staff   string `json:"staff,omitempty"` // id of who of the staff acted
}

// placeCase is the place of what is sealed under the key of a case.
const placeCase = 1

// tries is how often an act that others were faster than is tried again.
const tries = 16

// OpenCase takes down what somebody says, with a number and a clock. sub is who it
// is, where that was proved; "" for anybody else, whatever address they give. An
// acknowledgement goes to the contact they gave.
func (p *Platform) OpenCase(ctx context.Context, sub subject.ID, asked contact.Asked, by gate.Actor) (*contact.Case, error) {
	for range tries {
		act := p.data.NewAct()
		c, err := p.enterCase(ctx, act, sub, asked, by)
		if err != nil {
			return nil, err
		}
		follow, err := p.reported(ctx, act, c, sub)
		if err != nil {
			return nil, err
		}
		err = p.data.Commit(ctx, act)
		p.gate.Forget(c.Subject)
		if err == nil {
			return c, follow(ctx)
		}
		if !db.Lost(err) {
			return nil, err
		}
	}
	return nil, fault.New(fault.Busy, "this subject's record changes faster than it can be read: try again")
}

// enterCase adds a new case to an act.
func (p *Platform) enterCase(ctx context.Context, act *db.Act, sub subject.ID, asked contact.Asked, by gate.Actor) (*contact.Case, error) {
	c, err := contact.Opened(p.Policy(), asked, act.Now())
	if err != nil {
		return nil, err
	}
	if c.Num, err = p.data.Number(ctx, "subject"); err != nil { // the space of subjects: keys are bound to it
		return nil, err
	}
	if c.Key, err = p.keys.Next(ctx); err != nil {
		return nil, err
	}
	if sub != "" {
		if err := p.bindCase(ctx, act, c, sub); err != nil {
			return nil, err
		}
	}
	if c.Class == 0 {
		p.keys.Bind(act, c.Num, seal.RequestClass, 0, c.Key)
	}
	e := audit.Entry{Kind: audit.CaseOpened, Control: policy.ContactCase, Also: []policy.Control{policy.RequestChannel}, Public: []audit.Field{
		audit.Text(audit.TagChannel, c.Channel), audit.Text(audit.TagType, c.Kind), audit.Text(audit.TagScenario, c.Topic), audit.Text(audit.TagRole, c.Owner),
	}}
	if c.First != "" {
		e.Also = append(e.Also, policy.RequestEscalated)
	}
	if c.Due != nil {
		e.Public = append(e.Public, audit.Time(audit.TagDue, *c.Due), audit.Text(audit.TagRule, c.Rule))
	}
	c.Turns = 1
	contact.Insert(act, c)
	w := written{Text: asked.Text.Reveal(), Contact: asked.Contact.Reveal(), Staff: staffID(by)}
	return c, p.caseEvent(ctx, act, c, by, e, w, "", true)
}

// bindCase binds the key of a case to the record of who it is: it dies with the
// retention class of what they tell customer service.
func (p *Platform) bindCase(ctx context.Context, act *db.Act, c *contact.Case, sub subject.ID) error {
	num, err := p.gate.Number(ctx, sub)
	if err != nil {
		return err
	}
	s, err := p.gate.Fresh(ctx, num)
	if err != nil {
		return err
	}
	if s.Subject.State == subject.Erasing || s.Subject.State == subject.Erased {
		return fault.New(fault.Conflict, "the subject is %s: what they say comes in as of anybody", s.Subject.State)
	}
	act.Change(subject.Row, num, s.Subject.Version)
	c.Subject = num
	if class := contact.Class(p.Policy()); class != nil {
		c.Class = class.No
		p.keys.Bind(act, num, seal.Class(class.No), -c.Num, c.Key) // no period of the vault has this number
	}
	return nil
}

// caseEvent says one thing about a case: the entry, the event, and, where the person
// is told, the letter.
func (p *Platform) caseEvent(ctx context.Context, act *db.Act, c *contact.Case, by gate.Actor, e audit.Entry, w written, note string, told bool) error {
	e.Public = append([]audit.Field{audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagState, c.State)}, e.Public...)
	if err := p.aboutWhom(ctx, c, by, &e); err != nil {
		return err
	}
	entry, err := p.log.Append(ctx, act, e)
	if err != nil {
		return fmt.Errorf("case entry: %w", err)
	}
	ev := contact.Event{Turn: c.Turns, Entry: int64(entry), Kind: e.Kind.String(), Actor: by.Kind(), Note: note}
	if w != (written{}) {
		b, err := json.Marshal(w)
		if err != nil {
			return fmt.Errorf("case: %w", err)
		}
		if ev.Sealed, err = p.keys.Seal(ctx, c.Key, caseAAD(c, c.Turns), b); err != nil {
			return fmt.Errorf("case: %w", err)
		}
	}
	contact.Note(act, c.Num, ev)
	if told {
		job.Enqueue(act, job.Job{Kind: jobLetter, Ref: fmt.Sprintf("%s/%d", c.ID, c.Turns)})
	}
	return nil
}

func caseAAD(c *contact.Case, turn int64) seal.AAD {
	return seal.AAD{Subject: c.Num, Item: placeCase, Value: turn}
}

// aboutWhom adds to an entry whom the case is of, where they are known and there.
func (p *Platform) aboutWhom(ctx context.Context, c *contact.Case, by gate.Actor, e *audit.Entry) error {
	if c.Subject == 0 {
		return nil
	}
	var f subject.Facts
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.ByNum(ctx, r, c.Subject)
		return err
	})
	if err != nil || f.State == subject.Erasing || f.State == subject.Erased {
		return err
	}
	e.Subject, e.SubjectID, e.Key = f.Num, string(f.ID), f.LogKey
	e.Private = append(e.Private, audit.Text(audit.TagRef, "case:"+string(c.ID)))
	if by.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, by.ID))
	}
	return nil
}

func staffID(by gate.Actor) string {
	if by.Kind() == "staff" {
		return by.ID
	}
	return ""
}

// ReplyCase answers a case; the person is sent the answer, and told where they can
// complain. Who answers has the role whose turn it is, or decides about complaints;
// a case that looks again at another is answered by somebody else than that one.
func (p *Platform) ReplyCase(ctx context.Context, want contact.ID, text Personal, by gate.Actor) (*contact.Case, error) {
	return p.moveCase(ctx, want, by, func(act *db.Act, c *contact.Case) error {
		if err := p.mayAnswer(ctx, c, by); err != nil {
			return err
		}
		first := c.Replied == nil
		if err := c.Reply(p.Policy(), text.Reveal(), act.Now()); err != nil {
			return err
		}
		e := audit.Entry{Kind: audit.CaseReplied, Control: policy.ContactReply, Also: []policy.Control{policy.ContactCase}}
		if first && c.Late {
			if err := p.missed(ctx, act, c); err != nil {
				return err
			}
			e.Control, e.Also = policy.ContactCase, nil
		}
		return p.caseEvent(ctx, act, c, by, e, written{Text: text.Reveal(), Staff: staffID(by)}, "", true)
	})
}

// missed says in the log that the time for an answer was over: a broken promise.
func (p *Platform) missed(ctx context.Context, act *db.Act, c *contact.Case) error {
	e := audit.Entry{Kind: audit.DeadlineMissed, Control: policy.ContactReply.Broken(), Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Time(audit.TagDue, *c.Due), audit.Text(audit.TagRule, c.Rule),
	}}
	if err := p.aboutWhom(ctx, c, gate.Actor{}, &e); err != nil {
		return err
	}
	_, err := p.log.Append(ctx, act, e)
	return err
}

// DelayCase lets the answer take longer, as far as the policy leaves that open, for a
// reason that the person is told before the first time is over.
func (p *Platform) DelayCase(ctx context.Context, want contact.ID, reason string, by gate.Actor) (*contact.Case, error) {
	return p.moveCase(ctx, want, by, func(act *db.Act, c *contact.Case) error {
		if err := p.mayAnswer(ctx, c, by); err != nil {
			return err
		}
		if err := c.Delay(reason, act.Now()); err != nil {
			return err
		}
		return p.caseEvent(ctx, act, c, by, audit.Entry{
			Kind: audit.CaseDelayed, Control: policy.RequestExtended, Also: []policy.Control{policy.ContactReply},
			Public: []audit.Field{audit.Text(audit.TagReason, reason), audit.Time(audit.TagDue, *c.Due)},
		}, written{Staff: staffID(by)}, reason, true)
	})
}

// EscalateCase says that an answer does not satisfy: the case is closed, and another
// has it in it, with a clock of its own. It goes to who decides about complaints.
func (p *Platform) EscalateCase(ctx context.Context, want contact.ID, text Personal, by gate.Actor) (next *contact.Case, err error) {
	_, err = p.moveCase(ctx, want, by, func(act *db.Act, c *contact.Case) error {
		about, to, err := p.whoWrote(ctx, c)
		if err != nil {
			return err
		}
		asked, err := c.Again(contact.Asked{Text: text, Contact: to}, act.Now())
		if err != nil {
			return err
		}
		if next, err = p.enterCase(ctx, act, about, asked, by); err != nil {
			return err
		}
		return p.caseEvent(ctx, act, c, by, audit.Entry{Kind: audit.CaseEscalated, Control: policy.RequestEscalated}, written{}, string(next.ID), false)
	})
	return next, err
}

// CloseCase ends a case: solved, withdrawn, not-ours, as-request. The person is told,
// and where they can complain.
func (p *Platform) CloseCase(ctx context.Context, want contact.ID, outcome string, by gate.Actor) (*contact.Case, error) {
	if !contact.ByHand(outcome) {
		return nil, fault.New(fault.Invalid, "say how it ended: one of %v", contact.Outcomes())
	}
	return p.moveCase(ctx, want, by, func(act *db.Act, c *contact.Case) error {
		if by.Role != policy.Self {
			if err := p.mayAnswer(ctx, c, by); err != nil {
				return err
			}
		}
		return p.endCase(ctx, act, c, outcome, by)
	})
}

func (p *Platform) endCase(ctx context.Context, act *db.Act, c *contact.Case, outcome string, by gate.Actor) error {
	unanswered := c.Replied == nil
	if err := c.Close(outcome, act.Now()); err != nil {
		return err
	}
	if unanswered && c.Late {
		if err := p.missed(ctx, act, c); err != nil {
			return err
		}
	}
	return p.caseEvent(ctx, act, c, by, audit.Entry{
		Kind: audit.CaseClosed, Control: policy.ContactCase, Public: []audit.Field{audit.Text(audit.TagOutcome, outcome)},
	}, written{Staff: staffID(by)}, outcome, true)
}

// moveCase commits one event of a case: fn changes the case and adds it.
func (p *Platform) moveCase(ctx context.Context, want contact.ID, by gate.Actor, fn func(*db.Act, *contact.Case) error) (*contact.Case, error) {
	for range tries {
		c, err := p.caseRow(ctx, want)
		if err != nil {
			return nil, err
		}
		act := p.data.NewAct()
		c.Turns++
		if err := fn(act, c); err != nil {
			return nil, err
		}
		contact.Save(act, c)
		err = p.data.Commit(ctx, act)
		p.gate.Forget(c.Subject)
		if !db.Lost(err) {
			return c, err
		}
	}
	return nil, fault.New(fault.Busy, "somebody else works on this case: read it again")
}

func (p *Platform) caseRow(ctx context.Context, want contact.ID) (c *contact.Case, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		c, err = contact.Get(ctx, r, want)
		return err
	})
	return c, err
}

// mayAnswer says why somebody may not answer a case; nil where they may.
func (p *Platform) mayAnswer(ctx context.Context, c *contact.Case, by gate.Actor) error {
	if by.Kind() != "staff" || by.ID == "" {
		return fault.New(fault.Denied, "a case is answered by somebody of the staff, under their own name")
	}
	if err := p.Cleared(ctx, by); err != nil {
		return err
	}
	if r := p.Policy().RoleBy(by.Role); r != nil && r.Name != c.Owner && !slices.Contains(r.Approves, policy.Complaint) {
		return fault.New(fault.Denied, "it is the turn of the role %s: %s does not answer this case", c.Owner, r.Name)
	}
	if c.First == "" {
		return nil
	}
	before, err := p.caseRow(ctx, c.First)
	if err != nil {
		return err
	}
	list, err := p.caseEvents(ctx, before)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Kind == audit.CaseReplied.String() && e.written.Staff == by.ID {
			return fault.New(fault.Denied, "the first answer was yours: somebody else looks at the case again")
		}
	}
	return nil
}

// silentSince is the time before which an answer that nobody replied to ends a case.
func silentSince(now time.Time) time.Time { return now.Add(-contact.Patience) }
