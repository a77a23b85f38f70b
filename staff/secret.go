package staff

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/avow-dev/avow/fault"
)

const secretLen = 32

// secrets are what is derived from the secret file.
type secrets struct {
	otp   cipher.AEAD
	proof []byte // tells whether the file belongs to the store; says nothing about it
}

func newSecrets(root []byte) (*secrets, error) {
	key, err := hkdf.Key(sha256.New, root, nil, "avow staff otp 1", 32)
	if err != nil {
		return nil, err
	}
	proof, err := hkdf.Key(sha256.New, root, nil, "avow staff proof 1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return &secrets{gcm, proof}, err
}

func (s *secrets) seal(id ID, plain string) []byte {
	return s.otp.Seal(nil, nil, []byte(plain), []byte(id))
}

func (s *secrets) open(id ID, sealed []byte) (string, error) {
	plain, err := s.otp.Open(nil, nil, sealed, []byte(id))
	return string(plain), err
}

// readSecret reads the secret file, and makes it (mode 0600) where there is none
// and there may be a new one.
func readSecret(path string, mayMake bool) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayMake {
			return nil, fault.New(fault.Invalid, "%s: the secret file of the staff store is missing, and without it no authenticator works; put it back from its copy", path)
		}
		if err := makeSecret(path); err != nil {
			return nil, fmt.Errorf("staff secret: %w", err)
		}
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("staff secret: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("staff secret: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fault.New(fault.Invalid, "%s: others than its owner may use this secret file (mode %04o); run chmod 600 on it", path, mode)
	}
	root, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(root) != secretLen {
		return nil, fault.New(fault.Invalid, "%s: this is not a secret file of the staff store; put it back from its copy", path)
	}
	return root, nil
}

// makeSecret makes the file, whole or not at all. When another process was
// first, its file stands.
func makeSecret(path string) error {
	root := make([]byte, secretLen)
	rand.Read(root)
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(root) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
