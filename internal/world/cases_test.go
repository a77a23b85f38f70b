package world_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// A database of somebody else's, with a truth about it that was read by hand.
type foreign struct {
	testing.TB
	name, dir string // of the case
	file, dsn string // SQLite or PostgreSQL
	mariadb   *connectortest.MariaDB
	truth     struct {
		Load     []string
		Subjects []foreigner
	}
}

type foreigner struct {
	ID             string
	Identity       map[string]string
	MustContain    []string  `json:"access_must_contain"`
	MustNotContain []string  `json:"access_must_not_contain"`
	SweepAbsent    []string  `json:"sweep_absent"`
	SweepExcept    []string  `json:"sweep_except"`
	AfterErase     []asserts `json:"after_erase"`
	Untouched      []asserts
}

type asserts struct {
	SQL    string
	Expect any
	Why    string
}

// Databases that avow has never seen, through the whole product: an access
// request and an erasure request, each with its receipt.
func TestDatabasesOfOthersAreServedEndToEnd(t *testing.T) {
	for _, name := range []string{"chinook-sqlite", "chinook-pg", "chinook-mysql", "sakila-pg"} {
		t.Run(name, func(t *testing.T) {
			dir, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "cases", name))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			} else if err != nil {
				t.Skipf("the case %s is not beside this repository (../shared/cases)", name)
			}
			f := &foreign{TB: t, name: name, dir: dir}
			f.must(json.Unmarshal(f.read("truth.json"), &f.truth))
			for _, who := range f.truth.Subjects {
				t.Run(who.ID, func(t *testing.T) {
					t.Parallel()
					one := *f
					one.TB = t
					one.load()
					one.serve(who)
				})
			}
		})
	}
}

func (f *foreign) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *foreign) read(name string) []byte {
	f.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, name))
	f.must(err)
	return b
}

// load makes a database of the case's own.
func (f *foreign) load() {
	f.Helper()
	switch {
	case strings.HasSuffix(f.name, "-pg"):
		f.dsn = world.Database(f, "AVOW_TEST_POSTGRES")
	case strings.HasSuffix(f.name, "-mysql"):
		f.mariadb = connectortest.NewMariaDB(f)
	default:
		f.file = filepath.Join(f.TempDir(), "case.db")
	}
	for _, name := range f.truth.Load {
		script := string(f.read(name))
		if f.mariadb != nil {
			f.mariadb.Load(f, script)
			continue
		}
		if f.file != "" {
			c, err := sqlite3.Open(f.file)
			f.must(err)
			f.must(c.Exec(script))
			f.must(c.Close())
			continue
		}
		cfg, err := pgx.ParseConfig(f.dsn)
		f.must(err)
		c, err := pgx.ConnectConfig(context.Background(), cfg)
		f.must(err)
		f.feed(c, script)
		c.Close(context.Background())
	}
}

// feed runs a script as psql does, with rows in line behind COPY … FROM stdin.
func (f *foreign) feed(c *pgx.Conn, script string) {
	f.Helper()
	ctx := context.Background()
	run := func(sql string) {
		_, err := c.PgConn().Exec(ctx, sql).ReadAll()
		f.must(err)
	}
	for {
		i := strings.Index(script, "\nCOPY ")
		if i < 0 {
			run(script)
			return
		}
		run(script[:i])
		command, rest, _ := strings.Cut(script[i+1:], "\n")
		rows, after, _ := strings.Cut("\n"+rest, "\n\\.\n")
		_, err := c.PgConn().CopyFrom(ctx, strings.NewReader(strings.TrimPrefix(rows+"\n", "\n")), strings.TrimSuffix(command, ";"))
		f.must(err)
		script = after
	}
}

