package publication

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
)

// A ShowingID names one time that the policy was shown to somebody: "shw_" and 26
// characters, ordered by time. It says nothing of who that was; an app keeps it and
// names it with what it collects.
type ShowingID string

const showingPrefix = "shw"

// ParseShowing checks that s has the form of a ShowingID.
func ParseShowing(s string) (ShowingID, error) {
	if !id.Valid(showingPrefix, s) {
		return "", fault.New(fault.Invalid, "a showing of the policy has the form shw_ and 26 letters and digits, as its recording returned it")
	}
	return ShowingID(s), nil
}

// A Showing is one time that the policy was shown, before anything was collected.
type Showing struct {
	ID       ShowingID
	Version  int64  // number of the version that was shown
	Surface  string // where, as the policy names it
	Language string
	At       time.Time
	Entry    int64
}

var insertShowing = db.Declare(`INSERT INTO policy_shown (id, version, surface, language, at, entry) VALUES ($1, $2, $3, $4, $5, $6)`, "text int text text int int")

const selectShowing = `SELECT version, surface, language, at, entry FROM policy_shown WHERE id = $1`

// NewShowing returns the id of a showing at a moment.
func NewShowing(at time.Time) ShowingID { return ShowingID(id.Ordered(showingPrefix, at)) }

// Show records a showing. The time is the act's.
func Show(w db.Writer, s Showing) {
	w.Do(insertShowing, string(s.ID), s.Version, s.Surface, s.Language, w.Now().UnixMicro(), s.Entry)
}

// Shown returns a showing; fault.NotFound where there was none under this id.
func Shown(ctx context.Context, r db.Reader, want ShowingID) (Showing, error) {
	s, at := Showing{ID: want}, int64(0)
	err := r.Row(ctx, selectShowing, string(want)).Scan(&s.Version, &s.Surface, &s.Language, &at, &s.Entry)
	if db.None(err) {
		return s, fault.New(fault.NotFound, "no showing of the policy is on record under this id: record it when the policy is on the screen")
	}
	if err != nil {
		return s, fmt.Errorf("publication shown: %w", err)
	}
	s.At = time.UnixMicro(at).UTC()
	return s, nil
}
