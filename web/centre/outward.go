package centre

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// leavingPerClient is how often one client may be led out.
func leavingPerClient() web.Rate { return web.Rate{Each: time.Second, Burst: 30} }

// outwardWords are the words of the pages about leaving, in one language.
type outwardWords struct {
	Leaving, List, ListLead, None, NotOurs, Ends, Risk, Nothing, ReadFirst, Answered, Silent, NotCalled, PassedOn, Go, Stay, External string
}

func outwardIn(lang string) *outwardWords {
	if strings.HasPrefix(strings.ToLower(lang), "zh") {
		return &outwardWords{
			Leaving: "您即将离开", List: "通往其他网站的链接", ListLead: "以下网站与服务由他人运营，本政策不适用。打开前会先提示您。", None: "没有登记任何外部链接。",
			NotOurs: "该网站由他人运营，本政策止于此处。", Ends: "该处适用的规则", Risk: "在该处发生的事项由您与对方自行处理，风险由您自行判断；我们无法代其承担责任。",
			Nothing: "链接不携带您的任何信息：不含编号，也不含您所在页面的地址。", ReadFirst: "继续之前，请先阅读对方的隐私政策：", Answered: "最近一次访问该地址有响应：",
			Silent: "最近一次访问该地址未正常响应：", NotCalled: "尚未核查该地址。", PassedOn: "将传递给对方的信息：", Go: "继续前往", Stay: "留在本站", External: "外部链接",
		}
	}
	return &outwardWords{
		Leaving: "You are about to leave", List: "Links that lead elsewhere", ListLead: "Others run these sites and services, and this policy does not hold there. You are told before you go.", None: "No link that leads elsewhere is registered.",
		NotOurs: "Somebody else runs this site. This policy ends here.", Ends: "What holds there", Risk: "What happens there is between you and them, and at your own risk. We cannot answer for it.",
		Nothing: "The link carries nothing about you: no number, and not the address of the page you came from.", ReadFirst: "Before you go on, please read their own policy:", Answered: "It answered when it was last called:",
		Silent: "It did not answer as it should when it was last called:", NotCalled: "It has not been called yet.", PassedOn: "Passed on to them:", Go: "Go on to", Stay: "Stay here", External: "external link",
	}
}

// An outwardPage says that somebody is about to leave, or lists the ways out.
type outwardPage struct {
	view
	W     *outwardWords
	Link  *link.Link // nil: the list
	Links []platform.RegisteredLink
	Rule  string // what holds there instead
	Items []string
	Last  *link.Call // of their own policy's address
	Told  string     // shows, for an hour, that this page was on the screen
}

// Works reports whether the address of the other party's policy answered.
func (p outwardPage) Works() bool { return p.Last != nil && p.Last.Outcome == link.Works }

// leadsOut reports whether the policy speaks of others' sites that people may be led to.
func (c *Centre) leadsOut() bool {
	return slices.ContainsFunc(c.on.Policy().Excluded(), func(x *policy.Excluded) bool {
		return x.Kind == "linked-site" || x.Kind == "third-party-service"
	})
}

// outward tells people that a link leads out of what this policy covers.
func (c *Centre) outward(v *visit) error {
	all, err := c.on.RegisterOfLinks(v.ctx())
	if err != nil {
		return err
	}
	p := outwardPage{view: c.view(v, func(*words) string { return "" })}
	p.W, p.Public = outwardIn(p.Lang), true
	if p.Title = p.W.List; !v.r.URL.Query().Has("to") {
		for _, l := range all {
			if l.Ended == nil {
				p.Links = append(p.Links, l)
			}
		}
		return c.show(v, http.StatusOK, "outward", p)
	}
	id, err := target(v)
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.ID == id && l.Ended == nil {
			p.Link, p.Title, p.Told = &l.Link, p.W.Leaving, c.told(id)
			c.beyond(&p, l)
		}
	}
	if p.Link == nil {
		return fault.New(fault.NotFound, "nobody is led there: the page of links that lead elsewhere has all there are")
	}
	states, err := c.on.LinkStates(v.ctx())
	for _, s := range states {
		if s.Target == "link/"+strconv.FormatInt(id, 10) {
			p.Last = s.Last
		}
	}
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "outward", p)
}

// beyond fills in what the policy says of the place that a link leads to.
func (c *Centre) beyond(p *outwardPage, l platform.RegisteredLink) {
	for _, x := range c.on.Policy().Excluded() {
		if x.Name == l.Under {
			p.Rule = x.Rule.In(p.Lang)
		}
	}
	for _, name := range l.Items {
		if it, err := c.on.Policy().Item(name); err == nil {
			p.Items = append(p.Items, page.Title(it.Title, it.Name, p.Lang))
		}
	}
}

// goOut leads somebody who was told to where a registered link leads, and nowhere
// else.
func (c *Centre) goOut(v *visit) error {
	if !c.frame.Limit("leave "+c.on.ID()+" "+c.frame.Client(v.r), leavingPerClient()) {
		return fault.New(fault.Busy, "that was too often: wait a little")
	}
	id, err := target(v)
	if err != nil {
		return err
	}
	if !c.wasTold(v, id) {
		return c.outward(v)
	}
	l, err := c.on.Leave(v.ctx(), id)
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, l.URL, http.StatusSeeOther)
	return nil
}

// target reads the number of a link; an address is none.
func target(v *visit) (int64, error) {
	id, err := strconv.ParseInt(v.r.URL.Query().Get("to"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "nobody is led there: a link that leads elsewhere has a number")
	}
	return id, nil
}
