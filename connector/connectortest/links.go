package connectortest

import (
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// linkTests are about links that only the map knows, and rows that are open to
// people who do not own them.
func linkTests(t *testing.T, kind string, fresh Fresh) {
	t.Run("ARowThatIsOnlyOpenToThePersonIsShownAndStays", func(t *testing.T) { accessor(t, kind, fresh(t)) })
	t.Run("LinksOfTheMapAreFollowedByKindAndForm", func(t *testing.T) { written(t, kind, fresh(t)) })
	t.Run("RowsThatMustPointToOneAnotherGoFromTheEnds", func(t *testing.T) { chained(t, kind, fresh(t)) })
	t.Run("TargetsThatWouldBreakKeysAreRefused", func(t *testing.T) {
		db := openKnots(t, kind, fresh)
		p := Start(t, db, Parse(t, knotMap(kind, deleted, freed)), Subject("s-1", "email", "ann.one@x.example"))
		p.Find()
		before := db.Text(t)
		only := slices.DeleteFunc(p.Survey.Targets(), func(g connector.Target) bool { return g.Collection != "people" || g.Action != connector.Delete })
		if _, err := p.Sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, only); fault.Of(err) != fault.Conflict {
			t.Errorf("want a conflict, got %v", err)
		}
		if !slices.Equal(before, db.Text(t)) {
			t.Error("a refused erasure changed something")
		}
	})
}

func chained(t *testing.T, kind string, db Database) {
	db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, email TEXT NOT NULL);
		CREATE TABLE teams (id BIGINT PRIMARY KEY, person BIGINT REFERENCES people (id), head BIGINT NOT NULL REFERENCES teams (id), name TEXT);
		INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
		INSERT INTO teams VALUES (9, 2, 9, 'of bob'), (1, 1, 9, 'all'), (2, NULL, 1, 'half'), (3, NULL, 2, 'quarter')`)
	m := Parse(t, `avow: 1
system: chained
kind: `+kind+`
subjects: {person: {collection: people, identifiers: {email: people.email}}}
collections:
  people: {columns: {email: account.email}, erase: delete}
  teams: {columns: {name: user.content}, erase: delete}
links:
  - {from: teams.head, to: teams.id, role: owns}
`)
	p := Start(t, db, m, Subject("s-1", "email", "ann@x.example"))
	p.Find()
	p.Erase()
	if got := db.Rows(t, "SELECT name FROM teams"); !slices.Equal(got, []string{"of bob"}) {
		t.Errorf("teams left: %v", got)
	}
}

func accessor(t *testing.T, kind string, db Database) {
	db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, email TEXT NOT NULL);
		CREATE TABLE homes (id BIGINT PRIMARY KEY, street TEXT);
		CREATE TABLE posts (id BIGINT PRIMARY KEY, reader BIGINT REFERENCES people (id), owner BIGINT REFERENCES people (id), home BIGINT REFERENCES homes (id), body TEXT);
		CREATE TABLE pages (id BIGINT PRIMARY KEY, owner BIGINT REFERENCES people (id), reader BIGINT REFERENCES people (id), body TEXT);
		INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example');
		INSERT INTO homes VALUES (1, 'of ann'), (2, 'of bob');
		INSERT INTO posts VALUES (1, 1, 1, 1, 'own post'), (2, 1, 2, 2, 'open post'), (3, 2, 2, 2, 'closed post');
		INSERT INTO pages VALUES (1, 1, 1, 'own page'), (2, 2, 1, 'open page'), (3, 2, 2, 'closed page')`)
	m := Parse(t, `avow: 1
system: open
kind: `+kind+`
subjects: {person: {collection: people, identifiers: {email: people.email}}}
collections:
  people: {columns: {email: account.email}, erase: delete}
  homes: {columns: {street: user.contact}, erase: delete}
  posts: {columns: {body: user.content}, erase: delete}
  pages: {columns: {body: user.content}, erase: delete}
links:
  - {from: posts.owner, to: people.id, role: owns}
  - {from: posts.reader, to: people.id, role: accessor, detach: true}
  - {from: pages.owner, to: people.id, role: owns}
  - {from: pages.reader, to: people.id, role: accessor, detach: true}
  - {from: posts.home, to: homes.id, role: shared}
`)
	p := Start(t, db, m, Subject("s-1", "email", "ann@x.example"))
	p.Find()
	for _, table := range []string{"posts", "pages"} {
		if own, open := p.Keys(table, connector.Delete), p.Keys(table, connector.Keep); !slices.Equal(own, []string{"1"}) || !slices.Equal(open, []string{"2"}) {
			t.Errorf("%s: own %v, open %v", table, own, open)
		}
	}
	p.Show()
	if text := p.Text(); !strings.Contains(text, "open post") || !strings.Contains(text, "open page") || strings.Contains(text, "closed") || strings.Contains(text, "of bob") {
		t.Errorf("the export should show what is open and no more:\n%s", text)
	}
	p.Erase()
	for sql, want := range map[string]string{
		"SELECT count(*) FROM posts WHERE reader IS NULL AND owner = 2": "1",
		"SELECT count(*) FROM pages":                                    "2", "SELECT count(*) FROM people": "1", "SELECT street FROM homes": "of bob",
	} {
		if got := db.Rows(t, sql); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", sql, got, want)
		}
	}
}

