package platform

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/policy"
)

// A BackupPlan says how often archives are written, where, and how long they stay.
type BackupPlan struct {
	Every, Keep calendar.Period
	Data, Keys  string // folders
}

const (
	// jobBackup is the job that writes archives; its ref is the platform.
	jobBackup = "backup.make"
	// stamp is the business time in the name of an archive.
	stamp = "20060102T150405Z"
	// backupGrace is how long after its time an archive is not late yet.
	backupGrace = time.Hour
)

const (
	dataEnd = ".data.archive"
	keysEnd = ".keys.archive"
)

// scheduleBackups lets the next archive be written in its time.
func (p *Platform) scheduleBackups(ctx context.Context) error {
	if p.backups == nil {
		return nil
	}
	due, _, err := p.backupDue()
	if err != nil {
		return err
	}
	act := p.data.NewAct()
	job.Enqueue(act, job.Job{Kind: jobBackup, Ref: p.id, RunAt: due})
	return p.data.Commit(ctx, act)
}

// backupDue is when the next archive is due, and whether there is one already. Without
// one it is due at once.
func (p *Platform) backupDue() (due time.Time, any bool, err error) {
	last, err := p.newestArchive()
	if err != nil || last.IsZero() {
		return p.data.Now(), false, err
	}
	due, _ = p.Policy().Calendar().Add(last, p.backups.Every)
	return due, true, nil
}

// newestArchive is the time of the newest archive of which both parts are there; zero
// for none.
func (p *Platform) newestArchive() (newest time.Time, err error) {
	data, err := p.archives(p.backups.Data, dataEnd)
	if err != nil {
		return newest, err
	}
	keys, err := p.archives(p.backups.Keys, keysEnd)
	if err != nil {
		return newest, err
	}
	for at := range data {
		if _, both := keys[at]; both && at.After(newest) {
			newest = at
		}
	}
	return newest, nil
}

// archives lists the platform's archives in a folder, by their time.
func (p *Platform) archives(dir, end string) (map[time.Time]string, error) {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder of archives %s cannot be read: look at its rights", dir)
	}
	out := map[time.Time]string{}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), p.id+"-")
		text, whole := strings.CutSuffix(rest, end)
		if at, err := time.Parse(stamp, text); ok && whole && err == nil {
			out[at] = filepath.Join(dir, e.Name())
		}
	}
	return out, nil
}

// makeBackup is the handler that writes archives, deletes those whose time is over,
// and lets the next be written.
func (p *Platform) makeBackup(ctx context.Context, j job.Job) error {
	if p.backups == nil { // the schedule was taken out of the configuration
		return nil
	}
	if due, some, err := p.backupDue(); err != nil || some && due.After(p.data.Now()) {
		if err != nil {
			return err
		}
		return p.nextBackup(ctx, j, due)
	}
	now := p.data.Now().UTC().Truncate(time.Second)
	for _, dir := range []string{p.backups.Data, p.backups.Keys} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fault.Wrap(fault.Busy, err, "the folder of archives %s cannot be made", dir)
		}
	}
	name := p.id + "-" + now.Format(stamp)
	to := Archives{Data: filepath.Join(p.backups.Data, name+dataEnd), Keys: filepath.Join(p.backups.Keys, name+keysEnd)}
	if _, err := p.backup(ctx, to, nil, policy.BackupScheduled); err != nil {
		for _, file := range []string{to.Data, to.Keys} { // half an archive is none
			_ = os.Remove(file)
		}
		return err
	}
	if err := p.endArchives(ctx, now); err != nil {
		return err
	}
	next, _ := p.Policy().Calendar().Add(now, p.backups.Every)
	return p.nextBackup(ctx, j, next)
}

func (p *Platform) nextBackup(ctx context.Context, j job.Job, at time.Time) error {
	act := p.data.NewAct()
	j.Finish(act)
	job.Enqueue(act, job.Job{Kind: jobBackup, Ref: p.id, RunAt: at})
	return p.data.Commit(ctx, act)
}

// endArchives deletes archives that were kept long enough: with them goes what was
// erased since.
func (p *Platform) endArchives(ctx context.Context, now time.Time) error {
	ended := 0
	for dir, end := range map[string]string{p.backups.Data: dataEnd, p.backups.Keys: keysEnd} {
		all, err := p.archives(dir, end)
		if err != nil {
			return err
		}
		for at, file := range all {
			if until, _ := p.Policy().Calendar().Add(at, p.backups.Keep); until.After(now) {
				continue
			}
			if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
				return fault.Wrap(fault.Busy, err, "an archive whose time is over cannot be deleted: look at the rights of %s", dir)
			}
			ended++
		}
	}
	if ended == 0 {
		return nil
	}
	return p.appendAlone(ctx, audit.Entry{Kind: audit.ArchiveEnded, Control: policy.ErasureBackups, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagCount, ended),
	}})
}

// backupLate returns since when an archive is late; zero where none is, or where
// archives are written by no schedule.
func (p *Platform) backupLate() (since time.Time, err error) {
	if p.backups == nil {
		return since, nil
	}
	due, some, err := p.backupDue()
	if err != nil || !some || !p.data.Now().After(due.Add(backupGrace)) {
		return time.Time{}, err
	}
	return due, nil
}

// watchBackups raises the alarm once for each archive that is late.
func (p *Platform) watchBackups(ctx context.Context) error {
	since, err := p.backupLate()
	if err != nil || since.IsZero() {
		return err
	}
	if p.lateSince.Swap(since.UnixMicro()) == since.UnixMicro() {
		return nil
	}
	return p.Raise(ctx, Alarm{What: BackupLate, At: since})
}
