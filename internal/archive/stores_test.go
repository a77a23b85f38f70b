package archive

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
)

const platform = "goscom-pro"

const (
	addRow = `INSERT INTO vault_row (subject, id, class, bucket, key, items, point, at, due, sealed)
		VALUES ($1, $2, 1, 0, $3, $4, 'registration', $5, $6, $7)`
	addTile  = `INSERT INTO audit_tile (level, n, hashes) VALUES (0, $1, $2)`
	sealedOf = `SELECT key, sealed FROM vault_row WHERE subject = $1`
)

// A bed is a platform's two stores with values in them.
type bed struct {
	data, keys *db.DB
	ring       *seal.Keyring
	epoch      seal.EpochStore
	journal    *journal.Journal
}

func newBed(t *testing.T, e db.Engine) *bed {
	t.Helper()
	b := &bed{data: dbtest.Open(t, e, db.Data), keys: dbtest.Open(t, e, db.Keys)}
	dir := t.TempDir()
	kms, err := seal.FileKMS(filepath.Join(dir, "kms"))
	if err != nil {
		t.Fatal(err)
	}
	if b.epoch, err = seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms); err != nil {
		t.Fatal(err)
	}
	b.ring = openRing(t, b.data, b.keys, b.epoch)
	if b.journal, err = journal.Open(filepath.Join(dir, "journal"), platform); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.journal.Close() })
	return b
}

func openRing(t *testing.T, data, keys *db.DB, epoch seal.EpochStore) *seal.Keyring {
	t.Helper()
	ring, err := seal.Open(t.Context(), seal.Config{Platform: platform, Keys: keys, Data: data, Epoch: epoch})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ring.Close)
	return ring
}

func value(subject int64) string { return fmt.Sprintf("marker-%d-of-a-person", subject) }

// collect stores a sealed value of each subject, and something beside it.
func (b *bed) collect(t *testing.T, subjects ...int64) {
	t.Helper()
	ctx := t.Context()
	for _, n := range subjects {
		k, err := b.ring.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := b.ring.Seal(ctx, k, seal.AAD{Subject: n}, []byte(value(n)))
		if err != nil {
			t.Fatal(err)
		}
		var due *int64
		if n%2 == 0 {
			due = &n
		}
		err = b.data.Tx(ctx, func(tx *db.Tx) error {
			b.ring.Bind(tx, n, 1, 0, k)
			if _, err := tx.Exec(ctx, addRow, n, -n, int64(k), []byte{}, tx.Now().UnixMicro(), due, sealed); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, addTile, n, []byte{0, 1, 2, byte(n)})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// reads reports which subjects' values can be had.
func reads(t *testing.T, data *db.DB, ring *seal.Keyring, subject int64) string {
	t.Helper()
	var k int64
	var sealed []byte
	err := data.Read(t.Context(), func(r *db.Snapshot) error { return r.Row(t.Context(), sealedOf, subject).Scan(&k, &sealed) })
	if err != nil {
		return ""
	}
	plain, err := ring.Open(t.Context(), seal.KeyID(k), seal.AAD{Subject: subject}, sealed)
	if err != nil {
		return ""
	}
	return string(plain)
}

func (b *bed) dataSource() Source {
	return Source{Platform: platform, DB: b.data, Journals: []journal.Head{b.journal.Head()}, Log: LogMark{7, "note\n<&>\n— signed\n"}}
}

func (b *bed) keysSource() Source {
	return Source{Platform: platform, DB: b.keys, Journals: []journal.Head{b.journal.Head()}, Epoch: b.epochNumber}
}

func (b *bed) epochNumber(ctx context.Context) (int64, error) {
	s, err := b.ring.Status(ctx)
	return s.Epoch.Number, err
}

// create writes an archive to a new file.
func create(t *testing.T, s Source) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if _, err := Create(t.Context(), path, s, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

func peek(t *testing.T, path string) *Manifest {
	t.Helper()
	m, err := Peek(path)
	if err != nil {
		t.Fatal(err)
	}
	return &m
}

func load(t *testing.T, path string, into *db.DB) {
	t.Helper()
	l, err := Load(t.Context(), path, into, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// small returns the bytes of an archive with one row.
func small(t testing.TB) []byte {
	t.Helper()
	d := dbtest.Open(t, db.SQLite, db.Keys)
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO data_key (id, epoch, made, bound, wrapped) VALUES (5, 1, -1, 0, $1)`, bytes.Repeat([]byte{7, 9}, 20))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, err = Write(t.Context(), &out, Source{Platform: "p", DB: d, Journals: []journal.Head{{}}, Epoch: one}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func one(context.Context) (int64, error) { return 1, nil }

func at(minute int) time.Time { return dbtest.Start().Add(time.Duration(minute) * time.Minute) }
