package centre_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func TestEveryPageInBothLanguagesIsSound(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	for _, lang := range []string{"en", "zh-CN"} {
		r := s.reader(lang)
		for _, path := range []string{"", "clauses", "versions", "sign-in", "sign-in/code?at=x", "delete-account"} {
			r.get("/" + one + "/" + path).is(http.StatusOK).check(lang)
		}
		r.signIn(one, lin).check(lang)
		asked := r.post("/"+one+"/me/download", "x", "").is(http.StatusOK)
		asked.check(lang)
		for _, path := range []string{
			"", "me", "me/correct?item=account.nickname", "me/choices", "me/download", "me/erase", "me/requests", "me/receipts", "me/activity",
		} {
			r.get("/" + one + "/" + path).is(http.StatusOK).check(lang)
		}
		r.post("/"+one+"/me/erase", "what", "everything").is(http.StatusUnprocessableEntity).check(lang)
		r.post("/"+one+"/me/correct", "item", "account.nickname", "value", "").is(http.StatusUnprocessableEntity).check(lang)
		r.post(asked.path+"/take-back", "x", "").is(http.StatusOK).check(lang)
		stranger := s.reader(lang)
		stranger.signIn(one, "stranger-"+strings.ToLower(lang)+"@example.cn").check(lang)
		s.reader(lang).post("/"+one+"/sign-in", "address", "no address").is(http.StatusUnprocessableEntity).check(lang)
	}
}

func TestAKnownAndAnUnknownAddressCannotBeToldApart(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	var bodies [3]string
	for i, address := range []string{lin, "nobody@example.cn", refused} {
		r := s.reader("en")
		before := len(s.mail.Messages())
		p := r.post("/"+one+"/sign-in", "address", address).is(http.StatusOK)
		if address != refused && (len(s.mail.Messages()) != before+1 || s.mail.Messages()[0].To.Reveal() != address) {
			t.Errorf("no code was sent to the %d. address", i+1)
		}
		p.lacks(address)
		bodies[i] = strings.ReplaceAll(p.text, p.hidden("at"), "AT")
		wrong := r.post("/"+one+"/sign-in/code", "at", p.hidden("at"), "code", "000000")
		bodies[i] += strings.ReplaceAll(wrong.is(http.StatusUnprocessableEntity).text, p.hidden("at"), "AT")
	}
	if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
		t.Error("the pages for a known, an unknown and a refused address differ")
	}
}

func TestWhoIsUnknownSeesThatNothingIsHeld(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, "nobody@example.cn").says("Nothing is held").lacks(nick)
	for _, path := range []string{"me", "me/choices", "me/erase", "me/requests", "me/activity", "me/data.json", "me/data.csv"} {
		r.get("/"+one+"/"+path).is(http.StatusOK).says("Nothing is held").lacks(nick, lin)
	}
	r.post("/"+one+"/me/erase", "what", "everything", "sure", "yes").says("Nothing is held")
}

func TestAPersonOfOnePlatformIsNobodyOnAnother(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.register(two, lin, "another name")
	r := s.reader("en")
	r.signIn(one, lin).says(nick)
	for _, path := range []string{"me", "me/choices", "me/download", "me/data.json", "me/data.csv", "me/erase", "me/activity", "me/requests", "me/receipts", "me/correct?item=account.nickname"} {
		p := r.get("/" + two + "/" + path)
		if p.path != "/"+two+"/sign-in" {
			t.Errorf("%s answered at %s", path, p.path)
		}
		p.lacks("another name", nick)
	}
	for _, path := range []string{"me/erase", "me/correct", "me/choices", "me/download"} {
		if p := r.post("/"+two+"/"+path, "what", "everything", "sure", "yes", "item", "account.nickname", "value", "x"); p.path != "/"+two+"/sign-in" {
			t.Errorf("posting to %s answered at %s", path, p.path)
		}
	}
	p := r.post("/"+two+"/sign-in", "address", lin).is(http.StatusOK)
	r.post("/"+one+"/sign-in/code", "at", p.hidden("at"), "code", s.code()).is(http.StatusUnprocessableEntity)
}

