package store_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/internal/demo/store"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// opensAccount are the fields that open an account on a platform.
func opensAccount(id, email string) []string {
	out := []string{"age", "adult", "accept", "yes"}
	switch id {
	case "goscom-pro":
		return append(out, "i.account.email", email, "i.account.phone", "+44 7700 900123", "i.account.name", "ann.example", "i.account.password", "a long password")
	case "buygogo":
		return append(out, "i.account.login", "ann.example", "i.account.password", "a long password", "i.account.email", email, "i.account.name", "Ann Whitlock")
	}
	return nil
}

func TestSomebodyRegistersBindsOrdersAndSeesWhatIsKept(t *testing.T) {
	s := open(t, "goscom-pro", "buygogo")
	ann := s.guest("goscom-pro", "en")
	ann.Get(ann.shop + "at/order").Is(200).Says("Open an account first")
	joined := ann.gives("join", opensAccount(ann.id, "ann@example.com")...).Is(200).Check("en")
	joined.Says("Your account is open", "E-mail address", "account.email", "goscom-pro.yaml:", "Registered", "Keeping your account").Lacks("ann@example.com", "a long password")
	if found, err := s.server.Platforms()[0].Find(t.Context(), "email", platform.NewPersonal("ann@example.com")); err != nil || len(found) != 1 {
		t.Fatalf("the platform knows %d people by the address, %v", len(found), err)
	}
	ann.gives("camera", "i.device.bound-id", "GC2-00AF31").Is(200).Says("Camera bound to the account", "Kept")
	ann.Get(ann.shop + "at/order?good=d1").Is(200).Says("Doorbell D1")
	ann.gives("order", "i.order.history", "Doorbell D1", "i.order.address", "7 Harbour Street\nBristol", "i.order.recipient", "Ann Whitlock", "read", "order.payment").
		Is(200).Says("Orders", "Delivery address", "Way and number of a payment", "Collected").Lacks("Harbour Street")
	ann.gives("join", opensAccount(ann.id, "other@example.com")...).Is(422).Says("You are here already")

	bea := s.guest("buygogo", "zh-CN")
	bea.gives("join", opensAccount(bea.id, "bea@example.org")...).Is(200).Check("zh-CN").Says("账号已开通", "已保存")
	bea.gives("order", "i.order.history", "乌龙茶 250 克", "i.delivery.address", "梧桐街18号", "i.account.phone", "+447700900124").Is(200).Check("zh-CN").Says("已保存", "收集")
	other := s.guest("buygogo", "en")
	other.gives("join", opensAccount("buygogo", "bea@example.org")...).Is(422).Says("Somebody with this address or name")
}

func TestACardNumberInAMessageIsRefusedWithItsClause(t *testing.T) {
	s := open(t, "goscom-pro", "buygogo")
	for id, clause := range map[string]string{"goscom-pro": "goscom-pro.yaml:", "buygogo": "buygogo.yaml:"} {
		g := s.guest(id, "en")
		g.gives("join", opensAccount(id, "ann@example.com")...).Is(200)
		p := g.gives("support", "i.support.message", "take it from 4111 1111 1111 1111", "i.complaint.contact", "by mail", "i.complaint.text", "late").Is(200).Check("en")
		p.Says("Nothing was kept", "This is never collected", "collect.never", clause, "payment card").Lacks("4111")
		if all := s.pl(id).Policy().ClausesKeeping(policy.CollectNever); len(all) > 0 {
			p.Says("Clause "+all[0].ID, all[0].Says.In("en"))
		} else if id == "goscom-pro" {
			t.Error("no clause of GOSCOM Pro says what is never collected")
		}
		g.gives("support", "i.support.message", "where is it?", "i.complaint.contact", "by mail", "i.complaint.text", "late", "stray", "yes").Is(200).
			Says("The policy does not know this", "person.shoe-size", "collect.declared")
	}
}

func TestSomebodyUnderAgeIsNotRegistered(t *testing.T) {
	s := open(t, "goscom-pro", "buygogo")
	for _, id := range []string{"goscom-pro", "buygogo"} {
		form := opensAccount(id, "kid@example.com")
		form[1] = "minor"
		g := s.guest(id, "en")
		g.gives("join", form...).Is(200).Says("Nothing was kept", "no guardian has agreed", "Nobody was registered", id+".yaml:").Lacks("kid@example.com")
		if found, err := s.pl(id).Find(t.Context(), "email", platform.NewPersonal("kid@example.com")); err != nil || len(found) > 0 {
			t.Errorf("%s knows the address of somebody it turned away: %v, %v", id, found, err)
		}
	}
	form := append(opensAccount("buygogo", "kid@example.com"), "i.account.birth-date", s.clock.Now().AddDate(-12, 0, 0).Format("2006-01-02"))
	s.guest("buygogo", "en").gives("join", form...).Is(200).Says("no guardian has agreed")
}

