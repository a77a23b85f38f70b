package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/internal/world"
)

// The values of the flow. Whatever of a running server others may read has none.
func marks() []string {
	return []string{
		"mailcanary01", "nickcanary02", "ordercanary03", "newcanary04", "strangecanary05", "pathcanary06", "querycanary07", "headcanary08", "fieldcanary09",
		"logincanary10", "passcanary11", "clicanary12", "codecanary13", "keycanary14", "agentcanary15", "cookiecanary16", "methodcanary17", "citecanary18",
	}
}

// A ledger takes what loggers write.
type ledger struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *ledger) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

// gossip is a server of mail that repeats in its refusal whom the mail was for.
func gossip(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go refuse(c)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func refuse(c net.Conn) {
	defer c.Close()
	fmt.Fprint(c, "220 here\r\n")
	for in := bufio.NewScanner(c); in.Scan(); {
		switch line := strings.ToUpper(in.Text()); {
		case strings.HasPrefix(line, "RCPT"):
			fmt.Fprintf(c, "451 4.7.1 <%s> is not wanted\r\n", in.Text())
		case strings.HasPrefix(line, "QUIT"):
			return
		default:
			fmt.Fprint(c, "250 fine\r\n")
		}
	}
}

// The main flow, with every value in it that is somebody's, through every door: logs
// at their most talkative, metrics, traces and the arguments of the process hold none
// of them.
func TestNothingPersonalIsLoggedCountedOrTraced(t *testing.T) {
	r, logs := newReceiver(t), &ledger{}
	logger := slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
	was := slog.Default()
	slog.SetDefault(logger)
	t.Cleanup(func() { slog.SetDefault(was) })
	a := newTarget(t, fmt.Sprintf("traces: {endpoint: %q, headers_file: collector.txt}\nsmtp: {host: 127.0.0.1, port: %d, from: privacy@avow.example, security: none}\n", r.url, gossip(t)),
		func(o *avow.Options) { o.Logger = logger })
	m := marks()
	a.write("value.txt", []byte(m[11]+"@example.com"))
	a.flow(m)
	metrics := a.get("/metrics").Body.Bytes()
	a.close()
	for what, b := range map[string][]byte{"the log": logs.bytes(), "the metrics": metrics, "the traces": r.raw.Bytes(), "the arguments": arguments(t)} {
		if found := world.Marks(b, m...); len(found) > 0 {
			t.Errorf("%s: %v\n%s", what, found, b[:min(len(b), 3000)])
		}
	}
	if n := bytes.Count(logs.bytes(), []byte(`"msg":"request"`)); n < 30 {
		t.Errorf("only %d requests were logged", n)
	}
	if !bytes.Contains(logs.bytes(), []byte(`"route":"/api/v1/platforms/{platform}/uses"`)) && !bytes.Contains(logs.bytes(), []byte("platforms/{platform}/uses")) {
		t.Error("the log names no route")
	}
	use := r.below("POST /api/v1/platforms/{platform}/uses")
	for _, want := range []string{"use", "commit"} {
		if !slices.Contains(use, want) {
			t.Errorf("below a use are the spans %v, and no %s", use, want)
		}
	}
	if !slices.Contains(r.keys, "secret of the collector") {
		t.Errorf("the collector's key came as %q", r.keys)
	}
}

// flow does everything once that people, staff and programs do, and much that they
// should not.
func (a *target) flow(m []string) {
	a.Helper()
	mail, nick, order, fresh := m[0]+"@example.com", m[1], m[2], m[3]
	w := a.api("POST", "subjects", fmt.Sprintf(`{"accepted":true,"adult":true,"verified":true,"point":"registration","given":[{"item":"account.email","value":%q,"voluntary":true},{"item":"account.nickname","value":%q,"voluntary":true}]}`, mail, nick))
	_, id, _ := strings.Cut(w.Body.String(), `"sub_`)
	if w.Code >= 300 || len(id) < 26 {
		a.Fatalf("%d %s", w.Code, w.Body)
	}
	a.subject = "sub_" + id[:26]
	of := "subjects/" + a.subject
	use := `{"subject":"` + a.subject + `","items":["account.email"],"purpose":"account"}`
	for _, c := range [][3]string{
		{"POST", "uses", use},
		{"POST", "uses", strings.Replace(use, `"account"}`, `"push"}`, 1)},
		{"POST", "decisions", use},
		{"POST", "uses", `{"subject":"` + nick},
		{"POST", "uses", `{"` + m[8] + `":"` + nick + `"}`},
		{"POST", of + "/values", `{"point":"web","given":[{"item":"order.history","value":"` + order + `"}]}`},
		{"PUT", of + "/values/account.nickname", `{"value":"` + fresh + `"}`},
		{"PATCH", of + "/values/account.nickname", `{"value":"` + fresh + `"}`},
		{"POST", "identifiers/lookup", `{"kind":"email","value":"` + mail + `"}`},
		{"POST", "identifiers/lookup", `{"kind":"phone","value":"` + mail + `"}`},
		{"POST", of + "/consents", `{"kind":"consent","purpose":"push","given":true}`},
		{"POST", of + "/holds", `{"class":"account","cite":"` + m[17] + `","until":"2030-01-01T00:00:00Z"}`},
		{"POST", "requests", `{"right":"access","contact":"` + mail + `","identifiers":[{"kind":"email","value":"` + mail + `"}]}`},
		{"GET", of, ""},
		{"GET", of + "/values", ""},
		{"GET", "subjects/" + m[5], ""},
		{"GET", "requests?state=" + m[6], ""},
		{"GET", "policy?" + m[6] + "=1", ""},
		{"POST", "uses/" + m[5], use},
		{"GET", "promises", ""},
	} {
		a.api(c[0], c[1], c[2])
	}
	if w := a.api("POST", "uses", use); !strings.Contains(w.Body.String(), mail) {
		a.Fatalf("the use gave no value: %d %s", w.Code, w.Body)
	}
	a.strange(m)
	a.pages(m, mail)
	for _, args := range [][]string{
		{"subject", "add", "--accept", "--adult", "--at", "registration", "account.email=@value.txt"},
		{"collect", a.subject, "--at", "web", "order.history=" + m[11]},
		{"use", a.subject, "--for", "account", "account.email"},
		{"subject", "find", "email=" + mail},
		{"correct", a.subject, "account.nickname=" + m[11]},
		{"use", a.subject, "--" + m[11], m[11]},
		{m[11]},
		{"request", "new", "erasure", "email=" + mail, "--as", m[9], "--verified-by", "identifier-code"},
		{"erase", a.subject, "--as", m[9]},
		{"erase", a.subject, "--everything", "--yes"},
	} {
		a.cli(args...)
	}
	a.api("POST", "uses", use)
	a.api("DELETE", of, "")
}

// strange sends what programs of strangers send.
func (a *target) strange(m []string) {
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.URL.Path = "/goscom-pro/me/" + m[5] },
		func(r *http.Request) { r.URL.Path, r.Method = "/"+m[5], strings.ToUpper(m[16]) },
		func(r *http.Request) { r.URL.RawQuery = "lang=" + m[6] + "&" + m[6] },
		func(r *http.Request) { r.Host = m[7] + ".example" },
		func(r *http.Request) { r.Header.Set("X-Forwarded-For", m[7]) },
		func(r *http.Request) {
			r.Header.Set("Traceparent", "00-"+strings.Repeat("a", 32)+"-"+strings.Repeat("b", 16)+"-01")
		},
		func(r *http.Request) { r.Header.Set("Tracestate", m[7]+"=1") },
		func(r *http.Request) { r.Header.Set("Baggage", "who="+m[7]) },
		func(r *http.Request) { r.Header.Set("User-Agent", m[14]) },
		func(r *http.Request) { r.Header.Set("Referer", "https://a.example/"+m[14]) },
		func(r *http.Request) { r.Header.Set("Cookie", "avow-person="+m[15]) },
		func(r *http.Request) {
			r.URL.Path = "/api/v1/platforms/" + m[5] + "/uses"
			r.Header.Set("Authorization", "Bearer avow_"+m[13])
		},
		func(r *http.Request) {
			r.URL.Path, r.Method = "/api/v1/platforms/goscom-pro/uses", "POST"
			r.Header.Set("Idempotency-Key", m[13])
		},
		func(r *http.Request) { r.RemoteAddr = "198.51.100.77:1" },
	} {
		r := httptest.NewRequest("GET", "/goscom-pro/", nil)
		change(r)
		a.do(r)
	}
}

