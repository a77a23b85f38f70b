package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
)

// A Vault keeps the values of one platform.
type Vault struct {
	data    *db.DB
	clock   *db.DB // the key store, for its clock
	keys    *seal.Keyring
	gate    *gate.Gate
	journal *journal.Journal
	others  Holders

	secrets argon2id.Params
	hashing hashing
	endings endings
}

// Config is what a vault stands on.
type Config struct {
	Data     *db.DB
	KeyStore *db.DB
	Keys     *seal.Keyring
	Gate     *gate.Gate
	Journal  *journal.Journal
	Others   Holders

	// Secrets says how hard secrets are to guess for who has stolen the store; the zero
	// Params are those that argon2id recommends, 64 MiB once over.
	Secrets argon2id.Params
}

// Holders are others who may hold something of what is erased here: packages that wait
// to be fetched. The zero Holders hold nothing.
type Holders struct {
	// Ask asks with the act that begins an erasure whether there are any of a subject, of
	// whatever kind. What it returns says so when the act is committed.
	Ask func(*db.Act, int64) func() (bool, error)

	// End has them let go. It is called when the keys of an erasure are dead, and until it
	// returns nil the erasure has not ended: whatever happens to this process, it is
	// called again. It can be repeated.
	End func(context.Context, int64) error
}

// New returns a vault.
func New(c Config) *Vault {
	if c.Secrets == (argon2id.Params{}) {
		c.Secrets = *argon2id.DefaultParams
	}
	return &Vault{data: c.Data, clock: c.KeyStore, keys: c.Keys, gate: c.Gate, journal: c.Journal, others: c.Others, secrets: c.Secrets, endings: newEndings()}
}

// tries bounds how often an act is begun anew because the subject's facts had
// moved on. Under ordinary use it is one or two.
const tries = 16

// errContended is what remains when every try was lost.
func errContended(what string) error {
	return fault.New(fault.Busy, "%s: this subject's record changes faster than it can be read: try again", what)
}

// again runs fn, first on facts that may be cached, then on fresh ones for as
// long as its act is lost to a change of the subject.
func (v *Vault) again(ctx context.Context, what string, num int64, fn func(*gate.State) (done bool, err error)) error {
	s, err := v.gate.State(ctx, num)
	return v.until(ctx, what, num, s, err, fn)
}

// freshly is [Vault.again] on fresh facts from the first.
func (v *Vault) freshly(ctx context.Context, what string, num int64, fn func(*gate.State) (done bool, err error)) error {
	s, err := v.gate.Fresh(ctx, num)
	return v.until(ctx, what, num, s, err, fn)
}

func (v *Vault) until(ctx context.Context, what string, num int64, s *gate.State, err error, fn func(*gate.State) (done bool, err error)) error {
	for range tries {
		if err != nil {
			return err
		}
		done, err := fn(s)
		switch {
		case db.Lost(err) || (err == nil && !done):
			if s, err = v.gate.Fresh(ctx, num); err != nil {
				return err
			}
		default:
			return err
		}
	}
	return errContended(what)
}

// usedOf returns the rows of a subject that hold any of the items, as
// [Vault.used] does, a page in a query: what is added between two pages, a use
// need not see.
func (v *Vault) usedOf(ctx context.Context, num int64, now time.Time, items *policy.ItemSet) ([]row, error) {
	return v.usedAfter(ctx, nil, num, 0, now, items)
}

// usedAfter adds to rows those of a subject that come after one of them.
func (v *Vault) usedAfter(ctx context.Context, out []row, num, after int64, now time.Time, items *policy.ItemSet) (_ []row, err error) {
	for {
		out, after, err = v.used(ctx, out, num, after, now, items)
		if err != nil || after == 0 {
			return out, err
		}
	}
}

// held returns the rows of a subject that are not dying already: those whose
// key no erasure under way has named.
func (v *Vault) held(ctx context.Context, num int64) (out []row, err error) {
	rows, err := v.data.Ask(ctx, askHeld, num, int64(0), int64(page))
	if err != nil {
		return nil, fmt.Errorf("vault rows: %w", err)
	}
	return v.heldAfter(ctx, num, rows)
}

// heldAfter returns the rows of a first page, and those after it.
func (v *Vault) heldAfter(ctx context.Context, num int64, rows *db.Rows) (out []row, err error) {
	for {
		some, e := scanRows(rows, err)
		if out = append(out, some...); e != nil || len(some) < page {
			return out, e
		}
		rows, err = v.data.Ask(ctx, askHeld, num, some[len(some)-1].id, int64(page))
	}
}

// sealRow seals data as the row with this id.
func (v *Vault) sealRow(ctx context.Context, num, id int64, key seal.KeyID, data []datum) ([]byte, error) {
	b, err := v.keys.Seal(ctx, key, seal.AAD{Subject: num, Value: id}, pack(data))
	if fault.Of(err) == fault.NotFound {
		return nil, db.ErrLost // the key was erased since the facts were read: read them again
	}
	return b, err
}

// openRow opens a row. Callers hold leave: a Grant or a Warrant.
func (v *Vault) openRow(ctx context.Context, num int64, r row) ([]datum, error) {
	b, err := v.keys.Open(ctx, r.key, seal.AAD{Subject: num, Value: r.id}, r.sealed)
	if err != nil {
		return nil, fmt.Errorf("vault row: %w", err)
	}
	return unpack(b)
}

// newKey takes a key from the pool and binds it in the act.
func (v *Vault) newKey(ctx context.Context, act *db.Act, num int64, c policy.ClassNo, bucket int64) (seal.KeyID, error) {
	k, err := v.keys.Next(ctx)
	if err != nil {
		return 0, fmt.Errorf("vault key: %w", err)
	}
	v.keys.Bind(act, num, seal.Class(c), bucket, k)
	return k, nil
}

// Index returns the blind index of a value that is an identifier of this kind.
func (v *Vault) Index(kind, value string) ([]byte, error) {
	for _, item := range v.gate.InForce().Policy.Items() {
		if item.Identifier == kind {
			return v.index(item, value)
		}
	}
	normal, err := seal.NormalForm(kind, value)
	if err != nil {
		return nil, err
	}
	return v.keys.Index(kind, normal), nil
}

// index returns the blind index of a value of an identifying item. The item's
// type knows more ways to write the value than the kind of identifier does.
func (v *Vault) index(item *policy.Item, value string) ([]byte, error) {
	normal, err := policy.Normal(item.Type, value)
	if err != nil {
		return nil, err
	}
	if normal, err = seal.NormalForm(item.Identifier, normal); err != nil {
		return nil, err
	}
	return v.keys.Index(item.Identifier, normal), nil
}
