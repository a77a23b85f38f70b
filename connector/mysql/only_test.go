package mysql_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/connector/mysql"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
)

// Types, another database, computed columns, sets of characters and values that
// strict servers do not take any more.
func TestWhatOnlyMySQLHasIsHandled(t *testing.T) {
	db := fresh(t)
	db.Load(t, `SET SESSION sql_mode = 'ANSI_QUOTES';
		CREATE TABLE people (id BIGINT UNSIGNED PRIMARY KEY, email VARCHAR(60) CHARACTER SET latin1 NOT NULL UNIQUE, code VARCHAR(6) NOT NULL UNIQUE,
			born DATE NOT NULL, wed DATE NOT NULL DEFAULT '0000-00-00', mood ENUM('calm', 'it''s cross') NOT NULL, tags SET('a', 'b') NOT NULL, extra JSON NOT NULL, token BINARY(16) NOT NULL,
			seen TIMESTAMP NOT NULL, at TIME NOT NULL, since YEAR NOT NULL, photo BLOB NOT NULL, score DECIMAL(6,2) NOT NULL, ratio FLOAT NOT NULL, keen BIT(1) NOT NULL,
			level TINYINT(1) NOT NULL, place POINT NOT NULL, six INET6 NOT NULL, who UUID NOT NULL, shout VARCHAR(70) AS (upper(code)) STORED);
		CREATE TABLE visits (person BIGINT UNSIGNED NOT NULL, day DATE NOT NULL, page TEXT, PRIMARY KEY (person, day), FOREIGN KEY (person) REFERENCES people (id) ON DELETE RESTRICT);
		CREATE TABLE clips (person BIGINT UNSIGNED, doc JSON, at POINT, ratio FLOAT, flags BIT(3), yes BIT(1), FOREIGN KEY (person) REFERENCES people (id));
		CREATE TABLE wallets (id BINARY(4) PRIMARY KEY, person BIGINT UNSIGNED NOT NULL, FOREIGN KEY (person) REFERENCES people (id));
		CREATE TABLE coins (wallet BINARY(4) NOT NULL, n INT NOT NULL, note TEXT, PRIMARY KEY (wallet, n), FOREIGN KEY (wallet) REFERENCES wallets (id));
		INSERT INTO people (id, email, code, born, mood, tags, extra, token, seen, at, since, photo, score, ratio, keen, level, place, six, who)
			SELECT n, concat(n % 10, '.zoë.whitlock@x.example'), concat('c', n % 10), '1990-01-02', 'it''s cross', 'a,b', '{"mail":"ann"}', repeat('k', 16), '2026-01-02 03:04:05', '10:00:00', 2001,
			'zoë.whitlock raw', 12.5, 0.1, 1, 5, POINT(1, 2), '2001:db8::1', '11111111-1111-1111-1111-111111111111' FROM (SELECT 18446744073709551611 AS n UNION SELECT 18446744073709551610) AS s;
		INSERT INTO visits VALUES (18446744073709551611, '2026-03-01', 'a'), (18446744073709551611, '2026-09-01', 'b'), (18446744073709551610, '2026-03-01', 'c');
		INSERT INTO clips VALUES (18446744073709551611, '{"a":1}', POINT(1, 2), 0.1, 5, 1), (18446744073709551611, '{"a":1}', NULL, NULL, NULL, NULL), (18446744073709551610, '{"a":1}', POINT(1, 2), 0.1, 5, 0);
		INSERT INTO wallets VALUES (x'00ff0001', 18446744073709551611), (x'00ff0002', 18446744073709551610);
		INSERT INTO coins VALUES (x'00ff0001', 1, 'one'), (x'00ff0001', 2, 'two'), (x'00ff0002', 1, 'three')`)
	m := connectortest.Parse(t, `avow: 1
system: types
kind: mysql
vacuum: true
subjects: {person: {collection: people, identifiers: {email: people.email}}}
collections:
  people:
    columns: {email: account.email, code: user.unique_id, born: user.demographic, wed: user.demographic, mood: user.content, tags: {item: user.content, clear: ""}, extra: user.content,
      token: user.unique_id, seen: user.behavior, at: user.behavior, since: user.demographic, photo: user.content, score: user.content, ratio: user.content, keen: user.content,
      level: user.content, place: {item: user.content, clear: POINT(0 0)}, six: user.device, who: user.unique_id}
    plain: [shout]
    erase: clear
  visits: {columns: {page: user.behavior}, plain: [day], erase: delete}
  clips: {columns: {doc: user.content, at: user.content, ratio: user.content, flags: user.content, yes: user.content}, erase: delete}
  wallets: {columns: {}, erase: delete}
  coins: {columns: {note: user.content}, erase: delete}
`)
	p := connectortest.Start(t, db, m, connectortest.Subject("s-1", "email", "1.ZOË.whitlock@x.example"))
	p.Find()
	for table, want := range map[string]int{"people": 0, "visits": 2, "clips": 2, "wallets": 1, "coins": 2} {
		if got := p.Keys(table, connector.Delete); len(got) != want {
			t.Errorf("%s: %d rows, want %d", table, len(got), want)
		}
	}
	shown := map[string]string{}
	for _, row := range p.Show() {
		for _, v := range row.Values {
			if row.Collection == "people" {
				shown[v.Column] = v.Type + " " + v.Text.Reveal()
			}
			if v.Column == "photo" && (v.Type != "blob" || v.Size != 17) {
				t.Errorf("photo: %s of %d bytes", v.Type, v.Size)
			}
		}
	}
	for column, want := range map[string]string{
		"email": "text 1.zoë.whitlock@x.example", "wed": "date 0000-00-00", "level": "integer 5", "keen": "boolean true", "place": "text POINT(1 2)", "since": "integer 2001", "score": "number 12.50",
	} {
		if shown[column] != want {
			t.Errorf("%s is shown as %q, want %q", column, shown[column], want)
		}
	}
	out := p.Erase()
	for _, d := range out.Collections {
		if d.Done != d.Planned || d.Done == 0 {
			t.Errorf("%s: planned %d, done %d", d.Collection, d.Planned, d.Done)
		}
	}
	if len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "rebuilt") {
		t.Errorf("notes: %v", out.Notes)
	}
	if again := p.Erase(); again.Collections[0].Already != 1 || again.Collections[0].Done != 0 {
		t.Errorf("repeated: %+v", again.Collections[0])
	}
	got := db.Rows(t, `SELECT concat_ws('|', email REGEXP '^erased-.{10}@erased.invalid$', length(code), born, wed, mood, tags, extra, hex(token), seen, at, since, photo, score, ratio, keen + 0, level,
		ST_AsText(place), six, who) FROM people WHERE id = 18446744073709551611`)
	if want := "1|6|1900-01-01|1900-01-01|calm||{}|" + strings.Repeat("0", 32) + "|1970-01-02 00:00:00|00:00:00|1901||0.00|0|0|0|POINT(0 0)|::|00000000-0000-0000-0000-000000000000"; !slices.Equal(got, []string{want}) {
		t.Errorf("cleared:\n%v, want\n%s", got, want)
	}
	if f := p.Verify(); f.Residue() != 0 || f.Tables != 5 {
		t.Errorf("%d rows of residue in %d tables", f.Residue(), f.Tables)
	}
	if got := db.Rows(t, "SELECT concat_ws('|', (SELECT count(*) FROM visits), (SELECT count(*) FROM clips), (SELECT count(*) FROM coins), wed) FROM people WHERE id = 18446744073709551610"); got[0] != "1|1|1|0000-00-00" {
		t.Errorf("the other person has %v", got)
	}
}

