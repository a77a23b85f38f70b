package rest

import (
	"context"
	"net/http"
	"slices"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/promise"
)

func (s *Server) promises() {
	route(s, operation{
		id: "list-promises", method: http.MethodGet, path: "/promises", tag: "promises", scope: api.PromisesRead,
		summary: "The board: every promise and how it stands", more: "In the order of the policy. counts is of the whole board.",
	}, listPromises)
	route(s, operation{
		id: "get-promise", method: http.MethodGet, path: "/promises/{promise}", tag: "promises", scope: api.PromisesRead,
		summary: "One promise with its evidence",
	}, func(ctx context.Context, c call, in *struct {
		On
		Promise string `path:"promise" doc:"Clause of the policy" maxLength:"100"`
	},
	) (*body[api.Promise], error) {
		b, err := c.Promises(ctx)
		if err != nil {
			return nil, err
		}
		row, ok := b.Row(in.Promise)
		if !ok {
			return nil, fault.New(fault.NotFound, "the policy in force has no clause of that id")
		}
		return &body[api.Promise]{promised(row)}, nil
	})
	route(s, operation{
		id: "list-duties", method: http.MethodGet, path: "/duties", tag: "promises", scope: api.PromisesRead,
		summary: "What people have to do and sign, and how it stands", more: "It is signed by people, in the console.",
	}, listDuties)
}

func listPromises(ctx context.Context, c call, in *struct {
	On
	Paged
	State string `query:"state" maxLength:"40" doc:"Only those that stand so"`
},
) (*body[api.Promises], error) {
	if in.State != "" {
		if _, err := promise.ParseState(in.State); err != nil {
			return nil, err
		}
	}
	b, err := c.Promises(ctx)
	if err != nil {
		return nil, err
	}
	out := api.Promises{Version: b.Version, At: b.At, Counts: map[string]int{}, Promises: []api.Promise{}}
	for state, n := range b.Counts {
		out.Counts[string(state)] = n
	}
	rows := b.Rows
	if in.After != "" {
		i := slices.IndexFunc(rows, func(r promise.Row) bool { return r.ID == in.After })
		if i < 0 {
			return nil, errCursor()
		}
		rows = rows[i+1:]
	}
	for _, r := range rows {
		if in.State != "" && string(r.State) != in.State {
			continue
		}
		if len(out.Promises) == in.limit() {
			out.Next = out.Promises[len(out.Promises)-1].ID
			break
		}
		out.Promises = append(out.Promises, promised(r))
	}
	return &body[api.Promises]{out}, nil
}

func promised(r promise.Row) api.Promise {
	out := api.Promise{
		ID: r.ID, Section: r.Section, Says: r.Says.Map(), State: string(r.State), Assumed: r.Assumed, Place: r.Place, Evidence: []api.Evidence{},
	}
	for _, e := range r.Evidence {
		out.Evidence = append(out.Evidence, api.Evidence{
			Control: string(e.Control), State: string(e.State), By: string(e.By), Count: e.Count, Entry: e.Entry, Day: e.Day,
			Why: string(e.Why), Request: string(e.Request), Due: e.Due, Cases: e.Cases, Duty: e.Duty, Until: e.Until,
		})
	}
	return out
}

func listDuties(ctx context.Context, c call, _ *On) (*body[api.Duties], error) {
	list, err := c.Duties(ctx)
	if err != nil {
		return nil, err
	}
	out := api.Duties{Duties: []api.Duty{}}
	for _, d := range list {
		x := api.Duty{Duty: d.Name, About: d.About, Title: d.Title.Map(), Control: string(d.Control), State: string(d.State), Due: d.Due}
		if s := d.Last; s != nil {
			x.Last = &api.Attestation{At: s.At, Until: s.Until, Hash: s.Hash, Entry: s.Entry}
		}
		out.Duties = append(out.Duties, x)
	}
	return &body[api.Duties]{out}, nil
}
