package notice

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

const (
	someone  = "lin.wei@example.cn"
	password = "correct horse"
)

// A post is a mail server in the test.
type post struct {
	mu     sync.Mutex
	mails  []string
	users  []string
	refuse bool // every recipient
	port   int
	roots  *x509.CertPool
}

type visit struct {
	p    *post
	auth bool
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if pass != password {
			return smtp.ErrAuthFailed
		}
		v.p.mu.Lock()
		defer v.p.mu.Unlock()
		v.p.users, v.auth = append(v.p.users, user), true
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if !v.auth {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if v.p.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox " + to}
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	v.p.mails = append(v.p.mails, string(b))
	return err
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// open starts a mail server that offers STARTTLS and takes mail only from who
// has signed in.
func open(t *testing.T) *post {
	t.Helper()
	p := &post{}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{p: p}, nil }))
	s.TLSConfig, p.roots = certificate(t)
	s.Domain, s.ReadTimeout, s.WriteTimeout = "mail.test", 5*time.Second, 5*time.Second
	s.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return p
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

func (p *post) sender(t *testing.T, change func(*Config)) *SMTP {
	t.Helper()
	c := Config{
		Host: "127.0.0.1", Port: p.port, User: "avow", Password: password, From: "privacy@example.com",
		Roots: p.roots, Timeout: 5 * time.Second, Name: "avow.test",
	}
	if change != nil {
		change(&c)
	}
	s, err := NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func code(lang string) Message {
	return Message{To: seal.NewPersonal(someone), Lang: lang, Brand: "高斯 Pro", Content: Code{"428 117", 10}}
}

func TestACodeIsMailedUnderTLSAfterSigningIn(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		p := open(t)
		if err := p.sender(t, nil).Send(context.Background(), code(lang)); err != nil {
			t.Fatal(err)
		}
		if len(p.mails) != 1 || len(p.users) != 1 || p.users[0] != "avow" {
			t.Fatalf("%d mails from %v", len(p.mails), p.users)
		}
		m, err := mail.ReadMessage(strings.NewReader(p.mails[0]))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || !strings.Contains(subject, "428 117") {
			t.Errorf("%s: subject %q, %v", lang, subject, err)
		}
		from, err := mail.ParseAddress(m.Header.Get("From"))
		if err != nil || from.Name != "高斯 Pro" || from.Address != "privacy@example.com" {
			t.Errorf("from %v, %v", from, err)
		}
		if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("User-Agent") != "" {
			t.Error("the headers of an automatic mail are wrong")
		}
	}
}

func TestNothingIsSentWithoutTLSOrToAnUnknownCertificate(t *testing.T) {
	p := open(t)
	s := p.sender(t, func(c *Config) { c.Roots = x509.NewCertPool() })
	if err := s.Send(context.Background(), code("en")); fault.Of(err) != fault.Busy {
		t.Errorf("an unknown certificate gave %v", err)
	}
	if len(p.mails) != 0 || len(p.users) != 0 {
		t.Error("a mail or a password went to a server with an unknown certificate")
	}
}

func TestErrorsNameNobody(t *testing.T) {
	p := open(t)
	p.refuse = true
	for name, s := range map[string]*SMTP{
		"refused":        p.sender(t, nil),
		"wrong password": p.sender(t, func(c *Config) { c.Password = "wrong" }),
		"no server":      p.sender(t, func(c *Config) { c.Port = 1 }),
	} {
		err := s.Send(context.Background(), code("en"))
		if err == nil {
			t.Fatalf("%s: sent", name)
		}
		if text := err.Error(); strings.Contains(text, "lin.wei") || strings.Contains(text, password) || strings.Contains(text, "428") {
			t.Errorf("%s: the error tells: %s", name, text)
		}
		want := fault.Busy
		if name == "refused" {
			want = fault.Invalid
		}
		if fault.Of(err) != want {
			t.Errorf("%s: %s, want %s: %v", name, fault.Of(err), want, err)
		}
	}
	bad := code("en")
	bad.To = seal.NewPersonal("lin.wei at example")
	if err := p.sender(t, nil).Send(context.Background(), bad); fault.Of(err) != fault.Invalid || strings.Contains(err.Error(), "lin.wei") {
		t.Errorf("an address that is none gave %v", err)
	}
}

