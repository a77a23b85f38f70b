package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
)

// sound fails unless an answer is one that we meant: nothing failed inside, and
// markup that came in does not go out as markup.
func sound(t *testing.T, w *httptest.ResponseRecorder, sent string) {
	t.Helper()
	if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	for _, mark := range []string{"<script>", "<img src=x"} {
		if strings.Contains(sent, mark) && strings.Contains(w.Body.String(), mark) && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s came back as markup", mark)
		}
	}
	if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d without the headers of every answer", w.Code)
	}
}

// FuzzRequest sends whatever net/http takes for a request to the whole server.
func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /goscom-pro/?lang=zh-CN HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nAccept-Language: zh;q=0.1,en;q=x\r\n\r\n",
		"GET /log/goscom-pro/tile/0/x001/000.p/5 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /log/goscom-pro/tile/63/999 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /log/goscom-pro/checkpoint HTTP/1.1\r\nHost: a\r\nRange: bytes=0-18446744073709551615\r\n\r\n", "GET /goscom-pro/me/requests/req_0 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /goscom-pro/sign-in?next=//evil HTTP/1.1\r\nHost: a\r\nCookie: avow-person-0b1c2d3e=AAAA\r\n\r\n", "BREW /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /api/v1/platforms/goscom-pro/ledger?after=s9223372036854775807.1&limit=500 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\n\r\n",
		"GET /api/v1/platforms/goscom-pro/subjects/sub_00000000000000000000000000 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\n\r\n",
		"GET /api/v1/platforms/goscom-pro/requests?state=x&after=%ff HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\nX-Forwarded-For: 1,::,%\r\n\r\n",
		"POST /goscom-pro/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 70\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"address\"\r\n\r\n<script>\r\n--b--",
		"GET /assets/../../etc/passwd HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0.,gzip\r\n\r\n", "GET /console/goscom-pro/subjects/%2e%2e%2f HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /<script>alert(1)</script> HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	a := newTarget(f, "proxies: [192.0.2.0/24]\n")
	n := 0
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(bytes.ReplaceAll(b, []byte("TOKEN"), []byte(a.token)))))
		if err != nil {
			t.Skip("no HTTP request: the server of Go refuses it before us")
		}
		n++
		r.RemoteAddr = fmt.Sprintf("[2001:db8:%x:%x::1]:1", n>>16, n&0xffff) // a client of its own, so that no limit hides what is behind it
		w := httptest.NewRecorder()
		a.handler.ServeHTTP(w, r)
		sound(t, w, string(b))
	})
}

// forms fuzzes what a signed-in visitor can post, and ask, below a base.
func forms(f *testing.F, base string, paths []string, who func(*target) *http.Cookie) {
	for _, s := range []string{
		"", "item=account.nickname&value=<script>", "what=everything&sure=yes", "what=item:account.email&sure=yes", "right=access&channel=settings&language=en",
		"purpose=push&given=yes", "pending=AAAA&code=123456", "item=account.email&value=a@b.example", "value=%00%ff&item=%E6%9E%97",
		"login=a@staff.example&name=b&password=a+good+long+password&role=goscom-pro:support", "until=9999-12-31&cite=x&document=<img src=x", "kind=email&value=a@b.example",
		"system=shop&label=x&scopes=a&until=P1D", "right=rectification&identifier-1=a@b.example&kind-1=email&item-1=account.nickname&value-1=x",
	} {
		for i := range paths {
			f.Add(uint8(i), i%2 == 0, s)
		}
	}
	a := newTarget(f, "")
	a.people()
	cookie := who(a)
	f.Fuzz(func(t *testing.T, route uint8, post bool, text string) {
		path := strings.ReplaceAll(paths[int(route)%len(paths)], "SUBJECT", a.subject)
		r := httptest.NewRequest("GET", base+path, nil)
		if post {
			r = httptest.NewRequest("POST", base+path, strings.NewReader(text))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		} else {
			r.URL.RawQuery = text
		}
		r.Header.Set("Accept", "text/html")
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		a.handler.ServeHTTP(w, r)
		sound(t, w, text)
		if c := w.Header().Get("Cache-Control"); w.Code == http.StatusOK && c != "no-store" {
			t.Errorf("%s may be kept by a browser: Cache-Control: %s", path, c)
		}
	})
}

