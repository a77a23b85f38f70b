package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/internal/seal"
)

// A KeyID names an API key: key_ and 26 characters. It is no secret.
type KeyID string

// A Key is leave for a program to use the API of one platform.
type Key struct {
	ID       KeyID
	Platform string
	Label    string   // what it is for, in the words of who made it
	Scopes   []string // sorted
	Made     time.Time
	By       ID        // "" for the command line
	Expires  time.Time // zero: never
	LastUsed time.Time // the UTC day; zero: never
	Revoked  time.Time // zero: not
}

// May reports whether the key has a scope.
func (k Key) May(scope string) bool { return slices.Contains(k.Scopes, scope) }

// NewKey is a key to be made.
type NewKey struct {
	Platform string
	Label    string
	Scopes   []string
	Expires  time.Time // zero: never
	By       ID
}

const (
	tokenPrefix = "avow_"
	secretBytes = 32
	maxLabel    = 200
	dayMicros   = 24 * 60 * 60 * 1_000_000

	insertKey = `INSERT INTO api_key (id, digest, platform, label, scopes, made, made_by, expires, used, revoked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)`
	selectKey = `SELECT id, digest, platform, label, scopes, made, made_by, expires, used, revoked FROM api_key WHERE id = $1`
	pageKeys  = `SELECT id, digest, platform, label, scopes, made, made_by, expires, used, revoked FROM api_key
		WHERE platform = $1 ORDER BY made, id`
	revokeKey = `UPDATE api_key SET revoked = $2 WHERE id = $1 AND revoked IS NULL`
	useKey    = `UPDATE api_key SET used = $2 WHERE id = $1 AND (used IS NULL OR used < $2)`
)

var isScope = regexp.MustCompile(`^[a-z][a-z-]*(:[a-z][a-z-]*)?$`)

// errKey is the one answer for every key that is not good.
var errKey = fault.New(fault.Denied, "this API key is not valid here; make one with `avow apikey create`, or look whether it has expired or was revoked")

// CreateKey makes a key. The token is returned once and stored nowhere: only its
// SHA-256 is.
func (d *Directory) CreateKey(ctx context.Context, n NewKey) (Key, seal.Personal, error) {
	k := Key{ID: KeyID(id.Random("key")), Platform: n.Platform, Label: strings.TrimSpace(n.Label), Expires: n.Expires, By: n.By}
	k.Scopes = slices.Clone(n.Scopes)
	slices.Sort(k.Scopes)
	k.Scopes = slices.Compact(k.Scopes)
	if err := k.check(d.db.Now()); err != nil {
		return Key{}, seal.Personal{}, err
	}
	b := make([]byte, secretBytes)
	rand.Read(b)
	secret := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	digest := keyDigest(secret)
	err := d.db.Tx(ctx, func(tx *db.Tx) error {
		k.Made = tx.Now()
		_, err := tx.Exec(ctx, insertKey, string(k.ID), digest, k.Platform, k.Label, strings.Join(k.Scopes, " "),
			k.Made.UnixMicro(), string(k.By), toMicros(k.Expires))
		return err
	})
	if err != nil {
		return Key{}, seal.Personal{}, fmt.Errorf("staff key: %w", err)
	}
	return k, seal.NewPersonal(tokenPrefix + strings.TrimPrefix(string(k.ID), "key_") + "_" + secret), nil
}

func (k Key) check(now time.Time) error {
	switch {
	case !isName.MatchString(k.Platform):
		return fault.New(fault.Invalid, "an API key is of one platform: name it")
	case k.Label == "" || len(k.Label) > maxLabel:
		return fault.New(fault.Invalid, "an API key has a label of 1 to %d bytes that says what it is for", maxLabel)
	case len(k.Scopes) == 0:
		return fault.New(fault.Invalid, "an API key without a scope may do nothing: name at least one")
	case !k.Expires.IsZero() && !k.Expires.After(now):
		return fault.New(fault.Invalid, "the API key would have expired already: give a later time")
	}
	for _, s := range k.Scopes {
		if !isScope.MatchString(s) {
			return fault.New(fault.Invalid, "scope %q: write it in lower-case letters, like subjects:read", s)
		}
	}
	return nil
}