func TestSettingsThatCannotWorkAreRefusedAtStart(t *testing.T) {
	for name, c := range map[string]Config{
		"no host":           {From: "a@b.example"},
		"no sender":         {Host: "mail"},
		"unknown security":  {Host: "mail", From: "a@b.example", Security: "some"},
		"password in clear": {Host: "mail", From: "a@b.example", Security: Plain, User: "u", Password: "p"},
	} {
		if _, err := NewSMTP(c); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryLetterIsWrittenInBothLanguages(t *testing.T) {
	when := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	for _, lang := range []string{"en", "zh-CN"} {
		for _, c := range []Content{
			Code{"123456", 10},
			Received{"req_1", "Have it erased", "1 April 2026", "https://x.example/a"},
			Done{"req_1", "See what we hold", true, when, "https://x.example/a", []byte("{}"), "The Authority", "https://authority.example"},
			CaseOpened{"case_1", "question", "1 April 2026", "case_0", "https://x.example/a"},
			CaseAnswered{"case_1", "Thirty days.", "The Authority", "https://authority.example", "https://x.example/a"},
			CaseDelayed{"case_1", "it is complex", "1 April 2026", "https://x.example/a"},
			CaseClosed{"case_1", "solved", "The Authority", "https://authority.example", "https://x.example/a"},
			Replaced{when, "privacy@x.example"},
		} {
			l, err := compose(Message{Lang: lang, Brand: "Shop", Content: c})
			if err != nil {
				t.Fatal(err)
			}
			if l.subject == "" || len(l.body) < 60 || strings.Contains(l.subject+l.body, "<no value>") || strings.Contains(l.body, "{{") {
				t.Errorf("%s %s: %q %q", lang, c.kind(), l.subject, l.body)
			}
			if (lang == "zh-CN") != strings.ContainsRune(l.body, '您') {
				t.Errorf("%s %s is in the wrong language", lang, c.kind())
			}
		}
	}
}

// Whose language is not known is written to in each: both subjects, both texts.
func TestOneMailSaysTheSameInSeveralLanguages(t *testing.T) {
	said := func(lang, brand, what string) Said {
		return Said{lang, brand, Changed{From: "2026", What: []string{what}, Link: "https://p.example/versions"}}
	}
	m := NewMailbox(1, time.Now)
	if err := m.Send(t.Context(), Message{To: seal.NewPersonal("a@b.example"), Lang: "en", Content: Several{said("en", "Shop", "A new purpose"), said("zh-CN", "商店", "新增用途")}}); err != nil {
		t.Fatal(err)
	}
	got := m.Messages()[0]
	for _, want := range []string{"Shop: a change", "商店：隐私政策变更通知"} {
		if !strings.Contains(got.Subject, want) {
			t.Errorf("the subject %q lacks %q", got.Subject, want)
		}
	}
	for _, want := range []string{"- A new purpose", "* * *", "- 新增用途"} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("the text lacks %q: %s", want, got.Body)
		}
	}
}

func TestABrandCannotWriteHeaders(t *testing.T) {
	l, err := compose(Message{Lang: "en", Brand: "Shop\r\nBcc: x@y.example", Content: Code{"1", 10}})
	if err != nil || strings.ContainsAny(l.subject, "\r\n") {
		t.Errorf("subject %q, %v", l.subject, err)
	}
}

func TestABrandWithQuotationMarksSendsMail(t *testing.T) {
	for _, brand := range []string{`The "Lamp"`, `back\slash`, `A <b@c.example>, D`, `"`} {
		p := open(t)
		m := code("en")
		m.Brand = brand
		if err := p.sender(t, nil).Send(context.Background(), m); err != nil {
			t.Errorf("%s: %v", brand, err)
			continue
		}
		got, err := mail.ReadMessage(strings.NewReader(p.mails[0]))
		if err != nil {
			t.Fatal(err)
		}
		from, err := mail.ParseAddress(got.Header.Get("From"))
		if err != nil || from.Name != brand || from.Address != "privacy@example.com" {
			t.Errorf("%s: from %v, %v", brand, from, err)
		}
	}
}

func TestTheMailboxKeepsTheLastMessages(t *testing.T) {
	b := NewMailbox(2, func() time.Time { return time.Unix(0, 0).UTC() })
	var s Sender = b
	for _, c := range []string{"1", "2", "3"} {
		m := code("en")
		m.Content = Code{c, 10}
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	got := b.Messages()
	if len(got) != 2 || !strings.HasPrefix(got[0].Subject, "3 ") || !strings.HasPrefix(got[1].Subject, "2 ") {
		t.Errorf("kept %v", got)
	}
	if got[0].To.Reveal() != someone {
		t.Error("the mailbox lost the address")
	}
}
