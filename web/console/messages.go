package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
)

// lettersListed is how many messages a page of the list holds: the copies of each are
// counted for it.
const lettersListed = 25

// messagePages are the templates of messages.
func messagePages() []string { return []string{"messages", "message", "message-new"} }

func (c *Console) messageRoutes() []route {
	return []route{
		{"GET messages", working, c.messages},
		{"GET messages/new", subjects, c.askMessage},
		{"POST messages/new", subjects, c.takeMessage},
		{"GET messages/{message}", working, c.oneMessage},
	}
}

// A letterView is what the pages of messages share.
type letterView struct {
	view
	L   *letterWords
	May bool // the reader has a role of the policy: they may send, and see who got one
}

func (c *Console) letterView(v *visit, title func(*letterWords) string) letterView {
	out := letterView{view: c.view(v, func(*words) string { return "" }), May: v.by.may(subjects)}
	out.L = letterWordsIn(out.Lang)
	out.Title = title(out.L)
	if done := out.L.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// Way names a channel.
func (p letterView) Way(code string) string { return page.Channel(code, p.Lang) }

// PurposeName names the purpose of a message; a notice of the policy has none.
func (p letterView) PurposeName(name string) string {
	if u, err := p.p.Purpose(name); err == nil {
		return page.Title(u.Title, u.Name, p.Lang)
	}
	return name
}

// A became is how many copies of a message are in one state.
type became struct {
	State message.State
	N     int64
}

// Became says what became of the copies of a message, in the order of their way.
func (p letterView) Became(m platform.MessageSummary) (out []became) {
	for _, s := range []message.State{message.Waiting, message.Sent, message.Handed, message.Shown, message.Seen, message.Withheld, message.Failed} {
		if n := m.Copies[s]; n > 0 {
			out = append(out, became{s, n})
		}
	}
	return out
}

// A messagesPage is the list, the newest first.
type messagesPage struct {
	letterView
	List    []platform.MessageSummary
	Classes []message.Class
	Class   string // only messages of it; "": all
	Next    string // address of the next page; "": this is the last
}

func (c *Console) messages(v *visit) error {
	q := v.r.URL.Query()
	p := messagesPage{
		letterView: c.letterView(v, func(t *letterWords) string { return t.Messages }), Class: q.Get("class"),
		Classes: append(message.Classes(), message.Policy),
	}
	if !slices.Contains(p.Classes, message.Class(p.Class)) {
		p.Class = ""
	}
	var err error
	if p.List, err = c.on.LatestMessages(v.ctx(), message.ID(q.Get("before")), message.Class(p.Class), lettersListed+1); err != nil {
		return err
	}
	if len(p.List) > lettersListed {
		p.List = p.List[:lettersListed]
		p.Next = p.Base + "messages?" + url.Values{"class": {p.Class}, "before": {string(p.List[lettersListed-1].ID)}}.Encode()
	}
	return c.show(v, http.StatusOK, "messages", p)
}

// A messagePage is one message.
type messagePage struct {
	letterView
	Letter platform.MessageSummary
	Causes []message.Cause
	Copies []copyRow
	Next   string // address of the next page of people; "": this is the last
	First  string // address of the first page, where this is another
}

// A copyRow is what became of a message for one person.
type copyRow struct {
	platform.CopyState
	At string // of the person's record, for the reader alone
}

func (c *Console) oneMessage(v *visit) error {
	id, err := message.ParseID(v.r.PathValue("message"))
	if err != nil {
		return err
	}
	p := messagePage{letterView: c.letterView(v, func(t *letterWords) string { return t.Message })}
	if p.Letter, err = c.on.Message(v.ctx(), id); err != nil {
		return err
	}
	p.Title = p.L.Message + ": " + p.Letter.Reason
	if p.Causes, err = c.on.MessageCauses(v.ctx(), id); err != nil {
		return err
	}
	if p.May {
		if err := c.copies(v, &p); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "message", p)
}

// copies fills in a page of people. Who stood last on the page before is sealed in the
// address, as every id of a person is.
func (c *Console) copies(v *visit, p *messagePage) error {
	from := handle{}
	if after := v.r.URL.Query().Get("after"); after != "" {
		var err error
		if from, err = c.unsealHandle(v, after); err != nil {
			return err
		}
		p.First = p.Base + "messages/" + string(p.Letter.ID)
	}
	list, err := c.on.Copies(v.ctx(), p.Letter.ID, from.Subject, listed+1)
	if err != nil {
		return err
	}
	more := len(list) > listed
	if more {
		next := list[listed].Subject
		for list = list[:listed]; len(list) > 1 && list[len(list)-1].Subject == next; { // a person's copies stand on one page
			list = list[:len(list)-1]
		}
	}
	for _, x := range list {
		at, err := c.sealHandle(handle{Staff: v.by.id, Until: c.on.Now().Add(life), Subject: x.Subject})
		if err != nil {
			return err
		}
		p.Copies = append(p.Copies, copyRow{x, at})
	}
	if more {
		p.Next = p.Base + "messages/" + string(p.Letter.ID) + "?after=" + url.QueryEscape(p.Copies[len(p.Copies)-1].At)
	}
	return nil
}

// Total is how many copies there are.
func (p messagePage) Total() (n int64) {
	for _, k := range p.Letter.Copies {
		n += k
	}
	return n
}

// Handed reports whether copies wait for the controller's own sender.
func (p messagePage) Handed() bool { return p.Letter.Copies[message.Handed] > 0 }

// Part is the part of all copies that some are, in percent.
func (p messagePage) Part(n int64) int64 { return 100 * n / cmp.Or(p.Total(), 1) }
