package seal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/gofrs/flock"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// An EpochKey is the key that wraps all data keys during one epoch. It prints
// as its number.
type EpochKey struct {
	Number int64  // 1, 2, 3, …
	Key    []byte // 32 bytes; whoever reads one clears it after use
}

// String returns the number of the epoch, never the key.
func (k EpochKey) String() string { return fmt.Sprintf("epoch %d", k.Number) }

// GoString returns the number of the epoch, never the key.
func (k EpochKey) GoString() string { return k.String() }

// An EpochStore keeps the epoch keys: one between rotations, two during one.
// It is outside every database, and it forgets: what was erased cannot be had
// from it again. [OpenEpochFile] is the default; a service that can destroy a
// key version for good is another.
type EpochStore interface {
	// Name says where the keys are, for messages.
	Name() string
	// Read returns the epochs held, in ascending order; none when the store is new.
	Read(ctx context.Context) ([]EpochKey, error)
	// Write adds the first epoch to an empty store, or the epoch after the
	// newest one; durable on return. To write what is already there changes
	// nothing; any other epoch is refused with fault.Conflict, so that a node
	// that fell asleep cannot bring an erased epoch back.
	Write(ctx context.Context, k EpochKey) error
	// Erase destroys every epoch up to and including this number, durably, and
	// none after it. The newest is never destroyed: that is fault.Conflict.
	Erase(ctx context.Context, number int64) error
}

// The epoch file is two sectors; epoch e lives in sector e mod 2. A sector is
//
//	magic (8) | epoch (8, big endian) | length (4) | sealed key | zeros | SHA-256 of all before (32)
//
// and all zeros when its epoch is erased. A sector that is neither was being
// written when the power went: the other one holds.
//
// A third sector is zeros but while an epoch is sealed anew under another master
// key ([Reseal]): it then holds the sector to be written over, so that a cut
// leaves the epoch in one of the two. Whoever opens the file next puts it in its
// place and clears the third.
const (
	sectorSize  = 4096
	fileSize    = 3 * sectorSize
	spareAt     = 2 * sectorSize
	sectorMagic = "avow/ep1"
	sectorHead  = len(sectorMagic) + 8 + 4
	sectorSum   = sectorSize - sha256.Size
	epochKeyLen = 32
)

type epochFile struct {
	layer string // see db.OpenFile
	path  string
	kms   tink.AEAD
}

// OpenEpochFile returns the epoch store in the file path (mode 0600,
// checksummed sectors of 4 KiB, overwritten in place and synced), whose contents
// are sealed by kms. The file is made by the first write, not here.
//
// A copy of this file is a copy of every key of its epoch. Never put it into an
// archive; a copy kept against loss must be replaced after each rotation, and
// silence (see [Keyring.SilentFrom]) holds only once it was.
func OpenEpochFile(path string, kms tink.AEAD) (EpochStore, error) {
	return OpenEpochFileOn("", path, kms)
}

// OpenEpochFileOn is [OpenEpochFile] on a registered file layer of SQLite, for
// tests that fail the disk. The file is made on the disk of the machine.
func OpenEpochFileOn(layer, path string, kms tink.AEAD) (EpochStore, error) {
	if path == "" || kms == nil {
		return nil, fault.New(fault.Invalid, "the epoch file needs a path and a key service; set both in the configuration")
	}
	f := &epochFile{layer: layer, path: path, kms: kms}
	if _, err := f.Read(context.Background()); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *epochFile) Name() string { return f.path }

