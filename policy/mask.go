package policy

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"
)

func maskAll(string) string { return "***" }

// maskTail shows the last four characters of what has at least twelve.
func maskTail(v string) string {
	r := []rune(v)
	if len(r) < 12 {
		return maskAll(v)
	}
	return "***" + string(r[len(r)-4:])
}

// LastDigits shows the last four characters of what has at least twelve, and
// nothing of what is shorter.
func LastDigits(v string) string { return maskTail(v) }

// maskEnds shows the first and the last character of what has at least six.
func maskEnds(v string) string {
	r := []rune(v)
	if len(r) < 6 {
		return maskAll(v)
	}
	return string(r[0]) + "***" + string(r[len(r)-1])
}

// maskStart shows the first two characters of what has at least six.
func maskStart(v string) string {
	r := []rune(v)
	if len(r) < 6 {
		return maskAll(v)
	}
	return string(r[:2]) + "***"
}

// maskPage shows where a page is and not which it is.
func maskPage(v string) string {
	if strings.HasPrefix(v, "/") {
		return "/***"
	}
	return maskURL(v)
}

func maskEmail(v string) string {
	local, domain, _ := strings.Cut(v, "@")
	r, _ := utf8.DecodeRuneInString(local)
	return string(r) + "***@" + domain
}

// maskPhone shows the last two digits; the country stays readable.
func maskPhone(v string) string { return v[:3] + "***" + v[len(v)-2:] }

func maskName(v string) string {
	r, _ := utf8.DecodeRuneInString(v)
	return string(r) + "**"
}

// maskIP keeps the network: 24 bits of IPv4, 48 of IPv6.
func maskIP(v string) string {
	a, err := netip.ParseAddr(v)
	if err != nil {
		return maskAll(v)
	}
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // both lengths fit
	return p.String()
}

func maskURL(v string) string {
	u, err := url.Parse(v)
	if err != nil {
		return maskAll(v)
	}
	return u.Scheme + "://" + u.Host + "/***"
}
