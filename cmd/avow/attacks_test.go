package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A disk counts what is written and synced.
type disk struct{ writes, syncs atomic.Int64 }

func (d *disk) watch(t testing.TB) func(*avow.Options) {
	name := dbtest.FailingFiles(t, func(sync bool) error {
		if sync {
			d.syncs.Add(1)
		} else {
			d.writes.Add(1)
		}
		return nil
	})
	return func(o *avow.Options) { o.VFS = name }
}

// spent returns what fn wrote and synced.
func (d *disk) spent(fn func()) (writes, syncs int64) {
	w, s := d.writes.Load(), d.syncs.Load()
	fn()
	return d.writes.Load() - w, d.syncs.Load() - s
}

// alike fails unless doing it for each costs the same, in the middle of some rounds:
// as many syncs and writes, and as much work. Time itself is noise on a machine with
// neighbours; what a waiting stranger can measure is the syncs, and allocations stand
// for the rest.
func alike(t *testing.T, d *disk, do map[string]func()) {
	t.Helper()
	const rounds = 7
	syncs, writes, work := map[string][]int64{}, map[string][]int64{}, map[string][]int64{}
	for range rounds {
		for name, fn := range do {
			var w, s int64
			n := testing.AllocsPerRun(1, func() { w, s = d.spent(fn) })
			writes[name], syncs[name], work[name] = append(writes[name], w), append(syncs[name], s), append(work[name], int64(n))
		}
	}
	middle := func(list []int64) int64 { slices.Sort(list); return list[len(list)/2] }
	for a := range do {
		t.Logf("%s: %d syncs, %d writes, %d allocations", a, middle(syncs[a]), middle(writes[a]), middle(work[a]))
		for b := range do {
			if middle(syncs[a]) != middle(syncs[b]) || middle(writes[a]) > middle(writes[b])+1 {
				t.Errorf("%s takes %d syncs and %d writes, %s %d and %d", a, middle(syncs[a]), middle(writes[a]), b, middle(syncs[b]), middle(writes[b]))
			}
			if float64(middle(work[a])) > 1.03*float64(middle(work[b])) {
				t.Errorf("%s takes %d allocations and %s %d", a, middle(work[a]), b, middle(work[b]))
			}
		}
	}
}

// Nobody can tell by what a sign-in answers, or by what it costs, whether an address
// is known: of somebody here, of somebody erased, of nobody.
func TestAKnownAndAnUnknownAddressCostTheSame(t *testing.T) {
	d := &disk{}
	a := newTarget(t, "", d.watch(t))
	a.people()
	gone := a.erased()
	n := 0
	post := func(path string, form url.Values) *httptest.ResponseRecorder {
		n++
		r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = fmt.Sprintf("[2001:db8:%x::1]:1", n) // no limit of a client in the way
		return a.do(r)
	}
	begin := func(address string) func() {
		return func() {
			a.clock.Add(49 * time.Minute) // codes of an address are few
			w := post("/goscom-pro/sign-in", url.Values{"address": {address}})
			if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || len(to) < 100 || w.Body.Len() != 0 {
				t.Fatalf("%d %q %s", w.Code, to, w.Body)
			}
		}
	}
	alike(t, d, map[string]func(){"known": begin(a.email), "unknown": begin("unknown8@example.com"), "erased": begin(gone)})
	wrong := func(address string) func() {
		return func() {
			a.clock.Add(49 * time.Minute)
			w := post("/goscom-pro/sign-in", url.Values{"address": {address}})
			to, err := url.Parse(w.Header().Get("Location"))
			a.must(err)
			if w := post("/goscom-pro/sign-in/code", url.Values{"at": {to.Query().Get("at")}, "code": {"12345x"}}); w.Code != http.StatusUnprocessableEntity {
				t.Fatalf("%d", w.Code)
			}
		}
	}
	alike(t, d, map[string]func(){"known": wrong(a.email), "unknown": wrong("unknown8@example.com"), "erased": wrong(gone)})
}

// erased registers somebody and erases them, and returns the address they had.
func (a *target) erased() string {
	a.Helper()
	const address = "deleted8@example.com"
	p, err := a.server.Platform("")
	a.must(err)
	sub, _, err := p.Register(context.Background(), avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration", Given: []policy.Given{{Item: "account.email", Value: address, Voluntary: true}},
	})
	a.must(err)
	_, err = p.Erase(context.Background(), sub, avow.Erasure{Everything: true})
	a.must(err)
	f, err := p.Facts(context.Background(), sub)
	a.must(err)
	if f.State != subject.Erased {
		a.Fatalf("the person is %s", f.State)
	}
	return address
}

