package vault_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A stack is the real thing from the stores up to the vault.
type stack struct {
	t         testing.TB
	dir, vfs  string
	clock     *dbtest.Clock
	data, key *db.DB
	keys      *seal.Keyring
	log       *audit.Log
	version   *publication.Version
	gate      *gate.Gate
	vault     *vault.Vault
	journal   *journal.Journal
}

// each runs fn on both engines, on a fresh stack with the policy of a lamp
// shop.
func each(t *testing.T, fn func(t *testing.T, s *stack)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, newStack(t, e)) })
	}
}

// newStack opens a fresh stack; each pair of edits replaces a text of the shop's policy.
func newStack(t testing.TB, e db.Engine, edits ...string) *stack {
	t.Helper()
	return newStackOn(t, e, "", edits...)
}

// newStackOn is newStack with the files of its data store in a file layer of SQLite.
func newStackOn(t testing.TB, e db.Engine, vfs string, edits ...string) *stack {
	t.Helper()
	s := &stack{t: t, dir: t.TempDir(), clock: dbtest.NewClock(), vfs: vfs}
	s.data, s.key = s.open(e, db.Data), s.open(e, db.Keys)
	kms, err := seal.FileKMS(filepath.Join(s.dir, "master.json"))
	s.must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(s.dir, "epoch"), kms)
	s.must(err)
	s.keys, err = seal.Open(t.Context(), seal.Config{Platform: "lamp-shop", Keys: s.key, Data: s.data, Epoch: epoch})
	s.must(err)
	t.Cleanup(s.keys.Close)
	s.log, err = audit.Open(t.Context(), audit.Config{Platform: "lamp-shop", Data: s.data, Keys: s.keys, SignerFile: filepath.Join(s.dir, "signer")})
	s.must(err)
	src, err := os.ReadFile("../policy/testdata/base.yaml")
	s.must(err)
	for i := 0; i < len(edits); i += 2 {
		if !bytes.Contains(src, []byte(edits[i])) {
			t.Fatalf("the policy has no %q", edits[i])
		}
		src = bytes.Replace(src, []byte(edits[i]), []byte(edits[i+1]), 1)
	}
	p, _, err := policy.Load("base.yaml", src, nil)
	s.must(err)
	s.version, err = publication.Enter(t.Context(), s.data, s.log, p, src)
	s.must(err)
	s.gate, err = gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: func() *publication.Version { return s.version }})
	s.must(err)
	j, err := journal.Open(filepath.Join(s.dir, "journal"), "lamp-shop")
	s.must(err)
	t.Cleanup(func() { j.Close() })
	s.journal = j
	s.vault = vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: j})
	t.Cleanup(func() { s.must(s.vault.Settle(context.Background())) })
	return s
}

// open opens a store that lives by the clock of the stack.
func (s *stack) open(e db.Engine, which db.Store) *db.DB {
	s.t.Helper()
	c := dbtest.Config(s.t, e, which)
	c.Clock = s.clock.Now
	if which == db.Data {
		c.VFS = s.vfs
	}
	d, err := db.Open(s.t.Context(), c)
	s.must(err)
	s.t.Cleanup(func() { s.must(d.Close()) })
	return d
}

func (s *stack) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// person registers somebody of age who accepted the policy, with an e-mail
// address and a telephone number, and returns their number.
func (s *stack) person(email, phone string) int64 {
	s.t.Helper()
	num, err := s.data.Number(s.t.Context(), "subject")
	s.must(err)
	n := subject.New{Num: num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: s.version.Policy.Version()}
	refusals, err := s.vault.Register(s.t.Context(), n, vault.Collection{
		Point: "registration", Given: []policy.Given{
			{Item: "account.email", Value: email, Voluntary: true}, {Item: "account.phone", Value: phone, Voluntary: true},
		},
	})
	s.must(err)
	if len(refusals) > 0 {
		s.t.Fatalf("registration refused: %v", refusals)
	}
	return num
}

func (s *stack) collect(num int64, point string, given ...policy.Given) []policy.Refusal {
	s.t.Helper()
	refusals, err := s.vault.Collect(s.t.Context(), vault.Collection{Subject: num, Point: point, Given: given})
	s.must(err)
	return refusals
}

// ask builds a use by names.
func (s *stack) ask(num int64, purpose string, items ...string) *policy.Use {
	s.t.Helper()
	p, err := s.version.Policy.Purpose(purpose)
	s.must(err)
	u := &policy.Use{Subject: num, Purpose: p.No}
	if purpose == "orders" {
		u.Ref = policy.Ref{Kind: policy.RefOrder, ID: "ord_1"}
	}
	for _, name := range items {
		i, err := s.version.Policy.Item(name)
		s.must(err)
		u.Items = append(u.Items, i.No)
	}
	return u
}

// use returns the values of an allowed use in clear, and nothing when denied.
func (s *stack) use(num int64, purpose string, items ...string) (values []string, allowed bool) {
	s.t.Helper()
	a, err := s.vault.Use(s.t.Context(), s.ask(num, purpose, items...), gate.Actor{})
	s.must(err)
	for _, v := range a.Values {
		values = append(values, v.Text.Reveal())
	}
	return values, a.Decision.Allowed
}

func (s *stack) item(name string) policy.ItemNo {
	s.t.Helper()
	i, err := s.version.Policy.Item(name)
	s.must(err)
	return i.No
}

func (s *stack) class(name string) policy.ClassNo {
	s.t.Helper()
	c, err := s.version.Policy.Class(name)
	s.must(err)
	return c.No
}

func (s *stack) facts(num int64) subject.Facts {
	s.t.Helper()
	st, err := s.gate.Fresh(s.t.Context(), num)
	s.must(err)
	return st.Subject
}

// entries counts the log entries of a kind about a subject.
func (s *stack) entries(num int64, k audit.Kind) int {
	s.t.Helper()
	n := 0
	s.must(s.data.Read(s.t.Context(), func(r *db.Snapshot) error {
		list, err := s.log.Entries(s.t.Context(), r, audit.Filter{Subject: num, Kind: k, Limit: 1000})
		n = len(list)
		return err
	}))
	return n
}
