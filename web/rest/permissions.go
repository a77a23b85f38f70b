package rest

import (
	"context"
	"net/http"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// Through is a permission of a subject.
type Through struct {
	Of
	Permission string `path:"permission" doc:"Permission of the policy" maxLength:"100"`
}

// throughDevice asks to open or close something through a permission.
type throughDevice struct {
	Through
	Body api.OnDevice
}

func (s *Server) permissions() {
	route(s, operation{
		id: "list-permissions", method: http.MethodGet, path: "/subjects/{subject}/permissions", tag: "permissions", scope: api.SubjectsRead,
		summary: "How the permissions of a person's devices stand",
	}, listPermissions)
	route(s, operation{
		id: "answer-permission", method: http.MethodPost, path: "/subjects/{subject}/permissions", tag: "permissions", scope: api.ConsentsWrite, status: http.StatusNoContent,
		summary: "Record that the app asked for a permission, and what the person said",
		more:    "Outside the function that the policy pairs with it nothing is recorded but the attempt, and the problem has the reason.",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Once
		Body api.AnswerPermission
	},
	) (*struct{}, error) {
		b := in.Body
		return c.leave(in.Of, func(id subject.ID) ([]policy.Refusal, error) {
			return c.AnswerPermission(ctx, id, platform.AskedPermission{
				Permission: platform.Permission{Device: b.Device, Name: b.Permission, Function: b.Function}, Granted: b.Granted, By: c.self(),
			})
		})
	})
	route(s, operation{
		id: "revoke-permission", method: http.MethodDelete, path: "/subjects/{subject}/permissions/{permission}", tag: "permissions", scope: api.ConsentsWrite, status: http.StatusNoContent,
		summary: "Record that the person turned a permission off", more: "When this is answered, nothing is read through it any more.",
	}, func(ctx context.Context, c call, in *struct {
		Through
		Device string `query:"device" maxLength:"64" doc:"The device"`
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error {
			return c.RevokePermission(ctx, id, platform.Permission{Device: in.Device, Name: in.Permission}, c.self())
		})
	})
	route(s, operation{
		id: "open-permission", method: http.MethodPost, path: "/subjects/{subject}/permissions/{permission}/open", tag: "permissions", scope: api.UsesWrite, status: http.StatusNoContent,
		summary: "Open something through a permission, such as a microphone", more: "Before it is opened; each attempt stands in the log, and what is not allowed has its reason.",
	}, func(ctx context.Context, c call, in *throughDevice) (*struct{}, error) {
		return c.leave(in.Of, func(id subject.ID) ([]policy.Refusal, error) {
			return c.OpenPermission(ctx, id, in.of(), c.actor())
		})
	})
	route(s, operation{
		id: "close-permission", method: http.MethodPost, path: "/subjects/{subject}/permissions/{permission}/close", tag: "permissions", scope: api.UsesWrite, status: http.StatusNoContent,
		summary: "Say that what was opened through a permission is closed",
	}, func(ctx context.Context, c call, in *throughDevice) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.ClosePermission(ctx, id, in.of(), c.actor()) })
	})
	route(s, operation{
		id: "leave-session", method: http.MethodDelete, path: "/subjects/{subject}/sessions/{session}", tag: "permissions", scope: api.ValuesWrite, status: http.StatusNoContent,
		summary: "Say that a session of use is over", more: "Nothing more is observed in it. A session begins with the first value that names it, and is over after a day at the latest.",
	}, func(ctx context.Context, c call, in *struct {
		Of
		Session string `path:"session" maxLength:"64" doc:"The session, under the name that the app gave it"`
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error { return c.LeaveSession(ctx, id, in.Session, c.self()) })
	})
}

func (in throughDevice) of() platform.Permission {
	return platform.Permission{Device: in.Body.Device, Name: in.Permission, Function: in.Body.Function}
}

// leave does what the policy may refuse.
func (c call) leave(o Of, fn func(subject.ID) ([]policy.Refusal, error)) (*struct{}, error) {
	id, err := o.sub()
	if err != nil {
		return nil, err
	}
	refusals, err := fn(id)
	if err == nil && len(refusals) > 0 {
		return nil, c.notLet(refusals)
	}
	return &struct{}{}, err
}

// notLet is the failure of what the policy lets no device do.
func (c call) notLet(list []policy.Refusal) *failure {
	f := c.refused(list)
	f.Title, f.Status, f.Detail = "The policy does not allow this", http.StatusForbidden, "every reason is listed, with its clause and place"
	return f
}

func listPermissions(ctx context.Context, c call, in *Of) (*body[api.Permissions], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	list, err := c.Permissions(ctx, id)
	out := api.Permissions{Permissions: []api.Permission{}}
	for _, x := range list {
		p := api.Permission{
			Device: x.Device, Permission: x.Permission, State: string(x.State), Function: x.Function, Asked: x.Asked, Since: x.Since, Open: x.Open,
		}
		for _, h := range x.History {
			p.History = append(p.History, api.PermissionSaid{At: h.At, Said: string(h.Said), Function: h.Function})
		}
		out.Permissions = append(out.Permissions, p)
	}
	return &body[api.Permissions]{out}, err
}
