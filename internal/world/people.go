package world

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Marker is what makes one value of one person known among all others.
type Marker struct {
	Item  string
	Class string // retention class of the item
	Token string // letters and digits that stand in Value and nowhere else
	Value string
	Point string
	Dead  bool // erased or replaced: no key may open it any more
}

// A Person is somebody in the vault, and a customer of the shop where there is
// one.
type Person struct {
	ID      subject.ID
	Shop    shop.Customer
	Markers []*Marker
}

// Marker returns the marker of a person's item.
func (p *Person) Marker(item string) *Marker {
	for _, m := range p.Markers {
		if m.Item == item && !m.Dead {
			return m
		}
	}
	return nil
}

// Email returns the person's address, as the shop has it too.
func (p *Person) Email() string { return p.Marker("account.email").Value }

// Token returns letters and digits that stand nowhere else.
func Token() string { return "q" + strings.ToLower(rand.Text()[:15]) }

// phone is what the app calls everybody's phone.
const phone = "phone-1"

// given is what everybody gives, and where.
func given() []Marker {
	return []Marker{
		{Item: "account.email", Class: "account", Point: "registration"},
		{Item: "account.phone", Class: "account", Point: "registration"},
		{Item: "account.nickname", Class: "account", Point: "registration"},
		{Item: "order.history", Class: "books", Point: "web", Value: "two cameras, parcel #"},
		{Item: "order.address", Class: "account", Point: "web", Value: "人民路 12 号 "},
		{Item: "support.message", Class: "support", Point: "support", Value: "my camera \"blinks\" & hums: "},
		{Item: "device.bound-id", Class: "device", Point: "app"},
		{Item: "device.maker", Class: "device", Point: "app", Value: "maker "},
		{Item: "log.app", Class: "logs", Point: "app", Value: "opened "},
	}
}

// nowhere gives a customer an address and a number that stand in no shop: not in
// those of other worlds either, which lie in clear on the same server.
func nowhere(c shop.Customer) shop.Customer {
	var digits [4]byte
	_, _ = rand.Read(digits[:]) // never fails
	c.Email = "somebody." + Token() + "@example.com"
	c.Phone = fmt.Sprintf("+86139%08d", binary.BigEndian.Uint32(digits[:])%1e8)
	return c
}

// person makes up somebody with the names of a customer.
func (w *World) person(c shop.Customer) *Person {
	p := &Person{Shop: c}
	for _, m := range given() {
		m.Token = Token()
		switch m.Item {
		case "account.email":
			m.Value = c.Email
			local, _, _ := strings.Cut(c.Email, "@")
			m.Token = local[strings.LastIndexByte(local, '.')+1:]
		case "account.phone":
			m.Value, m.Token = c.Phone, c.Phone[len(c.Phone)-9:]
		default:
			m.Value += m.Token
		}
		w.canary.add(m.Token)
		p.Markers = append(p.Markers, &m)
	}
	return p
}

// Enter registers somebody with everything they give.
func (w *World) Enter(p *Person) {
	w.Helper()
	points := map[string][]policy.Given{}
	for _, m := range p.Markers {
		points[m.Point] = append(points[m.Point], policy.Given{Item: m.Item, Value: m.Value, Voluntary: true})
	}
	id, refusals, err := w.P.Register(context.Background(), avow.Registration{
		Accepted: true, Adult: true, Point: "registration", Given: points["registration"],
	})
	w.Must(w.heard(err))
	if len(refusals) > 0 {
		w.Fatalf("the registration was refused: %v", refusals)
	}
	w.count(audit.SubjectRegistered, 1)
	w.count(audit.Collected, 1)
	p.ID = id
	refusals, err = w.P.AnswerPermission(context.Background(), id, platform.AskedPermission{
		Permission: platform.Permission{Device: phone, Name: "device-info", Function: "first-entry"}, Granted: true,
	})
	w.Must(w.heard(err))
	if len(refusals) > 0 {
		w.Fatalf("the answer about the phone was refused: %v", refusals)
	}
	w.count(audit.PermissionAnswered, 1)
	for _, point := range []string{"web", "support", "app"} {
		if refusals := w.Collect(p, point, points[point]...); len(refusals) > 0 {
			w.Fatalf("what was given at %s was refused: %v", point, refusals)
		}
	}
	w.People = append(w.People, p)
}
