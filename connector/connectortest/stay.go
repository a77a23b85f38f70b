package connectortest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/seal"
)

// club is a schema whose rows stay: what they hold is made anonymous, corrected,
// or marked as not to be used.
const club = `
CREATE TABLE members (id BIGINT PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE, phone VARCHAR(24), name VARCHAR(40) NOT NULL, town TEXT NOT NULL,
	nick VARCHAR(40), card TEXT, blocked BIGINT NOT NULL);
CREATE TABLE visits (id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), name VARCHAR(40), note TEXT, hidden TEXT);
CREATE TABLE guests (id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), name TEXT);
INSERT INTO members (id, email, phone, name, town, nick, card, blocked) VALUES
	(1, 'ann.one@x.example', '+86 138 0000 1111', 'Ann One', 'Lyon', 'Annie', 'AX-77-1', 0),
	(2, 'bob.two@x.example', '+86 138 0000 2222', 'Ann One', 'Lyon', NULL, 'AX-77-1', 0);
INSERT INTO visits (id, member_id, name, note, hidden) VALUES
	(1, 1, 'Ann One', 'first of ann', NULL), (2, 1, 'ann one', 'second of ann', NULL), (3, 1, 'Guest Gil', NULL, NULL), (4, 2, 'Ann One', 'of bob', NULL);
INSERT INTO guests (id, member_id, name) VALUES (1, 1, 'Gus'), (2, 2, 'Gia');
`

func clubMap(kind, members, more string) string {
	return `avow: 1
system: club
kind: ` + kind + `
subjects:
  member: {collection: members, identifiers: {email: members.email}}
collections:
  members: ` + members + `
  visits: {columns: {name: account.name, note: user.content}, plain: [hidden, member_id], erase: clear` + more + `}
  guests: {columns: {name: user.content}, erase: delete}
`
}

const (
	anonymous = `
    columns:
      email: {item: account.email, erase: hash}
      phone: {item: account.phone, erase: mask, reason: {en: So that a call can be told apart}}
      name: {item: account.name, erase: mask}
      town: {item: user.contact, erase: fixed, clear: elsewhere}
      nick: {item: user.content, erase: null}
      card: {item: user.content, erase: hash}
    plain: [blocked]
    erase: clear
    restrict: {column: blocked, on: 1, off: 0}`
)

func openClub(t testing.TB, fresh Fresh) Database {
	t.Helper()
	db := fresh(t)
	db.Load(t, club)
	return db
}

// stayTests are the promises on rows that stay.
func stayTests(t *testing.T, kind string, fresh Fresh) {
	ann := Subject("s-1", "email", "ann.one@x.example")
	t.Run("WhatStaysIsAnonymousAndLeadsToNobody", func(t *testing.T) { anonymise(t, kind, openClub(t, fresh), ann) })
	t.Run("AStrategyThatDoesNotFitItsColumnIsRefused", func(t *testing.T) {
		for change, want := range map[string]string{
			"email: {item: account.email, erase: mask}":                         "members.email cannot be erased with mask",
			"email: {item: account.email, erase: null}":                         "members.email cannot be erased with null",
			"email: {item: account.email}\n      phone: {item: x, erase: hash}": "members.phone cannot be erased with hash",
		} {
			m := strings.Replace(anonymous, "email: {item: account.email, erase: hash}", change, 1)
			if strings.Contains(change, "phone") {
				if kind == "sqlite" {
					continue // columns have no greatest length there
				}
				m = strings.Replace(m, "\n      phone: {item: account.phone, erase: mask, reason: {en: So that a call can be told apart}}", "", 1)
			}
			Start(t, openClub(t, fresh), Parse(t, clubMap(kind, m, "")), ann).Refused(fault.Invalid, want)
		}
	})
	t.Run("ACorrectionReplacesTheOldValueAndNothingElse", func(t *testing.T) { correct(t, kind, openClub(t, fresh), ann) })
	t.Run("ARestrictionMarksThePersonsRowsAndIsLifted", func(t *testing.T) { restrict(t, kind, openClub(t, fresh), ann) })
	t.Run("NobodyCorrectsOrRestrictsWithoutAWarrant", func(t *testing.T) {
		p := Start(t, openClub(t, fresh), Parse(t, clubMap(kind, anonymous, "")), ann)
		_, err := p.Sys.Correct(t.Context(), p.Warrant(gate.Erase), ann, nil, nil)
		_, err2 := p.Sys.Restrict(t.Context(), p.Warrant(gate.Correct), ann, nil)
		if fault.Of(err) != fault.Denied || fault.Of(err2) != fault.Denied {
			t.Errorf("got %v and %v", err, err2)
		}
	})
}

