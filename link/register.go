package link

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var (
	insertLink = db.Declare(`INSERT INTO link_external (id, under, title, url, terms, recorded_by, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int text text text text text int")
	endLink = db.Declare(`UPDATE link_external SET ended = $2 WHERE id = $1 AND ended IS NULL`, "int int").Must()
	addLeft = db.Declare(`UPDATE link_external SET left_by = left_by + $2 WHERE id = $1`, "int int")
)

// The greatest lengths, in bytes.
const (
	maxURL   = 500
	maxTitle = 200
)

const (
	selectLinks = `SELECT id, under, title, url, terms, recorded_by, at, ended, left_by FROM link_external ORDER BY id`
	selectLink  = `SELECT id, under, title, url, terms, recorded_by, at, ended, left_by FROM link_external WHERE id = $1`
)

// A Link is an address outside the platform that people may be led to.
type Link struct {
	ID    int64      `json:"id"` // from db.Number("link")
	Under string     `json:"under"`
	Title string     `json:"title"`
	URL   string     `json:"url"`
	Terms string     `json:"terms"` // where that party's own policy stands
	By    string     `json:"staff"`
	At    time.Time  `json:"at"`
	Ended *time.Time `json:"ended,omitempty"`
	Left  int64      `json:"left"` // how often somebody was told and went on
}

// Check says what is wrong with an address of the outside world: fault.Invalid.
// Addresses have no name and password, and a person cannot hide in them.
func Check(what, address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fault.New(fault.Invalid, "%s: write a whole address, such as https://example.org/privacy", what)
	case u.User != nil:
		return fault.New(fault.Invalid, "%s: an address holds no name and no password", what)
	case len(address) > maxURL || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return fault.New(fault.Invalid, "%s: an address has at most %d characters and no blanks", what, maxURL)
	}
	return nil
}

// Check says what is wrong with a link: fault.Invalid.
func (l *Link) Check() error {
	if strings.TrimSpace(l.Title) == "" || len(l.Title) > maxTitle || !utf8.ValidString(l.Title) {
		return fault.New(fault.Invalid, "title: say whose site it is, in at most %d bytes", maxTitle)
	}
	if err := Check("url", l.URL); err != nil {
		return err
	}
	return Check("terms", l.Terms)
}

// Host is where a link leads, as people read it.
func (l *Link) Host() string {
	u, err := url.Parse(l.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Add puts a link on the register. The time is the act's.
func Add(w db.Writer, l Link) {
	w.Do(insertLink, l.ID, l.Under, l.Title, l.URL, l.Terms, l.By, w.Now().UnixMicro())
}

// End takes a link off the register at the act's time: nobody is led there any
// more. The act loses where it is off already.
func End(w db.Writer, id int64) { w.Do(endLink, id, w.Now().UnixMicro()) }

// Left adds people who were told and went on.
func Left(w db.Writer, id, n int64) { w.Do(addLeft, id, n) }

func scan(row db.Scanner) (l Link, err error) {
	var (
		at    int64
		ended *int64
	)
	if err := row.Scan(&l.ID, &l.Under, &l.Title, &l.URL, &l.Terms, &l.By, &at, &ended, &l.Left); err != nil {
		return l, err
	}
	l.At = time.UnixMicro(at).UTC()
	if ended != nil {
		t := time.UnixMicro(*ended).UTC()
		l.Ended = &t
	}
	return l, nil
}

// Get returns a link that people may be led to; fault.NotFound for any other.
func Get(ctx context.Context, r db.Reader, id int64) (Link, error) {
	l, err := scan(r.Row(ctx, selectLink, id))
	if db.None(err) || err == nil && l.Ended != nil {
		return Link{}, fault.New(fault.NotFound, "no link of this number is on the register")
	}
	if err != nil {
		return Link{}, fmt.Errorf("link get: %w", err)
	}
	return l, nil
}

// List returns every link, those that ended among them, oldest first.
func List(ctx context.Context, r db.Reader) ([]Link, error) {
	return db.List(ctx, r, "link list", scan, selectLinks)
}
