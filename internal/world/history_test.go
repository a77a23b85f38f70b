package world_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// The verbs of a history.
const (
	agree    = "agree"
	withdraw = "withdraw"
	object   = "object"
	yield    = "yield" // the objection ends
	restrict = "restrict"
	free     = "free"
	erase    = "erase"
	forget   = "forget" // one item
	give     = "give"   // that item
	use      = "use"    // for a purpose that rests on consent and yields to an objection
	useMany  = "use of many"
	read     = "read" // the item, for a purpose that rests on the contract
)

// A question is one operation on one person.
type question struct {
	verb   string
	person int
}

// An answer is what a client was told.
type answer int

// The answers.
const (
	no    answer = iota // denied, refused, or nothing was done
	yes                 // allowed with the value, or done
	empty               // allowed, and there is no value
)

// standing is what is true of the person.
type standing struct{ agreed, objected, restricted, erased, held bool }

// said is I-11 as a machine: what a use may answer after what was said.
func said() porcupine.Model {
	return porcupine.Model{
		Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
			parts := map[int][]porcupine.Operation{}
			for _, o := range all {
				q := o.Input.(question)
				parts[q.person] = append(parts[q.person], o)
			}
			var out [][]porcupine.Operation
			for _, p := range parts {
				out = append(out, p)
			}
			return out
		},
		Init: func() any { return standing{held: true} },
		Step: func(state, input, output any) (bool, any) {
			return step(state.(standing), input.(question).verb, output.(answer))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprint(input, " → ", output) },
	}
}

// step says whether an answer is right, and what is true after it.
func step(s standing, verb string, a answer) (bool, standing) {
	before := s
	switch verb {
	case use, useMany:
		return (a == yes) == (s.agreed && !s.objected && !s.restricted && !s.erased), s
	case read:
		switch {
		case s.restricted || s.erased:
			return a == no, s
		case s.held:
			return a == yes, s
		}
		return a == empty, s
	case give:
		may := !s.held && !s.erased
		if a == yes {
			s.held = true
			return may, s
		}
		return !may || s.restricted, before // under a restriction nothing need be taken in
	case forget: // of somebody erased it is done already
		s.held = false
		return a == yes, s
	case agree, withdraw:
		s.agreed = verb == agree
	case object, yield:
		s.objected = verb == object
	case restrict, free:
		s.restricted = verb == restrict
	case erase:
		s.erased, s.held = true, false
	}
	if before.erased { // nobody says anything any more
		return a == no || s == before, before
	}
	return a == yes, s
}

// TestNoUseOvertakesWhatWasSaid lets many clients agree, withdraw, object, restrict,
// erase, give again and use at once, one by one and in batches, on PostgreSQL by way of
// two nodes, and looks for an order of all that explains every answer (I-11;
// linearizability as in Herlihy and Wing, 1990).
func TestNoUseOvertakesWhatWasSaid(t *testing.T) {
	t.Parallel()
	for _, engine := range world.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			history(t, engine, 8, 60, 17)
		})
	}
}

// TestSoakHistories is the same for long.
func TestSoakHistories(t *testing.T) {
	period := dbtest.Soak(t)
	begin, histories, operations, losses := db.Wall(), 0, 0, 0
	for histories == 0 || db.Wall().Sub(begin) < period {
		for _, engine := range world.Engines() {
			ok := t.Run(fmt.Sprint(engine, histories), func(t *testing.T) { operations += history(t, engine, 12, 100, uint64(histories)) })
			if histories++; !ok {
				losses++
			}
		}
	}
	fmt.Printf("soak: histories %d losses %d\n", histories, losses)
	t.Logf("%d operations", operations)
}

// history is one world, its nodes and its clients; it returns what was done.
func history(t *testing.T, engine db.Engine, clients, each int, seed uint64) int {
	w := world.With(t, engine, world.Options{People: 4})
	nodes := []*avow.Platform{w.P}
	if engine == db.Postgres {
		nodes = append(nodes, w.Node("one"))
	}
	return histories(t, w, nodes, clients, each, seed)
}

