package client

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"sync"
)

// Cookies is the cookie store of a client software, kept in one file: an
// [http.CookieJar] with one command that clears all of it. It is safe for concurrent
// use by one process.
type Cookies struct {
	path string

	mu    sync.Mutex
	jar   *cookiejar.Jar
	saved []savedCookie
}

// A savedCookie is a line of the file: what a site set, as its header said.
type savedCookie struct {
	URL    string `json:"url"`
	Cookie string `json:"set_cookie"`
}

// OpenCookies opens the store in a file, which need not be there yet.
func OpenCookies(path string) (*Cookies, error) {
	c := &Cookies{path: path}
	var err error
	if c.jar, err = cookiejar.New(nil); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &c.saved); err != nil {
		return nil, err
	}
	for _, s := range c.saved {
		u, err := url.Parse(s.URL)
		if err != nil {
			return nil, err
		}
		x, err := http.ParseSetCookie(s.Cookie)
		if err != nil {
			return nil, err
		}
		c.jar.SetCookies(u, []*http.Cookie{x})
	}
	return c, nil
}

// SetCookies takes what a site set, and writes it down. What cannot be written is
// kept for as long as the software runs.
func (c *Cookies) SetCookies(u *url.URL, list []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jar.SetCookies(u, list)
	at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	for _, x := range list {
		c.saved = append(c.saved, savedCookie{at.String(), x.String()})
	}
	if b, err := json.Marshal(c.saved); err == nil {
		os.WriteFile(c.path, b, 0o600)
	}
}

// Cookies returns what goes to a site.
func (c *Cookies) Cookies(u *url.URL) []*http.Cookie {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.jar.Cookies(u)
}

// Saved counts what sites have set since the store was last clear.
func (c *Cookies) Saved() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.saved)
}

// Clear forgets every cookie of every site and deletes the file. It returns how many
// were written down.
func (c *Cookies) Clear() (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 0, err
	}
	n := len(c.saved)
	if err := os.Remove(c.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	c.jar, c.saved = jar, nil
	return n, nil
}
