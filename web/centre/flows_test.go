package centre_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web/webtest"
)

func TestSomebodyUnknownDoesNotHideDataFromOthers(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.reader("en").signIn(one, "nobody@example.cn").Says("Nothing is held")
	s.reader("en").signIn(one, lin).Says(nick)
}

func TestAnAddressIsReplacedAfterACodeSentThere(t *testing.T) {
	const fresh = "lin.new@example.cn"
	s := open(t)
	s.register(one, lin, nick)
	s.register(one, mei, "Mei")
	r, other := s.reader("en"), s.reader("en")
	r.signIn(one, lin).Says("Correct")
	other.signIn(one, mei)
	base := "/" + one + "/me/address"
	r.Get(base + "?item=account.email").Is(http.StatusOK).Check("en")
	r.Get(base + "?item=account.phone").Is(http.StatusUnprocessableEntity)
	r.Post(base, "item", "account.email", "value", "no address").Is(http.StatusUnprocessableEntity).Check("en")
	p := r.Post(base, "item", "account.email", "value", fresh).Is(http.StatusOK).Lacks(fresh)
	p.Check("en")
	if to := s.mail.Messages()[0].To.Reveal(); to != fresh {
		t.Fatalf("the code went to %s", to)
	}
	code, pending := s.code(), p.Hidden("pending")
	other.Post(base+"/code", "pending", pending, "item", "account.email", "code", code).Is(http.StatusUnprocessableEntity)
	r.Post(base+"/code", "pending", pending, "code", wrong(code)).Is(http.StatusUnprocessableEntity).Says("not right")
	r.Get("/" + one + "/me").Says(lin)
	r.Post(base+"/code", "pending", pending, "code", code).Is(http.StatusOK).Says("Saved", fresh).Lacks(lin)
	if told := s.mail.Messages()[0]; told.To.Reveal() != lin || strings.Contains(told.Body, fresh) || !strings.Contains(told.Subject, "was replaced") {
		t.Errorf("the old address is not told of its end: %q", told.Subject)
	}
	s.reader("en").signIn(one, lin).Says("Nothing is held")
	s.reader("en").signIn(one, fresh).Says(nick)
	r.Post(base+"/code", "pending", pending, "code", code).Is(http.StatusUnprocessableEntity)
}

func TestAnAddressOfSomebodyElseIsNotTakenOver(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	s.register(one, mei, "Mei")
	r := s.reader("en")
	r.signIn(one, lin)
	p := r.Post("/"+one+"/me/address", "item", "account.email", "value", mei).Is(http.StatusOK)
	r.Post("/"+one+"/me/address/code", "pending", p.Hidden("pending"), "code", s.code()).Is(http.StatusConflict).Says("belongs to another account")
	s.reader("en").signIn(one, mei).Says("Mei").Lacks(nick)
	s.reader("en").signIn(one, lin).Says(nick)
}

func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestWhoLookedAtTheRecordAndWhyIsShown(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	ref, err := policy.ParseRef("ticket:T-4711")
	s.must(err)
	s.must(s.platform(one).Looked(t.Context(), sub, platform.Ground{Purpose: "support", Ref: ref}, avow.Actor{Role: "support", ID: "stf_1"}))
	for lang, want := range map[string][]string{
		"en":    {"Somebody looked at your record", "Support", "Helping you", "T-4711", "Who used it"},
		"zh-CN": {"工作人员查看了您的档案", "T-4711", "谁使用过"},
	} {
		r := s.reader(lang)
		r.signIn(one, lin)
		p := r.Get("/" + one + "/me/activity").Is(http.StatusOK)
		p.Check(lang)
		p.Says(want...)
	}
}

func TestARestrictionStandsOnEveryPageUntilItEnds(t *testing.T) {
	s := open(t)
	sub := s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	pages := []string{"", "versions", "me", "me/choices", "me/rights", "me/erase", "me/requests", "me/activity"}
	for _, on := range []bool{true, false} {
		s.must(s.platform(one).Restrict(t.Context(), sub, on, avow.Actor{Role: "support", ID: "stf_1"}))
		for _, path := range pages {
			p := r.Get("/" + one + "/" + path).Is(http.StatusOK)
			if strings.Contains(p.Words(), "The use of your data is restricted") != on {
				t.Errorf("%s shows the restriction: %v, want %v", p.Path, !on, on)
			}
		}
	}
}

