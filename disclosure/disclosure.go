package disclosure

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var (
	insertDisclosure = db.Declare(`INSERT INTO disclosure (subject, id, recipient, purpose, items, scenario, at, entry)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, "int int int int bytes text int int")
	deleteDisclosures = db.Declare(`DELETE FROM disclosure WHERE subject = $1`, "int")
)

const selectDisclosures = `SELECT id, recipient, purpose, items, scenario, at, entry
	FROM disclosure WHERE subject = $1 ORDER BY at, id`

// A Disclosure says what went to whom.
type Disclosure struct {
	ID        int64 // from db.Number("disclosure")
	Recipient policy.RecipientNo
	Purpose   policy.PurposeNo
	Items     []policy.ItemNo
	Scenario  string // name of the sharing scenario
	At        time.Time
	Entry     int64 // id of the log entry that granted it
}

// Record adds a disclosure. The time is the act's.
func Record(w db.Writer, subject int64, d Disclosure) {
	w.Do(insertDisclosure, subject, d.ID, int64(d.Recipient), int64(d.Purpose), PackItems(d.Items), d.Scenario, w.Now().UnixMicro(), d.Entry)
}

var askDisclosures = db.DeclareQuery(selectDisclosures, "int")

// List returns the disclosures of a subject's data, oldest first.
func List(ctx context.Context, r db.Reader, subject int64) ([]Disclosure, error) {
	return db.List(ctx, r, "disclosure list", scan, selectDisclosures, subject)
}

// ListOf asks for the disclosures of a subject's data. Once the inquiry has run,
// what it returns gives them, oldest first.
func ListOf(in *db.Inquiry, subject int64) func() ([]Disclosure, error) {
	rows := in.Ask(askDisclosures, subject)
	return func() ([]Disclosure, error) { return db.Collect(rows, "disclosure list", scan) }
}

func scan(row db.Scanner) (d Disclosure, err error) {
	var (
		at    int64
		items []byte
	)
	if err := row.Scan(&d.ID, &d.Recipient, &d.Purpose, &items, &d.Scenario, &at, &d.Entry); err != nil {
		return d, err
	}
	d.Items, d.At = UnpackItems(items), time.UnixMicro(at).UTC()
	return d, nil
}

// EraseAll removes the disclosures of a subject, and what stood behind them. What
// was disclosed stays provable from the sealed part of the log for as long as the
// log class lives.
func EraseAll(w db.Writer, subject int64) {
	w.Do(deleteDisclosures, subject)
	w.Do(deleteBackings, subject)
}

// PackItems codes item numbers as two bytes each, big-endian.
func PackItems(items []policy.ItemNo) []byte {
	b := make([]byte, 0, 2*len(items))
	for _, n := range items {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

// UnpackItems reads what [PackItems] wrote. A torn last byte is passed over.
func UnpackItems(b []byte) []policy.ItemNo {
	items := make([]policy.ItemNo, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		items = append(items, policy.ItemNo(binary.BigEndian.Uint16(b)))
	}
	return items
}
