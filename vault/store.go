package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

var (
	insertRow = db.Declare(`INSERT INTO vault_row (subject, id, class, bucket, key, items, point, source, at, due, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, "int int int int int bytes text text int int bytes")
	rekeyRow      = db.Declare(`UPDATE vault_row SET key = $1, items = $2, sealed = $3 WHERE subject = $4 AND id = $5`, "int bytes bytes int int")
	deleteRow     = db.Declare(`DELETE FROM vault_row WHERE subject = $1 AND id = $2`, "int int")
	deleteRows    = db.Declare(`DELETE FROM vault_row WHERE subject = $1 AND key = $2`, "int int")
	deleteErasure = db.Declare(`DELETE FROM vault_erasure WHERE subject = $1 AND key = $2`, "int int")
)

var (
	askUsed = db.DeclareQuery(`SELECT id, key, items, at, sealed FROM vault_row
		WHERE subject = $1 AND id > $2 AND (due IS NULL OR due > $3) ORDER BY id LIMIT $4`, "int int int int")
	askHeld = db.DeclareQuery(`SELECT id, class, bucket, key, items, point, source, at, due, sealed FROM vault_row r
		WHERE subject = $1 AND id > $2 AND NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.subject = r.subject AND e.key = r.key)
		ORDER BY id LIMIT $3`, "int int int")
	askMany  = db.DeclareQuery(`SELECT id FROM vault_row WHERE subject = $1 ORDER BY id LIMIT 1 OFFSET $2`, "int int")
	askItems = db.DeclareQuery(`SELECT items FROM vault_row WHERE subject = $1`, "int")
)

const (
	selectRows = `SELECT id, class, bucket, key, items, point, source, at, due, sealed FROM vault_row
		WHERE subject = $1 AND id > $2 ORDER BY id LIMIT $3`

	selectHeads = `SELECT id, class, bucket, key, items, point, source, at, due FROM vault_row WHERE subject = $1 ORDER BY id`

	deleteSome = `DELETE FROM vault_row WHERE subject = $1 AND id IN
		(SELECT id FROM vault_row WHERE subject = $1 AND key = $2 ORDER BY id LIMIT 500)`
	countSealed = `SELECT count(*) FROM vault_row WHERE subject = $1 AND key = $2`
)

// A row is values sealed together.
type row struct {
	id     int64
	class  policy.ClassNo
	bucket int64
	key    seal.KeyID
	items  []policy.ItemNo
	point  string
	source string // partner:NAME, law:CITE, or "": the person or their device
	at     time.Time
	due    time.Time // zero: not known yet
	sealed []byte
}

func (r row) holds(items *policy.ItemSet) bool {
	for _, n := range r.items {
		if items.Has(n) {
			return true
		}
	}
	return false
}

func (r row) has(item policy.ItemNo) bool {
	for _, n := range r.items {
		if n == item {
			return true
		}
	}
	return false
}

const (
	page      = 500
	firstPage = 64 // of what comes with the commit of an act, which others wait for
)

// rows returns all rows of a subject.
func rows(ctx context.Context, r db.Reader, num int64) ([]row, error) {
	var all []row
	after := int64(0)
	for {
		some, err := rowsAfter(ctx, r, num, after)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < page {
			return all, nil
		}
		after = some[len(some)-1].id
	}
}

// rowsAfter returns the next page of a subject's rows.
func rowsAfter(ctx context.Context, r db.Reader, num, after int64) ([]row, error) {
	return scanRows(r.Query(ctx, selectRows, num, after, int64(page)))
}

func scanRows(rs *db.Rows, err error) ([]row, error) {
	if err != nil {
		return nil, fmt.Errorf("vault rows: %w", err)
	}
	defer rs.Close()
	var out []row
	for rs.Next() {
		x, err := scanRow(rs, true)
		if err != nil {
			return nil, fmt.Errorf("vault rows: %w", err)
		}
		out = append(out, x)
	}
	return out, rs.Err()
}

// used adds to rows the next page of a subject's rows whose retention has not ended
// and that hold any of the items, with what a use needs of them: a use pays for
// every column. It returns the last id of a full page, 0 when there is no more.
func (v *Vault) used(ctx context.Context, to []row, num, after int64, now time.Time, items *policy.ItemSet) ([]row, int64, error) {
	rs, err := v.data.Ask(ctx, askUsed, num, after, now.UnixMicro(), int64(page))
	if err != nil {
		return nil, 0, fmt.Errorf("vault rows: %w", err)
	}
	return gather(rs, to, items, page)
}

// gather adds to rows those of a page of askUsed that hold any of the items, and
// returns the last id of a full page, 0 when there is no more.
func gather(rs *db.Rows, to []row, items *policy.ItemSet, page int) (_ []row, last int64, err error) {
	n := 0
	for ; rs.Next(); n++ {
		x, err := scanUsed(rs)
		if err != nil {
			return nil, 0, err
		}
		if last = x.id; x.holds(items) {
			to = append(to, x)
		}
	}
	if n < page {
		last = 0
	}
	return to, last, rs.Err()
}

func scanRow(rs *db.Rows, sealed bool) (row, error) {
	var (
		x              row
		class, key, at int64
		items          []byte
		due            *int64
	)
	dest := []any{&x.id, &class, &x.bucket, &key, &items, &x.point, &x.source, &at, &due}
	if sealed {
		dest = append(dest, &x.sealed)
	}
	if err := rs.Scan(dest...); err != nil {
		return row{}, err
	}
	x.class, x.key, x.items = policy.ClassNo(class), seal.KeyID(key), disclosure.UnpackItems(items)
	x.at = time.UnixMicro(at).UTC()
	if due != nil {
		x.due = time.UnixMicro(*due).UTC()
	}
	return x, nil
}
