package avow

import (
	"context"
	"path/filepath"

	"github.com/avow-dev/avow/internal/seal"
)

const (
	masterFile  = "master.json" // the master key, beside the epoch files it opens
	epochSuffix = ".epoch"
)

type (
	// A MasterChange says which master key took over from which.
	MasterChange = seal.MasterChange
	// A MasterStatus says how the master key stands.
	MasterStatus = seal.MasterStatus
)

func (s *Server) master() (*seal.MasterFile, error) {
	return seal.FileKMS(filepath.Join(s.config.path(s.config.Keys), masterFile))
}

// epochFiles lists every epoch file of the keys directory: those of platforms,
// too, that are not in the configuration at the moment.
func (s *Server) epochFiles() ([]string, error) {
	return filepath.Glob(filepath.Join(s.config.path(s.config.Keys), "*"+epochSuffix))
}

// MasterStatus says how the master key of this server's epoch files stands.
func (s *Server) MasterStatus(ctx context.Context) (MasterStatus, error) {
	m, err := s.master()
	if err != nil {
		return MasterStatus{}, err
	}
	files, err := s.epochFiles()
	if err != nil {
		return MasterStatus{}, err
	}
	return m.Status(ctx, files)
}

// RotateMaster replaces the master key while everything runs: a new key seals
// the epoch files of all platforms, and the old key is destroyed. Every platform
// says so in its log. A replacement that was cut short is finished first, and
// then no new one begun. progress counts epoch files; it may be nil.
func (s *Server) RotateMaster(ctx context.Context, progress func(done, total int)) (MasterChange, error) {
	m, err := s.master()
	if err != nil {
		return MasterChange{}, err
	}
	return m.Rotate(ctx, seal.MasterRotation{Epochs: s.epochFiles, Progress: progress, Record: func(ctx context.Context, c MasterChange) error {
		for _, p := range s.platforms {
			if err := p.NoteMaster(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}})
}