// peopleMap describes a table of people and one of notes, and what the test adds.
const peopleMap = `avow: 1
system: spelling
kind: mysql
subjects: {person: {collection: people, identifiers: {email: people.email}}}
collections:
  people: {columns: {nick: user.content, email: account.email}, erase: delete}
  notes: {columns: {body: user.content}, erase: delete}
`

// Columns that the server compares without case and accents: another person is
// another person all the same, and a declared key means what the server says.
func TestPeopleAreToldApartByteByByte(t *testing.T) {
	open := func(t *testing.T, second, key string) connectortest.Database {
		db := fresh(t)
		db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, nick VARCHAR(40) COLLATE utf8mb4_general_ci, email VARCHAR(60) COLLATE utf8mb4_general_ci`+key+`);
			INSERT INTO people VALUES (1, 'ann', ' Ann@x.example'), (2, '`+second+`', 'änn@x.example'), (3, 'Bob', 'bob@x.example')`)
		return db
	}
	t.Run("identifiers", func(t *testing.T) {
		db := open(t, "Änn", "")
		db.Load(t, "CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, body TEXT, FOREIGN KEY (person) REFERENCES people (id))")
		p := connectortest.Start(t, db, connectortest.Parse(t, peopleMap), connectortest.Subject("s-1", "email", "ANN@x.example"))
		p.Find()
		if got := p.Keys("people", connector.Delete); !slices.Equal(got, []string{"1"}) {
			t.Errorf("people found: %v", got)
		}
	})
	t.Run("links that only the map knows", func(t *testing.T) {
		db := open(t, "Änn", "")
		db.Load(t, `CREATE TABLE notes (id BIGINT PRIMARY KEY, writer VARCHAR(40) COLLATE utf8mb4_general_ci, number VARCHAR(20), body TEXT);
			INSERT INTO notes VALUES (1, 'ann', '1', 'of ann'), (2, 'Änn', '1x', 'of the other'), (3, 'ANN ', '01', 'of nobody')`)
		m := peopleMap + "links:\n  - {from: notes.writer, to: people.nick, role: owns}\n"
		p := connectortest.Start(t, db, connectortest.Parse(t, m), connectortest.Subject("s-1", "email", "ann@x.example"))
		p.Find()
		if got := p.Keys("notes", connector.Delete); !slices.Equal(got, []string{"1"}) {
			t.Errorf("by name: %v", got)
		}
		m = peopleMap + "links:\n  - {from: notes.number, to: people.id, role: owns}\n"
		p = connectortest.Start(t, db, connectortest.Parse(t, strings.Replace(m, "{body: user.content}", "{body: user.content, writer: user.content}", 1)), connectortest.Subject("s-1", "email", "ann@x.example"))
		p.Find()
		if got := p.Keys("notes", connector.Delete); !slices.Equal(got, []string{"1"}) {
			t.Errorf("by number in a text: %v", got)
		}
		db.Load(t, "UPDATE notes SET writer = ' ÄNN@x.example' WHERE id = 2; UPDATE notes SET writer = 'ANN@x.example' WHERE id <> 2; UPDATE notes SET number = 'Mail' WHERE id = 3; UPDATE notes SET number = 'mail' WHERE id <> 3")
		m = peopleMap + "links:\n  - {from: notes.writer, to: people.email, role: owns, match: email, when: {number: mail}}\n"
		p = connectortest.Start(t, db, connectortest.Parse(t, m), connectortest.Subject("s-1", "email", "ann@x.example"))
		p.Find()
		if got := p.Keys("notes", connector.Delete); !slices.Equal(got, []string{"1"}) {
			t.Errorf("by address, of one kind: %v", got)
		}
	})
	t.Run("an owner in another spelling is the same owner", func(t *testing.T) {
		db := open(t, "Eve", "")
		db.Load(t, `CREATE TABLE boxes (label VARCHAR(40) COLLATE utf8mb4_general_ci PRIMARY KEY, person BIGINT, FOREIGN KEY (person) REFERENCES people (id));
			CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, box VARCHAR(40) COLLATE utf8mb4_general_ci, body TEXT,
				FOREIGN KEY (person) REFERENCES people (id), FOREIGN KEY (box) REFERENCES boxes (label));
			INSERT INTO boxes VALUES ('big', 1), ('small', 3); INSERT INTO notes VALUES (1, 1, 'BIG', 'hers')`)
		m := connectortest.Parse(t, strings.Replace(peopleMap, "  notes:", "  boxes: delete\n  notes:", 1))
		p := connectortest.Start(t, db, m, connectortest.Subject("s-1", "email", "ann@x.example"))
		if p.Find(); p.Survey.Rows() != 3 {
			t.Errorf("%d rows found, want 3", p.Survey.Rows())
		}
		db.Load(t, "UPDATE notes SET box = 'SMALL'")
		p.Refused(fault.Conflict, "rows of notes are the person's by")
	})
	t.Run("declared keys", func(t *testing.T) {
		db := open(t, "Eve", ", UNIQUE (nick)")
		db.Load(t, `CREATE TABLE notes (id BIGINT PRIMARY KEY, writer VARCHAR(40) COLLATE utf8mb4_general_ci, helper VARCHAR(40) COLLATE utf8mb4_general_ci, body TEXT,
				FOREIGN KEY (writer) REFERENCES people (nick), FOREIGN KEY (helper) REFERENCES people (nick));
			INSERT INTO notes VALUES (1, 'ANN', NULL, 'alone'), (2, 'Ann', 'BOB', 'with bob'), (3, 'ANN', 'áNN', 'twice herself'), (4, 'bob', NULL, 'of bob')`)
		m := peopleMap + "links:\n  - {from: notes.writer, to: people.nick, role: joint}\n  - {from: notes.helper, to: people.nick, role: joint}\n"
		p := connectortest.Start(t, db, connectortest.Parse(t, m), connectortest.Subject("s-1", "email", "ann@x.example"))
		p.Find()
		if got, kept := p.Keys("notes", connector.Delete), p.Keys("notes", connector.Keep); !slices.Equal(got, []string{"1", "3"}) || !slices.Equal(kept, []string{"2"}) {
			t.Errorf("deleted: %v, kept for others: %v", got, kept)
		}
		p.Erase()
		if got := db.Rows(t, "SELECT concat_ws(' ', id, coalesce(writer, '-'), coalesce(helper, '-')) FROM notes ORDER BY id"); !slices.Equal(got, []string{"2 - BOB", "4 bob -"}) {
			t.Errorf("notes: %q", got)
		}
	})
}

// Where an erasure could not be undone or would leave something, the map is
// refused and the message says what to do.
func TestTablesThatCannotBeErasedSafelyAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ table, want string }{
		"no transactions": {"ENGINE = MyISAM", "notes is stored by MyISAM, which has no transactions"},
		"history":         {"WITH SYSTEM VERSIONING", "notes keeps what is deleted as history"},
	} {
		t.Run(name, func(t *testing.T) {
			db := fresh(t)
			db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, nick TEXT, email TEXT);
				CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, body TEXT) `+c.table+`;
				INSERT INTO people VALUES (1, 'ann', 'ann@x.example'); INSERT INTO notes VALUES (1, 1, 'from ann@x.example'); DELETE FROM notes WHERE '`+name+`' = 'history'`)
			links := "links:\n  - {from: notes.person, to: people.id, role: owns}\n"
			ann := connectortest.Subject("s-1", "email", "ann@x.example")
			connectortest.Start(t, db, connectortest.Parse(t, peopleMap+links), ann).Refused(fault.Invalid, c.want, "ALTER TABLE `avow_connector_")
			// Without a description it is searched like any other, its history too.
			p := connectortest.Start(t, db, connectortest.Parse(t, strings.Replace(peopleMap, "  notes: {columns: {body: user.content}, erase: delete}\n", "", 1)), ann)
			p.Find()
			p.Show()
			p.Erase()
			if f := p.Verify(); f.Residue() != 1 || f.Hits[0].Collection != "notes" {
				t.Errorf("residue: %+v", f.Hits)
			}
		})
	}
}

