package avow

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/calendar"
)

// Config is avow.yaml. Relative paths count from the file's own folder.
// Secrets are never written into it: a field that ends in _file names a file
// whose content, without a final line break, is the secret.
type Config struct {
	// Listen is where the server takes connections, such as 127.0.0.1:8470.
	// The CLI does not need it: it talks to a running server through a socket
	// in the data directory.
	Listen string `yaml:"listen"`

	// URL is where people reach the server, such as https://privacy.example.org,
	// for links in mails. Without it mails have no links.
	URL string `yaml:"url"`

	// TLS makes Listen a TLS listener (1.2 at least). Without it the server speaks
	// plain HTTP: on a loopback address, or behind a proxy that ends TLS.
	TLS *TLS `yaml:"tls"`

	// Secure says that a proxy in front ends TLS. Cookies are then marked Secure,
	// and browsers are told to stay with TLS. With TLS set it is always so.
	Secure bool `yaml:"secure"`

	// Proxies are the addresses or networks of those proxies. Only of them is
	// X-Forwarded-For believed, which rate limits count by.
	Proxies []string `yaml:"proxies"`

	// Operators are the addresses or networks that may read /metrics, besides the
	// machine itself.
	Operators []string `yaml:"operators"`

	// Data is the directory of the embedded engine's stores, the lock and the
	// socket. One process owns it.
	Data string `yaml:"data"`

	// Keys is the directory of everything that opens the data: key stores of
	// the embedded engine, epoch files, the master key, log signers. Keep it on
	// another disk than Data, and out of its backups.
	Keys string `yaml:"keys"`

	// Journal is the directory of the erasure journals. Ship it apart from the
	// archives of data and keys: a restore needs a journal that is newer.
	Journal string `yaml:"journal"`

	// EpochEvery is how often the key that wraps all data keys moves on, such as
	// P7D: so long do old copies of destroyed keys stay dangerous at most. A
	// backup of the keys dies with its epoch, so back them up as often. Empty:
	// only avow keys epoch moves it.
	EpochEvery string `yaml:"epoch_every"`

	// Backup writes archives by a schedule while the server runs. Without it only avow
	// backup writes them.
	Backup *Backups `yaml:"backup"`

	// Packages is how long a package with a person's data waits to be fetched, such
	// as P7D, which holds when it is left out. After that its key is destroyed.
	Packages string `yaml:"packages"`

	// PostgreSQL takes the place of the embedded engine where it is set.
	PostgreSQL *PostgreSQL `yaml:"postgresql"`

	// SMTP sends mail to people.
	SMTP *SMTP `yaml:"smtp"`

	// Links says how addresses outside are called to see whether they answer.
	Links *LinksConfig `yaml:"links"`

	// Traces sends spans of requests to a collector. Without it there are none.
	Traces *Traces `yaml:"traces"`

	// Platforms are the controllers' products that this server hosts, isolated
	// from each other.
	Platforms []PlatformConfig `yaml:"platforms"`

	dir string // where relative paths count from
}

// PostgreSQL names the clusters. Each platform has a schema of its own in them.
type PostgreSQL struct {
	// Data is the connection string of the cluster for data and server
	// settings; DataFile reads it from a file.
	Data     string `yaml:"data"`
	DataFile string `yaml:"data_file"`

	// Keys is the connection string of the cluster for keys: another cluster
	// than Data's (I-7).
	Keys     string `yaml:"keys"`
	KeysFile string `yaml:"keys_file"`

	// SameCluster accepts keys and data in one cluster. Backups and write-ahead
	// logs of that cluster then hold both, and every receipt says so.
	SameCluster bool `yaml:"same_cluster"`
}

// TLS names certificate and key, in PEM. They are read again when the files
// change, so that a renewal needs no restart.
type TLS struct {
	// Cert is the certificate with its chain.
	Cert string `yaml:"cert"`

	// Key is its private key.
	Key string `yaml:"key"`

	// Plain is where plain HTTP is answered with a redirect to TLS, such as :80;
	// nowhere when left out.
	Plain string `yaml:"plain"`
}

// SMTP is the server that takes mail.
type SMTP struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"`
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
	From         string `yaml:"from"`

	// Security is how the connection is protected: starttls (when left out), tls,
	// or none, for a server on this machine.
	Security string `yaml:"security"`
}

// Traces is the collector that spans go to, by OTLP over HTTP.
type Traces struct {
	// Endpoint is its address for traces, such as
	// https://collector.example.org/v1/traces; http only on this machine.
	Endpoint string `yaml:"endpoint"`

	// HeadersFile names a file of headers that go with every sending, one a line,
	// as name: value. The collector's key is one.
	HeadersFile string `yaml:"headers_file"`

	// Share is how many requests of all are recorded, above 0 and up to 1; all of
	// them when left out.
	Share *float64 `yaml:"share"`
}

// PlatformConfig is one platform.
type PlatformConfig struct {
	// ID names the platform in URLs, logs and on the command line: lower-case
	// letters, digits and dashes. It must be the policy file's own.
	ID string `yaml:"id"`

	// Policy is the policy file.
	Policy string `yaml:"policy"`

	// Hosts are hostnames of the platform's own. There / leads to its centre, and
	// no other platform is shown.
	Hosts []string `yaml:"hosts"`

	// Systems are the outside stores that hold personal data of the platform.
	Systems []SystemConfig `yaml:"systems"`
}

