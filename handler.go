package avow

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/session"
	"github.com/avow-dev/avow/web"
	"github.com/avow-dev/avow/web/banner"
	"github.com/avow-dev/avow/web/centre"
	"github.com/avow-dev/avow/web/console"
	"github.com/avow-dev/avow/web/rest"
)

// Handler returns the HTTP server of all doors: REST, and the pages.
func (s *Server) Handler() (http.Handler, error) {
	f, err := s.frame()
	if err != nil {
		return nil, err
	}
	if err := s.addDoors(f); err != nil {
		return nil, err
	}
	return f.Handler(), nil
}

// frame returns the frame of the server's pages, without doors.
func (s *Server) frame() (*web.Frame, error) {
	sessions, err := session.New(s.settings)
	if err != nil {
		return nil, err
	}
	secret, err := secretFile(filepath.Join(s.config.path(s.config.Keys), "web.key"))
	if err != nil {
		return nil, err
	}
	c := web.Config{
		Platforms: s.platforms, Sessions: sessions, Hosts: map[string]string{}, Secure: s.config.Secure || s.config.TLS != nil,
		Secret: secret, Logger: s.options.Logger,
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Trace, err = s.tracer(); err != nil {
		return nil, err
	}
	for _, p := range s.config.Platforms {
		for _, host := range p.Hosts {
			c.Hosts[host] = p.ID
		}
	}
	if c.Proxies, err = prefixes(s.config.Proxies); err != nil {
		return nil, err
	}
	if c.Operators, err = prefixes(s.config.Operators); err != nil {
		return nil, err
	}
	return web.New(c)
}

// addDoors puts every door on the frame.
func (s *Server) addDoors(f *web.Frame) error {
	f.Add(rest.New(rest.Config{Frame: f, Staff: s.staff}).Doors()...)
	if s.options.Doors != nil {
		f.Add(s.options.Doors(f)...)
	}
	mail, err := s.mail()
	if err != nil {
		return err
	}
	for _, p := range s.platforms {
		c := centre.New(centre.Config{Frame: f, Platform: p, Mail: mail, URL: s.config.URL, Logger: s.options.Logger})
		f.Add(banner.New(banner.Config{Frame: f, Platform: p}).Doors()...)
		f.Add(c.Door(), console.New(console.Config{
			Frame: f, Platform: p, Staff: s.staff, Logger: s.options.Logger,
			Draft: func() (publication.Text, error) { return s.Draft(p.ID()) },
		}).Door())
	}
	return nil
}

// mail returns what sends mail: what the program brought, else the server of the
// configuration, else nothing.
func (s *Server) mail() (notice.Sender, error) {
	c := s.config.SMTP
	if s.options.Mail != nil {
		return s.options.Mail, nil
	}
	if c == nil {
		return noMail{}, nil
	}
	password, err := s.config.secret("", c.PasswordFile)
	if err != nil {
		return nil, err
	}
	return notice.NewSMTP(notice.Config{
		Host: c.Host, Port: c.Port, User: c.User, Password: password, From: c.From, Security: notice.Security(c.Security),
	})
}

// noMail stands where no mail server is configured.
type noMail struct{}

// Send says what is missing.
func (noMail) Send(context.Context, notice.Message) error {
	return fault.New(fault.Busy, "this server has no mail server: set smtp: in the configuration")
}

// prefixes reads networks.
func prefixes(list []string) (out []netip.Prefix, err error) {
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, aerr := netip.ParseAddr(text); err != nil && aerr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is not a network: write it like 10.0.0.0/8, or one address", text)
		}
		out = append(out, p)
	}
	return out, nil
}

// secretFile reads 32 random bytes from a file that only its owner can read, made
// on first use. Who has lost it is signed out, and nothing else.
func secretFile(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		b = make([]byte, 32)
		rand.Read(b)
		err = os.WriteFile(name, b, 0o600)
	}
	if err == nil && len(b) != 32 {
		err = errors.New("it does not have 32 bytes")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the secret file %s cannot be used: make it readable, or remove it, which signs everybody out", name)
	}
	return b, nil
}
