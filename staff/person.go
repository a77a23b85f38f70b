package staff

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

// An ID names a person of the staff: stf_ and 26 characters, random.
type ID string

const (
	// Admin is the role that looks after a platform or, of Everywhere, the server.
	Admin = "admin"
	// Everywhere stands for every platform, those to come among them. Only
	// admins have it.
	Everywhere = "*"
)

// A Role is what a person may do on one platform.
type Role struct {
	Platform string // or Everywhere
	Name     string // a role of the platform's policy, or Admin
}

// A Person is one of the staff.
type Person struct {
	ID          ID
	Login, Name seal.Personal
	Roles       []Role // by platform and name
	Disabled    bool
	Made        time.Time
	Changed     time.Time // password or authenticator: sign-ins from before are over
	LastSignIn  time.Time // zero: never
	LockedUntil time.Time // zero or past: not locked
	Codes       int       // recovery codes left
}

// Has reports whether the person has a role on a platform. The admin of
// Everywhere is admin of each.
func (p Person) Has(platform, role string) bool {
	return slices.Contains(p.Roles, Role{platform, role}) ||
		role == Admin && slices.Contains(p.Roles, Role{Everywhere, Admin})
}

const (
	maxLogin    = 128 // bytes
	maxName     = 200 // bytes
	minPassword = 12  // characters
	maxPassword = 1024
)

var isName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// normalLogin returns the form in which a login is stored and compared.
func normalLogin(p seal.Personal) (string, error) {
	s := strings.ToLower(norm.NFKC.String(strings.TrimSpace(p.Reveal())))
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if s == "" || len(s) > maxLogin || strings.ContainsFunc(s, bad) {
		return "", fault.New(fault.Invalid, "a login is 1 to %d bytes of letters, digits and signs, without spaces", maxLogin)
	}
	return s, nil
}

func checkName(p seal.Personal) (string, error) {
	s := norm.NFC.String(strings.TrimSpace(p.Reveal()))
	if s == "" || len(s) > maxName || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "a name is 1 to %d bytes on one line", maxName)
	}
	return s, nil
}

// normalPassword returns a password as it is hashed, so that it can be typed on
// any keyboard (NIST SP 800-63B).
func normalPassword(p seal.Personal) string { return norm.NFKC.String(p.Reveal()) }

// checkPassword refuses a password that is too easily guessed.
func checkPassword(p seal.Personal, login string) (string, error) {
	s := normalPassword(p)
	n := len([]rune(s))
	distinct := map[rune]bool{}
	for _, r := range s {
		distinct[r] = true
	}
	switch {
	case n < minPassword || len(s) > maxPassword:
		return "", fault.New(fault.Invalid, "a password has at least %d characters and at most %d bytes; several words are a good one", minPassword, maxPassword)
	case len(distinct) < 5:
		return "", fault.New(fault.Invalid, "a password with so few different characters is guessed at once; several words are a good one")
	case common(s):
		return "", fault.New(fault.Invalid, "this is among the passwords that are tried first; several words are a good one")
	case len(login) > 2 && strings.Contains(strings.ToLower(s), login):
		return "", fault.New(fault.Invalid, "a password does not contain the login; several words are a good one")
	}
	return s, nil
}

// checkRoles returns roles sorted and once each.
func checkRoles(roles []Role) ([]Role, error) {
	out := slices.Clone(roles)
	for _, r := range out {
		if r.Platform == Everywhere && r.Name != Admin {
			return nil, fault.New(fault.Invalid, "role %q on every platform: only %s can be given everywhere; name a platform", r.Name, Admin)
		}
		if r.Platform != Everywhere && !isName.MatchString(r.Platform) || !isName.MatchString(r.Name) {
			return nil, fault.New(fault.Invalid, "role %q on platform %q: write PLATFORM:ROLE in lower-case letters, digits and hyphens, or %s:%s", r.Name, r.Platform, Everywhere, Admin)
		}
	}
	slices.SortFunc(out, func(a, b Role) int {
		if n := strings.Compare(a.Platform, b.Platform); n != 0 {
			return n
		}
		return strings.Compare(a.Name, b.Name)
	})
	return slices.Compact(out), nil
}