// A sign-in of staff that fails costs the same whatever was wrong, so that neither
// logins nor passwords can be guessed one without the other.
func TestWhateverIsWrongWithASignInOfStaffCostsTheSame(t *testing.T) {
	d := &disk{}
	a := newTarget(t, "", d.watch(t))
	a.people()
	n := 0
	try := func(login, password string) func() {
		return func() {
			n++
			a.clock.Add(2 * time.Hour) // a lock ends
			r := httptest.NewRequest("POST", "/console/goscom-pro/sign-in", strings.NewReader(url.Values{"login": {login}, "password": {password}, "code": {"000000"}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.RemoteAddr = fmt.Sprintf("[2001:db8:%x::1]:1", n)
			if w := a.do(r); w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), login) {
				t.Fatalf("%d", w.Code)
			}
		}
	}
	alike(t, d, map[string]func(){
		"wrong code": try("officer@staff.example", officerPassword), "wrong password": try("officer@staff.example", "another long password"),
		"unknown login": try("nobodyy@staff.example", officerPassword),
	})
}

// A sign-in has a new token each time, and the one that the browser had before ends.
func TestASignInEndsTheOneBefore(t *testing.T) {
	a := newTarget(t, "")
	a.people()
	before := a.person
	a.clock.Add(time.Minute)
	after := a.signIn(before)
	if after.Value == before.Value {
		t.Fatal("two sign-ins have one cookie")
	}
	if w := a.get("/goscom-pro/me", before); w.Code != http.StatusSeeOther {
		t.Errorf("the cookie from before the sign-in opens the page: %d", w.Code)
	}
	if w := a.get("/goscom-pro/me", after); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
	planted := &http.Cookie{Name: before.Name, Value: strings.Repeat("A", 200)} // by somebody who waits for its owner to sign in
	if c := a.signIn(planted); c.Value == planted.Value {
		t.Error("a planted cookie was taken over")
	}
}

// A new password, and a new authenticator, end every sign-in that was made with the
// old one.
func TestANewPasswordEndsSignIns(t *testing.T) {
	for name, change := range map[string][]string{"password": {"staff", "password", "officer@staff.example", "--password", "@new.txt"}, "authenticator": {"staff", "enrol", "officer@staff.example"}} {
		t.Run(name, func(t *testing.T) {
			a := newTarget(t, "")
			a.people()
			if w := a.get("/console/goscom-pro/staff", a.officer); w.Code != http.StatusOK {
				t.Fatalf("%d", w.Code)
			}
			a.clock.Add(time.Minute)
			a.write("new.txt", []byte("another good long password\n"))
			if out, code := a.cli(change...); code != 0 {
				t.Fatal(out)
			}
			if w := a.get("/console/goscom-pro/staff", a.officer); w.Code != http.StatusSeeOther {
				t.Errorf("the sign-in from before is good: %d", w.Code)
			}
			code, err := totp.GenerateCode(a.secret, a.clock.Now())
			a.must(err)
			w := a.post("/console/goscom-pro/sign-in", url.Values{"login": {"officer@staff.example"}, "password": {officerPassword}, "code": {code}})
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("the old %s signs in: %d", name, w.Code)
			}
		})
	}
}

// cli runs a command line in the server's process, as one that came by its socket.
func (a *target) cli(args ...string) (out string, code int) {
	var b strings.Builder
	x := &app{stdin: strings.NewReader(""), stdout: &b, stderr: &b, dir: a.dir, server: a.server, remote: true}
	code = x.run(context.Background(), args)
	return b.String(), code
}

// Metrics are for this machine and the operators. Behind a proxy on this machine
// that the configuration does not name, everybody would seem to be of this machine.
func TestMetricsAreNotForWhoComesThroughAProxy(t *testing.T) {
	a := newTarget(t, "proxies: [127.0.0.2]\n")
	for _, c := range []struct {
		from, header, value string
		want                int
	}{
		{"127.0.0.1:1", "", "", 200},
		{"[::1]:1", "", "", 200},
		{"203.0.113.9:1", "", "", 404},
		{"127.0.0.1:1", "X-Forwarded-For", "203.0.113.9", 404},
		{"127.0.0.1:1", "X-Forwarded-For", "127.0.0.1", 404},
		{"127.0.0.1:1", "Forwarded", "for=127.0.0.1", 404},
		{"127.0.0.1:1", "Via", "1.1 x", 404},
		{"127.0.0.2:1", "X-Forwarded-For", "203.0.113.9", 404},
		{"203.0.113.9:1", "X-Forwarded-For", "127.0.0.1", 404},
		{"@", "", "", 404},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.from
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		if w := a.do(r); w.Code != c.want {
			t.Errorf("from %s with %s: %s: %d, want %d", c.from, c.header, c.value, w.Code, c.want)
		}
	}
}

