package seal

import (
	"strings"
	"testing"

	"github.com/avow-dev/avow/fault"
)

func TestSpellingsOfOneIdentifierHaveOneNormalForm(t *testing.T) {
	for _, tc := range []struct {
		kind, want string
		values     []string
	}{
		{"email", "li.lei@example.com", []string{
			"li.lei@example.com", " Li.Lei@EXAMPLE.com\n", "LI.LEI@example.com.",
			"ｌｉ．ｌｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "li.lei@example。com",
		}},
		{"email", "王伟@xn--fsqu00a.xn--0zwm56d", []string{"王伟@例子.测试", "王伟@例子。测试", "王伟@XN--FSQU00A.xn--0zwm56d"}},
		{"email", "a+news@xn--bcher-kva.example", []string{"A+News@Bücher.example", "a+news@bu\u0308cher.example"}},
		{"phone", "+8613800138000", []string{
			"+86 138 0013 8000", "+8613800138000", "0086 138-0013-8000", "(+86)13800138000", "tel:+86-138-0013-8000",
			"＋８６１３８００１３８０００", "+86 (138) 0013.8000",
		}},
		{"phone", "+390612345678", []string{"+39 06 1234 5678"}},
		{"username", "wáng", []string{"Wáng", "wa\u0301ng", " ＷÁＮＧ "}},
		{"username", "王小明", []string{"王小明", " 王小明"}},
		{"imei", "490154203237518", []string{"49-015420-323751-8", "490154203237518", "４９０１５４２０３２３７５１８"}},
		{"mac", "00:1b:44:11:3a:b7", []string{"00-1B-44-11-3A-B7", "001b.4411.3ab7", "00:1b:44:11:3A:B7"}},
		{"ip", "192.0.2.1", []string{"192.0.2.1", "::ffff:192.0.2.1"}},
		{"ip", "2001:db8::1", []string{"2001:0DB8:0:0::1", "2001:db8::1"}},
		{"cn-resident-id", "11010519491231002X", []string{"11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"}},
		{"account-id", "Usr-42", []string{"Usr-42", "  Usr-42 "}},
		{"cookie-id", "é", []string{"e\u0301", "é"}},
	} {
		for _, v := range tc.values {
			got, err := NormalForm(tc.kind, v)
			if err != nil || got != tc.want {
				t.Errorf("%s %q = %q, %v; want %q", tc.kind, v, got, err, tc.want)
			}
		}
	}
}

func TestDifferentIdentifiersKeepDifferentForms(t *testing.T) {
	for _, tc := range [][3]string{
		{"email", "li.lei@example.com", "lilei@example.com"},
		{"email", "li+a@example.com", "li@example.com"},
		{"account-id", "Usr", "usr"},
		{"phone", "+8613800138000", "+8613800138001"},
	} {
		a, err := NormalForm(tc[0], tc[1])
		b, err2 := NormalForm(tc[0], tc[2])
		if err != nil || err2 != nil || a == b {
			t.Errorf("%q and %q both become %q (%v, %v)", tc[1], tc[2], a, err, err2)
		}
	}
}

func TestWhatIsNoIdentifierIsRefusedWithoutBeingRepeated(t *testing.T) {
	for _, tc := range [][2]string{
		{"email", "secretname"},
		{"email", "@secret.example"},
		{"email", "secret@"},
		{"email", "sec ret@example.com"},
		{"email", "secret@exa mple.com"},
		{"email", "secret@nodot"},
		{"email", "secret@a..b"},
		{"email", "a@b@secret.com"},
		{"email", strings.Repeat("secret", 50) + "@example.com"},
		{"email", "secret\x00@example.com"},
		{"email", "secret@-x-.com"},
		{"phone", "13800138000"},
		{"phone", "+86secret"},
		{"phone", "+861"},
		{"phone", "+8613800138000138001"},
		{"phone", "+12025550123 ext. 9"},
		{"phone", "0"},
		{"phone", "+"},
		{"username", "secret name"},
		{"username", ""},
		{"username", "secret\u0007"},
		{"imei", "490154203237519"},
		{"imei", "secret"},
		{"mac", "00:11:22"},
		{"ip", "999.1.1.1"},
		{"ip", "secret"},
		{"cn-resident-id", "110105194912310021"},
		{"cn-resident-id", "secret"},
		{"account-id", ""},
		{"account-id", "sec\nret"},
		{"account-id", strings.Repeat("s", 257)},
		{"account-id", "\xff"},
		{"", "x"},
	} {
		_, err := NormalForm(tc[0], tc[1])
		if fault.Of(err) != fault.Invalid {
			t.Errorf("%s %q: err = %v, want invalid", tc[0], tc[1], err)
			continue
		}
		for _, word := range []string{"secret", "13800138000", "490154", "999.1"} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("%s: the error repeats the value: %v", tc[0], err)
			}
		}
	}
}

func TestANationalNumberNeedsItsRegion(t *testing.T) {
	for _, tc := range [][3]string{
		{"CN", "138 0013 8000", "+8613800138000"},
		{"CN", "010-65529988", "+861065529988"},
		{"US", "(202) 555-0123", "+12025550123"},
		{"CN", "+44 20 7946 0018", "+442079460018"},
	} {
		if got, err := NormalPhone(tc[0], tc[1]); err != nil || got != tc[2] {
			t.Errorf("%s %s = %q, %v; want %s", tc[0], tc[1], got, err, tc[2])
		}
	}
}

func FuzzNormalForm(f *testing.F) {
	kinds := []string{"email", "phone", "username", "imei", "mac", "ip", "cn-resident-id", "account-id"}
	for i, v := range []string{"Li@例子.测试", "+86 138-0013-8000", "Wáng", "49-015420-323751-8", "00-1B-44-11-3A-B7", "::ffff:1.2.3.4", "11010519491231002x", " id "} {
		f.Add(uint8(i), v)
	}
	f.Fuzz(func(t *testing.T, kind uint8, value string) {
		k := kinds[int(kind)%len(kinds)]
		form, err := NormalForm(k, value)
		if err != nil {
			if len(value) > 12 && strings.Contains(err.Error(), value) {
				t.Errorf("%s: the error repeats %q", k, value)
			}
			return
		}
		again, err := NormalForm(k, form)
		if err != nil || again != form {
			t.Errorf("%s: %q becomes %q, which becomes %q, %v", k, value, form, again, err)
		}
	})
}