func written(t *testing.T, kind string, db Database) {
	db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, email TEXT NOT NULL, phone TEXT);
		CREATE TABLE tickets (id BIGINT PRIMARY KEY, person BIGINT, body TEXT);
		CREATE TABLE remarks (id BIGINT PRIMARY KEY, about TEXT, about_id BIGINT, body TEXT);
		CREATE TABLE mails (id BIGINT PRIMARY KEY, sender TEXT, body TEXT);
		CREATE TABLE calls (id BIGINT PRIMARY KEY, number TEXT, body TEXT);
		INSERT INTO people VALUES (1, 'ann@x.example', '+86 138 0000 1111'), (2, 'bob@x.example', '+8613900002222');
		INSERT INTO tickets VALUES (1, 1, 'ann ticket'), (2, 2, 'bob ticket');
		INSERT INTO remarks VALUES (1, 'ticket', 1, 'on ticket 1'), (2, 'person', 1, 'on person 1'), (3, 'ticket', 2, 'on ticket 2'), (4, 'weather', 1, 'on weather 1');
		INSERT INTO mails VALUES (1, ' ANN@X.EXAMPLE ', 'from ann'), (2, 'bob@x.example', 'from bob');
		INSERT INTO calls VALUES (1, '138-0000-1111', 'by ann'), (2, '0086 139 0000 2222', 'by bob')`)
	m := Parse(t, `avow: 1
system: loose
kind: `+kind+`
region: CN
subjects: {person: {collection: people, identifiers: {email: people.email, phone: people.phone}}}
collections:
  people: {columns: {email: account.email, phone: account.phone}, erase: delete}
  tickets: {columns: {body: user.content}, erase: delete}
  remarks: {columns: {body: user.content}, erase: delete}
  mails: {columns: {sender: account.email, body: user.content}, erase: delete}
  calls: {columns: {number: account.phone, body: user.content}, erase: delete}
links:
  - {from: tickets.person, to: people.id, role: owns}
  - {from: remarks.about_id, to: tickets.id, role: owns, when: {about: ticket}}
  - {from: remarks.about_id, to: people.id, role: owns, when: {about: person}}
  - {from: mails.sender, to: people.email, role: owns, match: email}
  - {from: calls.number, to: people.phone, role: owns, match: phone}
`)
	p := Start(t, db, m, Subject("s-1", "email", "ann@x.example"))
	p.Find()
	for table, want := range map[string][]string{"tickets": {"1"}, "remarks": {"1", "2"}, "mails": {"1"}, "calls": {"1"}} {
		if got := p.Keys(table, connector.Delete); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", table, got, want)
		}
	}
	p.Show()
	p.Erase()
	if f := p.Verify(); f.Residue() != 0 {
		t.Errorf("residue: %v", places(f))
	}
	bob := Start(t, db, m, Subject("s-2", "phone", "13900002222"))
	bob.Find()
	if got := bob.Survey.Rows(); got != 5 {
		t.Errorf("bob, by a number without country code: %d rows, want 5", got)
	}
}
