package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	vaultsystem "github.com/avow-dev/avow/connector/vault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/vault"
)

// full says that the sizes are those of the published figures.
func full() bool { return os.Getenv("AVOW_BENCH") == "full" }

func engines() []db.Engine { return []db.Engine{db.SQLite, db.Postgres} }

// A bed is a whole platform on fresh stores, as the root package wires it, with its
// sequencer running. Its policy can be edited while it stands.
type bed struct {
	testing.TB
	dir     string
	configs map[db.Store]db.Config
	data    *db.DB
	keyDB   *db.DB
	parts   platform.Parts
	version atomic.Pointer[publication.Version]
	p       *platform.Platform
	stop    func() // ends the sequencer
}

// newBed opens a platform with the policy that change makes of the lamp shop's.
func newBed(t testing.TB, e db.Engine, clock func() time.Time, policyText string) *bed {
	t.Helper()
	b := &bed{TB: t, dir: t.TempDir(), configs: map[db.Store]db.Config{}}
	for _, s := range []db.Store{db.Data, db.Keys} {
		c := dbtest.New(t, e, s)
		c.Clock = clock
		b.configs[s] = c
	}
	b.data, b.keyDB = b.open(db.Data), b.open(db.Keys)
	kms, err := seal.FileKMS(filepath.Join(b.dir, "master.json"))
	b.must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(b.dir, "epoch"), kms)
	b.must(err)
	keys, err := seal.Open(t.Context(), seal.Config{Platform: "lamp-shop", Keys: b.keyDB, Data: b.data, Epoch: epoch})
	b.must(err)
	t.Cleanup(keys.Close)
	log, err := audit.Open(t.Context(), audit.Config{Platform: "lamp-shop", Data: b.data, Keys: keys, SignerFile: filepath.Join(b.dir, "signer")})
	b.must(err)
	j, err := journal.Open(filepath.Join(b.dir, "journal"), "lamp-shop")
	b.must(err)
	t.Cleanup(func() { j.Close() })
	b.parts = platform.Parts{ID: "lamp-shop", Data: b.data, KeyStore: b.keyDB, Keys: keys, Journal: j, Log: log}
	b.edit(policyText)
	inForce := b.version.Load
	b.parts.Gate, err = gate.New(gate.Config{Data: b.data, Keys: keys, Log: log, InForce: inForce})
	b.must(err)
	b.parts.Vault = vault.New(vault.Config{Data: b.data, KeyStore: b.keyDB, Keys: keys, Gate: b.parts.Gate, Journal: j})
	b.parts.Systems = []connector.System{vaultsystem.New(b.data, b.parts.Gate, b.parts.Vault)}
	b.parts.Jobs = job.NewRunner(b.data, job.Config{})
	b.parts.Rights, err = rights.New(rights.Config{
		Data: b.data, Keys: keys, Log: log, Gate: b.parts.Gate, Jobs: b.parts.Jobs, Systems: b.parts.Systems, Index: b.parts.Vault.Index,
	})
	b.must(err)
	b.parts.Current = &b.version
	b.p = platform.New(b.parts)
	b.sequence()
	return b
}

func (b *bed) open(s db.Store) *db.DB {
	d, err := db.Open(b.Context(), b.configs[s])
	b.must(err)
	b.Cleanup(func() { d.Close() })
	return d
}

// sequence runs the log's sequencer beside what is measured.
func (b *bed) sequence() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := b.parts.Log.Run(ctx); err != nil {
			b.Error(err)
		}
	}()
	b.stop = sync.OnceFunc(func() { cancel(); <-done })
	b.Cleanup(b.stop)
}

// edit puts a policy in force, as a start does that finds another file.
func (b *bed) edit(text string) {
	b.Helper()
	ctx := context.Background()
	var numbers *policy.Numbers
	b.must(b.data.Read(ctx, func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(ctx, r)
		return err
	}))
	p, findings, err := policy.Load("bench.yaml", []byte(text), numbers)
	if err != nil {
		b.Fatalf("%v %v", err, findings)
	}
	v, err := publication.Enter(ctx, b.data, b.parts.Log, p, []byte(text))
	b.must(err)
	b.version.Store(v)
}

func (b *bed) platform() *platform.Platform { return b.p }

func (b *bed) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// size returns how many bytes data, keys and journal take on disk, after the log
// has given every entry its place and write-ahead logs are emptied.
func (b *bed) size() int64 {
	b.Helper()
	_, err := b.parts.Log.Sequence(b.Context())
	b.must(err)
	info, err := os.Stat(filepath.Join(b.dir, "journal"))
	b.must(err)
	return stored(b, b.data, b.configs[db.Data]) + stored(b, b.keyDB, b.configs[db.Keys]) + info.Size()
}

// stored returns how many bytes a store takes on disk.
func stored(t testing.TB, d *db.DB, c db.Config) (n int64) {
	t.Helper()
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	fail(d.Checkpoint(t.Context()))
	if c.Engine == db.SQLite {
		info, err := os.Stat(c.File)
		fail(err)
		return info.Size()
	}
	conn, err := pgx.Connect(t.Context(), c.DSN)
	fail(err)
	defer conn.Close(context.Background())
	fail(conn.QueryRow(t.Context(), `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND c.relkind IN ('r', 'm')`, c.Schema).Scan(&n))
	return n
}

// base returns the lamp shop's policy with more under some of its keys.
func base(t testing.TB, more map[string]string) string {
	t.Helper()
	b, err := os.ReadFile("../../policy/testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for key, lines := range more {
		head := "\n" + key + ":\n"
		if !strings.Contains(text, head) {
			t.Fatalf("the policy has no key %s", key)
		}
		text = strings.Replace(text, head, head+lines, 1)
	}
	return text
}

// title is a text that holds for every language.
func title(s string) string { return s }

// crowd has callers do n things together and returns how long each took, in order.
func crowd(t testing.TB, callers, n int, fn func(i int) error) []time.Duration {
	t.Helper()
	var (
		all   sync.WaitGroup
		next  atomic.Int64
		times = make([]time.Duration, n)
	)
	for range callers {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || t.Failed() {
					return
				}
				at := time.Now()
				if err := fn(i); err != nil {
					t.Error(err)
					return
				}
				times[i] = time.Since(at)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	slices.SortFunc(times, cmp.Compare)
	return times
}

// cpu returns the processor time of this process so far. PostgreSQL's own is not in
// it.
func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// say prints how far a long measurement has come.
func say(t testing.TB, format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s: %s\n", time.Now().Format(time.TimeOnly), t.Name(), fmt.Sprintf(format, args...))
}

// ms gives a duration in milliseconds for a metric.
func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
