package page

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/avow-dev/avow/policy"
)

// A phrase is what one language says.
type phrase struct{ en, zh string }

func (p phrase) in(lang string) string {
	if Chinese(lang) {
		return p.zh
	}
	return p.en
}

// Date writes a day in a language, in t's own zone: 27 March 2025, 2025年3月27日.
func Date(t time.Time, lang string) string {
	if t.IsZero() {
		return ""
	}
	if Chinese(lang) {
		return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
	}
	return t.Format("2 January 2006")
}

// Moment writes a day and the time of it, in t's own zone.
func Moment(t time.Time, lang string) string {
	if t.IsZero() {
		return ""
	}
	if Chinese(lang) {
		return Date(t, lang) + " " + t.Format("15:04")
	}
	return t.Format("2 January 2006, 15:04")
}

// Period writes a calendar period in a language: 15 working days, 15个工作日.
func Period(p policy.Period, lang string) string {
	zh := Chinese(lang)
	var parts []string
	add := func(n int64, one, chinese string) {
		switch {
		case n == 0:
		case zh:
			parts = append(parts, fmt.Sprintf("%d %s", n, chinese))
		case n == 1:
			parts = append(parts, "1 "+one)
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, one))
		}
	}
	add(int64(p.Months/12), "year", "年")
	add(int64(p.Months%12), "month", "个月")
	add(int64(p.Days), "day", "日")
	add(int64(p.WorkDays), "working day", "个工作日")
	add(p.Seconds/3600, "hour", "小时")
	add(p.Seconds/60%60, "minute", "分钟")
	add(p.Seconds%60, "second", "秒")
	return strings.Join(parts, " ")
}

// List joins words as a language does: a, b and c; a、b和c.
func List(words []string, lang string) string {
	last, between, end := len(words)-1, ", ", " and "
	if Chinese(lang) {
		between, end = "、", "和"
	}
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], between) + end + words[last]
}

// Join joins words without a last "and", for lists in tables.
func Join(words []string, lang string) string {
	if Chinese(lang) {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Title is a text in a language, or the name where the policy gives none.
func Title(t policy.Text, name, lang string) string {
	if s := t.In(lang); s != "" {
		return s
	}
	return name
}

// Country is the name of a country in a language.
func Country(r policy.Region, lang string) string {
	if r == 0 {
		return ""
	}
	tag := language.English
	if Chinese(lang) {
		tag = language.SimplifiedChinese
	}
	region, err := language.ParseRegion(r.String())
	if err != nil {
		return r.String()
	}
	return display.Regions(tag).Name(region)
}

// Basis is a legal ground in words.
func Basis(b policy.Basis, lang string) string {
	switch b {
	case policy.Consent:
		return phrase{"you agree", "您的同意"}.in(lang)
	case policy.Contract:
		return phrase{"our contract with you", "履行与您的合同"}.in(lang)
	case policy.LegalObligation:
		return phrase{"a legal duty", "履行法定义务"}.in(lang)
	case policy.Vital:
		return phrase{"somebody's life or health", "保护生命健康"}.in(lang)
	case policy.PublicTask:
		return phrase{"a public task", "公共利益"}.in(lang)
	case policy.LegitimateInterest:
		return phrase{"our legitimate interest", "正当利益"}.in(lang)
	}
	return string(b)
}

// Origin says where data comes from.
func Origin(o policy.Origin, lang string) string {
	switch o {
	case policy.FromPerson:
		return phrase{"you", "由您提供"}.in(lang)
	case policy.FromDevice:
		return phrase{"your device or your use", "设备或使用过程"}.in(lang)
	case policy.FromOthers:
		return phrase{"others", "第三方提供"}.in(lang)
	case policy.FromPartner:
		return phrase{"partners", "合作方提供"}.in(lang)
	case policy.FromAnalysis:
		return phrase{"worked out from other data", "由其他信息推算"}.in(lang)
	}
	return string(o)
}

func event(e policy.Event, lang string) string {
	switch e {
	case policy.AccountIsClosed:
		return phrase{"the account is closed", "账号注销"}.in(lang)
	case policy.PurposeEnds:
		return phrase{"the purpose is served", "目的实现"}.in(lang)
	case policy.LastActivity:
		return phrase{"your last visit", "您最近一次使用"}.in(lang)
	case policy.ConsentWithdrawn:
		return phrase{"you take your consent back", "您撤回同意"}.in(lang)
	}
	return string(e)
}

// Kept says how long a retention class is kept and what happens then.
func Kept(c *policy.Class, lang string) string {
	zh := Chinese(lang)
	var text string
	switch {
	case !c.For.IsZero() && c.After != "" && zh:
		text = event(c.After, lang) + "后保存 " + Period(c.For, lang)
	case !c.For.IsZero() && c.After != "":
		text = Period(c.For, lang) + " after " + event(c.After, lang)
	case !c.For.IsZero() && zh:
		text = "保存 " + Period(c.For, lang)
	case !c.For.IsZero():
		text = Period(c.For, lang)
	case zh:
		text = "保存至" + event(c.Until, lang)
	default:
		text = "until " + event(c.Until, lang)
	}
	then := phrase{"erased", "删除"}
	if c.Then == "anonymise" {
		then = phrase{"made anonymous", "匿名化"}
	}
	switch {
	case c.Within.IsZero() && zh:
		return text + "，随后" + then.zh
	case c.Within.IsZero():
		return text + ", then " + then.en
	case zh:
		return text + "，随后 " + Period(c.Within, lang) + "内" + then.zh
	}
	return text + ", then " + then.en + " within " + Period(c.Within, lang)
}
