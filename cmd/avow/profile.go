package main

import (
	"errors"
	"os"
	"runtime/pprof"

	"github.com/avow-dev/avow/fault"
)

// profiled runs something, and writes into a file on what the processor spent its
// time meanwhile, as go tool pprof and go build -pgo read it. An empty name
// writes nothing.
func profiled(name string, run func() error) (err error) {
	if name == "" {
		return run()
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "--cpu-profile: name a file that is not there yet, in a folder that is")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}
