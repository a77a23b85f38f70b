package contact

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// An ID names a case: "case_" and 26 characters, ordered by time.
type ID string

const idPrefix = "case"

// NewID returns the id of a case that was opened at a moment.
func NewID(at time.Time) ID { return ID(id.Ordered(idPrefix, at)) }

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) { return id.Parse[ID](idPrefix, "case", s) }

// A Kind says what somebody wants to say.
type Kind string

// The kinds of case.
const (
	Question   Kind = "question"
	Comment    Kind = "comment"
	Opinion    Kind = "opinion"
	Suggestion Kind = "suggestion"
	Complaint  Kind = "complaint"
	Leak       Kind = "leak"  // data of theirs, or their account, is in other hands
	Child      Kind = "child" // an account is a child's
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Question, Comment, Opinion, Suggestion, Complaint, Leak, Child}
}

// A Topic says what a case is about.
type Topic string

// The topics of cases.
const (
	OfPolicy  Topic = "policy"  // what the policy says
	OfData    Topic = "data"    // personal data and its protection
	OfAccount Topic = "account" // an account or its password
	OfOther   Topic = "other"
)

// Topics lists every topic.
func Topics() []Topic { return []Topic{OfPolicy, OfData, OfAccount, OfOther} }

// A State says how far a case has come.
type State string

// The states of a case.
const (
	Open     State = "open"
	Answered State = "answered"
	Closed   State = "closed"
)

// A Case is its row. It holds nothing personal. Times are UTC; a nil time has not
// come.
type Case struct {
	Num        int64
	ID         ID
	Kind       Kind
	Topic      Topic
	Channel    string // as the policy calls it
	State      State
	Owner      string // name of the role whose turn it is
	Subject    int64  // 0: nobody is known
	First      ID     // the case that did not satisfy, where this one looks at it again
	Key        seal.KeyID
	Class      policy.ClassNo // of the key, where it is bound to a subject; else 0
	Language   string
	Turns      int64 // how many events there are
	Received   time.Time
	Due        *time.Time // nil: no rule sets one
	Rule, Cite string     // what set it
	Latest     *time.Time // until when it may be extended
	Reason     string     // why the answer takes longer
	Replied    *time.Time // first answer
	Late       bool       // the first answer, or the end without one, came after it was due
	Ended      *time.Time
	Outcome    string     // how it ended
	Gone       *time.Time // when the key died
}

// The ends of a case.
const (
	Solved    = "solved"
	Withdrawn = "withdrawn"  // who asked needs no answer any more
	NotOurs   = "not-ours"   // somebody else has to answer
	AsRequest = "as-request" // it was a request for a right, and became one
	Escalated = "escalated"  // another case looks at it again
	NoWord    = "no-word"    // nobody said anything to the answer for [Patience]
)

const (
	// MaxText is the greatest length of a message, in bytes.
	MaxText = 8000
	// minText is the least length of a first message, in characters.
	minText = 10
	// Patience is how long an answered case waits for a word before it is closed.
	Patience = 30 * 24 * time.Hour
	// keptAtMost is how long a case is kept where the policy gives no time.
	keptAtMost = 3 * 366 * 24 * time.Hour
)

// Outcomes lists the ends that staff may choose.
func Outcomes() []string { return []string{Solved, Withdrawn, NotOurs, AsRequest} }

// Reasons lists why an answer may take longer.
func Reasons() []string { return []string{"complex", "many-requests", "third-party", "clarification"} }

// Asked is what somebody says, and how.
type Asked struct {
	Kind     Kind
	Topic    Topic
	Channel  string
	Language string        // "": the first of the policy
	Text     seal.Personal // the whole story
	Contact  seal.Personal // where the answer goes
	First    ID            // the case that did not satisfy
}