func TestAYesOfAFormAllowsAUseUntilItIsTakenBackInTheCentre(t *testing.T) {
	s := open(t, "goscom-pro", "buygogo")
	ann := s.guest("buygogo", "en")
	first := ann.gives("join", append(opensAccount(ann.id, "ann@example.com"), "yes", "marketing")...).Is(200).Says("Your yes", "Use “")
	ann.uses(first, "account.email", "marketing").Is(200).Says("Allowed", "values handed out").Lacks("ann@example.com")
	ann.uses(first, "account.email", "identity-check").Is(200).Check("en").Says("Denied", "Not declared for this purpose", "buygogo.yaml:")
	ann.signsIn("ann@example.com")
	ann.Post("/buygogo/me/choices", "kind", string(consent.Consent), "name", "marketing", "say", "no").Is(200)
	ann.uses(first, "account.email", "marketing").Is(200).Says("You took your yes back")
	who, err := s.pl("buygogo").Find(t.Context(), "email", platform.NewPersonal("ann@example.com"))
	s.must(err)
	list, err := s.pl("buygogo").History(t.Context(), who[0], 1)
	if err != nil || len(list) != 1 || list[0].Kind != audit.Denied {
		t.Errorf("the log ends with %v, %v", list, err)
	}

	gone := ann.Post(first.Path+"/erase", "item", "account.name").Is(200).Says("Name is erased: 1 values", "erased")
	ann.Post(gone.Path + "/erase").Is(200).Check("en").Says("Everything is erased")
	ann.uses(first, "account.email", "account").Is(403)
}

func TestAResultIsForItsMakerOnly(t *testing.T) {
	s := open(t, "goscom-pro")
	ann := s.guest("goscom-pro", "en")
	p := ann.gives("join", opensAccount(ann.id, "ann@example.com")...).Is(200)
	s.guest("goscom-pro", "en").Get(p.Path).Is(404)
	s.guest("goscom-pro", "en").Post(p.Path+"/use", "item", "account.email", "purpose", "account").Is(404)
	ann.Post(ann.shop + "leave").Is(200)
	ann.Get(p.Path).Is(404)
	ann.gives("order", "i.order.history", "x").Is(422).Says("Open an account first")
}

func (s *site) pl(id string) *platform.Platform {
	p, err := s.server.Platform(id)
	s.must(err)
	return p
}

// Every counter of every platform, in both languages, empty and sent empty.
func TestEveryPageIsWholeInBothLanguages(t *testing.T) {
	s := open(t, every(t)...)
	link := regexp.MustCompile(`href="(/store/[^"?#]*)["?]`)
	for _, pl := range s.server.Platforms() {
		for _, lang := range []string{"en", "zh-CN"} {
			g := s.guest(pl.ID(), lang)
			home := g.Get(g.shop).Is(200).Check(lang)
			fits(home)
			seen := map[string]bool{g.shop: true}
			for _, m := range link.FindAllStringSubmatch(home.Text, -1) {
				if seen[m[1]] || !strings.HasPrefix(m[1], g.shop) {
					continue
				}
				seen[m[1]] = true
				p := g.Get(m[1]).Is(200).Check(lang)
				fits(p)
				if p.Header.Get("Content-Security-Policy") == "" || !strings.Contains(p.Text, "/assets/store.") {
					t.Errorf("%s has no policy of content, or no style", p.Path)
				}
				fits(g.Post(m[1]).Is(422).Check(lang))
			}
			if len(seen) < 4 {
				t.Errorf("%s has %d pages", pl.ID(), len(seen))
			}
		}
	}
}

// What a policy declares at a point that people use has a field somewhere.
func TestEveryItemOfAPointThatPeopleUseIsAskedFor(t *testing.T) {
	s := open(t, every(t)...)
	for _, pl := range s.server.Platforms() {
		g := s.guest(pl.ID(), "en")
		asked := ""
		for _, m := range regexp.MustCompile(`href="(/store/[^"]*/at/[^"?]*)`).FindAllStringSubmatch(g.Get(g.shop).Text, -1) {
			asked += g.Get(m[1]).Text
		}
		fields := 0
		for _, i := range pl.Policy().Items() {
			if i.Origin == policy.FromPerson {
				fields++
				if !strings.Contains(asked, `name="i.`+i.Name+`"`) {
					t.Errorf("%s: nothing asks for %s, which people give at %v", pl.ID(), i.Name, i.At)
				}
			}
		}
		if fields == 0 {
			t.Errorf("%s has nothing that people give", pl.ID())
		}
		for _, name := range regexp.MustCompile(`name="i\.([^"]*)"`).FindAllStringSubmatch(asked, -1) {
			if _, err := pl.Policy().Item(name[1]); err != nil {
				t.Errorf("%s: a field asks for %s, which the policy does not declare", pl.ID(), name[1])
			}
		}
	}
}

func TestASampleIsOfItsType(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, typ := range policy.Types() {
		for range 50 {
			v := store.Sample(typ, r)
			if _, err := policy.Normal(typ, v); err != nil {
				t.Errorf("%s: %q: %v", typ, v, err)
				break
			}
		}
	}
	if v := store.Sample("nothing", r); v != "" {
		t.Errorf("a type that is not there has %q", v)
	}
}

func TestTheStyleIsSmallAndKeptForEver(t *testing.T) {
	s := open(t, "goscom-pro")
	g := s.guest("goscom-pro", "en")
	m := regexp.MustCompile(`/assets/store\.[0-9a-f]+\.css`).FindString(g.Get(g.shop).Text)
	p := g.Get(m).Is(200)
	if !strings.Contains(p.Header.Get("Cache-Control"), "immutable") || len(p.Text) > 4<<10 || p.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%s: %d bytes, %v", m, len(p.Text), p.Header)
	}
	all, err := os.ReadFile("assets/store.css")
	s.must(err)
	if wide := regexp.MustCompile(`(^|[;{])width:\d+(px|rem)`).FindAllString(string(all), -1); len(wide) > 0 {
		t.Errorf("the style has fixed widths: %v", wide)
	}
}