// A table of another database that a key ties to ours is the person's too.
func TestDatabasesTiedByKeysAreRead(t *testing.T) {
	db, other := fresh(t).(*database), fresh(t).(*database)
	db.Load(t, "CREATE TABLE people (id BIGINT PRIMARY KEY, nick TEXT, email TEXT); INSERT INTO people VALUES (1, 'ann', 'ann@x.example')")
	other.Load(t, "CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, body TEXT, FOREIGN KEY (person) REFERENCES "+db.Config.DBName+".people (id) ON DELETE CASCADE); INSERT INTO notes VALUES (1, 1, 'hers')")
	ann := connectortest.Subject("s-1", "email", "ann@x.example")
	only := strings.Replace(peopleMap, "  notes: {columns: {body: user.content}, erase: delete}\n", "", 1)
	connectortest.Start(t, db, connectortest.Parse(t, only), ann).Refused(fault.Invalid, other.Config.DBName+".notes is reached by")
	p := connectortest.Start(t, db, connectortest.Parse(t, strings.Replace(peopleMap, "  notes:", "  "+other.Config.DBName+".notes:", 1)), ann)
	p.Find()
	p.Show()
	p.Erase()
	if got := other.Rows(t, "SELECT count(*) FROM notes"); got[0] != "0" || p.Survey.Rows() != 2 {
		t.Errorf("notes left: %s, rows found: %d", got[0], p.Survey.Rows())
	}
}

