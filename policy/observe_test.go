package policy

import (
	"strings"
	"testing"
)

// smart is the lamp shop with an app that reads the place of a phone, lamps that
// take commands, and pictures that stay on the phone.
func smart(t testing.TB) *Policy {
	t.Helper()
	return compile(t, edit(t, base(t),
		"browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web}",
		"browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web, in_use: true}\n  shelf: {title: {en: At the shelf, zh-CN: 货架}, surface: shop}",
		"functions: [lamp-finder]}", "functions: [lamp-finder]}\n  light: {title: {en: Light, zh-CN: 照明}, basis: contract, functions: [dim], refs: [device]}",
		"keep: logs}", "keep: logs}\n"+
			"  lamp.id: {title: {en: Lamp, zh-CN: 灯}, category: user.device.device_id, type: device-id, source: given, at: [order], purposes: [light], list: true, keep: account, identifier: device-id, exclusive: true}\n"+
			"  place.here: {title: {en: Place, zh-CN: 位置}, category: user.location.imprecise, type: coordinates, precision: city, source: observed, at: [browse, shelf], purposes: [fit, account], keep: logs, list: true}\n"+
			"  lamp.picture: {title: {en: Picture, zh-CN: 图片}, category: user.content, type: reference, source: observed, at: [shelf], purposes: [account, news], uploaded_for: [news], keep: logs, list: true}",
		"never:\n", "permissions:\n  location: {title: {en: Location, zh-CN: 位置}, function: {en: Finding a lamp, zh-CN: 选灯}, purpose: fit, items: [place.here], asked: true, revocable: true, surfaces: [web]}\nnever:\n",
	))
}

func TestWhatIsObservedNamesAnOpenSessionAndItsPermission(t *testing.T) {
	p := smart(t)
	at := func(device, function, session string) Seen {
		return Seen{Device: device, Function: function, Session: session}
	}
	permit := func(s PermitState) func(*Facts) {
		return func(f *Facts) { f.Permits = []Permit{{Permission: "location", Device: "p1", State: s}} }
	}
	right := at("p1", "lamp-finder", "s1")
	for _, c := range []struct {
		name  string
		item  string
		seen  Seen
		facts func(*Facts)
		want  string
	}{
		{"all right", "place.here", right, permit(Granted), ""},
		{"no session", "place.here", at("p1", "lamp-finder", ""), permit(Granted), "place.here observed.session"},
		{"a session that is over", "net.ip", at("", "", "s1"), func(f *Facts) { f.Over = []string{"s1"} }, "net.ip observed.session-over"},
		{"another session is over", "net.ip", at("", "", "s2"), func(f *Facts) { f.Over = []string{"s1"} }, ""},
		{"behind no permission", "net.ip", at("", "", "s1"), nil, ""},
		{"never asked", "place.here", right, nil, "place.here permission.unasked"},
		{"on another device", "place.here", at("p2", "lamp-finder", "s1"), permit(Granted), "place.here permission.unasked"},
		{"on no device", "place.here", at("", "lamp-finder", "s1"), permit(Granted), "place.here permission.unasked"},
		{"the person said no", "place.here", right, permit(Refused), "place.here permission.refused"},
		{"turned off", "place.here", right, permit(TurnedOff), "place.here permission.off"},
		{"another function", "place.here", at("p1", "order", "s1"), permit(Granted), "place.here permission.unpaired"},
		{"no function", "place.here", at("p1", "", "s1"), permit(Granted), "place.here permission.unpaired"},
	} {
		f := customer(p)
		if c.facts != nil {
			c.facts(f)
		}
		value := map[string]string{"place.here": "52.5,13.4", "net.ip": "203.0.113.7"}[c.item]
		if got := refusalCodes(p.Collect("browse", []Given{{Item: c.item, Value: value, Seen: c.seen}}, f)); got != c.want {
			t.Errorf("%s: refused %q, want %q", c.name, got, c.want)
		}
	}
	if rs := p.Collect("shelf", []Given{{Item: "place.here", Value: "52.5,13.4"}}, customer(p)); rs != nil {
		t.Errorf("the permission of the web stops the shop: %+v", rs)
	}
}

func TestOnlyWhatIsObservedAsksForFactsOfDevices(t *testing.T) {
	p := smart(t)
	for _, c := range []struct {
		point, item string
		want        bool
	}{{"browse", "net.ip", true}, {"browse", "place.here", true}, {"shelf", "place.here", false}, {"order", "lamp.id", false}, {"registration", "account.email", false}, {"browse", "nothing", false}} {
		if got := p.Observes(c.point, []Given{{Item: c.item}}); got != c.want {
			t.Errorf("%s at %s: %v", c.item, c.point, got)
		}
	}
}

