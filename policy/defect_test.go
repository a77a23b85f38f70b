package policy

import (
	"strings"
	"testing"
)

// A defect is one class of defect, put into the whole policy: old becomes new,
// and lint then finds the code on the line that holds at ("": new).
type defect struct {
	name, old, new string
	code           string
	severity       Severity
	at             string
}

const (
	e = SeverityError
	w = SeverityWarning
)

// The classes are those of the five published texts (../shared/promises), in
// the order of the parts of a policy.
func headDefects() []defect {
	return []defect{
		{"template residue", "en: Teahouse, zh-CN: 茶馆}\nlabel", "en: \"{{combo.product.name}}\", zh-CN: 茶馆}\nlabel", "text.template", e, "combo"},
		{"template tag in a value", "number: 91310000MA1FL00001", "number: \"{content:precontent}\"", "text.template", e, ""},
		{"HTML entities", "en: \"Me, Settings, Close\"", "en: \"find&quot; Personal Center; &quot;\"", "text.entity", e, ""},
		{"a gap nobody filled", "en: The shop opened.", "en: Contact our service ( ) soon.", "text.blank", e, ""},
		{"placeholder address", "en: 1 Tea Street Shanghai", "en: Address to be filled", "placeholder", e, ""},
		{"placeholder phone", "phone: +86 21 6123 4567", "phone: +86-XXX-XXXX-XXXX", "placeholder", e, ""},
		{"placeholder controller", "en: \"Teahouse Co., Ltd.\"", "en: Example Company", "placeholder", e, ""},
		{"reserved domain", "email: privacy@teahouse.cn", "email: privacy@example.com", "placeholder", e, ""},
		{"no legal entity", "  name: {en: \"Teahouse Co., Ltd.\", zh-CN: 茶馆有限公司}\n", "", "controller.unnamed", e, "language-server"},
		{"no address", "  address: {en: 1 Tea Street Shanghai, zh-CN: 上海市茶街1号}\n", "", "controller.no-address", w, "Teahouse Co."},
		{"empty contact", "phone: +86 21 6123 4567", "phone: \"\"", "contact.empty", e, ""},
		{"officer out of reach", ", email: officer@teahouse.cn, phone: +86 21 6123 4568}", "}", "contact.empty", e, "officer: {name"},
		{"plain http contact", "web: \"https://teahouse.cn\"", "web: \"http://teahouse.cn\"", "contact.insecure", w, ""},
		{"no authority", "  authority: {name: {en: Cyberspace Administration of China, zh-CN: 国家互联网信息办公室}, url: \"https://www.12377.cn\"}\n", "", "authority.unnamed", w, "Teahouse Co."},
		{"a company as authority", "en: Cyberspace Administration of China", "en: NetEase", "authority.company", w, ""},
		{"no effective date", "effective: 2026-01-15\n", "", "date.missing", w, "language-server"},
		{"no update date", "updated: 2026-01-01\n", "", "date.updated", w, "language-server"},
		{"effect before update", "effective: 2026-01-15", "effective: 2022-06-20", "date.order", w, ""},
		{"years between update and effect", "updated: 2026-01-01\neffective: 2026-01-15\npublished: 2026-01-02\nrevision: {reasons: [business, law], note: {en: The shop opened., zh-CN: 商店开业。}}", "updated: 2015-08-20\neffective: 2021-11-01\npublished: 2022-03-07", "date.gap", w, "effective: 2021"},
		{"published before the update", "published: 2026-01-02", "published: 2025-12-31", "date.published", w, ""},
		{"malformed date", "updated: 2026-01-01", "updated: 2022Year8Month23Day", "value.date", e, ""},
		{"no version", "label: \"2026-01-01\"\n", "", "head.label", w, "language-server"},
		{"filing without number", "number: 沪ICP备2026000001号", "number: \"\"", "filing.empty", e, ""},
		{"the seat's law unnamed", "{law: pipl}, ", "", "law.unnamed", w, "laws:"},
		{"a language is missing", "en: Finding a shop, zh-CN: 查找门店", "en: Finding a shop", "text.missing", e, ""},
		{"Chinese left in English", "en: Staff training,", "en: 品质保证,", "text.script", w, ""},
		{"agreement by use", "agreement: act", "agreement: use", "consent.by-use", w, ""},
		{"silence accepts", "silence: refused", "silence: accepted", "consent.by-silence", w, ""},
		{"a law is not told of", "agreement: act, ", "", "law.silent", w, "laws:"},
	}
}

