package world_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// TestEveryFailureKeepsEveryInvariant tells the main story (collect, use, share,
// withdraw, request, plan, run, erase, deliver) with its n-th write, sync or
// message to the server failing; opens the platform again, checks every
// invariant, and tells the rest of the story. n goes in strides here, and in
// every way of failing by turns; TestSoakFailures takes every n in every way.
func TestEveryFailureKeepsEveryInvariant(t *testing.T) {
	t.Parallel()
	strides := map[db.Engine]int64{db.SQLite: 37, db.Postgres: 67}
	if testing.Short() {
		strides = map[db.Engine]int64{db.SQLite: 131, db.Postgres: 211}
	}
	for engine, stride := range strides {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			failures(t, engine, func(n int64, way int) bool {
				return n%stride == 1 && n/stride%int64(len(world.Ways(engine))) == int64(way)
			})
		})
	}
}

// TestSoakFailures takes every n: on the embedded engine in every way, on
// PostgreSQL in the ways by turns, beginning with another in each run.
func TestSoakFailures(t *testing.T) {
	dbtest.Soak(t) // it takes every failure once, however long others go on
	first := rand.IntN(4)
	t.Logf("on PostgreSQL the first failure is of way %d", first)
	for _, engine := range world.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			told := failures(t, engine, func(n int64, way int) bool {
				return engine == db.SQLite || (n+int64(first))%int64(len(world.Ways(engine))) == int64(way)
			})
			fmt.Printf("soak: failures-%s %d losses %d\n", engine, told.Load(), lossesOf(t))
		})
	}
}

// lossesOf is 1 for a test that has failed.
func lossesOf(t testing.TB) int {
	if t.Failed() {
		return 1
	}
	return 0
}

// failures tells the story once whole, to count its operations, and then with
// each operation failing that is chosen, in the ways that are. It returns how
// many stories were told.
func failures(t *testing.T, engine db.Engine, chosen func(n int64, way int) bool) *atomic.Int64 {
	prepared := world.Prepare(t, engine, world.Options{People: 2, Shop: true})
	total := tellFailing(t, prepared, 0, "")
	if total < 100 {
		t.Fatalf("the story has only %d operations", total)
	}
	var told atomic.Int64
	t.Run("n", func(t *testing.T) {
		for n := int64(1); n <= total; n++ {
			for i, way := range world.Ways(engine) {
				if !chosen(n, i) {
					continue
				}
				t.Run(fmt.Sprintf("%d/%s", n, way), func(t *testing.T) {
					t.Parallel()
					tellFailing(t, prepared, n, way)
					told.Add(1)
				})
			}
		}
	})
	t.Logf("the story has %d operations; told with %d failures", total, told.Load())
	return &told
}

// tellFailing tells the story with its n-th operation failing, none for 0, and
// returns how many came by until then.
func tellFailing(t *testing.T, prepared *world.Prepared, n int64, way world.Way) int64 {
	w := prepared.World(t)
	s := newStory(w)
	if n > 0 {
		w.Fault().Arm(n, way)
	} else {
		w.Fault().Heal()
	}
	s.tell()
	passed := w.Fault().Passed()
	fired := w.Fault().Fired()
	w.Fault().Heal()
	if fired {
		w.Gone(func() { endLeases(w) })
		w.Look()
		s.tell()
	}
	s.happyEnd(t)
	w.End()
	return passed
}

// endLeases lets half a minute of the real clock pass: nobody has to wait for the
// leases of the node that is no more.
func endLeases(w *world.World) {
	if w.Engine == db.Postgres {
		w.SQL(db.Data, "UPDATE db_lease SET until = 0")
		w.SQL(db.Keys, "UPDATE db_lease SET until = 0")
	}
}

// A story is the main flow, act by act. A failed act is told again.
type story struct {
	w        *world.World
	lin, ann *world.Person
	at       int // acts that are done
	asked    rights.ID
	hash     string
	acts     []storyAct
}

// storyAct does one thing. Its kinds are what it leaves in the log, where that is
// counted.
type storyAct struct {
	kinds []audit.Kind
	do    func(ctx context.Context) error
}

func newStory(w *world.World) *story {
	s := &story{w: w, lin: w.People[0], ann: w.People[1]}
	s.acts = []storyAct{
		{leaves(audit.Collected), s.collect},
		{leaves(audit.Used), s.use},
		{nil, func(ctx context.Context) error {
			return w.P.Sign(ctx, "wechat-pay", "agreement.pdf", w.Clock.Now().Add(time.Hour*24*365))
		}},
		{leaves(audit.Used), s.share},
		{leaves(audit.Consented), s.say(true)},
		{leaves(audit.Withdrawn), s.say(false)},
		{leaves(audit.ItemErased), s.eraseItem},
		{leaves(audit.RequestReceived), s.ask},
		{nil, func(ctx context.Context) error {
			return done(w.P.Requests().Verify(ctx, s.asked, w.Support(), "identifier-code"))
		}},
		{nil, s.survey},
		{nil, s.plan},
		{leaves(audit.Approved), func(ctx context.Context) error {
			return done(w.P.Requests().Approve(ctx, s.asked, s.hash, w.Officer()))
		}},
		{nil, func(ctx context.Context) error { return done(w.P.Requests().Run(ctx, s.asked, w.Support())) }},
		{leaves(audit.Erased, audit.Delivered), s.work},
	}
	return s
}