func TestARequestOfSomebodyElseIsNotThere(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.register(one, mei, "Mei")
	his, hers := s.reader("en"), s.reader("en")
	his.signIn(one, lin)
	hers.signIn(one, mei).lacks(nick)
	path := his.post("/"+one+"/me/erase", "what", "everything", "sure", "yes").is(http.StatusOK).path
	for _, tail := range []string{"", "/receipt.json", "/package.zip"} {
		hers.get(path + tail).is(http.StatusNotFound)
	}
	hers.post(path+"/take-back", "x", "").is(http.StatusNotFound)
	his.get(path).is(http.StatusOK)
}

func TestPeopleSeeTheirValuesAndWhoLooked(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	ref, err := policy.ParseRef("ticket:T-1")
	s.must(err)
	a, err := s.platform(one).Use(t.Context(), avow.Use{
		Subject: sub, Items: []string{"account.phone"}, Purpose: "support", Ref: ref, By: avow.Actor{Role: "support", ID: "stf_1"},
	})
	s.must(err)
	if !a.Decision.Allowed {
		t.Fatal(a.Decision.Reasons)
	}
	r := s.reader("en")
	r.signIn(one, lin).says(nick, lin, "+8613912345678", "E-mail address", "As long as you have the account", "Support", "Helping you")
	r.get("/"+one+"/me/activity").says("Your data was used", "Support", "Helping you", "You looked at your data").lacks("stf_1", lin)
}

func TestEveryLookLeavesAnEntry(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	before := s.entries(sub)
	for _, path := range []string{"me", "me/data.json", "me/data.csv"} {
		r.get("/" + one + "/" + path).is(http.StatusOK)
		if now := s.entries(sub); now != before+1 {
			t.Errorf("%s left %d entries", path, now-before)
		} else {
			before = now
		}
	}
}

func (s *site) entries(sub subject.ID) int {
	s.Helper()
	list, err := s.platform(one).History(s.Context(), sub, 500)
	s.must(err)
	return len(list)
}

func TestACorrectionHoldsAtOnce(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	p := r.post("/"+one+"/me/correct", "item", "account.nickname", "value", "溪水").is(http.StatusOK)
	p.says("溪水", "Saved")
	p.lacks(nick)
	for _, item := range []string{"account.email", "account.phone", "account.password", "order.history"} {
		r.post("/"+one+"/me/correct", "item", item, "value", "x@y.example").is(http.StatusUnprocessableEntity)
	}
}

func TestAWithdrawalStopsTheNextUse(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	use := avow.Use{Subject: sub, Items: []string{"account.email"}, Purpose: "push"}
	for _, step := range []struct {
		say     string
		allowed bool
	}{{"yes", true}, {"no", false}} {
		r.post("/"+one+"/me/choices", "kind", "consent", "name", "push", "say", step.say).is(http.StatusOK).says("Saved")
		d, err := s.platform(one).Use(t.Context(), use)
		s.must(err)
		if d.Decision.Allowed != step.allowed {
			t.Errorf("after %s the use was allowed: %v", step.say, d.Decision.Allowed)
		}
	}
	r.get("/"+one+"/me/choices").says("Agreed", "Took consent back")
	r.post("/"+one+"/me/choices", "kind", "consent", "name", "nothing-such", "say", "yes").is(http.StatusNotFound)
	r.post("/"+one+"/me/choices", "kind", "hold", "name", "push", "say", "yes").is(http.StatusUnprocessableEntity)
}

func TestDataCanBeTakenAlong(t *testing.T) {
	s := open(t)
	s.register(one, lin, "=SUM(A1)")
	r := s.reader("en")
	r.signIn(one, lin)
	p := r.get("/" + one + "/me/data.json").is(http.StatusOK)
	var got struct {
		Values []struct{ Item, Value string }
	}
	s.must(json.Unmarshal([]byte(p.text), &got))
	if len(got.Values) != 3 || !strings.Contains(p.header.Get("Content-Disposition"), "attachment") || p.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d values, %v", len(got.Values), p.header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.get("/"+one+"/me/data.csv").text, "\ufeff"))).ReadAll()
	s.must(err)
	for _, row := range rows[1:] {
		if row[0] == "account.nickname" && row[4] != "'=SUM(A1)" || row[0] == "account.phone" && row[4] != "+8613912345678" {
			t.Errorf("the table has %q", row[4])
		}
	}
}

