package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Sample makes up a value of a type of the policy language. It is nobody's:
// numbers lie in ranges kept for tests and documentation where there are any. A
// type that is not known gives "".
func Sample(typ string, r *rand.Rand) string {
	hex := func(n int) string { return fmt.Sprintf("%0*x", n, r.Uint64()>>1)[:n] }
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	switch typ {
	case "account-id", "device-id", "reference", "order", "invoice", "media":
		return strings.ToUpper(typ[:2]) + "-" + hex(10)
	case "text", "feedback", "survey", "message":
		return sentence(typ, of)
	case "subscription":
		return of("Team, yearly", "Solo, monthly", "Free")
	case "name", "place", "ssid":
		return of("Harbour", "梧桐", "Juniper", "Maple")
	case "address":
		return fmt.Sprintf("%d Quay Street, Bristol", 1+r.IntN(200))
	case "email":
		return "someone." + hex(6) + "@example.org"
	case "phone":
		return fmt.Sprintf("+447700900%03d", r.IntN(1000))
	case "secret", "security-answer":
		return "demo-" + hex(10)
	}
	if v := device(typ, r, hex, of); v != "" {
		return v
	}
	return number(typ, r, hex, of)
}

func sentence(typ string, of func(...string) string) string {
	if typ == "text" {
		return of("Android 15", "Pixel 9", "4G", "standard", "first start after the update")
	}
	return of("The picture is dark at night.", "夜间画面很暗。", "Delivery was quick, thank you.", "希望增加深色模式。")
}

// device are what a device or a browser tells of itself.
func device(typ string, r *rand.Rand, hex func(int) string, of func(...string) string) string {
	switch typ {
	case "ip":
		return fmt.Sprintf("203.0.113.%d", 1+r.IntN(254)) // RFC 5737
	case "mac", "bssid":
		return fmt.Sprintf("00:00:5e:00:53:%02x", r.IntN(256)) // RFC 7042
	case "user-agent":
		return of("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Mozilla/5.0 (Macintosh) Safari/605.1.15")
	case "page-view", "url":
		return "https://www.shop.example/" + of("tea", "cameras", "help")
	case "cookie", "beacon", "search":
		return of("c", "v", "s") + hex(12)
	case "click", "operation-log":
		return of("opened the catalogue", "changed the language", "looked at a teapot")
	case "crash-log":
		return fmt.Sprintf("fault in decoder, frame %d", r.IntN(9000))
	case "screen":
		return of("1080x2400", "1920x1080")
	case "language":
		return of("en", "zh-CN")
	case "country":
		return of("CN", "GB", "DE")
	case "version":
		return fmt.Sprintf("3.%d.%d", r.IntN(9), r.IntN(9))
	case "app":
		return "com.example." + of("notes", "maps", "music")
	case "android-id":
		return hex(16)
	case "advertising-id":
		return hex(16) + hex(16)
	case "uuid":
		return fmt.Sprintf("%s-%s-4%s-8%s-%s", hex(8), hex(4), hex(3), hex(3), hex(12))
	case "base-station":
		return fmt.Sprintf("460-00-9763-%d", 10000+r.IntN(50000))
	case "coordinates":
		return fmt.Sprintf("24.%04d, 118.%04d", r.IntN(10000), r.IntN(10000))
	}
	return ""
}

// number are numbers, dates and papers.
func number(typ string, r *rand.Rand, hex func(int) string, of func(...string) string) string {
	switch typ {
	case "birth-date", "date":
		return fmt.Sprintf("%d-%02d-%02d", 1960+r.IntN(40), 1+r.IntN(12), 1+r.IntN(28))
	case "time":
		return fmt.Sprintf("2026-01-%02dT10:%02d:00Z", 1+r.IntN(28), r.IntN(60))
	case "gender":
		return of("female", "male", "undisclosed")
	case "flag":
		return of("true", "false")
	case "number":
		return fmt.Sprint(1 + r.IntN(40))
	case "amount":
		return fmt.Sprintf("%d.50 EUR", 1+r.IntN(90))
	case "postal-code":
		return fmt.Sprintf("3610%02d", r.IntN(40))
	case "imei":
		return "490154203237518"
	case "imsi":
		return "310150123456789" // the example of every handbook
	case "passport":
		return fmt.Sprintf("X%08d", r.IntN(1e8))
	case "payment-card":
		return "4111111111111111"
	case "bank-account":
		return "GB82WEST12345698765432"
	case "cn-resident-id":
		return "11111119000101001" + residentCheck("11111119000101001")
	case "enterprise-certificate":
		return "91000000000000000" + creditCheck("91000000000000000")
	}
	return ""
}

// residentCheck is the last character of a resident identity number (GB 11643).
func residentCheck(body string) string {
	sum := 0
	for i := range body {
		sum = (sum + int(body[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11 : (12-sum)%11+1]
}

// creditCheck is the last character of a social credit code (GB 32100).
func creditCheck(body string) string {
	const set = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for i := range body {
		sum += strings.IndexByte(set, body[i]) * weight
		weight = weight * 3 % 31
	}
	at := (31 - sum%31) % 31
	return set[at : at+1]
}
