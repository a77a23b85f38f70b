package console

import (
	"net/http"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// A newMessagePage hands a message in.
type newMessagePage struct {
	letterView
	Classes  []message.Class
	Purposes []choice // that the reader's roles have
	Channels []string
	Kinds    []string // of identifiers
	Asked    message.Asked
	All      bool // everybody was chosen
	Finder   string
}

func (c *Console) askMessage(v *visit) error { return c.showNewMessage(v, http.StatusOK, "") }

// showNewMessage shows the form, with what was typed and not accepted. What somebody is
// found by is typed again.
func (c *Console) showNewMessage(v *visit, status int, problem string) error {
	p := newMessagePage{
		letterView: c.letterView(v, func(t *letterWords) string { return t.New }), Classes: message.Classes(), Channels: message.Channels(), Kinds: c.kinds(),
		Asked: readMessage(v.r), All: v.r.PostFormValue("to") == "all", Finder: v.r.PostFormValue("finder"),
	}
	p.Problem, p.Purposes = problem, c.purposes(v, p.view)
	return c.show(v, status, "message-new", p)
}

func readMessage(r *http.Request) message.Asked {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return message.Asked{
		Class: message.Class(field("class")), Purpose: field("purpose"), Channel: field("channel"), Reason: field("reason"), Ref: field("ref"),
		Language: field("language"), Letter: message.Letter{Title: field("title"), Text: field("text")},
	}
}

func (c *Console) takeMessage(v *visit) error {
	k, s := letterWordsIn(c.lang(v)), platform.Sending{Asked: readMessage(v.r), By: platform.Actor{ID: string(v.by.id)}}
	bad := func(problem string) error { return c.showNewMessage(v, http.StatusUnprocessableEntity, problem) }
	purpose, err := c.on.Policy().Purpose(s.Purpose)
	if err != nil || v.by.roleOf(purpose.No) == nil {
		return c.showNewMessage(v, http.StatusForbidden, k.NotYours)
	}
	s.By.Role = v.by.roleOf(purpose.No).Name
	if s.Everybody = v.r.PostFormValue("to") == "all"; !s.Everybody {
		found, err := c.on.Find(v.ctx(), v.r.PostFormValue("finder"), platform.NewPersonal(strings.TrimSpace(v.r.PostFormValue("identifier"))))
		if fault.Of(err) == fault.Invalid || err == nil && len(found) != 1 {
			return bad(k.NotOne)
		}
		if err != nil {
			return err
		}
		s.To = []subject.ID{found[0]}
	}
	if v.r.PostFormValue("sure") != "yes" {
		return bad(k.NotSure)
	}
	id, err := c.on.Send(v.ctx(), s)
	switch fault.Of(err) {
	case "":
		return c.lead(v, "messages/"+string(id), "message-sent")
	case fault.Invalid, fault.Denied, fault.Conflict, fault.NotFound:
		return c.showNewMessage(v, web.Status(err), c.problem(v, err))
	}
	return err
}
