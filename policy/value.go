package policy

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/checkdigit"
)

// MaxValue is the greatest length of one value, in bytes.
const MaxValue = 64 << 10

// Types lists the types that items can have, sorted.
func Types() []string {
	var names []string
	for t := range valueTypes {
		names = append(names, t.name)
	}
	return names
}

func typeNamed(name string) (valueType, bool) {
	for t := range valueTypes {
		if t.name == name {
			return t, true
		}
	}
	return valueType{}, false
}

// Normal checks that value is of a type and returns the one form in which such
// values are compared: e-mail in lower case with the domain in ASCII (IDNA),
// phone in E.164, addresses in their canonical text, everything in Unicode
// NFKC but secrets and text (NFC). Phones need their country here;
// [Policy.Normal] takes the controller's where none is written. The error is
// fault.Invalid; it says what was expected and never holds the value.
func Normal(typ, value string) (string, error) { return normal(typ, value, "") }

// Normal is the package's [Normal] in the controller's country.
func (p *Policy) Normal(typ, value string) (string, error) {
	return normal(typ, value, p.controller.Country.String())
}

func normal(typ, value, region string) (string, error) {
	t, ok := typeNamed(typ)
	if !ok {
		return "", fault.New(fault.Invalid, "no values have the type %q; %s", shown(typ), suggest(typ, Types()))
	}
	return t.check(value, region)
}

// check is [Normal] for a known type.
func (t *valueType) check(value, region string) (string, error) {
	switch {
	case len(value) > MaxValue:
		return "", fault.New(fault.Invalid, "the value is longer than %d bytes; store it elsewhere and give its reference", MaxValue)
	case !utf8.ValidString(value):
		return "", fault.New(fault.Invalid, "the value is not UTF-8 text; send it as UTF-8")
	case strings.TrimSpace(value) == "":
		return "", fault.New(fault.Invalid, "the value is empty; leave it out, or give %s", t.what)
	}
	if n := t.normal(value, region); n != "" {
		return n, nil
	}
	return "", fault.New(fault.Invalid, "the value is not %s; correct it", t.what)
}

// Mask gives a value of a type in the form that shows least and still lets its
// owner recognise it. What is not of the type is masked whole.
func Mask(typ, value string) string {
	t, ok := typeNamed(typ)
	if !ok {
		return maskAll(value)
	}
	n, err := t.check(value, "")
	if err != nil {
		return maskAll(value)
	}
	return t.mask(n)
}

// line is v trimmed and in NFKC, "" when it has control characters or is
// longer than most.
func line(v string, most int) string {
	v = strings.TrimSpace(norm.NFKC.String(v))
	if len(v) > most || strings.ContainsFunc(v, unicode.IsControl) {
		return ""
	}
	return v
}

