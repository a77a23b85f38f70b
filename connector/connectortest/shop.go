package connectortest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/examples/shop"
)

// customers is how many the tests' shop has.
const customers = 40

// A store is the shop, filled.
type store struct {
	db   Database
	m    *datamap.Map
	list []shop.Customer
}

func openShop(t testing.TB, kind string, fresh Fresh) *store {
	t.Helper()
	m, err := datamap.Parse("shop.yaml", shop.Map(kind))
	if err != nil {
		t.Fatal(err)
	}
	s := &store{db: fresh(t), m: m}
	s.db.Load(t, shop.Schema(kind))
	s.db.Fill(t, func(exec func(string, ...any) error) error {
		s.list, err = shop.Fill(customers, exec)
		return err
	})
	return s
}

func (s *store) run(t testing.TB, c shop.Customer) *Person {
	return Start(t, s.db, s.m, Subject(fmt.Sprintf("subject-%d", c.ID), "email", c.Email, "phone", c.Phone))
}

// shopTests are the promises on a whole database.
func shopTests(t *testing.T, kind string, fresh Fresh) {
	t.Run("AnExportHoldsEveryValueOfThePersonAndNobodyElses", func(t *testing.T) {
		s := openShop(t, kind, fresh)
		for _, c := range s.list[:6] {
			r := s.run(t, c)
			r.Find()
			r.Show()
			text := r.Text()
			for _, v := range c.Values {
				if !strings.Contains(text, v) {
					t.Errorf("customer %d: a value is missing from the export", c.ID)
				}
			}
			for _, o := range s.list {
				if o.ID != c.ID && (strings.Contains(text, o.Email) || slices.ContainsFunc(o.Values, func(v string) bool { return strings.Contains(text, v) })) {
					t.Errorf("customer %d: the export holds a value of customer %d", c.ID, o.ID)
				}
			}
			if strings.Contains(text, "argon2id") || strings.Contains(text, "agent") {
				t.Errorf("customer %d: the export shows a secret or the agent", c.ID)
			}
			for _, row := range r.Shown {
				for _, v := range row.Values {
					if v.Column == "password_hash" && (!v.Secret || v.Null) {
						t.Error("the password should be shown as present")
					}
				}
			}
		}
	})
	t.Run("AnErasureDoesWhatThePlanSaysAndNothingElse", func(t *testing.T) { eraseInShop(t, openShop(t, kind, fresh)) })
	t.Run("AVerificationFindsWhatWasPlantedAndOnlyThat", func(t *testing.T) { plant(t, openShop(t, kind, fresh)) })
	t.Run("NothingMovesWithoutAWarrant", func(t *testing.T) { warrants(t, openShop(t, kind, fresh)) })
	t.Run("AnErasureThatIsStoppedHasDoneNothing", func(t *testing.T) { interrupted(t, openShop(t, kind, fresh)) })
	if kind != "sqlite" { // where nobody else writes meanwhile
		t.Run("ARowThatBecomesAnothersWhileAnErasureBeginsIsNotTaken", func(t *testing.T) { taken(t, openShop(t, kind, fresh)) })
	}
	t.Run("WhatChangesAfterThePlanIsSeen", func(t *testing.T) { drift(t, openShop(t, kind, fresh)) })
	t.Run("WhatTheMapDoesNotMentionStopsEverything", func(t *testing.T) { unmentioned(t, openShop(t, kind, fresh)) })
	t.Run("TheMapOfTheShopFits", func(t *testing.T) {
		s := openShop(t, kind, fresh)
		c, err := s.db.Open(t, s.m, nil).Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Problems) > 0 {
			t.Errorf("problems:\n%s", strings.Join(c.Problems, "\n"))
		}
		all := strings.Join(c.Warnings, "\n")
		if strings.Contains(all, "customers.email") || !strings.Contains(all, "newsletter.email has no index") {
			t.Errorf("warnings should name the column without an index only:\n%s", all)
		}
	})
}

