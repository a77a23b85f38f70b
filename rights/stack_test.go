package rights

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/sqlite"
	connectorvault "github.com/avow-dev/avow/connector/vault"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/vfs"
)

const shopSchema = `
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, phone TEXT, name TEXT, password TEXT);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), street TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), note TEXT, placed TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), body TEXT);
CREATE TABLE products (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE newsletter (id INTEGER PRIMARY KEY, comment TEXT);
INSERT INTO products VALUES (1, 'Moon lamp'), (2, 'Sun lamp');
`

const shopMap = `avow: 1
system: shop
kind: sqlite
title: {en: Web shop, zh-CN: 网店}
region: DE
subjects:
  customer:
    collection: customers
    identifiers: {email: [customers.email], phone: [customers.phone]}
collections:
  customers: {columns: {email: account.email, phone: account.phone, name: user.name, password: {item: account.password, secret: true}}, plain: [id], erase: delete}
  addresses: {columns: {street: user.contact.address}, plain: [id, customer_id], erase: delete}
  orders: {columns: {note: order.history}, plain: [id, placed, customer_id], erase: clear}
  messages: {columns: {body: user.content}, plain: [id, customer_id], erase: delete}
  products: none
  newsletter: none
links:
  - {from: orders.customer_id, to: customers.id, role: owns, detach: true}
`

// A stack is the real thing from the stores up to requests, and a shop outside.
type stack struct {
	t          testing.TB
	dir        string
	clock      *dbtest.Clock
	dataConfig db.Config
	keyConfig  db.Config
	data, key  *db.DB
	keys       *seal.Keyring
	log        *audit.Log
	version    *publication.Version
	gate       *gate.Gate
	journal    *journal.Journal
	vault      *vault.Vault
	jobs       *job.Runner
	rights     *Service
	stopped    func() // closes what is open; nil when closed
	around     func(connector.System) connector.System
	shopMap    string
	mail       notice.Sender
	box        *notice.Mailbox // where mail goes unless a test says otherwise
}

func each(t *testing.T, fn func(t *testing.T, s *stack)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, newStack(t, e)) })
	}
}

// cheap is what a secret of the people here costs to hash: at the full cost they would
// be half the processor time of these tests.
var cheap = argon2id.Params{Memory: 1 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func newStack(t testing.TB, e db.Engine) *stack {
	t.Helper()
	s := &stack{t: t, dir: t.TempDir(), clock: dbtest.NewClock(), shopMap: shopMap}
	s.dataConfig, s.keyConfig = dbtest.Config(t, e, db.Data), dbtest.Config(t, e, db.Keys)
	s.dataConfig.Clock, s.keyConfig.Clock = s.clock.Now, s.clock.Now
	s.box = notice.NewMailbox(100, s.clock.Now)
	s.mail = s.box
	s.sql(shopSchema)
	s.open()
	t.Cleanup(func() { s.shut() })
	return s
}

func (s *stack) shut() {
	if s.stopped != nil {
		s.stopped()
		s.stopped = nil
	}
}

// reopen is what a new life of the process does.
func (s *stack) reopen() {
	s.t.Helper()
	s.shut()
	s.clock.Add(time.Second) // a database that is opened anew must not go back
	s.open()
}

func (s *stack) open() {
	s.t.Helper()
	ctx := context.Background() // the stack outlives a test's cancelled contexts
	var err error
	s.data, err = db.Open(ctx, s.dataConfig)
	s.must(err)
	s.key, err = db.Open(ctx, s.keyConfig)
	s.must(err)
	kms, err := seal.FileKMS(filepath.Join(s.dir, "master.json"))
	s.must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(s.dir, "epoch"), kms)
	s.must(err)
	s.keys, err = seal.Open(ctx, seal.Config{Platform: "lamp-shop", Keys: s.key, Data: s.data, Epoch: epoch})
	s.must(err)
	s.log, err = audit.Open(ctx, audit.Config{Platform: "lamp-shop", Data: s.data, Keys: s.keys, SignerFile: filepath.Join(s.dir, "signer")})
	s.must(err)
	src, err := os.ReadFile("../policy/testdata/base.yaml")
	s.must(err)
	var numbers *policy.Numbers
	s.must(s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(ctx, r)
		return err
	}))
	p, _, err := policy.Load("base.yaml", src, numbers)
	s.must(err)
	s.version, err = publication.Enter(ctx, s.data, s.log, p, src)
	s.must(err)
	s.gate, err = gate.New(gate.Config{Data: s.data, Keys: s.keys, Log: s.log, InForce: func() *publication.Version { return s.version }})
	s.must(err)
	s.journal, err = journal.Open(filepath.Join(s.dir, "journal"), "lamp-shop")
	s.must(err)
	s.vault = vault.New(vault.Config{Data: s.data, KeyStore: s.key, Keys: s.keys, Gate: s.gate, Journal: s.journal, Secrets: cheap})
	_, err = s.vault.Resume(ctx)
	s.must(err)
	s.openRights(ctx)
	s.stopped = func() {
		s.keys.Close()
		s.log.Close(ctx)
		s.journal.Close()
		s.data.Close()
		s.key.Close()
	}
}

