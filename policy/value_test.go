package policy

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
)

func TestValuesAreCheckedAndBroughtToOneForm(t *testing.T) {
	for _, c := range []struct{ typ, value, want, mask string }{
		{"email", " Zara.Q+x@GosCam.COM ", "zara.q+x@goscam.com", "z***@goscam.com"},
		{"email", "zara@bücher.de", "zara@xn--bcher-kva.de", "z***@xn--bcher-kva.de"},
		{"email", "ｚａｒａ＠goscam.com", "zara@goscam.com", "z***@goscam.com"},
		{"email", "zara@localhost", "", "***"},
		{"email", "za ra@goscam.com", "", ""},
		{"email", "a@b@goscam.com", "", ""},
		{"email", ".zara@goscam.com", "", ""},
		{"email", "@goscam.com", "", ""},
		{"email", strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 110) + "com", "", ""},
		{"phone", "+86 138 0013 8000", "+8613800138000", "+86***00"},
		{"phone", "0086-138-0013-8000", "+8613800138000", ""},
		{"phone", "tel:+44 20 7946 0018", "+442079460018", ""},
		{"phone", "138 0013 8000", "", ""},
		{"phone", "+86 12", "", ""},
		{"phone", "+442079460018 ext. 5", "", ""},
		{"secret", "short", "", ""},
		{"secret", "correct horse", "correct horse", "********"},
		{"secret", "tab\there it is", "", ""},
		{"ip", "::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24"},
		{"ip", "2001:DB8::0001", "2001:db8::1", "2001:db8::/48"},
		{"ip", "1.2.3", "", ""},
		{"mac", "02-00-5E-10-00-01", "02:00:5e:10:00:01", "02:00:5e:**:**:**"},
		{"mac", "02:00:5e:10:00:01:02:03", "", ""},
		{"imei", "49-015420-323751-8", "490154203237518", "***7518"},
		{"imei", "490154203237519", "", ""},
		{"imsi", "460001234567890", "460001234567890", "***7890"},
		{"imsi", "160001234567890", "", ""},
		{"cn-resident-id", "11010519491231002x", "11010519491231002X", "1***X"},
		{"cn-resident-id", "110105194912310020", "", ""},
		{"passport", "e 1234567", "E1234567", "E***7"},
		{"passport", "ABCDEFGH", "", ""},
		{"date", "1990-05-17", "1990-05-17", "1990-**-**"},
		{"date", "1990-02-30", "", ""},
		{"date", "1790-02-03", "", ""},
		{"time", "2026-03-01T12:00:00+08:00", "2026-03-01T04:00:00Z", "2026-**-**"},
		{"time", "noon", "", ""},
		{"name", "  李  雷 ", "李 雷", "李**"},
		{"name", "—", "", ""},
		{"name", "a\nb", "", ""},
		{"number", "+12.50", "12.50", "***"},
		{"number", "1e9", "", ""},
		{"country", "cn", "CN", "***"},
		{"country", "CHN", "", ""},
		{"url", "HTTPS://Goscam.com/a?b", "https://goscam.com/a?b", "https://goscam.com/***"},
		{"url", "https://u:p@goscam.com", "", ""},
		{"url", "javascript:alert(1)", "", ""},
		{"postal-code", "ec1a 1bb", "EC1A 1BB", "***"},
		{"postal-code", "!", "", ""},
		{"flag", "true", "true", "***"},
		{"flag", "yes", "", ""},
		{"account-id", "u-1", "u-1", "***"},
		{"account-id", "user-000123", "user-000123", "u***3"},
		{"account-id", "a b", "", ""},
		{"device-id", "ABCDEF012345", "ABCDEF012345", "***2345"},
		{"text", "two\r\nlines", "two\nlines", "***"},
		{"text", "bell\a", "", ""},
	} {
		got, err := Normal(c.typ, c.value)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("Normal(%s, %q) = %q, %v; want %q", c.typ, c.value, got, err, c.want)
		}
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Errorf("Normal(%s, %q): %v is no Invalid", c.typ, c.value, err)
		}
		if got := Mask(c.typ, c.value); c.mask != "" && got != c.mask {
			t.Errorf("Mask(%s, %q) = %q, want %q", c.typ, c.value, got, c.mask)
		}
	}
}

func TestEveryTypeRefusesWhatNoValueIs(t *testing.T) {
	for _, typ := range append(Types(), "shoe-size") {
		for _, v := range []string{"", " \u3000", "\xff", strings.Repeat("x", MaxValue+1)} {
			if got, err := Normal(typ, v); err == nil {
				t.Errorf("Normal(%s, %.5q) = %.5q", typ, v, got)
			}
		}
	}
	if Mask("shoe-size", "44") != "***" {
		t.Error("a value of no type is shown")
	}
	_, err := Normal("emial", "x")
	if err == nil || !strings.Contains(err.Error(), `did you mean "email"?`) {
		t.Errorf("err = %v", err)
	}
}

func TestNumbersWithoutCountryAreTheControllers(t *testing.T) {
	p := compile(t, base(t))
	if got, err := p.Normal("phone", "030 901820"); got != "+4930901820" {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzNormal(f *testing.F) {
	types := Types()
	for i := range types {
		for _, v := range []string{"a@b.de", "+8613800138000", "11010519491231002X", "192.0.2.1", "2026-01-01", "https://a.b/c", "０１２", "a\u200b"} {
			f.Add(i, v)
		}
	}
	// An error that is always one of a few texts cannot repeat a value.
	fixed := map[string]map[string]bool{}
	for _, typ := range types {
		fixed[typ] = map[string]bool{}
		for _, bad := range []string{"", "\xff", strings.Repeat("x", MaxValue+1), "\a"} {
			if _, err := Normal(typ, bad); err != nil {
				fixed[typ][err.Error()] = true
			}
		}
	}
	f.Fuzz(func(t *testing.T, i int, v string) {
		typ := types[uint(i)%uint(len(types))]
		masked := Mask(typ, v)
		n, err := Normal(typ, v)
		if err != nil {
			if !fixed[typ][err.Error()] {
				t.Fatalf("the error depends on the value: %v", err)
			}
			return
		}
		if again, err := Normal(typ, n); err != nil || again != n {
			t.Fatalf("%s: %q → %q → %q, %v: not a fixed point", typ, v, n, again, err)
		}
		if !utf8.ValidString(n) || !utf8.ValidString(masked) || utf8.RuneCountInString(n) > 8 && masked == n {
			t.Fatalf("%s: %q masked as %q", typ, n, masked)
		}
		contains("payment-card", v)
		contains("cn-resident-id", v)
	})
}
