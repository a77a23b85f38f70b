package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/world"
)

// A guest is somebody in front of a demo that runs as a process of its own.
type guest struct {
	*testing.T
	cmd    *exec.Cmd
	client *http.Client
	url    string
	took   time.Duration // until it was ready
	said   *transcript
}

// transcript is what a process printed, to be read while it goes on.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// visit starts a demo and waits until it says that it is ready.
func visit(t *testing.T, args ...string) *guest {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{T: t, said: &transcript{}, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	g.cmd = exec.Command("avow", append([]string{"demo", "--listen", "127.0.0.1:0"}, args...)...)
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	g.cmd.Stderr = g.said
	began := time.Now()
	if err := g.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	g.took = time.Since(began)
	address, ok := strings.CutPrefix(strings.TrimSpace(first), "ready ")
	if err != nil || !ok {
		t.Fatalf("the first line is %q, %v\n%s", first, err, g.said)
	}
	g.url = address
	go io.Copy(g.said, lines)
	return g
}

// leaves ends the demo as a terminal would.
func (g *guest) leaves() {
	g.Helper()
	if err := g.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		g.Fatal(err)
	}
	if err := g.cmd.Wait(); err != nil {
		g.Errorf("the demo ended with %v\n%s", err, g.said)
	}
}

func (g *guest) answer(resp *http.Response, err error) (string, *http.Response) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		g.Fatal(err)
	}
	return string(b), resp
}

func (g *guest) get(path string) string {
	g.Helper()
	page, resp := g.answer(g.client.Get(g.url + path))
	if resp.StatusCode != http.StatusOK {
		g.Fatalf("%s: %d\n%s", path, resp.StatusCode, page)
	}
	return page
}

func (g *guest) post(path string, pairs ...string) (string, *http.Response) {
	g.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return g.answer(g.client.PostForm(g.url+path, form))
}

// find returns what stands in a page, by a pattern with one group.
func (g *guest) find(pattern, page string) string {
	g.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		g.Fatalf("there is no %s in\n%s", pattern, page)
	}
	return m[1]
}

// signsIn signs in by the code that the mailbox shows.
func (g *guest) signsIn(platform, address string) {
	g.Helper()
	page, resp := g.post("/"+platform+"/sign-in", "address", address)
	at := resp.Request.URL.Query().Get("at")
	if at == "" {
		g.Fatalf("no code was sent: %d\n%s", resp.StatusCode, page)
	}
	mails := g.get("/mailbox/")
	code := g.find(`>(\d{6})</span>`, mails)
	if letter := g.get("/mailbox/" + g.find(`href="/mailbox/(\d+)"`, mails)); !strings.Contains(letter, address) {
		g.Errorf("the mail is not to %s:\n%s", address, letter)
	}
	if page, resp = g.post("/"+platform+"/sign-in/code", "at", at, "code", code); resp.StatusCode != http.StatusOK {
		g.Fatalf("the code of the mailbox does not sign in: %d\n%s", resp.StatusCode, page)
	}
}

