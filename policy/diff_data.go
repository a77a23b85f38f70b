package policy

import (
	"slices"
	"strings"
)

func (d *differ) head() {
	a, b := d.a, d.b
	if a.label != b.label || !a.updated.Equal(b.updated) || !a.effective.Equal(b.effective) {
		d.say(Technical, "head", b.spots.head, "The version is labelled %s and takes effect on %s", "版本标记为 %s，自 %s 起生效", b.label, b.effective.Format("2006-01-02"))
	}
	d.reworded("head", b.spots.head, a.title, b.title)
	for _, s := range gained(a.surfaces, b.surfaces) {
		d.say(Major, "surfaces", b.spots.surfaces, "The policy now holds on %s too", "本政策新增适用于 %s", s)
	}
	for _, s := range gained(b.surfaces, a.surfaces) {
		d.say(Minor, "surfaces", b.spots.surfaces, "The policy no longer holds on %s", "本政策不再适用于 %s", s)
	}
	for _, l := range b.lawsShown {
		i := slices.IndexFunc(a.lawsShown, func(x *Law) bool { return x.Name == l.Name })
		switch {
		case i < 0:
			d.say(Minor, "laws", l.Pos, "It now follows %s too", "新增适用《%s》", l.Title)
		case a.lawsShown[i].forAll() && !l.forAll():
			d.say(Major, "laws", l.Pos, "%s now holds for some people only", "《%s》仅适用于部分人员", l.Title).Reduces = true
		case a.lawsShown[i].Edition != l.Edition:
			d.say(Technical, "laws", l.Pos, "%s is read in its edition of %s", "采用《%s》的 %s 版本", l.Title, l.Edition)
		}
	}
	for _, l := range a.lawsShown {
		if !slices.ContainsFunc(b.lawsShown, func(x *Law) bool { return x.Name == l.Name }) {
			d.say(Major, "laws", l.Pos, "It no longer follows %s", "不再适用《%s》", l.Title).Reduces = true
		}
	}
}

func (d *differ) controller() {
	a, b := d.a.controller, d.b.controller
	if !a.Name.equal(b.Name) {
		d.say(Major, "controller", b.Pos, "%s now answers for your data, before it was %s", "个人信息处理者变更为%s（原为%s）", b.Name, a.Name)
	}
	for _, k := range []string{"phone", "web", "email", "post", "chat"} {
		if was, is := a.Contacts[k], b.Contacts[k]; was != is {
			d.say(Minor, "controller", b.Pos, "The contact by %s is %s, before %s", "联系方式（%s）为 %s，原为 %s", k, blank(is), blank(was))
		}
	}
	if a.Officer.Email != b.Officer.Email || a.Officer.Phone != b.Officer.Phone || !a.Authority.equal(b.Authority) {
		d.say(Minor, "controller", b.Pos, "The officer or the authority to turn to is another", "个人信息保护负责人或投诉机构有变更")
	}
}