// compact is v in NFKC without what people put between digits.
func compact(v string) string {
	return strings.Map(func(r rune) rune {
		if separator(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(v))
}

func separator(r rune) bool {
	switch r {
	case '-', '.', '/', '\u2010', '\u2011', '\u2013', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
		return true
	}
	return unicode.IsSpace(r)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, digits) == "" }

func opaque(v, _ string) string {
	v = line(v, 256)
	if strings.ContainsFunc(v, unicode.IsSpace) {
		return ""
	}
	return v
}

func country(v, _ string) string {
	v = strings.ToUpper(line(v, 8))
	if _, err := ParseRegion(v); err != nil {
		return ""
	}
	return v
}

func date(v, _ string) string {
	v = line(v, 32)
	if t, err := time.Parse(time.DateOnly, v); err != nil || t.Year() < 1850 || t.Year() > 2200 {
		return ""
	}
	return v
}

func instant(v, _ string) string {
	t, err := time.Parse(time.RFC3339Nano, line(v, 64))
	if err != nil || t.UTC().Year() < 1850 || t.UTC().Year() > 2200 {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func flagValue(v, _ string) string {
	if v = line(v, 8); v == "true" || v == "false" {
		return v
	}
	return ""
}

func email(v, _ string) string {
	v = strings.ToLower(line(v, 320))
	at := strings.LastIndexByte(v, '@')
	if at < 1 || at > 64 {
		return ""
	}
	local := norm.NFKC.String(v[:at])
	bad := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"(),:;<>@[\]`, r) }
	if strings.ContainsFunc(local, bad) || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return ""
	}
	domain, err := idna.Lookup.ToASCII(strings.TrimSuffix(v[at+1:], "."))
	if err != nil || len(domain) > 253 || !hostName().MatchString(domain) {
		return ""
	}
	if out := local + "@" + domain; len(out) <= 254 { // RFC 5321 4.5.3.1.3
		return out
	}
	return ""
}

var hostName = pattern(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)

func phone(v, region string) string {
	v = strings.TrimPrefix(line(v, 64), "tel:")
	if rest, ok := strings.CutPrefix(v, "00"); ok {
		v = "+" + rest
	}
	n, err := phonenumbers.Parse(v, region)
	if err != nil || n.GetExtension() != "" || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return ""
	}
	out := phonenumbers.Format(n, phonenumbers.E164)
	if out == v {
		return out
	}
	// What looks like a national prefix in a number that cannot be dialled is
	// cut off again at each reading: such a number has no one form.
	if again, err := phonenumbers.Parse(out, ""); err != nil || phonenumbers.Format(again, phonenumbers.E164) != out {
		return ""
	}
	return out
}

func imei(v, _ string) string {
	if v = compact(v); len(v) == 15 && allDigits(v) && checkdigit.Luhn(v) {
		return v
	}
	return ""
}

// imsi checks length and the first digit of the country code (ITU E.212).
func imsi(v, _ string) string {
	if v = compact(v); (len(v) == 14 || len(v) == 15) && allDigits(v) && v[0] >= '2' && v[0] <= '7' {
		return v
	}
	return ""
}

func ipAddress(v, _ string) string {
	a, err := netip.ParseAddr(line(v, 64))
	if err != nil {
		return ""
	}
	return a.Unmap().WithZone("").String()
}

func mac(v, _ string) string {
	a, err := net.ParseMAC(line(v, 64))
	if err != nil || len(a) != 6 {
		return ""
	}
	return a.String()
}

func personName(v, _ string) string {
	v = strings.Join(strings.Fields(line(v, 400)), " ")
	if !strings.ContainsFunc(v, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	return v
}

var decimals = pattern(`^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$`)

func decimal(v, _ string) string {
	if v = line(v, 64); decimals().MatchString(v) {
		return strings.TrimPrefix(v, "+")
	}
	return ""
}

var passports = pattern(`^[A-Z0-9]{6,9}$`)

// passport checks the form of ICAO 9303: six to nine letters and digits, most
// of them digits.
func passport(v, _ string) string {
	v = strings.ToUpper(compact(v))
	if !passports().MatchString(v) || len(strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) < 5 {
		return ""
	}
	return v
}

var postalCodes = pattern(`^[A-Z0-9]([A-Z0-9 -]{1,10})[A-Z0-9]$`)

func postalCode(v, _ string) string {
	if v = strings.ToUpper(line(v, 32)); postalCodes().MatchString(v) {
		return v
	}
	return ""
}

// secret keeps every character (RFC 8265 4.2: NFC), because it is compared.
func secret(v, _ string) string {
	v = norm.NFC.String(v)
	if len(v) < 8 || len(v) > 1024 || strings.ContainsFunc(v, unicode.IsControl) {
		return ""
	}
	return v
}

func plainText(v, _ string) string {
	v = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(v, "\r\n", "\n")))
	if strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return ""
	}
	return v
}

func webAddress(v, _ string) string {
	u, err := url.Parse(line(v, 2048))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsFunc(u.Host, unicode.IsSpace) {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	return u.String()
}