func TestAPermissionIsAskedForAndOpenedInItsFunction(t *testing.T) {
	p := smart(t)
	for _, c := range []struct{ name, permission, function, want string }{
		{"paired", "location", "lamp-finder", ""},
		{"unpaired", "location", "dim", "permission.unpaired"},
		{"no such permission", "settings", "dim", "permission.undeclared"},
		{"something ill-formed", "a@b.de", "dim", "permission.undeclared"},
	} {
		if got := refusalCodes(p.MayAsk(c.permission, c.function)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, r := range p.MayAsk("a@b.de", "dim") {
		if strings.Contains(r.Text, "@") {
			t.Errorf("what the caller sent comes back: %s", r.Text)
		}
	}
	f := &Facts{}
	seen := Seen{Device: "p1", Function: "lamp-finder"}
	if got := refusalCodes(p.MayRead("location", seen, f)); got != "permission.unasked" {
		t.Errorf("before anybody was asked: %q", got)
	}
	f.Permits = []Permit{{"location", "p1", Granted}}
	if rs := p.MayRead("location", seen, f); rs != nil {
		t.Errorf("granted: %+v", rs)
	}
	f.Permits[0].State = TurnedOff
	rs := p.MayRead("location", seen, f)
	if refusalCodes(rs) != "permission.off" || rs[0].Control != PermissionRevoked {
		t.Errorf("turned off: %+v", rs)
	}
}

func TestWhatStaysOnTheDeviceLeavesItByItsOwnAgreement(t *testing.T) {
	p := smart(t)
	picture := []Given{{Item: "lamp.picture", Value: "pic-1"}}
	f := &Facts{Accepted: true, Account: AccountOpen}
	if got := refusalCodes(p.Collect("shelf", picture, f)); got != "lamp.picture item.on-device" {
		t.Errorf("without an agreement: %q", got)
	}
	if rs := p.Collect("shelf", picture, customer(p)); rs != nil {
		t.Errorf("with it: %+v", rs)
	}
}

func TestAPlaceIsNoFinerThanDeclared(t *testing.T) {
	for _, c := range []struct {
		typ, precision, value string
		finer                 bool
	}{
		{"place", "city", "Xiamen", false},
		{"place", "city", "Xiamen, Fujian", false},
		{"place", "city", "厦门市", false},
		{"place", "city", "422 Siming South Road, Xiamen", true},
		{"place", "city", "Lampenstraße 1", true},
		{"place", "city", "Abbey Road, London", true},
		{"place", "city", "厦门市思明南路", true},
		{"place", "city", "朝阳区12号", true},
		{"place", "city", "24.4798,118.0894", true},
		{"place", "street", "Abbey Road, London", false},
		{"place", "country", "CN", false},
		{"place", "country", "Shenzhen", true},
		{"address", "city", "Xiamen", true},
		{"address", "exact", "1 Abbey Road", false},
		{"coordinates", "city", "52.5,13.4", false},
		{"coordinates", "city", "52.52,13.40", true},
		{"coordinates", "street", "52.520,13.404", false},
		{"coordinates", "street", "52.5200,13.4049", true},
		{"coordinates", "exact", "52.520008,13.404954", false},
	} {
		if got := finer(c.typ, c.precision, c.value); got != c.finer {
			t.Errorf("a %s %q is finer than a %s: %v", c.typ, c.value, c.precision, got)
		}
	}
	p := smart(t)
	rs := p.Collect("shelf", []Given{{Item: "place.here", Value: "52.520008,13.404954"}}, customer(p))
	if refusalCodes(rs) != "place.here value.precision" || strings.Contains(rs[0].Text, "52") {
		t.Errorf("a point on the map: %+v", rs)
	}
}

func TestADeviceTakesCommandsFromItsOwnAccount(t *testing.T) {
	p := smart(t)
	light, _ := p.Purpose("light")
	lamp, _ := p.Item("lamp.id")
	u := &Use{Items: []ItemNo{lamp.No}, Purpose: light.No, Function: "dim", Ref: Ref{RefDevice, "LAMP-1"}}
	f := customer(p)
	d := p.Decide(u, f)
	if d.Allowed || len(d.Reasons) != 1 || d.Reasons[0].Code != DeviceUnbound || d.Reasons[0].Control != DeviceBound {
		t.Errorf("a lamp of somebody else's: %+v", d)
	}
	if f.Bound = true; !p.Decide(u, f).Allowed {
		t.Errorf("one's own lamp: %+v", p.Decide(u, f).Reasons)
	}
	if u.Ref = (Ref{}); p.Decide(u, f).Allowed {
		t.Error("a command for no lamp is let through")
	}
	mail, _ := p.Item("account.email")
	account, _ := p.Purpose("account")
	plain := &Use{Items: []ItemNo{mail.No}, Purpose: account.No, Ref: Ref{RefDevice, "LAMP-1"}}
	if p.Decide(plain, customer(p)).Allowed {
		t.Error("a use that names a lamp of somebody else's is let through")
	}
}

func TestWhatIsObservedAndAskedForHangsTogether(t *testing.T) {
	src := func(pairs ...string) string { return edit(t, base(t), pairs...) }
	permission := "permissions:\n  location: {title: {en: Location, zh-CN: 位置}, function: {en: Finding a lamp, zh-CN: 选灯}, purpose: fit, asked: true, revocable: true, functions: [dim]}\nnever:\n"
	for name, c := range map[string]struct{ src, want string }{
		"a function that no purpose has":    {src("never:\n", permission), "permission.function"},
		"left for what the item serves not": {src("purposes: [safety], list: true", "purposes: [safety], uploaded_for: [news], list: true"), "item.upload"},
		"left for what nobody agrees to":    {src("purposes: [safety], list: true", "purposes: [safety], uploaded_for: [safety], list: true"), "item.upload-consent"},
	} {
		_, findings, _ := Load("base.yaml", []byte(c.src), nil)
		found := ""
		for _, f := range findings {
			found += " " + f.Code
		}
		if !strings.Contains(found+" ", " "+c.want+" ") {
			t.Errorf("%s: found%s, want %s", name, found, c.want)
		}
	}
}

func TestMoreObservationIsAMajorChange(t *testing.T) {
	src := edit(t, base(t), "surface: web}\npurposes:", "surface: web, in_use: true}\npurposes:")
	d := Diff(compile(t, src), compile(t, base(t)))
	if d.Weight != Major || len(d.Changes) != 1 || d.Changes[0].Part != "points.browse" || !d.Changes[0].Reduces {
		t.Errorf("sessions need no longer be named: %+v", d)
	}
	if d := Diff(compile(t, base(t)), compile(t, src)); d.Weight == Major {
		t.Errorf("sessions are named now: %+v", d)
	}
}
