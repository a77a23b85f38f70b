package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
)

func (s *Server) statistics() {
	route(s, operation{
		id: "count-people", method: http.MethodGet, path: "/statistics/{set}", tag: "statistics", scope: api.StaffAct,
		summary: "Count the people of one of the policy's sets", more: "No value is read. Cells of too few people are null, and others with them until no null can be computed from totals.",
	}, countPeople)
	route(s, operation{
		id: "list-releases", method: http.MethodGet, path: "/statistics-releases", tag: "statistics", scope: api.PolicyRead,
		summary: "What was let out, to whom, for what, and the check it passed, oldest first",
	}, listReleases)
	route(s, operation{
		id: "get-release", method: http.MethodGet, path: "/statistics-releases/{release}", tag: "statistics", scope: api.PolicyRead,
		summary: "A release with its table", more: "One that waits for approval has none to show.",
	}, getRelease)
	route(s, operation{
		id: "propose-release", method: http.MethodPost, path: "/statistics-releases", tag: "statistics", scope: api.StaffAct, status: http.StatusCreated,
		summary: "Check counts and let them out", more: "Where the policy has somebody approve, nothing leaves before they did: in the console or with avow statistics approve, since a key may name anybody.",
	}, proposeRelease)
}

func countPeople(ctx context.Context, c call, in *struct {
	On
	Set   string    `path:"set" maxLength:"63" doc:"Set of counts, as the policy calls it"`
	From  time.Time `query:"from" doc:"Twelve periods of the set when left out"`
	Until time.Time `query:"until" doc:"Now when left out"`
},
) (*body[api.Counts], error) {
	t, err := c.CountPeople(ctx, in.Set, in.From, in.Until, c.service())
	if err != nil {
		return nil, err
	}
	return &body[api.Counts]{*counts(t)}, nil
}

// counts is a table as it is sent.
func counts(t *statistics.Table) *api.Counts {
	cells := func(list []statistics.Cell) []*int {
		out := make([]*int, len(list))
		for i, c := range list {
			if !c.Hidden {
				out[i] = &c.People
			}
		}
		return out
	}
	out := &api.Counts{
		Set: t.Set, Purpose: t.Purpose, By: t.By, Smallest: t.Smallest, Items: t.Items, Periods: t.Periods,
		Cells: make([][]*int, len(t.Cells)), OfItem: cells(t.OfItem), OfPeriod: cells(t.OfPeriod),
	}
	for i, row := range t.Cells {
		out.Cells[i] = cells(row)
	}
	return out
}

// Releases is a page of releases.
type Releases struct {
	Releases []*statistics.Release `json:"releases"`
	Next     string                `json:"next,omitempty"`
}

func listReleases(ctx context.Context, c call, in *struct {
	On
	Paged
},
) (*body[Releases], error) {
	after := int64(0)
	if in.After != "" {
		var err error
		if after, err = strconv.ParseInt(in.After, 10, 64); err != nil {
			return nil, errCursor()
		}
	}
	list, err := c.StatisticsReleases(ctx, after, in.limit()+1)
	if err != nil {
		return nil, err
	}
	out := Releases{Releases: append([]*statistics.Release{}, list...)}
	if len(list) > in.limit() {
		out.Releases = list[:in.limit()]
		out.Next = strconv.FormatInt(out.Releases[len(out.Releases)-1].ID, 10)
	}
	return &body[Releases]{out}, nil
}

// ReleaseOf is one release of an address.
type ReleaseOf struct {
	On
	Release int64 `path:"release" doc:"Number of the release"`
}

// A ReleaseWithTable is a release with what left.
type ReleaseWithTable struct {
	statistics.Release
	Table *api.Counts `json:"table,omitempty" doc:"Counted here"`
	CSV   string      `json:"csv,omitempty" doc:"Made elsewhere"`
}

func getRelease(ctx context.Context, c call, in *ReleaseOf) (*body[ReleaseWithTable], error) {
	r, err := c.StatisticsRelease(ctx, in.Release)
	if err != nil {
		return nil, err
	}
	out := ReleaseWithTable{Release: *r}
	switch {
	case r.Released == nil: // nothing leaves yet
	case r.Form == "json":
		var t statistics.Table
		if err := json.Unmarshal(r.Data, &t); err != nil {
			return nil, fmt.Errorf("statistics table: %w", err)
		}
		out.Table = counts(&t)
	default:
		out.CSV = string(r.Data)
	}
	return &body[ReleaseWithTable]{out}, nil
}

func proposeRelease(ctx context.Context, c call, in *struct {
	On
	Once
	Body api.NewRelease
},
) (*body[statistics.Release], error) {
	b := in.Body
	by, err := c.staffOf(b.Role, b.Staff)
	if err != nil {
		return nil, err
	}
	ask := statistics.Asking{Set: b.Set, Purpose: b.Purpose, Audience: b.Audience, Recipient: b.Recipient, By: by}
	if b.From != nil {
		ask.Over.From = *b.From
	}
	if b.Until != nil {
		ask.Over.Until = *b.Until
	}
	if b.CSV != "" {
		ask.CSV = []byte(b.CSV)
	}
	return c.releasedOr(c.ProposeStatistics(ctx, ask))
}

// staffOf is the member of staff that a caller says acts.
func (c call) staffOf(role, id string) (gate.Actor, error) {
	r, err := c.Policy().Role(role)
	if err != nil {
		return gate.Actor{}, err
	}
	if id == "" {
		return gate.Actor{}, fault.New(fault.Invalid, "staff: say which member of staff acts")
	}
	return gate.Actor{Role: r.No, ID: id}, nil
}

func (c call) releasedOr(r *statistics.Release, reasons []policy.Reason, err error) (*body[statistics.Release], error) {
	switch {
	case err != nil:
		return nil, err
	case len(reasons) > 0:
		return nil, c.denied(policy.Decision{Version: c.Policy().Version(), Reasons: reasons})
	}
	return &body[statistics.Release]{*r}, nil
}