func (f *epochFile) Read(ctx context.Context) ([]EpochKey, error) {
	var keys []EpochKey
	err := f.locked(ctx, func(file db.File) (err error) {
		keys, err = f.read(file)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return keys, err
}

func (f *epochFile) Write(ctx context.Context, k EpochKey) error {
	if k.Number < 1 || len(k.Key) != epochKeyLen {
		return fmt.Errorf("seal epoch file: epoch %d with %d bytes", k.Number, len(k.Key))
	}
	if k.Number == 1 {
		err := f.create(ctx, k)
		if err == nil || !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return f.locked(ctx, func(file db.File) error {
		have, err := f.read(file)
		if err != nil {
			return err
		}
		defer forget(have)
		for _, h := range have {
			if h.Number == k.Number && subtle.ConstantTimeCompare(h.Key, k.Key) == 1 {
				return nil
			}
		}
		if newest := have[len(have)-1].Number; k.Number != newest+1 {
			return fault.New(fault.Conflict, "%s: holds epoch %d, so epoch %d cannot be written; another node has moved on", f.path, newest, k.Number)
		}
		// Sealed under the lock: a master key that takes over now seals it anew.
		sector, err := f.encode(k)
		if err != nil {
			return err
		}
		return overwrite(file, k.Number%2*sectorSize, sector)
	})
}

// create makes the file with its first epoch. No master key is replaced
// meanwhile: the file would not be among those that are sealed anew.
func (f *epochFile) create(ctx context.Context, k EpochKey) error {
	if m, ok := f.kms.(*MasterFile); ok {
		lock := flock.New(m.path + lockSuffix)
		if ok, err := lock.TryLockContext(ctx, lockPoll); err != nil || !ok {
			return fmt.Errorf("seal epoch file: lock: %w", err)
		}
		defer lock.Close()
	}
	sector, err := f.encode(k)
	if err != nil {
		return err
	}
	contents := make([]byte, fileSize)
	copy(contents[sectorSize:], sector)
	return createDurably(f.path, contents)
}

func (f *epochFile) Erase(ctx context.Context, number int64) error {
	return f.locked(ctx, func(file db.File) error {
		have, err := f.read(file)
		if err != nil {
			return err
		}
		defer forget(have)
		newest := have[len(have)-1].Number
		if number >= newest {
			return fault.New(fault.Conflict, "%s: epoch %d is the newest and stays", f.path, newest)
		}
		if len(have) == 2 && have[0].Number > number {
			return nil // erased long ago: this sector belongs to a later epoch
		}
		// The sector that is not the newest's: the epoch, or the rest of an
		// overwriting that was cut short.
		return overwrite(file, (newest+1)%2*sectorSize, make([]byte, sectorSize))
	})
}

// locked runs fn on the open file while no other process or keyring writes it.
func (f *epochFile) locked(ctx context.Context, fn func(db.File) error) error {
	if err := ownerOnly(f.path); err != nil {
		return err
	}
	file, err := db.OpenFile(f.layer, f.path)
	if err != nil {
		return fmt.Errorf("seal epoch file: %w", err)
	}
	defer file.Close()
	lock := flock.New(f.path, flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLockContext(ctx, lockPoll)
	if err != nil || !ok {
		return fmt.Errorf("seal epoch file: lock: %w", err)
	}
	defer lock.Close()
	if err := f.settle(file); err != nil {
		return err
	}
	return fn(file)
}

// settle ends a [Reseal] that was cut short. The third sector is clear whenever
// anything else is done to the file, so it never brings an erased epoch back.
func (f *epochFile) settle(file db.File) error {
	var all [fileSize]byte
	n, err := file.ReadAt(all[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("seal epoch file: %w", err)
	}
	spare := all[spareAt:]
	if n != fileSize || *(*[sectorSize]byte)(spare) == ([sectorSize]byte{}) {
		return nil
	}
	if number, _, ok := decode(spare); ok {
		at := number % 2 * sectorSize
		if _, _, whole := decode(all[at : at+sectorSize]); !whole {
			if err := overwrite(file, at, spare); err != nil {
				return err
			}
		}
	}
	return overwrite(file, spareAt, make([]byte, sectorSize))
}

// read returns the epochs of an existing file: one or two.
func (f *epochFile) read(file db.File) ([]EpochKey, error) {
	all := make([]byte, fileSize+1)
	n, err := file.ReadAt(all, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("seal epoch file: %w", err)
	}
	if n != fileSize {
		return nil, fault.New(fault.Invalid, "%s: this is not an epoch file (it is not %d bytes long); put the right file back", f.path, fileSize)
	}
	var keys []EpochKey
	for i := range 2 {
		sector := all[i*sectorSize : (i+1)*sectorSize]
		number, sealed, ok := decode(sector)
		if !ok || number%2 != int64(i) {
			continue // erased, or cut short
		}
		key, err := f.kms.Decrypt(sealed, sectorAAD(number))
		if err != nil || len(key) != epochKeyLen {
			forget(keys)
			return nil, fault.Wrap(fault.Invalid, err, "%s: the key service cannot open this epoch file; use the key service (or keyset file) it was made with", f.path)
		}
		keys = append(keys, EpochKey{Number: number, Key: key})
	}
	switch {
	case len(keys) == 0:
		return nil, fault.New(fault.Invalid, "%s: the epoch file is damaged: neither of its two sectors is whole; put its current copy back", f.path)
	case len(keys) == 2 && keys[0].Number > keys[1].Number:
		keys[0], keys[1] = keys[1], keys[0]
	}
	if len(keys) == 2 && keys[1].Number != keys[0].Number+1 {
		forget(keys)
		return nil, fault.New(fault.Invalid, "%s: the epoch file is damaged: its two epochs do not follow each other; put its current copy back", f.path)
	}
	return keys, nil
}

func (f *epochFile) encode(k EpochKey) ([]byte, error) {
	sealed, err := f.kms.Encrypt(k.Key, sectorAAD(k.Number))
	if err != nil {
		return nil, fmt.Errorf("seal epoch file: key service: %w", err)
	}
	if len(sealed) > sectorSum-sectorHead {
		return nil, fmt.Errorf("seal epoch file: the key service returned %d bytes, room for %d", len(sealed), sectorSum-sectorHead)
	}
	sector := make([]byte, sectorSize)
	at := copy(sector, sectorMagic)
	binary.BigEndian.PutUint64(sector[at:], uint64(k.Number))
	binary.BigEndian.PutUint32(sector[at+8:], uint32(len(sealed)))
	copy(sector[sectorHead:], sealed)
	sum := sha256.Sum256(sector[:sectorSum])
	copy(sector[sectorSum:], sum[:])
	return sector, nil
}

// decode returns what a whole sector holds. It reports false for one that is
// erased or damaged.
func decode(sector []byte) (number int64, sealed []byte, ok bool) {
	if len(sector) != sectorSize {
		return 0, nil, false
	}
	sum := sha256.Sum256(sector[:sectorSum])
	if !bytes.HasPrefix(sector, []byte(sectorMagic)) || !bytes.Equal(sum[:], sector[sectorSum:]) {
		return 0, nil, false
	}
	number = int64(binary.BigEndian.Uint64(sector[len(sectorMagic):]))
	n := binary.BigEndian.Uint32(sector[len(sectorMagic)+8:])
	if number < 1 || n > uint32(sectorSum-sectorHead) {
		return 0, nil, false
	}
	return number, sector[sectorHead : sectorHead+int(n)], true
}

// overwrite puts a sector in its place and syncs.
func overwrite(file db.File, at int64, sector []byte) error {
	if _, err := file.WriteAt(sector, at); err != nil {
		return fmt.Errorf("seal epoch file: %w", err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("seal epoch file: sync: %w", err)
	}
	return nil
}

func sectorAAD(number int64) []byte { return fmt.Appendf(nil, "avow epoch file 1\x00%d", number) }

// forget clears keys that are no longer needed.
func forget(keys []EpochKey) {
	for _, k := range keys {
		clear(k.Key)
	}
}
