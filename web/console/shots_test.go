package console_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/avow-dev/avow/staff"
)

// TestShots writes pictures of the console's pages into the directory SHOTS.
func TestShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Skip("set SHOTS to a directory to have pictures of the pages")
	}
	s := open(t)
	for _, c := range s.customers[:6] {
		s.register(c)
	}
	all := s.add("SunMei", role("support"), role(staff.Admin))
	all.signIn(one)
	officer := s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one
	ask := func(right string, n int) string {
		return all.post(base+"/requests/new", "right", right, "kind-1", "email", "identifier-1", s.customers[n].Email, "channel", "support").path
	}
	done, planned, fresh := ask("erasure", 1), ask("erasure", 2), ask("access", 3)
	for _, at := range []string{done, planned} {
		all.post(at+"/verify", "method", "document")
		all.post(at + "/plan")
	}
	officer.post(done+"/approve", "hash", officer.get(done).hidden("hash"))
	officer.post(done + "/run")
	s.carry(done)
	person := all.post(base+"/subjects", "kind", "email", "identifier", s.customers[2].Email).path
	all.post(base + "/log/verify")
	pages := map[string]string{
		"requests": base + "/requests", "new": base + "/requests/new", "fresh": fresh, "done": done, "find": base + "/subjects", "person": person,
		"log": base + "/log", "entry": base + "/log/3", "systems": base + "/systems", "staff": base + "/staff", "keys": base + "/keys",
	}
	s.shoot(dir, "planned", planned, officer)
	for name, path := range pages {
		s.shoot(dir, name, path, all)
	}
	s.shoot(dir, "signin", base+"/sign-in", s.reader("en"))
}

// shoot takes a page's pictures: wide and narrow, light and dark, both languages.
func (s *site) shoot(dir, name, path string, r *reader) {
	if only := os.Getenv("ONLY"); only != "" && !strings.Contains(","+only+",", ","+name+",") {
		return
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	ctx, done := chromedp.NewContext(alloc)
	defer done()
	u, err := url.Parse(s.url)
	s.must(err)
	for _, v := range []struct {
		lang, scheme string
		width        int64
	}{{"en", "light", 1280}, {"en", "light", 360}, {"zh-CN", "dark", 1280}, {"zh-CN", "dark", 360}} {
		var png []byte
		var scroll int64
		tasks := chromedp.Tasks{network.ClearBrowserCookies()}
		for _, c := range r.client.Jar.Cookies(u) {
			tasks = append(tasks, cookie(s.url, c))
		}
		tasks = append(tasks,
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}),
			chromedp.EmulateViewport(v.width, 1400), chromedp.Navigate(s.url+path+"?lang="+v.lang),
			chromedp.Evaluate(`document.documentElement.scrollWidth`, &scroll), chromedp.FullScreenshot(&png, 100))
		s.must(chromedp.Run(ctx, tasks))
		if scroll > v.width {
			s.Errorf("%s is %d wide at %d", name, scroll, v.width)
		}
		s.must(os.WriteFile(filepath.Join(dir, name+"-"+v.lang+"-"+v.scheme+"-"+strconv.FormatInt(v.width, 10)+".png"), png, 0o600))
	}
}

func cookie(at string, c *http.Cookie) chromedp.Action {
	return network.SetCookie(c.Name, c.Value).WithURL(at)
}
