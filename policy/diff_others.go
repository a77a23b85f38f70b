package policy

import (
	"slices"
	"strings"
)

func (d *differ) permissions() {
	p := part[Permission]{name: func(x *Permission) string { return x.Name }}
	match(p, d.a.more.permissions, d.b.more.permissions, func(x *Permission) {
		d.say(Major, "permissions."+x.Name, x.Pos, "New device permission: %s", "新增设备权限：%s", x.Title)
	}, func(x *Permission) {
		d.say(Minor, "permissions."+x.Name, x.Pos, "Device permission no longer used: %s", "不再使用设备权限：%s", x.Title)
	}, func(a, b *Permission) {
		ref := "permissions." + b.Name
		d.reworded(ref, b.Pos, a.Function, b.Function)
		if len(gained(d.a.purposeNames(a.Purposes), d.b.purposeNames(b.Purposes)))+len(gained(d.a.itemNamesOf(a.Items), d.b.itemNamesOf(b.Items))) > 0 {
			d.say(Major, ref, b.Pos, "The permission %s serves more, or reads more", "权限“%s”的用途或读取范围扩大", b.Title)
		}
		if len(b.Functions) == 0 && len(a.Functions) > 0 || len(a.Functions) > 0 && len(gained(a.Functions, b.Functions)) > 0 {
			d.say(Major, ref, b.Pos, "The permission %s is asked for in more functions", "权限“%s”用于更多功能", b.Title)
		}
		d.dropped(ref, b.Pos, "you are asked first: "+b.Title.In("en"), "事先征求同意："+b.Title.In("zh-CN"), a.Asked, b.Asked)
		d.dropped(ref, b.Pos, "you can take it back: "+b.Title.In("en"), "可撤回："+b.Title.In("zh-CN"), a.Revocable, b.Revocable)
	})
}

// trackers compares cookies and beacons.
func (d *differ) trackers() {
	heavy := func(c TrackerClass) Weight {
		if c == Essential {
			return Minor
		}
		return Major
	}
	p := part[Cookie]{name: func(x *Cookie) string { return x.Name }}
	match(p, d.a.more.cookies, d.b.more.cookies, func(x *Cookie) {
		d.refresh(d.b, x.Purposes)
		d.say(heavy(x.Class), "cookies."+x.Name, x.Pos, "New cookie (%s): %s", "新增 Cookie（%s）：%s", x.Class, x.Title)
	}, func(x *Cookie) {
		d.say(Minor, "cookies."+x.Name, x.Pos, "Cookie no longer set: %s", "不再设置 Cookie：%s", x.Title)
	}, func(a, b *Cookie) {
		ref := "cookies." + b.Name
		wider := len(gained(d.a.purposeNames(a.Purposes), d.b.purposeNames(b.Purposes))) > 0 || b.SetBy != a.SetBy || b.Class == Essential && a.Class != Essential
		if wider {
			d.refresh(d.b, b.Purposes)
			d.say(Major, ref, b.Pos, "The cookie %s serves more, or is set by another", "Cookie“%s”的用途扩大或设置方变更", b.Title)
		}
		if !b.Session || a.Session != b.Session {
			d.clock(ref, b.Pos, "Lifetime of "+b.Title.In("en"), b.Title.In("zh-CN")+"的有效期", a.Lifetime, b.Lifetime)
		}
	})
	q := part[Beacon]{name: func(x *Beacon) string { return x.Name }}
	match(q, d.a.more.beacons, d.b.more.beacons, func(x *Beacon) {
		d.refresh(d.b, x.Purposes)
		d.say(heavy(x.Class), "beacons."+x.Name, x.Pos, "New beacon: %s", "新增网络信标：%s", x.Title)
	}, func(x *Beacon) {
		d.say(Minor, "beacons."+x.Name, x.Pos, "Beacon removed: %s", "移除网络信标：%s", x.Title)
	}, func(a, b *Beacon) {
		if len(gained(d.a.purposeNames(a.Purposes), d.b.purposeNames(b.Purposes)))+len(gained(d.a.itemNamesOf(a.Items), d.b.itemNamesOf(b.Items))) > 0 || a.SetBy != b.SetBy {
			d.refresh(d.b, b.Purposes)
			d.say(Major, "beacons."+b.Name, b.Pos, "The beacon %s sends or serves more", "网络信标“%s”的范围扩大", b.Title)
		}
	})
}

