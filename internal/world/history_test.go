package world_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/world"
)

// The verbs of a history.
const (
	agree    = "agree"
	withdraw = "withdraw"
	restrict = "restrict"
	free     = "free"
	erase    = "erase"
	use      = "use"
)

// A question is one operation on one person.
type question struct {
	verb   string
	person int
}

// standing is what the person has said last.
type standing struct{ agreed, restricted, erased bool }

// said is I-11 as a machine: what a use may answer after what was said. An
// answer of true means that the use was allowed, or that the rest was done.
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
		Init: func() any { return standing{} },
		Step: func(state, input, output any) (bool, any) {
			s, done := state.(standing), output.(bool)
			switch input.(question).verb {
			case use:
				return done == (s.agreed && !s.restricted && !s.erased), s
			case agree:
				s.agreed = true
			case withdraw:
				s.agreed = false
			case restrict:
				s.restricted = true
			case free:
				s.restricted = false
			case erase:
				s.erased = true
			}
			// Nobody says anything any more who is erased.
			if before := state.(standing); before.erased {
				return !done || s == before, before
			}
			return done, s
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprint(input, " → ", output) },
	}
}

// TestNoUseOvertakesWhatWasSaid lets many clients agree, withdraw, restrict,
// erase and use at once, on PostgreSQL by way of two nodes, and looks for an
// order of all that explains every answer (I-11; linearizability as in Herlihy
// and Wing, 1990).
func TestNoUseOvertakesWhatWasSaid(t *testing.T) {
	t.Parallel()
	for _, engine := range world.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			w := world.With(t, engine, world.Options{People: 4})
			nodes := []*avow.Platform{w.P}
			if engine == db.Postgres {
				nodes = append(nodes, w.Node("one"))
			}
			histories(t, w, nodes, 8, 60)
		})
	}
}

// histories records what clients are told and checks it.
func histories(t *testing.T, w *world.World, nodes []*avow.Platform, clients, each int) {
	var mu sync.Mutex
	var all []porcupine.Operation
	begin := time.Now()
	var wg sync.WaitGroup
	for client := range clients {
		rng := rand.New(rand.NewPCG(uint64(client), 11))
		wg.Go(func() {
			for range each {
				q := question{pick(rng), rng.IntN(len(w.People))}
				call := time.Since(begin).Nanoseconds()
				done, known := put(t, w, nodes[client%len(nodes)], q)
				if !known {
					continue
				}
				o := porcupine.Operation{ClientId: client, Input: q, Call: call, Output: done, Return: time.Since(begin).Nanoseconds()}
				mu.Lock()
				all = append(all, o)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	allowed := 0
	for _, o := range all {
		if o.Input.(question).verb == use && o.Output.(bool) {
			allowed++
		}
	}
	t.Logf("%d operations by %d clients on %d nodes; %d uses allowed", len(all), clients, len(nodes), allowed)
	if allowed == 0 || len(all) < clients*each*9/10 {
		t.Errorf("too little happened to say anything: %d operations, %d uses allowed", len(all), allowed)
	}
	v, err := w.P.VerifyLog(t.Context(), audit.Verify{}, true)
	w.Must(err)
	if len(v.Differs) > 0 {
		t.Errorf("the tables do not say what the log says: %v", v.Differs)
	}
	if result := porcupine.CheckOperationsTimeout(said(), all, time.Minute); result != porcupine.Ok {
		t.Errorf("no order of the %d operations explains their answers: %s", len(all), result)
	}
}

func pick(rng *rand.Rand) string {
	switch n := rng.IntN(200); {
	case n < 110:
		return use
	case n < 150:
		return agree
	case n < 175:
		return withdraw
	case n < 187:
		return restrict
	case n < 199:
		return free
	}
	return erase
}

// put asks a node. A failure is not known to have done anything: only reading
// operations fail here without having been tried to their end.
func put(t *testing.T, w *world.World, p *avow.Platform, q question) (done, known bool) {
	ctx, who := context.Background(), w.People[q.person].ID
	var err error
	switch q.verb {
	case use:
		answer, err := w.Try(p, world.Ask(who, "push", "account.email"))
		if err != nil {
			t.Error(err)
			return false, false
		}
		return answer.Decision.Allowed, true
	case agree, withdraw:
		err = p.Choose(ctx, who, avow.Choice{
			Kind: consent.Consent, Purpose: "push", Given: q.verb == agree, Explicit: true, Channel: "settings", By: self(),
		})
	case restrict, free:
		err = p.Restrict(ctx, who, q.verb == restrict, self())
	case erase:
		_, err = p.Erase(ctx, who, avow.Erasure{Everything: true, By: self()})
	}
	switch kind := fault.Of(err); {
	case err == nil:
		return true, true
	case kind == fault.Conflict, kind == fault.NotFound: // erased, or it was so already
		return false, true
	default:
		t.Errorf("%s: %v", q.verb, err)
		return false, false
	}
}