// Every answer has every header, whatever it is an answer to.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	a := newTarget(t, "secure: true\n")
	for _, path := range []string{"/", "/goscom-pro/", "/goscom-pro/sign-in", "/goscom-pro/me", "/console/goscom-pro/sign-in", "/api/", "/api/openapi.json", "/api/v1/platforms/goscom-pro/policy", "/log/goscom-pro/checkpoint", "/assets/x", "/healthz", "/none", "/favicon.ico"} {
		h := a.get(path).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "", "Permissions-Policy": "camera=()", "Strict-Transport-Security": "max-age=63072000",
		} {
			if !strings.HasPrefix(h.Get(name), want) || h.Get(name) == "" {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if h.Get("Server") != "" || h.Get("X-Powered-By") != "" {
			t.Errorf("%s says what serves it", path)
		}
		if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

// What is small on the way in stays small inside.
func TestNoBombGoesOff(t *testing.T) {
	a := newTarget(t, "")
	deep := func(open, shut string, n int) string { return strings.Repeat(open, n) + strings.Repeat(shut, n) }
	for name, fn := range map[string]func() bool{
		"aliases in a policy":       func() bool { _, _, err := policy.Load("p.yaml", []byte(bomb(9)), nil); return err == nil },
		"aliases in a data map":     func() bool { _, err := datamap.Parse("m.yaml", []byte(bomb(9))); return err == nil },
		"depth in a policy":         func() bool { _, _, err := policy.Load("p.yaml", []byte(deep("[", "]", 20000)), nil); return err == nil },
		"depth in a data map":       func() bool { _, err := datamap.Parse("m.yaml", []byte(deep("{a: ", "}", 20000))); return err == nil },
		"depth in a receipt":        func() bool { _, err := plan.ReadBody([]byte(deep("[", "]", 200000))); return err == nil },
		"depth in a body":           func() bool { return a.api("POST", "uses", deep(`{"a":`, "}", 100000)).Code < 400 },
		"arrays in a body":          func() bool { return a.api("POST", "subjects", `{"given":`+deep("[", "]", 200000)+"}").Code < 400 },
		"a body that is compressed": func() bool { return a.packed() < 400 },
		"ten thousand fields":       func() bool { return a.post("/goscom-pro/sign-in", many(10_000)).Code < 400 },
		"a body over the limit":     func() bool { return a.api("POST", "uses", strings.Repeat(" ", 1<<20)+"{}").Code < 400 },
		"an avow.yaml with aliases": func() bool {
			a.write("bomb.yaml", []byte(bomb(9)))
			_, err := avow.ReadConfig(filepath.Join(a.dir, "bomb.yaml"))
			return err == nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan bool, 1)
			go func() { done <- fn() }()
			select {
			case taken := <-done:
				if taken {
					t.Error("it was taken")
				}
			case <-time.After(30 * time.Second):
				t.Fatal("it takes for ever")
			}
		})
	}
}

func many(n int) url.Values {
	out := url.Values{}
	for i := range n {
		out.Set(fmt.Sprint("field", i), "x")
	}
	return out
}

// packed sends a body that says it is compressed.
func (a *target) packed() int {
	r := httptest.NewRequest("POST", "/api/v1/platforms/goscom-pro/uses", strings.NewReader("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00"))
	r.Header.Set("Authorization", "Bearer "+a.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Encoding", "gzip")
	return a.do(r).Code
}

// Directories that others may read are closed to them, and what is made in them is
// its owner's alone.
func TestADirectoryThatOthersMayReadIsClosed(t *testing.T) {
	dir := t.TempDir()
	a := &target{TB: t, dir: dir}
	for _, name := range []string{"data", "keys", "journal"} {
		a.must(os.Mkdir(filepath.Join(dir, name), 0o700))
		a.must(os.Chmod(filepath.Join(dir, name), 0o755))
	}
	a.write("avow.yaml", []byte("platforms: []\n"))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	a.must(err)
	s, err := avow.Open(t.Context(), c, avow.Options{})
	a.must(err)
	defer s.Close()
	for _, name := range []string{"data", "keys", "journal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		a.must(err)
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has the mode %o", name, info.Mode().Perm())
		}
	}
}

// Every way to give a personal value or a secret has one that no process listing
// shows, and no command asks for a secret any other way.
func TestNoSecretMustBeTypedOnACommandLine(t *testing.T) {
	root := (&app{}).command()
	var seen []string
	for _, c := range slices.Concat(root.Commands(), everyCommand(root.Commands())) {
		if f := c.Flags().Lookup("password"); f != nil {
			seen = append(seen, c.CommandPath())
			if !strings.Contains(f.Usage, "@FILE") {
				t.Errorf("%s: %s", c.CommandPath(), f.Usage)
			}
		}
		for _, name := range []string{"secret", "token", "dsn"} {
			if c.Flags().Lookup(name) != nil {
				t.Errorf("%s takes --%s on the command line", c.CommandPath(), name)
			}
		}
	}
	if len(seen) < 2 {
		t.Errorf("only %v take a password", seen)
	}
}

func everyCommand(list []*cobra.Command) (out []*cobra.Command) {
	for _, c := range list {
		out = append(out, c.Commands()...)
		out = append(out, everyCommand(c.Commands())...)
	}
	return out
}
