package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/subject"
)

// A customer is what a client has been told about somebody, and must find
// again after any crash.
type customer struct {
	id     string
	email  string
	orders []string // acknowledged
	maybe  []string // asked for, and never answered
	erased bool     // acknowledged
	fading bool     // an erasure was asked for, and never answered
}

// A client speaks to the server and remembers what it was told.
type client struct {
	dir    string
	random *rand.Rand
	people []*customer
	used   int // uses that were answered
	denied int
	failed error
	rough  bool // the database under the server may go: what fails then was not answered
}

// call carries one command line to the server. An error means that there was no
// answer.
func (c *client) call(args ...string) (code int, out string, err error) {
	head, err := json.Marshal(call{Args: args, Dir: c.dir})
	if err != nil {
		return 0, "", err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://avow/run", http.NoBody)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Avow-Call", string(head))
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(c.dir, "data", socketName))
	}}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	ended, ok := errors.AsType[errRemote]((&app{stdout: &b, stderr: &b}).replay(resp.Body))
	if !ok {
		return 0, "", errors.New("no answer")
	}
	if c.rough && (ended.code == exitBusy || ended.code == exitInternal) {
		return 0, "", errors.New("no answer of weight")
	}
	return ended.code, strings.TrimSpace(b.String()), nil
}

// live acts at random until the server gives no answer.
func (c *client) live(answered func()) {
	for c.failed == nil {
		if !c.act() {
			return
		}
		answered()
	}
}

func (c *client) act() bool {
	n := c.random.IntN(10)
	if len(c.people) == 0 || n < 2 {
		return c.enter()
	}
	p := c.people[c.random.IntN(len(c.people))]
	switch {
	case n < 5:
		return c.order(p)
	case n < 9:
		return c.use(p)
	}
	return c.erase(p)
}

func (c *client) enter() bool {
	p := &customer{email: world.Token() + "@mail.example"}
	code, out, err := c.call("subject", "add", "--accept", "--adult", "--at", "registration", "account.email="+p.email)
	if err != nil {
		return false
	}
	if c.expect(code == exitOK, "registering", code, out) {
		p.id = out
		c.people = append(c.people, p)
	}
	return true
}

func (c *client) order(p *customer) bool {
	value := "order " + world.Token()
	code, out, err := c.call("collect", p.id, "--at", "web", "order.address="+value)
	switch {
	case err != nil:
		p.maybe = append(p.maybe, value)
		return false
	case code == exitOK:
		p.orders = append(p.orders, value)
		c.expect(!p.erased, "collecting about somebody erased", code, out)
	default:
		c.expect(p.erased || p.fading, "collecting", code, out)
	}
	return true
}

func (c *client) use(p *customer) bool {
	code, out, err := c.call("use", p.id, "--for", "orders", "--ref", "order:o1", "account.email", "order.address")
	if err != nil {
		return false
	}
	switch code {
	case exitOK:
		c.used++
		whole := strings.Contains(out, p.email)
		for _, o := range p.orders {
			whole = whole && strings.Contains(out, o)
		}
		c.expect(whole && !p.erased, "using", code, out)
	case exitDenied:
		c.denied++
		c.expect(p.erased || p.fading, "using", code, out)
	default:
		c.expect(false, "using", code, out)
	}
	return true
}

func (c *client) erase(p *customer) bool {
	code, out, err := c.call("erase", p.id, "--everything", "--yes")
	if err != nil {
		p.fading = true
		return false
	}
	if c.expect(code == exitOK, "erasing", code, out) {
		p.erased = true
	}
	return true
}

func (c *client) expect(ok bool, what string, code int, out string) bool {
	if !ok {
		c.failed = errors.Join(c.failed, fmt.Errorf("%s: code %d: %s", what, code, out))
	}
	return ok
}

// A server that is killed at random and started again has lost nothing that it
// acknowledged, and nobody is half erased. AVOW_SOAK says how long to go on.
func TestSoakAServerKilledAtRandomLosesNothing(t *testing.T) {
	t.Parallel()
	killAtRandom(t, "server-kills-sqlite", newStage(t, build(t)))
}

// soakEnd says until when a loop goes on: for as long as AVOW_SOAK says.
func soakEnd() (end time.Time) {
	if s := os.Getenv("AVOW_SOAK"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			d = 5 * time.Minute
		}
		end = time.Now().Add(d)
	}
	return end
}

