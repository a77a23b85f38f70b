package seal

import (
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

// stores are the three places of one platform, on one engine.
type stores struct {
	keys, data *db.DB
	clock      *dbtest.Clock
	file       string // of the epochs
	epoch      EpochStore
}

func newStores(t testing.TB, engine db.Engine) *stores {
	t.Helper()
	s := &stores{clock: dbtest.NewClock(), file: filepath.Join(t.TempDir(), "epoch")}
	s.keys, s.data = s.open(t, engine, db.Keys), s.open(t, engine, db.Data)
	s.epoch = s.openEpoch(t)
	return s
}

func (s *stores) open(t testing.TB, engine db.Engine, store db.Store) *db.DB {
	t.Helper()
	c := dbtest.Config(t, engine, store)
	c.Clock = s.clock.Now
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func (s *stores) openEpoch(t testing.TB) EpochStore {
	t.Helper()
	kms, err := FileKMS(s.file + ".kms")
	if err != nil {
		t.Fatal(err)
	}
	e, err := OpenEpochFile(s.file, kms)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (s *stores) config() Config {
	return Config{Platform: "test", Keys: s.keys, Data: s.data, Epoch: s.epoch}
}

// ring opens a keyring: another node each time.
func (s *stores) ring(t testing.TB) *Keyring {
	t.Helper()
	k, err := Open(t.Context(), s.config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

// each runs fn on both engines.
func each(t *testing.T, fn func(*testing.T, *stores)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(t, newStores(t, engine)) })
	}
}

func (k *Keyring) mustNext(t testing.TB) KeyID {
	t.Helper()
	key, err := k.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (k *Keyring) mustSeal(t testing.TB, key KeyID, a AAD, plain string) []byte {
	t.Helper()
	sealed, err := k.Seal(t.Context(), key, a, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// bind binds a key to a subject in a transaction of its own.
func (s *stores) bind(t testing.TB, k *Keyring, subject int64, c Class, key KeyID) {
	t.Helper()
	act := s.data.NewAct()
	k.Bind(act, subject, c, 0, key)
	if err := s.data.Commit(t.Context(), act); err != nil {
		t.Fatal(err)
	}
}