func dataDefects() []defect {
	return []defect{
		{"purpose without basis", "basis: contract, under: service, refs", "under: service, refs", "purpose.no-basis", e, "orders:"},
		{"law not cited", "basis: legal-obligation, cite: {en: Tax Collection Law, zh-CN: 《税收征收管理法》}, serves", "basis: legal-obligation, serves", "purpose.no-cite", e, "books:"},
		{"purpose nobody declared", "purposes: [account, orders], necessary", "purposes: [account, marketing], necessary", "name.unknown", e, ""},
		{"interest not named", "basis: consent, interest: {en: Our wares stay ours., zh-CN: 保护财产。}, automated", "basis: legitimate-interest, automated", "purpose.no-interest", w, ""},
		{"marketing without refusal", "basis: consent, separate: true, marketing: true, opt_out: true, lapses: P1Y}", "basis: contract, marketing: true}", "purpose.no-opt-out", w, ""},
		{"a right to refuse nothing", "separate: true, marketing: true, opt_out: true", "separate: true", "right.nothing-to-refuse", w, "opt-out:"},
		{"no way back", "  withdrawal: {title: {en: Take consent back, zh-CN: 撤回}, channels: [settings, email], verify: login, reply: 15wd, done: P15D}\n", "", "consent.no-way-back", w, "access:"},
		{"item without purpose", "purposes: [account], kinds", "kinds", "item.no-purpose", e, "account.certificate"},
		{"item without retention", "about_others: redact, keep: idle", "about_others: redact", "item.no-retention", e, ""},
		{"item without reader", "purposes: [account], kinds", "purposes: [claims], kinds", "item.no-reader", w, ""},
		{"item without source", "source: given, at: [registration], purposes: [account], kinds", "at: [registration], purposes: [account], kinds", "item.no-source", e, ""},
		{"item without type", "type: order, ", "", "item.no-type", e, "order.id"},
		{"item not necessary by its own words", "necessary: {en: The nearest shop is found by it., zh-CN: 用于查找最近的门店。}, ", "", "law.silent", w, "laws:"},
		{"sensitive item not called so", "sensitive: true, ", "", "item.not-sensitive", w, "here:"},
		{"place without precision", "precision: city, ", "", "item.no-precision", w, "net.place"},
		{"other people's data", "about_others: redact, ", "", "item.others", w, "order.message"},
		{"partners nobody names", "from: {en: Tea growers, zh-CN: 茶农}, ", "", "item.no-giver", w, "account.feed"},
		{"computed from nothing", "derived_from: [net.ip], ", "", "item.no-origin", w, "net.place"},
		{"never and yet", "category: user.biometric, unless: [law]", "category: user.contact", "item.never", e, "account.email:"},
		{"excluded and yet collected", "categories: [user.content.public]", "categories: [user.behavior]", "excluded.collected", w, ""},
		{"excluded without a rule", "rule: {en: Everybody can read them., zh-CN: 所有人均可阅读。}, ", "", "excluded.no-rule", w, "reviews:"},
		{"excluded is nothing", "kind: linked-site, ", "", "excluded.no-kind", e, "links:"},
		{"retention without end", "for: P30D, bucket: P1D, then", "then", "keep.no-end", e, "visits:"},
		{"retention by an uncited law", "ground: law, fixed: true, cite: {en: Tax Collection Law, zh-CN: 《税收征收管理法》}}", "ground: law}", "keep.no-cite", e, "books: {title: {en: Ten"},
		{"assumed, not why", ", assumed: true, why: {en: The text names no time, zh-CN: 文本未写明期限}}\n  books", ", assumed: true}\n  books", "assumed.no-why", e, "visits:"},
		{"minors and no age asked", "declare: adulthood, ", "", "minor.unknown", w, "minors:"},
		{"minors and nobody says their age", "declare: adulthood", "declare: nothing", "minor.contradiction", w, ""},
		{"guardians without contact", "channels: [email, phone], never", "never", "minor.no-channel", w, "minors:"},
		{"guardian's proof", "proof: written, ", "", "people.proof", w, "minors:"},
		{"minors' rule without age", "  adult_age: 18\n", "", "people.age", e, "minors:"},
	}
}

