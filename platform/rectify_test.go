package platform_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/retention"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func TestWhatOnlyTheVaultHoldsIsCorrectedAtOnce(t *testing.T) {
	b := openCentre(t)
	lin := b.register(address, "Lin", true)
	got, err := b.Rectify(t.Context(), lin, []rights.Correction{{Item: "account.nickname", Value: avow.NewPersonal("Lin Wei")}}, platform.Asking{Method: "login"})
	b.must(err)
	if got.Request != "" || len(got.Done) != 1 || got.Done[0] != "account.nickname" {
		t.Errorf("rectified: %+v", got)
	}
	u, err := b.OwnUse(lin, []string{"account.nickname"})
	b.must(err)
	answer, err := b.Use(t.Context(), u)
	b.must(err)
	if len(answer.Values) != 1 || answer.Values[0].Text.Reveal() != "Lin Wei" {
		t.Error("the new value is not there")
	}
}

func TestARestrictionHoldsBeforeItsRequestIsWorkedOn(t *testing.T) {
	b := openCentre(t)
	lin := b.register(address, "Lin", true)
	id, err := b.Ask(t.Context(), lin, platform.Asking{Right: policy.Restriction, Method: "login"})
	b.must(err)
	if v, err := b.OwnRequest(t.Context(), lin, id); err != nil || v.State != rights.Verified {
		t.Fatalf("the request is %s: %v", v.State, err)
	}
	restricted := func() bool {
		p, err := b.Profile(t.Context(), lin)
		b.must(err)
		return p.Restricted
	}
	if !restricted() {
		t.Error("the data may still be used")
	}
	_, err = b.Ask(t.Context(), lin, platform.Asking{Right: policy.Restriction, Scope: plan.Lifted(), Method: "login"})
	b.must(err)
	if !restricted() {
		t.Error("a wish to lift it lifts it before anybody has looked")
	}
}

func TestClosingStartsTheClockOfTenChineseWorkingDays(t *testing.T) {
	b := openCentre(t)
	// Friday before the week of the National Day, which has make-up days around it.
	b.clock.Add(time.Date(2026, 9, 25, 2, 0, 0, 0, time.UTC).Sub(b.clock.Now()))
	lin := b.register(address, "Lin", true)
	id, err := b.Ask(t.Context(), lin, platform.Asking{Right: policy.Closing, Method: "login"})
	b.must(err)
	v, err := b.OwnRequest(t.Context(), lin, id)
	b.must(err)
	if state, err := b.StateOf(t.Context(), lin); err != nil || state != subject.Closed {
		t.Errorf("the account is %s: %v", state, err)
	}
	cn, err := calendar.Open("CN")
	b.must(err)
	days, at := 0, v.Received
	for days < 10 {
		if at = at.AddDate(0, 0, 1); cn.Workday(at) {
			days++
		}
	}
	if v.DoneDue == nil || !v.DoneDue.At.In(cn.Zone()).Truncate(time.Hour).Before(at.AddDate(0, 0, 1)) || v.DoneDue.At.Before(at.AddDate(0, 0, -1)) {
		t.Errorf("done by %v, want the tenth working day, %s", v.DoneDue, at.In(cn.Zone()).Format(time.DateOnly))
	}
	list, err := b.Keeping(t.Context(), lin)
	b.must(err)
	for _, k := range list {
		if k.Class != "account" {
			continue
		}
		if k.Ends.IsZero() || !k.By.Equal(v.DoneDue.At) && k.By.Sub(v.DoneDue.At).Abs() > time.Minute || !k.Restricted {
			t.Errorf("kept: %+v; the request is due %s", k, v.DoneDue.At)
		}
	}
	b.must(b.Tidy(t.Context()))
	if list, err = b.Keeping(t.Context(), lin); err != nil || len(list) != 0 {
		t.Errorf("after the sweep: %+v %v", list, err)
	}
}

func TestAHoldIsShownWithItsArticleAndItsEnd(t *testing.T) {
	b := openCentre(t)
	lin := b.register(address, "Lin", true)
	until := b.Now().Add(90 * 24 * time.Hour).Truncate(time.Second)
	b.must(b.Hold(t.Context(), lin, "account", "civil-code-188", until, avow.Actor{}))
	b.must(b.CloseAccount(t.Context(), lin, platform.Self(lin)))
	b.must(b.Tidy(t.Context()))
	list, err := b.Keeping(t.Context(), lin)
	b.must(err)
	if len(list) != 1 || !list[0].Held || list[0].Basis != "civil-code-188" || !list[0].Until.Equal(until) || !list[0].Restricted {
		t.Fatalf("kept: %+v", list)
	}
	b.clock.Add(91 * 24 * time.Hour)
	r, err := b.SweepRetention(t.Context(), retention.Options{}, nil)
	b.must(err)
	if r.Rows() == 0 {
		t.Error("what the hold kept outlives it")
	}
}

func TestWhatRestsOnConsentGoesWhenItIsTakenBack(t *testing.T) {
	b := openCentre(t)
	lin := b.register(address, "Lin", true)
	const item, purpose = "device.storage", "push" // kept while the person agrees
	choose := func(given bool) {
		b.must(b.Choose(t.Context(), lin, platform.Choice{Kind: consent.Consent, Purpose: purpose, Given: given, Explicit: true, Channel: "settings", By: platform.Self(lin)}))
	}
	choose(true)
	refusals, err := b.Collect(t.Context(), lin, "app", []policy.Given{{Item: item, Value: "something", Voluntary: true, Seen: policy.Seen{Session: "s1"}}}, avow.Actor{})
	b.must(err)
	if len(refusals) > 0 {
		t.Fatalf("%s is refused: %s", item, refusals[0].Text)
	}
	held := func() bool {
		list, err := b.Keeping(t.Context(), lin)
		b.must(err)
		for _, k := range list {
			for _, name := range k.Items {
				if name == item {
					return true
				}
			}
		}
		return false
	}
	b.must(b.Tidy(t.Context()))
	if !held() {
		t.Fatal("it goes while the person agrees")
	}
	choose(false)
	choose(true) // thought better of it
	b.must(b.Tidy(t.Context()))
	if !held() {
		t.Error("it goes although the person agrees again")
	}
	choose(false)
	b.must(b.Tidy(t.Context()))
	if held() {
		t.Error("it stays although consent was taken back")
	}
}
