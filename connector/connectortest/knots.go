package connectortest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// knots is a schema of everything that is awkward: names that must be quoted, a
// circle of keys, a table that points to itself, joint owners, a shared row,
// composite keys of text, a table without a key.
const knots = `
CREATE TABLE homes (id BIGINT PRIMARY KEY, street TEXT NOT NULL);
CREATE TABLE people ("select" BIGINT PRIMARY KEY, "e""mail" VARCHAR(80) UNIQUE, phone TEXT, name TEXT NOT NULL,
	boss BIGINT REFERENCES people ("select"), home_id BIGINT REFERENCES homes (id));
CREATE TABLE docs (id BIGINT PRIMARY KEY, author BIGINT REFERENCES people ("select"), editor BIGINT REFERENCES people ("select"), body TEXT);
CREATE TABLE tree (id BIGINT PRIMARY KEY, person_id BIGINT REFERENCES people ("select"), parent_id BIGINT REFERENCES tree (id), body TEXT);
CREATE TABLE hen (id BIGINT PRIMARY KEY, person_id BIGINT NOT NULL REFERENCES people ("select"), egg_id BIGINT, body TEXT);
CREATE TABLE egg (id BIGINT PRIMARY KEY, hen_id BIGINT NOT NULL REFERENCES hen (id), body TEXT);
CREATE TABLE loose (person_id BIGINT REFERENCES people ("select"), note TEXT, score BIGINT);
CREATE TABLE pair (a VARCHAR(80) NOT NULL, b BIGINT NOT NULL, person_id BIGINT REFERENCES people ("select"), PRIMARY KEY (a, b));
CREATE TABLE pair_part (id BIGINT PRIMARY KEY, pa VARCHAR(80), pb BIGINT, body TEXT, FOREIGN KEY (pa, pb) REFERENCES pair (a, b));
`

const nasty = `x'); DROP TABLE people; -- "\ {,}`

func knotMap(kind, people, links string) string {
	return `avow: 1
system: knots
kind: ` + kind + `
subjects:
  person:
    collection: people
    identifiers: {email: 'people.e"mail', phone: people.phone}
collections:
  people: ` + people + `
  homes: {columns: {street: user.contact}, erase: delete}
  docs: {columns: {body: user.content}, erase: delete}
  tree: {columns: {body: user.content}, erase: delete}
  hen: {columns: {body: user.content}, erase: delete}
  egg: {columns: {body: user.content}, erase: delete}
  loose: {columns: {note: user.content, score: user.content}, erase: delete}
  pair: delete
  pair_part: {columns: {body: user.content}, erase: delete}
links:
  - {from: people.home_id, to: homes.id, role: shared}
  - {from: docs.author, to: people.select, role: joint}
  - {from: docs.editor, to: people.select, role: joint}
  - {from: tree.parent_id, to: tree.id, role: owns}
  - {from: hen.egg_id, to: egg.id, role: actor}
` + links
}

const (
	deleted = `{columns: {'e"mail': account.email, phone: account.phone, name: account.name}, erase: delete}`
	freed   = "  - {from: people.boss, to: people.select, role: actor, detach: true}\n"
)

func openKnots(t testing.TB, kind string, fresh Fresh) Database {
	t.Helper()
	db := fresh(t)
	db.Load(t, knots)
	if kind != "sqlite" { // SQLite cannot add a key to a table; there the map's link stands for it
		db.Load(t, "ALTER TABLE hen ADD FOREIGN KEY (egg_id) REFERENCES egg (id)")
	}
	db.Fill(t, func(exec func(string, ...any) error) error {
		var errs []error
		do := func(sql string, args ...any) { errs = append(errs, exec(sql, args...)) }
		do("INSERT INTO homes (id, street) VALUES (1, '12 Elm'), (2, '9 Oak')")
		do(`INSERT INTO people ("select", "e""mail", phone, name, boss, home_id) VALUES (1, 'Ann.One@x.example', '+86 138 0000 1111', 'Ann One', NULL, 1),
			(2, 'bob.two@x.example', '+8613800001111', 'Bob Two', 1, 1), (3, 'cy.three@x.example', NULL, 'Cy Three', NULL, 2)`)
		do("INSERT INTO docs (id, author, editor, body) VALUES (1, 1, 2, 'joint work'), (2, 1, NULL, 'of ann alone'), (3, 3, 3, 'of cy')")
		do("INSERT INTO tree (id, person_id, parent_id, body) VALUES (1, 1, NULL, 'root'), (3, NULL, 1, 'twig'), (4, NULL, 3, 'leaf'), (9, 3, NULL, 'stump')")
		do("INSERT INTO tree (id, person_id, parent_id, body) VALUES (2, NULL, 4, 'bud')")
		do("INSERT INTO hen (id, person_id, egg_id, body) VALUES (1, 1, NULL, 'red'), (2, 3, NULL, 'white')")
		do("INSERT INTO egg (id, hen_id, body) VALUES (1, 1, 'brown'), (2, 2, 'pale')")
		do("UPDATE hen SET egg_id = id")
		do("INSERT INTO loose (person_id, note, score) VALUES (1, 'same', NULL), (1, 'same', NULL), (1, NULL, 5), (3, 'same', NULL)")
		do("INSERT INTO pair (a, b, person_id) VALUES ($1, 1, 1)", nasty)
		do("INSERT INTO pair (a, b, person_id) VALUES ($1, 2, 3)", nasty)
		do("INSERT INTO pair_part (id, pa, pb, body) VALUES (1, $1, 1, 'first')", nasty)
		do("INSERT INTO pair_part (id, pa, pb, body) VALUES (2, $1, 2, 'second')", nasty)
		return errors.Join(errs...)
	})
	return db
}

