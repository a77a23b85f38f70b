package policy_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func browserPack(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func codes(list []policy.Refusal) (out []string) {
	for _, r := range list {
		out = append(out, string(r.Code)+" "+string(r.Control)+" "+r.Clause)
	}
	return out
}

const monthLong = 30 * 24 * time.Hour

func TestACookieIsSetOnlyAsItIsDeclared(t *testing.T) {
	p := browserPack(t, "go-soft")
	card := base64.RawURLEncoding.EncodeToString([]byte(`{"pay":"4111 1111 1111 1111"}`))
	for name, c := range map[string]struct {
		set  policy.CookieSetting
		want []string
	}{
		"essential, without a yes":    {policy.CookieSetting{Name: "session", Value: "f3b1c0"}, nil},
		"under a prefix of promises":  {policy.CookieSetting{Name: "__Host-session"}, nil},
		"with a yes":                  {policy.CookieSetting{Name: "habits", Life: 3 * monthLong, Allowed: true}, nil},
		"without a yes":               {policy.CookieSetting{Name: "habits"}, []string{"cookie.refused cookie.choice G-103"}},
		"unknown":                     {policy.CookieSetting{Name: "_ga", Allowed: true}, []string{"cookie.undeclared cookie.declared G-100"}},
		"a session that lives on":     {policy.CookieSetting{Name: "session", Life: time.Hour}, []string{"cookie.lifetime cookie.declared G-022"}},
		"a day too long":              {policy.CookieSetting{Name: "recognition", Life: monthLong + 24*time.Hour, Allowed: true}, []string{"cookie.lifetime cookie.declared G-022"}},
		"a card number":               {policy.CookieSetting{Name: "session", Value: "4111 1111 1111 1111"}, []string{"cookie.content cookie.content G-102"}},
		"a card number, wrapped up":   {policy.CookieSetting{Name: "session", Value: card}, []string{"cookie.content cookie.content G-102"}},
		"an address, with per cents":  {policy.CookieSetting{Name: "session", Value: "u%3Dlin%40mail.example"}, []string{"cookie.content cookie.content G-102"}},
		"a phone number":              {policy.CookieSetting{Name: "session", Value: "+8613912345678"}, []string{"cookie.content cookie.content G-102"}},
		"for more than its host":      {policy.CookieSetting{Name: "session", Wide: true}, []string{"cookie.site cookie.content G-102"}},
		"over sites, even with a yes": {policy.CookieSetting{Name: "habits", Cross: true, Allowed: true}, []string{"cookie.site cookie.content G-102"}},
		"avow's own":                  {policy.CookieSetting{Name: "avow-cookies-0a1b2c3d", Life: 366 * 24 * time.Hour}, nil},
	} {
		got := codes(p.SettingCookie(c.set))
		for i := range got {
			got[i] = strings.TrimSpace(got[i])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNoRefusalRepeatsAValueOrANameThatIsANumber(t *testing.T) {
	p := browserPack(t, "go-soft")
	for _, s := range []policy.CookieSetting{
		{Name: "session", Value: "lin@mail.example"}, {Name: "u13912345678"}, {Name: "lin@mail.example"}, {Name: "a b"}, {Name: ""},
	} {
		for _, r := range p.SettingCookie(s) {
			if strings.Contains(r.Text, "lin@") || strings.Contains(r.Text, "139123") {
				t.Errorf("a refusal says %q", r.Text)
			}
		}
		if len(p.SettingCookie(s)) == 0 {
			t.Errorf("%+v may be set", s)
		}
	}
}

func TestACookieIsReadForItsOwnPurposesAlone(t *testing.T) {
	p := browserPack(t, "apsgo")
	var objected policy.Facts
	u, err := p.Purpose("advertising")
	if err != nil {
		t.Fatal(err)
	}
	objected.Objected.Add(u.No)
	for name, c := range map[string]struct {
		read policy.CookieReading
		want []string
	}{
		"for signing in":           {policy.CookieReading{Cookie: "sign-in", Purpose: "sign-in"}, nil},
		"for the account's safety": {policy.CookieReading{Cookie: "sign-in", Purpose: "security"}, nil},
		"for advertising":          {policy.CookieReading{Cookie: "sign-in", Purpose: "advertising"}, []string{"cookie.purpose cookie.purpose A-026"}},
		"for what nobody declared": {policy.CookieReading{Cookie: "cart", Purpose: "resale"}, []string{"cookie.purpose cookie.purpose A-027"}},
		"unknown":                  {policy.CookieReading{Cookie: "other", Purpose: "sign-in"}, []string{"cookie.undeclared cookie.declared A-024"}},
		"not let in":               {policy.CookieReading{Cookie: "adverts", Purpose: "advertising"}, []string{"cookie.refused cookie.choice A-028"}},
		"let in":                   {policy.CookieReading{Cookie: "adverts", Purpose: "advertising", Allowed: true}, nil},
		"let in, and objected to": {
			policy.CookieReading{Cookie: "adverts", Purpose: "advertising", Allowed: true, Facts: &objected},
			[]string{"objection.stands objection.honoured A-028"},
		},
	} {
		if got := codes(p.ReadingCookie(c.read)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestABeaconCountsWhatIsDeclaredAndNoMore(t *testing.T) {
	p := browserPack(t, "buygogo")
	for name, c := range map[string]struct {
		n    policy.BeaconCount
		want []string
	}{
		"as declared":        {policy.BeaconCount{Beacon: "page-pixel", Point: "beacon", Carries: []string{"beacon.page", "cookie.id"}, Allowed: true}, nil},
		"without a yes":      {policy.BeaconCount{Beacon: "page-pixel", Point: "beacon"}, []string{"cookie.refused cookie.choice"}},
		"on another page":    {policy.BeaconCount{Beacon: "page-pixel", Point: "support", Allowed: true}, []string{"beacon.page beacon.declared"}},
		"unknown":            {policy.BeaconCount{Beacon: "other", Point: "beacon", Allowed: true}, []string{"beacon.undeclared beacon.declared"}},
		"with more on board": {policy.BeaconCount{Beacon: "page-pixel", Point: "beacon", Carries: []string{"account.email"}, Allowed: true}, []string{"beacon.carries beacon.counted"}},
	} {
		got := codes(p.CountingBeacon(c.n))
		for i, g := range got {
			code, rest, _ := strings.Cut(g, " ")
			control, _, _ := strings.Cut(rest, " ")
			got[i] = code + " " + control
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNamesOfBrowsersAreFoundByTheirPattern(t *testing.T) {
	c := &policy.Cookie{Name: "statistics", Names: []string{"_ga", "_ga_*", "*-visit"}}
	for name, want := range map[string]bool{
		"_ga": true, "_ga_1A2B": true, "__Secure-_ga": true, "my-visit": true, "statistics": false, "_gat": false, "visit": false, "": false,
	} {
		if c.Holds(name) != want {
			t.Errorf("%q is held: %v", name, !want)
		}
	}
}

func FuzzContentOfACookieIsLookedAtWithoutHarm(f *testing.F) {
	f.Add("habits", "eyJhIjoxfQ.%zz.+8613912345678")
	f.Add("session", strings.Repeat("A", 9000))
	p := browserPack(f, "go-soft")
	f.Fuzz(func(t *testing.T, name, value string) {
		for _, r := range p.SettingCookie(policy.CookieSetting{Name: name, Value: value, Allowed: true}) {
			if len(value) > 12 && strings.Contains(r.Text, value) && !strings.Contains(name, value) {
				t.Errorf("a refusal repeats the value")
			}
		}
	})
}
