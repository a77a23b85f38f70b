package powerloss_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/db/powerloss"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

var (
	counted = db.Versioned{Table: "life_count", Key: "num", Version: "version"}
	addAct  = db.Declare(`INSERT INTO life_act (num, parts, counts) VALUES ($1, $2, $3)`, "int int int")
	addPart = db.Declare(`INSERT INTO life_part (act, num, body) VALUES ($1, $2, $3)`, "int int bytes")
)

// TestNothingAcknowledgedIsLostWithThePower is the short form: 2,000 lives.
func TestNothingAcknowledgedIsLostWithThePower(t *testing.T) {
	lives := 2000
	if testing.Short() {
		lives = 100
	}
	r := newRun(t)
	for seed := range lives {
		r.life(t, uint64(seed), false)
	}
	r.report(t)
}

// TestSoakPowerLoss lives as many lives as AVOW_LIVES says (100,000 when it does
// not), and more where AVOW_SOAK has time for them.
func TestSoakPowerLoss(t *testing.T) {
	period := dbtest.Soak(t)
	least, err := strconv.Atoi(os.Getenv("AVOW_LIVES"))
	if err != nil {
		least = 100_000
	}
	r := newRun(t)
	end := time.Now().Add(period)
	for seed := uint64(1 << 32); (time.Now().Before(end) || r.lives < least) && !t.Failed(); seed++ {
		r.life(t, seed, false)
	}
	r.report(t)
	losses := 0
	if t.Failed() {
		losses = 1
	}
	fmt.Printf("soak: store-lives %d losses %d\n", r.lives, losses)
}

// TestADiskThatLiesIsCaught shows that the simulation has teeth.
func TestADiskThatLiesIsCaught(t *testing.T) {
	r := newRun(t)
	lost := 0
	for seed := range uint64(60) {
		lost += r.life(t, seed, true)
	}
	if lost == 0 {
		t.Error("a disk that keeps nothing when it syncs lost no acknowledged act in 60 lives")
	}
}

// A run is many lives that begin on copies of one disk.
type run struct {
	dir      string
	template *powerloss.Disk

	lives, acknowledged, cut, recoveries int
}