// A role that may not read the whole database would not be shown some of its
// tables, and nobody would miss them.
func TestARoleThatSeesOnlySomeTablesIsRefused(t *testing.T) {
	db := fresh(t).(*database)
	db.Load(t, "CREATE TABLE people (id BIGINT PRIMARY KEY, nick TEXT, email TEXT); CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, body TEXT); INSERT INTO people VALUES (1, 'ann', 'ann@x.example')")
	role := "r" + db.Config.DBName[len("avow_connector_"):]
	db.Load(t, "CREATE USER "+role+"@'127.0.0.1' IDENTIFIED BY 'secret-of-the-role'; GRANT SELECT ON "+db.Config.DBName+".people TO "+role+"@'127.0.0.1'")
	t.Cleanup(func() { drop(t, db, role) })
	as := func(password string) error {
		cfg := db.Config.Clone()
		cfg.User, cfg.Passwd, cfg.Params, cfg.MultiStatements = role, password, nil, false
		sys, err := mysql.Open(t.Context(), mysql.Config{DSN: cfg.FormatDSN(), Map: connectortest.Parse(t, peopleMap+"links:\n  - {from: notes.person, to: people.id, role: owns}\n")})
		if err != nil {
			t.Fatal(err)
		}
		p := &connectortest.Person{T: t, DB: db, Sys: sys, Sub: connectortest.Subject("s-1", "email", "ann@x.example")}
		_, err = sys.Survey(t.Context(), p.Warrant(gate.Survey), p.Sub)
		if err == nil {
			_, err = sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, []connector.Target{{Collection: "people", Action: connector.Delete, Keys: []string{"1"}}})
		}
		return err
	}
	if err := as("secret-of-the-role"); fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "GRANT SELECT ON `"+db.Config.DBName+"`.*") {
		t.Errorf("a role that sees one table: %v", err)
	}
	db.Load(t, "GRANT SELECT ON "+db.Config.DBName+".* TO "+role+"@'127.0.0.1'")
	if err := as("secret-of-the-role"); fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "the role may not do this") {
		t.Errorf("a role that may only read: %v", err)
	}
	if err := as("wrong-secret"); fault.Of(err) != fault.Busy || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), role) {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestAConnectionStringThatCannotBeReadIsNotRepeated(t *testing.T) {
	m := connectortest.Parse(t, peopleMap)
	for _, dsn := range []string{"", "mysql://root:hunter2@host/shop", "root:hunter2@tcp(host:3306)", "root:hunter2@tcp(host:3306)/", "root:hunter2@tcp(host:3306)/shop?tls=nobody", "root:hunter2@tcp(host:3306)/shop?timeout=soon"} {
		_, err := mysql.Open(t.Context(), mysql.Config{DSN: dsn, Map: m})
		if fault.Of(err) != fault.Invalid || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "connection string") {
			t.Errorf("%v", err)
		}
	}
}

