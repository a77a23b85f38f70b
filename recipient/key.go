package recipient

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

var insertKey = db.Declare(`INSERT INTO recipient_key (id, recipient, public, document, recorded_by, at, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`, "int int bytes text text int int")

const selectKey = `SELECT id, public, document, recorded_by, at, entry FROM recipient_key WHERE recipient = $1 ORDER BY id DESC LIMIT 1`

// A SealKey is the public key to which what a recipient gets is sealed. The newest holds.
type SealKey struct {
	ID        int64 // from db.Number("recipient-key")
	Recipient policy.RecipientNo
	Public    []byte // X25519, 32 bytes
	Document  string // where it is attested whose key it is
	By        string // id of the member of staff who recorded it
	At        time.Time
	Entry     int64
}

// SetKey records a key. The time is the act's.
func SetKey(w db.Writer, k SealKey) {
	w.Do(insertKey, k.ID, int64(k.Recipient), k.Public, k.Document, k.By, w.Now().UnixMicro(), k.Entry)
}

// KeyOf returns the key of a recipient; ok is false where none is on record.
func KeyOf(ctx context.Context, r db.Reader, of policy.RecipientNo) (k SealKey, ok bool, err error) {
	at := int64(0)
	k.Recipient = of
	err = r.Row(ctx, selectKey, int64(of)).Scan(&k.ID, &k.Public, &k.Document, &k.By, &at, &k.Entry)
	if db.None(err) {
		return k, false, nil
	}
	if err != nil {
		return k, false, fmt.Errorf("recipient key: %w", err)
	}
	k.At = time.UnixMicro(at).UTC()
	return k, true, nil
}