func leaves(k ...audit.Kind) []audit.Kind { return k }

// tell goes on until an act fails.
func (s *story) tell() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for s.at < len(s.acts) {
		act := s.acts[s.at]
		if err := act.do(ctx); err != nil {
			s.w.Say(err.Error())
			s.w.Doubt(act.kinds...)
			return
		}
		s.w.Answered(act.kinds...)
		s.at++
	}
}

// done forgives an act that a failed answer had done already.
func done(err error) error {
	if fault.Of(err) == fault.Conflict {
		return nil
	}
	return err
}

func (s *story) collect(ctx context.Context) error {
	_, err := s.w.P.Collect(ctx, s.ann.ID, "web", []policy.Given{{Item: "order.history", Value: "one more camera", Voluntary: true}}, avow.Actor{})
	return err
}

func (s *story) use(ctx context.Context) error {
	return s.allowed(ctx, world.Ask(s.lin.ID, "orders", "account.email"))
}

func (s *story) share(ctx context.Context) error {
	return s.allowed(ctx, avow.Use{
		Subject: s.lin.ID, Purpose: "payment", Items: []string{"device.maker"}, Recipient: "wechat-pay",
		Ref: policy.Ref{Kind: policy.RefOrder, ID: "ord_1"},
	})
}

func (s *story) allowed(ctx context.Context, u avow.Use) error {
	answer, err := s.w.P.Use(ctx, u)
	if err == nil && !answer.Decision.Allowed {
		s.w.Fatalf("%s was denied: %v", u.Purpose, answer.Decision.Reasons)
	}
	return err
}

func (s *story) say(yes bool) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.w.P.Choose(ctx, s.lin.ID, avow.Choice{
			Kind: consent.Consent, Purpose: "push", Given: yes, Explicit: true, Channel: "settings", By: self(),
		})
	}
}

func (s *story) eraseItem(ctx context.Context) error {
	_, err := s.w.P.Erase(ctx, s.ann.ID, avow.Erasure{Item: "account.nickname", By: self()})
	return err
}

func (s *story) ask(ctx context.Context) (err error) {
	s.asked, err = s.w.P.Requests().Receive(ctx, world.Asked(policy.Erasure, s.lin.Email()), s.w.Support())
	return err
}

func (s *story) survey(ctx context.Context) error {
	_, err := s.w.P.Requests().Survey(ctx, s.asked, s.w.Support())
	return done(err)
}

func (s *story) plan(ctx context.Context) error {
	p, err := s.w.P.Requests().Plan(ctx, s.asked, s.w.Support())
	if err == nil {
		s.hash = p.Hash
		return nil
	}
	if fault.Of(err) != fault.Conflict {
		return err
	}
	v, err := s.w.P.Requests().Show(ctx, s.asked)
	if err == nil && v.Plan == nil {
		return fault.New(fault.Busy, "no plan yet")
	}
	if err == nil {
		s.hash = v.Plan.Hash
	}
	return err
}

func (s *story) work(ctx context.Context) error {
	if err := s.rest(ctx); err != nil {
		return err
	}
	v, err := s.w.P.Requests().Show(ctx, s.asked)
	switch {
	case err != nil:
		return err
	case v.State == rights.NeedsAttention:
		if err := s.attend(ctx); err != nil {
			return err
		}
		return s.work(ctx)
	case v.State != rights.Delivered:
		s.w.Fatalf("the request is %s", v.State)
	}
	return nil
}

// attend is what a person does about a request that needs one: recipients are told,
// what failed is tried again.
func (s *story) attend(ctx context.Context) error {
	r, by := s.w.P.Requests(), s.w.Officer()
	tasks, err := r.Tasks(ctx, s.asked, by)
	switch {
	case fault.Of(err) == fault.Conflict:
		return r.Retry(ctx, s.asked, s.w.Support())
	case err != nil:
		return err
	}
	return r.Attest(ctx, s.asked, tasks[0].Step, by)
}

// rest works until the request rests. A step that has failed is tried again
// later, and it gets late quickly.
func (s *story) rest(ctx context.Context) error {
	return s.w.P.WorkUntil(ctx, s.asked, func(int, int) { s.w.Clock.Add(10 * time.Second) })
}

// happyEnd is what anybody expects, whatever failed on the way.
func (s *story) happyEnd(t testing.TB) {
	t.Helper()
	w := s.w
	if s.at != len(s.acts) {
		t.Fatalf("the story stops at act %d", s.at)
	}
	s.lin.Forgotten(avow.Erasure{Everything: true})
	s.ann.Forgotten(avow.Erasure{Item: "account.nickname"})
	if err := w.P.Tidy(t.Context()); err != nil {
		t.Error(err)
	}
	receipt, err := w.P.Requests().Receipt(t.Context(), s.asked)
	w.Must(err)
	w.VerifyReceipt(receipt)
	w.Denied(s.lin, "push", "account.email")
	w.Allowed(s.ann, "orders", "account.email")
}
