package datamap_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/fault"
)

const good = `avow: 1
system: shop
kind: sqlite
title: {en: Web shop, zh-CN: 网店}
region: CN
subjects:
  customer:
    collection: customers
    identifiers:
      email: [customers.email, newsletter.email]
      phone: customers.phone
collections:
  customers:
    columns:
      email: account.email
      phone: {item: account.phone, clear: "+{random}"}
      password: {item: account.password, secret: true}
    plain: [created_at]
    erase: clear
  newsletter: {columns: {email: account.email}, erase: delete}
  orders:
    columns: {note: order.history}
    erase: keep
    clear: [note]
    keep: {ground: legal-obligation, reason: {en: Tax, zh-CN: 税务}, for: P10Y, after: order}
  products: none
links:
  - {from: orders.customer_id, to: customers.id, role: owns}
  - {from: [orders.a, orders.b], to: [customers.a, customers.b], role: actor, detach: true}
  - {from: newsletter.email, to: customers.email, role: owns, match: email, when: {kind: news}}
`

func TestAMapIsReadWhole(t *testing.T) {
	m, err := datamap.Parse("shop.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if m.System != "shop" || m.Kind != "sqlite" || m.Title["zh-CN"] != "网店" || m.Region != "CN" {
		t.Errorf("head read wrongly: %+v", m)
	}
	c, _ := m.Lookup("customers")
	if diff := cmp.Diff([]string{"email", "phone", "password"}, c.Clear); diff != "" {
		t.Errorf("clear is all personal columns:\n%s", diff)
	}
	if p, _ := c.Column("phone"); p.Replacement == nil || *p.Replacement != "+{random}" {
		t.Errorf("replacement lost: %+v", p)
	}
	if p, _ := c.Column("password"); !p.Secret {
		t.Error("secret lost")
	}
	o, _ := m.Lookup("orders")
	if o.Keep.End() != "P10Y after order" || o.Keep.Reason["zh-CN"] != "税务" {
		t.Errorf("keep read wrongly: %+v", o.Keep)
	}
	if p, _ := m.Lookup("products"); p.Erase != datamap.None {
		t.Errorf("products: %q", p.Erase)
	}
	if l := m.Links[1]; len(l.From) != 2 || !l.Detach || l.Role != datamap.Actor {
		t.Errorf("composite link read wrongly: %+v", l)
	}
	if l := m.Links[2]; l.Match != datamap.Email || l.When[0] != (datamap.Condition{Column: "kind", Value: "news"}) {
		t.Errorf("conditional link read wrongly: %+v", l)
	}
	if got := m.Subjects[0].Identifiers[0].Columns[1].String(); got != "newsletter.email" {
		t.Errorf("second column of an identifier: %s", got)
	}
	if len(m.Hash()) != 64 {
		t.Errorf("hash %q", m.Hash())
	}
}

func TestEveryProblemIsNamedWithPlaceAndRemedy(t *testing.T) {
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the good map lacks %q", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, c := range []struct{ name, src, want string }{
		{"unknown key", change("region: CN", "regoin: CN"), `m.yaml:5:1: a data map has no key "regoin" (did you mean region?)`},
		{"unknown key after Chinese", change("title: {en: Web shop, zh-CN: 网店}\nregion: CN", "title: {zh-CN: 网店}\n\"区\": 1"), `m.yaml:5:1: a data map has no key "区"`},
		{"column after Chinese in one line", change("reason: {en: Tax, zh-CN: 税务}, for: P10Y", "reason: {en: Tax, zh-CN: 税务}, foor: P10Y"), `m.yaml:25:68: keep has no key "foor" (did you mean for?)`},
		{"treatment", change("erase: keep\n", "erase: kep\n"), `m.yaml:23:12: erase cannot be "kep" (did you mean keep?)`},
		{"keep without reason", change("reason: {en: Tax, zh-CN: 税务}, ", ""), "keep needs a reason"},
		{"keep without end", change("for: P10Y, after: order", "after: order"), "keep needs an end"},
		{"bad duration", change("P10Y", "10 years"), "ISO 8601"},
		{"role", change("role: actor", "role: actress"), `role cannot be "actress"`},
		{"link to nowhere", change("to: customers.id", "to: custmers.id"), "the map does not describe the collection custmers (did you mean customers?)"},
		{"uneven link", change("to: [customers.a, customers.b]", "to: customers.a"), "from has 2 columns and to has 1"},
		{"identifier nowhere", change("phone: customers.phone", "phone: clients.phone"), "does not describe the collection clients"},
		{"not a reference", change("phone: customers.phone", "phone: phone"), `phone should be collection.column, not "phone"`},
		{"clear what is not personal", change("clear: [note]", "clear: [notes]"), "which is not among its personal columns (did you mean note?)"},
		{"clear in part without a reason", change("erase: clear\n", "erase: clear\n    clear: [email]\n"), "a reason for the rest"},
		{"none with personal columns", change("products: none", "products: {columns: {a: b}, erase: none}"), "erase cannot be none"},
		{"personal and plain", change("plain: [created_at]", "plain: [email]"), "both personal and plain"},
		{"version", change("avow: 1", "avow: 2"), "this is format 2"},
		{"lacks", change("system: shop\n", ""), "the map lacks system"},
		{"duplicate", change("region: CN", "region: CN\nregion: CN"), "m.yaml:6:1: mapping key \"region\" already defined"},
		{"identity in a catalogue", change("phone: customers.phone", "phone: products.phone"), "mapped as nobody's data"},
		{"empty", "", "the file is empty"},
		{"broken", "avow: [1", "m.yaml:1:"},
		{"two documents", good + "---\navow: 1\n", "a second document"},
		{"boolean", change("detach: true", "detach: perhaps"), "detach should be true or false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := datamap.Parse("m.yaml", []byte(c.src))
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("kind %q, error %v", fault.Of(err), err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error does not say %q:\n%v", c.want, err)
			}
		})
	}
}

