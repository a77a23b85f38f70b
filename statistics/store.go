package statistics

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var (
	insertRelease = db.Declare(`INSERT INTO statistics_release (id, set_name, purpose, audience, recipient, span_from, span_until,
		form, data, checked, hash, asked_by, asked_at, by_whom, released)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		"int text text text text int int text bytes text bytes text int text int")
	approveRelease = db.Declare(`UPDATE statistics_release SET by_whom = $1, released = $2 WHERE id = $3 AND released IS NULL`, "text int int").Must()
)

const (
	selectRelease = `SELECT id, set_name, purpose, audience, recipient, span_from, span_until, form, data, checked, hash,
		asked_by, asked_at, by_whom, released FROM statistics_release`
	selectOne  = selectRelease + ` WHERE id = $1`
	selectPage = selectRelease + ` WHERE id > $1 ORDER BY id LIMIT $2`
	selectLate = selectRelease + ` WHERE id < $1 ORDER BY id DESC LIMIT $2`
)

// A Release is counts that leave, or wait to.
type Release struct {
	ID        int64      `json:"id"`
	Set       string     `json:"set"`
	Purpose   string     `json:"purpose"`
	Audience  string     `json:"audience"`            // public, partners, affiliates, processor
	Recipient string     `json:"recipient,omitempty"` // the organisation that gets them
	From      time.Time  `json:"from"`
	Until     time.Time  `json:"until"`
	Form      string     `json:"form"` // json: counted here; csv: made elsewhere
	Data      []byte     `json:"-"`
	Check     Check      `json:"check"`
	Hash      []byte     `json:"hash"` // SHA-256 of what leaves
	AskedBy   string     `json:"asked_by"`
	AskedAt   time.Time  `json:"asked_at"`
	By        string     `json:"approved_by,omitempty"`
	Released  *time.Time `json:"released,omitempty"` // nil: it waits for somebody's approval
}

// add writes a release on an act.
func add(w db.Writer, r *Release) error {
	checked, err := json.Marshal(r.Check)
	if err != nil {
		return fmt.Errorf("statistics check: %w", err)
	}
	var released any
	if r.Released != nil {
		released = r.Released.UnixMicro()
	}
	w.Do(insertRelease, r.ID, r.Set, r.Purpose, r.Audience, r.Recipient, r.From.UnixMicro(), r.Until.UnixMicro(), r.Form, r.Data,
		string(checked), r.Hash, r.AskedBy, r.AskedAt.UnixMicro(), r.By, released)
	return nil
}

// Get returns a release, or fault.NotFound.
func Get(ctx context.Context, r db.Reader, id int64) (*Release, error) {
	x, err := scan(r.Row(ctx, selectOne, id))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "no release of statistics has this number: list them first")
	}
	if err != nil {
		return nil, fmt.Errorf("statistics releases: %w", err)
	}
	return x, nil
}

// List returns releases after a number, oldest first, at most limit.
func List(ctx context.Context, r db.Reader, after int64, limit int) ([]*Release, error) {
	return db.List(ctx, r, "statistics releases", scan, selectPage, after, int64(limit))
}

// Latest returns releases before a number, the newest first, at most limit.
func Latest(ctx context.Context, r db.Reader, before int64, limit int) ([]*Release, error) {
	return db.List(ctx, r, "statistics releases", scan, selectLate, before, int64(limit))
}

func scan(row db.Scanner) (*Release, error) {
	var (
		x                  Release
		from, until, asked int64
		released           *int64
		checked            string
	)
	if err := row.Scan(&x.ID, &x.Set, &x.Purpose, &x.Audience, &x.Recipient, &from, &until, &x.Form, &x.Data, &checked, &x.Hash,
		&x.AskedBy, &asked, &x.By, &released); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(checked), &x.Check); err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	x.From, x.Until, x.AskedAt = at(from), at(until), at(asked)
	if released != nil {
		t := at(*released)
		x.Released = &t
	}
	return &x, nil
}

func at(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
