package policy

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Gone stands where something was taken out of a text.
const Gone = "[removed]"

// What is taken out of the text of a log or report, in this order.
var (
	scrubPairs   = pattern(`(?i)("?\b(?:user_?name|nick_?name|full_?name|first_?name|last_?name|name|user|login|account|contact|address|addr|passw(?:or)?d|pwd|token|secret|cookie|session(?:_?id)?|authorization|uid|openid)"?\s*[=:]\s*)("[^"]*"|'[^']*'|(?:bearer\s+|basic\s+)?[^\s,;&}\]]+)`)
	scrubChinese = pattern(`((?:姓名|昵称|用户名|账号|地址|密码|联系人)\s*[=:：]\s*)([^\s,;，；。]+)`)
	scrubEmail   = pattern(`[\p{L}\p{N}._%+'-]+[@＠][\p{L}\p{N}-]+(?:[.．][\p{L}\p{N}-]+)+`)
	scrubWeb     = pattern(`(?i)\b([a-z][a-z0-9+.-]*://)(?:[^\s/@]*@)?([^\s/?#"'<>)]*)([^\s?#"'<>)]*)([?#][^\s"'<>)]*)?`)
	scrubMAC     = pattern(`\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b`)
	scrubIPv6    = pattern(`(?i)(?:\b[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})*\b|\b(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4})?(?::[0-9a-f]{1,4})*`)
	scrubIPv4    = pattern(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)
	scrubUUID    = pattern(`(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b`)
	scrubPlace   = pattern(`[+-]?\d{1,3}\.\d{3,}°?\s*[,;/ ]\s*[+-]?\d{1,3}\.\d{3,}`)
	scrubDay     = pattern(`^\d{4}-(?:0\d|1[0-2])-[0-3]\d(?: [0-2]\d)?$`) // a day, and the hour after it
	scrubDigits  = pattern(`[+＋]?\p{Nd}(?:[\p{Zs}()（）－-]{0,2}\p{Nd}){6,}[xXｘＸ]?`)
)

// Scrub takes details of people out of a text: e-mail addresses, telephone, card
// and other long numbers, network and device addresses, places, the query of web
// addresses, whatever stands after a name such as user= or password:, and every
// value of known, longer than a character, wherever it stands. Numbers and e-mail
// addresses are found in the full-width forms of a Chinese keyboard too, and numbers in
// the digits of any script. A name in free prose that is not among known is not found.
func Scrub(text string, known ...string) string {
	for _, k := range known {
		if k = strings.TrimSpace(k); len([]rune(k)) > 1 {
			text = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(k)).ReplaceAllString(text, Gone)
		}
	}
	text = scrubWeb().ReplaceAllStringFunc(text, func(s string) string {
		m := scrubWeb().FindStringSubmatch(s)
		if m[4] != "" {
			return m[1] + m[2] + m[3] + m[4][:1] + Gone
		}
		return m[1] + m[2] + m[3]
	})
	text = scrubEmail().ReplaceAllString(text, Gone)
	text = scrubPairs().ReplaceAllString(text, "${1}"+Gone)
	text = scrubChinese().ReplaceAllString(text, "${1}"+Gone)
	for _, form := range []func() *regexp.Regexp{scrubUUID, scrubMAC, scrubIPv6, scrubIPv4, scrubPlace} {
		text = form().ReplaceAllString(text, Gone)
	}
	return scrubDigits().ReplaceAllStringFunc(text, func(s string) string {
		if isDay(s) {
			return s
		}
		return Gone
	})
}

// isDay reports whether digits are a day, in whatever width they are written.
func isDay(digits string) bool { return scrubDay().MatchString(norm.NFKC.String(digits)) }

// Scrubbed returns the values as they may be kept: of items that the policy has
// scrubbed, without details of people. Values that come along are known, and taken
// out of each other. It returns given itself where nothing is scrubbed.
func (p *Policy) Scrubbed(given []Given) []Given {
	out := given
	for i, v := range given {
		it, ok := p.items.byName[v.Item]
		if !ok || !it.Scrub || len(v.Value) > MaxValue {
			continue
		}
		if &out[0] == &given[0] {
			out = append([]Given(nil), given...)
		}
		out[i].Value = Scrub(v.Value, p.told(given, i)...)
	}
	return out
}

// told lists what other values say about the person by name.
func (p *Policy) told(given []Given, but int) []string {
	var known []string
	for i, v := range given {
		it, ok := p.items.byName[v.Item]
		if i != but && ok && !it.Scrub && len(v.Value) < 256 &&
			(it.Identifier != "" || it.Type == "name" || it.Type == "address" || it.Type == "account-id") {
			known = append(known, v.Value)
		}
	}
	return known
}