// refresh asks afresh for purposes of a version.
func (d *differ) refresh(p *Policy, nos []PurposeNo) {
	for _, name := range p.purposeNames(nos) {
		d.fresh[name] = true
	}
}

func (d *differ) recipients() {
	p := part[Recipient]{name: func(r *Recipient) string { return r.Name }}
	match(p, d.a.recipients.ordered, d.b.recipients.ordered, func(r *Recipient) {
		d.refresh(d.b, r.Purposes)
		d.say(Major, "recipients."+r.Name, r.Pos, "New recipient: %s", "新增接收方：%s", r.Title)
	}, func(r *Recipient) {
		d.say(Minor, "recipients."+r.Name, r.Pos, "No longer a recipient: %s", "不再提供给：%s", r.Title)
	}, d.recipient)
}

func (d *differ) recipient(a, b *Recipient) {
	ref := "recipients." + b.Name
	if !a.Title.equal(b.Title) || a.Role != b.Role {
		d.refresh(d.b, b.Purposes)
		d.say(Major, ref, b.Pos, "%s takes the place of %s, or has another role", "接收方由%[2]s变更为%[1]s，或其角色变更", b.Title, a.Title)
	}
	for _, i := range gained(d.a.itemNamesOf(a.Items), d.b.itemNamesOf(b.Items)) {
		it, _ := d.b.Item(i)
		d.refresh(d.b, b.Purposes)
		d.say(Major, ref, b.Pos, "%s now also gets: %s", "%s新增获得：%s", b.Title, it.Title)
	}
	for _, u := range gained(d.a.purposeNames(a.Purposes), d.b.purposeNames(b.Purposes)) {
		x, _ := d.b.Purpose(u)
		d.fresh[u] = true
		d.say(Major, ref, b.Pos, "%s now also gets data for: %s", "%s新增用途：%s", b.Title, x.Title)
	}
	if n := len(gained(d.b.itemNamesOf(b.Items), d.a.itemNamesOf(a.Items))) + len(gained(d.b.purposeNames(b.Purposes), d.a.purposeNames(a.Purposes))); n > 0 {
		d.say(Minor, ref, b.Pos, "%s gets less", "%s获得的信息减少", b.Title)
	}
	if a.Country != b.Country {
		w := Minor
		if !slices.Contains(d.b.more.residency.Store, b.Country) {
			w = Major
			d.refresh(d.b, b.Purposes)
		}
		d.say(w, ref, b.Pos, "%s processes in %s, before in %s", "%s的处理地为 %s（原为 %s）", b.Title, blank(b.Country.String()), blank(a.Country.String()))
	}
	d.dropped(ref, b.Pos, "an agreement binds "+b.Title.In("en"), "与"+b.Title.In("zh-CN")+"订立协议", a.Agreement, b.Agreement)
	if !a.Audit.IsZero() || !b.Audit.IsZero() {
		d.clock(ref, b.Pos, "Audit of "+b.Title.In("en")+" every", b.Title.In("zh-CN")+"的审计周期", a.Audit, b.Audit)
	}
	d.dropped(ref, b.Pos, b.Title.In("en")+" is assessed first", "先评估"+b.Title.In("zh-CN"), a.Review, b.Review)
	d.dropped(ref, b.Pos, b.Title.In("en")+" accepts our instructions first", b.Title.In("zh-CN")+"先接受处理指示", a.Instructions, b.Instructions)
	if a.Oblige&^b.Oblige != 0 {
		d.say(Major, ref, b.Pos, "%s gets values that were changed before", "提供给%s的信息不再脱敏", b.Title).Reduces = true
	}
}