func knotTests(t *testing.T, kind string, fresh Fresh) {
	t.Run("RowsGoWithTheirLastOwner", func(t *testing.T) { lastOwner(t, kind, openKnots(t, kind, fresh)) })
	t.Run("AKeyThatWouldDangleIsAConflictBeforeAnythingIsDone", func(t *testing.T) {
		db := openKnots(t, kind, fresh)
		actor := "  - {from: people.boss, to: people.select, role: actor}\n"
		p := Start(t, db, Parse(t, knotMap(kind, deleted, actor)), Subject("s-1", "email", "ann.one@x.example"))
		p.Refused(fault.Conflict, "1 rows of people stay but point to rows of people that would be deleted", "detach: true")
	})
	t.Run("PeopleWhoPointToPeopleNeedARole", func(t *testing.T) {
		db := openKnots(t, kind, fresh)
		p := Start(t, db, Parse(t, knotMap(kind, deleted, "")), Subject("s-1", "email", "ann.one@x.example"))
		p.Refused(fault.Invalid, "people.boss → people.select points to its own table")
	})
	t.Run("ARowOfTwoOwnersIsNotGivenToOne", func(t *testing.T) {
		db := openKnots(t, kind, fresh)
		db.Load(t, `CREATE TABLE nests (id BIGINT PRIMARY KEY, person_id BIGINT REFERENCES people ("select"), tree_id BIGINT REFERENCES tree (id));
			INSERT INTO nests (id, person_id, tree_id) VALUES (1, 1, 9)`)
		m := strings.Replace(knotMap(kind, deleted, freed), "  pair: delete\n", "  pair: delete\n  nests: delete\n", 1)
		p := Start(t, db, Parse(t, m), Subject("s-1", "email", "ann.one@x.example"))
		p.Refused(fault.Conflict, "rows of nests are the person's by nests.person_id → people.select", "nests.tree_id → tree.id")
	})
	t.Run("ASharedTelephoneDoesNotGiveAwaySomebodyElse", func(t *testing.T) {
		db := openKnots(t, kind, fresh)
		m := Parse(t, knotMap(kind, deleted, freed))
		p := Start(t, db, m, Subject("s-1", "email", "ann.one@x.example", "phone", "0086 13800001111"))
		p.Find()
		if got := p.Keys("people", connector.Delete); !slices.Equal(got, []string{"1"}) {
			t.Errorf("people found: %v", got)
		}
		if !strings.Contains(strings.Join(p.Survey.Warnings, "\n"), "people: 1 rows share an identifier") {
			t.Errorf("warnings: %v", p.Survey.Warnings)
		}
		p.Sub = Subject("s-1", "phone", "+8613800001111")
		p.Refused(fault.Conflict, "belong to different people")
	})
	t.Run("ErrorsHoldNoValues", func(t *testing.T) { silent(t, kind, openKnots(t, kind, fresh)) })
	t.Run("AMapThatDoesNotFitIsExplained", func(t *testing.T) { misfit(t, kind, openKnots(t, kind, fresh)) })
}

