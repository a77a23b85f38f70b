package policies_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// codes counts the findings of a pack.
func codes(t *testing.T, name string) map[string]int {
	t.Helper()
	_, all := load(t, name)
	got := map[string]int{}
	for _, f := range all {
		got[f.Code]++
	}
	return got
}

func wantCodes(t *testing.T, name string, want map[string]int) {
	t.Helper()
	got := codes(t, name)
	for code, n := range want {
		if got[code] != n {
			t.Errorf("%s: %s is found %d times, want %d", name, code, got[code], n)
		}
		delete(got, code)
	}
	if len(got) > 0 {
		t.Errorf("%s: findings nobody expects: %v", name, got)
	}
}

func TestTheLintNamesTheDefectsOfTheBuygogoText(t *testing.T) {
	wantCodes(t, "buygogo.yaml", map[string]int{
		"date.missing": 1, "consent.by-use": 1, "law.silent": 1, "controller.no-address": 1,
	})
}

// clauses checks that a pack has the promises from 001 to last, each once, in
// both languages, in its own words and kept by something.
func clauses(t *testing.T, pack, letter string, last int) {
	t.Helper()
	p, _ := load(t, pack)
	quotes := published(t)
	got := map[string]bool{}
	for _, c := range p.Clauses() {
		got[c.ID] = true
		if len(c.Keeps) == 0 {
			t.Errorf("%s is kept by nothing", c.ID)
		}
		if len(c.About) == 0 {
			t.Errorf("%s is about nothing", c.ID)
		}
		if quote := quotes[c.ID]; len(strings.Fields(quote)) > 4 && strings.Contains(strings.ToLower(c.Says.In("en")), strings.ToLower(quote)) {
			t.Errorf("%s repeats the text", c.ID)
		}
		if en, zh := c.Says.In("en"), c.Says.In("zh-CN"); en == zh || !strings.HasSuffix(en, ".") || !strings.HasSuffix(zh, "。") {
			t.Errorf("%s is not a whole sentence in both languages", c.ID)
		}
	}
	for i := range last {
		if id := fmt.Sprintf("%s-%03d", letter, i+1); !got[id] {
			t.Errorf("%s is no clause of %s", id, pack)
		}
	}
	if len(got) != last {
		t.Errorf("%s has %d clauses, the text %d promises", pack, len(got), last)
	}
	for id := range quotes {
		if strings.HasPrefix(id, letter+"-") && !got[id] {
			t.Errorf("%s is promised and no clause of %s", id, pack)
		}
	}
}

// published are the words of the published texts by promise, none where the
// list is not here.
func published(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	file, err := os.Open("../../shared/promises/promises.tsv")
	if err != nil {
		t.Log("the list of promises is not here: clauses are only counted")
		return out
	}
	defer file.Close()
	for s := bufio.NewScanner(file); s.Scan(); {
		if f := strings.Split(s.Text(), "\t"); len(f) > 3 {
			out[f[0]] = f[2]
		}
	}
	return out
}

func TestEveryPromiseOfBuygogoIsAClause(t *testing.T) { clauses(t, "buygogo.yaml", "B", 103) }

func TestEveryPromiseOfExampleCompanyIsAClause(t *testing.T) {
	clauses(t, "example-company.yaml", "E", 89)
}

// customer is somebody with an account who agreed to what is named.
func customer(t *testing.T, p *policy.Policy, purposes ...string) *policy.Facts {
	t.Helper()
	f := &policy.Facts{Accepted: true, Account: policy.AccountOpen}
	for _, r := range p.Recipients() {
		f.Agreements.Add(r.No)
	}
	for _, name := range purposes {
		u := purpose(t, p, name)
		f.Consents.Add(u.No)
		f.Explicit.Add(u.No)
	}
	return f
}