// carry takes a request through the console's part: plan by one, approve by
// another, run.
func (s *site) carry(id rights.ID) {
	s.Helper()
	p, ctx := s.platform(one), s.Context()
	role, err := p.Policy().Role("privacy-officer")
	s.must(err)
	first, second := gate.Actor{Role: role.No, ID: "stf_1"}, gate.Actor{Role: role.No, ID: "stf_2"}
	_, err = p.Requests().Survey(ctx, id, first)
	s.must(err)
	made, err := p.Requests().Plan(ctx, id, first)
	s.must(err)
	s.must(p.Requests().Approve(ctx, id, made.Hash, second))
	s.must(p.Requests().Run(ctx, id, second))
	s.must(p.WorkUntil(ctx, id, func(int, int) {}))
}

func TestAPackageIsAskedForFollowedAndFetched(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	p := r.post("/"+one+"/me/download", "x", "").is(http.StatusOK).says("A copy of everything", "We have your request", "It is you", "days left")
	if again := r.post("/"+one+"/me/download", "x", ""); again.path != p.path {
		t.Error("asking twice made two requests")
	}
	if mail := s.mail.Messages()[0]; !strings.Contains(mail.Body, p.path) || mail.To.Reveal() != lin {
		t.Errorf("the mail says %s", mail.Body)
	}
	r.get(p.path + "/package.zip").is(http.StatusConflict)
	s.carry(rights.ID(p.path[strings.LastIndex(p.path, "/")+1:]))
	r.get(p.path).says("Your package is ready").check("en")
	zip := r.get(p.path + "/package.zip").is(http.StatusOK)
	if !strings.HasPrefix(zip.text, "PK") || zip.header.Get("Content-Type") != "application/zip" {
		t.Error("the package is no zip file")
	}
	r.get(p.path).says("Done", "Receipt")
}

func TestErasureLeavesNothingButAReceipt(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	r.post("/"+one+"/me/erase", "what", "everything").is(http.StatusUnprocessableEntity).says("tick the box")
	r.post("/"+one+"/me/erase", "what", "item:no.such", "sure", "yes").is(http.StatusNotFound)
	p := r.post("/"+one+"/me/erase", "what", "everything", "sure", "yes").is(http.StatusOK).says("Erasure", "everything")
	s.carry(rights.ID(p.path[strings.LastIndex(p.path, "/")+1:]))
	r.get("/"+one+"/me").says("Nothing is held", "receipt").lacks(nick, lin)
	r.get(p.path).says("It is erased, and searched for again", "Done").check("en")
	r.get("/" + one + "/me/receipts").is(http.StatusOK).says("Erasure").check("en")
	receipt := r.get(p.path + "/receipt.json").is(http.StatusOK)
	if _, err := plan.VerifyReceipt([]byte(receipt.text), s.platform(one).Log().Key()); err != nil {
		t.Error(err)
	}
	receipt.lacks(nick, lin)
	r.post("/"+one+"/sign-out", "x", "").is(http.StatusOK).says("You are signed out")
	if p := r.get("/" + one + "/me"); p.path != "/"+one+"/sign-in" {
		t.Errorf("after signing out %s is shown", p.path)
	}
	s.reader("en").signIn(one, lin).says("Nothing is held").lacks(nick)
}

