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
	"github.com/avow-dev/avow/platform"
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
			r.Get("/" + one + "/" + path).Is(http.StatusOK).Check(lang)
		}
		r.signIn(one, lin).Check(lang)
		asked := r.Post("/"+one+"/me/download", "x", "").Is(http.StatusOK)
		asked.Check(lang)
		for _, path := range []string{
			"", "me", "me/correct?item=account.nickname", "me/choices", "me/download", "me/erase", "me/requests", "me/receipts", "me/activity",
		} {
			r.Get("/" + one + "/" + path).Is(http.StatusOK).Check(lang)
		}
		r.Post("/"+one+"/me/erase", "what", "everything").Is(http.StatusUnprocessableEntity).Check(lang)
		r.Post("/"+one+"/me/correct", "item", "account.nickname", "value", "").Is(http.StatusUnprocessableEntity).Check(lang)
		r.Post(asked.Path+"/take-back", "x", "").Is(http.StatusOK).Check(lang)
		stranger := s.reader(lang)
		stranger.signIn(one, "stranger-"+strings.ToLower(lang)+"@example.cn").Check(lang)
		s.reader(lang).Post("/"+one+"/sign-in", "address", "no address").Is(http.StatusUnprocessableEntity).Check(lang)
	}
}

func TestAKnownAndAnUnknownAddressCannotBeToldApart(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	var bodies [3]string
	for i, address := range []string{lin, "nobody@example.cn", refused} {
		r := s.reader("en")
		before := len(s.mail.Messages())
		p := r.Post("/"+one+"/sign-in", "address", address).Is(http.StatusOK)
		if address != refused && (len(s.mail.Messages()) != before+1 || s.mail.Messages()[0].To.Reveal() != address) {
			t.Errorf("no code was sent to the %d. address", i+1)
		}
		p.Lacks(address)
		bodies[i] = strings.ReplaceAll(p.Text, p.Hidden("at"), "AT")
		wrong := r.Post("/"+one+"/sign-in/code", "at", p.Hidden("at"), "code", "000000")
		bodies[i] += strings.ReplaceAll(wrong.Is(http.StatusUnprocessableEntity).Text, p.Hidden("at"), "AT")
	}
	if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
		t.Error("the pages for a known, an unknown and a refused address differ")
	}
}

func TestWhoIsUnknownSeesThatNothingIsHeld(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, "nobody@example.cn").Says("Nothing is held").Lacks(nick)
	for _, path := range []string{"me", "me/choices", "me/erase", "me/requests", "me/activity", "me/data.json", "me/data.csv"} {
		r.Get("/"+one+"/"+path).Is(http.StatusOK).Says("Nothing is held").Lacks(nick, lin)
	}
	r.Post("/"+one+"/me/erase", "what", "everything", "sure", "yes").Says("Nothing is held")
}

func TestAPersonOfOnePlatformIsNobodyOnAnother(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.register(two, lin, "another name")
	r := s.reader("en")
	r.signIn(one, lin).Says(nick)
	for _, path := range []string{"me", "me/choices", "me/download", "me/data.json", "me/data.csv", "me/erase", "me/activity", "me/requests", "me/receipts", "me/correct?item=account.nickname"} {
		p := r.Get("/" + two + "/" + path)
		if p.Path != "/"+two+"/sign-in" {
			t.Errorf("%s answered at %s", path, p.Path)
		}
		p.Lacks("another name", nick)
	}
	for _, path := range []string{"me/erase", "me/correct", "me/choices", "me/download"} {
		if p := r.Post("/"+two+"/"+path, "what", "everything", "sure", "yes", "item", "account.nickname", "value", "x"); p.Path != "/"+two+"/sign-in" {
			t.Errorf("posting to %s answered at %s", path, p.Path)
		}
	}
	p := r.Post("/"+two+"/sign-in", "address", lin).Is(http.StatusOK)
	r.Post("/"+one+"/sign-in/code", "at", p.Hidden("at"), "code", s.code()).Is(http.StatusUnprocessableEntity)
}

