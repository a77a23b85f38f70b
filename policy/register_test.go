package policy

import (
	"slices"
	"strings"
	"testing"
)

// traders is the lamp shop with a public register of those who trade in it.
func traders(t testing.TB) (*Policy, *Excluded) {
	t.Helper()
	p := compile(t, edit(t, base(t), "keep:\n", "excluded:\n"+
		"  traders: {title: {en: Register of traders, zh-CN: 经营者公示}, kind: data, surfaces: [web], rule: {en: § 5 DDG, zh-CN: 《数字服务法》第5条}, fields: {name: {en: Name, zh-CN: 名称}, permit: {en: Permit, zh-CN: 许可}}}\n"+
		"  partners: {title: {en: Shops we link to, zh-CN: 链接商店}, kind: linked-site, surfaces: [web], rule: {en: Their own policies, zh-CN: 适用其政策}}\n"+
		"keep:\n"))
	x := p.Register("traders")
	if x == nil {
		t.Fatal("no register")
	}
	return p, x
}

func TestAPublicRegisterShowsOfAPersonWhatTheLawListsNoMoreAndNoLess(t *testing.T) {
	p, x := traders(t)
	for _, c := range []struct {
		fields     []string
		enterprise bool
		want       []Code
	}{
		{[]string{"name", "permit"}, false, nil},
		{[]string{"permit", "name"}, false, nil},
		{[]string{"name"}, false, []Code{FieldMissing}},
		{nil, false, []Code{FieldMissing, FieldMissing}},
		{[]string{"name", "permit", "home"}, false, []Code{FieldExcess}},
		{[]string{"home", "phone"}, false, []Code{FieldMissing, FieldMissing, FieldExcess, FieldExcess}},
		{[]string{"name", "permit", "motto"}, true, nil},
		{[]string{"motto"}, true, []Code{FieldMissing, FieldMissing}}, // a firm owes the law no less
	} {
		var got []Code
		for _, r := range p.Publish(x, c.fields, c.enterprise) {
			got = append(got, r.Code)
			if r.Control != PublicationLimited || !strings.Contains(r.Text, "§ 5 DDG") || r.Pos.Line == 0 {
				t.Errorf("%v: %+v has no rule or place", c.fields, r)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v, enterprise %v: %v, want %v", c.fields, c.enterprise, got, c.want)
		}
	}
}

func TestAFieldWithoutTheFormOfANameIsNotRepeated(t *testing.T) {
	p, x := traders(t)
	const home = "Lin Xiaoyu, Lampenweg 1"
	list := p.Publish(x, []string{"name", "permit", home}, false)
	if len(list) != 1 || strings.Contains(list[0].Text, "Lin") || !strings.Contains(list[0].Text, "only name, permit is") {
		t.Errorf("%+v", list)
	}
}

func TestOnlyWhatListsFieldsIsARegister(t *testing.T) {
	p, _ := traders(t)
	for _, name := range []string{"partners", "nowhere", ""} {
		if x := p.Register(name); x != nil {
			t.Errorf("%q is a register: %+v", name, x)
		}
	}
}
