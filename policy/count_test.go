package policy

import "testing"

func TestOnlyPeopleInWhomThePurposeStandsAreCounted(t *testing.T) {
	p, _, err := Load("whole.yaml", []byte(entire(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	counts, _ := p.Purpose("counts") // rests on consent
	ads, _ := p.Purpose("ads")
	visit, _ := p.Item("web.visit")
	email, _ := p.Item("account.email")
	yes := func(change func(*Facts)) *Facts {
		f := &Facts{Account: AccountOpen, Accepted: true, Age: AgeAdult}
		f.Consents.Add(counts.No)
		f.Explicit.Add(counts.No)
		f.Consents.Add(ads.No)
		f.Explicit.Add(ads.No)
		if change != nil {
			change(f)
		}
		return f
	}
	for what, c := range map[string]struct {
		purpose PurposeNo
		item    ItemNo
		f       *Facts
		want    bool
	}{
		"consent stands":             {counts.No, visit.No, yes(nil), true},
		"consent was taken back":     {counts.No, visit.No, yes(func(f *Facts) { f.Withdrawn.Add(counts.No) }), false},
		"nothing was said":           {counts.No, visit.No, &Facts{Account: AccountOpen, Accepted: true}, false},
		"processing is restricted":   {counts.No, visit.No, yes(func(f *Facts) { f.Restricted = true }), false},
		"the account is closed":      {counts.No, visit.No, yes(func(f *Facts) { f.Account = AccountClosed }), false},
		"an item of another purpose": {counts.No, email.No, yes(nil), false},
		"a purpose that reads":       {ads.No, visit.No, yes(nil), false},
		"no purpose":                 {999, visit.No, yes(nil), false},
	} {
		if got := p.Counted(c.purpose, c.item, c.f); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}
