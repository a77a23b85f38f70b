package policy

import (
	"strings"
	"testing"
)

func TestACoarseValueIsOneThatManyShare(t *testing.T) {
	for _, c := range []struct{ typ, value, want string }{
		{"birth-date", "1990-05-17", "1990"},
		{"time", "2026-03-01T12:00:00Z", "2026"},
		{"ip", "203.0.113.7", "203.0.0.0/16"},
		{"ip", "2001:db8:1:2::7", "2001:db8::/32"},
		{"coordinates", "24.4798, 118.0894", "24.5, 118.1"},
		{"page-view", "/orders/4711", "/***"},
		{"url", "https://shop.example/orders/4711", "https://shop.example/***"},
		{"country", "CN", "CN"},
		{"email", "lin@mail.example", "***"},
		{"device-id", "0123456789abcdef", "***"},
		{"date", "not a date at all", "***"},
		{"shoe-size", "42", "***"},
	} {
		if got := Coarsen(c.typ, c.value); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.typ, c.value, got, c.want)
		}
	}
}

// Whatever a value is, its coarse form holds no five characters of it together,
// unless it is a kind of thing that many share.
func FuzzCoarsen(f *testing.F) {
	f.Add("email", "lin@mail.example")
	f.Add("coordinates", "24.4798, 118.0894")
	f.Add("ip", "2001:db8:1:2::7")
	f.Fuzz(func(t *testing.T, typ, value string) {
		got := Coarsen(typ, value)
		switch typ {
		case "email", "phone", "name", "text", "message", "device-id", "imei", "address", "payment-card", "order":
			if got != "***" {
				t.Errorf("a coarse %s shows something", typ)
			}
		}
		if strings.ContainsAny(got, "\n\r") {
			t.Errorf("a coarse %s has lines", typ)
		}
	})
}
