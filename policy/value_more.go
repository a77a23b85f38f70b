package policy

import (
	"strconv"
	"strings"
	"unicode"

	bcp47 "golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// address keeps its lines and drops the empty ones.
func address(v, _ string) string {
	var lines []string
	for l := range strings.Lines(plainText(v, "")) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) > 10 || !strings.ContainsFunc(v, unicode.IsLetter) {
		return ""
	}
	return strings.Join(lines, "\n")
}

var hex32 = pattern(`^[0-9a-f]{32}$`)

// advertisingID reads IDFA, OAID and the like: a UUID with or without hyphens,
// or 64 hexadecimal digits.
func advertisingID(v, _ string) string {
	v = strings.ToLower(line(v, 128))
	if d := strings.ReplaceAll(v, "-", ""); hex32().MatchString(d) || len(d) == 64 && strings.Trim(d, "0123456789abcdef") == "" {
		return d
	}
	return ""
}

// uuid is the lower-case form of RFC 9562.
func uuid(v, _ string) string {
	d := strings.ToLower(strings.ReplaceAll(line(v, 64), "-", ""))
	if !hex32().MatchString(d) {
		return ""
	}
	return d[:8] + "-" + d[8:12] + "-" + d[12:16] + "-" + d[16:20] + "-" + d[20:]
}

func androidID(v, _ string) string {
	if v = strings.ToLower(line(v, 32)); len(v) == 16 && strings.Trim(v, "0123456789abcdef") == "" {
		return v
	}
	return ""
}

var appIDs = pattern(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_-]+)+$`)

func appID(v, _ string) string {
	if v = line(v, 255); appIDs().MatchString(v) {
		return v
	}
	return ""
}

var amounts = pattern(`^(-?[0-9]{1,15}(?:\.[0-9]{1,4})?) ?([A-Z]{3})$`)

func amount(v, _ string) string {
	m := amounts().FindStringSubmatch(strings.ToUpper(line(v, 32)))
	if m == nil {
		return ""
	}
	return m[1] + " " + m[2]
}

var ibans = pattern(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)

// bankAccount takes an IBAN with right check digits (ISO 13616, MOD 97-10), or
// a national number of 6 to 20 digits.
func bankAccount(v, _ string) string {
	v = strings.ToUpper(compact(v))
	if allDigits(v) && len(v) >= 6 && len(v) <= 20 {
		return v
	}
	if !ibans().MatchString(v) {
		return ""
	}
	rest := 0
	for _, r := range v[4:] + v[:4] {
		if r >= 'A' {
			rest = (rest*100 + int(r-'A') + 10) % 97
			continue
		}
		rest = (rest*10 + int(r-'0')) % 97
	}
	if rest != 1 {
		return ""
	}
	return v
}

func cardNumber(v, _ string) string {
	if v = compact(v); paymentCard(v) {
		return v
	}
	return ""
}

var baseStations = pattern(`^[0-9]{3}-[0-9]{2,3}(-[0-9]{1,11}){1,3}$`)

// baseStation is country and network code (ITU E.212), area and cell.
func baseStation(v, _ string) string {
	if v = line(v, 48); baseStations().MatchString(v) {
		return v
	}
	return ""
}

// coordinates reads two decimal numbers of degrees (ISO 6709, human form).
func coordinates(v, _ string) string {
	a, b, ok := strings.Cut(line(v, 64), ",")
	lat, lon := decimal(a, ""), decimal(b, "")
	if !ok || !within(lat, 90) || !within(lon, 180) {
		return ""
	}
	return lat + ", " + lon
}

func within(degrees string, most float64) bool {
	d, err := strconv.ParseFloat(degrees, 64)
	return err == nil && d >= -most && d <= most
}

// cookieValue is a cookie-value of RFC 6265 4.1.1.
func cookieValue(v, _ string) string {
	if v == "" || len(v) > 4096 || strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`",;\`, r) }) {
		return ""
	}
	return v
}

// creditCode checks a unified social credit code (GB 32100-2015).
func creditCode(v, _ string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	v = strings.ToUpper(compact(v))
	if len(v) != 18 {
		return ""
	}
	sum, weight := 0, 1
	for i := range 17 {
		n := strings.IndexByte(alphabet, v[i])
		if n < 0 {
			return ""
		}
		sum += n * weight
		weight = weight * 3 % 31
	}
	if alphabet[(31-sum%31)%31] != v[17] {
		return ""
	}
	return v
}

func gender(v, _ string) string {
	switch v = strings.ToLower(line(v, 32)); v {
	case "female", "f", "女":
		return "female"
	case "male", "m", "男":
		return "male"
	case "other", "undisclosed":
		return v
	}
	return ""
}

func languageTag(v, _ string) string {
	t, err := bcp47.Parse(line(v, 64))
	if err != nil || t == bcp47.Und {
		return ""
	}
	return t.String()
}

// pageView takes a whole address or the path of a page.
func pageView(v, _ string) string {
	if v = line(v, 2048); strings.HasPrefix(v, "/") && !strings.ContainsFunc(v, unicode.IsSpace) {
		return v
	}
	return webAddress(v, "")
}

func placeName(v, _ string) string {
	if coordinates(v, "") != "" {
		return ""
	}
	return personName(v, "")
}

var screens = pattern(`^([0-9]{2,5}) ?[xX×*] ?([0-9]{2,5})$`)

func screen(v, _ string) string {
	m := screens().FindStringSubmatch(line(v, 32))
	if m == nil {
		return ""
	}
	return m[1] + "x" + m[2]
}

// answer keeps what people mean by an answer: letters without case, one space.
func answer(v, _ string) string {
	return strings.Join(strings.Fields(strings.ToLower(line(v, 256))), " ")
}

// ssid is a service set identifier of IEEE 802.11: at most 32 bytes.
func ssid(v, _ string) string {
	v = norm.NFC.String(v)
	if len(v) > 32 || strings.ContainsFunc(v, unicode.IsControl) {
		return ""
	}
	return v
}

func userAgent(v, _ string) string { return line(v, 1024) }

var versions = pattern(`^v?([0-9]{1,9}(\.[0-9A-Za-z]{1,16}){0,5}([-+][0-9A-Za-z.-]{1,64})?)$`)

func versionNumber(v, _ string) string {
	m := versions().FindStringSubmatch(line(v, 96))
	if m == nil {
		return ""
	}
	return m[1]
}
