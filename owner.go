package avow

import (
	"os"

	"github.com/avow-dev/avow/fault"
)

// directories makes the directories of the configuration where they are not there, for
// their owner alone.
func (s *Server) directories() error {
	for _, dir := range []string{s.config.Data, s.config.Keys, s.config.Journal} {
		if err := os.MkdirAll(s.config.path(dir), 0o700); err != nil {
			return fault.Wrap(fault.Invalid, err, "the directory %s cannot be made", dir)
		}
		if err := ownersOnly(s.config.path(dir)); err != nil {
			return err
		}
	}
	return nil
}

// ownersOnly takes away what others may do in a directory of avow's own: the files
// in it, and the socket, then need no watch over each mode.
func ownersOnly(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the directory %s cannot be looked at", dir)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(dir, info.Mode().Perm()&0o700); err != nil {
		return fault.Wrap(fault.Invalid, err, "others may read the directory %s, and it belongs to somebody else: give it to the user that avow runs as, with mode 0700", dir)
	}
	return nil
}
