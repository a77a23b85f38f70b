package world_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func two() world.Options { return world.Options{People: 2} }

func shopping() world.Options { return world.Options{People: 2, Shop: true} }

func self() avow.Actor { return avow.Actor{Role: "self"} }

func TestWhatIsGivenIsUsedAsThePolicySays(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		got := w.Allowed(lin, "orders", "account.email", "account.phone")
		want := []string{lin.Email(), lin.Marker("account.phone").Value}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Error(diff)
		}
		why := w.Denied(lin, "push", "account.email", "account.phone")
		if !slices.Contains(why, "consent.missing") || !slices.Contains(why, "item.purpose") {
			w.Errorf("denied for %v, want both reasons", why)
		}
	})
}

func TestACollectionIsWholeOrNothing(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		refusals := w.Collect(w.People[0], "web",
			policy.Given{Item: "order.history", Value: "card 4111 1111 1111 1111", Voluntary: true},
			policy.Given{Item: "order.address", Value: "Keji Road 1", Voluntary: true})
		if len(refusals) != 1 || refusals[0].Code != "value.never" || strings.Contains(refusals[0].Text, "4111") {
			w.Errorf("refused with %v, want value.never, without the value", refusals)
		}
		if n := len(w.Allowed(w.People[0], "orders", "order.address")); n != 1 {
			w.Errorf("%d addresses are held after a refused collection, want the one of before", n)
		}
	})
}

func TestAWithdrawalStopsTheNextUse(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		yes := avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true}
		w.Choose(lin, yes)
		if got := w.Allowed(lin, "push", "account.email"); !slices.Equal(got, []string{lin.Email()}) {
			w.Error("a use with consent gives another value")
		}
		yes.Given = false
		w.Choose(lin, yes)
		if why := w.Denied(lin, "push", "account.email"); !slices.Contains(why, "consent.withdrawn") {
			w.Errorf("denied for %v, want consent.withdrawn", why)
		}
	})
}

func TestACorrectionReplacesTheValueForEver(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin, old := w.People[0], w.People[0].Email()
		token := world.Token()
		w.Correct(lin, "account.email", token+"@new.example", token)
		if got := w.Allowed(lin, "orders", "account.email"); !slices.Equal(got, []string{token + "@new.example"}) {
			w.Error("the corrected value is not the one that is used")
		}
		if !w.Nobody("email", old) || w.Nobody("email", token+"@new.example") {
			w.Error("the old address still finds the person, or the new one does not")
		}
	})
}

func TestAnItemIsErasedAndTheRestOfItsClassStays(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		phone := lin.Marker("account.phone").Value
		if done := w.Erase(lin, avow.Erasure{Item: "account.phone", By: self()}); done.Values != 1 || done.Keys != 1 {
			w.Errorf("%d values and %d keys are gone, want 1 and 1", done.Values, done.Keys)
		}
		if got := w.Allowed(lin, "orders", "account.email", "account.phone"); !slices.Equal(got, []string{lin.Email()}) {
			w.Errorf("%d values are used after the erasure of one, want the other", len(got))
		}
		if !w.Nobody("phone", phone) {
			w.Error("the erased number still finds the person")
		}
	})
}

func TestAClassIsErasedAndOthersStay(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		w.Erase(lin, avow.Erasure{Class: "support", By: self()})
		if got := w.Allowed(lin, "support", "support.message"); len(got) != 0 {
			w.Errorf("%d messages are left of an erased class", len(got))
		}
		if got := w.Allowed(lin, "support", "account.email"); len(got) != 1 {
			w.Error("an e-mail address of another class went too")
		}
	})
}