// open makes a platform with the policy of a lamp shop, and the database beside
// it.
func (f *foreign) open() *avow.Platform {
	f.Helper()
	dir := f.TempDir()
	place := "kind: sqlite, file: " + f.file
	switch {
	case f.dsn != "":
		place = fmt.Sprintf("kind: postgres, dsn: %q", f.dsn)
	case f.mariadb != nil:
		place = "kind: mysql, dsn_file: case.dsn"
		f.must(os.WriteFile(filepath.Join(dir, "case.dsn"), []byte(f.mariadb.DSN()+"\n"), 0o600))
	}
	pack, err := os.ReadFile(filepath.Join("..", "..", "policy", "testdata", "base.yaml"))
	f.must(err)
	pack = bytes.Replace(pack, []byte("approves: [erasure]"), []byte("approves: [access, erasure]"), 1)
	m := connectortest.MapText(f, f.name+".yaml")
	for name, b := range map[string][]byte{
		"policy.yaml": pack, "map.yaml": m,
		"avow.yaml": fmt.Appendf(nil, "platforms: [{id: lamp-shop, policy: policy.yaml, systems: [{%s, map: map.yaml}]}]\n", place),
	} {
		f.must(os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	f.must(err)
	s, err := avow.Open(context.Background(), c, avow.Options{})
	f.must(err)
	f.Cleanup(func() { s.Close() })
	p, err := s.Platform("")
	f.must(err)
	return p
}

// serve carries a person's two requests to their ends.
func (f *foreign) serve(who foreigner) {
	f.Helper()
	p := f.open()
	id := f.request(p, policy.Access, who)
	var b bytes.Buffer
	f.must(p.Requests().Deliver(context.Background(), id, world.OwnerOf(f.TB, p, id), &b))
	data := dataOf(&world.World{TB: f.TB}, b.Bytes())
	for _, s := range who.MustContain {
		if !strings.Contains(data, s) {
			f.Errorf("the package lacks %q", s)
		}
	}
	for _, s := range who.MustNotContain {
		if strings.Contains(data, s) {
			f.Errorf("the package leaks %q", s)
		}
	}
	f.receipt(p, id)
	id = f.request(p, policy.Erasure, who)
	f.receipt(p, id)
	f.swept(who)
	for _, c := range append(who.AfterErase, who.Untouched...) {
		if got := f.query(c.SQL); got != fmt.Sprint(c.Expect) && (got != "t" || c.Expect != true) {
			f.Errorf("%s gives %q, the truth is %v (%s)", c.SQL, got, c.Expect, c.Why)
		}
	}
}

// request takes a request through all hands and returns it at rest.
func (f *foreign) request(p *avow.Platform, right policy.RightKind, who foreigner) rights.ID {
	f.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	role, err := p.Policy().Role("officer")
	f.must(err)
	support, officer := gate.Actor{ID: "stf_support"}, gate.Actor{Role: role.No, ID: "stf_officer"}
	asked := world.Asked(right, who.Identity["email"])
	asked.Channel = "settings"
	r := p.Requests()
	id, err := r.Receive(ctx, asked, support)
	f.must(err)
	f.must(r.Verify(ctx, id, support, "identifier-code"))
	_, err = r.Survey(ctx, id, support)
	f.must(err)
	public, err := r.Plan(ctx, id, support)
	f.must(err)
	f.must(r.Approve(ctx, id, public.Hash, officer))
	f.must(r.Run(ctx, id, support))
	f.must(p.WorkUntil(ctx, id, func(int, int) {}))
	v, err := r.Show(ctx, id)
	f.must(err)
	if want := map[policy.RightKind]rights.State{policy.Access: rights.VerifiedAfter, policy.Erasure: rights.Delivered}[right]; v.State != want {
		f.Fatalf("the %s request is %s, want %s: %s", right, v.State, want, v.Cause)
	}
	return id
}

func (f *foreign) receipt(p *avow.Platform, id rights.ID) {
	f.Helper()
	b, err := p.Requests().Receipt(context.Background(), id)
	f.must(err)
	if _, err := plan.VerifyReceipt(b, p.Log().Key()); err != nil {
		f.Errorf("the receipt does not verify: %v", err)
	}
}

// swept searches every table for what must be gone.
func (f *foreign) swept(who foreigner) {
	f.Helper()
	text := ""
	switch {
	case f.file != "":
		text = world.FileText(f, f.file)
	case f.mariadb != nil:
		all := f.mariadb.Text(f)
		for i, line := range all {
			all[i] = strings.Replace(line, ".", " ", 1) // behind the table
		}
		text = strings.Join(all, "\n")
	default:
		text = world.ServerText(f, f.dsn, "public")
	}
	for _, line := range strings.Split(text, "\n") {
		table, _, _ := strings.Cut(line, " ")
		for _, s := range who.SweepAbsent {
			if strings.Contains(strings.ToLower(line), strings.ToLower(s)) && !strings.Contains(" "+strings.Join(who.SweepExcept, " ")+" ", " "+table+" ") {
				f.Errorf("%q is left in %s", s, table)
			}
		}
	}
}

// query returns the first value that a query gives, as text.
func (f *foreign) query(sql string) string {
	f.Helper()
	if f.file != "" {
		c, err := sqlite3.Open(f.file)
		f.must(err)
		defer c.Close()
		s, _, err := c.Prepare(sql)
		f.must(err)
		defer s.Close()
		if !s.Step() {
			return ""
		}
		return s.ColumnText(0)
	}
	if f.mariadb != nil {
		return f.mariadb.Rows(f, sql)[0]
	}
	c, err := pgx.Connect(context.Background(), f.dsn)
	f.must(err)
	defer c.Close(context.Background())
	results, err := c.PgConn().Exec(context.Background(), sql).ReadAll()
	f.must(err)
	if len(results) != 1 || len(results[0].Rows) != 1 {
		return ""
	}
	return string(results[0].Rows[0][0])
}