// The server of the tests speaks no TLS.
func TestTLSThatIsAskedForIsInsistedOn(t *testing.T) {
	db := fresh(t).(*database)
	m := connectortest.Parse(t, peopleMap)
	sys, err := mysql.Open(t.Context(), mysql.Config{DSN: db.DSN() + "?tls=true", Map: m})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sys.Check(t.Context()); fault.Of(err) != fault.Busy || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("got %v", err)
	}
	if _, err := db.Open(t, m, nil).Check(t.Context()); err != nil {
		t.Errorf("without: %v", err)
	}
}

// A lock that somebody else holds does not outlast the caller's patience, and the
// server is told to stop too.
func TestACallThatHasAnEndWaitsNoLonger(t *testing.T) {
	db := fresh(t).(*database)
	db.Load(t, "CREATE TABLE people (id BIGINT PRIMARY KEY, nick TEXT, email TEXT); INSERT INTO people VALUES (1, 'ann', 'ann@x.example')")
	m := connectortest.Parse(t, strings.Replace(peopleMap, "  notes: {columns: {body: user.content}, erase: delete}\n", "", 1))
	p := connectortest.Start(t, db, m, connectortest.Subject("s-1", "email", "ann@x.example"))
	p.Find()
	tx, err := db.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), "UPDATE people SET nick = 'x'"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := p.Sys.Erase(ctx, p.Warrant(gate.Erase), p.Sub, p.Survey.Targets()); !errors.Is(err, context.DeadlineExceeded) && fault.Of(err) != fault.Busy {
		t.Errorf("got %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if p.Erase(); len(db.Rows(t, "SELECT id FROM people")) != 0 {
		t.Error("the erasure could not be repeated")
	}
}

