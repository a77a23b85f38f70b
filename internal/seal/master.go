package seal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"github.com/gofrs/flock"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// Files beside the keyset while the master key is being replaced. They have
// fixed names, so that whoever goes on after a cut finds and wipes them.
const (
	lockSuffix = ".lock" // held by whoever replaces the master key, or makes an epoch file
	nextSuffix = ".next" // the keyset that takes over
	wipeSuffix = ".wipe" // another name of the keyset that is wiped once it is replaced
	noteSuffix = ".note" // what [MasterRotation.Record] has not acknowledged yet
)

// A MasterChange says which master key took over from which, by the numbers that
// tink gives the keys. They are no secret.
type MasterChange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A MasterStatus says how the master key stands.
type MasterStatus struct {
	Key      string   `json:"key"`      // the key that seals, by its number
	Rotating bool     `json:"rotating"` // a replacement was begun and not ended: run it again
	Pending  []string `json:"pending"`  // epoch files not yet sealed under Key alone
}

// A MasterRotation is what [MasterFile.Rotate] works on.
type MasterRotation struct {
	// Epochs lists every epoch file that the master key seals. It is called
	// while no new one can be made.
	Epochs func() ([]string, error)

	// Record writes down for good that the old key is destroyed. It is called
	// again with the same change when a cut may have come between.
	Record func(context.Context, MasterChange) error

	// Progress counts epoch files; nil: nobody looks.
	Progress func(done, total int)
}

// Rotate replaces the master key: a new one becomes primary beside the old one,
// every epoch file is sealed anew, and the old key is destroyed: its file is
// overwritten before its name goes. The data keys stay as they are and nothing
// waits; every node that shares the files goes on meanwhile.
//
// A replacement that was cut short, at whatever point, is taken up where it
// stood; then that one is finished and no new one begun. It returns fault.Busy
// when another process is at it.
//
//  1. Remains of a cut are wiped.
//  2. keyset: {old} becomes {old, new primary}. Cut: both open everything.
//  3. epoch files: sealed anew, one at a time. Cut: likewise.
//  4. Every epoch file is opened with the new key alone; else nothing goes on.
//  5. A note of the change is written: the record is due.
//  6. keyset: {old, new} becomes {new}; the old file is overwritten. Cut before
//     the overwriting: step 1 of the next run does it.
//  7. The change is recorded; the note goes. Cut: it is recorded again.
//
// Whoever has an old copy of the keyset opens old copies of the epoch files
// still, and an epoch key leads to the later ones: when both may be in foreign
// hands, the data keys are too.
func (m *MasterFile) Rotate(ctx context.Context, r MasterRotation) (MasterChange, error) {
	lock := flock.New(m.path + lockSuffix)
	ok, err := lock.TryLock()
	if err != nil {
		return MasterChange{}, fmt.Errorf("seal master: lock: %w", err)
	}
	if !ok {
		return MasterChange{}, fault.New(fault.Busy, "%s: the master key is being replaced, or an epoch file made, right now; try again", m.path)
	}
	defer lock.Close()
	x := &replacing{m: m, job: r}
	for _, step := range x.steps() {
		if err := step(ctx); err != nil {
			return MasterChange{}, fmt.Errorf("seal master: %w", err)
		}
	}
	return x.change, nil
}

// Status says how the master key stands; files are the epoch files.
func (m *MasterFile) Status(ctx context.Context, files []string) (MasterStatus, error) {
	handle, err := m.handle()
	if err != nil {
		return MasterStatus{}, err
	}
	s := MasterStatus{Key: keyName(primaryOf(handle)), Rotating: handle.Len() > 1}
	if _, err := os.Stat(m.path + noteSuffix); err == nil {
		s.Rotating = true
	}
	only, err := alone(handle)
	if err != nil {
		return s, err
	}
	for _, f := range files {
		if !opens(ctx, f, m, only) {
			s.Pending = append(s.Pending, f)
		}
	}
	return s, nil
}

