package policy

import (
	"slices"
	"testing"
)

func codesOf(t *testing.T, src string) (out []string) {
	t.Helper()
	_, all, err := Load("whole.yaml", []byte(src), nil)
	if err != nil && len(all) == 0 {
		t.Fatal(err)
	}
	for _, f := range all {
		out = append(out, f.Code)
	}
	return out
}

func TestAPrescribedTermIsNoVagueInterval(t *testing.T) {
	src := entire(t)
	clear := edit(t, src, "zh-CN: 员工每年接受一次培训。", "zh-CN: 员工须在限定期限内接受培训。")
	if slices.Contains(codesOf(t, clear), "text.vague") {
		t.Error("定期 is found in 限定期限, where it means nothing of the kind")
	}
	vague := edit(t, src, "zh-CN: 员工每年接受一次培训。", "zh-CN: 员工定期接受培训。")
	if !slices.Contains(codesOf(t, vague), "text.vague") {
		t.Error("定期 is not found where it stands for itself")
	}
}

func TestAPurposeIsNotUsedByAChildThatNothingUses(t *testing.T) {
	src := edit(t, entire(t), "  orders: {title", "  outer: {title: {en: Outer, zh-CN: 外层}, basis: contract}\n  inner: {title: {en: Inner, zh-CN: 内层}, basis: contract, under: outer}\n  orders: {title")
	n := 0
	for _, c := range codesOf(t, src) {
		if c == "purpose.unused" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d purposes are said to be unused, want the outer and the inner", n)
	}
}

func TestAnItemOfEnterprisesIsNotAskedOfAPerson(t *testing.T) {
	src := edit(t, base(t), "account.phone: {title: {en: Phone, zh-CN: 电话},", "account.phone: {title: {en: Phone, zh-CN: 电话}, kinds: [enterprise],")
	p := compile(t, src)
	given := []Given{{Item: "account.phone", Value: "+49 30 901820"}}
	f := &Facts{Accepted: true, Account: AccountOpen}
	if r := p.Collect("registration", given, f); len(r) != 1 || r[0].Code != ItemKind {
		t.Errorf("a person's: %+v", r)
	}
	f.Enterprise = true
	if r := p.Collect("registration", given, f); r != nil {
		t.Errorf("an organisation's: %+v", r)
	}
}

func TestAFormThatNoPackageComesInIsFound(t *testing.T) {
	right := func(kind, formats string) string {
		return edit(t, base(t), "  "+kind+": {", "  "+kind+": {formats: ["+formats+"], ")
	}
	for _, x := range []struct {
		kind, formats string
		want          bool
	}{
		{"access", "html, json, csv", false},
		{"access", "json, pdf", true},
		{"portability", "json, csv", false},
		{"portability", "json, csv, html", true},
		{"portability", "pdf", true},
		{"erasure", "json", true},
	} {
		if found := slices.Contains(codesOf(t, right(x.kind, x.formats)), "right.format"); found != x.want {
			t.Errorf("%s as %s: found is %v", x.kind, x.formats, found)
		}
	}
}