func TestTheDemoIsWhatItSays(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	g := visit(t, "--data", folder, "--people", "24")
	front := g.get("/")
	for _, want := range []string{"GOSCOM Pro", "Buygogo", "lin.wei@example.com", "/mailbox/codes", "ask uses", "/store/goscom-pro/", "/store/apsgo/", "Exemplar", "Go Soft", "uses decided"} {
		if !strings.Contains(front, want) {
			t.Errorf("the front page does not say %q", want)
		}
	}
	if zh := g.get("/?lang=zh-CN"); !strings.Contains(zh, "隐私政策，就是程序本身") {
		t.Error("the front page has no Chinese")
	}
	g.get("/?lang=en")
	for _, path := range []string{"/goscom-pro/", "/buygogo/", "/store/go-soft/", "/store/example-company/at/join", "/api/", "/mailbox/", "/log/goscom-pro/checkpoint", "/readyz"} {
		g.get(path)
	}
	g.isPerson()
	g.isStaff()
	g.isProgram()
	g.isAway()
	before, err := os.ReadFile(filepath.Join(folder, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	g.leaves()

	again := visit(t, "--data", folder)
	after, err := os.ReadFile(filepath.Join(folder, "demo.json"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the second start is another demo: %v", err)
	}
	if again.took > g.took {
		t.Errorf("the second start took %v, and the first, which played ninety days, %v", again.took, g.took)
	}
	again.signsIn("buygogo", "grace.okafor@example.org")
	again.leaves()
}

// isPerson signs in on one platform and is nobody on the other.
func (g *guest) isPerson() {
	g.Helper()
	if page := g.get("/goscom-pro/me"); strings.Contains(page, "lin.wei@example.com") {
		g.Error("somebody who has not signed in sees what is held")
	}
	g.signsIn("goscom-pro", "lin.wei@example.com")
	if page := g.get("/goscom-pro/me"); !strings.Contains(page, "lin.wei@example.com") || !strings.Contains(page, "GC2-") {
		g.Errorf("the centre does not show what is held:\n%s", page)
	}
	if page := g.get("/goscom-pro/me/requests"); !strings.Contains(page, "req_") {
		g.Error("the person's request is not there")
	}
	other := g.get("/buygogo/me")
	if strings.Contains(other, "lin.wei@example.com") || !strings.Contains(other, `name="address"`) {
		g.Errorf("who is signed in on one platform is somebody on the other:\n%s", other)
	}
}

// isStaff signs in with what the page of codes shows.
func (g *guest) isStaff() {
	g.Helper()
	page := g.get("/mailbox/codes")
	row := g.find(`(?s)(>mei<.*?</tr>)`, page)
	code, password := g.find(`>(\d{6})</span>`, row), g.find(`<code>([a-z0-9]{12})</code>`, row)
	page, resp := g.post("/console/goscom-pro/sign-in", "login", "mei", "password", password, "code", code)
	if resp.StatusCode != http.StatusOK || strings.Contains(page, `name="password"`) {
		g.Fatalf("staff cannot sign in: %d\n%s", resp.StatusCode, page)
	}
	if page := g.get("/console/goscom-pro/requests"); strings.Count(page, "/requests/req_") < 4 {
		g.Errorf("the console has few requests:\n%s", page)
	}
	if page := g.get("/console/buygogo/"); !strings.Contains(page, `name="password"`) {
		g.Error("staff of one platform are in the console of the other")
	}
}

// isProgram pastes the lines that were printed into a shell.
func (g *guest) isProgram() {
	g.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		g.Log("the lines for developers were not tried: there is no curl here")
		return
	}
	lines := g.find(`(?s)(AVOW=.*?statistics.*?\n)`, g.said.String())
	out, err := exec.Command("sh", "-c", lines).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte(`"value":"lin.wei@example.com"`)) || !bytes.Contains(out, []byte(`"code":"item.purpose"`)) {
		g.Errorf("the lines gave %v\n%s", err, out)
	}
}

// isAway asks under a name that is not this machine's: a site that points its own
// name here, or somebody elsewhere.
func (g *guest) isAway() {
	g.Helper()
	for _, path := range []string{"/", "/mailbox/", "/mailbox/codes", "/mailbox/1"} {
		r, err := http.NewRequest(http.MethodGet, g.url+path, nil)
		if err != nil {
			g.Fatal(err)
		}
		r.Host = "elsewhere.example"
		page, _ := g.answer(g.client.Do(r))
		for _, secret := range []string{"lin.wei@", "avow_0", `class="mono big`, "<code>mei"} {
			if strings.Contains(page, secret) {
				g.Errorf("%s tells %q to another machine", path, secret)
			}
		}
	}
}

func TestATemporaryDemoLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	g := visit(t, "--people", "3")
	g.get("/")
	g.leaves()
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheDemoPlaysOnPostgreSQL(t *testing.T) {
	t.Parallel()
	clusters := []string{"--people", "24", "--postgres", world.Database(t, "AVOW_TEST_POSTGRES"), "--postgres-keys", world.Database(t, "AVOW_TEST_POSTGRES_KEYS")}
	for range 2 { // what the first leaves in the clusters is not in the way of the second
		g := visit(t, clusters...)
		g.isPerson()
		g.isProgram()
		var out bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, dir: t.TempDir()}
		if code := a.run(t.Context(), append([]string{"demo", "--data", "other", "--listen", "127.0.0.1:0"}, clusters...)); code != exitConflict {
			t.Errorf("a second demo in the same database: code %d, %s", code, out.String())
		}
		g.get("/goscom-pro/me") // and the first goes on
		g.leaves()
	}
}

func TestAFolderThatIsInUseForSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, dir: t.TempDir()}
	if code := a.run(t.Context(), []string{"demo", "--data", dir, "--listen", "127.0.0.1:0"}); code != exitConflict || !strings.Contains(out.String(), "is not empty") {
		t.Errorf("code %d: %s", code, out.String())
	}
	if b, err := os.ReadFile(filepath.Join(dir, "letter.txt")); err != nil || string(b) != "mine" {
		t.Errorf("the file is gone: %v", err)
	}
}
