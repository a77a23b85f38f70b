package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/succession"
)

// leading makes the pack lead to sites of others.
func leading(text string) string {
	return text + "\nexcluded:\n  linked-sites: {title: {en: Sites of others, zh-CN: 其他网站}, kind: linked-site, rule: {en: Their own policies, zh-CN: 适用其自身的隐私政策}, surfaces: [app]}\n"
}

// shopping is the pack that lets data move with the business, under the name of the
// first platform, without anything that staff has to sign.
func shopping(string) string {
	b, err := policies.Files.ReadFile("buygogo.yaml")
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("platform: buygogo", "platform: "+one, ", undertaking: required", "").Replace(string(b))
}

// buyer enters somebody on the pack that sells.
func (s *site) buyer(login, email string) {
	s.Helper()
	_, refusals, err := s.platform().Register(s.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.login", Value: login, Voluntary: true}, {Item: "account.email", Value: email, Voluntary: true}},
	})
	s.must(err)
	if len(refusals) > 0 {
		s.Fatal(refusals[0].Text)
	}
}

func TestABusinessChangesHandsFromItsPage(t *testing.T) {
	s := openPack(t, shopping)
	s.buyer("chen2026", "chen@mail.example")
	s.buyer("lin2026", "lin@mail.example")
	base := "/console/" + one + "/transfers"
	ott, sun := s.colleague("Ott", role("privacy-officer")), s.colleague("Sun", role("support"))
	ott.Get(base).Is(http.StatusOK).Check("en").Says("The business does not change hands", "Open a transfer")
	sun.Get(base).Is(http.StatusOK).Check("en").Lacks("transfers/new")
	sun.Get(base + "/new").Is(http.StatusForbidden)
	ott.Get(base+"/new").Is(http.StatusOK).Check("en").Says("E-mail address", "Who takes over the business")
	ott.Post(base+"/new", "kind", "merger", "recipient", "successor", "item", "account.email", "purpose", "account").Is(http.StatusUnprocessableEntity).Check("en").Says("in which document")
	p := ott.Post(base+"/new", "kind", "merger", "recipient", "successor", "item", "account.email", "item", "account.login", "purpose", "account", "document", "contracts/17").
		Is(http.StatusOK).Check("en").Says("being prepared", "People not told: 2", "contracts/17", "Duties not accepted yet")
	at := p.Path
	ott.Get(base).Is(http.StatusOK).Check("en").Says("merger", "being prepared", "2")
	sun.Get(at).Is(http.StatusOK).Check("en").Says("What it still lacks").Lacks("<summary>Cancel it")
	sun.Post(at+"/cancel", "sure", "yes").Is(http.StatusForbidden)
	ott.Post(at + "/tell").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	ott.Post(at+"/tell", "sure", "yes").Is(http.StatusConflict).Check("en").Says("no mail server")
	ott.Post(at+"/ready", "sure", "yes").Is(http.StatusConflict).Check("en").Says("record the rest first")
	ott.Post(at+"/accept", "document", "").Is(http.StatusUnprocessableEntity).Check("en").Says("in which document")
	ott.Post(at+"/accept", "document", "A-1", "clauses", "X-1").Is(http.StatusNotFound).Check("en").Says("no promise of one of these")
	ott.Post(at+"/accept", "document", "A-1").Is(http.StatusOK).Check("en").Says("recorded as accepted").Lacks("Duties not accepted yet")
	ott.Post(at+"/told", "finder", "email", "identifier", "nobody@mail.example", "how", "post").Is(http.StatusUnprocessableEntity).Check("en").Says("finds nobody").Lacks("nobody@mail.example")
	ott.Post(at+"/told", "finder", "email", "identifier", "chen@mail.example", "how", "post").Is(http.StatusOK).Check("en").Says("People not told: 1", "not long enough ago").Lacks("chen@mail.example")
	ott.Post(at+"/object", "finder", "email", "identifier", "lin@mail.example", "channel", "phone").Is(http.StatusOK).Check("en").Says("theirs stays", "stay: they objected").Lacks("People not told")
	ott.Post(at+"/run", "sure", "yes").Is(http.StatusConflict).Check("en").Says("not ready")
	s.clock.Add(31 * 24 * time.Hour)
	ott = s.colleague("Ann", role("privacy-officer"))
	ott.Get(at).Is(http.StatusOK).Check("en").Says("Nothing stands against it")
	ott.Post(at + "/ready").Is(http.StatusUnprocessableEntity).Check("en")
	ott.Post(at+"/ready", "sure", "yes").Is(http.StatusOK).Check("en").Says("data may move by it", "Hand the data over")
	ott.Post(at + "/run").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	s.handedOver(ott, at)
}

// handedOver has a ready transfer hand over one person's data, and looks at what is left.
func (s *site) handedOver(ott *reader, at string) {
	s.Helper()
	s.must(s.platform().Sign(s.Context(), "successor", "A-1", time.Time{}))
	file := ott.Post(at+"/run", "sure", "yes").Is(http.StatusOK)
	if !strings.Contains(file.Text, "chen2026") || strings.Contains(file.Text, "lin2026") || !strings.Contains(file.Header.Get("Content-Disposition"), "transfer.ndjson") {
		s.Errorf("handed over: %q", file.Text)
	}
	ott.Get(at).Is(http.StatusOK).Check("en").Says("handed over", "Fingerprint", "1 Moved").Lacks("Cancel it", "chen2026")
	ott.Post(at+"/run", "sure", "yes").Is(http.StatusConflict)
	if s.entries(audit.TransferOpened) != 1 || s.entries(audit.TransferReady) != 1 || s.entries(audit.Transferred) != 1 || s.entries(audit.TransferObjected) != 1 {
		s.Error("the log does not tell what was done from the page")
	}
	s.nothingPersonal(ott, "chen@mail.example", "lin@mail.example", "chen2026")
}