func otherDefects() []defect {
	return []defect{
		{"permission without purpose", "purpose: place, items: [here], purposes: [ads], ", "", "permission.no-purpose", e, "location:"},
		{"permission without function", "function: {en: The map of our shops, zh-CN: 门店地图}, ", "", "permission.no-function", e, "location:"},
		{"permission not asked", "asked: true", "asked: false", "permission.not-asked", w, ""},
		{"permission for good", "revocable: true", "revocable: false", "permission.for-good", w, ""},
		{"permission reads more", "items: [here]", "items: [order.id]", "permission.item", e, ""},
		{"cookie without class", "class: marketing, ", "", "cookie.no-class", e, "ads: {title: {en: Advertising, zh-CN: 广告}, purposes"},
		{"cookie without purpose", "purpose: account, session", "session", "cookie.no-purpose", e, ""},
		{"cookie without lifetime", "lifetime: P90D, ", "", "cookie.no-lifetime", e, "class: marketing"},
		{"cookie with two lifetimes", "session: true", "session: true, lifetime: P1Y", "cookie.two-lifetimes", e, ""},
		{"essential advertising", "class: marketing", "class: essential", "cookie.not-essential", e, ""},
		{"cookies without consent", "cookies: banner", "cookies: browser", "cookie.no-choice", w, ""},
		{"beacons without choice", "beacons: banner", "beacons: browser", "beacon.no-choice", w, ""},
		{"beacon on no page", "purposes: [counts], at: [browse]", "purposes: [counts]", "beacon.no-page", e, ""},
		{"beacon that sends what", "items: [web.visit], set_by", "set_by", "beacon.no-items", e, ""},
		{"recipient unnamed", "en: Leaf Media AG", "en: partners and other third parties", "recipient.unnamed", w, ""},
		{"a server provider unnamed", "en: Leaf Media AG", "en: Cloud server provider", "recipient.unnamed", w, ""},
		{"recipient without agreement rule", "agreement: required, audit", "audit", "recipient.no-agreement", e, "ad-network:"},
		{"recipient without limit", "purposes: [ads], items: [web.cookie], country", "purposes: [ads], country", "recipient.open", e, ""},
		{"recipient with an undeclared item", "items: [web.cookie], country", "items: [order.history], country", "name.unknown", e, ""},
		{"recipient without policy", "url: \"https://leaf.test/privacy\", ", "", "recipient.no-url", w, "ad-network:"},
		{"recipient by plain http", "https://leaf.test/privacy", "http://leaf.test/privacy", "recipient.plain-http", w, ""},
		{"recipient nobody knows where", "country: DE, devices", "devices", "recipient.no-country", w, "ad-network:"},
		{"recipient abroad without leave", "  abroad: [explicit-consent]\n", "", "recipient.abroad", e, "ad-network:"},
		{"abroad without safeguard", "  safeguards: [contract-clauses]\n", "", "law.silent", w, "laws:"},
		{"never shared and yet", "stance: listed", "stance: never", "sharing.contradiction", e, ""},
		{"never shared, with recipients", "allow: [consent, legal, succession, statistics]", "allow: []", "sharing.never", e, ""},
		{"a case that is not allowed", "allow: [consent, legal, succession", "allow: [consent, succession", "sharing.case-unlisted", e, "cases:"},
		{"a sale nobody speaks of", "  sale: never\n", "", "sharing.sale", w, "allow:"},
		{"business moves unseen", "succession: {notice: before, before: P30D", "succession: {notice: none, before: P30D", "succession.no-notice", w, ""},
		{"notice without lead", "notice: before, before: P30D, ", "notice: before, ", "succession.no-lead", w, ""},
		{"a store elsewhere", "country: CN, operator", "country: US, operator", "residency.place", e, ""},
		{"no storage country", "  store: [CN]\n", "", "residency.no-store", e, "abroad:"},
		{"counts of one", "  smallest_group: 20\n", "", "statistics.no-threshold", w, "share: [public]"},
		{"counts that leave without leave", "  share: [public]\n", "", "statistics.share", e, "sets:"},
		{"right without channel", "channels: [email, phone], verify: none, reply: 15wd}\n  explanation", "verify: none, reply: 15wd}\n  explanation", "right.no-channel", e, "complaint:"},
		{"right by a contact not given", "channels: [settings, chat]", "channels: [settings, post]", "right.channel", e, ""},
		{"right without clock", "explanation: {title: {en: Have it explained, zh-CN: 说明}, channels: [email, phone], verify: none, reply: 15wd}", "guardian-report: {title: {en: Report, zh-CN: 举报}, channels: [email, phone], verify: none}", "right.no-clock", e, "guardian-report:"},
		{"right a law gives", "  complaint: {title: {en: Complain, zh-CN: 投诉}, channels: [email, phone], verify: none, reply: 15wd}\n", "", "right.missing", w, "access:"},
		{"backups without time", "done: 15wd, backups: P30D", "done: 15wd", "right.backups", w, ""},
		{"empty circumstances", "circumstances: [{en: You took your consent back., zh-CN: 您撤回同意。}]", "circumstances: []", "list.empty", w, ""},
		{"empty paths", "paths: [{en: \"Me, Settings, Close\", zh-CN: 我的—设置—注销}]", "paths: []", "list.empty", w, ""},
		{"empty list of major changes", "what: [{en: A new purpose or recipient, zh-CN: 新增目的或接收方}]", "what: []", "list.empty", w, ""},
		{"major not defined", "  what: [{en: A new purpose or recipient, zh-CN: 新增目的或接收方}]\n", "", "changes.undefined", w, "major:"},
		{"changes without lead", "before: P7D, again: true, at: [login]", "again: true", "changes.no-lead", w, ""},
		{"changes on the page alone", "channels: [popup, email]", "channels: [page]", "changes.passive", w, ""},
		{"changes without channel", "channels: [popup, email], before", "before", "changes.no-channel", e, ""},
		{"incident without clock", "authority: PT72H, ", "", "incident.no-clock", w, "incidents:"},
		{"incident too late", "authority: PT72H", "authority: P30D", "law.late", w, ""},
		{"incident without channel", "people: P3D, channels: [email, sms]", "people: P3D", "incident.no-channel", e, ""},
		{"plain hash", "keyed-hash", "sha256", "security.plain-hash", w, ""},
		{"duty without interval", "every: P1Y, owner: officer", "owner: officer", "attestation.no-period", e, ""},
		{"duty without owner", "owner: officer, ", "", "attestation.no-owner", w, "staff-training:"},
		{"duty nobody has", "  staff-training: {title", "  staff-schooling: {title", "attestation.missing", w, "T-2"},
		{"topic without a section", "stages: [collect, protect]", "stages: [collect, transfer]", "stage.unbound", e, ""},
		{"empty section", "section: security, says", "section: collection, says", "section.empty", e, "security: {title: {en: How"},
		{"clause in no section", "section: security, says", "section: sharing, says", "name.unknown", e, "T-2"},
		{"clause nothing keeps", "keeps: [staff.training], ", "", "clause.unkept", w, "T-2"},
		{"clause about nothing", "about: [attestations.staff-training", "about: [attestations.staff-trainin", "name.unknown", e, "T-2"},
		{"two clauses with one number", "id: T-2", "id: T-1", "clause.twice", e, "Staff are trained"},
	}
}