func blank(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (d *differ) people() {
	a, b := d.a.people, d.b.people
	if a.AdultAge != b.AdultAge || a.ChildAge != b.ChildAge {
		w := Minor
		if b.AdultAge < a.AdultAge || b.ChildAge < a.ChildAge {
			w = Major
		}
		d.say(w, "people", b.Pos, "Adults are from %d and children below %d", "成年年龄为 %d 周岁，儿童为未满 %d 周岁", b.AdultAge, b.ChildAge).Reduces = w == Major
	}
	strict := map[MinorRule]int{MinorAllowed: 0, MinorGuardian: 1, MinorRefused: 2}
	if a.Minors != b.Minors || a.Children != b.Children {
		w := Minor
		if strict[b.Minors] < strict[a.Minors] || strict[b.Children] < strict[a.Children] {
			w = Major
		}
		d.say(w, "people", b.Pos, "The rules for people under age are others", "未成年人规则有变更").Reduces = w == Major
	}
	d.clock("people", b.Pos, "Data found to be a minor's is erased within", "发现未成年人信息后的删除期限", a.Erase, b.Erase)
}

// A part says how parts of two versions are told to be the same.
type part[T any] struct{ name func(*T) string }

// match walks two lists of parts: what came, what went, and what stayed.
func match[T any](p part[T], was, is []*T, came, went func(*T), stayed func(a, b *T)) {
	for _, b := range is {
		i := slices.IndexFunc(was, func(a *T) bool { return p.name(a) == p.name(b) })
		if i < 0 {
			came(b)
			continue
		}
		stayed(was[i], b)
	}
	for _, a := range was {
		if !slices.ContainsFunc(is, func(b *T) bool { return p.name(a) == p.name(b) }) {
			went(a)
		}
	}
}

func (d *differ) purposes() {
	p := part[Purpose]{name: func(u *Purpose) string { return u.Name }}
	match(p, d.a.purposes.ordered, d.b.purposes.ordered, func(u *Purpose) {
		d.fresh[u.Name] = true
		d.say(Major, "purposes."+u.Name, u.Pos, "New purpose: %s", "新增目的：%s", u.Title)
	}, func(u *Purpose) {
		d.say(Minor, "purposes."+u.Name, u.Pos, "Data is no longer used for: %s", "不再用于：%s", u.Title)
	}, d.purpose)
}

func (d *differ) purpose(a, b *Purpose) {
	ref := "purposes." + b.Name
	d.reworded(ref, b.Pos, a.Title, b.Title)
	if a.Basis != b.Basis {
		d.fresh[b.Name] = true
		d.say(Major, ref, b.Pos, "%s rests on %s, before on %s", "%s的依据变更为 %s（原为 %s）", b.Title, b.Basis, a.Basis).Reduces = a.Basis == Consent
	}
	wider := []string{}
	if len(a.Functions) > 0 && (len(b.Functions) == 0 || len(gained(a.Functions, b.Functions)) > 0) {
		wider = append(wider, "functions")
	}
	for name, grew := range map[string]bool{
		"all_items": b.AllItems && !a.AllItems, "marketing": b.Marketing && !a.Marketing, "automated": b.Automated && !a.Automated,
		"aggregate_only": a.Aggregate && !b.Aggregate, "lapses": slower(a.Lapses, b.Lapses),
	} {
		if grew {
			wider = append(wider, name)
		}
	}
	if len(wider) > 0 {
		slices.Sort(wider)
		d.fresh[b.Name] = true
		d.say(Major, ref, b.Pos, "%s reaches further (%s)", "%s的范围扩大（%s）", b.Title, strings.Join(wider, ", "))
	}
	d.dropped(ref, b.Pos, "you can switch it off: "+b.Title.In("en"), "可关闭："+b.Title.In("zh-CN"), a.OptOut, b.OptOut)
	d.dropped(ref, b.Pos, "it asks for a consent of its own: "+b.Title.In("en"), "须单独同意："+b.Title.In("zh-CN"), a.Separate, b.Separate)
	d.dropped(ref, b.Pos, "values are given in a less telling form: "+b.Title.In("en"), "使用前先作脱敏："+b.Title.In("zh-CN"), a.Oblige != 0, b.Oblige != 0 && b.Oblige&a.Oblige == a.Oblige)
	d.dropped(ref, b.Pos, "you are told of each use: "+b.Title.In("en"), "每次使用均告知："+b.Title.In("zh-CN"), a.Notify, b.Notify)
}

func (d *differ) items() {
	p := part[Item]{name: func(it *Item) string { return it.Name }}
	match(p, d.a.items.ordered, d.b.items.ordered, func(it *Item) {
		for _, u := range it.Purposes {
			d.fresh[d.b.PurposeBy(u).Name] = true
		}
		d.say(Major, "items."+it.Name, it.Pos, "Newly collected: %s", "新增收集：%s", it.Title)
	}, func(it *Item) {
		d.say(Minor, "items."+it.Name, it.Pos, "No longer collected: %s", "不再收集：%s", it.Title)
	}, d.item)
}

func (d *differ) item(a, b *Item) {
	ref := "items." + b.Name
	d.reworded(ref, b.Pos, a.Title, b.Title)
	for _, u := range gained(d.a.purposeNames(a.Purposes), d.b.purposeNames(b.Purposes)) {
		d.fresh[u] = true
		x, _ := d.b.Purpose(u)
		d.say(Major, ref, b.Pos, "%s is now used for: %s", "%s新增用于：%s", b.Title, x.Title)
	}
	for _, u := range gained(d.b.purposeNames(b.Purposes), d.a.purposeNames(a.Purposes)) {
		x, _ := d.a.Purpose(u)
		d.say(Minor, ref, b.Pos, "%s is no longer used for: %s", "%s不再用于：%s", b.Title, x.Title)
	}
	if a.Origin != b.Origin || a.Category != b.Category {
		d.say(Major, ref, b.Pos, "%s comes another way or is of another kind", "%s的来源或类别有变更", b.Title)
	}
	for _, at := range gained(a.At, b.At) {
		d.say(Minor, ref, b.Pos, "%s is also collected at %s", "%s新增收集点 %s", b.Title, at)
	}
	if a.Form != b.Form || a.List != b.List || a.Identifier != b.Identifier {
		d.say(Technical, ref, b.Pos, "%s has another form", "%s的格式有变更", b.Title)
	}
	d.dropped(ref, b.Pos, "treated as sensitive: "+b.Title.In("en"), "按敏感信息保护："+b.Title.In("zh-CN"), a.Sensitive, b.Sensitive)
	d.dropped(ref, b.Pos, "details of people are taken out of it: "+b.Title.In("en"), "去除其中的个人细节："+b.Title.In("zh-CN"), a.Scrub, b.Scrub)
	d.dropped(ref, b.Pos, "nobody sees more than its last digits: "+b.Title.In("en"), "仅展示末尾数字："+b.Title.In("zh-CN"), a.LastDigits, b.LastDigits)
	d.dropped(ref, b.Pos, "you need not give it: "+b.Title.In("en"), "可不提供："+b.Title.In("zh-CN"), a.Optional, b.Optional)
	d.sees(ref, b.Pos, b.Title, a, b)
	was, is := d.a.ClassBy(a.Class), d.b.ClassBy(b.Class)
	if was.Name != is.Name {
		w := Minor
		if longer(was, is) {
			w = Major
		}
		d.say(w, ref, b.Pos, "%s is kept: %s; before: %s", "%s的保存期限：%s（原为%s）", b.Title, is.Title, was.Title).Reduces = w == Major
	}
}

func (p *Policy) purposeNames(nos []PurposeNo) []string {
	out := make([]string, len(nos))
	for i, no := range nos {
		out[i] = p.PurposeBy(no).Name
	}
	return out
}

func (p *Policy) itemNamesOf(nos []ItemNo) []string {
	out := make([]string, len(nos))
	for i, no := range nos {
		out[i] = p.ItemBy(no).Name
	}
	return out
}

func (d *differ) never() {
	same := func(a, b *NeverRule) bool { return a.Category == b.Category && a.Pattern == b.Pattern }
	for _, b := range d.b.never {
		i := slices.IndexFunc(d.a.never, func(a *NeverRule) bool { return same(a, b) })
		switch {
		case i < 0:
			d.say(Minor, "never", b.Pos, "Now never collected: %s", "承诺不收集：%s", b.Category+b.Pattern)
		case len(gained(d.a.never[i].Except, b.Except))+len(gained(d.a.never[i].ExceptAt, b.ExceptAt)) > 0 || b.ByLaw && !d.a.never[i].ByLaw:
			d.say(Major, "never", b.Pos, "There are more exceptions from never collecting %s", "不收集 %s 的例外增多", b.Category+b.Pattern).Reduces = true
		}
	}
	for _, a := range d.a.never {
		if !slices.ContainsFunc(d.b.never, func(b *NeverRule) bool { return same(a, b) }) {
			d.say(Major, "never", a.Pos, "No longer ruled out: %s", "不再承诺不收集：%s", a.Category+a.Pattern).Reduces = true
		}
	}
}

func (d *differ) classes() {
	p := part[Class]{name: func(c *Class) string { return c.Name }}
	match(p, d.a.classes.ordered, d.b.classes.ordered, func(*Class) {}, func(*Class) {}, func(a, b *Class) {
		ref := "keep." + b.Name
		d.reworded(ref, b.Pos, a.Title, b.Title)
		if longer(a, b) {
			d.say(Major, ref, b.Pos, "Kept longer: %s", "保存期限延长：%s", b.Title).Reduces = true
		} else if a.Until != b.Until || a.For != b.For || a.After != b.After || a.Within != b.Within || a.Then != b.Then {
			d.say(Minor, ref, b.Pos, "Kept shorter, or ended more thoroughly: %s", "保存期限缩短或处理更彻底：%s", b.Title)
		}
		if a.Bucket != b.Bucket {
			d.say(Technical, ref, b.Pos, "%s ends in other steps", "%s的到期分段有变更", b.Title)
		}
	})
}

// longer reports whether b keeps values longer than a, or less thoroughly ends
// them. Two different events cannot be compared and count as longer.
func longer(a, b *Class) bool {
	return b.Until != a.Until && b.Until != "" || b.After != a.After || b.Until == "" && a.Until != "" ||
		b.For.Rough() > a.For.Rough() || b.Within.Rough() > a.Within.Rough() || a.Then == "erase" && b.Then == "anonymise"
}