func TestClosingTheAccountEndsChoicesAndAsksForErasure(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	if p := r.get("/"+one+"/delete-account").is(http.StatusOK).says("Delete my account", "755-36382938"); p.path != "/"+one+"/delete-account" {
		t.Errorf("signed out, it led to %s", p.path)
	}
	r.signIn(one, lin)
	if p := r.get("/" + one + "/delete-account"); p.path != "/"+one+"/me/erase" {
		t.Errorf("signed in, it led to %s", p.path)
	}
	r.post("/"+one+"/me/erase", "what", "account", "sure", "yes").is(http.StatusOK).says("Erasure")
	state, err := s.platform(one).StateOf(t.Context(), sub)
	s.must(err)
	if state != subject.Closed {
		t.Errorf("the account is %s", state)
	}
	r.get("/" + one + "/me/choices").is(http.StatusOK).says("Your account is closed").check("en")
	r.get("/"+one+"/me").is(http.StatusOK).says(nick, "Your account is closed").check("en")
}

func TestAPostFromAnotherSiteDoesNothing(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/"+one+"/me/erase", strings.NewReader("what=everything&sure=yes"))
	s.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := r.client.Do(req)
	s.must(err)
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
	r.get("/" + one + "/me/requests").says("You have not asked for anything yet")
}

func TestThePolicyIsThereForPeopleAndMachines(t *testing.T) {
	s := open(t)
	r := s.reader("zh-CN")
	r.get("/"+one+"/").says("隐私政策", "电子邮箱", "深圳市高斯贝尔家居智能电子有限公司")
	r.get("/"+one+"/clauses").says("C-010", "在您同意之前")
	var doc struct {
		Platform string
		Data     []any
	}
	s.must(json.Unmarshal([]byte(r.get("/"+one+"/policy.json").text), &doc))
	if doc.Platform != one || len(doc.Data) == 0 {
		t.Error("policy.json says nothing")
	}
	if md := r.get("/" + one + "/policy.md"); !strings.HasPrefix(md.text, "# ") || !strings.HasPrefix(md.header.Get("Content-Type"), "text/markdown") {
		t.Error("policy.md is no Markdown")
	}
	r.get("/" + one + "/no-such-page").is(http.StatusNotFound)
}

func TestASignInLeadsOnlyIntoTheCentre(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	for next, want := range map[string]string{"choices": "/me/choices", "//evil.example": "/me", "https://evil.example": "/me", "../../x": "/me"} {
		r := s.reader("en")
		s.clock.Add(11 * time.Minute)
		p := r.post("/"+one+"/sign-in", "address", lin, "next", next).is(http.StatusOK)
		if got := r.post("/"+one+"/sign-in/code", "at", p.hidden("at"), "next", next, "code", s.code()); got.path != "/"+one+want {
			t.Errorf("%s led to %s", next, got.path)
		}
	}
}

func TestThePageOfSomebodyWithEveryKindOfDataIsSmall(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	p := s.platform(one)
	for _, u := range p.Policy().Purposes() {
		if u.Basis == policy.Consent {
			s.must(p.Choose(t.Context(), sub, avow.Choice{Kind: "consent", Purpose: u.Name, Given: true, Explicit: true, Channel: "app"}))
		}
	}
	held := 3
	for _, i := range p.Policy().Items() {
		for n := range 5 {
			if n > 0 && !i.List || i.Identifier == "email" || i.Name == "account.nickname" || i.Name == "account.phone" {
				continue
			}
			given := policy.Given{Item: i.Name, Value: sample(i.Type), Voluntary: true}
			refusals, err := p.Collect(t.Context(), sub, i.At[0], []policy.Given{given}, avow.Actor{})
			s.must(err)
			if len(refusals) > 0 {
				t.Fatal(i.Name, refusals[0].Text)
			}
			held++
		}
	}
	for _, lang := range []string{"en", "zh-CN"} {
		r := s.reader(lang)
		me := r.signIn(one, lin)
		me.check(lang)
		t.Logf("%d values: the page has %d bytes", held, len(me.text))
	}
}

// sample is a value of a type.
func sample(typ string) string {
	switch typ {
	case "imei":
		return "490154203237518"
	case "imsi":
		return "460001234567890"
	case "mac":
		return "00:1b:44:11:3a:b7"
	case "ip":
		return "203.0.113.7"
	case "country":
		return "CN"
	case "device-id", "account-id", "reference":
		return "9774d56d682e549c"
	case "name":
		return "林小溪的名字"
	}
	return "something that is kept under this item"
}
