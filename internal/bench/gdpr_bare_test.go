package bench

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// What a program without avow would do: one table with an index for every field of
// metadata, and a sync before each answer to a write. It logs nothing.
var (
	insertRecord = db.Declare(`INSERT INTO bench_record (key, pur, ttl, usr, obj, dec, acl, shr, src, cat, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, "text text int text text text text text text text text")
	deleteRecord = db.Declare(`DELETE FROM bench_record WHERE key = $1`, "text")
	updateData   = db.Declare(`UPDATE bench_record SET data = $1 WHERE key = $2`, "text text")
	updateOne    = db.Declare(`UPDATE bench_record SET obj = $1 WHERE key = $2`, "text text")
	insertLine   = db.Declare(`INSERT INTO bench_line (id, at, body) VALUES ($1, $2, $3)`, "int int text")
)

// columns are those of the fields that bulk updates write.
var columns = [...]string{gdprbench.Deciding: "dec", gdprbench.Access: "acl", gdprbench.Sharing: "shr", gdprbench.Source: "src", gdprbench.Category: "cat"}

// A bare store is a table.
type bare struct {
	testing.TB
	scale gdprbench.Scale
	via   engine
	bulk  sync.Mutex // held by a bulk update: side by side they deadlock on PostgreSQL
}

// An engine is a way to the table.
type engine interface {
	write(ctx context.Context, s *db.Statement, args ...any) error // durable when it returns
	update(ctx context.Context, sql string, args ...any) error     // the same, of many rows
	each(ctx context.Context, sql string, arg any, fn func(scan func(...any) error) error) error
	bytes() int64
}

// A filling is the table as it is made and filled, through avow's own engine.
type filling struct {
	testing.TB
	data   *db.DB
	config db.Config
}

func fill(t testing.TB, e db.Engine, s gdprbench.Scale) *filling {
	t.Helper()
	g := &filling{TB: t, config: dbtest.New(t, e, db.Data)}
	g.config.Clock = nil
	var err error
	if g.data, err = db.Open(t.Context(), g.config); err != nil {
		t.Fatal(err)
	}
	g.load(&bare{TB: t, scale: s})
	return g
}

func (g *filling) load(b *bare) {
	g.Helper()
	number := map[db.Engine]string{db.SQLite: "INTEGER", db.Postgres: "BIGINT"}[g.data.Engine()]
	g.exec(`CREATE TABLE bench_record (key TEXT PRIMARY KEY, pur TEXT NOT NULL, ttl ` + number + ` NOT NULL, usr TEXT NOT NULL, obj TEXT NOT NULL, dec TEXT NOT NULL,
		acl TEXT NOT NULL, shr TEXT NOT NULL, src TEXT NOT NULL, cat TEXT NOT NULL, data TEXT NOT NULL)`)
	g.exec(`CREATE TABLE bench_line (id ` + number + ` PRIMARY KEY, at ` + number + ` NOT NULL, body TEXT NOT NULL)`)
	const some = 2000
	for from := 0; from < b.scale.Records; from += some {
		g.tx(func(tx *db.Tx) {
			for k := from; k < min(from+some, b.scale.Records); k++ {
				tx.Do(insertRecord, b.row(k)...)
			}
		})
	}
	g.tx(func(tx *db.Tx) {
		for i := range 2000 {
			tx.Do(insertLine, int64(i), tx.Now().UnixMicro(), strings.Repeat("x", 100))
		}
	})
	for _, c := range append([]string{"pur", "ttl", "usr", "obj"}, columns[:]...) {
		g.exec("CREATE INDEX bench_record_" + c + " ON bench_record (" + c + ")")
	}
	if g.data.Engine() == db.Postgres {
		g.exec("ANALYZE bench_record")
		g.exec("ANALYZE bench_line")
	}
}

func (g *filling) exec(sql string) {
	g.Helper()
	g.tx(func(tx *db.Tx) {
		if _, err := tx.Exec(g.Context(), sql); err != nil {
			g.Fatal(err)
		}
	})
}

func (g *filling) tx(fn func(*db.Tx)) {
	g.Helper()
	if err := g.data.Tx(g.Context(), func(tx *db.Tx) error { fn(tx); return nil }); err != nil {
		g.Fatal(err)
	}
}

func (g *filling) bytes() int64 { return stored(g, g.data, g.config) }

func (b *bare) row(k int) []any {
	f := func(name string, f gdprbench.Field) string { return fmt.Sprint(name, f.Value(k)) }
	return []any{
		b.key(k), fmt.Sprint("purpose", gdprbench.Purpose(k)), int64(10_000 + 2000*(gdprbench.Purpose(k)%10)), b.user(k), fmt.Sprint("obj", gdprbench.Objection(k)),
		f("dec", gdprbench.Deciding), f("acl", gdprbench.Access), f("shr", gdprbench.Sharing), f("src", gdprbench.Source), f("cat", gdprbench.Category), gdprbench.Data(k, 0),
	}
}

func (b *bare) key(k int) string  { return fmt.Sprint("key", k) }
func (b *bare) user(k int) string { return fmt.Sprint("user", b.scale.User(k)) }

func (b *bare) personal() int64 { return int64(b.scale.Records) * gdprbench.DataSize }

func (b *bare) bytes() int64 { return b.via.bytes() }

func (b *bare) do(ctx context.Context, o gdprbench.Op, revision int) (answer, error) {
	key := b.key(o.Key)
	switch o.Verb {
	case gdprbench.Create:
		return answer{}, b.via.write(ctx, insertRecord, b.row(o.Key)...)
	case gdprbench.Delete:
		return answer{}, b.via.write(ctx, deleteRecord, key)
	case gdprbench.UpdateData:
		return answer{}, b.via.write(ctx, updateData, gdprbench.Data(o.Key, revision), key)
	case gdprbench.UpdateMeta:
		return answer{}, b.via.write(ctx, updateOne, "obj100", key)
	case gdprbench.UpdateMetaUser:
		return answer{}, b.update(ctx, "UPDATE bench_record SET obj = $1 WHERE usr = $2", "obj100", b.user(o.Key))
	case gdprbench.UpdateMetaPurpose:
		return answer{}, b.update(ctx, "UPDATE bench_record SET "+columns[o.Field]+" = $1 WHERE pur = $2",
			fmt.Sprint(columns[o.Field], o.Value), fmt.Sprint("purpose", gdprbench.Purpose(o.Key)))
	case gdprbench.UpdateMetaSharing:
		return answer{}, b.update(ctx, "UPDATE bench_record SET "+columns[o.Field]+" = $1 WHERE shr = $2",
			fmt.Sprint(columns[o.Field], o.Value), fmt.Sprint("shr", gdprbench.Sharing.Value(o.Key)))
	case gdprbench.ReadData:
		return b.read(ctx, "SELECT key, data FROM bench_record WHERE key = $1", key)
	case gdprbench.ReadUser:
		return b.read(ctx, "SELECT key, data FROM bench_record WHERE usr = $1", b.user(o.Key))
	case gdprbench.ReadPurpose:
		return b.read(ctx, "SELECT key, data FROM bench_record WHERE pur = $1", fmt.Sprint("purpose", gdprbench.Purpose(o.Key)))
	case gdprbench.ReadObjection:
		return b.read(ctx, "SELECT key, data FROM bench_record WHERE obj = $1", fmt.Sprint("obj", gdprbench.Objection(o.Key)))
	case gdprbench.ReadMeta:
		return b.meta(ctx, "SELECT key, pur, ttl, usr, obj, dec, acl, shr, src, cat FROM bench_record WHERE key = $1", key)
	case gdprbench.ReadMetaUser:
		return b.meta(ctx, "SELECT key, pur, ttl, usr, obj, dec, acl, shr, src, cat FROM bench_record WHERE usr = $1", b.user(o.Key))
	case gdprbench.VerifyDeletion:
		return b.meta(ctx, "SELECT key, pur, ttl, usr, obj, dec, acl, shr, src, cat FROM bench_record WHERE key = $1", key)
	case gdprbench.ReadLogs:
		return b.lines(ctx, o.Limit)
	}
	return answer{}, fmt.Errorf("verb %d is unknown", o.Verb)
}

func (b *bare) update(ctx context.Context, sql string, args ...any) error {
	b.bulk.Lock()
	defer b.bulk.Unlock()
	return b.via.update(ctx, sql, args...)
}

func (b *bare) read(ctx context.Context, sql string, arg any) (out answer, err error) {
	err = b.via.each(ctx, sql, arg, func(scan func(...any) error) error {
		var key, data string
		if err := scan(&key, &data); err != nil {
			return err
		}
		k, err := number(key)
		out.values = append(out.values, value{k, data})
		return err
	})
	return out, err
}

func (b *bare) meta(ctx context.Context, sql string, arg any) (out answer, err error) {
	err = b.via.each(ctx, sql, arg, func(scan func(...any) error) error {
		var (
			key, pur, usr, obj, dec, acl, shr, src, cat string
			ttl                                         int64
		)
		if err := scan(&key, &pur, &ttl, &usr, &obj, &dec, &acl, &shr, &src, &cat); err != nil {
			return err
		}
		k, err := number(key)
		out.values = append(out.values, value{key: k})
		return err
	})
	return out, err
}

func (b *bare) lines(ctx context.Context, limit int) (out answer, err error) {
	err = b.via.each(ctx, "SELECT id, at, body FROM bench_line ORDER BY id DESC LIMIT $1", int64(limit), func(scan func(...any) error) error {
		var (
			id, at int64
			body   string
		)
		out.entries++
		return scan(&id, &at, &body)
	})
	return out, err
}

func number(key string) (k int, err error) {
	_, err = fmt.Sscanf(key, "key%d", &k)
	return k, err
}
