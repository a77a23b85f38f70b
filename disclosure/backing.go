package disclosure

import (
	"context"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var (
	insertBacking = db.Declare(`INSERT INTO disclosure_backing (subject, id, need, recipient, scenario, ref, items, recorded_by, let_in, at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, "int int int int text text bytes text text int int")
	endBacking     = db.Declare(`UPDATE disclosure_backing SET until = $3 WHERE subject = $1 AND id = $2`, "int int int")
	deleteBackings = db.Declare(`DELETE FROM disclosure_backing WHERE subject = $1`, "int")
)

const selectBackings = `SELECT id, need, recipient, scenario, ref, items, recorded_by, let_in, at, until
	FROM disclosure_backing WHERE subject = $1 ORDER BY id`

// A Backing is a record that stands behind disclosures of a subject's data: an
// approval, a finding, a recipient's request, an open ticket. It holds no
// personal data: Ref is the number of an order, a case or a ticket.
type Backing struct {
	ID        int64       // from db.Number("backing")
	Need      policy.Need // which need it meets
	Recipient policy.RecipientNo
	Scenario  string // name of the sharing case, of an approval
	Ref       string
	Items     []policy.ItemNo // of an approval
	By        string          // id of the member of staff who recorded it
	For       string          // of a task: id of the member of staff who is let in
	At        time.Time
	Until     time.Time // it stands no longer
}

// Back adds a backing to a subject, and returns it as it will be read. The time is
// the act's.
func Back(w db.Writer, subject int64, b Backing) Backing {
	b.At, b.Until = w.Now(), b.Until.Truncate(time.Microsecond).UTC()
	w.Do(insertBacking, subject, b.ID, int64(b.Need), int64(b.Recipient), b.Scenario, b.Ref, PackItems(b.Items), b.By, b.For, b.At.UnixMicro(), b.Until.UnixMicro())
	return b
}

// EndBacking ends a backing of a subject at the act's time.
func EndBacking(w db.Writer, subject, id int64) {
	w.Do(endBacking, subject, id, w.Now().UnixMicro())
}

// Backings returns every backing of a subject, those that ended among them, the
// oldest first.
func Backings(ctx context.Context, r db.Reader, subject int64) ([]Backing, error) {
	return db.List(ctx, r, "disclosure backings", scanBacking, selectBackings, subject)
}

func scanBacking(row db.Scanner) (b Backing, err error) {
	var (
		need, recipient, at, until int64
		items                      []byte
	)
	if err := row.Scan(&b.ID, &need, &recipient, &b.Scenario, &b.Ref, &items, &b.By, &b.For, &at, &until); err != nil {
		return b, err
	}
	b.Need, b.Recipient, b.Items = policy.Need(need), policy.RecipientNo(recipient), UnpackItems(items)
	b.At, b.Until = time.UnixMicro(at).UTC(), time.UnixMicro(until).UTC()
	return b, nil
}

// Standing returns the backings of a subject that stand at t, as decisions read
// them, for a use by a member of staff. Nobody approves what they do themselves.
func Standing(ctx context.Context, r db.Reader, subject int64, actor string, t time.Time) ([]policy.Backing, error) {
	all, err := Backings(ctx, r, subject)
	if err != nil {
		return nil, err
	}
	var out []policy.Backing
	for _, b := range all {
		if !b.Until.After(t) || b.Need == policy.NeedApproval && b.By == actor ||
			b.Need == policy.NeedTask && (b.For != actor || actor == "") {
			continue
		}
		p := policy.Backing{Need: b.Need, Recipient: b.Recipient, Ref: b.Ref}
		p.Scenario, _ = policy.ParseScenario(b.Scenario) // written from a Scenario
		for _, n := range b.Items {
			p.Items.Add(n)
		}
		out = append(out, p)
	}
	return out, nil
}