func (d *differ) sharing() {
	a, b := d.a.more.sharing, d.b.more.sharing
	for _, s := range gained(a.Allow, b.Allow) {
		d.say(Major, "sharing", b.Pos, "Data may now be shared in the case: %s", "新增共享情形：%s", s).Reduces = true
	}
	for _, s := range gained(b.Allow, a.Allow) {
		d.say(Minor, "sharing", b.Pos, "Data is no longer shared in the case: %s", "不再在以下情形共享：%s", s)
	}
	loose := []string{"never", "never-without-consent", "allowed"}
	if was, is := slices.Index(loose, a.Sale), slices.Index(loose, b.Sale); was != is {
		w := Minor
		if is > was {
			w = Major
		}
		d.say(w, "sharing", b.Pos, "Sale of data: %s, before %s", "出售个人信息：%s（原为 %s）", b.Sale, a.Sale).Reduces = w == Major
	}
	if a.Succession.Notice == "before" {
		d.dropped("sharing", b.Pos, "you are told before the business changes hands", "业务转移前告知您", true, b.Succession.Notice == "before")
	}
}

func (d *differ) residency() {
	a, b := d.a.more.residency, d.b.more.residency
	for _, r := range gained(a.Store, b.Store) {
		d.say(Major, "residency", b.Pos, "Data is now also kept in %s", "新增存储地：%s", r)
	}
	for _, r := range gained(b.Store, a.Store) {
		d.say(Major, "residency", b.Pos, "Data is no longer kept in %s", "不再存储于：%s", r)
	}
	if b.Free && !a.Free || b.ByLaw && !a.ByLaw || b.ByConsent && !a.ByConsent {
		d.say(Major, "residency", b.Pos, "More lets data go abroad", "信息出境的条件放宽").Reduces = true
	}
	for _, s := range gained(b.Safeguards, a.Safeguards) {
		d.say(Major, "residency", b.Pos, "Data abroad is no longer protected by %s", "出境信息不再有 %s 保障", s).Reduces = true
	}
}

func (d *differ) statistics() {
	a, b := d.a.more.statistics, d.b.more.statistics
	if a.Smallest != b.Smallest {
		w := Minor
		if b.Smallest < a.Smallest {
			w = Major
		}
		d.say(w, "statistics", b.Pos, "Counts show groups of %d and more, before %d", "统计的最小人数为 %d（原为 %d）", b.Smallest, a.Smallest).Reduces = w == Major
	}
	for _, s := range gained(a.Share, b.Share) {
		d.say(Major, "statistics", b.Pos, "Counts may now be seen by: %s", "统计结果新增提供对象：%s", s)
	}
}

func (d *differ) rights() {
	p := part[Right]{name: func(r *Right) string { return string(r.Kind) }}
	match(p, d.a.rights, d.b.rights, func(r *Right) {
		d.say(Minor, "rights."+string(r.Kind), r.Pos, "New right: %s", "新增权利：%s", r.Title)
	}, func(r *Right) {
		d.say(Major, "rights."+string(r.Kind), r.Pos, "A right is gone: %s", "取消权利：%s", r.Title).Reduces = true
	}, func(a, b *Right) {
		ref, en, zh := "rights."+string(b.Kind), b.Title.In("en"), b.Title.In("zh-CN")
		d.clock(ref, b.Pos, en+", acknowledged within", zh+"的确认时限", a.Confirm, b.Confirm)
		d.clock(ref, b.Pos, en+", answered within", zh+"的答复时限", a.Reply, b.Reply)
		d.clock(ref, b.Pos, en+", done within", zh+"的完成时限", a.Done, b.Done)
		d.clock(ref, b.Pos, en+", gone from backups within", zh+"的备份清除时限", a.Backups, b.Backups)
		if gone := gained(b.Channels, a.Channels); len(gone) > 0 {
			d.say(Major, ref, b.Pos, "%s can no longer be asked for by %s", "“%s”不再受理渠道：%s", b.Title, strings.Join(gone, ", ")).Reduces = true
		}
		if came := gained(a.Channels, b.Channels); len(came) > 0 {
			d.say(Minor, ref, b.Pos, "%s can also be asked for by %s", "“%s”新增渠道：%s", b.Title, strings.Join(came, ", "))
		}
		if len(a.Circumstances) == 0 && len(b.Circumstances) > 0 || len(b.Exceptions) > len(a.Exceptions) || a.Fee == "free" && b.Fee != "free" {
			d.say(Major, ref, b.Pos, "%s has more conditions", "“%s”的条件增多", b.Title).Reduces = true
		}
	})
}

