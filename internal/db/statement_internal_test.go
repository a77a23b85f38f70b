package db

import (
	"strings"
	"testing"
)

func TestStatementsInBothEnginesWords(t *testing.T) {
	for _, x := range []struct{ sql, types, lite, merged string }{
		{
			`INSERT INTO x (a, b) VALUES ($1, $2)`, "int bytes",
			`INSERT INTO x (a, b) VALUES (?1, ?2)`,
			`INSERT INTO x (a, b) SELECT u_.p1, u_.p2 FROM unnest($1::bigint[], $2::bytea[]) AS u_(p1, p2) WHERE true `,
		}, {
			`INSERT INTO x (b, a, s) VALUES ($2, $1 + 1, 'it''s (') ON CONFLICT (a) DO UPDATE SET b = excluded.b`, "int text",
			`INSERT INTO x (b, a, s) VALUES (?2, ?1 + 1, 'it''s (') ON CONFLICT (a) DO UPDATE SET b = excluded.b`,
			`INSERT INTO x (b, a, s) SELECT u_.p2, u_.p1 + 1, 'it''s (' FROM unnest($1::bigint[], $2::text[]) AS u_(p1, p2) WHERE true ON CONFLICT (a) DO UPDATE SET b = excluded.b`,
		}, {
			`UPDATE x SET a = $2 WHERE b = $1 AND a <> $2`, "text int",
			`UPDATE x SET a = ?2 WHERE b = ?1 AND a <> ?2`, ``,
		}, {
			`INSERT INTO x (a) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM x WHERE a = $1)`, "int",
			`INSERT INTO x (a) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM x WHERE a = ?1)`, ``,
		}, {
			`INSERT INTO x (a) VALUES ($1), ($2)`, "int int",
			`INSERT INTO x (a) VALUES (?1), (?2)`, ``,
		}, {
			"DELETE FROM x -- all of $1\nWHERE a = $1 AND \"b$1\" = 1", "int",
			"DELETE FROM x -- all of $1\nWHERE a = ?1 AND \"b$1\" = 1", ``,
		},
	} {
		s, err := newStatement(x.sql, x.types)
		if err != nil {
			t.Errorf("%s: %v", x.sql, err)
			continue
		}
		if s.lite != x.lite {
			t.Errorf("SQLite:\n%s\nwant\n%s", s.lite, x.lite)
		}
		if s.Merged() != x.merged || s.SQL() != x.sql {
			t.Errorf("PostgreSQL:\n%s\nwant\n%s", s.Merged(), x.merged)
		}
	}
}

func TestBadDeclarationsPanicAtStart(t *testing.T) {
	for _, x := range [][2]string{
		{`INSERT INTO x (a) VALUES ('$1')`, ""},
		{`INSERT INTO x (a) VALUES ($1)`, ""},
		{`INSERT INTO x (a) VALUES ($1)`, "int int"},
		{`INSERT INTO x (a) VALUES ($2)`, "int"},
		{`INSERT INTO x (a) VALUES ($1)`, "date"},
		{`INSERT INTO x (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $1`, "int"},
		{`INSERT INTO x (a) VALUES ($1) RETURNING a`, "int"},
		{`INSERT INTO x (a) VALUES ($99999999999999999999)`, "int"},
		{`SELECT $1`, "int"},
		{`COMMIT`, ""},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", x[0])
				}
			}()
			Declare(x[0], x[1])
		}()
	}
}

func FuzzStatementsKeepAllButTheirParameters(f *testing.F) {
	for _, s := range []string{`INSERT INTO x (a) VALUES ($1, '''$', "q""$1")`, `a -- $1`, `'`, `$12$0$`, "--", `VALUES ((`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		p, err := split(sql)
		if err != nil {
			return
		}
		if got := p.join(func(n int) string { return "$" }); len(got) > len(sql) {
			t.Errorf("%q became %q", sql, got)
		}
		lite, err := toLite(sql)
		if err != nil || strings.Count(lite, "?") < strings.Count(sql, "?") {
			t.Errorf("%q became %q", sql, lite)
		}
		newStatement(sql, "int")
		newStatement("INSERT "+sql, "int text")
		if controls(sql) && !strings.ContainsAny(sql, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			t.Errorf("%q controls", sql)
		}
	})
}
