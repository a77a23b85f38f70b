package attestation

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// The duties that each of the staff has before they may see personal data, where the
// policy asks for them (security.staff).
const (
	Training    = "staff-training"
	Undertaking = "staff-undertaking"
)

var putPledge = db.Declare(`INSERT INTO attestation_person (staff, duty, signer, signed, until, hash, note, entry)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (staff, duty) DO UPDATE SET signer = excluded.signer, signed = excluded.signed, until = excluded.until,
	hash = excluded.hash, note = excluded.note, entry = excluded.entry`, "text text text int int bytes text int")

const (
	selectPledges = `SELECT staff, duty, signer, signed, until, hash, note, entry FROM attestation_person WHERE staff = $1 ORDER BY duty`
	selectAll     = `SELECT staff, duty, signer, signed, until, hash, note, entry FROM attestation_person ORDER BY staff, duty`
)

// A Pledge is what one of the staff was trained in or promised, and until when that
// holds.
type Pledge struct {
	Staff string `json:"staff"`
	Duty  string `json:"duty"`
	Signed
}

// Asked lists what the policy asks of each of the staff before they may see data.
func Asked(p *policy.Policy) (out []string) {
	if p.Security().Training {
		out = append(out, Training)
	}
	if p.Security().Undertaking {
		out = append(out, Undertaking)
	}
	return out
}

// AskedOf returns one of the duties of [Asked] or, where the policy does not ask for
// it, fault.NotFound. Where the policy gives it no period it comes round every year.
func AskedOf(p *policy.Policy, name string) (Duty, error) {
	for _, want := range Asked(p) {
		if want != name {
			continue
		}
		d, err := Find(p, name, "")
		if err == nil {
			return d, nil
		}
		var year policy.Period
		_ = year.UnmarshalText([]byte(usual)) // cannot fail: it is a constant
		return Duty{Name: name, Every: year, Assumed: true}, nil
	}
	return Duty{}, fault.New(fault.NotFound, "the policy does not ask that of each of the staff: write training: required or undertaking: required under security.staff")
}

// Pledged writes what one of the staff was trained in or promised, in place of what
// was written before.
func Pledged(w db.Writer, staff string, d Duty, s Signature, until time.Time, entry int64) {
	var hash any
	if s.Hash != nil {
		hash = s.Hash
	}
	w.Do(putPledge, staff, d.Name, s.By, w.Now().UnixMicro(), until.UnixMicro(), hash, s.Note, entry)
}

// Pledges returns what one of the staff was trained in and promised; of everybody
// where staff is "".
func Pledges(ctx context.Context, r db.Reader, staff string) ([]Pledge, error) {
	sql, args := selectAll, []any{}
	if staff != "" {
		sql, args = selectPledges, []any{staff}
	}
	return db.List(ctx, r, "attestation people", scanPledge, sql, args...)
}

func scanPledge(row db.Scanner) (p Pledge, err error) {
	var (
		at, until int64
		hash      []byte
	)
	if err := row.Scan(&p.Staff, &p.Duty, &p.By, &at, &until, &hash, &p.Note, &p.Entry); err != nil {
		return p, err
	}
	p.Hash, p.At, p.Until = hex.EncodeToString(hash), time.UnixMicro(at).UTC(), time.UnixMicro(until).UTC()
	return p, nil
}

// Lacks says which of the duties of a policy one of the staff has not done, or whose
// time is over at a moment: "" for none. until is when the next of them ends.
func Lacks(p *policy.Policy, have []Pledge, now time.Time) (duty string, until time.Time) {
	for _, want := range Asked(p) {
		holds := time.Time{}
		for _, x := range have {
			if x.Duty == want {
				holds = x.Until
			}
		}
		if !holds.After(now) {
			return want, time.Time{}
		}
		if until.IsZero() || holds.Before(until) {
			until = holds
		}
	}
	return "", until
}