func (d *differ) changing() {
	a, b := d.a.more.changes, d.b.more.changes
	d.dropped("changes", b.Pos, "you accept major changes again", "重大变更须再次同意", a.Major.Again, b.Major.Again)
	d.dropped("changes", b.Pos, "earlier versions stay readable", "历史版本可查阅", a.History, b.History)
	d.dropped("changes", b.Pos, "fewer rights hold only for who consents to them", "减少权利须经您明示同意", a.KeepsRights, b.KeepsRights)
	if was, is := a.Major.Before, b.Major.Before; !was.IsZero() && is.Rough() < was.Rough() {
		d.say(Major, "changes", b.Pos, "Major changes are no longer announced %[2]s before they hold, but %[1]s", "重大变更提前告知的时间缩短为%s（原为%s）", is, was).Reduces = true
	}
}

func (d *differ) incidents() {
	a, b := d.a.more.incidents, d.b.more.incidents
	d.clock("incidents", b.Pos, "The authority hears of an incident within", "向主管部门报告事件的时限", a.Authority, b.Authority)
	d.clock("incidents", b.Pos, "You hear of an incident within", "向您告知事件的时限", a.People, b.People)
}

func (d *differ) security() {
	a, b := d.a.security, d.b.security
	d.dropped("security", b.Pos, "staff sign in with a second factor", "员工须双因素登录", a.StaffMFA, b.StaffMFA)
	d.dropped("security", b.Pos, "staff see masked values", "员工默认看到脱敏信息", a.MaskedView, b.MaskedView)
	d.dropped("security", b.Pos, "staff promise confidentiality before they see data", "员工须先签署保密承诺", a.Undertaking, b.Undertaking)
	d.dropped("security", b.Pos, "staff are trained before they see data", "员工须先接受培训", a.Training, b.Training)
	d.dropped("security", b.Pos, "values are encrypted at rest", "信息加密存储", a.AtRest != "", b.AtRest != "")
	d.dropped("security", b.Pos, "TLS 1.3 in transit", "传输采用 TLS 1.3", a.InTransit == "tls1.3", b.InTransit == "tls1.3")
	p := part[Attestation]{name: func(x *Attestation) string { return x.Name }}
	match(p, d.a.more.attestations, d.b.more.attestations, func(x *Attestation) {
		d.say(Minor, "attestations."+x.Name, x.Pos, "New duty of ours: %s", "新增定期职责：%s", x.Name)
	}, func(x *Attestation) {
		d.say(Major, "attestations."+x.Name, x.Pos, "A duty of ours is gone: %s", "取消定期职责：%s", x.Name).Reduces = true
	}, func(x, y *Attestation) {
		d.clock("attestations."+y.Name, y.Pos, y.Name+", every", y.Name+"的周期", x.Every, y.Every)
	})
}

func (d *differ) clauses() {
	p := part[Clause]{name: func(c *Clause) string { return c.ID }}
	match(p, d.a.clauses, d.b.clauses, func(c *Clause) {
		d.say(Minor, "clauses."+c.ID, c.Pos, "New sentence: %s", "新增条款：%s", c.Says)
	}, func(c *Clause) {
		w := Minor
		if c.Kind == "promise" {
			w = Major
		}
		d.say(w, "clauses."+c.ID, c.Pos, "No longer said: %s", "删除条款：%s", c.Says).Reduces = w == Major
	}, func(a, b *Clause) {
		d.reworded("clauses."+b.ID, b.Pos, a.Says, b.Says)
		if !slices.Equal(a.Keeps, b.Keeps) || !slices.Equal(a.About, b.About) || a.Section != b.Section {
			d.say(Technical, "clauses."+b.ID, b.Pos, "Kept by other controls, or in another place: %s", "执行控制或位置有变更：%s", b.Says)
		}
	})
}