// SystemConfig is one outside store.
type SystemConfig struct {
	// Kind is the kind of connector: sqlite, postgres or mysql (also for MariaDB).
	Kind string `yaml:"kind"`

	// Map is the data map: which rows are a person's, and what becomes of them.
	Map string `yaml:"map"`

	// File is the database file, for sqlite.
	File string `yaml:"file"`

	// DSN is the connection string, for postgres and mysql; DSNFile reads it from a
	// file.
	DSN     string `yaml:"dsn"`
	DSNFile string `yaml:"dsn_file"`
}

// ReadConfig reads and checks a configuration file. The error names file, line
// and what to write instead.
func ReadConfig(file string) (*Config, error) {
	src, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no %s: write one (avow platform add does), or name another with --config", file)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", file)
	}
	c := &Config{dir: filepath.Dir(file)}
	d := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict(), yaml.DisallowUnknownField())
	if err := d.Decode(c); err != nil {
		return nil, fault.New(fault.Invalid, "%s: %s", file, yaml.FormatError(err, false, true))
	}
	if err := c.check(file); err != nil {
		return nil, err
	}
	return c, nil
}

var platformID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,40}$`)

// check completes the configuration and reports everything that is wrong with
// it at once.
func (c *Config) check(file string) error {
	var wrong []string
	say := func(text string) { wrong = append(wrong, file+": "+text) }
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Keys == "" {
		c.Keys = "keys"
	}
	if c.Journal == "" {
		c.Journal = "journal"
	}
	if c.path(c.Keys) == c.path(c.Data) {
		say("keys and data are the same directory: keys live apart from the data they open")
	}
	if c.packageLife() < 0 {
		say("packages: write how long a package waits in days or hours, such as P7D")
	}
	if c.EpochEvery != "" {
		if _, err := calendar.Parse(c.EpochEvery); err != nil {
			say("epoch_every: write a period such as P7D")
		}
	}
	c.Backup.check(c, say)
	if p := c.PostgreSQL; p != nil {
		if (p.Data == "") == (p.DataFile == "") {
			say("postgresql: give data or data_file, one of them")
		}
		if (p.Keys == "") == (p.KeysFile == "") {
			say("postgresql: give keys or keys_file, one of them")
		}
	}
	if text := c.Traces.wrong(); text != "" {
		say(text)
	}
	for _, text := range c.wrongWeb() {
		say(text)
	}
	if text := c.Links.wrong(); text != "" {
		say(text)
	}
	seen := map[string]bool{}
	for _, p := range c.Platforms {
		switch {
		case !platformID.MatchString(p.ID):
			say("platforms: id \"" + p.ID + "\": use lower-case letters, digits and dashes, at most 41, beginning with a letter")
		case seen[p.ID]:
			say("platforms: " + p.ID + " stands twice")
		case p.Policy == "":
			say("platforms: " + p.ID + ": policy: name the policy file")
		}
		seen[p.ID] = true
		for _, s := range p.Systems {
			if text := s.wrong(); text != "" {
				say("platforms: " + p.ID + ": systems: " + text)
			}
		}
	}
	if len(wrong) > 0 {
		return fault.New(fault.Invalid, "%s", strings.Join(wrong, "\n"))
	}
	return nil
}

// wrongWeb says what is wrong with the part about the web server.
func (c *Config) wrongWeb() (wrong []string) {
	if c.TLS != nil && (c.TLS.Cert == "" || c.TLS.Key == "") {
		wrong = append(wrong, "tls: name both files, cert and key")
	}
	for _, list := range [][]string{c.Proxies, c.Operators} {
		if _, err := prefixes(list); err != nil {
			wrong = append(wrong, "proxies, operators: "+fault.Message(err))
		}
	}
	hosts := map[string]bool{}
	for _, p := range c.Platforms {
		for _, h := range p.Hosts {
			if h == "" || h != strings.ToLower(h) || strings.ContainsAny(h, "/: ") {
				wrong = append(wrong, "platforms: "+p.ID+": hosts: \""+h+"\": write a hostname in lower case, without scheme and port")
			}
			if hosts[h] {
				wrong = append(wrong, "platforms: "+p.ID+": hosts: "+h+" stands twice")
			}
			hosts[h] = true
		}
	}
	return wrong
}

func (s SystemConfig) wrong() string {
	switch {
	case s.Map == "":
		return "map: name the data map of each system"
	case s.Kind == "sqlite" && s.File == "":
		return "file: name the database file of a sqlite system"
	case s.Kind != "sqlite" && s.Kind != "postgres" && s.Kind != "mysql":
		return "kind \"" + s.Kind + "\": use sqlite, postgres or mysql"
	case s.Kind != "sqlite" && (s.DSN == "") == (s.DSNFile == ""):
		return "give dsn or dsn_file of a " + s.Kind + " system, one of them"
	}
	return ""
}

// packageLife is how long a package waits; 0 where the configuration does not say,
// negative where what it says is no time of days and hours.
func (c *Config) packageLife() time.Duration {
	if c.Packages == "" {
		return 0
	}
	p, err := calendar.Parse(c.Packages)
	if err != nil || p.IsZero() || p.Months != 0 || p.WorkDays != 0 {
		return -1
	}
	return time.Duration(p.Days)*24*time.Hour + time.Duration(p.Seconds)*time.Second
}

// path returns name as the process can open it.
func (c *Config) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}

// secret returns a value that stands in the configuration or in a file.
func (c *Config) secret(value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	b, err := os.ReadFile(c.path(file))
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "%s cannot be read", file)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

// Path returns a file name of the configuration as the process can open it.
func (c *Config) Path(name string) string { return c.path(name) }

// DataDir returns the directory of the stores, as the process can open it.
func (c *Config) DataDir() string { return c.path(c.Data) }
