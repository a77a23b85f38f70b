package policy

import "testing"

func TestEachTypeOfTheInventoryHasItsForm(t *testing.T) {
	for _, c := range []struct{ typ, value, want, mask string }{
		{"address", " 1 Tea  Street \r\n\r\nShanghai ", "1 Tea Street\nShanghai", "1 ***"},
		{"address", "12345", "", ""},
		{"advertising-id", "6D92078A-8246-4BA4-AE5B-76104861E7DC", "6d92078a82464ba4ae5b76104861e7dc", "***e7dc"},
		{"advertising-id", "6d92078a", "", ""},
		{"amount", "12.50eur", "12.50 EUR", "***"},
		{"amount", "12,50", "", ""},
		{"android-id", "9774D56D682E549C", "9774d56d682e549c", "***549c"},
		{"android-id", "9774d56d682e549", "", ""},
		{"app", "com.tea.House", "com.tea.House", "***"},
		{"app", "teahouse", "", ""},
		{"bank-account", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "***3000"},
		{"bank-account", "DE88 3704 0044 0532 0130 00", "", ""},
		{"bank-account", "6222 0212 3456 7890 12", "622202123456789012", "***9012"},
		{"base-station", "460-00-9763-37041", "460-00-9763-37041", "***"},
		{"base-station", "460", "", ""},
		{"birth-date", "1990-05-17", "1990-05-17", "1990-**-**"},
		{"bssid", "02-00-5E-10-00-01", "02:00:5e:10:00:01", "02:00:5e:**:**:**"},
		{"coordinates", "24.4798,118.0894", "24.4798, 118.0894", "***"},
		{"coordinates", "118.0894, 24.4798", "", ""},
		{"coordinates", "Xiamen", "", ""},
		{"cookie", "a1b2c3d4e5f6g7", "a1b2c3d4e5f6g7", "***f6g7"},
		{"cookie", "a;b", "", ""},
		{"enterprise-certificate", "91350100M000100Y43", "91350100M000100Y43", "9***3"},
		{"enterprise-certificate", "91350100M000100Y44", "", ""},
		{"gender", "女", "female", "***"},
		{"gender", "yes", "", ""},
		{"language", "zh_cn", "zh-CN", "***"},
		{"language", "klingonese!", "", ""},
		{"page-view", "/tea/42?from=a", "/tea/42?from=a", "/***"},
		{"page-view", "https://Tea.test/x", "https://tea.test/x", "https://tea.test/***"},
		{"page-view", "tea", "", ""},
		{"payment-card", "4111-1111-1111-1111", "4111111111111111", "***1111"},
		{"payment-card", "4111111111111112", "", ""},
		{"place", "Xiamen", "Xiamen", "***"},
		{"place", "24.4798, 118.0894", "", ""},
		{"screen", "1080 × 2400", "1080x2400", "***"},
		{"screen", "big", "", ""},
		{"security-answer", "  Mrs  TEA ", "mrs tea", "********"},
		{"ssid", "Tea House 5G", "Tea House 5G", "Te***"},
		{"ssid", "123456789012345678901234567890123", "", ""},
		{"uuid", "6D92078A82464BA4AE5B76104861E7DC", "6d92078a-8246-4ba4-ae5b-76104861e7dc", "***e7dc"},
		{"uuid", "6d92", "", ""},
		{"version", "v2.4.1-rc1", "2.4.1-rc1", "***"},
		{"version", "new", "", ""},
	} {
		got, err := Normal(c.typ, c.value)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("Normal(%s, %q) = %q, %v; want %q", c.typ, c.value, got, err, c.want)
		}
		if got := Mask(c.typ, c.value); c.mask != "" && got != c.mask {
			t.Errorf("Mask(%s, %q) = %q, want %q", c.typ, c.value, got, c.mask)
		}
		if again, err := Normal(c.typ, got); got != "" && (again != got || err != nil) {
			t.Errorf("the normal form of %s is not its own: %q, then %q, %v", c.typ, got, again, err)
		}
	}
}

func TestASecurityAnswerIsASecretOfItsOwnForm(t *testing.T) {
	p := compile(t, entire(t))
	it, err := p.Item("account.answer")
	if err != nil {
		t.Fatal(err)
	}
	if it.Type != "secret" || it.Form != "security-answer" || it.Category != "user.credentials" {
		t.Errorf("%s, %s, %s", it.Type, it.Form, it.Category)
	}
	if got, err := p.Check(it.No, "Rex "); got != "rex" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := p.Check(400, "Rex"); err == nil {
		t.Error("an item nobody declared takes a value")
	}
	if r := p.Collect("registration", []Given{{Item: "account.answer", Value: "Rex"}}, &Facts{Accepted: true, Account: AccountOpen}); r != nil {
		t.Errorf("a short answer is refused: %v", r)
	}
}

func TestCoordinatesAreFoundInAnyText(t *testing.T) {
	for value, want := range map[string]bool{
		"I am at 24.4798, 118.0894 now": true, "118.0894 24.4798": true, "geo 24.4798° / 118.0894": true, "lat 24.479;lon": false,
		"1.5, 2.5 kg": false, "version 1.234.567": false, "300.1234, 200.1234": false, "": false,
	} {
		if got := contains("coordinates", value); got != want {
			t.Errorf("%q: %v", value, got)
		}
	}
}
