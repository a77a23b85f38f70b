package seal

import (
	"net"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/checkdigit"
)

const (
	maxEmail  = 254 // RFC 5321 §4.5.3.1.3 less the angle brackets
	maxOpaque = 256
)

// NormalForm returns the one spelling of an identifier under which it is
// indexed and compared. Kinds with rules of their own:
//
//   - email: spaces around it go, Unicode NFKC (full-width becomes plain), the
//     local part and the domain in lower case, the domain as IDNA ASCII (RFC
//     5891, UTS #46). Dots and +tags stay: they may be different people.
//   - phone: E.164. The number must begin with + or 00; for national numbers use
//     [NormalPhone].
//   - username: PRECIS UsernameCaseMapped (RFC 8265).
//   - imei: 15 digits with a right check digit. mac: lower case, colons. ip: the
//     canonical text, IPv4 where it is mapped. cn-resident-id: 18 characters with
//     a right check character (GB 11643).
//
// Every other kind is opaque: spaces around it go, Unicode NFC, at most 256
// bytes, no control characters.
//
// It returns fault.Invalid, naming the kind and the fault and never the value.
func NormalForm(kind, value string) (string, error) {
	if kind == "" {
		return "", fault.New(fault.Invalid, "an identifier has no kind; name one, such as email or phone")
	}
	if !utf8.ValidString(value) {
		return "", refuse(kind, "is not valid UTF-8", "send it as UTF-8")
	}
	switch kind {
	case "email":
		return normalEmail(value)
	case "phone":
		return NormalPhone("", value)
	case "username":
		return normalUsername(value)
	case "imei":
		return normalIMEI(value)
	case "mac":
		return normalMAC(value)
	case "ip":
		return normalIP(value)
	case "cn-resident-id":
		return normalResidentID(value)
	}
	return normalOpaque(kind, value)
}

// NormalPhone returns the E.164 form of a phone number. region (ISO 3166, such
// as CN) says what a number without a country code means; with none, such a
// number is refused.
func NormalPhone(region, value string) (string, error) {
	text := strings.TrimSpace(norm.NFKC.String(value))
	text = strings.TrimPrefix(text, "tel:")
	if rest, ok := strings.CutPrefix(text, "00"); ok {
		text = "+" + rest
	}
	if text = leadingPlus(text); len(text) > maxOpaque {
		return "", refuse("phone", "is too long", "send one phone number")
	}
	number, err := phonenumbers.Parse(text, region)
	if err != nil || strings.ContainsFunc(text, unicode.IsLetter) && number.GetExtension() == "" {
		return "", refuse("phone", "is not a phone number, or lacks its country code", "write it as +86 138 0013 8000")
	}
	if number.GetExtension() != "" {
		return "", refuse("phone", "has an extension, which names no person's line", "send the number alone")
	}
	if !phonenumbers.IsPossibleNumber(number) {
		return "", refuse("phone", "has too few or too many digits for its country", "correct the number")
	}
	form := phonenumbers.Format(number, phonenumbers.E164)
	if form == text {
		return form, nil
	}
	// Some digits read differently a second time (0 after a country code).
	if again, err := phonenumbers.Parse(form, ""); err != nil || phonenumbers.Format(again, phonenumbers.E164) != form {
		return "", refuse("phone", "has a 0 too many after its country code", "correct the number")
	}
	return form, nil
}

// leadingPlus takes a parenthesis off in front of the plus: (+86) 138….
func leadingPlus(s string) string {
	if rest, ok := strings.CutPrefix(s, "(+"); ok {
		return "+" + strings.Replace(rest, ")", " ", 1)
	}
	return s
}

func normalEmail(value string) (string, error) {
	text := strings.ToLower(strings.TrimSpace(norm.NFKC.String(value)))
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at == len(text)-1 {
		return "", refuse("email", "lacks a name, an @ or a domain", "write it as name@example.com")
	}
	local, domain := text[:at], text[at+1:]
	if strings.ContainsFunc(local, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '@' || r == utf8.RuneError
	}) {
		return "", refuse("email", "has a space, a control character or a second @ before the domain", "write it as name@example.com")
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || !strings.Contains(ascii, ".") || strings.Contains(ascii, "..") || ascii[0] == '.' || len(ascii) > 253 {
		return "", refuse("email", "has a domain that cannot exist", "correct what follows the @")
	}
	local = norm.NFKC.String(local)
	if len(local)+1+len(ascii) > maxEmail {
		return "", refuse("email", "is longer than 254 bytes", "send one address")
	}
	return local + "@" + ascii, nil
}

func normalUsername(value string) (string, error) {
	text, err := precis.UsernameCaseMapped.String(strings.TrimSpace(value))
	if err != nil || text == "" {
		return "", refuse("username", "is empty or has characters that no user name may have", "use letters, digits and marks without spaces")
	}
	if len(text) > maxOpaque {
		return "", refuse("username", "is longer than 256 bytes", "shorten it")
	}
	return text, nil
}

func normalIMEI(value string) (string, error) {
	digits := compact(value)
	if len(digits) != 15 || strings.ContainsFunc(digits, notDigit) || !checkdigit.Luhn(digits) {
		return "", refuse("imei", "is not 15 digits with a right check digit", "read it again from the device")
	}
	return digits, nil
}

func normalMAC(value string) (string, error) {
	mac, err := net.ParseMAC(strings.TrimSpace(norm.NFKC.String(value)))
	if err != nil || len(mac) != 6 {
		return "", refuse("mac", "is not a 48-bit hardware address", "write it as 00:1b:44:11:3a:b7")
	}
	return mac.String(), nil
}

func normalIP(value string) (string, error) {
	ip, err := netip.ParseAddr(strings.TrimSpace(norm.NFKC.String(value)))
	if err != nil {
		return "", refuse("ip", "is not an IP address", "write it as 192.0.2.1 or 2001:db8::1")
	}
	return ip.Unmap().WithZone("").String(), nil
}

// normalResidentID checks the form and ISO 7064 MOD 11-2 of a Chinese resident
// identity number.
func normalResidentID(value string) (string, error) {
	text := strings.ToUpper(compact(value))
	bad := refuse("cn-resident-id", "is not 17 digits and a right check character", "copy it again from the card")
	if len(text) != 18 || strings.ContainsFunc(text[:17], notDigit) {
		return "", bad
	}
	if checkdigit.Mod11(text[:17]) != text[17] {
		return "", bad
	}
	return text, nil
}

func normalOpaque(kind, value string) (string, error) {
	text := strings.TrimSpace(norm.NFC.String(value))
	switch {
	case text == "":
		return "", refuse(kind, "is empty", "leave it out or give it")
	case len(text) > maxOpaque:
		return "", refuse(kind, "is longer than 256 bytes", "shorten it")
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", refuse(kind, "has a control character", "take it out")
	}
	return text, nil
}

// compact takes out what people put between digits.
func compact(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' || r == '/' {
			return -1
		}
		return r
	}, norm.NFKC.String(value))
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// refuse says what is wrong with a value without repeating it.
func refuse(kind, fact, remedy string) error {
	return fault.New(fault.Invalid, "this %s %s: %s", kind, fact, remedy)
}