func purpose(t *testing.T, p *policy.Policy, name string) *policy.Purpose {
	t.Helper()
	u, err := p.Purpose(name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func item(t *testing.T, p *policy.Policy, name string) policy.ItemNo {
	t.Helper()
	i, err := p.Item(name)
	if err != nil {
		t.Fatal(err)
	}
	return i.No
}

func TestDeviceIdentifiersServeStatisticsAndNothingElse(t *testing.T) {
	p, _ := load(t, "buygogo.yaml")
	everything := make([]string, 0, len(p.Purposes()))
	for _, u := range p.Purposes() {
		everything = append(everything, u.Name)
	}
	f := customer(t, p, everything...)
	for _, name := range []string{"device.imei", "device.android-id", "device.device-id", "device.oaid"} {
		for _, u := range p.Purposes() {
			if u.Serves != policy.ServesService || u.Aggregate {
				continue
			}
			use := &policy.Use{Items: []policy.ItemNo{item(t, p, name)}, Purpose: u.No, Ref: policy.Ref{Kind: policy.RefCase, ID: "7"}}
			if got := p.Decide(use, f).Allowed; got != (u.Name == "statistics") {
				t.Errorf("%s for %s: allowed %v", name, u.Name, got)
			}
		}
	}
}

func TestEachRecipientOfAnOrderGetsItsPart(t *testing.T) {
	p, _ := load(t, "buygogo.yaml")
	order := policy.Ref{Kind: policy.RefOrder, ID: "A-17"}
	for _, c := range []struct {
		recipient, purpose, item string
		want                     bool
	}{
		{"payment-institution", "payment", "payment.card", true},
		{"payment-institution", "payment", "account.name", false},
		{"carrier", "delivery", "delivery.address", true},
		{"carrier", "delivery", "payment.card", false},
		{"carrier", "marketing", "account.phone", false},
		{"push-service", "marketing", "device.push-token", true},
		{"push-service", "marketing", "account.email", false},
		{"seller", "delivery", "delivery.address", false}, // decides for itself, and nobody agreed to it
	} {
		r, err := p.Recipient(c.recipient)
		if err != nil {
			t.Fatal(err)
		}
		u := &policy.Use{Items: []policy.ItemNo{item(t, p, c.item)}, Purpose: purpose(t, p, c.purpose).No, Recipient: r.No, Ref: order}
		f := customer(t, p, "marketing")
		if d := p.Decide(u, f); d.Allowed != c.want {
			t.Errorf("%s gets %s for %s: allowed %v, %+v", c.recipient, c.item, c.purpose, d.Allowed, d.Reasons)
		}
		f.Backings = []policy.Backing{{Need: policy.NeedOrder, Recipient: r.No, Ref: order.ID}}
		if f.Shared.Add(r.No); c.recipient == "seller" && !p.Decide(u, f).Allowed {
			t.Error("the seller gets no address although the person agreed to it")
		}
	}
}

func TestACardNumberIsRefusedWhereItDoesNotBelong(t *testing.T) {
	p, _ := load(t, "buygogo.yaml")
	f := customer(t, p, "identity-check")
	const card, id = "4111 1111 1111 1111", "11010519491231002X"
	for _, c := range []struct {
		point, item, value string
		refused            bool
	}{
		{"support", "support.message", "My card is " + card, true},
		{"support", "support.message", "The parcel came open.", false},
		{"order", "payment.card", card, false},
		{"order", "delivery.address", "Room 1\n" + id, true},
		{"order", "identity.card-number", id, false},
	} {
		got := p.Collect(c.point, []policy.Given{{Item: c.item, Value: c.value, Voluntary: true}}, f)
		if (len(got) > 0) != c.refused {
			t.Errorf("%s at %s: %+v", c.item, c.point, got)
		}
	}
}

func TestNobodyUnder18ShopsWithoutAGuardian(t *testing.T) {
	p, _ := load(t, "buygogo.yaml")
	f := customer(t, p, "marketing")
	f.Age = policy.AgeMinor
	u := &policy.Use{Items: []policy.ItemNo{item(t, p, "order.history")}, Purpose: purpose(t, p, "orders").No, Ref: policy.Ref{Kind: policy.RefOrder, ID: "A-17"}}
	if p.Decide(u, f).Allowed {
		t.Error("an order of a minor is handled without a guardian's consent")
	}
	f.Guardian = true
	if d := p.Decide(u, f); !d.Allowed {
		t.Errorf("with the guardian's consent: %+v", d.Reasons)
	}
	u = &policy.Use{Items: []policy.ItemNo{item(t, p, "account.email")}, Purpose: purpose(t, p, "marketing").No}
	if p.Decide(u, f).Allowed {
		t.Error("a minor gets advertising")
	}
}

func TestAnObjectionEndsPersonalisation(t *testing.T) {
	p, _ := load(t, "example-company.yaml")
	f := customer(t, p)
	for _, name := range []string{"personalisation", "marketing", "analysis"} {
		u := purpose(t, p, name)
		i := item(t, p, map[string]string{"personalisation": "usage.clicks", "marketing": "account.email", "analysis": "transaction.history"}[name])
		use := &policy.Use{Items: []policy.ItemNo{i}, Purpose: u.No}
		if d := p.Decide(use, f); !d.Allowed {
			t.Errorf("%s rests on an interest: %+v", name, d.Reasons)
		}
		if f.Objected.Add(u.No); p.Decide(use, f).Allowed {
			t.Errorf("%s goes on after an objection", name)
		}
	}
	// Word about a purchase goes on.
	use := &policy.Use{Items: []policy.ItemNo{item(t, p, "account.email")}, Purpose: purpose(t, p, "notifications").No, Ref: policy.Ref{Kind: policy.RefOrder, ID: "A-17"}}
	if d := p.Decide(use, f); !d.Allowed {
		t.Errorf("notifications stopped with the advertising: %+v", d.Reasons)
	}
}

func TestExactPlacesAreRefusedWhoeverSendsThem(t *testing.T) {
	p, _ := load(t, "example-company.yaml")
	f := customer(t, p)
	const place = "I am at 39.9042, 116.4074 now"
	got := p.Collect("messages", []policy.Given{{Item: "communication.feedback", Value: place}}, f)
	if len(got) != 1 || got[0].Code != policy.NeverCollected || got[0].Clause != "E-014" {
		t.Errorf("%+v", got)
	}
	if got := p.Collect("messages", []policy.Given{{Item: "communication.feedback", Value: "All well."}}, f); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestAnEditOfAPackChangesWhatIsKeptHowLong(t *testing.T) {
	src, err := policies.Files.ReadFile("buygogo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(src), "  visits:\n    title: {en: Thirty days, zh-CN: 三十日}\n    for: P30D\n", "  visits:\n    title: {en: Thirty days, zh-CN: 三十日}\n    for: P7D\n", 1)
	if edited == string(src) {
		t.Fatal("the pack has no such class")
	}
	p, _, err := policy.Load("buygogo.yaml", []byte(edited), nil)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := load(t, "buygogo.yaml")
	for _, c := range before.Classes() {
		now := p.ClassBy(c.No)
		if changed := now.For != c.For; changed != (c.Name == "visits") {
			t.Errorf("%s: %v, was %v", c.Name, now.For, c.For)
		}
	}
	if p.Version() == before.Version() {
		t.Error("the edited policy has the version of the old one")
	}
}
