package db

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncData makes what was written durable, and of what the file system knows of
// the file all that is needed to read it (fdatasync(2)).
func syncData(f *os.File) error {
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if !errors.Is(err, unix.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
