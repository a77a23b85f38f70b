package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (s *Server) messages() {
	route(s, operation{
		id: "send-message", method: http.MethodPost, path: "/messages", tag: "messages", scope: api.MessagesWrite, status: http.StatusCreated,
		summary: "Send a message, as far as each person may get it", more: "Whether somebody gets it is decided when their copy goes; one that is withheld is counted, with the reason.",
	}, sendMessage)
	route(s, operation{
		id: "get-message", method: http.MethodGet, path: "/messages/{message}", tag: "messages", scope: api.MessagesRead,
		summary: "A message with what became of its copies",
	}, func(ctx context.Context, c call, in *MessageOf) (*body[api.Message], error) {
		id, err := message.ParseID(in.Message)
		if err != nil {
			return nil, err
		}
		return c.message(ctx, id)
	})
	route(s, operation{
		id: "list-copies", method: http.MethodGet, path: "/messages/{message}/copies", tag: "messages", scope: api.MessagesRead,
		summary: "What became of a message, person by person", more: "By a channel that is not email, take the message to those whose copy is handed, and to nobody else.",
	}, listCopies)
	route(s, operation{
		id: "list-notices", method: http.MethodGet, path: "/subjects/{subject}/notices", tag: "messages", scope: api.MessagesRead,
		summary: "Changes of the policy that this person has not acknowledged", more: "Ask at each sign-in, and after an upgrade of the app; show them before anything else.",
	}, listNotices)
	route(s, operation{
		id: "note-notice", method: http.MethodPost, path: "/subjects/{subject}/notices/{message}", tag: "messages", scope: api.MessagesWrite, status: http.StatusNoContent,
		summary: "Say that a notice was shown, or that the person has read it",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Message string `path:"message" doc:"Notice: msg_…" maxLength:"40"`
		Body    api.NoticeShown
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error {
			want, err := message.ParseID(in.Message)
			if err != nil {
				return err
			}
			return c.Note(ctx, id, want, platform.Showing{Surface: in.Body.Surface, At: in.Body.At, Seen: in.Body.Seen, By: c.self()})
		})
	})
}

// MessageOf is a message of an address.
type MessageOf struct {
	On
	Message string `path:"message" doc:"Message: msg_…" maxLength:"40"`
}

func (c call) message(ctx context.Context, id message.ID) (*body[api.Message], error) {
	m, err := c.Message(ctx, id)
	if err != nil {
		return nil, err
	}
	out := api.Message{
		ID: string(m.ID), Class: string(m.Class), Purpose: m.Purpose, Channel: m.Channel, Reason: m.Reason, Made: m.Made, Spread: m.Spread, Copies: map[string]int64{},
	}
	for state, n := range m.Copies {
		out.Copies[string(state)] = n
	}
	return &body[api.Message]{out}, nil
}

func sendMessage(ctx context.Context, c call, in *struct {
	On
	Once
	Body api.NewMessage
},
) (*body[api.Message], error) {
	b := in.Body
	s := platform.Sending{
		Asked: message.Asked{
			Class: message.Class(b.Class), Purpose: b.Purpose, Channel: b.Channel, Reason: b.Reason, Ref: b.Ref, Language: b.Language,
			Letter: message.Letter{Title: b.Title, Text: b.Text},
		},
		Everybody: b.Everybody, By: c.actor(),
	}
	for _, to := range b.To {
		id, err := readSubject(to)
		if err != nil {
			return nil, err
		}
		s.To = append(s.To, id)
	}
	id, err := c.Send(ctx, s)
	if err != nil {
		return nil, err
	}
	return c.message(ctx, id)
}

func listCopies(ctx context.Context, c call, in *struct {
	MessageOf
	Paged
},
) (*body[api.MessageCopies], error) {
	id, err := message.ParseID(in.Message)
	if err != nil {
		return nil, err
	}
	list, err := c.Copies(ctx, id, subject.ID(in.After), in.limit())
	if err != nil {
		return nil, err
	}
	out := api.MessageCopies{Copies: []api.MessageCopy{}}
	for _, x := range list {
		out.Copies = append(out.Copies, api.MessageCopy{Subject: string(x.Subject), Surface: x.Surface, State: string(x.State), Why: x.Why, At: x.At})
	}
	if len(list) == in.limit() {
		out.Next = string(list[len(list)-1].Subject)
	}
	return &body[api.MessageCopies]{out}, nil
}

// Notices are the changes that somebody has not acknowledged.
type Notices struct {
	Notices []platform.Notice `json:"notices"`
}

func listNotices(ctx context.Context, c call, in *Of) (*body[Notices], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	list, err := c.Waiting(ctx, id)
	if err != nil {
		return nil, err
	}
	return &body[Notices]{Notices{list}}, nil
}
