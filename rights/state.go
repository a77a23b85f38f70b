package rights

import (
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// A State says how far a request has come.
type State string

// The states of a request.
const (
	Received       State = "received"
	Verified       State = "verified" // who asks has been proved
	Surveyed       State = "surveyed" // every system has said what it holds
	Planned        State = "planned"
	Approved       State = "approved"
	Running        State = "running"
	NeedsAttention State = "needs-attention" // a person has to look; Cause says why
	VerifiedAfter  State = "verified-after"  // all is done and checked; a package is ready
	Delivered      State = "delivered"
	Refused        State = "refused"
	Withdrawn      State = "withdrawn"
	Expired        State = "expired"
)

// Last reports whether nothing follows s.
func (s State) Last() bool {
	return s == Delivered || s == Refused || s == Withdrawn || s == Expired
}

// A When limits a move.
type When string

// When a move is allowed.
const (
	Always   When = "always"
	Harmless When = "before the first destructive step"
	Fetched  When = "where a package waits to be fetched"
)

// A Move is one allowed transition.
type Move struct {
	From, To State
	When     When
}

// Moves is the table of allowed transitions. Pausing is none of them: it stops
// the clocks and keeps the state.
func Moves() []Move {
	moves := []Move{
		{Received, Verified, Always},
		{Received, Expired, Always},
		{Verified, Surveyed, Always},
		{Verified, Expired, Always},
		{Surveyed, Surveyed, Always},
		{Surveyed, Planned, Always},
		{Planned, Surveyed, Always},
		{Planned, Planned, Always},
		{Planned, Approved, Always},
		{Approved, Surveyed, Always},
		{Approved, Running, Always},
		{Running, NeedsAttention, Always},
		{Running, VerifiedAfter, Always},
		{NeedsAttention, Running, Always},
		{NeedsAttention, Surveyed, Always},
		{VerifiedAfter, NeedsAttention, Always},
		{VerifiedAfter, Delivered, Always},
		{VerifiedAfter, Expired, Fetched},
		{VerifiedAfter, Running, Fetched}, // a correction came: the package is made anew
	}
	for _, from := range []State{Received, Verified, Surveyed, Planned, Approved, Running, NeedsAttention} {
		moves = append(moves, Move{from, Refused, Harmless}, Move{from, Withdrawn, Harmless})
	}
	return append(moves, Move{VerifiedAfter, Withdrawn, Fetched})
}

// may returns nil when a request may move to another state, and a fault.Conflict
// that says why not.
func (q *request) may(to State) error {
	if q.paused != nil && to != Refused && to != Withdrawn {
		return fault.New(fault.Conflict, "the request is paused (%s): resume it first", q.reason)
	}
	for _, m := range Moves() {
		if m.From != q.state || m.To != to {
			continue
		}
		switch {
		case m.When == Harmless && q.begun:
			return fault.New(fault.Conflict, "the first destructive step has been taken: the request can no longer be %s", to)
		case m.When == Fetched && !q.fetchable():
			return fault.New(fault.Conflict, "the request has no package that waits to be fetched")
		}
		return nil
	}
	return fault.New(fault.Conflict, "the request is %s: it cannot become %s", q.state, to)
}

func (q *request) fetchable() bool {
	p, err := plan.ProcedureOf(policy.RightKind(q.asks))
	return err == nil && p.Fetched
}