func anonymise(t *testing.T, kind string, db Database, ann connector.Subject) {
	p := Start(t, db, Parse(t, clubMap(kind, anonymous, "")), ann)
	p.Find()
	p.Show()
	p.Erase()
	one := strings.Join(db.Rows(t, "SELECT name || '|' || phone || '|' || town || '|' || coalesce(nick, 'NULL') FROM members WHERE id = 1"), "")
	if one != "A***|***11|elsewhere|NULL" {
		t.Errorf("the row holds %q", one)
	}
	email, card := db.Rows(t, "SELECT email FROM members WHERE id = 1")[0], db.Rows(t, "SELECT card FROM members WHERE id = 1")[0]
	if form := regexp.MustCompile(`^anon-[a-z2-7]{24}$`); !form.MatchString(email) || !form.MatchString(card) || email == card {
		t.Errorf("the hashes are %q and %q", email, card)
	}
	if f := p.Verify(); f.Residue() != 0 {
		t.Errorf("residue: %v", places(f))
	}
	after := db.Text(t)
	p.Erase()
	if !slices.Equal(after, db.Text(t)) {
		t.Error("a repeated erasure changed something")
	}
	bob := Start(t, db, Parse(t, clubMap(kind, anonymous, "")), Subject("s-2", "email", "bob.two@x.example"))
	bob.Find()
	bob.Show()
	bob.Erase()
	if other := db.Rows(t, "SELECT card FROM members WHERE id = 2")[0]; other == card {
		t.Error("two erasures hash the same value to the same text: their people can be linked")
	}
}

func correct(t *testing.T, kind string, db Database, ann connector.Subject) {
	p := Start(t, db, Parse(t, clubMap(kind, anonymous, "")), ann)
	change := func() *connector.Outcome {
		t.Helper()
		targets := []connector.Target{
			{Collection: "members", Keys: []string{"1"}, Action: connector.Rewrite, Columns: []string{"email", "name"}},
			{Collection: "visits", Keys: []string{"1", "2", "3", "4"}, Action: connector.Rewrite, Columns: []string{"name"}},
		}
		out, err := p.Sys.Correct(t.Context(), p.Warrant(gate.Correct), ann, targets, []connector.Change{
			{Item: "account.email", Was: []seal.Personal{seal.NewPersonal("Ann.One@x.example")}, Now: seal.NewPersonal("ann.won@x.example")},
			{Item: "account.name", Was: []seal.Personal{seal.NewPersonal("Ann One")}, Now: seal.NewPersonal("Ann Won")},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	out := change()
	if got := out.Collections; got[0].Done != 1 || got[1].Done != 2 || got[1].Moved != 2 {
		t.Errorf("done: %+v", got)
	}
	want := []string{"Ann Won", "Ann Won", "Guest Gil", "Ann One"}
	if got := db.Rows(t, "SELECT name FROM visits ORDER BY id"); !slices.Equal(got, want) {
		t.Errorf("the names are %q, want %q", got, want)
	}
	if got := db.Rows(t, "SELECT email || name FROM members ORDER BY id"); !slices.Equal(got, []string{"ann.won@x.exampleAnn Won", "bob.two@x.exampleAnn One"}) {
		t.Errorf("the members are %q", got)
	}
	after := db.Text(t)
	again := change() // the person is no longer found by the old address
	if got := again.Collections; got[0].Already != 1 || got[1].Already != 2 || got[0].Done+got[1].Done != 0 {
		t.Errorf("repeated: %+v", got)
	}
	if !slices.Equal(after, db.Text(t)) {
		t.Error("a repeated correction changed something")
	}
	if kind == "sqlite" {
		return // columns have no greatest length there
	}
	_, err := p.Sys.Correct(t.Context(), p.Warrant(gate.Correct), ann, []connector.Target{
		{Collection: "members", Keys: []string{"1"}, Action: connector.Rewrite, Columns: []string{"name"}},
	}, []connector.Change{{Item: "account.name", Now: seal.NewPersonal(strings.Repeat("n", 41))}})
	if fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "takes 40") {
		t.Errorf("a value that does not fit: %v", err)
	}
}

func restrict(t *testing.T, kind string, db Database, ann connector.Subject) {
	p := Start(t, db, Parse(t, clubMap(kind, anonymous, ", restrict: {column: hidden, on: restricted}")), ann)
	if !p.Sys.Can(gate.Restrict) {
		t.Error("the system says that it cannot")
	}
	mark := func(a connector.Action) []connector.Done {
		t.Helper()
		out, err := p.Sys.Restrict(t.Context(), p.Warrant(gate.Restrict), ann, []connector.Target{
			{Collection: "members", Keys: []string{"1", "2"}, Action: a}, {Collection: "visits", Keys: []string{"1", "2", "3"}, Action: a},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Collections
	}
	seen := func() string {
		return strings.Join(db.Rows(t, "SELECT blocked FROM members ORDER BY id"), "") + " " + strings.Join(db.Rows(t, "SELECT coalesce(hidden, '-') FROM visits ORDER BY id"), " ")
	}
	if got := mark(connector.Freeze); got[0].Done != 1 || got[0].Moved != 1 || got[1].Done != 3 || seen() != "10 restricted restricted restricted -" {
		t.Errorf("restricted: %+v, %s", got, seen())
	}
	if got := mark(connector.Freeze); got[0].Already != 1 || got[1].Already != 3 {
		t.Errorf("repeated: %+v", got)
	}
	if mark(connector.Release); seen() != "00 - - - -" {
		t.Errorf("lifted: %s", seen())
	}
}
