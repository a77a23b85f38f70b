package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
)

// certificate writes a certificate of its own signature for localhost.
func certificate(t *testing.T, dir, name string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// serving starts the web server of a configuration and returns its address.
func serving(t *testing.T, config string) (s *avow.Server, l *webListener, end func() error) {
	t.Helper()
	dir := t.TempDir()
	certificate(t, dir, "localhost")
	file := filepath.Join(dir, "avow.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := avow.ReadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = avow.Open(t.Context(), c, avow.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if l, err = listenWeb(c, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serveWeb(ctx, c, h, l) }()
	return s, l, func() error { stop(); return <-done }
}

func TestTheServerSpeaksTLSAndTakesARenewedCertificate(t *testing.T) {
	s, l, end := serving(t, "tls: {cert: cert.pem, key: key.pem}\n")
	serial := func(max uint16) string {
		t.Helper()
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: max})
		if err != nil {
			return ""
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	first := serial(tls.VersionTLS13)
	if first == "" || serial(tls.VersionTLS12) != first {
		t.Error("TLS 1.2 and 1.3 are not both spoken")
	}
	if serial(tls.VersionTLS11) != "" {
		t.Error("TLS 1.1 is spoken")
	}
	dir := filepath.Dir(s.Config().Path("cert.pem"))
	certificate(t, dir, "localhost")
	later := time.Now().Add(time.Minute)
	for _, name := range []string{"cert.pem", "key.pem"} {
		if err := os.Chtimes(filepath.Join(dir, name), later, later); err != nil {
			t.Fatal(err)
		}
	}
	second := serial(tls.VersionTLS13)
	if second == "" || second == first {
		t.Error("a renewed certificate is not taken")
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if serial(tls.VersionTLS13) != second {
		t.Error("a certificate that is half written ends TLS")
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	resp, err := client.Get(l.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	client.CloseIdleConnections()
	if err := end(); err != nil {
		t.Errorf("ending: %v", err)
	}
}

func TestPlainHTTPLeadsToTLS(t *testing.T) {
	for _, c := range []struct {
		method, host string
		status       int
		location     string
	}{
		{"GET", "privacy.example.org:80", 301, "https://privacy.example.org/a?b=c"},
		{"HEAD", "privacy.example.org", 301, "https://privacy.example.org/a?b=c"},
		{"POST", "privacy.example.org", 403, ""},
	} {
		r := httptest.NewRequest(c.method, "http://"+c.host+"/a?b=c", nil)
		w := httptest.NewRecorder()
		toTLS(w, r)
		if w.Code != c.status || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s: %d %s", c.method, c.host, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestAnAnswerThatHasBegunIsFinished(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		io.WriteString(w, "whole")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended, answered := make(chan error, 1), make(chan string, 1)
	go func() { ended <- runWeb(ctx, webServer(h), l) }()
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answered <- string(b)
	}()
	<-begun
	stop()
	select {
	case err := <-ended:
		t.Fatalf("the server ended in the middle of an answer: %v", err)
	default:
	}
	close(release)
	if got := <-answered; got != "whole" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAListenerThatCannotBeSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := listenWeb(&avow.Config{}, taken.Addr().String()); fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), "--listen") {
		t.Errorf("a taken port: %v", err)
	}
	if _, err := listenWeb(&avow.Config{TLS: &avow.TLS{Cert: "none", Key: "none"}}, "127.0.0.1:0"); fault.Of(err) != fault.Invalid {
		t.Errorf("a certificate that is not there: %v", err)
	}
}