// Whatever the server's defaults are: keys hold, and values are not cut to fit.
func TestTheServersDefaultsAreNotTrusted(t *testing.T) {
	db := fresh(t).(*database)
	db.Load(t, `CREATE TABLE people (id BIGINT PRIMARY KEY, nick VARCHAR(4), email TEXT);
		CREATE TABLE notes (id BIGINT PRIMARY KEY, person BIGINT, body TEXT, FOREIGN KEY (person) REFERENCES people (id));
		INSERT INTO people VALUES (1, 'ann', 'ann@x.example'); INSERT INTO notes VALUES (1, 1, 'hers')`)
	open := func(src string) *connectortest.Person {
		dsn := db.DSN() + "?foreign_key_checks=0&sql_safe_updates=1&sql_mode=%27NO_BACKSLASH_ESCAPES%27"
		sys, err := mysql.Open(t.Context(), mysql.Config{DSN: dsn, Map: connectortest.Parse(t, src)})
		if err != nil {
			t.Fatal(err)
		}
		p := &connectortest.Person{T: t, DB: db, Sys: sys, Sub: connectortest.Subject("s-1", "email", "ann@x.example")}
		p.Find()
		return p
	}
	p := open(peopleMap)
	only := slices.DeleteFunc(p.Survey.Targets(), func(g connector.Target) bool { return g.Collection == "notes" })
	if _, err := p.Sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, only); fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "constraint notes_ibfk_1") {
		t.Errorf("a key that would dangle: %v", err)
	}
	p = open(strings.Replace(peopleMap, "{nick: user.content, email: account.email}, erase: delete", "{nick: {item: user.content, clear: too long for it}, email: account.email}, erase: clear", 1))
	if _, err := p.Sys.Erase(t.Context(), p.Warrant(gate.Erase), p.Sub, p.Survey.Targets()); fault.Of(err) != fault.Conflict || !strings.Contains(err.Error(), "column nick") {
		t.Errorf("a value that does not fit: %v", err)
	}
}
