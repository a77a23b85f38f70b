package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
)

// Types, partitions, a second schema, copies in materialised views, computed
// columns and keys that restrict.
func TestWhatOnlyPostgreSQLHasIsHandled(t *testing.T) {
	db := fresh(t)
	db.Load(t, `CREATE SCHEMA crm;
		CREATE TYPE mood AS ENUM ('calm', 'cross');
		CREATE DOMAIN mail AS varchar(60) CHECK (VALUE LIKE '%@%');
		CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email mail NOT NULL UNIQUE, code varchar(6) NOT NULL UNIQUE,
			born date NOT NULL, mood mood NOT NULL, tags text[] NOT NULL, net inet NOT NULL, extra jsonb NOT NULL, token uuid NOT NULL, seen timestamptz NOT NULL DEFAULT now(), photo bytea NOT NULL,
			score numeric(6,2) NOT NULL, keen boolean NOT NULL, padded char(8) NOT NULL, shout text GENERATED ALWAYS AS (upper(padded)) STORED);
		CREATE TABLE crm.visits (person bigint NOT NULL REFERENCES people ON DELETE RESTRICT, day date NOT NULL, page text, PRIMARY KEY (person, day)) PARTITION BY RANGE (day);
		CREATE TABLE crm.visits_1 PARTITION OF crm.visits FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
		CREATE TABLE crm.visits_2 PARTITION OF crm.visits FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
		CREATE TABLE crm.clips (person bigint REFERENCES people, doc json, at point);
		INSERT INTO people (email, code, born, mood, tags, net, extra, token, photo, score, keen, padded)
			SELECT n || '.ann.whitlock@x.example', 'c' || n, '1990-01-02', 'cross', '{a,b}', '10.1.2.3', '{"mail":"ann"}', gen_random_uuid(), 'ann.whitlock raw', 12.5, true, 'pad' FROM generate_series(1, 2) n;
		INSERT INTO crm.visits VALUES (1, '2026-03-01', 'a'), (1, '2026-09-01', 'b'), (2, '2026-03-01', 'c');
		INSERT INTO crm.clips VALUES (1, '{"a":1}', '(1,2)'), (1, '{"a":1}', NULL), (2, '{"a":1}', '(1,2)');
		CREATE MATERIALIZED VIEW report AS SELECT email::text FROM people`)
	m := connectortest.Parse(t, `avow: 1
system: types
kind: postgres
vacuum: true
subjects: {person: {collection: people, identifiers: {email: people.email}}}
collections:
  people:
    columns: {email: account.email, code: user.unique_id, born: user.demographic, mood: user.content, tags: user.content, net: user.device, extra: user.content,
      token: {item: user.unique_id, clear: "00000000-0000-0000-0000-000000000000"}, photo: user.content, score: user.content, seen: user.behavior, keen: user.content, padded: user.content}
    plain: [shout]
    erase: clear
  crm.visits: {columns: {page: user.behavior}, plain: [day], erase: delete}
  crm.clips: {columns: {doc: user.content, at: user.content}, erase: delete}
`)
	p := connectortest.Start(t, db, m, connectortest.Subject("s-1", "email", "1.ANN.whitlock@x.example"))
	p.Find()
	if got := p.Keys("crm.visits", connector.Delete); len(got) != 2 {
		t.Errorf("visits over partitions: %d, want 2", len(got))
	}
	if got := p.Keys("crm.clips", connector.Delete); len(got) != 2 {
		t.Errorf("rows without a key: %d, want 2", len(got))
	}
	p.Show()
	for _, v := range p.Shown[0].Values {
		if v.Column == "photo" && (v.Type != "blob" || v.Size != 16) {
			t.Errorf("photo: %s of %d bytes", v.Type, v.Size)
		}
	}
	out := p.Erase()
	for _, d := range out.Collections {
		if d.Done != d.Planned {
			t.Errorf("%s: planned %d, done %d", d.Collection, d.Planned, d.Done)
		}
	}
	if len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "vacuumed") {
		t.Errorf("notes: %v", out.Notes)
	}
	if again := p.Erase(); again.Collections[0].Already != 1 {
		t.Errorf("repeated: %+v", again.Collections[0])
	}
	got := db.Rows(t, `SELECT concat_ws('|', email ~ '^erased-.{10}@erased.invalid$', length(code), born, mood, tags, net, extra, photo, score, keen, trim(padded)) FROM people WHERE id = 1`)
	if want := "t|6|1900-01-01|calm|{}|0.0.0.0|{}|\\x|0.00|f|erased"; !slices.Equal(got, []string{want}) {
		t.Errorf("cleared: %v, want %s", got, want)
	}
	f := p.Verify()
	if f.Residue() != 1 || f.Hits[len(f.Hits)-1].Collection != "report" {
		t.Errorf("a copy in a materialised view is residue: %d hits, residue %d", len(f.Hits), f.Residue())
	}
	if got := db.Rows(t, "SELECT count(*) FROM crm.visits"); got[0] != "1" {
		t.Errorf("visits left: %v", got)
	}
}