// pages does what people and staff do in a browser.
func (a *target) pages(m []string, mail string) {
	for _, address := range []string{mail, m[4] + "@example.org", m[4], ""} {
		a.post("/goscom-pro/sign-in", url.Values{"address": {address}, "next": {m[6]}})
		a.clock.Add(time.Minute)
	}
	a.post("/goscom-pro/sign-in/code", url.Values{"at": {m[12] + "." + m[12]}, "code": {m[12]}})
	a.get("/goscom-pro/sign-in/code?at=" + m[12])
	p, err := a.server.Platform("")
	a.must(err)
	begun, err := p.BeginSignIn(context.Background(), "email", avow.NewPersonal(mail)) // its mail did not go out
	a.must(err)
	w := a.post("/goscom-pro/sign-in/code", url.Values{"at": {begun.Handle + ".x"}, "code": {begun.Code.Reveal()}})
	person := a.cookie(w, "avow-person")
	for _, path := range []string{"me", "me/data.json", "me/data.csv", "me/activity", "me/requests", "me/erase", "me/correct?item=" + m[6]} {
		a.get("/goscom-pro/"+path, person)
	}
	a.post("/goscom-pro/me/correct", url.Values{"item": {"account.nickname"}, "value": {m[3]}}, person)
	a.post("/goscom-pro/me/address", url.Values{"item": {"account.email"}, "value": {m[3] + "@example.com"}}, person)
	a.post("/goscom-pro/me/download", url.Values{}, person)
	a.post("/goscom-pro/me/erase", url.Values{"what": {m[6]}, "sure": {"yes"}}, person)
	a.post("/console/goscom-pro/sign-in", url.Values{"login": {m[9]}, "password": {m[10]}, "code": {m[12]}})
	a.get("/console/goscom-pro/subjects/" + m[5])
}

// arguments are what everybody on this machine can read of this process.
func arguments(t *testing.T) []byte {
	b, err := os.ReadFile("/proc/self/cmdline")
	if err != nil {
		t.Log("this system shows no arguments")
	}
	return b
}
