package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The codes of refusals of what is observed, and of what a device is told.
const (
	NoSession          Code = "observed.session"      // it names no session of use
	SessionOver        Code = "observed.session-over" // the session it names is over
	TooFine            Code = "value.precision"
	StaysOnDevice      Code = "item.on-device"
	PermissionUnknown  Code = "permission.undeclared"
	PermissionUnpaired Code = "permission.unpaired"
	PermissionUnasked  Code = "permission.unasked"
	PermissionRefused  Code = "permission.refused"
	PermissionOff      Code = "permission.off"
	DeviceUnbound      Code = "device.unbound"
)

// Seen says where a value was observed. None of it is personal data in clear: the
// app makes the names up.
type Seen struct {
	Device   string // the installation whose permissions count
	Function string // the business function that reads
	Session  string // the session of use it belongs to
}

// A PermitState says how a permission of a device stands.
type PermitState uint8

// The states.
const (
	Unasked   PermitState = iota
	Granted               // the person said yes
	Refused               // the person said no
	TurnedOff             // … and switched it off since
)

// A Permit is how one permission stands on one device of a person.
type Permit struct {
	Permission string // name of it in the policy
	Device     string
	State      PermitState
}

// Observes reports whether values at a point are decided by what the person's
// devices may read, or by the session they were seen in: then Facts.Permits and
// Facts.Over have to say so.
func (p *Policy) Observes(point string, given []Given) bool {
	return slices.ContainsFunc(given, func(v Given) bool {
		it, ok := p.items.byName[v.Item]
		return ok && it.Origin == FromDevice && (p.InUse(point) || len(p.permissionsOf(it, point)) > 0)
	})
}

// InUse reports whether what is observed at a point names its session of use.
func (p *Policy) InUse(point string) bool {
	return slices.ContainsFunc(p.points, func(at Point) bool { return at.Name == point && at.InUse })
}

// Behind returns the permission of the device through which an item is read at a
// point, the first where there are several, with the first function that the policy
// pairs with both; nil where it is read without one.
func (p *Policy) Behind(n ItemNo, point string) (x *Permission, function string) {
	it := p.ItemBy(n)
	if it == nil || it.Origin != FromDevice {
		return nil, ""
	}
	all := p.permissionsOf(it, point)
	if len(all) == 0 {
		return nil, ""
	}
	for _, f := range all[0].Functions {
		if d := (door{p: p}); d.paired(all[0], it, f) {
			return all[0], f
		}
	}
	return all[0], ""
}

// permissionsOf lists the permissions through which an item is read at a point.
func (p *Policy) permissionsOf(it *Item, point string) (out []*Permission) {
	surface := ""
	for _, at := range p.points {
		if at.Name == point {
			surface = at.Surface
		}
	}
	for _, x := range p.more.permissions {
		there := surface == "" || len(x.Surfaces) == 0 || slices.Contains(x.Surfaces, surface)
		if there && slices.Contains(x.Items, it.No) {
			out = append(out, x)
		}
	}
	return out
}

// MayAsk says why an app may not ask for a permission in a function; nil where it
// may: the policy pairs the two.
func (p *Policy) MayAsk(permission, function string) []Refusal {
	d := door{p: p, f: new(Facts)}
	if x := d.permission(permission); x != nil {
		d.paired(x, nil, function)
	}
	return d.refusals
}

// MayRead says why nothing may be read through a permission; nil where it may: it
// is paired with the function, asked for, granted, and not turned off since.
func (p *Policy) MayRead(permission string, at Seen, f *Facts) []Refusal {
	d := door{p: p, f: f}
	if x := d.permission(permission); x != nil {
		d.reads(x, nil, at)
	}
	return d.refusals
}

// permission finds a permission. Its name comes from the caller and is only
// repeated when it has the form of a name.
func (d *door) permission(name string) *Permission {
	for _, x := range d.p.more.permissions {
		if x.Name == name {
			return x
		}
	}
	if !validName(name) {
		name = "with an ill-formed name"
	}
	d.refuse("", PermissionUnknown, PermissionPaired, "permissions", Pos{}, "the purpose is missing: the policy has no permission %s, and no function or purpose for it; it is not asked for and not used", name)
	return nil
}

