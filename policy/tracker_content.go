package policy

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	anyEmail = pattern(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	anyPhone = pattern(`\+[1-9][0-9]{9,14}\b`)
)

// holdsOther says what a cookie's value holds that no cookie may: something that is
// never collected or sensitive, somebody's address or number in clear, or more bytes
// than are declared. It names kinds, and repeats no value.
func (p *Policy) holdsOther(c *Cookie, value string) (out []string) {
	found := func(what string) {
		if !slices.Contains(out, what) {
			out = append(out, what)
		}
	}
	if c.Size > 0 && len(value) > c.Size {
		found(fmt.Sprintf("%d bytes, and %d are declared", len(value), c.Size))
	}
	for _, text := range readings(value) {
		for _, pattern := range []string{"payment-card", "cn-resident-id", "coordinates"} {
			if contains(pattern, text) {
				found("a " + strings.ReplaceAll(pattern, "-", " "))
			}
		}
		if anyEmail().MatchString(text) {
			found("an e-mail address")
		}
		if anyPhone().MatchString(text) {
			found("a phone number")
		}
	}
	return out
}

// mostLooked is how much of a value is looked at: a browser keeps 4096 bytes of a cookie.
const mostLooked = 8192

// readings are what a value may say: as it stands, and as it is usually wrapped up.
func readings(value string) []string {
	if len(value) > mostLooked {
		value = value[:mostLooked]
	}
	out := []string{value}
	if plain, err := url.QueryUnescape(value); err == nil && plain != value {
		out = append(out, plain)
	}
	for _, text := range slices.Clone(out) {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '|' || r == '"' || r == ':' }) {
			for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				b, err := e.DecodeString(strings.TrimRight(part, "="))
				if err == nil && len(b) >= 6 && printable(b) && !slices.Contains(out, string(b)) {
					out = append(out, string(b))
				}
			}
		}
	}
	return out
}

// printable reports whether bytes are a text rather than a number.
func printable(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	return !slices.ContainsFunc([]rune(string(b)), func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) })
}

// OwnCookies lists what avow itself keeps in browsers. They are essential, stand
// beside those of the policy wherever cookies are listed, and are set on no other
// site.
func OwnCookies() []*Cookie {
	words := func(en, zh string) Text { return NewText(map[string]string{"en": en, "zh-CN": zh}) }
	own := func(name string, title, content, without Text, life Period, session bool, names ...string) *Cookie {
		return &Cookie{
			Name: name, Title: title, Class: Essential, Kind: "cookie", Names: names, Lifetime: life, Session: session,
			SetBy: FirstParty, Content: content, Without: without, Clause: "",
		}
	}
	return []*Cookie{
		own("avow-cookies", words("Your choice about cookies", "您的 Cookie 选择"),
			words("A random number, and the names of what you let in; after a no, no number", "随机编号及您允许的项目名称；拒绝后不含编号"),
			words("You are asked at each visit", "每次访问均会询问"), Period{Days: 366}, false, "avow-cookies*"),
		own("avow-sign-in", words("Sign-in to this privacy centre", "隐私中心登录"),
			words("A sealed random number that keeps you signed in", "用于保持登录的加密随机编号"),
			words("Signing in, and everything behind it", "登录及登录后的全部功能"), Period{Days: 1}, false, "avow-person*", "avow-staff*", "avow-store*"),
		own("avow-lang", words("Your language", "您选择的语言"), words("The language you chose", "您选择的语言"),
			words("The language of your browser is taken", "使用浏览器的语言"), Period{Days: 366}, false, "avow-lang"),
	}
}