func eraseInShop(t *testing.T, s *store) {
	c := s.list[4]
	r := s.run(t, c)
	before := s.db.Text(t)
	r.Find()
	r.Show()
	for _, f := range r.Survey.Found {
		if f.Action == connector.Keep && (f.Keep.Reason["en"] == "" || f.Keep.Reason["zh-CN"] == "" || f.Keep.Ground == "" || f.Keep.Until == "") {
			t.Errorf("%s is kept without ground, reason or end", f.Collection)
		}
		if f.Why == "" || strings.Contains(f.Why, "@") {
			t.Errorf("%s: why is %q", f.Collection, f.Why)
		}
	}
	out := r.Erase()
	for _, d := range out.Collections {
		if d.Done != d.Planned || d.Done == 0 {
			t.Errorf("%s %s: planned %d, done %d", d.Action, d.Collection, d.Planned, d.Done)
		}
	}
	if len(out.Notes) == 0 && s.m.Kind != "sqlite" {
		t.Error("a server should say what it still holds")
	}
	after := s.db.Text(t)
	for _, line := range after {
		for _, v := range append([]string{c.Email}, c.Values...) {
			if strings.Contains(strings.ToLower(line), strings.ToLower(v)) && !slices.Contains(c.Kept, v) {
				t.Errorf("a value is left in %s", strings.SplitN(line, ":", 2)[0])
			}
		}
	}
	others := func(lines []string) (n int) {
		for _, line := range lines {
			for _, o := range s.list {
				if o.ID != c.ID && slices.ContainsFunc(o.Values, func(v string) bool { return strings.Contains(line, v) }) {
					n++
				}
			}
		}
		return n
	}
	if a, b := others(before), others(after); a != b {
		t.Errorf("values of others: %d before, %d after", a, b)
	}
	again := r.Erase()
	for _, d := range again.Collections {
		if d.Moved != 0 || d.Done != 0 && d.Action != connector.Keep {
			t.Errorf("repeated: %s %s: done %d, moved %d", d.Action, d.Collection, d.Done, d.Moved)
		}
	}
	if !slices.Equal(after, s.db.Text(t)) {
		t.Error("a repeated erasure changed something")
	}
	if f := r.Verify(); f.Residue() != 0 || f.Rows == 0 {
		t.Errorf("%d rows read, %d rows of residue: %v", f.Rows, f.Residue(), places(f))
	}
	if next := r.Find(); next.Rows() != 0 {
		t.Errorf("a new survey still finds %d rows", next.Rows())
	}
}

// places names the hits without their keys.
func places(f *connector.Findings) []string {
	var out []string
	for _, h := range f.Hits {
		out = append(out, fmt.Sprintf("%s.%s %s %s ×%d", h.Collection, h.Column, h.Kind, h.State, h.Rows))
	}
	return out
}

func plant(t *testing.T, s *store) {
	c, o := s.list[7], s.list[8]
	r := s.run(t, c)
	r.Find()
	r.Show()
	r.Erase()
	if f := r.Verify(); f.Residue() != 0 {
		t.Fatalf("residue before planting: %v", places(f))
	}
	digits := connector.Digits(c.Phone)
	s.db.Fill(t, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec("UPDATE products SET title = $1 WHERE id = 1", "returned by "+strings.ToUpper(c.Email)),
			exec("UPDATE messages SET body = $1 WHERE id = (SELECT min(id) FROM messages)", "call "+digits[2:5]+"-"+digits[5:9]+"-"+digits[9:]),
			exec("UPDATE settings SET document = $1 WHERE customer_id = $2", `{"partner":{"mail":"`+c.Email+`"}}`, o.ID),
			exec("UPDATE customers SET nickname = $1 WHERE id = $2", c.Nickname, o.ID), // a namesake
			exec("UPDATE products SET title = $1 WHERE id = 2", "The "+c.Nickname+" song"),
		)
	})
	got := places(r.Verify())
	want := []string{
		"customers.nickname value alike ×1",
		"messages.body phone alike ×1",
		"products.title email residue ×1",
		"settings.document email residue ×1",
	}
	var found []string
	for _, p := range got {
		if !strings.Contains(p, " kept ") && !strings.Contains(p, "value alike") || strings.HasPrefix(p, "customers.nickname") {
			found = append(found, p)
		}
	}
	if !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}