func TestTheOtherRightsAreAskedFor(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	r.signIn(one, lin)
	base := "/" + one + "/me/rights"
	r.Get(base).Is(http.StatusOK).Says("Correction", "Taking data along", "Keeping without using", "done within").Check("en")
	r.Post(base, "right", "rectification", "item", "account.nickname", "value", "").Is(http.StatusUnprocessableEntity).Check("en")
	r.Post(base, "right", "rectification", "item", "account.password", "value", "x").Is(http.StatusUnprocessableEntity)
	r.Post(base, "right", "levitation").Is(http.StatusUnprocessableEntity)
	fixed := r.Post(base, "right", "rectification", "item", "account.nickname", "value", "溪水").Is(http.StatusOK)
	fixed.Says("Correction", "Nickname", "It is corrected, and read again").Lacks("溪水").Check("en")
	taken := r.Post(base, "right", "portability").Is(http.StatusOK).Says("Taking data along")
	if again := r.Post(base, "right", "portability"); again.Path != taken.Path {
		t.Error("asking twice for the files made two requests")
	}
	r.Post(base, "right", "restriction").Is(http.StatusOK).Says("Keeping without using")
	id := func(path string) rights.ID { return rights.ID(path[strings.LastIndex(path, "/")+1:]) }
	s.carry(id(fixed.Path))
	r.Get(fixed.Path).Says("done")
	r.Get("/" + one + "/me").Says("溪水").Lacks(nick)
	s.carry(id(taken.Path))
	r.Get(taken.Path).Says("Your package is ready", "Fetch it by")
	file := r.Get(taken.Path + "/package.zip").Is(http.StatusOK)
	if !strings.HasPrefix(file.Text, "PK") {
		t.Error("the package is no zip file")
	}
}

func TestTheAccountIsDeletedByWhoComesSignedOut(t *testing.T) {
	s := open(t)
	s.register(one, lin, nick)
	r := s.reader("en")
	p := r.Get("/" + one + "/delete-account").Is(http.StatusOK)
	p.Check("en")
	p = r.Post("/"+one+"/sign-in", "address", lin, "next", p.Hidden("next")).Is(http.StatusOK)
	p = r.Post("/"+one+"/sign-in/code", "at", p.Hidden("at"), "next", p.Hidden("next"), "code", s.code()).Is(http.StatusOK)
	p.Says("Close my account")
	r.Post("/"+one+"/me/erase", "what", "account", "sure", "yes").Is(http.StatusOK).Says("We have your request")
}

func TestVersionsSayWhatChangedInPlainWords(t *testing.T) {
	s := open(t)
	r := s.reader("en")
	r.Get("/" + one + "/versions").Says("The first version on record").Check("en")

	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	s.must(err)
	dir := t.TempDir()
	write := func(text string) *avow.Config {
		s.must(os.WriteFile(filepath.Join(dir, "p.yaml"), []byte(text), 0o600))
		s.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte("platforms: [{id: goscom-pro, policy: p.yaml}]\n"), 0o600))
		c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
		s.must(err)
		return c
	}
	var list []platform.Edition
	for _, text := range []string{string(src), strings.Replace(string(src), "confirm: PT48H", "confirm: PT24H", 1) + "\nrevision: {reasons: [practice]}\n"} {
		server, err := avow.Open(t.Context(), write(text), avow.Options{Clock: s.clock.Now})
		s.must(err)
		p, err := server.Platform(one)
		s.must(err)
		var e platform.Editions
		list, err = e.Of(t.Context(), p)
		s.must(err)
		s.must(server.Close())
	}
	if len(list) != 2 || !list[1].First || list[0].First || list[0].Mute {
		t.Fatalf("%d editions: %+v", len(list), list)
	}
	for _, lang := range []string{"en", "zh-CN"} {
		if n := len(list[0].Since.Changes); n == 0 || list[0].Since.Changes[0].Says.In(lang) == "" {
			t.Errorf("%d changes, %v in %s", n, list[0].Since.Changes, lang)
		}
	}
}

func TestAStrangersAddressIsNotFilledWithAcknowledgements(t *testing.T) {
	s := open(t)
	r := s.reader("en")
	write := func(to string) *webtest.Page {
		return r.Post("/"+one+"/contact", "kind", "question", "about", "policy", "text", "Who reads what I write to you?", "contact", to)
	}
	for _, to := range []string{lin, strings.ToUpper(lin), " " + lin} {
		write(to).Is(http.StatusCreated)
	}
	write(strings.Replace(lin, "@", "+more@", 1)).Is(http.StatusTooManyRequests)
	write("Somebody <" + lin + ">").Is(http.StatusTooManyRequests)
	write(mei).Is(http.StatusCreated)
}
