package cookie

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/policy"
)

// Name is what the cookie of a choice is called; on a server of several platforms
// something follows that tells them apart.
const Name = "avow-cookies"

// Lasting is how long an answer holds where the policy does not say.
func Lasting() policy.Period { return calendar.Period{Months: 6} }

// An ID is a browser: 16 random bytes that its own cookie holds.
type ID [16]byte

// NewID returns the number of a browser that never was.
func NewID() (id ID) {
	rand.Read(id[:])
	return id
}

// hash is what the table knows a browser by.
func (id ID) hash() []byte {
	sum := sha256.Sum256(append([]byte("avow browser 1\x00"), id[:]...))
	return sum[:]
}

// A Said is what the cookie of a choice says: who the browser is, and what it lets
// in. A browser that lets nothing in is nobody.
type Said struct {
	Browser ID // zero: it said no to everything
	Yes     []string
}

const (
	form     = "1" // of the cookie's text
	maxTexts = 64
	maxText  = 4000
)

var name = regexp.MustCompile(`^(cookies|beacons)\.[a-z0-9]+([._-][a-z0-9]+)*$`)

// String is the text of the cookie, which holds no character that a cookie may not.
func (s Said) String() string {
	number := "0"
	if s.Browser != (ID{}) {
		number = base64.RawURLEncoding.EncodeToString(s.Browser[:])
	}
	return strings.Join(append([]string{form, number}, s.Yes...), "~")
}

// Parse reads the text of such a cookie. ok is false where it is none: then nothing
// was said.
func Parse(text string) (s Said, ok bool) {
	parts := strings.Split(text, "~")
	if len(text) > maxText || len(parts) < 2 || len(parts) > maxTexts || parts[0] != form {
		return Said{}, false
	}
	if parts[1] != "0" {
		b, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
		if err != nil || len(b) != len(s.Browser) {
			return Said{}, false
		}
		copy(s.Browser[:], b)
		if s.Browser == (ID{}) {
			return Said{}, false
		}
	}
	for i, n := range parts[2:] {
		if !name.MatchString(n) || slices.Contains(parts[2:2+i], n) {
			return Said{}, false
		}
		s.Yes = append(s.Yes, n)
	}
	if s.Browser == (ID{}) && len(s.Yes) > 0 { // a yes has its number
		return Said{}, false
	}
	return s, true
}

// A Choice is what a browser said, as it stands on record.
type Choice struct {
	At, Until time.Time
	Signal    bool              // the browser asked not to be shared when it was said
	Policy    uint64            // number of the version that was shown
	Entry     int64             // the log entry that proves it
	Marks     map[string]string // what was answered: mark of the declaration, by cookies.NAME or beacons.NAME
	Yes       []string          // of these, what was let in
}

// Stand is how a browser stands towards the policy.
type Stand struct {
	Allowed  map[string]bool // by cookies.NAME or beacons.NAME, with what is essential
	Asked    bool            // everything that waits for a yes has an answer
	Honoured bool            // the browser's signal keeps something out
}

// Standing says what a browser may be given under a policy. c is nil where nothing is
// on record; refused says that the browser's own cookie is a no to everything.
func Standing(p *policy.Policy, c *Choice, refused, signal bool, now time.Time) Stand {
	out := Stand{Allowed: map[string]bool{}, Asked: true}
	for _, t := range p.Trackers() {
		if !t.Asks() {
			out.Allowed[t.Ref] = true
			continue
		}
		answered := c != nil && c.Marks[t.Ref] == t.Mark && now.Before(c.Until)
		yes := answered && slices.Contains(c.Yes, t.Ref)
		if signal && t.Shared() {
			out.Honoured = true
			if !yes || !c.Signal {
				answered, yes = true, false // the signal is an answer
			} else {
				out.Honoured = false
			}
		}
		out.Allowed[t.Ref] = yes
		out.Asked = out.Asked && (answered || refused)
	}
	return out
}

// Answer makes a choice of what a browser lets in of a policy. What the policy does
// not declare, or does not ask about, is passed over.
func Answer(p *policy.Policy, yes []string, signal bool, now time.Time) *Choice {
	c := &Choice{At: now, Signal: signal, Marks: map[string]string{}}
	for _, t := range p.Trackers() {
		if !t.Asks() {
			continue
		}
		c.Marks[t.Ref] = t.Mark
		if slices.Contains(yes, t.Ref) {
			c.Yes = append(c.Yes, t.Ref)
		}
	}
	lapses := p.Agreeing().Lapses
	if lapses.IsZero() {
		lapses = Lasting()
	}
	c.Until, _ = p.Calendar().Add(now, lapses)
	return c
}
