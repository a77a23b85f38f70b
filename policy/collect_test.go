package policy

import (
	"slices"
	"strings"
	"testing"
)

func customer(p *Policy) *Facts {
	f := &Facts{Accepted: true, Account: AccountOpen}
	for _, u := range p.Purposes() {
		if u.Basis == Consent {
			f.Consents.Add(u.No)
			f.Explicit.Add(u.No)
		}
	}
	return f
}

func refusalCodes(rs []Refusal) string {
	var codes []string
	for _, r := range rs {
		codes = append(codes, strings.TrimPrefix(r.Item+" ", " ")+string(r.Code))
	}
	return strings.Join(codes, ", ")
}

func TestWhatMayComeInComesIn(t *testing.T) {
	p := compile(t, base(t))
	rs := p.Collect("registration", []Given{
		{Item: "account.email", Value: "Zoë@Exämple-shop.de", Origin: FromPerson},
		{Item: "account.phone", Value: "030 901820"},
		{Item: "account.password", Value: "correct horse"},
		{Item: "eye.sight", Value: "-2.5", Voluntary: true},
	}, customer(p))
	if rs != nil {
		t.Errorf("refused: %+v", rs)
	}
	if rs := p.Collect("order", []Given{{Item: "order.history", Value: "lamp"}, {Item: "order.history", Value: "bulb"}}, customer(p)); rs != nil {
		t.Errorf("two orders are refused: %+v", rs)
	}
}

func TestTheDoorNamesEverythingThatIsWrong(t *testing.T) {
	p := compile(t, base(t))
	open := func(change func(*Facts)) *Facts {
		f := customer(p)
		change(f)
		return f
	}
	fit, _ := p.Purpose("fit")
	safety, _ := p.Purpose("safety")
	for _, c := range []struct {
		name, point string
		given       []Given
		facts       *Facts
		want        string
	}{
		{"undeclared, near", "registration", []Given{{Item: "acount.email", Value: "a@b.de"}}, customer(p), "acount.email item.undeclared"},
		{"ill-formed name", "registration", []Given{{Item: "E Mail", Value: "a@b.de"}}, customer(p), "item.undeclared"},
		{"wrong point", "order", []Given{{Item: "account.email", Value: "a@b.de"}}, customer(p), "account.email item.point"},
		{"unknown point", "beacon", []Given{{Item: "account.email", Value: "a@b.de"}}, customer(p), "point.undeclared"},
		{"wrong origin", "browse", []Given{{Item: "net.ip", Value: "192.0.2.1", Origin: FromOthers}}, customer(p), "net.ip item.origin"},
		{"not voluntary", "registration", []Given{{Item: "eye.sight", Value: "-2"}}, customer(p), "eye.sight item.not-voluntary"},
		{"wrong type", "registration", []Given{{Item: "account.email", Value: "a@b"}}, customer(p), "account.email value.type"},
		{"empty", "registration", []Given{{Item: "account.email", Value: " "}}, customer(p), "account.email value.type"},
		{"twice", "registration", []Given{{Item: "account.email", Value: "a@b.de"}, {Item: "account.email", Value: "c@d.de"}}, customer(p), "account.email item.twice"},
		{"card in a free text", "order", []Given{{Item: "order.history", Value: "lamp, paid with 4111 1111-1111 1111, thanks"}}, customer(p), "order.history value.never"},
		{"card in full-width digits", "order", []Given{{Item: "order.history", Value: "５５５５５５５５５５５５４４４４"}}, customer(p), "order.history value.never"},
		{"no consent yet", "registration", []Given{{Item: "eye.sight", Value: "-2", Voluntary: true}}, open(func(f *Facts) { f.Consents.Remove(fit.No) }), "eye.sight ground.none"},
		{"nobody accepted", "registration", []Given{{Item: "account.phone", Value: "+49 30 901820"}}, &Facts{}, "account.phone ground.none"},
		{"objected", "browse", []Given{{Item: "net.ip", Value: "192.0.2.1"}}, open(func(f *Facts) { f.Objected.Add(safety.No) }), "net.ip ground.none"},
		{"suppressed", "registration", nil, open(func(f *Facts) { f.Suppressed = true }), "person.suppressed"},
		{"restricted", "registration", nil, open(func(f *Facts) { f.Restricted = true }), "restricted"},
		{"erasing", "registration", []Given{{Item: "account.phone", Value: "+49 30 901820"}}, open(func(f *Facts) { f.Account = AccountErasing }), "account.ended, account.phone ground.none"},
		{"minor", "registration", nil, open(func(f *Facts) { f.Age = AgeMinor }), "minor.no-guardian"},
		{"child", "registration", nil, open(func(f *Facts) { f.Age = AgeChild }), "minor.refused"},
		{"all at once", "order", []Given{{Item: "eye.sight", Value: "4111111111111111", Origin: FromDevice}}, nil, "eye.sight item.point, eye.sight item.origin, eye.sight item.not-voluntary, eye.sight value.never, eye.sight ground.none"},
	} {
		got := p.Collect(c.point, c.given, c.facts)
		if refusalCodes(got) != c.want {
			t.Errorf("%s: %s, want %s", c.name, refusalCodes(got), c.want)
		}
		for _, r := range got {
			if r.Pos.Line == 0 || r.Control == "" || r.Text == "" {
				t.Errorf("%s: a refusal without place, control or words: %+v", c.name, r)
			}
		}
	}
}