// killAtRandom kills the server of a stage again and again. It prints the count
// under a name, for the table of the long runs.
func killAtRandom(t *testing.T, name string, s *stage) {
	t.Helper()
	end, rounds := soakEnd(), 0
	defer func() { reportSoak(t, name, rounds) }()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var clients []*client
	for i := range 4 {
		clients = append(clients, &client{dir: s.dir, random: rand.New(rand.NewPCG(seed, uint64(i+2)))})
	}
	var trusted [][]byte
	for round := 0; round < 3 || time.Now().Before(end); round++ {
		if note := s.killed(clients, 10+random.IntN(60)); note != nil {
			trusted = append(trusted, note)
		}
		s.remembers(clients, trusted)
		rounds++
		if t.Failed() {
			return
		}
	}
}

// reportSoak prints a line for the table of the long runs.
func reportSoak(t *testing.T, name string, count int) {
	losses := 0
	if t.Failed() {
		losses = 1
	}
	fmt.Printf("soak: %s %d losses %d\n", name, count, losses)
}

// killed runs a server with clients and kills it after so many answers. It
// returns a checkpoint that the server had signed.
func (s *stage) killed(clients []*client, answers int) (checkpoint []byte) {
	s.Helper()
	cmd := exec.CommandContext(context.Background(), s.binary, "serve", "--listen", "127.0.0.1:0")
	cmd.Dir = s.dir
	var out bytes.Buffer
	cmd.Stderr = &out
	s.must(cmd.Start())
	if err := waitForSocket(filepath.Join(s.dir, "data", socketName)); err != nil {
		s.Fatalf("the server does not answer: %v\n%s", err, out.String())
	}
	_, note, err := clients[0].call("audit", "checkpoint")
	s.must(err)
	if strings.HasPrefix(note, "avow/") {
		checkpoint = []byte(note + "\n")
	}
	tokens := make(chan struct{}, 1024)
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() { c.live(func() { tokens <- struct{}{} }) })
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for i := 0; i < answers; {
		select {
		case <-tokens:
			i++
		case <-done:
			i = answers
		}
	}
	s.must(cmd.Process.Kill())
	_ = cmd.Wait()
	go func() {
		for range tokens { // clients end when nobody answers
		}
	}()
	<-done
	close(tokens)
	for _, c := range clients {
		if c.failed != nil {
			s.Error(c.failed)
		}
	}
	return checkpoint
}

// remembers opens the stores and compares them with what the clients know.
func (s *stage) remembers(clients []*client, trusted [][]byte) {
	s.Helper()
	ctx := context.Background()
	server, p := s.open()
	defer func() { s.must(server.Close()) }()
	used, denied := 0, 0
	for _, c := range clients {
		used, denied = used+c.used, denied+c.denied
		for _, k := range c.people {
			s.remembered(ctx, p, c, k)
		}
	}
	entries := map[audit.Kind]int{}
	for after, n := "", 1000; n == 1000; {
		page, err := p.Entries(ctx, audit.Filter{After: after, Limit: 1000})
		s.must(err)
		for _, e := range page {
			entries[e.Kind]++
			after = e.Cursor(false)
		}
		n = len(page)
	}
	if entries[audit.Used] < used || entries[audit.Denied] < denied {
		s.Errorf("%d uses and %d denials were answered, and the log has %d and %d", used, denied, entries[audit.Used], entries[audit.Denied])
	}
	v, err := p.VerifyLog(ctx, audit.Verify{Trusted: trusted}, true)
	s.must(err)
	if len(v.Wrong)+len(v.Differs) > 0 {
		s.Errorf("after the kill the log does not verify: %v %v", v.Wrong, v.Differs)
	}
}

// remembered checks one person: whole, or gone.
func (s *stage) remembered(ctx context.Context, p *avow.Platform, c *client, k *customer) {
	s.Helper()
	v, err := p.Profile(ctx, subject.ID(k.id))
	s.must(err)
	if v.State == subject.Erased && (k.erased || k.fading) {
		k.erased, k.fading, k.maybe = true, false, nil
		if len(v.Holdings) > 0 {
			s.Errorf("%d rows are left of somebody erased", len(v.Holdings))
		}
		return
	}
	if v.State != subject.Open || k.erased {
		s.Errorf("somebody is %s; an erasure was acknowledged: %v", v.State, k.erased)
		return
	}
	k.fading = false // it never began
	answer, err := p.Use(ctx, world.Ask(v.ID, "orders", "account.email", "order.address"))
	s.must(err)
	c.used++
	var values []string
	for _, x := range answer.Values {
		values = append(values, x.Text.Reveal())
	}
	for _, want := range append([]string{k.email}, k.orders...) {
		if !slices.Contains(values, want) {
			s.Error("an acknowledged value is lost")
		}
	}
	for _, m := range k.maybe { // it may have been stored, and is known from now on
		if slices.Contains(values, m) {
			k.orders = append(k.orders, m)
		}
	}
	k.maybe = nil
	if len(values) != 1+len(k.orders) {
		s.Errorf("%d values are held, and %d were given", len(values), 1+len(k.orders))
	}
}