// Opened returns the case that asked makes at a moment under a policy, without its
// numbers and key. What the policy does not let in is fault.Invalid.
func Opened(p *policy.Policy, asked Asked, at time.Time) (*Case, error) {
	if err := asked.check(p); err != nil {
		return nil, err
	}
	c := &Case{
		ID: NewID(at), Kind: asked.Kind, Topic: asked.Topic, Channel: asked.Channel, State: Open, First: asked.First,
		Language: asked.Language, Received: at, Owner: owner(p, asked),
	}
	if c.Language == "" && len(p.Languages()) > 0 {
		c.Language = p.Languages()[0]
	}
	for _, right := range []policy.RightKind{policy.Complaint, policy.Explanation} {
		clocks, err := p.Due(right, at)
		if err != nil || clocks.Reply.At.IsZero() {
			continue
		}
		due := clocks.Reply
		c.Due, c.Rule, c.Cite = &due.At, due.Rule, due.Cite.In("en")
		if clocks.Extended.At.After(due.At) {
			c.Latest = &clocks.Extended.At
		}
		break
	}
	return c, nil
}

func (a Asked) check(p *policy.Policy) error {
	text := a.Text.Reveal()
	switch {
	case !slices.Contains(Kinds(), a.Kind):
		return fault.New(fault.Invalid, "say what it is: a question, comment, opinion, suggestion, complaint, a leak, or an account that is a child's")
	case !slices.Contains(Topics(), a.Topic):
		return fault.New(fault.Invalid, "say what it is about: the policy, data, an account, or other")
	case !slices.Contains(Channels(p), a.Channel):
		return fault.New(fault.Invalid, "the policy names no such channel: use one of %s", strings.Join(Channels(p), ", "))
	case a.First == "" && utf8.RuneCountInString(strings.TrimSpace(text)) < minText:
		return fault.New(fault.Invalid, "describe it in full: a few words leave nothing to answer")
	}
	return checkText(p, text)
}

// checkText refuses a message that is too long, or holds what the policy never
// collects.
func checkText(p *policy.Policy, text string) error {
	if strings.TrimSpace(text) == "" || len(text) > MaxText || !utf8.ValidString(text) {
		return fault.New(fault.Invalid, "a message has some text, and at most %d bytes of it", MaxText)
	}
	item := said(p)
	if item == nil {
		return nil
	}
	for _, r := range p.Collect(point(item), []policy.Given{{Item: item.Name, Value: text}}, nil) {
		if r.Code == policy.NeverCollected {
			return fault.New(fault.Invalid, "the message holds something that is never collected, such as the number of a card or an identity paper: take it out")
		}
	}
	return nil
}

// Channels lists the channels of the policy by which people can ask: those of a
// complaint, and those of the controller.
func Channels(p *policy.Policy) []string {
	var out []string
	for _, kind := range []policy.RightKind{policy.Complaint, policy.Explanation} {
		if r, err := p.Right(kind); err == nil {
			out = append(out, r.Channels...)
		}
	}
	for name := range p.Controller().Contacts {
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// said is the item of what people tell customer service, and nil where the policy
// has none.
func said(p *policy.Policy) *policy.Item {
	for _, fits := range []func(*policy.Item) bool{
		func(i *policy.Item) bool { return i.Type == "message" },
		func(i *policy.Item) bool { return strings.HasSuffix(i.Name, ".message") },
	} {
		for _, i := range p.Items() {
			if i.List && len(i.At) > 0 && fits(i) {
				return i
			}
		}
	}
	return nil
}

func point(i *policy.Item) string { return i.At[0] }

// Class returns the retention class of what people tell customer service, and nil
// where the policy has none.
func Class(p *policy.Policy) *policy.Class {
	item := said(p)
	if item == nil {
		return nil
	}
	return p.ClassBy(item.Class)
}

// Ends returns when the key of a case that was closed at a moment dies: after as
// long a time as the policy keeps what people tell customer service, and after three
// years where it sets no time.
func Ends(p *policy.Policy, closed time.Time) time.Time {
	if c := Class(p); c != nil && !c.For.IsZero() {
		until, _ := p.Calendar().Add(closed, c.For)
		return until
	}
	return closed.Add(keptAtMost)
}

// owner is the role whose turn it is: that which decides about complaints for
// complaints, matters of data and second looks; else the first that does not.
func owner(p *policy.Policy, a Asked) string {
	second := a.First != "" || a.Kind == Complaint || a.Kind == Leak || a.Kind == Child || a.Topic == OfData
	first := ""
	for _, r := range p.Roles() {
		decides := slices.Contains(r.Approves, policy.Complaint)
		if decides == second {
			return r.Name
		}
		if first == "" {
			first = r.Name
		}
	}
	return first
}