func keyDigest(secret string) []byte {
	sum := sha256.Sum256([]byte("avow api key 1 " + secret))
	return sum[:]
}

// RevokeKey ends a key at once. To revoke it again changes nothing.
func (d *Directory) RevokeKey(ctx context.Context, k KeyID) error {
	err := d.db.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, revokeKey, string(k), tx.Now().UnixMicro())
		if err != nil || n > 0 {
			return err
		}
		if _, _, err = scanKey(tx.Row(ctx, selectKey, string(k))); db.None(err) {
			return fault.New(fault.NotFound, "there is no API key %q; list the keys of the platform", string(k))
		}
		return err
	})
	d.keys.drop(k)
	if err != nil {
		return fmt.Errorf("staff key: %w", err)
	}
	return nil
}

// Keys returns the keys of a platform, revoked and expired ones too, oldest first.
func (d *Directory) Keys(ctx context.Context, platform string) (out []Key, err error) {
	err = d.db.Read(ctx, func(r *db.Snapshot) error {
		out, err = db.List(ctx, r, "staff keys", func(row db.Scanner) (Key, error) {
			k, _, err := scanKey(row)
			return k, err
		}, pageKeys, platform)
		return err
	})
	return out, err
}

// CheckKey returns the key of a token that is good on this platform now. Every
// other token is fault.Denied with one message: unknown, wrong, of another
// platform (I-8), expired or revoked. The first use of a day is noted.
//
// Once [Directory.RevokeKey] has returned, no token of the key is good in this
// process; on other nodes that share the database, none is [KeyLife] later. A key
// expires everywhere at its time.
func (d *Directory) CheckKey(ctx context.Context, platform string, token seal.Personal) (Key, error) {
	name, secret, ok := readToken(token.Reveal())
	if !ok {
		return Key{}, errKey
	}
	now := d.db.Now()
	k, digest, err := d.key(ctx, KeyID("key_"+name), now)
	if err != nil && !db.None(err) {
		return Key{}, fmt.Errorf("staff key: %w", err)
	}
	if subtle.ConstantTimeCompare(digest, keyDigest(secret)) != 1 || k.Platform != platform ||
		!k.Revoked.IsZero() || !k.Expires.IsZero() && !now.Before(k.Expires) {
		return Key{}, errKey
	}
	if today := now.Truncate(24 * time.Hour); k.LastUsed.Before(today) {
		if err := d.exec(ctx, useKey, string(k.ID), now.UnixMicro()/dayMicros); err != nil {
			return Key{}, fmt.Errorf("staff key: %w", err)
		}
		d.keys.drop(k.ID)
		k.LastUsed = today
	}
	return k, nil
}

// readToken takes a token apart: avow_, 26 letters or digits that name the key,
// _, and 52 of base 32.
func readToken(s string) (name, secret string, ok bool) {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	s, ok = strings.CutPrefix(s, tokenPrefix)
	name, secret, _ = strings.Cut(s, "_")
	return name, secret, ok && len(name) == 26 && strings.Trim(name, letters+"0123456789") == "" &&
		len(secret) == 52 && strings.Trim(secret, letters+"234567") == ""
}

// key returns a key on record, read at most [KeyLife] ago.
func (d *Directory) key(ctx context.Context, id KeyID, now time.Time) (k Key, digest []byte, err error) {
	k, digest, mark := d.keys.get(id, now)
	if digest != nil {
		return k, digest, nil
	}
	err = d.db.Look(ctx, func(r *db.Snapshot) (err error) {
		k, digest, err = scanKey(r.Row(ctx, selectKey, string(id)))
		return err
	})
	if err == nil {
		d.keys.put(k, digest, now, mark)
	}
	return k, digest, err
}

func scanKey(row db.Scanner) (k Key, digest []byte, err error) {
	var scopes string
	var made int64
	var expires, used, revoked *int64
	err = row.Scan(&k.ID, &digest, &k.Platform, &k.Label, &scopes, &made, &k.By, &expires, &used, &revoked)
	k.Scopes = strings.Fields(scopes)
	k.Made, k.Expires, k.Revoked = fromMicros(&made), fromMicros(expires), fromMicros(revoked)
	if used != nil {
		k.LastUsed = time.UnixMicro(*used * dayMicros).UTC()
	}
	return k, digest, err
}