// observed refuses what was observed outside a session of use, and what no
// permission of the device lets be read there.
func (d *door) observed(it *Item, v Given) {
	if it.Origin != FromDevice {
		return
	}
	if d.p.InUse(d.point) {
		switch {
		case v.Seen.Session == "":
			d.refuse(it.Name, NoSession, CollectInUse, d.promised(CollectInUse, "items."+it.Name, "points."+d.point), it.Pos, "%s is observed only while the service is used; name the session it was seen in", it.Name)
		case slices.Contains(d.f.Over, v.Seen.Session):
			d.refuse(it.Name, SessionOver, CollectInUse, d.promised(CollectInUse, "items."+it.Name, "points."+d.point), it.Pos, "the session in which %s is said to be seen is over; nothing more is observed in it", it.Name)
		}
	}
	var why []Refusal
	for _, x := range d.p.permissionsOf(it, d.point) {
		of := door{p: d.p, f: d.f}
		if of.reads(x, it, v.Seen) {
			return
		}
		why = append(why, of.refusals...)
	}
	d.refusals = append(d.refusals, why...)
}

// promised returns the first of two parts of the policy whose clause a control keeps,
// otherwise the second.
func (d *door) promised(c Control, one, two string) string {
	if slices.ContainsFunc(d.p.about[one], func(cl *Clause) bool { return slices.Contains(cl.Keeps, c) }) {
		return one
	}
	return two
}

// reads reports whether a permission lets be read in a function, an item or none.
func (d *door) reads(x *Permission, it *Item, at Seen) bool {
	name, ref := "", "permissions."+x.Name
	if it != nil {
		name = it.Name
	}
	state := d.f.permit(x.Name, at.Device)
	switch {
	case !d.paired(x, it, at.Function):
		return false
	case state == Refused:
		d.refuse(name, PermissionRefused, PermissionAsked, ref, x.Pos, "the person said no to the permission %s on this device", x.Name)
	case state == TurnedOff:
		d.refuse(name, PermissionOff, PermissionRevoked, ref, x.Pos, "the person turned the permission %s off on this device; nothing is read through it any more", x.Name)
	case state == Unasked && x.Asked:
		d.refuse(name, PermissionUnasked, PermissionAsked, ref, x.Pos, "nobody was asked for the permission %s on the device that is named; ask where %s begins", x.Name, functionsOf(x))
	default:
		return true
	}
	return false
}

// paired reports whether the policy pairs a permission, and the item read through
// it, with a function.
func (d *door) paired(x *Permission, it *Item, function string) bool {
	name, serves := "", len(x.Functions) == 0 || slices.Contains(x.Functions, function)
	if it != nil {
		name = it.Name
		serves = serves && slices.ContainsFunc(x.Purposes, func(n PurposeNo) bool {
			u := d.p.PurposeBy(n)
			return slices.Contains(it.Purposes, n) && (len(u.Functions) == 0 || slices.Contains(u.Functions, function))
		})
	}
	if serves {
		return true
	}
	d.refuse(name, PermissionUnpaired, PermissionPaired, "permissions."+x.Name, x.Pos, "the permission %s serves %s alone; name the function, and use it there", x.Name, functionsOf(x))
	return false
}

func functionsOf(x *Permission) string {
	if len(x.Functions) == 0 {
		return "its function"
	}
	return strings.Join(x.Functions, ", ")
}

func (f *Facts) permit(permission, device string) PermitState {
	for _, x := range f.Permits {
		if x.Permission == permission && x.Device == device && device != "" {
			return x.State
		}
	}
	return Unasked
}

// functionsOf compiles where a permission is asked for: the functions it names, or
// those of all its purposes. A purpose for any function leaves it open.
func (b *builder) functionsOf(v permissionDoc) []string {
	if len(v.Functions.items) > 0 {
		return texts(v.Functions)
	}
	var out []string
	for _, n := range b.purposesOf(v.Purpose, v.Purposes) {
		u := b.p.PurposeBy(n)
		if len(u.Functions) == 0 {
			return nil
		}
		out = append(out, u.Functions...)
	}
	return out
}

// stays refuses what stays on the device of the person until they agree to one of
// the purposes it may leave it for.
func (d *door) stays(it *Item) {
	if len(it.UploadedFor) == 0 {
		return
	}
	var names []string
	for _, no := range it.UploadedFor {
		if d.p.hot.rules[no].stands(no, d.f, it.Sensitive) {
			return
		}
		names = append(names, d.p.PurposeBy(no).Name)
	}
	d.refuse(it.Name, StaysOnDevice, CollectOnDevice, "items."+it.Name, it.Pos, "%s stays on the person's device; it comes in only when they agreed to %s", it.Name, strings.Join(names, " or "))
}

// fine refuses a place that says more than the policy declares.
func (d *door) fine(it *Item, value string) {
	if it.Precision == "" || !finer(it.Type, it.Precision, value) {
		return
	}
	d.refuse(it.Name, TooFine, CollectPrecision, "items."+it.Name, it.Pos, "the value given for %s is finer than the %s that is declared; give it no finer", it.Name, it.Precision)
}

