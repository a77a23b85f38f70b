package cookie

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

var (
	beginBrowser = db.Declare(`INSERT INTO cookie_browser (browser, said, until, signal, policy, entry, answers) VALUES ($1, 0, 0, 0, 0, 0, '{}')
		ON CONFLICT (browser) DO NOTHING`, "bytes")
	saveBrowser = db.Declare(`UPDATE cookie_browser SET said = $1, until = $2, signal = $3, policy = $4, entry = $5, answers = $6 WHERE browser = $7`,
		"int int int int int text bytes").Must()
	deleteBrowser = db.Declare(`DELETE FROM cookie_browser WHERE browser = $1`, "bytes")
	// Two statements, since PostgreSQL updates no row twice in one: the first is merged
	// over all acts of a group, the second is done for each.
	beginVisits = db.Declare(`INSERT INTO cookie_visit (beacon, page, day, visits, members) VALUES ($1, $2, $3, 0, 0)
		ON CONFLICT (beacon, page, day) DO NOTHING`, "text text int")
	addVisit = db.Declare(`UPDATE cookie_visit SET visits = visits + 1, members = members + $1 WHERE beacon = $2 AND page = $3 AND day = $4`,
		"int text text int").Must()
)

const (
	selectBrowser = `SELECT said, until, signal, policy, entry, answers FROM cookie_browser WHERE browser = $1`
	selectLapsed  = `SELECT browser FROM cookie_browser WHERE until <= $1 ORDER BY until LIMIT $2`
	selectVisits  = `SELECT beacon, page, day, visits, members FROM cookie_visit WHERE beacon = $1 AND day >= $2 AND day < $3 ORDER BY day, page`
)

// answers is how a choice stands in its row.
type answers struct {
	Marks map[string]string `json:"m"`
	Yes   []string          `json:"y"`
}

// Put writes what a browser said, in the place of what it said before.
func Put(w db.Writer, id ID, c *Choice) error {
	b, err := json.Marshal(answers{c.Marks, c.Yes})
	if err != nil {
		return fmt.Errorf("cookie choice: %w", err)
	}
	signal := int64(0)
	if c.Signal {
		signal = 1
	}
	w.Do(beginBrowser, id.hash())
	w.Do(saveBrowser, c.At.UnixMicro(), c.Until.UnixMicro(), signal, int64(c.Policy), c.Entry, string(b), id.hash())
	return nil
}

// Forget deletes a browser.
func Forget(w db.Writer, id ID) { w.Do(deleteBrowser, id.hash()) }

// Get returns what a browser said; nil where nothing is on record.
func Get(ctx context.Context, r db.Reader, id ID) (*Choice, error) {
	var (
		c                         Choice
		said, until, signal, from int64
		text                      string
		a                         answers
	)
	err := r.Row(ctx, selectBrowser, id.hash()).Scan(&said, &until, &signal, &from, &c.Entry, &text)
	if db.None(err) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &a)
	}
	if err != nil {
		return nil, fmt.Errorf("cookie choice: %w", err)
	}
	c.At, c.Until, c.Signal, c.Policy = time.UnixMicro(said).UTC(), time.UnixMicro(until).UTC(), signal != 0, uint64(from)
	c.Marks, c.Yes = a.Marks, a.Yes
	return &c, nil
}

// Sweep deletes browsers whose answers have ended, at most limit, and returns how
// many there were.
func Sweep(ctx context.Context, r db.Reader, w db.Writer, now time.Time, limit int) (n int, err error) {
	rows, err := r.Query(ctx, selectLapsed, now.UnixMicro(), limit)
	if err != nil {
		return 0, fmt.Errorf("cookie sweep: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hash []byte
		if err := rows.Scan(&hash); err != nil {
			return n, fmt.Errorf("cookie sweep: %w", err)
		}
		w.Do(deleteBrowser, hash)
		n++
	}
	return n, rows.Err()
}

// A Visit is how often a beacon was seen on a page on a day.
type Visit struct {
	Beacon  string    `json:"beacon"`
	Page    string    `json:"page"`
	Day     time.Time `json:"day"`
	Visits  int64     `json:"visits"`
	Members int64     `json:"members"` // of these, by people who were signed in
}

// Count adds one visit. member says that it was somebody with an account, and not who.
func Count(w db.Writer, beacon, page string, now time.Time, member bool) {
	members := int64(0)
	if member {
		members = 1
	}
	w.Do(beginVisits, beacon, page, day(now))
	w.Do(addVisit, members, beacon, page, day(now))
}

const dayLong = 24 * 60 * 60

func day(t time.Time) int64 { return t.Unix() / dayLong }

// Visits returns the counts of a beacon from one day until another.
func Visits(ctx context.Context, r db.Reader, beacon string, from, until time.Time) ([]Visit, error) {
	return db.List(ctx, r, "visits", scanVisit, selectVisits, beacon, day(from), day(until))
}

func scanVisit(row db.Scanner) (v Visit, err error) {
	var on int64
	if err := row.Scan(&v.Beacon, &v.Page, &on, &v.Visits, &v.Members); err != nil {
		return v, err
	}
	v.Day = time.Unix(on*dayLong, 0).UTC()
	return v, nil
}
