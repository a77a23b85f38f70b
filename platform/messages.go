package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// The jobs of messages: the ref of the first is the message, of the second the message
// and the number of the person.
const (
	jobSpread = "message.spread"
	jobCopy   = "message.copy"
)

// placeMessage is the place of what is sealed under the key of a message.
const placeMessage = 1

// maxTo is how many people can be named for one message.
const maxTo = 500

// A Sending is a message to people.
type Sending struct {
	message.Asked
	To        []subject.ID // these people
	Everybody bool         // everybody whose account is open
	By        Actor
}

// Send hands a message in. Whether somebody gets it is decided for each person when
// their copy goes: by the purpose that it names, on their consent, objections and
// account. Marketing and surveys carry a way out of one click.
func (p *Platform) Send(ctx context.Context, s Sending) (message.ID, error) {
	m, err := message.New(p.Policy(), s.Asked)
	if err != nil {
		return "", err
	}
	by, err := p.actor(s.By)
	if err != nil {
		return "", err
	}
	switch {
	case s.Everybody == (len(s.To) > 0):
		return "", fault.New(fault.Invalid, "a message goes to people who are named, or to everybody: say which")
	case len(s.To) > maxTo:
		return "", fault.New(fault.Invalid, "a message names at most %d people", maxTo)
	case by.Role != policy.Service && !p.actsFor(by.Role, m.Purpose):
		return "", fault.New(fault.Denied, "your role does not act for the purpose %q", s.Purpose)
	case m.Channel == message.Email && p.mail == nil:
		return "", fault.New(fault.Conflict, "no mail server is configured: write smtp: into the configuration")
	case m.Channel == message.Email && m.Class.Leaves() && p.site == "":
		return "", fault.New(fault.Conflict, "a message of the class %s carries a way out, and nobody could reach it: write url: into the configuration", m.Class)
	}
	people, err := p.gate.Numbers(ctx, s.To)
	if err != nil {
		return "", err
	}
	return p.handIn(ctx, m, s, people)
}

// actsFor reports whether a role of the staff acts for a purpose.
func (p *Platform) actsFor(role policy.RoleNo, purpose policy.PurposeNo) bool {
	r := p.Policy().RoleBy(role)
	if r == nil {
		return false
	}
	for _, u := range r.Purposes {
		if u == purpose {
			return true
		}
	}
	return false
}

// handIn makes the message, with its copies where people are named.
func (p *Platform) handIn(ctx context.Context, m *message.Message, s Sending, people []int64) (_ message.ID, err error) {
	if m.Num, err = p.data.Number(ctx, "subject"); err != nil { // the space of subjects: keys are bound to it
		return "", err
	}
	act := p.data.NewAct()
	m.Made, m.ID, m.Spread = act.Now(), message.NewID(act.Now()), !s.Everybody
	if s.Letter != (message.Letter{}) {
		b, err := json.Marshal(s.Letter)
		if err != nil {
			return "", fmt.Errorf("message: %w", err)
		}
		if m.Key, err = p.keys.Next(ctx); err != nil {
			return "", err
		}
		if m.Sealed, err = p.keys.Seal(ctx, m.Key, messageAAD(m), b); err != nil {
			return "", fmt.Errorf("message: %w", err)
		}
		p.keys.Bind(act, m.Num, seal.RequestClass, 0, m.Key)
	}
	message.Insert(act, m)
	for _, num := range people {
		p.addCopy(act, m, num)
	}
	if s.Everybody {
		job.Enqueue(act, job.Job{Kind: jobSpread, Ref: string(m.ID)})
	}
	if err := p.made(ctx, act, m, policy.NoticeClass, also(m)...); err != nil {
		return "", err
	}
	return m.ID, p.data.Commit(ctx, act)
}

// also is the control that a message shows beside its class.
func also(m *message.Message) []policy.Control {
	if m.Class.Leaves() {
		return []policy.Control{policy.NoticeMarketing}
	}
	return nil
}

func messageAAD(m *message.Message) seal.AAD {
	return seal.AAD{Subject: m.Num, Item: placeMessage, Value: 1}
}

func (p *Platform) addCopy(act *db.Act, m *message.Message, num int64) {
	message.Add(act, message.Copy{Message: m.Num, Subject: num, State: message.Waiting})
	job.Enqueue(act, job.Job{Kind: jobCopy, Ref: fmt.Sprintf("%s/%d", m.ID, num)})
}

// spreadBy is how many copies are added in one act.
const spreadBy = 200

