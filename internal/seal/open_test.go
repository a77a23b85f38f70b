package seal

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func refuses(t *testing.T, c Config, says string) {
	t.Helper()
	k, err := Open(t.Context(), c)
	if err == nil {
		k.Close()
	}
	if fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), says) {
		t.Errorf("err = %v, want invalid with %q", err, says)
	}
}

func TestKeysAndDataInOneFileAreAlwaysRefused(t *testing.T) {
	s := newStores(t, db.SQLite)
	c := s.config()
	c.Keys, c.SameCluster = s.data, true
	refuses(t, c, "same file")
}

func TestKeysAndDataInOneClusterAreRefusedUnlessAllowed(t *testing.T) {
	s := newStores(t, db.Postgres)
	s.keys = dbInDataCluster(t)
	refuses(t, s.config(), "same PostgreSQL cluster")
	c := s.config()
	c.SameCluster = true
	k, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if st, err := k.Status(t.Context()); err != nil || !st.SameCluster {
		t.Errorf("the status does not say so: %+v, %v", st, err)
	}
}

// dbInDataCluster opens a keys store in the cluster that is for data.
func dbInDataCluster(t *testing.T) *db.DB {
	c := dbtest.New(t, db.Postgres, db.Data)
	c.Store = db.Keys
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestStoresThatDoNotBelongTogetherAreRefused(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		c := s.config()
		c.Platform = "other"
		refuses(t, c, "belongs to platform test")
		k.mustNext(t)

		c = s.config()
		c.Data = dbtest.Open(t, s.data.Engine(), db.Data) // an empty one, by mistake
		refuses(t, c, "do not belong together")

		other := newStores(t, s.data.Engine())
		other.ring(t)
		c.Data = other.data
		refuses(t, c, "do not belong together")

		c = s.config()
		c.Keys = dbtest.Open(t, s.data.Engine(), db.Keys)
		refuses(t, c, "sealed with another")

		c = other.config()
		c.Data, c.Keys = dbtest.Open(t, s.data.Engine(), db.Data), dbtest.Open(t, s.data.Engine(), db.Keys)
		if _, err := k.Rotate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		c.Epoch = s.epoch
		refuses(t, c, "the keys store is new and empty")

		c = s.config()
		c.Epoch = other.epoch
		if _, err := other.ring(t).Rotate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		refuses(t, c, "do not fit the keys store")
	})
}

func TestAKeysStoreOlderThanTheDataIsRefusedUnlessRestoring(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := s.ring(t)
		s.bind(t, k, 1, 1, k.mustNext(t))
		ahead := KeyID(1_000_000) // bound since the archive of the keys was made
		s.bind(t, k, 2, 1, ahead)
		refuses(t, s.config(), "older than the data")
		c := s.config()
		c.Restoring = true
		restored, err := Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer restored.Close()
		if key := restored.mustNext(t); key <= ahead {
			t.Errorf("key %d is handed out again", key)
		}
		if _, err := restored.Open(t.Context(), ahead, place, []byte{1}); fault.Of(err) != fault.NotFound {
			t.Errorf("a value whose key is lost: err = %v, want not_found", err)
		}
		s.ring(t) // and from now on it is level
	})
}

func TestManyNodesStartANewPlatformAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		rings := make([]*Keyring, 6)
		var wg sync.WaitGroup
		for i := range rings {
			wg.Go(func() {
				var err error
				if rings[i], err = Open(t.Context(), s.config()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		key := rings[0].mustNext(t)
		sealed := rings[0].mustSeal(t, key, place, "x")
		for _, k := range rings {
			if got, err := k.Open(t.Context(), key, place, sealed); err != nil || string(got) != "x" {
				t.Errorf("%q, %v", got, err)
			}
			k.Close()
		}
	})
}

func TestAStartCutShortIsFinished(t *testing.T) {
	each(t, func(t *testing.T, s *stores) {
		k := &Keyring{config: s.config()}
		if err := k.firstEpoch(t.Context()); err != nil { // cut before the keys store
			t.Fatal(err)
		}
		if _, err := k.start(t.Context()); err != nil { // cut before the data store
			t.Fatal(err)
		}
		s.ring(t).mustNext(t)
	})
}

func TestAClosedKeyringHandsOutNothing(t *testing.T) {
	k := newStores(t, db.SQLite).ring(t)
	k.mustNext(t)
	k.Close()
	if _, err := k.Next(t.Context()); err == nil {
		t.Error("a closed keyring hands out keys")
	}
	if n := k.cache.len(); n != 0 {
		t.Errorf("%d ciphers are held after Close", n)
	}
}

func TestNoKeyLiesInTheClearInAnyFile(t *testing.T) {
	s := newStores(t, db.SQLite)
	k := s.ring(t)
	k.mustNext(t)
	k.waitForFill()
	epochs, err := s.epoch.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]byte{"epoch": epochs[0].Key, "pooled": k.pool.ready[0].key[:]}
	if secrets["index"], err = k.Secret(t.Context(), indexSecret); err != nil {
		t.Fatal(err)
	}
	// The test's stores are in directories of its own, side by side.
	err = filepath.WalkDir(filepath.Dir(filepath.Dir(s.file)), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".kms") {
			return err
		}
		b, err := os.ReadFile(path)
		for name, secret := range secrets {
			if strings.Contains(string(b), string(secret)) {
				t.Errorf("%s holds the %s key in clear", filepath.Base(path), name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADestroyedKeyIsSoonOutOfTheFiles(t *testing.T) {
	s := newStores(t, db.SQLite)
	k := s.ring(t)
	key := k.mustNext(t)
	k.waitForFill()
	row, err := read(t.Context(), s.keys, func(r *db.Snapshot) (b []byte, err error) {
		var epoch int64
		err = r.Row(t.Context(), selectKey, int64(key)).Scan(&epoch, &b)
		return b, err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := func() (in []string) {
		files, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(s.file)), "*", "keys.db*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), string(row)) {
				in = append(in, filepath.Base(path))
			}
		}
		return in
	}
	if len(found()) == 0 {
		t.Fatal("the test proves nothing: the wrapped key is in no file before")
	}
	if err := k.Destroy(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	// A second on a machine that has nothing else to do.
	for end := time.Now().Add(20 * time.Second); len(found()) > 0 && time.Now().Before(end); {
		runtime.Gosched()
	}
	if in := found(); len(in) != 0 {
		t.Errorf("the wrapped key is still in %v", in)
	}
}

func TestCiphersGrowOldAndStayBounded(t *testing.T) {
	c := newCache(cacheShards * 2)
	aead, err := newAEAD(make([]byte, keyLen))
	if err != nil {
		t.Fatal(err)
	}
	for i := range KeyID(1000) {
		_, mark := c.get(i)
		c.put(i, aead, mark)
	}
	if n := c.len(); n != cacheShards*2 {
		t.Errorf("%d entries, room for %d", n, cacheShards*2)
	}
	_, mark := c.get(5000)
	c.put(5000, aead, mark)
	c.age()
	if a, _ := c.get(5000); a == nil {
		t.Error("gone after half a lifetime")
	}
	c.age()
	if a, _ := c.get(5000); a != nil || c.len() != 0 {
		t.Error("there after a lifetime")
	}
}

func TestALoadThatBeganBeforeADestructionIsNotKept(t *testing.T) {
	c := newCache(64)
	aead, err := newAEAD(make([]byte, keyLen))
	if err != nil {
		t.Fatal(err)
	}
	_, mark := c.get(9) // a reader misses and goes to the store
	c.drop([]KeyID{9})  // the key is destroyed meanwhile
	c.put(9, aead, mark)
	if a, _ := c.get(9); a != nil {
		t.Error("the cipher of a destroyed key came back")
	}
}

func TestTheTickerLetsCiphersGrowOld(t *testing.T) {
	s := newStores(t, db.SQLite)
	c := s.config()
	c.CacheLife = 2 * time.Millisecond
	k, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	k.mustNext(t)
	deadline := time.After(10 * time.Second)
	for k.cache.len() > 0 {
		select {
		case <-deadline:
			t.Fatal("the cipher is still held")
		default:
		}
	}
}
