package policies_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func TestEveryPromiseOfGoscomIsAClause(t *testing.T) { clauses(t, "goscom-pro.yaml", "C", 104) }

func TestGoscomAsksForTheFivePermissionsOfItsTableAndAssumesFourMore(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	var table, assumed []string
	for _, x := range p.Permissions() {
		if !x.Asked || !x.Revocable {
			t.Errorf("%s is taken without asking, or for good", x.Name)
		}
		if !x.Assumed.Of("asked") {
			table = append(table, x.Name)
		} else {
			assumed = append(assumed, x.Name)
		}
	}
	if diff := cmp.Diff([]string{"location", "storage", "camera", "device-info", "microphone"}, table); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
	// Changing system settings stands in the text too; nothing in the app needs it.
	if diff := cmp.Diff([]string{"network", "multicast", "installed-apps", "mac"}, assumed); diff != "" {
		t.Errorf("beside the table (-want +got):\n%s", diff)
	}
}

func TestEverySensitiveItemSaysWhyItIsNeeded(t *testing.T) {
	for _, pack := range []string{"goscom-pro.yaml", "apsgo.yaml"} {
		p, _ := load(t, pack)
		for _, it := range p.Items() {
			if it.Sensitive && (!it.Necessary.Has("en") || !it.Necessary.Has("zh-CN")) {
				t.Errorf("%s: %s is sensitive, and why it is needed is not said in both languages", pack, it.Name)
			}
		}
	}
}

func TestWhatTheGoscomTextLeavesEmptyStaysEmpty(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	erasure, err := p.Right(policy.Erasure)
	if err != nil {
		t.Fatal(err)
	}
	closing, err := p.Right(policy.Closing)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(erasure.Circumstances) + len(closing.Paths) + len(p.Changing().What); n != 0 {
		t.Errorf("%d entries stand in lists that the text announces and leaves empty", n)
	}
	if c := p.Changing(); !c.KeepsRights || !slices.Equal(c.Major.Channels, []string{"popup"}) || !slices.Equal(c.Major.At, []string{"upgrade", "login"}) {
		t.Errorf("a major change comes as %+v", c)
	}
}

func TestGoscomKeepsWhatItCollectsInChina(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	china, err := policy.ParseRegion("CN")
	if err != nil {
		t.Fatal(err)
	}
	backups := 0
	for _, x := range p.Residency().Places {
		if x.Country != china {
			t.Errorf("%s lies in %s", x.Name, x.Country)
		}
		if x.Backups {
			backups++
		}
	}
	if backups != 1 {
		t.Errorf("%d places of backups, want 1", backups)
	}
}

func TestMerelyUsingTheAppIsNoAgreement(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	if p.Agreeing().ByUse {
		t.Fatal("mere use counts as agreement")
	}
	f := &policy.Facts{Account: policy.AccountOpen} // signed in, and agreed to nothing
	u := &policy.Use{Items: []policy.ItemNo{item(t, p, "account.email")}, Purpose: purpose(t, p, "account").No}
	if p.Decide(u, f).Allowed {
		t.Error("an address is used before the person agreed")
	}
	if f.Accepted = true; !p.Decide(u, f).Allowed {
		t.Error("an address is not used although the person agreed")
	}
}

func TestAMinorUsesTheCameraWithAGuardianAndIsNeverCounted(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	f := customer(t, p, "statistics", "survey")
	f.Age = policy.AgeMinor
	watch := &policy.Use{Items: []policy.ItemNo{item(t, p, "device.bound-id")}, Purpose: purpose(t, p, "monitoring").No, Function: "monitoring", Ref: policy.Ref{Kind: policy.RefDevice, ID: "CAM-0042-AB"}}
	f.Bound = true
	if p.Decide(watch, f).Allowed {
		t.Error("a minor uses the camera without a guardian's consent")
	}
	f.Guardian = true
	if d := p.Decide(watch, f); !d.Allowed {
		t.Errorf("with the guardian's consent: %+v", d.Reasons)
	}
	count := &policy.Use{Items: []policy.ItemNo{item(t, p, "device.os")}, Purpose: purpose(t, p, "statistics").No}
	if p.Decide(count, f).Allowed {
		t.Error("a minor's phone is counted")
	}
}

func TestAnEditOfTheGoscomRetentionMovesTheEndOfAClosedAccount(t *testing.T) {
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const class = "  account:\n    title: {en: As long as you have the account, zh-CN: 账号存续期间}\n    until: account-closed\n    then: erase\n    within: "
	edited := strings.Replace(string(src), class+"10wd", class+"5wd", 1)
	if edited == string(src) {
		t.Fatal("the pack has no such class")
	}
	after, _, err := policy.Load("goscom-pro.yaml", []byte(edited), nil)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := load(t, "goscom-pro.yaml")
	closed := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	end := func(p *policy.Policy) string {
		c, err := p.Class("account")
		if err != nil {
			t.Fatal(err)
		}
		at, _ := p.Calendar().Add(closed, c.Within)
		return at.In(p.Calendar().Zone()).Format(time.DateOnly)
	}
	if was, is := end(before), end(after); was != "2026-03-16" || is != "2026-03-09" {
		t.Errorf("erased by %s, was %s", is, was)
	}
}
