package seal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// wipe overwrites a file with zeros, durably, and takes its name away. A file
// that is not there is wiped. What the file system or the disk copied elsewhere
// is beyond reach.
func wipe(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncDirOf(path)
}

// writeNew makes a file of mode 0600, durably. One that is there is an error.
func writeNew(path string, contents []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(contents)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return syncDirOf(path)
}

func syncDirOf(path string) error { return syncDir(filepath.Dir(path)) }
