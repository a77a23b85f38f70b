package parcel

import (
	"fmt"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// Explain says in a language what a policy promises about an item. recipients
// are those who in fact received it.
func Explain(p *policy.Policy, i *policy.Item, language string, recipients []string) Item {
	out := Item{
		Name: i.Name, Title: i.Title.In(language), Category: i.Category,
		Source: source(i.Origin, language), Recipients: recipients,
	}
	if out.Title == "" {
		out.Title = i.Name
	}
	for _, n := range i.Purposes {
		if purpose := p.PurposeBy(n); purpose != nil {
			title := purpose.Title.In(language)
			if title == "" {
				title = purpose.Name
			}
			out.Purposes = append(out.Purposes, title)
		}
	}
	if c := p.ClassBy(i.Class); c != nil {
		out.Kept = Kept(c, language)
	}
	return out
}

func source(o policy.Origin, language string) string {
	en, zh := "", ""
	switch o {
	case policy.FromPerson:
		en, zh = "you gave it", "由您提供"
	case policy.FromDevice:
		en, zh = "observed on your device or in your use", "从您的设备或使用过程中获得"
	case policy.FromOthers:
		en, zh = "received from others", "从他人处获得"
	case policy.FromAnalysis:
		en, zh = "worked out from other data", "由其他数据推算得出"
	}
	return choose(language, en, zh)
}

// Kept says in a language how long a retention class is kept.
func Kept(c *policy.Class, language string) string {
	zh := isChinese(language)
	var text string
	switch {
	case !c.For.IsZero() && c.After != "":
		text = choose(language, period(c.For, zh)+" after "+event(c.After, zh), event(c.After, zh)+"后 "+period(c.For, zh))
	case !c.For.IsZero():
		text = period(c.For, zh)
	case c.Until != "":
		text = choose(language, "until "+event(c.Until, zh), "直至"+event(c.Until, zh))
	}
	if !c.Within.IsZero() {
		text += choose(language, ", then within "+period(c.Within, zh), "，此后 "+period(c.Within, zh)+" 内处理")
	}
	if cite := c.Cite.In(language); cite != "" {
		text += choose(language, " ("+cite+")", "（"+cite+"）")
	}
	return text
}

func event(e policy.Event, zh bool) string {
	switch e {
	case policy.AccountIsClosed:
		return pick(zh, "the account is closed", "账户关闭")
	case policy.PurposeEnds:
		return pick(zh, "the purpose ends", "目的终止")
	case policy.ConsentWithdrawn:
		return pick(zh, "consent is withdrawn", "撤回同意")
	}
	return string(e)
}

func period(p policy.Period, zh bool) string {
	var parts []string
	add := func(n int64, one, many, chinese string) {
		switch {
		case n == 0:
		case zh:
			parts = append(parts, fmt.Sprintf("%d %s", n, chinese))
		case n == 1:
			parts = append(parts, "1 "+one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(int64(p.Months/12), "year", "years", "年")
	add(int64(p.Months%12), "month", "months", "个月")
	add(int64(p.Days), "day", "days", "天")
	add(int64(p.WorkDays), "working day", "working days", "个工作日")
	add(p.Seconds/3600, "hour", "hours", "小时")
	add(p.Seconds/60%60, "minute", "minutes", "分钟")
	return strings.Join(parts, " ")
}

func isChinese(language string) bool { return strings.HasPrefix(strings.ToLower(language), "zh") }

func choose(language, en, zh string) string { return pick(isChinese(language), en, zh) }

func pick(zh bool, en, chinese string) string {
	if zh {
		return chinese
	}
	return en
}
