package rights

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// A postOffice is a mail server in the test.
type postOffice struct {
	mu    sync.Mutex
	mails []string
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (p *postOffice) Mail(string, *smtp.MailOptions) error        { return nil }
func (p *postOffice) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (p *postOffice) Reset()                                      {}
func (p *postOffice) Logout() error                               { return nil }
func (p *postOffice) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, string(b))
	return err
}

// opened starts the server and returns a sender that talks to it.
func (p *postOffice) opened(t *testing.T) notice.Sender {
	t.Helper()
	server := smtp.NewServer(p)
	server.Domain, server.ReadTimeout, server.WriteTimeout = "mail.test", 5*time.Second, 5*time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	sender, err := notice.NewSMTP(notice.Config{
		Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "privacy@lamp-shop.de", Security: notice.Plain, Name: "avow.test", Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// attached returns the receipt of a mail, and who it is for.
func attached(t *testing.T, raw string) (to string, receipt []byte) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.FileName() != "receipt.json" {
			continue
		}
		receipt, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		if err != nil {
			t.Fatal(err)
		}
	}
	return m.Header.Get("To"), receipt
}

func TestWhoWasErasedGetsTheReceiptByMailBeforeTheKeyDies(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		office := &postOffice{}
		s.shut()
		s.mail = office.opened(t)
		s.open()
		mia, _ := s.people()
		a := asked(policy.Erasure, "email", "mia@lamp.test")
		a.Language = "zh-CN"
		id := s.approved(a)
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		v := s.wants(id, Delivered)
		if len(office.mails) != 1 || v.Informed == nil || v.KeyEnded == nil || v.Informed.After(*v.KeyEnded) {
			t.Fatalf("%d mails; informed %v, key ended %v", len(office.mails), v.Informed, v.KeyEnded)
		}
		to, receipt := attached(t, office.mails[0])
		if !strings.Contains(to, "contact@lamp.test") {
			t.Errorf("the mail went to %q", to)
		}
		report, err := plan.VerifyReceipt(receipt, s.log.Key())
		s.must(err)
		if report.Body.Request != string(id) || report.Body.Right != policy.Erasure {
			t.Errorf("the receipt is about %s", report.Body.Request)
		}
		if s.entries(mia.Num, audit.NoticeSent) == 0 {
			t.Error("the log does not say that the person was told")
		}
	})
}

// closed is a mail server that is never there.
type closed struct{ tries int }

func (c *closed) Send(context.Context, notice.Message) error {
	c.tries++
	return fault.New(fault.Busy, "the mail server cannot be reached")
}

func TestAMailServerThatIsAwayDoesNotKeepTheKeyAlive(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		away := &closed{}
		s.shut()
		s.mail = away
		s.open()
		s.people()
		id := s.approved(asked(policy.Erasure, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		for range maxTries + 1 {
			s.run()
			s.clock.Add(time.Hour)
		}
		v := s.wants(id, Delivered)
		if v.KeyEnded == nil || v.Informed != nil || v.NotTold != "busy" || away.tries != maxTries {
			t.Errorf("key ended %v, informed %v, not told %q after %d tries", v.KeyEnded, v.Informed, v.NotTold, away.tries)
		}
	})
}

func TestPeopleAreToldThatAPackageWaitsAndWhyARequestIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		v := s.wants(id, VerifiedAfter)
		mails := s.box.Messages()
		if len(mails) != 1 || !strings.Contains(mails[0].Body, "https://privacy.lamp.test/requests/"+string(id)) || mails[0].Receipt != nil {
			t.Fatalf("mailed: %+v", mails)
		}
		if v.Expires == nil || !strings.Contains(mails[0].Body, v.Expires.Format("2 January 2006")) {
			t.Errorf("the mail does not say until when: %s", mails[0].Body)
		}
		id, err := s.rights.Receive(t.Context(), asked(policy.Portability, "email", "ben@lamp.test"), support())
		s.must(err)
		s.must(s.rights.Refuse(t.Context(), id, Reason{Code: "excessive", Cite: "gdpr-12-5"}, s.officer()))
		s.run()
		s.run()
		mails = s.box.Messages()
		if len(mails) != 2 {
			t.Fatalf("%d mails after a refusal", len(mails))
		}
		for _, want := range []string{"again and again", "gdpr-12-5", "Berlin Commissioner", "datenschutz-berlin.de", string(id)} {
			if !strings.Contains(mails[0].Body, want) {
				t.Errorf("the refusal lacks %q:\n%s", want, mails[0].Body)
			}
		}
	})
}

