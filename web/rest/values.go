package rest

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// One is an item of a subject.
type One struct {
	Of
	Item string `path:"item" doc:"Item of the policy" maxLength:"100"`
}

func (s *Server) values() {
	route(s, operation{
		id: "list-values", method: http.MethodGet, path: "/subjects/{subject}/values", tag: "values", scope: api.SubjectsRead,
		summary: "What is held, without values", more: "Values are handed out by a use.",
	}, listValues)
	route(s, operation{
		id: "collect", method: http.MethodPost, path: "/subjects/{subject}/values", tag: "values", scope: api.ValuesWrite, status: http.StatusCreated,
		summary: "Collect values", more: "All of it comes in, or nothing; where the policy refuses, the problem has every reason.",
	}, collect)
	route(s, operation{
		id: "correct", method: http.MethodPut, path: "/subjects/{subject}/values/{item}", tag: "values", scope: api.ValuesWrite, status: http.StatusNoContent,
		summary: "Correct a value", more: "The old value is unreadable for ever when this is answered.",
	}, func(ctx context.Context, c call, in *struct {
		One
		Body api.Correct
	},
	) (*struct{}, error) {
		return nothing(in.Of, func(id subject.ID) error {
			return c.Correct(ctx, id, in.Item, platform.NewPersonal(in.Body.Value), c.self())
		})
	})
	route(s, operation{
		id: "erase-value", method: http.MethodDelete, path: "/subjects/{subject}/values/{item}", tag: "values", scope: api.SubjectsErase,
		summary: "Erase one item, for good",
	}, func(ctx context.Context, c call, in *One) (*body[api.Erased], error) {
		id, err := in.sub()
		if err != nil {
			return nil, err
		}
		e, err := c.Erase(ctx, id, platform.Erasure{Item: in.Item, By: c.self()})
		return &body[api.Erased]{api.Erased{Values: e.Values, Keys: e.Keys, Destroyed: when(e.Destroyed)}}, err
	})
}

func listValues(ctx context.Context, c call, in *struct {
	Of
	Paged
},
) (*body[api.Holdings], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	list, err := c.Holdings(ctx, id)
	if err != nil {
		return nil, err
	}
	out := api.Holdings{Holdings: []api.Holding{}}
	for _, h := range list {
		out.Holdings = append(out.Holdings, api.Holding{
			ID: h.Row, Items: c.itemNames(h.Items), Class: c.className(h.Class), Point: h.Point, Source: h.Source, Collected: h.At, Due: when(h.Due),
		})
	}
	out.Holdings, out.Next, err = cut(in.Paged, out.Holdings, func(h api.Holding) int64 { return h.ID })
	return &body[api.Holdings]{out}, err
}

func (c call) itemNames(list []policy.ItemNo) []string {
	out := []string{}
	for _, n := range list {
		out = append(out, c.itemName(n))
	}
	return out
}

// limit is how many a page has.
func (p Paged) limit() int {
	if p.Limit == 0 {
		return 100
	}
	return p.Limit
}

// cut returns the page of a list that is sorted by a number, and its next cursor.
func cut[T any](p Paged, list []T, num func(T) int64) ([]T, string, error) {
	slices.SortFunc(list, func(a, b T) int { return int(max(-1, min(1, num(a)-num(b)))) })
	if p.After != "" {
		after, err := strconv.ParseInt(p.After, 10, 64)
		if err != nil {
			return nil, "", errCursor()
		}
		list = list[sortedAfter(list, after, num):]
	}
	if len(list) <= p.limit() {
		return list, "", nil
	}
	list = list[:p.limit()]
	return list, strconv.FormatInt(num(list[len(list)-1]), 10), nil
}

func sortedAfter[T any](list []T, after int64, num func(T) int64) int {
	for i, v := range list {
		if num(v) > after {
			return i
		}
	}
	return len(list)
}

func errCursor() error {
	return fault.New(fault.Invalid, "after is not a cursor of this list: send the next of the page before, or leave it out")
}

func collect(ctx context.Context, c call, in *struct {
	Of
	Once
	Body api.Collect
},
) (*body[api.Collected], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	values := given(in.Body.Given)
	left, err := c.leftOut(ctx, id, in.Body.Point, values)
	if err != nil {
		return nil, err
	}
	refusals, err := c.Collect(ctx, id, in.Body.Point, values, c.actor())
	switch {
	case err != nil:
		return nil, err
	case len(refusals) > 0:
		return nil, c.refused(refusals)
	}
	return &body[api.Collected]{api.Collected{Stored: len(in.Body.Given), LeftOut: left}}, nil
}
