package db

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow/fault"
	"github.com/gofrs/flock"
)

// LockDir makes this process the one owner of a data directory, until release.
// Where another process owns it, the error is fault.Conflict.
func LockDir(path string) (release func(), err error) {
	name := filepath.Join(path, "lock")
	f := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	ok, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("db lock %s: %w", path, err)
	}
	if !ok {
		return nil, fault.New(fault.Conflict, "the data directory %s is in use by another avow: speak to the running server, or stop it first", path)
	}
	return func() { f.Close() }, nil
}
