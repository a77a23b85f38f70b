package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/plan"
)

// onPostgres is the configuration of a stage with databases of its own.
func onPostgres(t *testing.T) string {
	return fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", world.Database(t, "AVOW_TEST_POSTGRES"), world.Database(t, "AVOW_TEST_POSTGRES_KEYS"))
}

// TestSoakAServerKilledOnPostgresLosesNothing is the same as on the embedded
// engine: the server is killed, the database goes on.
func TestSoakAServerKilledOnPostgresLosesNothing(t *testing.T) {
	t.Parallel()
	killAtRandom(t, "server-kills-postgres", newStageOn(t, build(t), onPostgres(t)))
}

// TestARequestKilledOnPostgresIsDoneOnce kills the program at points of a run,
// each on a request of its own: at every point in a long run, else at a few.
func TestARequestKilledOnPostgresIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := newStageOn(t, build(t), onPostgres(t))
	every, first := 12, rand.IntN(12)
	if !soakEnd().IsZero() {
		every, first = 1, 0
	}
	done := 0
	for i, point := range failpoint.Names() {
		if strings.HasPrefix(point, "vault.correct") || onlyOn(point, "access") || i%every != first%every {
			continue
		}
		t.Run(point, func(t *testing.T) {
			r := *s
			r.TB = t
			r.newcomer()
			kills := 0
			for step, command := range r.commands("erasure") {
				out, killed := r.try(point, command()...)
				if killed {
					kills++
					r.endLeases()
					out = r.run(command()...)
				}
				r.learn(step, out)
			}
			if kills == 0 {
				t.Fatal("the point was never passed")
			}
			done++
			r.doneOnce(done)
		})
	}
}

// newcomer is somebody new in the vault, who is no customer of the shop.
func (s *stage) newcomer() {
	s.Helper()
	token := world.Token()
	s.lin.Email, s.lin.Phone = token+"@mail.example", ""
	s.subject = s.run("subject", "add", "--accept", "--adult", "--at", "registration", "account.email="+s.lin.Email)
	s.run("collect", s.subject, "--at", "web", "order.history=vault order of "+token)
}

// doneOnce checks the end of an erasure of a newcomer, the n-th.
func (s *stage) doneOnce(n int) {
	s.Helper()
	p := s.delivered()
	s.counts(p, map[audit.Kind]int{audit.Erased: n, audit.Delivered: n, audit.Approved: n, audit.VerifiedAfter: n})
	s.verify(p)
	if _, err := plan.VerifyReceipt(s.receipt(p), p.Log().Key()); err != nil {
		s.Errorf("the receipt does not verify: %v", err)
	}
}

// endLeases lets the leases of who was killed run out, as half a minute does.
func (s *stage) endLeases() {
	s.Helper()
	c, err := s.config()
	s.must(err)
	for store, dsn := range map[string]string{"data": c.Data, "keys": c.Keys} {
		s.must(execute(dsn, `UPDATE "avow_goscom-pro_`+store+`".db_lease SET until = 0`))
	}
}

// TestSoakPostgresKilledUnderLoadLosesNothing kills PostgreSQL itself, now and then
// with the fast way out of its own, under a server with clients. The server says
// what happened and ends, or goes on once PostgreSQL is back; nothing that was
// acknowledged is lost. AVOW_SOAK says how long to go on.
func TestSoakPostgresKilledUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	bed := newCluster(t)
	keys := world.Database(t, "AVOW_TEST_POSTGRES_KEYS")
	s := newStageOn(t, build(t), fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", bed.dsn(), keys))
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var clients []*client
	for i := range 4 {
		clients = append(clients, &client{dir: s.dir, rough: true, random: rand.New(rand.NewPCG(seed, uint64(i+2)))})
	}
	end, rounds, stopped := soakEnd(), 0, 0
	defer func() { reportSoak(t, "postgres-kills", rounds) }()
	for ; rounds < 3 || time.Now().Before(end); rounds++ {
		if s.bereft(bed, clients, 10+random.IntN(60), random.IntN(2) == 0) {
			stopped++
		}
		s.remembers(clients, nil)
		if t.Failed() {
			return
		}
	}
	t.Logf("PostgreSQL was killed %d times; the server stopped %d times and went on otherwise", rounds, stopped)
}

// bereft runs a server with clients and kills PostgreSQL after so many answers.
// It reports whether the server stopped because of that.
func (s *stage) bereft(bed *testCluster, clients []*client, answers int, hard bool) (stopped bool) {
	s.Helper()
	cmd := exec.CommandContext(context.Background(), s.binary, "serve", "--listen", "127.0.0.1:0")
	cmd.Dir = s.dir
	var out bytes.Buffer
	cmd.Stderr = &out
	s.must(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := waitForSocket(filepath.Join(s.dir, "data", socketName)); err != nil {
		s.Fatalf("the server does not answer: %v\n%s", err, out.String())
	}
	s.drive(clients, answers, func() { bed.kill(hard) })
	bed.start()
	limit := time.After(time.Minute)
	probe := time.NewTicker(200 * time.Millisecond)
	defer probe.Stop()
	for {
		select {
		case err := <-ended:
			said := out.String()
			if err == nil || !strings.Contains(said, "a store can no longer write") {
				s.Errorf("the server ended with %v and said: %s", err, said)
			}
			return true
		case <-limit:
			s.Errorf("a minute after PostgreSQL was back the server neither answers nor stops: %s", out.String())
			s.must(cmd.Process.Kill())
			<-ended
			return false
		case <-probe.C:
			if code, _, err := clients[0].call("subject", "add", "--accept", "--adult", "--at", "registration", "account.email="+world.Token()+"@mail.example"); err == nil && code == exitOK {
				s.must(cmd.Process.Kill())
				<-ended
				return false
			}
		}
	}
}

// drive lets the clients act, calls end after so many answers, and returns when
// no client has an answer any more.
func (s *stage) drive(clients []*client, answers int, end func()) {
	s.Helper()
	tokens, done := make(chan struct{}, 1024), make(chan struct{})
	running := len(clients)
	over := make(chan struct{}, running)
	for _, c := range clients {
		go func() {
			c.live(func() { tokens <- struct{}{} })
			over <- struct{}{}
		}()
	}
	for i := 0; i < answers && running > 0; {
		select {
		case <-tokens:
			i++
		case <-over:
			running--
		}
	}
	end()
	go func() {
		for {
			select {
			case <-tokens:
			case <-done:
				return
			}
		}
	}()
	for ; running > 0; running-- {
		<-over
	}
	close(done)
	for _, c := range clients {
		if c.failed != nil {
			s.Error(c.failed)
		}
	}
}

var errNoPostgres = errors.New("the configuration names no PostgreSQL")
