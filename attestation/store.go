package attestation

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/avow-dev/avow/internal/db"
)

var (
	insertSigned = db.Declare(`INSERT INTO attestation (id, duty, signer, signed, until, hash, note, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, "int text text int int bytes text int")
	putOwner = db.Declare(`INSERT INTO attestation_owner (duty, owner) VALUES ($1, $2)
	ON CONFLICT (duty) DO UPDATE SET owner = excluded.owner`, "text text")
)

const (
	selectNewest = `SELECT duty, id, signer, signed, until, hash, note, entry FROM attestation
	WHERE id IN (SELECT max(id) FROM attestation GROUP BY duty)`
	selectHistory = `SELECT duty, id, signer, signed, until, hash, note, entry FROM attestation
	WHERE duty = $1 ORDER BY id DESC LIMIT $2`
	selectOwners = `SELECT duty, owner FROM attestation_owner WHERE owner <> ''`
)

// Newest returns the newest signature of each duty, by [Duty.Key].
func Newest(ctx context.Context, r db.Reader) (map[string]Signed, error) {
	out := map[string]Signed{}
	err := read(ctx, r, func(duty string, s Signed) { out[duty] = s }, selectNewest)
	return out, err
}

// History returns the newest signatures of a duty, the last one first.
func History(ctx context.Context, r db.Reader, d Duty, limit int) (out []Signed, err error) {
	err = read(ctx, r, func(_ string, s Signed) { out = append(out, s) }, selectHistory, d.Key(), limit)
	return out, err
}

func read(ctx context.Context, r db.Reader, found func(duty string, s Signed), sql string, args ...any) error {
	return db.Each(ctx, r, "attestations", func(rows *db.Rows) error {
		var (
			duty      string
			s         Signed
			at, until int64
			hash      []byte
		)
		if err := rows.Scan(&duty, &s.ID, &s.By, &at, &until, &hash, &s.Note, &s.Entry); err != nil {
			return err
		}
		s.Hash = hex.EncodeToString(hash)
		s.At, s.Until = time.UnixMicro(at).UTC(), time.UnixMicro(until).UTC()
		found(duty, s)
		return nil
	}, sql, args...)
}

// Owners returns who sees to which duty, by [Duty.Key].
func Owners(ctx context.Context, r db.Reader) (map[string]string, error) {
	return db.Map[string, string](ctx, r, "attestation owners", selectOwners)
}