func TestEverythingIsErasedButWhatTheLawKeeps(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin, ann := w.People[0], w.People[1]
		phone := lin.Marker("account.phone").Value
		w.Erase(lin, avow.Erasure{Everything: true, By: self()})
		if again, err := w.P.Erase(context.Background(), lin.ID, avow.Erasure{Everything: true}); err != nil || again.Values+again.Keys > 0 {
			w.Errorf("erased again: %+v, %v", again, err)
		}
		w.Denied(lin, "orders", "account.email")
		if !w.Nobody("phone", phone) {
			w.Error("the erased number still finds the person")
		}
		v, err := w.P.Profile(context.Background(), lin.ID)
		w.Must(err)
		if v.State != subject.Erased || len(v.Choices)+len(v.Disclosures) > 0 {
			w.Errorf("the profile is %+v", v)
		}
		for _, h := range v.Holdings {
			if c := w.P.Policy().ClassBy(h.Class); !c.Law {
				w.Errorf("a row of %s is left", c.Name)
			}
		}
		if got := w.Allowed(ann, "orders", "account.email"); !slices.Equal(got, []string{ann.Email()}) {
			w.Error("somebody else's value went too")
		}
	})
}

func TestAHoldKeepsItsClassThroughAnErasure(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		w.Must(w.P.Hold(ctx, lin.ID, "support", "claim 17/2026", time.Time{}, avow.Actor{}))
		message := lin.Marker("support.message")
		w.Erase(lin, avow.Erasure{Everything: true, By: self()})
		message.Dead = false // held
		v, err := w.P.Profile(ctx, lin.ID)
		w.Must(err)
		held := map[string]bool{}
		for _, h := range v.Holdings {
			held[w.P.Policy().ClassBy(h.Class).Name] = true
		}
		if !held["support"] || !held["books"] || held["account"] {
			w.Errorf("after the erasure %v are held, want support and what the law keeps", held)
		}
	})
}

func TestARestrictionKeepsAndDoesNotUse(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		w.Must(w.P.Restrict(ctx, lin.ID, true, self()))
		if why := w.Denied(lin, "orders", "account.email"); !slices.Contains(why, "restricted") {
			w.Errorf("denied for %v, want restricted", why)
		}
		w.Must(w.P.Restrict(ctx, lin.ID, false, self()))
		w.Allowed(lin, "orders", "account.email")
	})
}

func TestASuppressedIdentifierDoesNotComeInAgain(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		email := lin.Email()
		w.Erase(lin, avow.Erasure{Everything: true, By: self()})
		w.Must(w.P.Suppress(ctx, "email", avow.NewPersonal(strings.ToUpper(email)), subject.Import, "gdpr-17"))
		id, refusals, err := w.P.Register(ctx, avow.Registration{
			Accepted: true, Adult: true, Point: "registration", Given: []policy.Given{{Item: "account.email", Value: email, Voluntary: true}},
		})
		w.Must(err)
		if id != "" || len(refusals) == 0 || refusals[0].Code != "person.suppressed" {
			w.Errorf("a suppressed address registers: %v", refusals)
		}
		w.Refused(1)
	})
}

func TestAnEpochMovesAndEverythingLivingStaysReadable(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		ctx, lin := context.Background(), w.People[0]
		done := w.Erase(lin, avow.Erasure{Item: "account.nickname", By: self()})
		if _, ok, err := w.P.SilentFrom(ctx, done.Destroyed); ok || err != nil {
			w.Errorf("silent before an epoch has moved: %v, %v", ok, err)
		}
		w.Clock.Add(time.Minute)
		e, err := w.P.MoveEpoch(ctx, func(int, int) {})
		w.Must(err)
		if at, ok, err := w.P.SilentFrom(ctx, done.Destroyed); !ok || err != nil || at.Before(done.Destroyed) || e.Number != 2 {
			w.Errorf("silent from %v, %v, %v in epoch %d", at, ok, err, e.Number)
		}
		w.Reopen()
		if got := w.Allowed(w.People[1], "orders", "account.email"); !slices.Equal(got, []string{w.People[1].Email()}) {
			w.Error("a living value is another after the epoch")
		}
	})
}

