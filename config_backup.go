package avow

import (
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/platform"
)

// Backups says how often archives are written, and where.
type Backups struct {
	// Every is how often, such as P1D. An archive that is late breaks the promise.
	Every string `yaml:"every"`

	// Data and Keys are the folders of the archives of data and of keys, on other
	// disks than the stores, and apart: whoever has only one of them reads nothing.
	Data string `yaml:"data"`
	Keys string `yaml:"keys"`

	// Keep is how long an archive stays, such as P30D. It is no longer than what the
	// policy promises about backups, since what was erased is in them as long.
	Keep string `yaml:"keep"`
}

func (b *Backups) check(c *Config, say func(string)) {
	if b == nil {
		return
	}
	for name, text := range map[string]string{"every": b.Every, "keep": b.Keep} {
		if p, err := calendar.Parse(text); err != nil || p.IsZero() {
			say("backup: " + name + ": write a period such as P1D")
		}
	}
	if b.Data == "" || b.Keys == "" || c.path(b.Data) == c.path(b.Keys) {
		say("backup: name two folders, data and keys, that are apart")
	}
}

// backups is the schedule of a platform, nil for none. Archives that would outlive what
// the policy promises about backups are fault.Invalid.
func (s *Server) backups(p *platform.Parts) (*platform.BackupPlan, error) {
	b := s.config.Backup
	if b == nil {
		return nil, nil //nolint:nilnil // no schedule is not a fault
	}
	every, err := calendar.Parse(b.Every)
	if err != nil {
		return nil, err
	}
	keep, err := calendar.Parse(b.Keep)
	if err != nil {
		return nil, err
	}
	for _, r := range p.Version.Policy.Rights() {
		if !r.Backups.IsZero() && keep.Rough() > r.Backups.Rough() {
			return nil, fault.New(fault.Invalid, "backup: archives are kept for %s, and the policy promises that what is erased is gone from them within %s (rights.%s): keep them no longer", keep, r.Backups, r.Kind)
		}
	}
	return &platform.BackupPlan{Every: every, Keep: keep, Data: s.config.path(b.Data), Keys: s.config.path(b.Keys)}, nil
}
