package world_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
)

// TestAClockThatJumpsDoesNotTurnTheLogBack sets the machine's clock two days back,
// and a day forwards, under a server and between two lives of one: entries keep
// their order in time, what was withdrawn stays so, and a request's clocks run on.
func TestAClockThatJumpsDoesNotTurnTheLogBack(t *testing.T) {
	world.Each(t, world.Options{People: 1}, func(w *world.World) {
		lin := w.People[0]
		id, err := w.P.Requests().Receive(t.Context(), world.Asked(policy.Access, lin.Email()), w.Support())
		w.Must(err)
		w.Answered(audit.RequestReceived)
		began := w.P.Now()
		for _, jump := range []time.Duration{0, -48 * time.Hour, 24 * time.Hour, -48 * time.Hour} {
			w.Clock.Add(jump)
			w.Allowed(lin, "orders", "account.email")
			w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
			w.Allowed(lin, "push", "account.email")
			w.Choose(lin, avow.Choice{Kind: consent.Consent, Purpose: "push"})
			w.Denied(lin, "push", "account.email")
			w.Reopen()
			w.Denied(lin, "push", "account.email")
			if now := w.P.Now(); now.Before(began) {
				t.Errorf("after a jump of %v and a start, business time went back from %v to %v", jump, began, now)
			}
		}
		w.Must(w.P.Requests().Verify(t.Context(), id, w.Support(), "identifier-code"))
		v, err := w.P.Requests().Show(t.Context(), id)
		w.Must(err)
		for i := 1; i < len(v.Events); i++ {
			if v.Events[i].At.Before(v.Events[i-1].At) {
				t.Errorf("a request went from %v to %v", v.Events[i-1].At, v.Events[i].At)
			}
		}
		page, err := w.P.Entries(t.Context(), audit.Filter{Limit: 1000})
		w.Must(err)
		for i := 1; i < len(page); i++ {
			if page[i].ID > page[i-1].ID && page[i].At.Before(page[i-1].At) {
				t.Errorf("entry %d is of %v and entry %d of %v", page[i-1].ID, page[i-1].At, page[i].ID, page[i].At)
			}
		}
	})
}
