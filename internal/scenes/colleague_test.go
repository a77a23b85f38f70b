package scenes

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/browser"
	"github.com/avow-dev/avow/staff"
)

const password = "correct horse battery staple"

// A colleague is a member of staff at their window.
type colleague struct {
	*browser.Tab
	on            *stage
	platform      string
	id            staff.ID
	login, secret string
}

// colleague adds somebody with roles on the platform.
func (s *stage) colleague(b *browser.Browser, v browser.View, name string, roles ...string) *colleague {
	s.Helper()
	return s.colleagueOf(one, b, v, name, roles...)
}

// colleagueOf adds somebody with roles on a platform.
func (s *stage) colleagueOf(platform string, b *browser.Browser, v browser.View, name string, roles ...string) *colleague {
	s.Helper()
	c := &colleague{Tab: s.tab(b, v), on: s, platform: platform, login: strings.ToLower(name) + "@staff.example"}
	var list []staff.Role
	for _, r := range roles {
		list = append(list, staff.Role{Platform: platform, Name: r})
	}
	id, e, err := s.server.Staff().Add(s.Context(), staff.New{
		Login: avow.NewPersonal(c.login), Name: avow.NewPersonal(name), Password: avow.NewPersonal(password), Roles: list,
	})
	s.must(err)
	u, err := url.Parse(e.URL.Reveal())
	s.must(err)
	c.id, c.secret = id, u.Query().Get("secret")
	return c
}

// signIn signs in with password and the code of the authenticator.
func (c *colleague) signIn() {
	c.Helper()
	c.Open("/console/" + c.platform + "/").Is(http.StatusOK)
	c.Send("/sign-in", "login", c.login, "password", password, "code", c.code()).Is(http.StatusOK)
}

// code is what the authenticator shows.
func (c *colleague) code() string {
	c.Helper()
	c.on.clock.Add(31 * time.Second) // a code signs in once
	code, err := totp.GenerateCode(c.secret, c.on.clock.Now())
	c.on.must(err)
	return code
}

// until looks at a page again and again until it says a word, or has one of these
// in its text.
func (c *colleague) until(path, word string, marks ...string) {
	c.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(30 * time.Second); ; {
		c.Open(path)
		if word != "" && strings.Contains(c.Words(), word) || slices.ContainsFunc(marks, c.Has) {
			return
		}
		select {
		case <-end:
			c.Fatalf("%s never says %q %q: %.400s", path, word, marks, c.Words())
		case <-tick.C:
		}
	}
}
