package policies_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/policy"
)

func TestTheLintNamesTheDefectsOfTheApsgoText(t *testing.T) {
	wantCodes(t, "apsgo.yaml", map[string]int{
		"date.gap": 1, "consent.by-use": 1, "law.silent": 1, "controller.no-address": 1, "contact.insecure": 1,
		"authority.company": 1, "recipient.unnamed": 2, "security.plain-hash": 1,
	})
}

func TestEveryPromiseOfApsgoIsAClause(t *testing.T) { clauses(t, "apsgo.yaml", "A", 74) }

func TestApsgoListsWhatItsTextCallsPersonalAndSensitive(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	var codes, sensitive []string
	for _, it := range p.Items() {
		if slices.ContainsFunc(it.Purposes, func(no policy.PurposeNo) bool { return p.PurposeBy(no).Name == "device-check" }) {
			codes = append(codes, it.Name)
		}
		if it.Sensitive {
			sensitive = append(sensitive, it.Name)
		}
	}
	if diff := cmp.Diff([]string{
		"device.mac", "device.imei", "device.android-id", "device.idfa", "device.openudid", "device.guid", "device.imsi",
	}, codes); diff != "" {
		t.Errorf("codes of a device (-want +got):\n%s", diff)
	}
	// The last one the text leaves out; the law calls exact places sensitive.
	if diff := cmp.Diff([]string{
		"profile.phone", "profile.mobile", "profile.email", "account.login", "account.nickname", "account.password", "account.question",
		"account.answer", "contacts.book", "records.pages", "location.itinerary", "location.exact", "location.lodging", "location.coordinates",
	}, sensitive); diff != "" {
		t.Errorf("sensitive (-want +got):\n%s", diff)
	}
}

func TestTheMallTakesNoCardNumberAnywhere(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	f := customer(t, p)
	for _, c := range []struct {
		point, item, value string
		refused            bool
	}{
		{"order", "order.history", "Archive tool, one licence", false},
		{"order", "order.history", "Archive tool, card 4111-1111-1111-1111", true},
		{"support", "support.message", "Charge 4111 1111 1111 1111 once more", true},
		{"support", "support.message", "The licence does not arrive.", false},
		{"registration", "profile.name", "Li 5500005555555559", true},
		{"order", "order.payment", "stripe:pi_3NnA", false},
	} {
		given := []policy.Given{{Item: c.item, Value: c.value, Voluntary: true}}
		if c.item == "order.history" {
			given = append(given, policy.Given{Item: "order.agreed", Value: "2026-03-01", Seen: policy.Seen{Session: "s-1"}})
		}
		got := p.Collect(c.point, given, f)
		if (len(got) > 0) != c.refused {
			t.Errorf("%s at %s, %q: %+v", c.item, c.point, c.value, got)
		}
		if c.refused && len(got) > 0 && (got[0].Code != policy.NeverCollected || strings.Contains(got[0].Text, "1111") || got[0].Clause != "A-063") {
			t.Errorf("%s: refused with %+v", c.item, got[0])
		}
	}
}

func TestAnAnswerThatGuardsAPasswordIsCheckedAndNeverRead(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	for _, name := range []string{"account.password", "account.answer"} {
		it, err := p.Item(name)
		if err != nil {
			t.Fatal(err)
		}
		if it.Type != "secret" {
			t.Errorf("%s can be read: it is of the type %s", name, it.Type)
		}
	}
}

func TestACookieServesItsOwnPurposes(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	f := customer(t, p, "advertising", "preferences", "personalisation", "association")
	want := map[string]string{
		"cookie.sign-in": "sign-in security", "shop.cart": "cart", "shop.preferences": "preferences personalisation", "cookie.advert": "advertising",
	}
	for name, purposes := range want {
		for _, u := range p.Purposes() {
			if u.Serves != policy.ServesService {
				continue
			}
			use := &policy.Use{Items: []policy.ItemNo{item(t, p, name)}, Purpose: u.No, Ref: policy.Ref{Kind: policy.RefCase, ID: "7"}}
			if got := p.Decide(use, f).Allowed; got != slices.Contains(strings.Fields(purposes), u.Name) {
				t.Errorf("%s for %s: allowed %v", name, u.Name, got)
			}
		}
	}
	// The advertising cookie waits for a yes, and the sign-in cookie for none.
	f = customer(t, p)
	for name, purposeName := range map[string]string{"cookie.advert": "advertising", "cookie.sign-in": "sign-in"} {
		use := &policy.Use{Items: []policy.ItemNo{item(t, p, name)}, Purpose: purpose(t, p, purposeName).No}
		if got := p.Decide(use, f).Allowed; got != (purposeName == "sign-in") {
			t.Errorf("%s without a yes: allowed %v", name, got)
		}
	}
}

