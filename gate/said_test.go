package gate_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

// A desk is two gates over one ledger, and one person.
type desk struct {
	t         *testing.T
	data      *db.DB
	clock     *dbtest.Clock
	near, far *gate.Gate
	num       int64
}

func newDesk(t *testing.T, e db.Engine) *desk {
	t.Helper()
	d, dir := &desk{t: t, clock: dbtest.NewClock()}, t.TempDir()
	c := dbtest.Config(t, e, db.Data)
	c.Clock = d.clock.Now
	var err error
	d.data, err = db.Open(t.Context(), c)
	d.must(err)
	t.Cleanup(func() { d.data.Close() })
	kms, err := seal.FileKMS(filepath.Join(dir, "master.json"))
	d.must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms)
	d.must(err)
	ring, err := seal.Open(t.Context(), seal.Config{Platform: "lamp-shop", Keys: dbtest.Open(t, e, db.Keys), Data: d.data, Epoch: epoch})
	d.must(err)
	t.Cleanup(ring.Close)
	log, err := audit.Open(t.Context(), audit.Config{Platform: "lamp-shop", Data: d.data, Keys: ring, SignerFile: filepath.Join(dir, "signer")})
	d.must(err)
	src, err := os.ReadFile("../policy/testdata/base.yaml")
	d.must(err)
	p, _, err := policy.Load("base.yaml", src, nil)
	d.must(err)
	v, err := publication.Enter(t.Context(), d.data, log, p, src)
	d.must(err)
	for _, g := range []**gate.Gate{&d.near, &d.far} {
		*g, err = gate.New(gate.Config{Data: d.data, Keys: ring, Log: log, InForce: func() *publication.Version { return v }})
		d.must(err)
	}
	d.num, err = d.data.Number(t.Context(), "subject")
	d.must(err)
	n := subject.New{Num: d.num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: p.Version()}
	n.LogKey, err = ring.Next(t.Context())
	d.must(err)
	act := d.data.NewAct()
	subject.Register(act, n)
	ring.Bind(act, n.Num, seal.LogClass, 0, n.LogKey)
	d.must(d.data.Commit(t.Context(), act))
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// says adds what the person says, on facts that the near gate remembers.
func (d *desk) says(r consent.Record) {
	d.t.Helper()
	s, err := d.near.State(d.t.Context(), d.num)
	d.must(err)
	act := d.data.NewAct()
	_, err = d.near.Exercise(d.t.Context(), act, s, gate.Duty{Kind: audit.Consented, Control: policy.ConsentRecord})
	d.must(err)
	r.Turn, r.At = s.Subject.Version+1, act.Now()
	consent.Add(act, d.num, r)
	d.must(d.data.Commit(d.t.Context(), act))
	d.near.Said(s, r, act.Now())
}

// What a gate remembers of what people said is what another reads from the ledgers,
// whatever was said and however much time has passed (I-11).
func TestWhatWasSaidIsRememberedAsItIsRead(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			d := newDesk(t, e)
			dice := rand.New(rand.NewPCG(1, 2))
			for range 150 {
				r := consent.Record{ID: int64(dice.Uint64() >> 2), Given: dice.IntN(3) > 0, Explicit: dice.IntN(2) == 0, Policy: "v1", Channel: "web"}
				r.Kind = []consent.Kind{consent.Consent, consent.Consent, consent.Objection, consent.Sharing, consent.Abroad}[dice.IntN(5)]
				if about := 1 + dice.IntN(3); r.Kind == consent.Consent || r.Kind == consent.Objection {
					r.Purpose = policy.PurposeNo(about)
				} else {
					r.Recipient = policy.RecipientNo(about)
				}
				if dice.IntN(2) == 0 {
					r.Until = d.data.Now().Add(time.Duration(1+dice.IntN(20)) * time.Hour)
				}
				d.says(r)
				if dice.IntN(3) == 0 {
					d.clock.Add(time.Duration(dice.IntN(10)) * time.Hour)
				}
				got, err := d.near.State(t.Context(), d.num)
				d.must(err)
				want, err := d.far.Fresh(t.Context(), d.num)
				d.must(err)
				if x := cmp.Diff(want.Facts, got.Facts); x != "" {
					t.Fatalf("after %+v the gate remembers other facts than the ledgers have:\n%s", r, x)
				}
				if x := cmp.Diff(want.Subject, got.Subject); x != "" {
					t.Fatal(x)
				}
			}
		})
	}
}