// spread is the handler that adds a copy for everybody who was there when the message
// was made.
func (p *Platform) spread(ctx context.Context, j job.Job) error {
	m, err := p.messageBy(ctx, message.ID(j.Ref))
	if err != nil {
		return err
	}
	after := int64(0)
	if j.Note != "" {
		fmt.Sscan(j.Note, &after) // begin again where it cannot be read
	}
	for {
		var page []subject.Facts
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			page, err = subject.After(ctx, r, after, spreadBy)
			return err
		})
		if err != nil {
			return err
		}
		act := p.data.NewAct()
		for _, f := range page {
			after = f.Num
			if f.State == subject.Open && !f.Created.After(m.Made) {
				p.addCopy(act, m, f.Num)
			}
		}
		if len(page) < spreadBy {
			message.Spread(act, m.Num)
			j.Finish(act)
			return p.data.Commit(ctx, act)
		}
		if err := p.data.Commit(ctx, act); err != nil {
			return err
		}
		if err := j.Progress(ctx, fmt.Sprint(after)); err != nil {
			return err
		}
	}
}

func (p *Platform) messageBy(ctx context.Context, id message.ID) (m *message.Message, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		m, err = message.Get(ctx, r, id)
		return err
	})
	return m, err
}

// messageSweep is how many messages a sweep takes.
const messageSweep = 100

// SweepMessages destroys the keys of messages that are out: what was written in them
// is needed no more. It returns how many there were.
func (p *Platform) SweepMessages(ctx context.Context) (ended int, err error) {
	var list []*message.Message
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = message.Out(ctx, r, messageSweep)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, m := range list {
		if err := p.keys.Destroy(ctx, m.Key); err != nil {
			return ended, err
		}
		act := p.data.NewAct()
		p.keys.Unbind(act, m.Num, m.Key)
		message.Clear(act, m.Num)
		if err := p.data.Commit(ctx, act); err != nil {
			return ended, passed(err)
		}
		ended++
	}
	return ended, nil
}

// A MessageSummary is a message, with what became of its copies.
type MessageSummary struct {
	ID      message.ID              `json:"id"`
	Class   message.Class           `json:"class"`
	Purpose string                  `json:"purpose,omitempty"`
	Channel string                  `json:"channel"`
	Reason  string                  `json:"reason"`
	Ref     string                  `json:"ref,omitempty"`
	Made    time.Time               `json:"made"`
	Spread  bool                    `json:"spread"`         // every copy is there
	Written bool                    `json:"written"`        // something is written in it here: a title and a text
	Gone    *time.Time              `json:"gone,omitempty"` // when what was written in it was destroyed
	Copies  map[message.State]int64 `json:"copies"`
	num     int64
}

// Messages returns messages in the order in which they were made.
func (p *Platform) Messages(ctx context.Context, after message.ID, limit int) ([]MessageSummary, error) {
	num := int64(0)
	if after != "" {
		m, err := p.messageBy(ctx, after)
		if err != nil {
			return nil, err
		}
		num = m.Num
	}
	return p.summaries(ctx, func(r *db.Snapshot) ([]*message.Message, error) { return message.List(ctx, r, num, limit) })
}

// summaries returns the messages that fn reads, with what became of their copies.
func (p *Platform) summaries(ctx context.Context, fn func(*db.Snapshot) ([]*message.Message, error)) (out []MessageSummary, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		list, err := fn(r)
		if err != nil {
			return err
		}
		for _, m := range list {
			s, err := p.summary(ctx, r, m)
			if err != nil {
				return err
			}
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

// Message returns a message with what became of its copies.
func (p *Platform) Message(ctx context.Context, id message.ID) (s MessageSummary, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		m, err := message.Get(ctx, r, id)
		if err == nil {
			s, err = p.summary(ctx, r, m)
		}
		return err
	})
	return s, err
}

func (p *Platform) summary(ctx context.Context, r db.Reader, m *message.Message) (s MessageSummary, err error) {
	s = MessageSummary{ID: m.ID, Class: m.Class, Channel: m.Channel, Reason: m.Reason, Ref: m.Ref, Made: m.Made, Spread: m.Spread, Written: m.Key != 0, Gone: m.Gone, num: m.Num}
	if u := p.Policy().PurposeBy(m.Purpose); u != nil {
		s.Purpose = u.Name
	}
	s.Copies, err = message.Counts(ctx, r, m.Num)
	return s, err
}

// A CopyState is what became of a message for one person.
type CopyState struct {
	Subject subject.ID    `json:"subject"`
	Surface string        `json:"surface,omitempty"`
	State   message.State `json:"state"`
	Why     string        `json:"why,omitempty"` // a code
	At      time.Time     `json:"at"`
}

// Copies returns what became of a message, person by person; after is the last person
// of the page before.
func (p *Platform) Copies(ctx context.Context, id message.ID, after subject.ID, limit int) (out []CopyState, err error) {
	from := int64(0)
	if after != "" {
		if from, err = p.gate.Number(ctx, after); err != nil {
			return nil, err
		}
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		m, err := message.Get(ctx, r, id)
		if err != nil {
			return err
		}
		list, err := message.Copies(ctx, r, m.Num, from, limit)
		if err != nil {
			return err
		}
		for _, c := range list {
			f, err := subject.ByNum(ctx, r, c.Subject)
			if err != nil {
				return err
			}
			out = append(out, CopyState{f.ID, c.Surface, c.State, c.Why, c.At})
		}
		return nil
	})
	return out, err
}