func TestAStrategyAndAMarkAreCheckedWhereTheyStand(t *testing.T) {
	write := func(collection string) string {
		return "avow: 1\nsystem: shop\nkind: sqlite\nsubjects: {c: {collection: customers, identifiers: {email: customers.email}}}\ncollections:\n  customers: " + collection + "\n"
	}
	for collection, want := range map[string]string{
		"{columns: {email: {item: a, erase: fixed}}, erase: clear}":                      "write which, clear:",
		"{columns: {email: {item: a, erase: mask, clear: x}}, erase: clear}":             "only erase: fixed takes one",
		"{columns: {email: {item: a, erase: blur}}, erase: clear}":                       "it is one of null, fixed, mask, hash",
		"{columns: {email: a}, erase: clear, restrict: {column: blocked}}":               "restrict needs a column and what",
		"{columns: {email: a}, erase: clear, restrict: {column: email, on: 1}}":          "holds personal data",
		"{columns: {email: a}, erase: clear, restrict: {column: blocked, on: 1, of: 0}}": "did you mean",
	} {
		if _, err := datamap.Parse("shop.yaml", []byte(write(collection))); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "shop.yaml:6:") {
			t.Errorf("%s: %v, want %q", collection, err, want)
		}
	}
	m, err := datamap.Parse("shop.yaml", []byte(write("{columns: {email: {item: a, erase: null}, name: {item: b, erase: fixed, clear: gone}}, plain: [blocked], erase: clear, restrict: {column: blocked, on: 1, off: 0}}")))
	if err != nil {
		t.Fatal(err)
	}
	c := m.Collections[0]
	if c.Columns[0].Strategy != datamap.Null || *c.Columns[1].Replacement != "gone" || c.Restrict.On != "1" || *c.Restrict.Off != "0" {
		t.Errorf("read: %+v %+v", c, c.Restrict)
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	src := strings.NewReplacer("region: CN", "regoin: CN", "role: actor", "role: actress").Replace(good)
	_, err := datamap.Parse("m.yaml", []byte(src))
	if err == nil || !strings.Contains(err.Error(), "regoin") || !strings.Contains(err.Error(), "actress") {
		t.Errorf("both problems should be told: %v", err)
	}
}

func TestItemsAreComparedWithThePolicy(t *testing.T) {
	m, err := datamap.Parse("m.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"account.email", "account.phone", "account.password", "order.history"}
	if err := m.CheckItems(known); err != nil {
		t.Errorf("all items are known: %v", err)
	}
	err = m.CheckItems([]string{"account.emails", "account.phone", "account.password", "order.history"})
	if err == nil || !strings.Contains(err.Error(), "m.yaml:15:7: customers.email holds account.email, which the policy does not declare (did you mean account.emails?)") {
		t.Errorf("unknown item: %v", err)
	}
	if diff := cmp.Diff(known, m.Items()); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("a: &x [*x]"))
	f.Add([]byte("? [a]: b"))
	f.Add([]byte("subjects: !!map {<<: {a: b}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := datamap.Parse("f.yaml", src)
		if (m == nil) == (err == nil) {
			t.Fatal("either a map or an error")
		}
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("kind %q", fault.Of(err))
			}
			return
		}
		for _, l := range m.Links {
			if len(l.From) == 0 || len(l.From) != len(l.To) || l.Role == "" {
				t.Fatalf("an accepted link is incomplete: %+v", l)
			}
		}
		for _, c := range m.Collections {
			if c.Erase == "" {
				t.Fatalf("an accepted collection has no treatment: %+v", c)
			}
		}
	})
}
