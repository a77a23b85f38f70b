package notice

import (
	"context"
	"sync"
	"time"

	"github.com/avow-dev/avow/internal/seal"
)

// A Kept is a message that a [Mailbox] keeps. Subject and Body hold what the
// person would read.
type Kept struct {
	At      time.Time
	To      seal.Personal
	Brand   string
	Subject string
	Body    string
	Receipt []byte
}

// A Mailbox keeps the last messages in memory, so that a demo needs no mail
// server. It is no place for mail to real people.
type Mailbox struct {
	now  func() time.Time
	size int

	mu   sync.Mutex
	kept []Kept // oldest first
}

// NewMailbox returns a mailbox that keeps the last size messages and takes their
// time from now.
func NewMailbox(size int, now func() time.Time) *Mailbox {
	return &Mailbox{now: now, size: max(size, 1)}
}

// Send keeps a message.
func (b *Mailbox) Send(_ context.Context, m Message) error {
	text, err := compose(m)
	if err != nil {
		return err
	}
	k := Kept{At: b.now(), To: m.To, Brand: m.Brand, Subject: text.subject, Body: text.body}
	if d, ok := m.Content.(Done); ok {
		k.Receipt = d.Receipt
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, k)
	if over := len(b.kept) - b.size; over > 0 {
		b.kept = append([]Kept(nil), b.kept[over:]...)
	}
	return nil
}

// Messages returns what is kept, newest first.
func (b *Mailbox) Messages() []Kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Kept, len(b.kept))
	for i, k := range b.kept {
		out[len(out)-1-i] = k
	}
	return out
}