// FuzzCentre posts and asks what a person can.
func FuzzCentre(f *testing.F) {
	forms(f, "/goscom-pro/", []string{
		"me", "me/correct", "me/address", "me/address/code", "me/choices", "me/download", "me/erase", "me/rights", "me/activity", "me/requests", "me/receipts",
		"me/requests/req_00000000000000000000000000", "me/requests/req_00000000000000000000000000/take-back", "me/elsewhere", "me/elsewhere/AAAA", "me/data.json", "me/data.csv",
	}, func(a *target) *http.Cookie { return a.person })
}

// FuzzConsole posts and asks what an officer can who is an administrator too.
func FuzzConsole(f *testing.F) {
	forms(f, "/console/goscom-pro/", []string{
		"requests", "requests/new", "requests/req_00000000000000000000000000", "requests/req_00000000000000000000000000/plan", "subjects", "subjects/SUBJECT", "subjects/SUBJECT/unmask",
		"log", "log/0", "log/verify", "log/checkpoint", "systems", "systems/test", "staff", "keys", "keys/revoke", "promises",
	}, func(a *target) *http.Cookie { return a.officer })
}

// FuzzPair reads what a command line gives as a value: an error never repeats it.
func FuzzPair(f *testing.F) {
	for _, s := range []string{"a=b", "=", "a=@none", "a=-", "canary0815", "=canary0815", "a=@canary0815"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		a := &app{stdin: strings.NewReader("x"), dir: t.TempDir()}
		name, value, err := a.pair(arg)
		if err == nil && (name == "" || !strings.HasPrefix(arg, name+"=")) {
			t.Errorf("%q gives %q and %q", arg, name, value)
		}
		if _, secret, ok := strings.Cut(arg, "="); err != nil && ok && len(secret) > 8 && !strings.HasPrefix(secret, "@") && strings.Contains(explain(err), secret) {
			t.Errorf("the error repeats the value: %v", err)
		}
	})
}

// FuzzReplay reads what comes through the socket: nothing hangs or panics, and
// memory follows what is there, not what a head promises.
func FuzzReplay(f *testing.F) {
	for _, s := range []string{"", "o\x00\x00\x00\x01a", "x\x00\x00\x00\x04\x00\x00\x00\x07", "e\xff\xff\xff\xff", "o\x00\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var out, problem bytes.Buffer
		a := &app{stdout: &out, stderr: &problem}
		if err := a.replay(bytes.NewReader(b)); err == nil {
			t.Error("a command ended without an exit code")
		}
		if out.Len()+problem.Len() > len(b) {
			t.Error("more came out than went in")
		}
	})
}

// FuzzConfig reads any avow.yaml: what cannot be used is said, and nothing hangs.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"", "listen: 1", "platforms: [{id: a, policy: b}]", "epoch_every: P7D\npackages: PT1H", "tls: {cert: a}", "a: &a [*a]", "smtp: {port: x}",
		"traces: {endpoint: 'https://a/v1/traces', share: 0.1}", "traces: {endpoint: 'http://a'}", "proxies: [1/2]", bomb(9),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file := t.TempDir() + "/avow.yaml"
		a := &target{TB: t, dir: strings.TrimSuffix(file, "/avow.yaml")}
		a.write("avow.yaml", src)
		c, err := avow.ReadConfig(file)
		if (c == nil) == (err == nil) {
			t.Errorf("%v and %v", c, err)
		}
		if err != nil {
			_ = explain(err)
		}
	})
}

// bomb is YAML whose aliases stand for 9^n words.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 8), i-1)
	}
	return b.String()
}
