package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/session"
)

// The kinds of sign-in.
const (
	Person = "person" // whose data it is
	Staff  = "staff"  // of the controller
)

// A Session is a sign-in.
type Session struct {
	Kind     string    `json:"k"`
	Platform string    `json:"p"` // "" for staff of the whole server
	Who      string    `json:"w"` // subject id or staff id; never shown, logged or put into an address
	Since    time.Time `json:"s"`
	Until    time.Time `json:"u"`

	Token session.Token `json:"t"` // what the store knows it by
}

// cookies seals sign-ins into cookies and opens them again.
type cookies struct {
	secure bool
	store  *session.Store
	aead   cipher.AEAD
	owners []byte // key of the owners' digests
}

func newCookies(secret []byte, secure bool, s *session.Store) (*cookies, error) {
	if len(secret) < 32 {
		return nil, fault.New(fault.Invalid, "cookies are sealed with a secret of at least 32 bytes")
	}
	c := &cookies{secure: secure, store: s}
	key, err := hkdf.Key(sha256.New, secret, nil, "avow web cookie 1", 32)
	if err != nil {
		return nil, err
	}
	if c.owners, err = hkdf.Key(sha256.New, secret, nil, "avow web owner 1", 32); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	c.aead, err = cipher.NewGCM(block)
	return c, err
}

// name returns the name of a cookie. The platform stands in it as a hash, so
// that platforms on one host do not overwrite each other's.
func (c *cookies) name(kind, platform string) string {
	name := "avow-" + kind
	if platform != "" {
		sum := sha256.Sum256([]byte(platform))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	if c.secure {
		return "__Host-" + name
	}
	return name
}

// owner is what the store knows of whose sign-in it is.
func (c *cookies) owner(kind, platform, who string) []byte {
	m := hmac.New(sha256.New, c.owners)
	fmt.Fprintf(m, "%s\x00%s\x00%s", kind, platform, who)
	return m.Sum(nil)
}

// Seal seals a small text that travels through a browser, such as the state of a
// form with several steps. about says what it is, and it opens for nothing else.
func (f *Frame) Seal(about string, plain []byte) string { return f.cookies.seal(about, plain) }

// Unseal opens what [Frame.Seal] gave for the same thing.
func (f *Frame) Unseal(about, sealed string) ([]byte, bool) { return f.cookies.open(about, sealed) }

func (c *cookies) seal(about string, plain []byte) string {
	nonce := make([]byte, c.aead.NonceSize(), c.aead.NonceSize()+len(plain)+c.aead.Overhead())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nonce, nonce, plain, []byte(about)))
}

func (c *cookies) open(about, sealed string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(b) < c.aead.NonceSize() {
		return nil, false
	}
	n := c.aead.NonceSize()
	plain, err := c.aead.Open(nil, b[:n], b[n:], []byte(about))
	return plain, err == nil
}

// SignIn signs somebody in on a platform for a time.
func (f *Frame) SignIn(w http.ResponseWriter, r *http.Request, kind, platform, who string, life time.Duration) error {
	c := f.cookies
	if old, ok := f.Session(r, kind, platform); ok { // one browser has one: a stolen cookie ends with the next sign-in
		if err := c.store.End(r.Context(), old.Token); err != nil {
			return err
		}
	}
	t, until, err := c.store.Begin(r.Context(), c.owner(kind, platform, who), life)
	if err != nil {
		return err
	}
	b, err := json.Marshal(Session{Kind: kind, Platform: platform, Who: who, Since: c.store.Now(), Until: until, Token: t})
	if err != nil {
		return err
	}
	name := c.name(kind, platform)
	http.SetCookie(w, f.cookie(name, c.seal("session "+name, b), int(life.Seconds())))
	return nil
}

func (f *Frame) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		Secure: f.config.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Session returns the sign-in of a request on a platform, if it is good. A store
// that cannot be read signs nobody in.
func (f *Frame) Session(r *http.Request, kind, platform string) (Session, bool) {
	c := f.cookies
	name := c.name(kind, platform)
	cookie, err := r.Cookie(name)
	if err != nil {
		return Session{}, false
	}
	b, ok := c.open("session "+name, cookie.Value)
	if !ok {
		return Session{}, false
	}
	var s Session
	if json.Unmarshal(b, &s) != nil || s.Kind != kind || s.Platform != platform {
		return Session{}, false
	}
	good, err := c.store.Good(r.Context(), s.Token, c.owner(kind, platform, s.Who))
	if err != nil {
		f.log.ErrorContext(r.Context(), "a sign-in cannot be looked up", "request", RequestID(r.Context()), "error", err)
	}
	return s, good
}

// SignOut ends the sign-in of a request, at once and for good.
func (f *Frame) SignOut(w http.ResponseWriter, r *http.Request, kind, platform string) error {
	s, ok := f.Session(r, kind, platform)
	http.SetCookie(w, f.cookie(f.cookies.name(kind, platform), "", -1))
	if !ok {
		return nil
	}
	return f.cookies.store.End(r.Context(), s.Token)
}

// EndSessions ends every sign-in of somebody on a platform: their account was
// erased, or they are no longer of the staff.
func (f *Frame) EndSessions(ctx context.Context, kind, platform, who string) error {
	return f.cookies.store.EndAll(ctx, f.cookies.owner(kind, platform, who))
}