func TestAnAccessPackageHoldsAllOfOnePersonAndNothingOfAnother(t *testing.T) {
	world.Each(t, shopping(), func(w *world.World) {
		lin, ann := w.People[0], w.People[1]
		data := dataOf(w, w.Access(lin.Email()))
		for _, m := range lin.Markers {
			if !strings.Contains(data, m.Value) {
				w.Errorf("the package lacks %s of the vault", m.Item)
			}
		}
		for _, v := range lin.Shop.Values {
			if !strings.Contains(data, v) {
				w.Error("the package lacks a value of the shop")
			}
		}
		for _, m := range ann.Markers {
			if strings.Contains(data, m.Token) {
				w.Errorf("the package holds somebody else's %s", m.Item)
			}
		}
		for _, v := range ann.Shop.Values {
			if strings.Contains(data, v) {
				w.Error("the package holds a value of somebody else from the shop")
			}
		}
	})
}

// dataOf returns every text of an access package's data, one a line.
func dataOf(w *world.World, b []byte) string {
	w.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	w.Must(err)
	f, err := z.Open("data.json")
	w.Must(err)
	defer f.Close()
	var all strings.Builder
	for d := json.NewDecoder(f); ; {
		token, err := d.Token()
		if err == io.EOF {
			return all.String()
		}
		w.Must(err)
		fmt.Fprintln(&all, token)
	}
}

func TestAnErasureRequestReachesVaultAndShop(t *testing.T) {
	world.Each(t, shopping(), func(w *world.World) {
		lin, ann := w.People[0], w.People[1]
		before := w.ShopText()
		w.Forget(lin)
		after := w.ShopText()
		for _, v := range lin.Shop.Values {
			if !strings.Contains(before, v) {
				w.Error("the shop never held a value of the person: the search would find nothing")
			}
			if kept := slices.Contains(lin.Shop.Kept, v); strings.Contains(after, v) != kept {
				w.Errorf("a value of the shop is there: %v; it is kept for the books: %v", !kept, kept)
			}
		}
		for _, v := range ann.Shop.Values {
			if !strings.Contains(after, v) {
				w.Error("a value of somebody else went from the shop too")
			}
		}
		w.Denied(lin, "orders", "account.email")
		w.Allowed(ann, "orders", "account.email")
	})
}

// What was packed for a person and never fetched goes with the person.
func TestAnErasureTakesAPackageThatWaitsToBeFetched(t *testing.T) {
	world.Each(t, shopping(), func(w *world.World) {
		lin := w.People[0]
		id, _ := w.Approved(world.Asked(policy.Access, lin.Email()))
		if v := w.Finish(id); v.State != rights.VerifiedAfter {
			w.Fatalf("the access request is %s", v.State)
		}
		w.Forget(lin)
	})
}

func TestARequestOfSomebodyUnknownFindsNothingAndSaysSo(t *testing.T) {
	world.Each(t, shopping(), func(w *world.World) {
		data := dataOf(w, w.Access("nobody."+world.Token()+"@mail.example"))
		for _, p := range w.People {
			for _, m := range p.Markers {
				if strings.Contains(data, m.Token) {
					w.Errorf("a stranger's package holds somebody's %s", m.Item)
				}
			}
		}
	})
}

func TestManyAreAnsweredEachForThemselves(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin, ann := w.People[0], w.People[1]
		w.Choose(ann, avow.Choice{Kind: consent.Consent, Purpose: "push", Given: true, Explicit: true})
		answers := w.UseMany([]subject.ID{lin.ID, ann.ID}, world.Ask("", "push", "account.email"))
		if answers[0].Decision.Allowed || len(answers[0].Values) > 0 {
			w.Error("somebody without consent was used with the others")
		}
		if !answers[1].Decision.Allowed || len(answers[1].Values) != 1 || answers[1].Values[0].Text.Reveal() != ann.Email() {
			w.Error("somebody with consent was not")
		}
	})
}

func TestAClosedAccountIsNotServed(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		w.Must(w.P.CloseAccount(context.Background(), lin.ID, self()))
		w.Denied(lin, "orders", "account.email")
		if err := w.P.CloseAccount(context.Background(), lin.ID, self()); w.Kind(err) != fault.Conflict {
			w.Errorf("closing twice: %v", err)
		}
		if n := w.Counts()[audit.AccountClosed]; n != 1 {
			w.Errorf("%d entries of the closing, want 1", n)
		}
	})
}