func TestAPartnerGetsFourKindsOfDataForAServiceThatWasAskedFor(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	r, err := p.Recipient("partners")
	if err != nil {
		t.Fatal(err)
	}
	order := policy.Ref{Kind: policy.RefOrder, ID: "A-17"}
	for _, c := range []struct {
		purpose, item string
		ref           policy.Ref
		want          bool
	}{
		{"partner-service", "order.history", order, true},
		{"partner-service", "account.login", order, true},
		{"partner-service", "device.os", order, true},
		{"partner-service", "location.itinerary", order, true},
		{"partner-service", "order.history", policy.Ref{}, false}, // for no service that anybody asked for
		{"partner-service", "account.nickname", order, false},
		{"partner-service", "profile.phone", order, false},
		{"advertising", "records.pages", order, false},
		{"orders", "order.history", order, false}, // another purpose
	} {
		f := customer(t, p, "advertising", "location-service")
		u := &policy.Use{Items: []policy.ItemNo{item(t, p, c.item)}, Purpose: purpose(t, p, c.purpose).No, Recipient: r.No, Scenario: policy.Contracted, Ref: c.ref, Necessity: "the service asked for", Packed: true}
		f.Shared.Add(r.No)
		f.Backings = []policy.Backing{{Need: policy.NeedCertificate}}
		if d := p.Decide(u, f); d.Allowed != c.want {
			t.Errorf("%s for %s: allowed %v, %+v", c.item, c.purpose, d.Allowed, d.Reasons)
		}
		if u.Packed = false; c.want && p.ItemBy(u.Items[0]).Sensitive && p.Decide(u, f).Allowed {
			t.Errorf("%s is sensitive and goes out otherwise than sealed", c.item)
		}
		u.Packed = true
		if f.Agreements = (policy.RecipientSet{}); p.Decide(u, f).Allowed {
			t.Errorf("%s goes out without a signed agreement", c.item)
		}
	}
}

func TestTheMallSellsNothing(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	f := customer(t, p)
	for _, r := range p.Recipients() {
		f.Shared.Add(r.No)
		f.Abroad.Add(r.No)
		for _, no := range r.Purposes {
			u := &policy.Use{Items: r.Items[:1], Purpose: no, Recipient: r.No, Scenario: policy.Sale, Ref: policy.Ref{Kind: policy.RefCase, ID: "7"}}
			if p.Decide(u, f).Allowed {
				t.Errorf("data is sold to %s", r.Name)
			}
		}
	}
}

func TestOtherPeoplesContactsTakeAYesOfTheirOwn(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	given := []policy.Given{{Item: "contacts.book", Value: "Wang, wang@mail.example", Voluntary: true}}
	if got := p.Collect("contacts", given, customer(t, p)); len(got) == 0 {
		t.Error("an address book comes in without consent")
	}
	if got := p.Collect("contacts", given, customer(t, p, "address-book")); len(got) > 0 {
		t.Errorf("with consent: %+v", got)
	}
	if got := p.Collect("registration", given, customer(t, p, "address-book")); len(got) == 0 {
		t.Error("an address book comes in where nobody asked for it")
	}
}

func TestAQuestionToTheMallIsAnsweredInTwoDays(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	received := time.Date(2026, 2, 13, 10, 0, 0, 0, time.UTC) // the Friday before Spring Festival
	for _, kind := range []policy.RightKind{policy.Complaint, policy.Explanation} {
		c, err := p.Due(kind, received)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Reply.At.Sub(received); got != 48*time.Hour || c.Reply.Assumed {
			t.Errorf("%s is answered after %v, assumed %v", kind, got, c.Reply.Assumed)
		}
	}
}

func TestTheDatesOfTheApsgoTextAreThree(t *testing.T) {
	p, _ := load(t, "apsgo.yaml")
	got := []string{p.Updated().Format(time.DateOnly), p.Effective().Format(time.DateOnly), p.Published().Format(time.DateOnly)}
	if diff := cmp.Diff([]string{"2015-08-20", "2021-11-01", "2022-03-07"}, got); diff != "" {
		t.Error(diff)
	}
}
