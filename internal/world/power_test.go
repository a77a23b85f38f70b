package world_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
)

// TestAPlatformSurvivesPowerLoss tells the main story on a disk that loses power
// at some operation: data, keys, erasure journal and epoch file alike. What was
// acknowledged is there afterwards, nothing is half done, the rest of the story
// can be told, and nobody who was erased can be read.
func TestAPlatformSurvivesPowerLoss(t *testing.T) {
	t.Parallel()
	lives := uint64(40)
	if testing.Short() {
		lives = 6
	}
	p := newPower(t)
	for seed := range lives {
		p.life(t, seed, false)
	}
	p.report(t)
}

// TestSoakPlatformPowerLoss goes on for as long as AVOW_SOAK says.
func TestSoakPlatformPowerLoss(t *testing.T) {
	period := dbtest.Soak(t)
	p := newPower(t)
	first := rand.Uint64N(1 << 40)
	if s := os.Getenv("AVOW_SEED"); s != "" {
		var err error
		first, err = strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
	}
	for seed, end := first, time.Now().Add(period); time.Now().Before(end) && !t.Failed(); seed++ {
		p.life(t, seed, false)
	}
	p.report(t)
	fmt.Printf("soak: platform-lives %d losses %d\n", p.lives, lossesOf(t))
}

// TestAPlatformOnADiskThatLiesIsCaught shows that the simulation has teeth: a
// disk that keeps nothing when it syncs loses what was acknowledged.
func TestAPlatformOnADiskThatLiesIsCaught(t *testing.T) {
	t.Parallel()
	p := newPower(t)
	for seed := range uint64(20) {
		w := &witness{TB: t}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.life(w, 1<<50+seed, true)
		}()
		<-ended
		if w.complained {
			return
		}
	}
	t.Error("twenty lives on a disk that keeps nothing, and nobody noticed")
}

// A witness keeps the complaints of a test that is to fail.
type witness struct {
	testing.TB
	complained bool
}

func (w *witness) Error(...any)          { w.complained = true }
func (w *witness) Errorf(string, ...any) { w.complained = true }
func (w *witness) Fatal(...any)          { w.FailNow() }
func (w *witness) Fatalf(string, ...any) { w.FailNow() }
func (w *witness) FailNow() {
	w.complained = true
	runtime.Goexit()
}

// power is many lives that begin on copies of one platform.
type power struct {
	prepared *world.Prepared
	total    int64 // operations of an uncut life

	lives, cut, again, acts int
}

func newPower(t *testing.T) *power {
	p := &power{prepared: world.Prepare(t, db.SQLite, world.Options{People: 2, Shop: true})}
	w := p.prepared.Powered(t, 0)
	began := w.Disk.Operations()
	s := newStory(w.World)
	s.tell()
	if s.at != len(s.acts) {
		t.Fatalf("with all power the story stops at act %d", s.at)
	}
	p.total = w.Disk.Operations() - began
	w.Lose()
	w.Land()
	return p
}

func (p *power) life(t testing.TB, seed uint64, lies bool) {
	t.Helper()
	p.lives++
	rng := rand.New(rand.NewPCG(seed, 5))
	w := p.prepared.Powered(t, seed)
	w.Disk.Lies = lies
	s := newStory(w.World)
	w.Disk.Cut(1 + rng.Int64N(p.total))
	s.tell()
	if w.Disk.Off() {
		p.cut++
	}
	p.acts += s.at
	w.Lose()
	w.Disk.Lies = false
	if rng.IntN(4) == 0 {
		p.again++
		w.LoseAgain(1 + rng.Int64N(30))
	}
	w.Land()
	w.Look()
	s.tell()
	s.happyEnd(t)
	if seed%4 == 0 {
		w.End()
	} else {
		w.Seen()
	}
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

func (p *power) report(t *testing.T) {
	t.Logf("%d lives, %d cut in the middle, %d cut again while recovering, %d acts acknowledged before", p.lives, p.cut, p.again, p.acts)
	if p.cut < p.lives/2 || p.acts < p.lives {
		t.Errorf("too little happened: %d of %d lives were cut, %d acts acknowledged", p.cut, p.lives, p.acts)
	}
}
