package avow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/archive"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// A Restoring says what to restore. Keys may be empty: then the key store
// stays as it is, and values whose keys have died since stay erased.
type Restoring struct {
	Platform string
	Archives
	Journals []string // erasure journals; none: the one of the configuration
	Override string   // who restores without a journal that goes on from the archive, and answers for it
}

// A Restored is what a restore did.
type Restored struct {
	Rows     int64    `json:"rows"`
	Again    int      `json:"erased_again"` // erasures of the journal carried out again
	Warnings []string `json:"warnings"`
}

// Restore loads archives into empty stores, and erases again what was erased
// since they were written. Without an erasure journal that goes on from the
// archive it is refused: people whose data was erased would be back. The
// server must not run.
func Restore(ctx context.Context, c *Config, r Restoring, o Options, progress func(done, total int64)) (out Restored, err error) {
	s := &Server{config: c, options: o}
	if err := s.directories(); err != nil { // a new machine has none
		return out, err
	}
	if s.unlock, err = db.LockDir(c.DataDir()); err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	i := -1
	for n, p := range c.Platforms {
		if p.ID == r.Platform {
			i = n
		}
	}
	if i < 0 {
		return out, fault.New(fault.NotFound, "there is no platform %s in the configuration", r.Platform)
	}
	verdict, err := s.judge(ctx, r)
	if err != nil {
		return out, err
	}
	out.Warnings = append([]string{}, verdict.Warnings...)
	p := &platform.Parts{ID: r.Platform, Staff: s.staff}
	defer func() { err = errors.Join(err, platform.New(*p).Close()) }()
	loads, err := s.load(ctx, p, r, &out, progress)
	if err != nil {
		return out, err
	}
	if err := s.revive(ctx, p, c.Platforms[i], verdict, r.Keys != "", &out); err != nil {
		return out, err
	}
	for _, l := range loads {
		if err := l.Finish(ctx); err != nil {
			return out, err
		}
	}
	return out, nil
}

// wireRights gives the vault the requests that hold something of whom it erases. No job
// runs, and no system is asked.
func wireRights(p *platform.Parts) (err error) {
	p.Jobs = job.NewRunner(p.Data, job.Config{})
	p.Rights, err = rights.New(rights.Config{Data: p.Data, Keys: p.Keys, Log: p.Log, Gate: p.Gate, Jobs: p.Jobs, Index: p.Vault.Index})
	return err
}

// judge applies the rules before anything is loaded.
func (s *Server) judge(ctx context.Context, r Restoring) (archive.Verdict, error) {
	ask := archive.Restore{Platform: r.Platform, Override: r.Override}
	data, err := archive.Peek(r.Data)
	if err != nil {
		return archive.Verdict{}, err
	}
	ask.Data = &data
	if r.Keys != "" {
		keys, err := archive.Peek(r.Keys)
		if err != nil {
			return archive.Verdict{}, err
		}
		ask.Keys = &keys
	}
	files := r.Journals
	if len(files) == 0 && r.Override == "" {
		files = []string{s.journalFile(r.Platform)}
	}
	for _, name := range files {
		copied, err := journal.Read(name, r.Platform)
		if errors.Is(err, os.ErrNotExist) {
			return archive.Verdict{}, fault.Wrap(fault.Denied, err, "there is no erasure journal %s: who was erased since the archive was made would be back; name the newest copy of it, or take it upon yourself by name to restore without", name)
		}
		if err != nil {
			return archive.Verdict{}, err
		}
		ask.Journals = append(ask.Journals, copied)
	}
	store, err := s.epochStore(r.Platform)
	if err != nil {
		return archive.Verdict{}, err
	}
	epochs, err := store.Read(ctx)
	if err != nil {
		return archive.Verdict{}, err
	}
	for _, e := range epochs {
		ask.Epoch = max(ask.Epoch, e.Number)
	}
	return ask.Decide()
}

// epochStore opens the epoch file of a platform.
func (s *Server) epochStore(platform string) (seal.EpochStore, error) {
	kms, err := s.master()
	if err != nil {
		return nil, err
	}
	return seal.OpenEpochFileOn(s.options.VFS, filepath.Join(s.config.path(s.config.Keys), platform+epochSuffix), kms)
}

// load fills the stores from the archives.
func (s *Server) load(ctx context.Context, p *platform.Parts, r Restoring, out *Restored, progress func(done, total int64)) (loads []*archive.Loading, err error) {
	if p.Data, err = s.store(ctx, db.Data, p.ID); err != nil {
		return nil, err
	}
	if p.KeyStore, err = s.store(ctx, db.Keys, p.ID); err != nil {
		return nil, err
	}
	files := map[*db.DB]string{p.Data: r.Data}
	if r.Keys != "" {
		files[p.KeyStore] = r.Keys
	}
	for _, d := range []*db.DB{p.Data, p.KeyStore} {
		if files[d] == "" {
			continue
		}
		l, err := archive.Load(ctx, files[d], d, progress)
		if err != nil {
			return loads, err
		}
		out.Rows += l.Manifest.Rows()
		loads = append(loads, l)
	}
	return loads, nil
}

// revive opens the restored platform, erases again, and says so in the log.
func (s *Server) revive(ctx context.Context, p *platform.Parts, c PlatformConfig, v archive.Verdict, keysToo bool, out *Restored) error {
	if err := s.openKeys(ctx, p, true); err != nil {
		return err
	}
	if err := s.openPolicy(ctx, p, c, s.reading(c)); err != nil {
		return err
	}
	if err := wireVault(p); err != nil {
		return err
	}
	if err := wireRights(p); err != nil {
		return err
	}
	if _, err := p.Vault.Resume(ctx); err != nil {
		return err
	}
	n, err := p.Vault.Reapply(ctx, v.Replay)
	if err != nil {
		return fmt.Errorf("erase again: %w", err)
	}
	out.Again = n
	if keysToo {
		// The archive may hold keys of people whose rows the data no longer has.
		if _, err := p.Keys.Purge(ctx); err != nil {
			return err
		}
	}
	act := p.Data.NewAct()
	e := audit.Entry{Kind: audit.Restored, Control: policy.ErasureBackups, Public: []audit.Field{audit.Num(audit.TagCount, n)}}
	if v.Overridden != "" {
		e.Public = append(e.Public, audit.Text(audit.TagReason, "without-journal"))
	}
	if _, err := p.Log.Append(ctx, act, e); err != nil {
		return err
	}
	return p.Data.Commit(ctx, act)
}
