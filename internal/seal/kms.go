package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/avow-dev/avow/fault"
)

// A MasterFile is the master key in a file: a tink keyset (AES-256-GCM) in
// clear, mode 0600, which seals the epoch files. It implements tink.AEAD. The
// file is read anew for every call, so that a key that another process has put
// in its place ([MasterFile.Rotate]) is the one used.
type MasterFile struct{ path string }

// FileKMS returns the AEAD that seals the epoch file when no key management
// service is at hand: the keyset in the file path, which is made on first use.
// Whoever reads both this file and the epoch file reads every key, so keep them
// with different owners, or put a service behind tink.AEAD in place of this
// function.
//
// It returns fault.Invalid when the file is readable by others than its owner
// or holds no keyset.
func FileKMS(path string) (*MasterFile, error) {
	m := &MasterFile{path: path}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = makeKeyset(path)
	}
	if err != nil {
		return nil, fmt.Errorf("seal file kms: %w", err)
	}
	if _, err := m.aead(); err != nil {
		return nil, err
	}
	return m, nil
}

// Encrypt seals plain under the keyset's primary key.
func (m *MasterFile) Encrypt(plain, associated []byte) ([]byte, error) {
	a, err := m.aead()
	if err != nil {
		return nil, err
	}
	return a.Encrypt(plain, associated)
}

// Decrypt opens what any key of the keyset sealed.
func (m *MasterFile) Decrypt(sealed, associated []byte) ([]byte, error) {
	a, err := m.aead()
	if err != nil {
		return nil, err
	}
	return a.Decrypt(sealed, associated)
}

func (m *MasterFile) aead() (tink.AEAD, error) {
	handle, err := m.handle()
	if err != nil {
		return nil, err
	}
	a, err := aead.New(handle)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: this tink keyset is not for an AEAD; put the right keyset file back", m.path)
	}
	return a, nil
}

// handle reads the keyset.
func (m *MasterFile) handle() (*keyset.Handle, error) {
	raw, err := os.ReadFile(m.path)
	if err != nil {
		return nil, fmt.Errorf("seal file kms: %w", err)
	}
	defer clear(raw)
	if err := ownerOnly(m.path); err != nil {
		return nil, err
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: this is not a tink keyset; put the keyset file back from its copy (without it the epoch file cannot be opened)", m.path)
	}
	return handle, nil
}

// makeKeyset makes a new keyset file. When another process was first, its file
// stands.
func makeKeyset(path string) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return err
	}
	raw, err := clearKeyset(handle)
	if err != nil {
		return err
	}
	defer clear(raw)
	if err := createDurably(path, raw); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// clearKeyset returns a keyset as its file holds it; clear it after use.
func clearKeyset(handle *keyset.Handle) ([]byte, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&b)); err != nil {
		return nil, fmt.Errorf("seal file kms: %w", err)
	}
	return b.Bytes(), nil
}

// ownerOnly refuses a secret file that others than its owner may read or write.
func ownerOnly(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("seal stat: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fault.New(fault.Invalid, "%s: others than its owner may use this secret file (mode %04o); run chmod 600 on it", path, mode)
	}
	return nil
}

// createDurably makes a file of mode 0600 with these contents, whole or not at
// all, and never replaces one: fs.ErrExist when there is one already.
func createDurably(path string, contents []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(contents)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Link(tmp.Name(), path)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