// replacing is one run of the steps.
type replacing struct {
	m      *MasterFile
	job    MasterRotation
	change MasterChange
	noted  bool // only the record is due
	files  []string
}

// steps returns what a replacement does, in the one right order. Each may be
// done again by a later run, whatever was done before.
func (x *replacing) steps() []func(context.Context) error {
	steps := []func(context.Context) error{x.tidy, x.begin}
	steps = append(steps, x.swap(x.both)...)
	steps = append(steps, x.reseal, x.check, x.note)
	steps = append(steps, x.swap(x.newest)...)
	return append(steps, x.record, x.forget)
}

// tidy wipes what a cut has left.
func (x *replacing) tidy(context.Context) error {
	if err := wipe(x.m.path + nextSuffix); err != nil {
		return err
	}
	return x.retire()
}

// begin finds out where things stand.
func (x *replacing) begin(context.Context) error {
	handle, err := x.m.handle()
	if err != nil {
		return err
	}
	if x.files, err = x.job.Epochs(); err != nil {
		return err
	}
	raw, err := os.ReadFile(x.m.path + noteSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// With two keys the note is of a run that was cut before its keyset took
	// over: it is written again.
	x.noted = handle.Len() == 1
	if err := json.Unmarshal(raw, &x.change); err != nil && x.noted {
		return fault.New(fault.Invalid, "%s: this note of a replaced master key is damaged; remove it and run it again", x.m.path+noteSuffix)
	}
	return nil
}

// both returns the keyset with a new primary key beside the old one, nil when it
// is so already.
func (x *replacing) both(handle *keyset.Handle) (*keyset.Handle, error) {
	if x.noted || handle.Len() > 1 {
		return nil, nil
	}
	m := keyset.NewManagerFromHandle(handle)
	added, err := m.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = m.SetPrimary(added)
	}
	if err != nil {
		return nil, err
	}
	return m.Handle()
}

// newest returns the keyset with the primary key alone.
func (x *replacing) newest(handle *keyset.Handle) (*keyset.Handle, error) {
	if x.noted {
		return nil, nil
	}
	return onlyPrimary(handle)
}

// swap returns the steps that put another keyset in the place of the present
// one, whole or not at all, and overwrite the one before.
func (x *replacing) swap(with func(*keyset.Handle) (*keyset.Handle, error)) []func(context.Context) error {
	path := x.m.path
	ready := false
	return []func(context.Context) error{
		func(context.Context) error {
			handle, err := x.m.handle()
			if err != nil {
				return err
			}
			next, err := with(handle)
			if err != nil || next == nil {
				return err
			}
			raw, err := clearKeyset(next)
			if err != nil {
				return err
			}
			defer clear(raw)
			ready = true
			return writeNew(path+nextSuffix, raw)
		},
		func(context.Context) error {
			if !ready {
				return nil
			}
			return os.Link(path, path+wipeSuffix)
		},
		func(context.Context) error {
			if !ready {
				return nil
			}
			if err := os.Rename(path+nextSuffix, path); err != nil {
				return err
			}
			return syncDirOf(path)
		},
		func(context.Context) error { return x.retire() },
	}
}