// histories records what clients are told and checks it.
func histories(t *testing.T, w *world.World, nodes []*avow.Platform, clients, each int, seed uint64) int {
	var mu sync.Mutex
	var all []porcupine.Operation
	begin := time.Now()
	var wg sync.WaitGroup
	for client := range clients {
		rng := rand.New(rand.NewPCG(uint64(client), seed))
		wg.Go(func() {
			for range each {
				q := question{pick(rng), rng.IntN(len(w.People))}
				call := time.Since(begin).Nanoseconds()
				told := put(t, w, nodes[client%len(nodes)], q)
				back := time.Since(begin).Nanoseconds()
				mu.Lock()
				for person, a := range told {
					all = append(all, porcupine.Operation{ClientId: client, Input: question{q.verb, person}, Call: call, Output: a, Return: back})
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	enough(t, all, clients*each, len(nodes))
	v, err := w.P.VerifyLog(t.Context(), audit.Verify{}, true)
	w.Must(err)
	if len(v.Differs) > 0 {
		t.Errorf("the tables do not say what the log says: %v", v.Differs)
	}
	if result := porcupine.CheckOperationsTimeout(said(), all, time.Minute); result != porcupine.Ok {
		t.Errorf("no order of the %d operations explains their answers: %s", len(all), result)
		explain(t, all)
	}
	return len(all)
}

// explain shows, of each person whose history has no order, the end of the longest
// order that there is, and what cannot follow it.
func explain(t *testing.T, all []porcupine.Operation) {
	t.Helper()
	for _, part := range said().Partition(all) {
		result, info := porcupine.CheckOperationsVerbose(said(), part, time.Minute)
		if result != porcupine.Illegal {
			continue
		}
		var longest []int
		for _, x := range info.PartialLinearizations()[0] {
			if len(x) > len(longest) {
				longest = x
			}
		}
		show := func(what string, o porcupine.Operation) {
			t.Logf("%s: client %d, %d to %d µs: %v → %d", what, o.ClientId, o.Call/1000, o.Return/1000, o.Input, o.Output)
		}
		for _, i := range longest[max(0, len(longest)-12):] {
			show("in order", part[i])
		}
		end := int64(math.MaxInt64)
		for i, o := range part {
			if !slices.Contains(longest, i) {
				end = min(end, o.Return)
			}
		}
		for i, o := range part {
			if !slices.Contains(longest, i) && o.Call <= end {
				show("out of order", o)
			}
		}
	}
}

// enough asserts that a history says something: most was answered, and every verb
// was answered in the ways that it can be.
func enough(t *testing.T, all []porcupine.Operation, asked, nodes int) {
	t.Helper()
	told := map[string][3]int{}
	for _, o := range all {
		n := told[o.Input.(question).verb]
		n[o.Output.(answer)]++
		told[o.Input.(question).verb] = n
	}
	t.Logf("%d operations on %d nodes; answers no, yes, empty: %v", len(all), nodes, told)
	if len(all) < asked*9/10 {
		t.Errorf("too little happened to say anything: %d operations", len(all))
	}
	for _, verb := range []string{use, read} {
		if n := told[verb]; n[no] == 0 || n[yes] == 0 {
			t.Errorf("%s was answered %v times with no, yes, empty: too one-sided to say anything", verb, n)
		}
	}
}

// pick draws a verb: many uses, few ends.
func pick(rng *rand.Rand) string {
	n := rng.IntN(1000)
	for _, v := range []struct {
		verb string
		in   int // a thousand
	}{
		{use, 320}, {useMany, 50}, {read, 180}, {agree, 140}, {withdraw, 60}, {object, 30}, {yield, 60}, {restrict, 25}, {free, 55}, {forget, 25}, {give, 40}, {erase, 8},
	} {
		if n -= v.in; n < 0 {
			return v.verb
		}
	}
	return use
}

// put asks a node and returns what it says about whom. Who is told that it is too busy
// is told that nothing was done, and so leaves no trace in a history. Any other failure
// is not known to have done anything: there must be none.
func put(t *testing.T, w *world.World, p *avow.Platform, q question) map[int]answer {
	who := w.People[q.person].ID
	switch q.verb {
	case use, read:
		u := world.Ask(who, "push", "account.email")
		if q.verb == read {
			u = world.Ask(who, "support", "account.nickname")
		}
		a, err := w.Try(p, u)
		if err != nil {
			unless(t, q.verb, err, fault.Busy)
			return nil
		}
		switch {
		case !a.Decision.Allowed && len(a.Values) > 0:
			t.Error("a denial gives a value")
		case !a.Decision.Allowed:
			return map[int]answer{q.person: no}
		case len(a.Values) == 0 && q.verb == read:
			return map[int]answer{q.person: empty}
		}
		return map[int]answer{q.person: yes}
	case useMany:
		return putMany(t, w, p)
	}
	a, done := change(t, p, who, q.verb)
	if !done {
		return nil
	}
	return map[int]answer{q.person: a}
}

// putMany asks about everybody at once: each has an answer of their own.
func putMany(t *testing.T, w *world.World, p *avow.Platform) map[int]answer {
	var ids []subject.ID
	for _, x := range w.People {
		ids = append(ids, x.ID)
	}
	answers, err := p.UseMany(context.Background(), ids, world.Ask("", "push", "account.email"))
	if err != nil {
		unless(t, useMany, err, fault.Busy)
		return nil
	}
	told := map[int]answer{}
	for i, a := range answers {
		if told[i] = no; a.Decision.Allowed {
			told[i] = yes
		}
	}
	return told
}

// change tells a node something about a person, and reports whether it was answered.
func change(t *testing.T, p *avow.Platform, who subject.ID, verb string) (a answer, answered bool) {
	ctx := context.Background()
	var err error
	switch verb {
	case agree, withdraw, object, yield:
		kind, given := consent.Consent, verb == agree
		if verb == object || verb == yield {
			kind, given = consent.Objection, verb == object
		}
		err = p.Choose(ctx, who, avow.Choice{Kind: kind, Purpose: "push", Given: given, Explicit: true, Channel: "settings", By: self()})
	case restrict, free:
		err = p.Restrict(ctx, who, verb == restrict, self())
	case erase:
		_, err = p.Erase(ctx, who, avow.Erasure{Everything: true, By: self()})
	case forget:
		_, err = p.Erase(ctx, who, avow.Erasure{Item: "account.nickname", By: self()})
	case give:
		refusals, err := p.Collect(ctx, who, "app", []policy.Given{{Item: "account.nickname", Value: "again and again", Voluntary: true}}, avow.Actor{})
		if err == nil && len(refusals) > 0 {
			return no, true
		}
		return outcome(t, verb, err)
	}
	return outcome(t, verb, err)
}

func outcome(t *testing.T, verb string, err error) (a answer, answered bool) {
	switch fault.Of(err) {
	case fault.Conflict, fault.NotFound: // erased, or it was so already
		return no, true
	}
	if err != nil {
		unless(t, verb, err, fault.Busy)
		return no, false
	}
	return yes, true
}

// unless fails the test for an error that is not of a kind.
func unless(t *testing.T, verb string, err error, kind fault.Kind) {
	t.Helper()
	if fault.Of(err) != kind {
		t.Errorf("%s: %v", verb, err)
	}
}
