package notice

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/avow-dev/avow/internal/seal"
)

// A Sender sends messages. An error is fault.Busy where a later try may succeed,
// and fault.Invalid where the address cannot be written to; it names nobody.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// A Message is one mail to one person.
type Message struct {
	To      seal.Personal
	Lang    string
	Brand   string // what people call the platform: the sender's name
	Content Content
}

// A Content is what a message says: [Code], [Received], [Done], [Refused] or
// [Replaced].
type Content interface{ kind() string }

// A Code lets a person sign in.
type Code struct {
	Code    string
	Minutes int // how long it is good
}

// Received says that a request came in.
type Received struct {
	Request string // its id
	What    string // the right, in the words of the policy
	Due     string // until when it is done, in words; "": no date is set
	Link    string
}

// Done says that a request was carried out.
type Done struct {
	Request string
	What    string
	Package bool      // a package waits
	Until   time.Time // until when it waits
	Link    string
	Receipt []byte // the receipt file, attached; nil: none

	Authority string // to whom the person may complain
	URL       string // of the authority
}

// Refused says that a request is not carried out, and why (GDPR Art. 12(4)).
type Refused struct {
	Request   string
	What      string
	Why       string // in words
	Cite      string // the provision behind it; "": none
	Authority string // to whom the person may complain
	URL       string // of the authority
	Link      string
}

// Replaced tells an address that it finds its person no longer, in case it was
// somebody else who said so.
type Replaced struct {
	At      time.Time
	Contact string // where to say that it was somebody else
}

func (Replaced) kind() string { return "replaced" }
func (Refused) kind() string  { return "refused" }
func (Code) kind() string     { return "code" }
func (Received) kind() string { return "received" }
func (Done) kind() string     { return "done" }

//go:embed text/*.txt
var texts embed.FS

// A letter is a composed message.
type letter struct{ subject, body string }

// compose writes a message. The first line of a template is the subject.
func compose(m Message) (letter, error) {
	if s, ok := m.Content.(Several); ok {
		return s.compose()
	}
	lang := "en"
	if strings.HasPrefix(strings.ToLower(m.Lang), "zh") {
		lang = "zh-CN"
	}
	t, err := template.New("").Option("missingkey=error").ParseFS(texts, "text/"+m.Content.kind()+"."+lang+".txt")
	if err != nil {
		return letter{}, fmt.Errorf("notice compose: %w", err)
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, m.Content.kind()+"."+lang+".txt", struct {
		Brand string
		Content
	}{oneLine(m.Brand), m.Content})
	if err != nil {
		return letter{}, fmt.Errorf("notice compose: %w", err)
	}
	subject, body, _ := strings.Cut(b.String(), "\n")
	return letter{oneLine(subject), strings.TrimLeft(body, "\n")}, nil
}

// oneLine keeps a header from having a second line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