// retire overwrites the keyset that was replaced. Where it is still the keyset
// in use, only its second name goes.
func (x *replacing) retire() error {
	old, err := os.Lstat(x.m.path + wipeSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := os.Lstat(x.m.path)
	if err != nil {
		return err
	}
	if os.SameFile(old, now) {
		return os.Remove(x.m.path + wipeSuffix)
	}
	return wipe(x.m.path + wipeSuffix)
}

// reseal seals every epoch file anew.
func (x *replacing) reseal(ctx context.Context) error {
	if x.noted {
		return nil
	}
	for i, f := range x.files {
		if err := Reseal(ctx, f, x.m); err != nil {
			return err
		}
		if x.job.Progress != nil {
			x.job.Progress(i+1, len(x.files))
		}
	}
	return nil
}

// check refuses to go on while a file needs the old key: the next steps cannot
// be taken back.
func (x *replacing) check(ctx context.Context) error {
	if x.noted {
		return nil
	}
	handle, err := x.m.handle()
	if err != nil {
		return err
	}
	only, err := alone(handle)
	if err != nil {
		return err
	}
	for _, f := range x.files {
		if !opens(ctx, f, x.m, only) {
			return fmt.Errorf("%s is not sealed under the new master key; run it again", f)
		}
	}
	return nil
}

// note writes down which key takes over, before the old one is forgotten.
func (x *replacing) note(context.Context) error {
	if x.noted {
		return nil
	}
	handle, err := x.m.handle()
	if err != nil {
		return err
	}
	x.change = MasterChange{To: keyName(primaryOf(handle))}
	for _, k := range handle.KeysetInfo().GetKeyInfo() {
		if k.GetKeyId() != primaryOf(handle) {
			x.change.From = keyName(k.GetKeyId())
		}
	}
	raw, err := json.Marshal(x.change)
	if err != nil {
		return err
	}
	// A note of a run that was cut here says the same, or half of it.
	if err := os.Remove(x.m.path + noteSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return writeNew(x.m.path+noteSuffix, raw)
}

func (x *replacing) record(ctx context.Context) error { return x.job.Record(ctx, x.change) }

func (x *replacing) forget(context.Context) error {
	if err := os.Remove(x.m.path + noteSuffix); err != nil {
		return err
	}
	return syncDirOf(x.m.path)
}

// Reseal seals the epoch keys in the file path anew under what kms seals with
// now, such as the newest version of a key in a service. A cut leaves them
// sealed the old way or the new way, never neither.
func Reseal(ctx context.Context, path string, kms tink.AEAD) error {
	f := &epochFile{path: path, kms: kms}
	return f.locked(ctx, func(file db.File) error {
		keys, err := f.read(file)
		if err != nil {
			return err
		}
		defer forget(keys)
		for _, k := range keys {
			if err := f.replace(file, k); err != nil {
				return err
			}
		}
		return nil
	})
}

// replace writes one epoch over itself, by way of the third sector.
func (f *epochFile) replace(file db.File, k EpochKey) error {
	sector, err := f.encode(k)
	if err != nil {
		return err
	}
	for _, w := range []struct {
		at     int64
		sector []byte
	}{{spareAt, sector}, {k.Number % 2 * sectorSize, sector}, {spareAt, make([]byte, sectorSize)}} {
		if err := overwrite(file, w.at, w.sector); err != nil {
			return err
		}
	}
	return nil
}

// opens reports whether an epoch file opens as a whole with one key alone.
func opens(ctx context.Context, path string, m *MasterFile, only tink.AEAD) bool {
	all, err := (&epochFile{path: path, kms: m}).Read(ctx)
	if err != nil {
		return false
	}
	defer forget(all)
	some, err := (&epochFile{path: path, kms: only}).Read(ctx)
	defer forget(some)
	return err == nil && len(some) == len(all)
}

// alone returns the cipher of a keyset's primary key.
func alone(handle *keyset.Handle) (tink.AEAD, error) {
	only, err := onlyPrimary(handle)
	if err != nil {
		return nil, err
	}
	return aead.New(only)
}

// onlyPrimary returns a keyset of the primary key of another.
func onlyPrimary(handle *keyset.Handle) (*keyset.Handle, error) {
	m := keyset.NewManagerFromHandle(handle)
	for _, k := range handle.KeysetInfo().GetKeyInfo() {
		if k.GetKeyId() == primaryOf(handle) {
			continue
		}
		if err := m.Delete(k.GetKeyId()); err != nil {
			return nil, err
		}
	}
	return m.Handle()
}

func primaryOf(handle *keyset.Handle) uint32 { return handle.KeysetInfo().GetPrimaryKeyId() }

func keyName(id uint32) string { return strconv.FormatUint(uint64(id), 16) }
