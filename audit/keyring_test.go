package audit

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

// realKeys opens a keyring whose stores are the data store and a file beside it.
func realKeys(t *testing.T, data *db.DB) *seal.Keyring {
	t.Helper()
	dir := t.TempDir()
	kms, err := seal.FileKMS(filepath.Join(dir, "kms"))
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Open(t.Context(), seal.Config{
		Platform: "shop", Keys: dbtest.Open(t, db.SQLite, db.Keys), Data: data, Epoch: epoch,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(keys.Close)
	return keys
}

// The whole life of a sealed part, with the real keys: readable, then unreadable
// when its key is destroyed, then pruned; the log verifies all along, and neither
// who it was about nor what for is ever in the file in clear.
func TestASealedPartLivesAndDiesWithItsRealKey(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := newWorld(t, d)
		keys := realKeys(t, d)
		w.cfg.Keys = keys
		w.Log = w.reopen()
		k, err := keys.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e := used(1)
		e.Key, e.Private = k, append(e.Private, Personal(TagContact, seal.NewPersonal("canary-7f3a@example.org")))
		a := d.NewAct()
		keys.Bind(a, 1, seal.LogClass, 0, k)
		id, err := w.Append(t.Context(), a, e)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		w.sequence()
		read := func() (got Record) {
			t.Helper()
			err := d.Read(t.Context(), func(r *db.Snapshot) (err error) {
				got, err = w.Entry(t.Context(), r, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := read(); got.Sealed != Opened || got.Private.Text(TagContact) != "canary-7f3a@example.org" || got.SubjectID != e.SubjectID {
			t.Errorf("read back as %v %s", got.Sealed, got.SubjectID)
		}
		if r := w.check(); r.Opened != 1 {
			t.Errorf("%d opened", r.Opened)
		}
		if _, err := w.Prune(t.Context(), []Ended{{1, k}}); fault.Of(err) != fault.Conflict {
			t.Errorf("pruned under a living key: %v", err)
		}
		if err := keys.Destroy(t.Context(), k); err != nil {
			t.Fatal(err)
		}
		if got := read(); got.Sealed != KeyDestroyed || got.Private != nil || got.SubjectID != "" {
			t.Errorf("after its key died it reads as %v %v", got.Sealed, got.Private)
		}
		if r := w.check(); r.Dead != 1 {
			t.Errorf("%d dead", r.Dead)
		}
		if n, err := w.Prune(t.Context(), []Ended{{1, k}}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.sequence()
		if got := read(); got.Sealed != Dropped {
			t.Errorf("pruned, it reads as %v", got.Sealed)
		}
		w.check()
		if c.File == "" {
			return
		}
		for _, file := range []string{c.File, c.File + "-wal"} {
			b, err := os.ReadFile(file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, secret := range []string{"canary-7f3a", "order-1", e.SubjectID, "stf_1"} {
				if bytes.Contains(b, []byte(secret)) {
					t.Errorf("%s holds %s in clear", filepath.Base(file), secret)
				}
			}
		}
	})
}
