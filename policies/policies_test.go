package policies_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func load(t *testing.T, name string) (*policy.Policy, []policy.Finding) {
	t.Helper()
	src, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, all, err := policy.Load(name, src, nil)
	if err != nil {
		t.Fatalf("the pack does not compile:\n%v", err)
	}
	return p, all
}

func TestEveryPackCompilesAndIsNamedByItsPlatform(t *testing.T) {
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, _ := load(t, f.Name())
		if p.Platform()+".yaml" != f.Name() {
			t.Errorf("%s holds the platform %s", f.Name(), p.Platform())
		}
	}
}

func TestTheLintNamesTheDefectsOfTheGoscomText(t *testing.T) {
	_, all := load(t, "goscom-pro.yaml")
	got := map[string]int{}
	for _, f := range all {
		got[f.Code]++
	}
	for code, n := range map[string]int{
		"date.order": 1, "list.empty": 3, "recipient.plain-http": 1, "controller.no-address": 1,
	} {
		if got[code] != n {
			t.Errorf("%s is found %d times, want %d", code, got[code], n)
		}
		delete(got, code)
	}
	if len(got) > 0 {
		t.Errorf("findings nobody expects: %v", got)
	}
}

func TestGoscomRecipientsAreThoseOfTheText(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	sdks := 0
	for _, r := range p.Recipients() {
		if r.Role == policy.SDK {
			sdks++
		}
	}
	if sdks != 11 { // ten in the list of SDKs, and Google
		t.Errorf("%d SDKs, want 11", sdks)
	}
	for _, maker := range []string{"xiaomi", "huawei", "meizu", "vivo", "oppo"} {
		r, err := p.Recipient(maker + "-push")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Items) != 11 || len(r.Devices) != 1 {
			t.Errorf("%s reads %d items on %v", r.Name, len(r.Items), r.Devices)
		}
	}
}

func TestGoscomClocksAreThoseOfTheText(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	// Tuesday before Spring Festival 2026, at ten in China.
	received := time.Date(2026, 2, 10, 2, 0, 0, 0, time.UTC)
	c, err := p.Due(policy.Closing, received)
	if err != nil {
		t.Fatal(err)
	}
	day := func(d policy.Deadline) string {
		return d.At.In(p.Calendar().Zone()).Format("2006-01-02") + " by " + d.Rule
	}
	if day(c.Done) != "2026-03-02 by policy" || day(c.Reply) != "2026-03-09 by policy" || !c.Done.Certain {
		t.Errorf("done %s, reply %s", day(c.Done), day(c.Reply))
	}
	if c.Done.Assumed || !c.Backups.Assumed {
		t.Errorf("ten working days are the text's, the backups' time is ours: %+v", c)
	}
	if c, _ = p.Due(policy.Withdrawal, received); day(c.Done) != "2026-02-25 by policy" {
		t.Errorf("withdrawal done %s", day(c.Done))
	}
	// Fifteen working days end on 9 March, a month on the 10th, thirty days on
	// the 12th.
	if c, _ = p.Due(policy.Access, received); day(c.Reply) != "2026-03-09 by policy" {
		t.Errorf("access answered %s", day(c.Reply))
	}
}

func TestPayPalNeedsLeaveToGoAbroadAndAlipayDoesNot(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	payment, err := p.Purpose("payment")
	if err != nil {
		t.Fatal(err)
	}
	net, _ := p.Item("net.info")
	for name, want := range map[string]bool{"paypal": false, "alipay": true} {
		r, err := p.Recipient(name)
		if err != nil {
			t.Fatal(err)
		}
		f := &policy.Facts{Accepted: true, Account: policy.AccountOpen}
		f.Agreements.Add(r.No)
		u := &policy.Use{Items: []policy.ItemNo{net.No}, Purpose: payment.No, Recipient: r.No, Ref: policy.Ref{Kind: policy.RefOrder, ID: "A-1"}}
		d := p.Decide(u, f)
		if d.Allowed != want {
			t.Errorf("%s: %+v", name, d)
		}
		if !want && (len(d.Reasons) != 1 || d.Reasons[0].Clause != "C-072" || d.Reasons[0].Code != policy.RegionAbroad) {
			t.Errorf("%s: %+v", name, d.Reasons)
		}
		f.Abroad.Add(r.No)
		if d := p.Decide(u, f); !d.Allowed {
			t.Errorf("%s with leave: %+v", name, d.Reasons)
		}
	}
}

func TestAPushServiceReadsNothingBeyondItsList(t *testing.T) {
	p, _ := load(t, "goscom-pro.yaml")
	push, err := p.Purpose("push")
	if err != nil {
		t.Fatal(err)
	}
	xiaomi, _ := p.Recipient("xiaomi-push")
	f := &policy.Facts{Accepted: true, Account: policy.AccountOpen}
	f.Consents.Add(push.No)
	f.Explicit.Add(push.No)
	f.Agreements.Add(xiaomi.No)
	listed := map[policy.ItemNo]bool{}
	for _, i := range xiaomi.Items {
		listed[i] = true
	}
	for _, it := range p.Items() {
		u := &policy.Use{Items: []policy.ItemNo{it.No}, Purpose: push.No, Recipient: xiaomi.No, Device: "xiaomi"}
		if got := p.Decide(u, f).Allowed; got != listed[it.No] {
			t.Errorf("%s: allowed %v, listed %v", it.Name, got, listed[it.No])
		}
		u.Device = "Huawei"
		if p.Decide(u, f).Allowed {
			t.Errorf("%s is read on another maker's phone", it.Name)
		}
	}
}

func TestClausesAreOurOwnWords(t *testing.T) {
	const list = "../../shared/promises/promises.tsv"
	file, err := os.Open(list)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("the list of promises, ../shared/promises/promises.tsv, is not beside this repository: the packs are not compared with it")
	}
	defer file.Close()
	quotes := map[string]string{}
	for s := bufio.NewScanner(file); s.Scan(); {
		if f := strings.Split(s.Text(), "\t"); len(f) > 3 {
			quotes[f[0]] = f[2]
		}
	}
	packs, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, pack := range packs {
		p, _ := load(t, pack.Name())
		for _, c := range p.Clauses() {
			quote, ok := quotes[c.ID]
			if !ok {
				t.Errorf("%s is no promise of the text", c.ID)
			}
			if len(strings.Fields(quote)) > 4 && strings.Contains(strings.ToLower(c.Says.In("en")), strings.ToLower(quote)) {
				t.Errorf("%s repeats the text", c.ID)
			}
			if len(c.Keeps) == 0 {
				t.Errorf("%s is kept by nothing", c.ID)
			}
		}
	}
}