func TestARequestOfSomebodyElseIsNotThere(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.register(one, mei, "Mei")
	his, hers := s.reader("en"), s.reader("en")
	his.signIn(one, lin)
	hers.signIn(one, mei).Lacks(nick)
	path := his.Post("/"+one+"/me/erase", "what", "everything", "sure", "yes").Is(http.StatusOK).Path
	for _, tail := range []string{"", "/receipt.json", "/package.zip"} {
		hers.Get(path + tail).Is(http.StatusNotFound)
	}
	hers.Post(path+"/take-back", "x", "").Is(http.StatusNotFound)
	his.Get(path).Is(http.StatusOK)
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
	r.signIn(one, lin).Says(nick, lin, "+8613912345678", "E-mail address", "As long as you have the account", "Support", "Helping you")
	r.Get("/"+one+"/me/activity").Says("Your data was used", "Support", "Helping you", "You looked at your data").Lacks("stf_1", lin)
}

func TestEveryLookLeavesAnEntry(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	before := s.entries(sub)
	for _, path := range []string{"me", "me/data.json", "me/data.csv"} {
		r.Get("/" + one + "/" + path).Is(http.StatusOK)
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
	p := r.Post("/"+one+"/me/correct", "item", "account.nickname", "value", "溪水").Is(http.StatusOK)
	p.Says("溪水", "Saved")
	p.Lacks(nick)
	for _, item := range []string{"account.email", "account.phone", "account.password", "order.history"} {
		r.Post("/"+one+"/me/correct", "item", item, "value", "x@y.example").Is(http.StatusUnprocessableEntity)
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
		r.Post("/"+one+"/me/choices", "kind", "consent", "name", "push", "say", step.say).Is(http.StatusOK).Says("Saved")
		d, err := s.platform(one).Use(t.Context(), use)
		s.must(err)
		if d.Decision.Allowed != step.allowed {
			t.Errorf("after %s the use was allowed: %v", step.say, d.Decision.Allowed)
		}
	}
	r.Get("/"+one+"/me/choices").Says("Agreed", "Took consent back")
	r.Post("/"+one+"/me/choices", "kind", "consent", "name", "nothing-such", "say", "yes").Is(http.StatusNotFound)
	r.Post("/"+one+"/me/choices", "kind", "hold", "name", "push", "say", "yes").Is(http.StatusUnprocessableEntity)
}

func TestDataCanBeTakenAlong(t *testing.T) {
	s := open(t)
	s.register(one, lin, "=SUM(A1)")
	r := s.reader("en")
	r.signIn(one, lin)
	p := r.Get("/" + one + "/me/data.json").Is(http.StatusOK)
	var got struct {
		Values []struct{ Item, Value string }
	}
	s.must(json.Unmarshal([]byte(p.Text), &got))
	if len(got.Values) != 3 || !strings.Contains(p.Header.Get("Content-Disposition"), "attachment") || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d values, %v", len(got.Values), p.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.Get("/"+one+"/me/data.csv").Text, "\ufeff"))).ReadAll()
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
	p := r.Post("/"+one+"/me/download", "x", "").Is(http.StatusOK).Says("A copy of everything", "We have your request", "It is you", "days left")
	if again := r.Post("/"+one+"/me/download", "x", ""); again.Path != p.Path {
		t.Error("asking twice made two requests")
	}
	if mail := s.mail.Messages()[0]; !strings.Contains(mail.Body, p.Path) || mail.To.Reveal() != lin {
		t.Errorf("the mail says %s", mail.Body)
	}
	r.Get(p.Path + "/package.zip").Is(http.StatusConflict)
	s.carry(rights.ID(p.Path[strings.LastIndex(p.Path, "/")+1:]))
	r.Get(p.Path).Says("Your package is ready").Check("en")
	zip := r.Get(p.Path + "/package.zip").Is(http.StatusOK)
	if !strings.HasPrefix(zip.Text, "PK") || zip.Header.Get("Content-Type") != "application/zip" {
		t.Error("the package is no zip file")
	}
	r.Get(p.Path).Says("Done", "Receipt")
}

func TestErasureLeavesNothingButAReceipt(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	r.Post("/"+one+"/me/erase", "what", "everything").Is(http.StatusUnprocessableEntity).Says("tick the box")
	r.Post("/"+one+"/me/erase", "what", "item:no.such", "sure", "yes").Is(http.StatusNotFound)
	p := r.Post("/"+one+"/me/erase", "what", "everything", "sure", "yes").Is(http.StatusOK).Says("Erasure", "everything")
	s.carry(rights.ID(p.Path[strings.LastIndex(p.Path, "/")+1:]))
	r.Get("/"+one+"/me").Says("Nothing is held", "receipt").Lacks(nick, lin)
	r.Get(p.Path).Says("It is erased, and searched for again", "Done").Check("en")
	r.Get("/" + one + "/me/receipts").Is(http.StatusOK).Says("Erasure").Check("en")
	receipt := r.Get(p.Path + "/receipt.json").Is(http.StatusOK)
	if _, err := plan.VerifyReceipt([]byte(receipt.Text), s.platform(one).Log().Key()); err != nil {
		t.Error(err)
	}
	receipt.Lacks(nick, lin)
	r.Post("/"+one+"/sign-out", "x", "").Is(http.StatusOK).Says("You are signed out")
	if p := r.Get("/" + one + "/me"); p.Path != "/"+one+"/sign-in" {
		t.Errorf("after signing out %s is shown", p.Path)
	}
	s.reader("en").signIn(one, lin).Says("Nothing is held").Lacks(nick)
}

func TestClosingTheAccountEndsChoicesAndAsksForErasure(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	if p := r.Get("/"+one+"/delete-account").Is(http.StatusOK).Says("Delete my account", "755-36382938"); p.Path != "/"+one+"/delete-account" {
		t.Errorf("signed out, it led to %s", p.Path)
	}
	r.signIn(one, lin)
	if p := r.Get("/" + one + "/delete-account"); p.Path != "/"+one+"/me/erase" {
		t.Errorf("signed in, it led to %s", p.Path)
	}
	r.Post("/"+one+"/me/erase", "what", "account", "sure", "yes").Is(http.StatusOK).Says("Erasure")
	state, err := s.platform(one).StateOf(t.Context(), sub)
	s.must(err)
	if state != subject.Closed {
		t.Errorf("the account is %s", state)
	}
	r.Get("/" + one + "/me/choices").Is(http.StatusOK).Says("Your account is closed").Check("en")
	r.Get("/"+one+"/me").Is(http.StatusOK).Says(nick, "Your account is closed").Check("en")
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
	res, err := r.Client.Do(req)
	s.must(err)
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
	r.Get("/" + one + "/me/requests").Says("You have not asked for anything yet")
}

func TestThePolicyIsThereForPeopleAndMachines(t *testing.T) {
	s := open(t)
	r := s.reader("zh-CN")
	r.Get("/"+one+"/").Says("隐私政策", "电子邮箱", "深圳市高斯贝尔家居智能电子有限公司")
	r.Get("/"+one+"/clauses").Says("C-010", "在您同意之前")
	var doc struct {
		Platform string
		Data     []any
	}
	s.must(json.Unmarshal([]byte(r.Get("/"+one+"/policy.json").Text), &doc))
	if doc.Platform != one || len(doc.Data) == 0 {
		t.Error("policy.json says nothing")
	}
	if md := r.Get("/" + one + "/policy.md"); !strings.HasPrefix(md.Text, "# ") || !strings.HasPrefix(md.Header.Get("Content-Type"), "text/markdown") {
		t.Error("policy.md is no Markdown")
	}
	r.Get("/" + one + "/no-such-page").Is(http.StatusNotFound)
}

func TestASignInLeadsOnlyIntoTheCentre(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	for next, want := range map[string]string{"choices": "/me/choices", "//evil.example": "/me", "https://evil.example": "/me", "../../x": "/me"} {
		r := s.reader("en")
		s.clock.Add(11 * time.Minute)
		p := r.Post("/"+one+"/sign-in", "address", lin, "next", next).Is(http.StatusOK)
		if got := r.Post("/"+one+"/sign-in/code", "at", p.Hidden("at"), "next", next, "code", s.code()); got.Path != "/"+one+want {
			t.Errorf("%s led to %s", next, got.Path)
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
			through, function := p.Policy().Behind(i.No, i.At[0])
			given.Seen = policy.Seen{Device: "phone-1", Function: function, Session: "s1"}
			if through != nil {
				_, err := p.AnswerPermission(t.Context(), sub, platform.AskedPermission{
					Permission: platform.Permission{Device: "phone-1", Name: through.Name, Function: function}, Granted: true,
				})
				s.must(err)
			}
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
		me.Check(lang)
		t.Logf("%d values: the page has %d bytes", held, len(me.Text))
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
