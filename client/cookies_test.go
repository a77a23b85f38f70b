package client_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/client"
)

// The software signs in, keeps its cookie over a start, and after one command a site
// gets none, nor does anything stand in the file.
func TestOneCommandClearsEveryCookieOfTheSoftware(t *testing.T) {
	seen := 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = len(r.Cookies())
		http.SetCookie(w, &http.Cookie{Name: "sign-in", Value: "8f2c", Path: "/", MaxAge: 3600})
		http.SetCookie(w, &http.Cookie{Name: "cart", Value: "17", Path: "/", MaxAge: 3600})
	}))
	defer site.Close()
	u, _ := url.Parse(site.URL)
	path := filepath.Join(t.TempDir(), "cookies.json")
	visit := func(c *client.Cookies) {
		t.Helper()
		answer, err := (&http.Client{Jar: c}).Get(site.URL)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	open := func() *client.Cookies {
		t.Helper()
		c, err := client.OpenCookies(path)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	visit(open())
	c := open() // another start
	if visit(c); seen != 2 {
		t.Fatalf("the software sent %d cookies after a start, of 2", seen)
	}
	if n, err := c.Clear(); err != nil || n == 0 {
		t.Fatalf("cleared %d: %v", n, err)
	}
	if left := c.Cookies(u); len(left) != 0 {
		t.Errorf("cleared, and %d cookies are left", len(left))
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
	if visit(open()); seen != 0 {
		t.Errorf("after clearing the software sent %d cookies", seen)
	}
}