func textDefects() []defect {
	const old = "en: Staff are trained every year."
	says := func(name, text, code string) defect {
		return defect{name, old, "en: \"" + text + "\"", code, w, "T-2"}
	}
	return []defect{
		says("open list", "We collect data, including but not limited to your name.", "text.open-list"),
		says("and other related information", "We read the WiFi name and other related data.", "text.open-list"),
		says("retention vague", "We keep data only as long as necessary.", "text.vague"),
		says("deadline unset", "We delete it within a specified period.", "text.vague"),
		says("interval unset", "We conduct regular security audits.", "text.vague"),
		says("no standard", "We use industry-standard protection.", "text.vague"),
		says("circumstances unlisted", "You may ask for deletion in certain circumstances.", "text.vague"),
		says("soft deadline", "Normally, we will reply within 48 hours.", "text.soft"),
		says("softened in general", "In general we respond within 15 working days.", "text.soft"),
		says("unverifiable absolute", "We make sure that your data is fully protected.", "text.absolute"),
		says("bundled consent", "By using our platform you agree to everything here.", "text.deemed"),
		says("deemed consent", "Who goes on is deemed to accept the new terms.", "text.deemed"),
		says("doubled word", "We have legitimate, legitimate and clear purposes.", "text.repeated"),
		says("open bracket", "We read your device (model and system.", "text.brackets"),
		says("fragment", "To exchange information with other companies", "text.unfinished"),
		says("announces nothing", "Such information includes:", "text.announces"),
		says("name variants", "The TeaHouse policy holds here.", "name.variant"),
	}
}

func TestEveryClassOfDefectIsFoundAtItsLine(t *testing.T) {
	src := entire(t)
	for _, d := range append(append(append(headDefects(), dataDefects()...), otherDefects()...), textDefects()...) {
		t.Run(strings.ReplaceAll(d.name, " ", "-"), func(t *testing.T) {
			broken := edit(t, src, d.old, d.new)
			if d.name == "item without reader" {
				broken = edit(t, broken, "  rights: {title: {en: Your rights", "  claims: {title: {en: Claims, zh-CN: 法律主张}, basis: legal-obligation, cite: {en: PIPL Art. 69, zh-CN: 第六十九条}, serves: claims, all_items: true}\n  rights: {title: {en: Your rights")
			}
			_, all, err := Load("whole.yaml", []byte(broken), nil)
			if ps, ok := err.(Problems); ok && len(all) == 0 {
				all = ps
			}
			mark := d.at
			if mark == "" {
				mark = d.new
			}
			for _, f := range all {
				line := strings.Split(broken, "\n")[f.Pos.Line-1]
				if f.Code == d.code && strings.Contains(line, mark) {
					if f.Severity != d.severity || f.Remedy == "" || f.Pos.Column == 0 {
						t.Errorf("%+v", f)
					}
					return
				}
			}
			t.Errorf("%s is not found at %q; found are %v", d.code, mark, all)
		})
	}
}
