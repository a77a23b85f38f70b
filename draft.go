package avow

import (
	"os"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// Draft returns the text of a platform's policy file as it stands now, compiled with
// the numbers of the version in force. It publishes nothing. A file that cannot be
// read or compiled is fault.Invalid.
func (s *Server) Draft(id string) (publication.Text, error) {
	p, err := s.Platform(id)
	if err != nil {
		return publication.Text{}, err
	}
	i := slices.IndexFunc(s.config.Platforms, func(c PlatformConfig) bool { return c.ID == p.ID() })
	if i < 0 {
		return publication.Text{}, fault.New(fault.NotFound, "the configuration names no policy file of %s", p.ID())
	}
	file := s.config.Platforms[i].Policy
	src, err := os.ReadFile(s.config.path(file))
	if err != nil {
		return publication.Text{}, fault.Wrap(fault.Invalid, err, "the policy file %s cannot be read", file)
	}
	compiled, _, err := policy.Load(file, src, p.Policy().Numbers())
	if err != nil {
		return publication.Text{}, err
	}
	return publication.Text{Policy: compiled, Source: src}, nil
}