func lastOwner(t *testing.T, kind string, db Database) {
	m := Parse(t, knotMap(kind, deleted, freed))
	ann := Start(t, db, m, Subject("s-1", "email", " ANN.ONE@X.example "))
	ann.Find()
	for _, c := range []struct {
		collection string
		action     connector.Action
		rows       int
	}{
		{"people", connector.Delete, 1},
		{"people", connector.Detach, 1},
		{"docs", connector.Delete, 1},
		{"docs", connector.Keep, 1},
		{"docs", connector.Detach, 1},
		{"homes", connector.Keep, 1},
		{"tree", connector.Delete, 4},
		{"hen", connector.Delete, 1},
		{"egg", connector.Delete, 1},
		{"pair", connector.Delete, 1},
		{"pair_part", connector.Delete, 1},
	} {
		if got := len(ann.Keys(c.collection, c.action)); got != c.rows {
			t.Errorf("%s %s: %d rows, want %d", c.action, c.collection, got, c.rows)
		}
	}
	ann.Show()
	if text := ann.Text(); strings.Contains(text, "Bob") || strings.Contains(text, "cy.three") || !strings.Contains(text, "joint work") || !strings.Contains(text, nasty) {
		t.Error("the export shows others or lacks what is the person's")
	}
	for _, d := range ann.Erase().Collections {
		if d.Planned != d.Done {
			t.Errorf("%s %s: planned %d, done %d", d.Action, d.Collection, d.Planned, d.Done)
		}
	}
	count := func(sql, want string) {
		t.Helper()
		if got := db.Rows(t, sql); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", sql, got, want)
		}
	}
	count("SELECT count(*) FROM people", "2")
	count("SELECT count(*) FROM docs WHERE author IS NULL AND editor = 2", "1")
	count("SELECT count(*) FROM docs", "2")
	count("SELECT count(*) FROM homes", "2")
	count("SELECT count(*) FROM tree", "1")
	count("SELECT count(*) FROM hen", "1")
	count("SELECT count(*) FROM egg", "1")
	count("SELECT count(*) FROM loose", "1")
	count("SELECT count(*) FROM pair", "1")
	count("SELECT count(*) FROM pair_part", "1")
	if f := ann.Verify(); f.Residue() != 0 {
		t.Errorf("residue: %v", places(f))
	}
	bob := Start(t, db, m, Subject("s-2", "email", "bob.two@x.example"))
	bob.Find()
	bob.Erase()
	count("SELECT count(*) FROM docs", "1")
	count("SELECT count(*) FROM homes", "1")
	count("SELECT name FROM people", "Cy Three")
}

// silent makes the database refuse a change, whose own message would repeat the
// value.
func silent(t *testing.T, kind string, db Database) {
	cleared := `{columns: {'e"mail': {item: account.email, clear: "cy.three@x.example"}, phone: account.phone, name: account.name}, erase: clear}`
	p := Start(t, db, Parse(t, knotMap(kind, cleared, freed)), Subject("s-1", "email", "ann.one@x.example"))
	p.Find()
	before := db.Text(t)
	_, err := p.Sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, p.Survey.Targets())
	if fault.Of(err) != fault.Conflict {
		t.Fatalf("want a conflict, got %v", err)
	}
	if strings.Contains(err.Error(), "example") || strings.Contains(err.Error(), "three") {
		t.Error("the error holds a value")
	}
	if !strings.Contains(err.Error(), "Nothing was done") || !slices.Equal(before, db.Text(t)) {
		t.Error("a refused erasure changed something")
	}
	bad := []connector.Target{{Collection: "people", Action: connector.Delete, Keys: []string{"ann.one@x.example"}}}
	if _, err := p.Sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, bad); err == nil || strings.Contains(err.Error(), "example") {
		t.Errorf("a malformed key: %v", err != nil)
	}
}

func misfit(t *testing.T, kind string, db Database) {
	good := knotMap(kind, deleted, freed)
	for _, c := range []struct{ name, old, new, want string }{
		{"table", "  egg: {", "  eggs: {", "there is no table eggs (did you mean egg?)"},
		{"column", "name: account.name", "nam: account.name", "table people has no column nam (did you mean name?)"},
		{"identifier", "phone: people.phone", "phone: people.phon", "table people has no column phon (did you mean phone?)"},
		{"link", "people.home_id", "people.house_id", "table people has no column house_id (did you mean home_id?)"},
		{"unreached", "  - {from: people.home_id, to: homes.id, role: shared}\n", "  - {from: people.home_id, to: homes.id, role: reference}\n", "nothing leads to homes"},
		{"two keys to people", "  - {from: docs.author, to: people.select, role: joint}\n  - {from: docs.editor, to: people.select, role: joint}\n", "", "docs has 2 keys to people"},
		{"cleared key", "  pair: delete\n", "  pair: {columns: {a: user.content}, erase: clear}\n", "pair.a is part of the key and cannot be cleared"},
	} {
		src := strings.ReplaceAll(strings.Replace(good, c.old, c.new, 1), "egg.id", map[bool]string{true: "eggs.id", false: "egg.id"}[c.name == "table"])
		checkup, err := Start(t, db, Parse(t, src), Subject("s-1", "email", "x")).Sys.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(checkup.Problems, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s: problems do not say %q:\n%s", c.name, c.want, all)
		}
	}
}