func TestRefusalsTeach(t *testing.T) {
	p := compile(t, base(t))
	for item, hint := range map[string]string{"acount.email": `did you mean "account.email"?`, "shoe.size": "declare it"} {
		rs := p.Collect("registration", []Given{{Item: item, Value: "x"}}, customer(p))
		if len(rs) != 1 || !strings.Contains(rs[0].Text, hint) {
			t.Errorf("%s: %+v", item, rs)
		}
	}
	rs := p.Collect("order", []Given{{Item: "order.history", Value: "4111111111111111"}}, customer(p))
	if len(rs) != 1 || rs[0].Clause != "L-4" || rs[0].Control != CollectNever {
		t.Errorf("the clause about cards is not named: %+v", rs)
	}
	if got := p.Collect("order", []Given{{Item: "account.email", Value: "a@b.de"}}, customer(p)); got[0].Pos.Line == 0 || !strings.Contains(base(t), "account.email: {") {
		t.Errorf("no place: %+v", got)
	}
}

func TestNeverRulesCanBeExcepted(t *testing.T) {
	src := edit(t, base(t), "{pattern: payment-card,", "{pattern: payment-card, except: [order.history],")
	if rs := compile(t, src).Collect("order", []Given{{Item: "order.history", Value: "4111111111111111"}}, customer(compile(t, src))); rs != nil {
		t.Errorf("the excepted item is refused: %+v", rs)
	}
	src = edit(t, base(t), "{pattern: payment-card,", "{pattern: payment-card, except_at: [order],")
	if rs := compile(t, src).Collect("order", []Given{{Item: "order.history", Value: "4111111111111111"}}, customer(compile(t, src))); rs != nil {
		t.Errorf("the excepted point refuses: %+v", rs)
	}
}

func TestNumbersOfCardsAndPersonsAreFoundAnywhere(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		want           bool
	}{
		{"payment-card", "4111111111111111", true},
		{"payment-card", "my card: 6222-0210 0111 2223 336, or so", false}, // wrong check digit
		{"payment-card", "6200 0000 0000 0005", true},                      // UnionPay
		{"payment-card", "3782 822463 10005", true},                        // American Express
		{"payment-card", "3530.1113.3330.0000", true},                      // JCB
		{"payment-card", "2223000048400011", true},                         // Mastercard, new range
		{"payment-card", "4222222222222", true},                            // Visa of 13
		{"payment-card", "30569309025904 12/29", true},                     // Diners, with its date behind
		{"payment-card", "4111\u200b1111\u20111111\u00a01111", true},       // hidden separators
		{"payment-card", "٤١١١١١١١١١١١١١١١", true},                         // Arabic-Indic digits
		{"payment-card", "4111111111111112", false},
		{"payment-card", "490154203237518", false},              // an IMEI: right Luhn, no issuer
		{"payment-card", "order 20260301 4111111111111", false}, // wrong check digit of 13
		{"payment-card", "004111111111111111100", false},        // in the middle of a longer number
		{"payment-card", "+86 138 0013 8000", false},
		{"payment-card", "", false},
		{"cn-resident-id", "11010519491231002X", true},
		{"cn-resident-id", "id 110105 19491231 002x.", true},
		{"cn-resident-id", "110105194912310021", false},
		{"cn-resident-id", "110105194913310023", false}, // no such month
		{"shoe-size", "44", false},
	} {
		if got := contains(c.pattern, c.value); got != c.want {
			t.Errorf("contains(%s, %q) = %v", c.pattern, c.value, got)
		}
	}
}

func TestEveryCodeOfTheDoorIsDistinct(t *testing.T) {
	codes := []Code{PointUndeclared, ItemPoint, ItemOrigin, ItemTwice, NotVoluntary, NoGround, WrongType, NeverCollected, IsSuppressed}
	if len(slices.Compact(slices.Sorted(slices.Values(codes)))) != len(codes) {
		t.Error("two codes are equal")
	}
}
