package main

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// The keys of what a scenario keeps between its commands.
type (
	browserKey struct{}
	officeKey  struct{}
)

// scenarioBrowser gives a scenario a browser that keeps its cookies.
func scenarioBrowser(env *testscript.Env) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	env.Values[browserKey{}] = &http.Client{Jar: jar, Timeout: time.Minute}
	env.Values[officeKey{}] = &postOffice{}
	return nil
}

// answered prints an answer: its status, where it came from, and its body.
func answered(ts *testscript.TestScript, neg bool, c *http.Client, r *http.Request) {
	answer, err := c.Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n%s", answer.Status, answer.Request.URL.RequestURI(), body)
	if (answer.StatusCode >= 400) != neg {
		ts.Fatalf("%s %s: %s", r.Method, r.URL.Path, answer.Status)
	}
}

func scenarioGet(ts *testscript.TestScript, neg bool, args []string) {
	r, err := http.NewRequest(http.MethodGet, "http://"+ts.Getenv("LISTEN")+args[0], nil)
	ts.Check(err)
	answered(ts, neg, ts.Value(browserKey{}).(*http.Client), r)
}

func scenarioPost(ts *testscript.TestScript, neg bool, args []string) {
	form := url.Values{}
	for _, arg := range args[1:] {
		k, v, _ := strings.Cut(arg, "=")
		form.Add(k, v)
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+ts.Getenv("LISTEN")+args[0], strings.NewReader(form.Encode()))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answered(ts, neg, ts.Value(browserKey{}).(*http.Client), r)
}

// scenarioPlace keeps a part of the query of the address that was last answered.
func scenarioPlace(ts *testscript.TestScript, _ bool, args []string) {
	_, rest, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	address, _, _ := strings.Cut(rest, "\n")
	u, err := url.Parse(address)
	ts.Check(err)
	ts.Setenv(args[0], u.Query().Get(args[1]))
}

func scenarioAPI(ts *testscript.TestScript, neg bool, args []string) {
	var body io.Reader
	if args[2] != "-" {
		body = strings.NewReader(os.Expand(ts.ReadFile(args[2]), ts.Getenv))
	}
	r, err := http.NewRequest(args[0], "http://"+ts.Getenv("LISTEN")+"/api/v1/platforms/"+ts.Getenv("PLATFORM")+args[1], body)
	ts.Check(err)
	r.Header.Set("Authorization", "Bearer "+ts.Getenv("KEY"))
	r.Header.Set("Content-Type", "application/json")
	answered(ts, neg, http.DefaultClient, r)
}

// A postOffice takes mail and delivers it nowhere.
type postOffice struct {
	mu      sync.Mutex
	letters []string
}

// scenarioMailbox lets the server send its mail here.
func scenarioMailbox(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	o := ts.Value(officeKey{}).(*postOffice)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go o.take(c)
		}
	}()
	f, err := os.OpenFile(ts.MkAbs("avow.yaml"), os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = fmt.Fprintf(f, "smtp: {host: 127.0.0.1, port: %d, from: privacy@avow.example, security: none}\n", l.Addr().(*net.TCPAddr).Port)
	ts.Check(errors.Join(err, f.Close()))
}

// take speaks as much of RFC 5321 as taking a letter needs.
func (o *postOffice) take(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprint(c, line+"\r\n") }
	say("220 here")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch word := strings.ToUpper(strings.TrimSpace(line)); {
		case word == "DATA":
			say("354 go on")
			letter, err := readLetter(in)
			if err != nil {
				return
			}
			o.mu.Lock()
			o.letters = append(o.letters, letter)
			o.mu.Unlock()
			say("250 taken")
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// readLetter reads up to the dot.
func readLetter(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if strings.TrimRight(line, "\r\n") == "." {
			return inClear(b.String()), nil
		}
		b.WriteString(line)
	}
}

// inClear decodes the words of a letter's subject (RFC 2047) and joins the lines of
// its text (RFC 2045, section 6.7).
func inClear(letter string) string {
	head, body, _ := strings.Cut(letter, "\r\n\r\n")
	head = strings.ReplaceAll(head, "\r\n ", " ")
	lines := strings.Split(head, "\r\n")
	for i, line := range lines {
		if clear, err := new(mime.WordDecoder).DecodeHeader(line); err == nil && strings.HasPrefix(line, "Subject:") {
			lines[i] = clear
		}
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + strings.ReplaceAll(body, "=\r\n", "")
}

// scenarioLetter waits for a letter and keeps what a pattern finds in it: its
// first group, or all of it. The newest letter comes first.
func scenarioLetter(ts *testscript.TestScript, _ bool, args []string) {
	o, re := ts.Value(officeKey{}).(*postOffice), regexp.MustCompile(args[1])
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(30 * time.Second); ; {
		if found := o.find(re); found != "" {
			ts.Setenv(args[0], found)
			return
		}
		select {
		case <-end:
			ts.Fatalf("no letter matches %s", args[1])
		case <-tick.C:
		}
	}
}

func (o *postOffice) find(re *regexp.Regexp) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, letter := range slices.Backward(o.letters) {
		if m := re.FindStringSubmatch(letter); m != nil {
			return m[len(m)-1]
		}
	}
	return ""
}

// scenarioDefect writes the pack as the published text has it in one place.
func scenarioDefect(ts *testscript.TestScript, _ bool, args []string) {
	platform := ts.Getenv("PLATFORM")
	defect, err := txtar.ParseFile(filepath.Join(scenarioDir, "..", "defects", platform, args[0]+".txtar"))
	ts.Check(err)
	src := ts.ReadFile(platform + ".yaml")
	for i, f := range defect.Files {
		if f.Name != "from" {
			continue
		}
		from, to := strings.TrimSuffix(string(f.Data), "\n"), strings.TrimSuffix(string(defect.Files[i+1].Data), "\n")
		if strings.Count(src, from) != 1 {
			ts.Fatalf("the pack does not hold what %s replaces", args[0])
		}
		src = strings.Replace(src, from, to, 1)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(src), 0o600))
}

// scenarioMember prints one file of a package.
func scenarioMember(ts *testscript.TestScript, _ bool, args []string) {
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	f, err := z.Open(args[1])
	if err != nil {
		names := []string{}
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		ts.Fatalf("%s holds %s", args[0], strings.Join(names, ", "))
	}
	defer f.Close()
	_, err = io.Copy(ts.Stdout(), f)
	ts.Check(err)
}