func TestAPackageIsForThePersonAndForStaffWhoHandleIt(t *testing.T) {
	s := newStack(t, db.SQLite)
	mia, ben := s.people()
	_ = ben
	id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	s.run()
	officer, self := s.officer(), self()
	somebody, key, masked := self, support(), officer
	somebody.ID = string(ben.ID)
	for _, r := range s.version.Policy.Roles() {
		if r.Name == "support" {
			masked.Role = r.No
		}
	}
	for name, by := range map[string]struct {
		actor gate.Actor
		want  fault.Kind
	}{
		"nobody": {self, fault.Denied}, "somebody else": {somebody, fault.Denied}, "a program's key": {key, fault.Denied},
		"staff who see masked values": {masked, fault.Denied}, "staff without a name": {gate.Actor{Role: officer.Role}, fault.Denied},
	} {
		var out bytes.Buffer
		if err := s.rights.Deliver(t.Context(), id, by.actor, &out); fault.Of(err) != by.want || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, out.Len())
		}
	}
	if n := s.entries(mia.Num, audit.Delivered); n != 0 {
		t.Errorf("%d deliveries in the log before anybody had it", n)
	}
	s.must(s.rights.Deliver(t.Context(), id, officer, io.Discard))
	s.must(s.rights.Deliver(t.Context(), id, s.owner(id), io.Discard))
	if s.show(id).Fetched != 2 || s.entries(mia.Num, audit.Delivered)+s.entries(mia.Num, audit.Exported) < 2 {
		t.Error("the fetches are not counted, or not in the log that the person sees")
	}
}

func TestAPackageLivesForSevenDaysUnlessSetOtherwise(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		q, _, err := s.rights.load(t.Context(), id)
		s.must(err)
		s.clock.Add(7*24*time.Hour - time.Minute)
		s.must(s.rights.Deliver(t.Context(), id, s.owner(id), io.Discard))
		s.clock.Add(2 * time.Minute)
		if err := s.rights.Deliver(t.Context(), id, s.owner(id), io.Discard); fault.Of(err) != fault.NotFound {
			t.Errorf("after its time: %v", err)
		}
		s.run()
		if _, err := s.rights.details(t.Context(), q); fault.Of(err) != fault.NotFound {
			t.Errorf("the key of the package lives on: %v", err)
		}
	})
}

func TestACorrectionReachesAPackageThatWaits(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		mia, _ := s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		before, _, err := s.rights.load(ctx, id)
		s.must(err)
		right := s.approved(correcting("account.phone", "+4930555111"))
		s.must(s.rights.Run(ctx, right, support()))
		s.run()
		s.run()
		s.wants(right, Delivered)
		v := s.wants(id, VerifiedAfter)
		if _, err := s.rights.details(ctx, before); fault.Of(err) != fault.NotFound {
			t.Errorf("the key of the package with the old value lives on: %v", err)
		}
		var zipped bytes.Buffer
		s.must(s.rights.Deliver(ctx, id, s.owner(id), &zipped))
		for name, content := range files(t, zipped.Bytes()) {
			if strings.Contains(content, "30901820") {
				t.Errorf("%s holds the old number", name)
			}
			if name == "data.json" && !strings.Contains(content, "+4930555111") {
				t.Error("the new number is not in the package")
			}
		}
		s.must(s.rights.Rebuild(ctx, mia.Num)) // a correction after the fetch
		if err := s.rights.Deliver(ctx, id, s.owner(id), io.Discard); fault.Of(err) != fault.NotFound || !strings.Contains(err.Error(), "corrected or erased") {
			t.Errorf("a package that a correction has overtaken: %v", err)
		}
		if v.Expires == nil {
			t.Error("the package made anew has no end")
		}
	})
}

func TestAPackageMadeAnewStillEnds(t *testing.T) {
	s := newStack(t, db.SQLite)
	mia, _ := s.people()
	id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	s.run()
	s.clock.Add(5 * 24 * time.Hour)
	s.must(s.rights.Rebuild(t.Context(), mia.Num))
	s.run()
	s.wants(id, VerifiedAfter)
	s.clock.Add(3 * 24 * time.Hour) // the time of the first package
	s.run()
	s.wants(id, VerifiedAfter)
	s.clock.Add(5 * 24 * time.Hour)
	s.run()
	if v := s.wants(id, Expired); v.KeyEnded == nil {
		t.Error("the key outlives the package")
	}
}

func TestPortabilityGivesWhatThePersonGaveOnConsentOrContract(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Portability, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.wants(id, VerifiedAfter)
		var zipped bytes.Buffer
		s.must(s.rights.Deliver(t.Context(), id, s.owner(id), &zipped))
		got := files(t, zipped.Bytes())
		for _, name := range []string{"data.json", "data.csv"} {
			for _, want := range []string{"mia@lamp.test", "30901820", "for mia bedroom", "mia bought a moon lamp", "user.contact.email"} {
				if !strings.Contains(got[name], want) {
					t.Errorf("%s lacks %q", name, want)
				}
			}
			for _, not := range []string{"ben", "argon2id", "mia-secret", "Miaweg", "Mia Miesbach"} { // secrets, and categories without a declared purpose
				if strings.Contains(got[name], not) {
					t.Errorf("%s holds %q", name, not)
				}
			}
		}
		if got["index.html"] != "" || got["schema.json"] == "" || got["data.csv-metadata.json"] == "" {
			t.Errorf("the package has %d files", len(got))
		}
		warned := false
		for _, sys := range s.show(id).Plan.Systems {
			for _, w := range sys.Warnings {
				warned = warned || strings.Contains(w, "user.contact.address")
			}
		}
		if !warned {
			t.Error("the plan does not say which categories cannot be taken along")
		}
	})
}
