package page

import (
	"fmt"
	"strings"

	"github.com/avow-dev/avow/policy"
)

func (r reader) sharing() Part {
	s := r.p.Sharing()
	out := Part{
		Anchor: "sharing", Title: r.pick("When data leaves us", "信息在何种情形下会离开我们"),
		Intro: r.pick("In these cases and in no other. Each one leaves an entry that you can see.", "仅限下列情形，每次均留下您可查看的记录。"),
	}
	cases := map[policy.Scenario]*policy.Case{}
	for _, c := range s.Cases {
		cases[c.Scenario] = c
	}
	for _, allowed := range s.Allow {
		row := Row{Anchor: anchor("sharing", allowed.String()), Title: scenario(allowed, r.lang)}
		needs, items := none, none
		if c := cases[allowed]; c != nil {
			row.Title, row.Mark = Title(c.Title, row.Title, r.lang), !c.Assumed.IsZero()
			if len(c.Needs) > 0 {
				needs = Join(r.words(c.Needs, need), r.lang)
			}
			if len(c.Items) > 0 {
				items = Join(r.itemTitles(c.Items), r.lang)
			}
		}
		row.Cells = []string{needs, items}
		out.Rows = append(out.Rows, row)
	}
	if len(out.Rows) > 0 {
		out.Head = []string{r.pick("Case", "情形"), r.pick("What it takes", "条件"), r.pick("Only this data", "仅限信息")}
	}
	switch s.Sale {
	case "never":
		out.Facts = append(out.Facts, Fact{r.pick("Sale", "出售"), r.pick("never", "绝不出售")})
	case "never-without-consent":
		out.Facts = append(out.Facts, Fact{r.pick("Sale", "出售"), r.pick("never without your consent", "未经您同意绝不出售")})
	case "allowed":
		out.Facts = append(out.Facts, Fact{r.pick("Sale", "出售"), r.pick("possible; you can opt out", "可能出售，您可以拒绝")})
	}
	if text := r.succession(s.Succession); text != "" {
		out.Facts = append(out.Facts, Fact{r.pick("If the business changes hands", "合并、收购或破产时"), text})
		out.Mark = !s.Succession.Assumed.IsZero()
	}
	return out
}

func (r reader) succession(s policy.SuccessionRule) string {
	var out []string
	switch {
	case s.Notice == "before" && !s.Before.IsZero():
		out = append(out, fmt.Sprintf(r.pick("you are told %s before", "提前 %s告知您"), Period(s.Before, r.lang)))
	case s.Notice == "before":
		out = append(out, r.pick("you are told before", "事先告知您"))
	case s.Notice == "after":
		out = append(out, r.pick("you are told afterwards", "事后告知您"))
	}
	if s.Binds {
		out = append(out, r.pick("the successor is bound by this policy", "继受方须遵守本政策"))
	}
	if s.Consent {
		out = append(out, r.pick("other purposes need your consent anew", "变更用途须重新取得您的同意"))
	}
	return strings.Join(out, r.pick("; ", "；"))
}

func (r reader) residency() Part {
	s := r.p.Residency()
	out := Part{Anchor: "residency", Title: r.pick("Where it is kept", "信息存储在哪里"), Mark: !s.Assumed.IsZero()}
	if len(s.Store) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Kept in", "存储地点"), Join(r.regions(s.Store), r.lang)})
	}
	var abroad []string
	if s.ByLaw {
		abroad = append(abroad, r.pick("where a law demands it", "法律要求时"))
	}
	if s.ByConsent {
		abroad = append(abroad, r.pick("with your explicit consent", "经您明示同意"))
	}
	if s.Free {
		abroad = append(abroad, r.pick("without more", "不作限制"))
	}
	if len(abroad) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Goes abroad", "出境条件"), Join(abroad, r.lang)})
	}
	if len(s.Safeguards) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Safeguards", "保障措施"), Join(r.words(s.Safeguards, safeguard), r.lang)})
	}
	for _, x := range s.Places {
		row := Row{Anchor: anchor("residency", x.Name), Title: Title(x.Title, x.Name, r.lang), Cells: []string{Country(x.Country, r.lang), r.operator(x.Operator)}}
		if x.Backups {
			row.Tags = append(row.Tags, r.pick("backups", "备份"))
		}
		out.Rows = append(out.Rows, row)
	}
	if len(out.Rows) > 0 {
		out.Head = []string{r.pick("Place", "地点"), r.pick("Country", "国家或地区"), r.pick("Run by", "运营方")}
	}
	return out
}

func (r reader) operator(name string) string {
	if name == "self" {
		return r.pick("us", "我们")
	}
	return r.setBy(name)
}

func (r reader) changes() Part {
	c := r.p.Changing()
	out := Part{Anchor: "changes", Title: r.pick("When this policy changes", "政策变更时"), Mark: !c.Assumed.IsZero()}
	if len(c.Major.Channels) > 0 {
		text := Join(r.words(c.Major.Channels, Channel), r.lang)
		if !c.Major.Before.IsZero() {
			text += r.pick(", "+Period(c.Major.Before, r.lang)+" before", "，提前 "+Period(c.Major.Before, r.lang))
		}
		if c.Major.Again {
			text += r.pick("; you are asked to accept it again", "；须您重新同意")
		}
		out.Facts = append(out.Facts, Fact{r.pick("A major change", "重大变更"), text})
	}
	var major []string
	for _, t := range c.What {
		major = append(major, t.In(r.lang))
	}
	if len(major) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Major is", "重大变更指"), strings.Join(major, r.pick("; ", "；"))})
	}
	if len(c.Minor.Channels) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Any other change", "其他变更"), Join(r.words(c.Minor.Channels, Channel), r.lang)})
	}
	if c.KeepsRights {
		out.Facts = append(out.Facts, Fact{r.pick("Fewer rights", "减少权利"), r.pick("only for those who agree", "仅对同意者生效")})
	}
	return out
}

func (r reader) incidents() Part {
	x := r.p.Incidents()
	out := Part{Anchor: "incidents", Title: r.pick("When something goes wrong", "发生安全事件时"), Mark: !x.Assumed.IsZero()}
	within := func(label string, p policy.Period) {
		if !p.IsZero() {
			out.Facts = append(out.Facts, Fact{label, r.pick("within "+Period(p, r.lang), Period(p, r.lang)+"内")})
		}
	}
	within(r.pick("The emergency plan starts", "启动应急预案"), x.Plan)
	within(r.pick("The authority is told", "报告主管机关"), x.Authority)
	within(r.pick("You are told", "告知您"), x.People)
	if len(x.Channels) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("You are told by", "告知方式"), Join(r.words(x.Channels, Channel), r.lang)})
	}
	return out
}

func (r reader) excluded() Part {
	out := Part{
		Anchor: "excluded", Title: r.pick("What this policy does not cover", "本政策不适用的情形"),
		Head: []string{r.pick("What", "情形"), r.pick("What holds there", "适用规则")},
	}
	for _, x := range r.p.Excluded() {
		out.Rows = append(out.Rows, Row{Anchor: anchor("excluded", x.Name), Title: Title(x.Title, x.Name, r.lang), Cells: []string{dash(x.Rule.In(r.lang))}})
	}
	return out
}
