package audit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func TestALogRefusesAKeyFileThatIsNotItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		open := func(file, content string, mode os.FileMode) error {
			t.Helper()
			c := w.cfg
			c.SignerFile = filepath.Join(t.TempDir(), file)
			if content != "" {
				if err := os.WriteFile(c.SignerFile, []byte(content), mode); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Open(t.Context(), c)
			return err
		}
		own := key(t, "avow/shop", 1).private + "\n"
		if err := open("own", own, 0o600); err != nil {
			t.Errorf("a copy of the key: %v", err)
		}
		if err := open("missing", "", 0); fault.Of(err) != fault.Conflict {
			t.Errorf("a missing key file: %v", err)
		}
		if err := open("other", key(t, "avow/shop", 2).private, 0o600); fault.Of(err) != fault.Conflict {
			t.Errorf("another key: %v", err)
		}
		for name, err := range map[string]error{
			"readable by others":  open("readable", own, 0o644),
			"of another platform": open("platform", key(t, "avow/market", 1).private, 0o600),
			"that is no key":      open("none", "PRIVATE+KEY+avow/shop+00000000+AAAA\n", 0o600),
			"that is empty":       open("empty", "\n", 0o600),
			"with three keys":     open("three", own+own+own, 0o600),
		} {
			if fault.Of(err) != fault.Invalid {
				t.Errorf("a key file %s: %v", name, err)
			}
		}
	})
}

func TestANewLogMakesItsKeyFileForItsOwnerAlone(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, db.Data)
	c := Config{Platform: "shop", Data: d, Keys: &fixedSealer{}, SignerFile: filepath.Join(t.TempDir(), "log.key")}
	l, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(c.SignerFile)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	again, err := Open(t.Context(), c)
	if err != nil || again.Key() != l.Key() {
		t.Errorf("opened again: %v, key %s, want %s", err, again.Key(), l.Key())
	}
	for _, name := range []string{"", "Shop", "a b", "a+b", strings.Repeat("x", 65)} {
		c.Platform = name
		if _, err := Open(t.Context(), c); fault.Of(err) != fault.Invalid {
			t.Errorf("platform %q: %v", name, err)
		}
	}
}