func (s *stack) openRights(ctx context.Context) {
	s.t.Helper()
	m, err := datamap.Parse("shop.yaml", []byte(s.shopMap))
	s.must(err)
	shop, err := sqlite.Open(ctx, sqlite.Config{File: s.shopFile(), Map: m})
	s.must(err)
	if s.around != nil {
		shop = s.around(shop)
	}
	s.jobs = job.NewRunner(s.data, job.Config{Owner: "node", Log: slog.New(slog.DiscardHandler)})
	s.rights, err = New(Config{
		Mail: s.mail, Link: func(id ID) string { return "https://privacy.lamp.test/requests/" + string(id) },
		Data: s.data, Keys: s.keys, Log: s.log, Gate: s.gate, Jobs: s.jobs, Index: s.vault.Index, Logger: slog.New(slog.DiscardHandler),
		Systems: []connector.System{connectorvault.New(s.data, s.gate, s.vault), shop}, Maps: map[string]*datamap.Map{"shop": m},
	})
	s.must(err)
}

func (s *stack) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stack) shopFile() string { return filepath.Join(s.dir, "shop.db") }

// sql runs statements in the shop.
func (s *stack) sql(script string) {
	s.t.Helper()
	conn, err := sqlite3.Open(s.shopFile())
	s.must(err)
	defer conn.Close()
	s.must(conn.Exec(script))
}

// count returns the number a query of the shop gives.
func (s *stack) count(query string) int {
	s.t.Helper()
	conn, err := sqlite3.Open(s.shopFile())
	s.must(err)
	defer conn.Close()
	stmt, _, err := conn.Prepare(query)
	s.must(err)
	defer stmt.Close()
	if !stmt.Step() {
		s.t.Fatalf("%s gives nothing: %v", query, stmt.Err())
	}
	return stmt.ColumnInt(0)
}

// mia and ben are customers of the shop and subjects of the vault. Every value
// bears its owner's name.
func (s *stack) people() (mia, ben subject.Facts) {
	s.t.Helper()
	s.sql(`
INSERT INTO customers VALUES (1, 'mia@lamp.test', '+4930901820', 'Mia Miesbach', 'mia-secret'), (2, 'ben@lamp.test', '+4930901821', 'Ben Bernau', 'ben-secret');
INSERT INTO addresses VALUES (1, 1, 'Miaweg 1'), (2, 2, 'Benweg 2');
INSERT INTO orders VALUES (1, 1, 'for mia bedroom', '2026-01-01'), (2, 2, 'for ben kitchen', '2026-01-02'), (3, 1, 'mia lamp two', '2026-01-03');
INSERT INTO messages VALUES (1, 1, 'mia asks for light'), (2, 2, 'ben asks for shade');
INSERT INTO newsletter VALUES (1, 'general news');`)
	return s.person("mia@lamp.test", "+49 30 901820", "mia bought a moon lamp"), s.person("ben@lamp.test", "+49 30 901821", "ben bought a sun lamp")
}

