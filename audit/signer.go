package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/avow-dev/avow/fault"
)

// A signer is a key that signs checkpoints.
type signer struct {
	note.Signer
	private string // PRIVATE+KEY+name+hash+key, as it stands in the file
	public  string // name+hash+key: the verifier key
}

// newSigner makes a key for the log.
func newSigner(origin string) (*signer, error) {
	private, _, err := note.GenerateKey(nil, origin)
	if err != nil {
		return nil, fmt.Errorf("audit signer: %w", err)
	}
	return parseSigner(private, origin)
}

func parseSigner(private, origin string) (*signer, error) {
	s, err := note.NewSigner(private)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the log key file holds no key of the form PRIVATE+KEY+name+hash+key")
	}
	if s.Name() != origin {
		return nil, fault.New(fault.Invalid, "the log key is of the log %q, this is %q: each platform has a key of its own", s.Name(), origin)
	}
	parts := strings.SplitN(private, "+", 5) // PRIVATE, KEY, name, hash, key
	key, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return nil, fault.New(fault.Invalid, "the log key file holds no Ed25519 key")
	}
	pub := ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey)
	public, err := note.NewEd25519VerifierKey(origin, pub)
	if err != nil {
		return nil, fmt.Errorf("audit signer: %w", err)
	}
	return &signer{s, private, public}, nil
}

// A vouch is an earlier key's signature for the one that followed it. The signer
// file keeps them all, because a store restored from before a rotation names a key
// that is no more.
type vouch struct {
	old, next string // verifier keys
	sig       []byte // of old over the announcement of next
}

// A signerFile is what the signer file holds: the key that signs, during a
// rotation the one that will, and how each key came to follow the one before.
//
//	PRIVATE+KEY+avow/shop+…
//	vouched avow/shop+… avow/shop+… base64
type signerFile struct {
	keys    []*signer
	vouches []vouch
}

// readSigners reads a signer file; there are no keys when there is no file.
func readSigners(file, origin string) (f signerFile, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("audit signer: %w", err)
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
		return f, fault.New(fault.Invalid, "others may read the log key: chmod 600 %s", file)
	}
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == "vouched" && len(words) == 4 {
			sig, err := base64.StdEncoding.DecodeString(words[3])
			if err != nil {
				return f, fault.Wrap(fault.Invalid, err, "the log key file %s is damaged", file)
			}
			f.vouches = append(f.vouches, vouch{words[1], words[2], sig})
			continue
		}
		s, err := parseSigner(words[0], origin)
		if err != nil {
			return f, err
		}
		f.keys = append(f.keys, s)
	}
	if len(f.keys) == 0 || len(f.keys) > 2 {
		return f, fault.New(fault.Invalid, "the log key file %s must hold one key, or two during a rotation", file)
	}
	return f, nil
}

// path returns the vouches that lead from one key to another.
func (f signerFile) path(from, to string) (list []vouch, ok bool) {
	for range f.vouches {
		if from == to {
			break
		}
		for _, v := range f.vouches {
			if v.old == from {
				list, from = append(list, v), v.next
				break
			}
		}
	}
	return list, from == to
}

// write replaces the file, durably. A crash leaves the old file or the new one.
// With fresh, an existing file is left as it is and is an error.
func (f signerFile) write(file string, fresh bool) error {
	var text strings.Builder
	for _, s := range f.keys {
		text.WriteString(s.private + "\n")
	}
	for _, v := range f.vouches {
		fmt.Fprintf(&text, "vouched %s %s %s\n", v.old, v.next, base64.StdEncoding.EncodeToString(v.sig))
	}
	if err := writeDurably(file, text.String(), fresh); err != nil {
		return fmt.Errorf("audit signer: %w", err)
	}
	return nil
}

func writeDurably(file, text string, fresh bool) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".signer-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if _, err := tmp.WriteString(text); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	move := os.Rename
	if fresh {
		move = os.Link
	}
	if err := move(tmp.Name(), file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// announcement is what an earlier key signs to vouch for a later one.
func announcement(origin, key string) []byte {
	return []byte("avow log key\n" + origin + "\n" + key + "\n")
}

// keyring collects the keys that the entries of a log announce.
type keyring struct {
	origin string
	known  []note.Verifier
	keys   []string
}

// add takes the key that an entry LogKeyAdded announces. The first key vouches
// for itself; each later one needs the signature of an earlier one.
func (k *keyring) add(fields Fields) error {
	key := fields.Text(TagLogKey)
	v, err := note.NewVerifier(key)
	if err != nil || v.Name() != k.origin {
		return fault.New(fault.Invalid, "it announces no key of this log")
	}
	if contains(k.known, v) {
		return nil
	}
	if len(k.known) > 0 {
		f, _ := fields.Get(TagSignature)
		vouched := false
		for _, o := range k.known {
			vouched = vouched || o.Verify(announcement(k.origin, key), f.Bytes())
		}
		if !vouched {
			return fault.New(fault.Invalid, "it announces a key for which no earlier key vouches")
		}
	}
	k.known, k.keys = append(k.known, v), append(k.keys, key)
	return nil
}