func TestATransferIsCancelledFromItsPage(t *testing.T) {
	s := openPack(t, shopping)
	s.buyer("chen2026", "chen@mail.example")
	ott, base := s.colleague("Ott", role("privacy-officer")), "/console/"+one+"/transfers"
	c, err := s.platform().OpenTransfer(t.Context(), platform.TransferAsked{
		Kind: succession.Sale, Recipient: "successor", Items: []string{"account.email"}, Purposes: []string{"account"}, Document: "A-1",
	}, gate.Actor{ID: "stf_ott"})
	s.must(err)
	at := base + "/" + string(c.ID)
	ott.Post(at + "/cancel").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box")
	ott.Post(at+"/cancel", "sure", "yes").Is(http.StatusOK).Check("en").Says("The transfer is cancelled", "sale of assets").Lacks("What can be done")
	ott.Post(at+"/cancel", "sure", "yes").Is(http.StatusConflict).Check("en").Says("cancelled")
	ott.Get(base + "/trf_nobody").Is(http.StatusNotFound)
	root := s.add("Root", staff.Role{Platform: staff.Everywhere, Name: staff.Admin})
	root.signIn(one).Is(http.StatusOK)
	root.Post(at+"/run", "sure", "yes").Is(http.StatusForbidden).Says("values in clear")
	plain := open(t)
	plain.colleague("Ann", role("privacy-officer")).Get(base).Is(http.StatusOK).Check("en").Says("The policy lets nothing move with the business").Lacks("transfers/new")
}

func TestTheRegisterOfLinksIsKeptOnItsPage(t *testing.T) {
	s := openWith(t, leading)
	at := "/console/" + one + "/links"
	ott, sun := s.colleague("Ott", role("privacy-officer")), s.colleague("Sun", role("support"))
	ott.Get(at).Is(http.StatusOK).Check("en").Says("No address is on the register", "Sites of others")
	ott.Post(at, "title", "Partner", "under", "linked-sites", "url", "partner", "terms", "https://partner.example/privacy").Is(http.StatusUnprocessableEntity).Check("en").Says("a whole address")
	ott.Post(at, "title", "Partner", "under", "nothing", "url", "https://partner.example/", "terms", "https://partner.example/privacy").Is(http.StatusNotFound).Check("en").Says("excludes no linked site")
	add := []string{"title", "Partner shop", "under", "linked-sites", "url", "https://partner.example/shop", "terms", "https://partner.example/privacy"}
	ott.Post(at, add...).Is(http.StatusOK).Check("en").Says("It is on the register", "Partner shop", "not called yet", "nothing about people")
	ott.Post(at, add...).Is(http.StatusConflict).Check("en").Says("on the register already")
	sun.Get(at).Is(http.StatusOK).Check("en").Says("Partner shop").Lacks("/end")
	sun.Post(at, add...).Is(http.StatusForbidden)
	ott.Post(at + "/call").Is(http.StatusOK).Check("en").Says("being called")
	_, err := s.platform().Leave(t.Context(), 1)
	s.must(err)
	s.must(s.platform().SweepLinks(t.Context()))
	ott.Get(at).Is(http.StatusOK).Check("en").Says("not called yet 1 Take it off")
	ott.Post(at+"/1/end").Is(http.StatusUnprocessableEntity).Check("en").Says("tick the box", "on the register")
	ott.Post(at+"/1/end", "sure", "yes").Is(http.StatusOK).Check("en").Says("off the register", "Taken off")
	ott.Post(at+"/1/end", "sure", "yes").Is(http.StatusNotFound).Check("en")
	if s.entries(audit.LinkListed) != 1 || s.entries(audit.LinkDelisted) != 1 {
		t.Error("the log does not tell what was done from the page")
	}
	open(t).colleague("Ann", role("privacy-officer")).Get(at).Is(http.StatusOK).Check("en").Says("The policy leads nobody out")
}

func TestTheLedgersReadInBothLanguages(t *testing.T) {
	s := openWith(t, func(text string) string { return counting("true")(leading(text)) })
	for _, c := range s.customers[1:9] {
		s.register(c)
	}
	s.clock.Add(time.Minute)
	ott, base := s.colleague("Ott", role("privacy-officer"), role("support"), role(staff.Admin)), "/console/"+one+"/"
	message := ott.Post(base+"messages/new", "class", "service", "purpose", "support", "channel", "push", "reason", "care", "to", "all", "sure", "yes").Is(http.StatusOK).Path
	_, err := s.platform().Work(t.Context())
	s.must(err)
	ott.Post(base+"statistics/sets/accounts/release", "to", "public", "sure", "yes").Is(http.StatusOK)
	_, err = s.platform().AddLink(t.Context(), link.Link{Under: "linked-sites", Title: "A", URL: "https://a.example/", Terms: "https://a.example/p"}, gate.Actor{ID: string(ott.id)})
	s.must(err)
	for path, word := range map[string]string{
		"messages": "服务提醒", "messages/new": "发送消息", strings.TrimPrefix(message, base): "逐人结果", "statistics": "可统计的内容", "statistics/sets/accounts": "申请对外提供",
		"statistics/releases/1": "由您申请", "links": "登记地址", "transfers": "政策不允许信息随业务转移", "transfers/new": "业务转移立案",
	} {
		ott.Get(base + path + "?lang=zh-CN").Is(http.StatusOK).Says(word).Check("zh-CN")
		ott.Get(base + path + "?lang=en").Is(http.StatusOK).Check("en")
	}
}