func (s *stack) person(email, phone, order string) subject.Facts {
	s.t.Helper()
	ctx := context.Background()
	num, err := s.data.Number(ctx, "subject")
	s.must(err)
	n := subject.New{Num: num, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: s.version.Policy.Version()}
	refusals, err := s.vault.Register(ctx, n, vault.Collection{Point: "registration", Given: []policy.Given{
		{Item: "account.email", Value: email, Voluntary: true},
		{Item: "account.phone", Value: phone, Voluntary: true},
		{Item: "account.password", Value: "S3cret-" + email, Voluntary: true},
	}})
	s.must(err)
	if len(refusals) > 0 {
		s.t.Fatalf("registration refused: %v", refusals)
	}
	refusals, err = s.vault.Collect(ctx, vault.Collection{Subject: num, Point: "order", Given: []policy.Given{{Item: "order.history", Value: order}}})
	s.must(err)
	if len(refusals) > 0 {
		s.t.Fatalf("order refused: %v", refusals)
	}
	var f subject.Facts
	s.must(s.data.Read(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.ByNum(ctx, r, num)
		return err
	}))
	return f
}

// Who acts in the tests.
func (s *stack) officer() gate.Actor {
	for _, r := range s.version.Policy.Roles() {
		if r.Name == "officer" {
			return gate.Actor{Role: r.No, ID: "stf_officer"}
		}
	}
	s.t.Fatal("the policy has no officer")
	return gate.Actor{}
}

func support() gate.Actor { return gate.Actor{ID: "stf_support"} }

func self() gate.Actor { return gate.Actor{Role: policy.Self} }

// owner is the person of a request, as a door knows them that let them in.
func (s *stack) owner(id ID) gate.Actor {
	s.t.Helper()
	q, about, err := s.rights.load(context.Background(), id)
	s.must(err)
	if about.Num == 0 {
		return gate.Actor{Role: policy.Self, ID: string(q.id)}
	}
	return gate.Actor{Role: policy.Self, ID: string(about.ID)}
}

func identifiers(pairs ...string) []connector.Identifier {
	var out []connector.Identifier
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, connector.Identifier{Kind: pairs[i], Value: seal.NewPersonal(pairs[i+1])})
	}
	return out
}

func asked(right policy.RightKind, pairs ...string) Asked {
	return Asked{Right: right, Identifiers: identifiers(pairs...), Channel: "settings", Language: "en", Contact: seal.NewPersonal("contact@lamp.test")}
}

// approved takes a request to approved.
func (s *stack) approved(a Asked) ID {
	s.t.Helper()
	ctx := context.Background()
	id, err := s.rights.Receive(ctx, a, support())
	s.must(err)
	s.must(s.rights.Verify(ctx, id, self(), "identifier-code"))
	s.replanned(id)
	return id
}

// replanned surveys, plans and approves.
func (s *stack) replanned(id ID) {
	s.t.Helper()
	ctx := context.Background()
	_, err := s.rights.Survey(ctx, id, support())
	s.must(err)
	p, err := s.rights.Plan(ctx, id, support())
	s.must(err)
	s.must(s.rights.Approve(ctx, id, p.Hash, s.officer()))
}

func (s *stack) run() {
	s.t.Helper()
	_, err := s.jobs.RunDue(context.Background())
	s.must(err)
}

func (s *stack) show(id ID) View {
	s.t.Helper()
	v, err := s.rights.Show(context.Background(), id)
	s.must(err)
	return v
}

func (s *stack) wants(id ID, state State) View {
	s.t.Helper()
	v := s.show(id)
	if v.State != state {
		s.t.Fatalf("the request is %s (%s: %s), want %s", v.State, v.Reason, v.Cause, state)
	}
	return v
}
