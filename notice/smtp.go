package notice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	netmail "net/mail"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/avow-dev/avow/fault"
)

// A Security says how the connection to the mail server is protected.
type Security string

// The ways to protect a connection.
const (
	StartTLS Security = "starttls" // TLS after a greeting, and no mail without it: the default
	TLS      Security = "tls"      // TLS from the first byte (port 465)
	Plain    Security = "none"     // in clear: for a relay on the same machine
)

// Config is the mail server.
type Config struct {
	Host     string
	Port     int    // 0: 587, 465 with TLS, 25 in clear
	User     string // "": no sign-in
	Password string
	From     string        // address that mail comes from
	Security Security      // "": StartTLS
	Timeout  time.Duration // for connecting and for each step; 0: 15 seconds
	Name     string        // what this machine calls itself; "": its host name
	Roots    *x509.CertPool
}

// An SMTP sends mail through a mail server. It may be used by many goroutines.
type SMTP struct {
	config Config
	from   *netmail.Address
}

// NewSMTP checks a configuration. It connects to nobody.
func NewSMTP(c Config) (*SMTP, error) {
	if c.Host == "" {
		return nil, fault.New(fault.Invalid, "smtp: host: name the mail server")
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fault.New(fault.Invalid, "smtp: from: write the address that mail comes from, such as privacy@example.com")
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	switch c.Security {
	case "":
		c.Security = StartTLS
	case StartTLS, TLS, Plain:
	default:
		return nil, fault.New(fault.Invalid, "smtp: security %q: use starttls, tls or none", c.Security)
	}
	if c.Security == Plain && c.User != "" {
		return nil, fault.New(fault.Invalid, "smtp: a password is not sent in clear: use security starttls or tls")
	}
	s := &SMTP{c, from}
	_, err = s.client()
	return s, err
}

func (s *SMTP) client() (*mail.Client, error) {
	c := s.config
	options := []mail.Option{
		mail.WithTimeout(c.Timeout), mail.WithoutNoop(),
		mail.WithTLSConfig(&tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch c.Security {
	case TLS:
		options = append(options, mail.WithSSLPort(false))
	case Plain:
		options = append(options, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if c.Port != 0 { // after the policies, which set the usual port
		options = append(options, mail.WithPort(c.Port))
	}
	if c.Name != "" {
		options = append(options, mail.WithHELO(c.Name))
	}
	if c.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password))
	}
	client, err := mail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "smtp: the settings of the mail server do not go together")
	}
	return client, nil
}

// Send sends one message over a connection of its own.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	text, err := compose(m)
	if err != nil {
		return err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	// the brand is quoted here: the library does not, and refuses one with a quotation mark
	if err := msg.From((&netmail.Address{Name: oneLine(m.Brand), Address: s.from.Address}).String()); err != nil {
		return fault.New(fault.Invalid, "smtp: from: the address that mail comes from is refused")
	}
	if err := msg.To(m.To.Reveal()); err != nil { // err names the address
		return errAddress
	}
	msg.Subject(text.subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes, please
	for name, value := range ways(m.Content) {
		msg.SetGenHeader(mail.Header(name), value)
	}
	msg.SetBodyString(mail.TypeTextPlain, text.body)
	if d, ok := m.Content.(Done); ok && d.Receipt != nil {
		if err := msg.AttachReader("receipt.json", bytes.NewReader(d.Receipt)); err != nil {
			return fault.New(fault.Internal, "the receipt could not be attached")
		}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	return calm(client.DialAndSendWithContext(ctx, msg))
}

var errAddress = fault.New(fault.Invalid, "that address cannot be written to")

// calm says what went wrong without saying to whom: errors of the library name
// the recipient.
func calm(err error) error {
	if err == nil {
		return nil
	}
	send, ok := errors.AsType[*mail.SendError](err)
	switch {
	case !ok:
		return fault.New(fault.Busy, "the mail server cannot be reached, or refuses the sign-in: look at smtp in the configuration")
	case send.Reason == mail.ErrSMTPRcptTo && !send.IsTemp():
		return errAddress
	case send.Reason == mail.ErrSMTPMailFrom:
		return fault.New(fault.Busy, "the mail server does not take mail from this sender (%d): look at smtp: from in the configuration", send.ErrorCode())
	}
	return fault.New(fault.Busy, "the mail server did not take the message (%d): try again later", send.ErrorCode())
}