// finer reports whether a value is finer than a precision. Coordinates are as fine
// as their decimals: one is about eleven kilometres, three about a hundred metres. A
// name is finer than a city when it has a number or the word for a street or a
// building in it; a country is its code and no name at all. Where it cannot be told
// apart, a region from a city, it passes.
func finer(typ, precision, value string) bool {
	if precision == "exact" {
		return false
	}
	if found := coordinates(value, ""); found != "" {
		most := map[string]int{"country": 0, "region": 0, "city": 1, "street": 3}[precision]
		return slices.ContainsFunc(strings.Split(found, ","), func(part string) bool {
			_, decimals, _ := strings.Cut(strings.TrimSpace(part), ".")
			return len(strings.TrimRight(decimals, "0")) > most
		})
	}
	switch {
	case precision == "street":
		return false
	case precision == "country":
		_, err := ParseRegion(strings.ToUpper(strings.TrimSpace(value)))
		return err != nil
	}
	return typ == "address" || slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(value), between), streetWord) ||
		strings.ContainsFunc(value, unicode.IsNumber) || strings.ContainsAny(value, "路街巷弄号號栋棟室")
}

func between(r rune) bool { return !unicode.IsLetter(r) }

// streetWord reports whether a word stands in addresses and in no name of a town.
func streetWord(s string) bool {
	return slices.Contains([]string{"street", "road", "avenue", "lane", "alley", "building", "floor", "apartment", "boulevard", "straße", "rue", "calle"}, s)
}

// 6, at last: a command goes to a device of the person's own alone.
func (e *explanation) bound() {
	if e.u.Ref.Kind == RefDevice && e.u.Ref.ID != "" && !e.f.Bound {
		ref := "items"
		for _, it := range e.p.items.ordered {
			if it.Identifier == "device-id" {
				ref = "items." + it.Name
			}
		}
		e.say(DeviceUnbound, DeviceBound, ref, Pos{}, "the device is not bound to this account, or to another one as well; it takes commands from the account it is bound to alone")
	}
}

// lintFunctions checks that a permission is asked for in functions that its
// purposes have.
func (c *checker) lintFunctions(name string, p *permissionDoc) {
	for _, f := range p.Functions.items {
		known := false
		for _, u := range append(slices.Clone(p.Purposes.items), p.Purpose) {
			if x, ok := find(c.doc.Purposes, u.v); ok && (len(x.Functions.items) == 0 || holds(x.Functions, f.v)) {
				known = true
			}
		}
		if !known {
			c.errorf("permission.function", f.pos, "list it at the purpose, or remove it here", "the permission %q is asked for in %q, which none of its purposes has", name, shown(f.v))
		}
	}
}

// lintUploads checks what stays on the device.
func (c *checker) lintUploads(name string, it *itemDoc) {
	for _, u := range it.Uploaded.items {
		x, ok := find(c.doc.Purposes, u.v)
		switch {
		case !ok: // said already
		case !holds(it.Purposes, u.v):
			c.errorf("item.upload", u.pos, "list it among the purposes of the item", "%q leaves the device for %q, which it does not serve", name, u.v)
		case x.Basis.v != string(Consent):
			c.warnf("item.upload-consent", u.pos, "let the purpose rest on consent, or leave uploaded_for out", "%q is said to stay on the device, and leaves it for %q, to which nobody agrees", name, u.v)
		}
	}
}

// sees says how people hear that more is observed of them than before.
func (d *differ) sees(ref string, pos Pos, title Text, a, b *Item) {
	if len(a.UploadedFor) == 0 {
		return
	}
	if len(b.UploadedFor) == 0 || len(gained(d.a.purposeNames(a.UploadedFor), d.b.purposeNames(b.UploadedFor))) > 0 {
		d.say(Major, ref, pos, "Leaves your device for more: %s", "“%s”可因更多目的离开您的设备", title)
	}
}

func points(list []Point) []*Point {
	out := make([]*Point, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// inUse compares where people are observed only while they use the service.
func (d *differ) inUse() {
	match(part[Point]{name: func(x *Point) string { return x.Name }}, points(d.a.points), points(d.b.points), func(*Point) {}, func(*Point) {}, func(a, b *Point) {
		d.dropped("points."+b.Name, b.Pos, fmt.Sprintf("you are observed only while you use it: %s", b.Title.In("en")), "仅在使用期间自动收集："+b.Title.In("zh-CN"), a.InUse, b.InUse)
	})
}

// HasFunction reports whether a permission of the device is asked for in a function
// of this name.
func (p *Policy) HasFunction(name string) bool {
	return slices.ContainsFunc(p.more.permissions, func(x *Permission) bool { return slices.Contains(x.Functions, name) })
}