func newRun(t *testing.T) *run {
	r := &run{dir: shared(t)}
	d := powerloss.New(0, filepath.Join(r.dir, "template"))
	store := r.open(t, d)
	must(t, store.Tx(t.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{
			`CREATE TABLE life_act (num INTEGER PRIMARY KEY, parts INTEGER NOT NULL, counts INTEGER NOT NULL) STRICT`,
			`CREATE TABLE life_part (act INTEGER NOT NULL REFERENCES life_act, num INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (act, num)) STRICT, WITHOUT ROWID`,
			`CREATE TABLE life_count (num INTEGER PRIMARY KEY, version INTEGER NOT NULL) STRICT`,
			`INSERT INTO life_count (num, version) VALUES (1, 1)`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, store.Close())
	r.template = d
	return r
}

// shared returns a folder for the memory that connections share, in memory
// where the system has that.
func shared(t *testing.T) string {
	if dir, err := os.MkdirTemp("/dev/shm", "avow-powerloss-"); err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}

// A machine is a store on a disk, while the power is on.
type machine struct {
	*db.DB
	disk string // the name that SQLite knows the disk by
}

func (m *machine) Close() error {
	defer vfs.Unregister(m.disk)
	return m.DB.Close()
}

// open opens the store on a disk. The store's own path is a real, empty file.
func (r *run) open(t *testing.T, d *powerloss.Disk) *machine {
	t.Helper()
	m, err := r.tryOpen(t, d)
	must(t, err)
	return m
}

func (r *run) tryOpen(t *testing.T, d *powerloss.Disk) (*machine, error) {
	name := "power-" + rand.Text()
	vfs.Register(name, d)
	store, err := db.Open(t.Context(), db.Config{
		Engine: db.SQLite, Store: db.Keys, File: filepath.Join(r.dir, "life.db"), VFS: name, Readers: 1, Clock: dbtest.Start,
	})
	if err != nil {
		vfs.Unregister(name)
		return nil, err
	}
	return &machine{store, name}, nil
}

// A deed is an act of a life.
type deed struct {
	num, parts, counts int64
	acknowledged       bool
}

// life runs acts until the power goes, starts again, and compares. Callers of
// even seeds act one after the other, so that the seed gives the same life
// again; callers of odd seeds meet in groups. It returns how many acknowledged
// acts were lost, which is a failure unless the disk lies.
func (r *run) life(t *testing.T, seed uint64, lies bool) (lost int) {
	t.Helper()
	r.lives++
	rng := mathrand.New(mathrand.NewPCG(seed, 2))
	shm := func(n int) string { return filepath.Join(r.dir, fmt.Sprintf("%d-%d", seed, n)) }
	disk := r.template.Clone(seed, shm(0))
	disk.Lies = lies
	store := r.open(t, disk)
	disk.Cut(1 + rng.Int64N(70))
	callers := 1
	if seed%2 == 1 {
		callers = 4
	}
	disk.Stirred = make(chan struct{}, 1)
	seen := watch(t.Context(), store, disk, callers > 1)
	deeds := act(t.Context(), store, rng, callers)
	for _, d := range deeds {
		d.acknowledged = d.acknowledged || seen()[d.num] // who was shown it may rely on it as well
	}
	if disk.Off() {
		r.cut++
	}
	next := disk.Restart(seed+1, shm(1))
	store.Close() // may fail: its disk has gone
	disk = next
	disk.Lies = false
	if rng.IntN(4) == 0 { // the power goes again while it recovers
		disk.Cut(1 + rng.Int64N(12))
		if store, err := r.tryOpen(t, disk); err == nil {
			next := disk.Restart(seed+2, shm(2))
			store.Close()
			disk = next
		} else {
			disk = disk.Restart(seed+2, shm(2))
		}
		r.recoveries++
	}
	return r.compare(t, seed, disk, deeds, lies)
}

// watch reads what is there whenever the disk is written to or synced, until the callers
// are done or the power has gone: nothing else changes what can be seen, but for the moments
// between the two. What it was shown is no less sure than what was acknowledged.
func watch(ctx context.Context, store *machine, disk *powerloss.Disk, on bool) (seen func() map[int64]bool) {
	nums, done, ended := map[int64]bool{}, make(chan struct{}), make(chan struct{})
	read := func() error {
		var now map[int64]int64
		err := store.Read(ctx, func(s *db.Snapshot) (err error) {
			now, err = pairs(ctx, s, `SELECT num, parts FROM life_act`)
			return err
		})
		if err == nil {
			for num := range now {
				nums[num] = true
			}
		}
		return err
	}
	go func() {
		defer close(ended)
		for on {
			select {
			case <-done:
				return
			case <-disk.Stirred:
			}
			if read() != nil {
				return
			}
		}
	}()
	stop := sync.OnceFunc(func() { close(done); <-ended })
	return func() map[int64]bool { stop(); return nums }
}

// act lets callers write until the power goes, or they are done.
func act(ctx context.Context, store *machine, rng *mathrand.Rand, callers int) []*deed {
	var all []*deed
	var wg sync.WaitGroup
	for caller := range callers {
		mine := make([]*deed, 12/callers)
		for i := range mine {
			mine[i] = &deed{num: int64(caller*100 + i + 1), parts: rng.Int64N(4)}
			if callers == 1 && rng.IntN(3) == 0 {
				mine[i].counts = 1
			}
		}
		all = append(all, mine...)
		own := mathrand.New(mathrand.NewPCG(rng.Uint64(), 3))
		wg.Go(func() {
			version := int64(1)
			for _, d := range mine {
				d.acknowledged = d.write(ctx, store, own, &version) == nil
				if own.IntN(6) == 0 {
					store.Checkpoint(ctx)
				}
			}
		})
	}
	wg.Wait()
	return all
}

func (d *deed) write(ctx context.Context, store *machine, rng *mathrand.Rand, version *int64) error {
	fill := func(w db.Writer) {
		w.Do(addAct, d.num, d.parts, d.counts)
		for i := range d.parts {
			w.Do(addPart, d.num, i, make([]byte, 10+rng.IntN(6000)))
		}
	}
	if d.counts == 0 && rng.IntN(3) == 0 {
		return store.Tx(ctx, func(tx *db.Tx) error { fill(tx); return nil })
	}
	a := store.NewAct()
	if d.counts == 1 {
		a.Change(counted, 1, *version)
	}
	fill(a)
	err := store.Commit(ctx, a)
	if err == nil && d.counts == 1 {
		*version++
	}
	return err
}

// compare opens the disk that was found and looks for every act.
func (r *run) compare(t *testing.T, seed uint64, disk *powerloss.Disk, deeds []*deed, lies bool) (lost int) {
	t.Helper()
	store, err := r.tryOpen(t, disk)
	if err != nil {
		if lies {
			return 1
		}
		t.Fatalf("life %d: the store does not open again: %v", seed, err)
	}
	defer store.Close()
	f, err := find(t.Context(), store, deeds)
	switch {
	case lies && (err != nil || f.lost > 0):
		return 1
	case lies:
		return 0
	case err != nil:
		t.Fatalf("life %d: %v", seed, err)
	}
	r.acknowledged += f.acknowledged
	if f.lost > 0 || f.half > 0 || f.rows != f.whole || f.version != 1+f.counts {
		t.Errorf("life %d: %+v", seed, f)
	}
	if seed%16 == 0 {
		sound(t, seed, r.dir, disk)
	}
	return 0
}

// findings is what a disk holds of the deeds of a life.
type findings struct {
	acknowledged, lost, half int
	rows, whole              int64 // rows of acts; of them acts that were asked for
	counts, version          int64 // acts that changed the counted row; what it says
}

func find(ctx context.Context, store *machine, deeds []*deed) (f findings, err error) {
	// By the connection that is open already: another would read the schema again,
	// which takes longer than all the rest of a life.
	err = store.Tx(ctx, func(s *db.Tx) error {
		f = findings{}
		partsOf, err := pairs(ctx, s, `SELECT num, parts FROM life_act`)
		if err != nil {
			return err
		}
		have, err := pairs(ctx, s, `SELECT act, count(*) FROM life_part GROUP BY act`)
		if err != nil {
			return err
		}
		for _, d := range deeds {
			acts, parts := int64(0), have[d.num]
			if n, ok := partsOf[d.num]; ok && n == d.parts {
				acts = 1
			}
			f.whole += acts
			f.counts += acts * d.counts
			if d.acknowledged {
				f.acknowledged++
			}
			if d.acknowledged && acts == 0 {
				f.lost++
			}
			if parts != acts*d.parts {
				f.half++
			}
		}
		if err := s.Row(ctx, `SELECT version FROM life_count WHERE num = 1`).Scan(&f.version); err != nil {
			return err
		}
		return s.Row(ctx, `SELECT count(*) FROM life_act`).Scan(&f.rows)
	})
	return f, err
}

// pairs reads rows of two numbers.
func pairs(ctx context.Context, tx db.Reader, sql string) (map[int64]int64, error) {
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]int64{}
	for rows.Next() {
		var a, b int64
		if err := rows.Scan(&a, &b); err != nil {
			return nil, err
		}
		out[a] = b
	}
	return out, rows.Err()
}

// sound asks the engine itself whether the file is whole.
func sound(t *testing.T, seed uint64, dir string, disk *powerloss.Disk) {
	t.Helper()
	name := "power-" + rand.Text()
	vfs.Register(name, disk)
	defer vfs.Unregister(name)
	c, err := sqlite3.Open("file:" + filepath.Join(dir, "life.db") + "?vfs=" + name)
	must(t, err)
	defer c.Close()
	s, _, err := c.Prepare("PRAGMA integrity_check")
	must(t, err)
	defer s.Close()
	if !s.Step() || s.ColumnText(0) != "ok" {
		t.Errorf("life %d: %s", seed, s.ColumnText(0))
	}
}

func (r *run) report(t *testing.T) {
	t.Logf("%d lives, %d cut in the middle, %d cut again while recovering, %d acts acknowledged: 0 lost, 0 half", r.lives, r.cut, r.recoveries, r.acknowledged)
	if r.cut < r.lives/2 || r.acknowledged < r.lives {
		t.Errorf("too little happened: %d of %d lives were cut, %d acts acknowledged", r.cut, r.lives, r.acknowledged)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
