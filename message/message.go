package message

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// An ID names a message: "msg_" and 26 characters, ordered by time.
type ID string

const idPrefix = "msg"

// NewID returns the id of a message that was made at a moment.
func NewID(at time.Time) ID { return ID(id.Ordered(idPrefix, at)) }

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) { return id.Parse[ID](idPrefix, "message", s) }

// A Class says what kind of message it is. People read it in every message.
type Class string

// The classes.
const (
	Service     Class = "service"     // a reminder about the service
	Update      Class = "update"      // something of the system changed
	Safety      Class = "safety"      // a warning
	Transaction Class = "transaction" // about an order or payment
	Survey      Class = "survey"      // an invitation to say something
	Marketing   Class = "marketing"   // advertising
	Policy      Class = "policy"      // a change of the policy: made by the publication of a version alone
)

// Classes lists the classes that somebody can send.
func Classes() []Class { return []Class{Service, Update, Safety, Transaction, Survey, Marketing} }

// Leaves reports whether a message of the class carries a way out.
func (c Class) Leaves() bool { return c == Marketing || c == Survey }

// A State says what became of a copy.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Sent     State = "sent"     // the mail server took it
	Handed   State = "handed"   // this person may have it: the controller's own sender takes it there
	Withheld State = "withheld" // this person does not get it: the reason is a code of the decision
	Failed   State = "failed"
	Shown    State = "shown" // a notice was on the screen
	Seen     State = "seen"  // … and the person said that they have read it
)

// Email is the channel that avow sends by itself. What goes by another is decided
// here and sent by the controller.
const Email = "email"

// Popup is the channel of notices that are shown in the privacy centre and in apps.
const Popup = "popup"

// Channels lists the channels of messages.
func Channels() []string { return []string{Email, "sms", "push", Popup, "notification-centre"} }

// A Message is a row: nothing in it is personal.
type Message struct {
	Num      int64
	ID       ID
	Class    Class
	Purpose  policy.PurposeNo // 0 for [Policy]
	Channel  string
	Reason   string // a code: why it is sent
	Version  int64  // number of the version of whose change it tells; else 0
	Ref      string // the order, case or ticket behind it, such as order:1; "": none
	Language string
	Key      seal.KeyID // 0: nothing of its own is written in it
	Sealed   []byte     // nil: nothing, or gone
	Spread   bool       // every copy is there
	Made     time.Time
	Gone     *time.Time
}

// A Letter is what is written in a message.
type Letter struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// An Asked is a message that somebody wants to send.
type Asked struct {
	Class    Class
	Purpose  string
	Channel  string
	Reason   string
	Ref      string // the order, case or ticket behind it, such as order:1; "": none
	Language string
	Letter   Letter
}

// The most that a message may hold, in characters.
const (
	maxTitle = 200
	maxText  = 20000
)

var code = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// New checks a message: its class, that its purpose is one for such a message, its
// channel, and that it says why it is sent. A purpose of marketing carries nothing but
// marketing, and marketing and surveys only go under a purpose that people can refuse.
func New(p *policy.Policy, a Asked) (*Message, error) {
	if !slices.Contains(Classes(), a.Class) {
		return nil, fault.New(fault.Invalid, "there is no such class of message: use service, update, safety, transaction, survey or marketing")
	}
	purpose, err := p.Purpose(a.Purpose)
	if err != nil {
		return nil, err
	}
	if _, err := ParseRef(a.Ref); err != nil {
		return nil, err
	}
	switch {
	case purpose.Marketing != (a.Class == Marketing):
		return nil, fault.New(fault.Invalid, "the purpose %q and the class %s do not go together: marketing goes under a purpose of marketing, and nothing else does", purpose.Name, a.Class)
	case a.Class.Leaves() && !Refusable(purpose):
		return nil, fault.New(fault.Invalid, "nobody can refuse the purpose %q, and %s goes only to who can: name a purpose that rests on consent, or from which people can opt out", purpose.Name, a.Class)
	case !slices.Contains(Channels(), a.Channel):
		return nil, fault.New(fault.Invalid, "there is no such channel: use %s", strings.Join(Channels(), ", "))
	case !code.MatchString(a.Reason):
		return nil, fault.New(fault.Invalid, "a message says why it is sent in a code, such as order-confirmed: small letters, digits and hyphens, at most 40")
	case a.Channel == Email && (a.Letter.Title == "" || a.Letter.Text == ""):
		return nil, fault.New(fault.Invalid, "a mail has a title and a text")
	case utf8.RuneCountInString(a.Letter.Title) > maxTitle || utf8.RuneCountInString(a.Letter.Text) > maxText:
		return nil, fault.New(fault.Invalid, "a title has at most %d characters, a text at most %d", maxTitle, maxText)
	case a.Language != "" && !slices.Contains(p.Languages(), a.Language):
		return nil, fault.New(fault.Invalid, "the policy is not written in that language: use %s", strings.Join(p.Languages(), ", "))
	}
	if a.Language == "" {
		a.Language = p.Languages()[0]
	}
	return &Message{Class: a.Class, Purpose: purpose.No, Channel: a.Channel, Reason: a.Reason, Ref: a.Ref, Language: a.Language}, nil
}

// Refusable reports whether a person can stop a purpose: by taking a consent back, or
// by an objection.
func Refusable(u *policy.Purpose) bool {
	return u.Basis == policy.Consent || u.OptOut || u.Basis == policy.LegitimateInterest
}

// ParseRef reads what is behind a message: order:ID, ticket:ID, case:ID, contract:ID or
// request:ID, or nothing.
func ParseRef(s string) (policy.Ref, error) {
	if s == "" {
		return policy.Ref{}, nil
	}
	name, id, _ := strings.Cut(s, ":")
	for _, k := range []policy.RefKind{policy.RefOrder, policy.RefTicket, policy.RefCase, policy.RefContract, policy.RefRequest} {
		if k.String() == name && id != "" && len(id) <= 100 && !strings.ContainsAny(id, "@\n\r") {
			return policy.Ref{Kind: k, ID: id}, nil
		}
	}
	return policy.Ref{}, fault.New(fault.Invalid, "ref: write order:ID, ticket:ID, case:ID, contract:ID or request:ID, and nothing personal")
}
