package rights

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// TestRequestsMoveAsTheModelSays asks everything of requests at every moment, by
// everybody, right or wrong, with a shop that breaks and is mended and a process
// that dies, and compares each answer and each state with the machine of
// state_test.go and with what four eyes demand.
func TestRequestsMoveAsTheModelSays(t *testing.T) { requests(t, db.SQLite, 12) }

// TestSoakRequestModel is the same on both engines, for long.
func TestSoakRequestModel(t *testing.T) {
	period := dbtest.Soak(t)
	begin, n := db.Wall(), 0
	for n == 0 || db.Wall().Sub(begin) < period {
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			n += requests(t, e, 30)
		}
	}
	dbtest.Soaked(t, "request histories", n, 0)
}

func requests(t *testing.T, e db.Engine, checks int) (n int) {
	t.Helper()
	for name, n := range map[string]int{"rapid.checks": checks, "rapid.steps": 60} {
		if err := flag.Set(name, strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
	}
	shop := &broken{err: fault.New(fault.Invalid, "the shop's map is wrong")}
	s := newStack(t, e)
	s.around = func(sys connector.System) connector.System {
		shop.System = sys
		return shop
	}
	s.reopen()
	reached := map[State]int{}
	rapid.Check(t, func(t *rapid.T) {
		n++
		m := &requestModel{stack: s, shop: shop, reached: reached, number: n, right: policy.Erasure}
		if rapid.Bool().Draw(t, "access") {
			m.right = policy.Access
		}
		m.begin()
		t.Repeat(map[string]func(*rapid.T){
			"verify": m.verifies, "survey": m.surveys, "plan": m.plans, "approve": m.approves, "run": m.runs, "run after approval": m.runs, "retry": m.retries,
			"pause": m.pauses, "resume": m.resumes, "refuse": m.refuses, "withdraw": m.withdraws, "deliver": m.delivers,
			"work": m.works, "break": m.breaks, "die": m.dies, "month": m.months, "go on": m.goesOn, "go further": m.goesOn, "go still further": m.goesOn,
			"": m.check,
		})
	})
	t.Logf("%s: %d requests; states reached: %v", e, n, reached)
	return n
}

// A requestModel is one request, and what is true of it.
type requestModel struct {
	*stack
	shop    *broken
	reached map[State]int
	number  int
	right   policy.RightKind

	person  subject.Facts
	id      ID
	state   State
	paused  bool
	begun   bool
	closed  bool // its key may be dead: nothing is promised any more but that nothing moves
	asker   string
	planner string
	hash    string
}

func (m *requestModel) begin() {
	n := m.number
	email, phone := fmt.Sprintf("p%d@lamp.test", n), fmt.Sprintf("+4930%07d", n)
	m.sql(fmt.Sprintf(`INSERT INTO customers VALUES (%[1]d, '%[2]s', '%[3]s', 'Person p%[1]dx', 'secret p%[1]dx');
		INSERT INTO addresses VALUES (%[1]d, %[1]d, 'Street p%[1]dx'); INSERT INTO orders VALUES (%[1]d, %[1]d, 'for p%[1]dx', '2026-01-01');`, n, email, phone))
	m.person = m.stack.person(email, phone, fmt.Sprintf("lamp p%dx", n))
	var err error
	m.id, err = m.rights.Receive(context.Background(), asked(m.right, "email", email), support())
	m.must(err)
	m.state, m.asker, m.shop.times, m.shop.calls = Received, support().ID, 0, 0
}

// may says what the machine allows: nil, or a conflict.
func (m *requestModel) may(to State) fault.Kind {
	ends := to == Refused || to == Withdrawn
	if !allowed(m.state, to, m.begun, m.right == policy.Access) || m.paused && !ends {
		return fault.Conflict
	}
	return ""
}

// answer compares an answer with what is expected, and notes the move.
func (m *requestModel) answer(t *rapid.T, what string, err error, want fault.Kind, to State) bool {
	switch {
	case m.closed && err == nil:
		t.Fatalf("%s: a request moves that ended a month ago as %s", what, m.state)
	case m.closed:
	case want == "" && err != nil:
		t.Fatalf("%s of a request that is %s (paused %v, begun %v): %v", what, m.state, m.paused, m.begun, err)
	case want != "" && fault.Of(err) != want:
		t.Fatalf("%s of a request that is %s (paused %v, begun %v): %v, want %v", what, m.state, m.paused, m.begun, err, want)
	}
	if err == nil && want == "" {
		m.state = to
		return true
	}
	return false
}

func (m *requestModel) anybody(t *rapid.T) gate.Actor {
	second := gate.Actor{ID: "stf_second"}
	return rapid.SampledFrom([]gate.Actor{support(), second, m.officer(), self(), {}}).Draw(t, "who")
}

func (m *requestModel) verifies(t *rapid.T) {
	err := m.rights.Verify(context.Background(), m.id, m.anybody(t), "identifier-code")
	m.answer(t, "verify", err, m.may(Verified), Verified)
}

func (m *requestModel) surveys(t *rapid.T) {
	_, err := m.rights.Survey(context.Background(), m.id, m.anybody(t))
	m.answer(t, "survey", err, m.may(Surveyed), Surveyed)
}

func (m *requestModel) plans(t *rapid.T) {
	by := m.anybody(t)
	p, err := m.rights.Plan(context.Background(), m.id, by)
	if m.answer(t, "plan", err, m.may(Planned), Planned) {
		m.planner, m.hash = by.ID, p.Hash
	}
}

// approves is tried by everybody, and now and then with the hash of another plan.
func (m *requestModel) approves(t *rapid.T) {
	by, hash, want := m.anybody(t), m.hash, m.may(Approved)
	if !seldom(t, 5) {
		hash = "00" + m.hash
	}
	officer := by.ID == m.officer().ID
	fourEyes := by.ID != "" && by.ID != m.asker && by.ID != m.planner && (officer || m.right == policy.Access)
	switch {
	case want != "":
	case !fourEyes:
		want = fault.Denied
	case hash != m.hash:
		want = fault.Conflict
	}
	m.answer(t, "approve", m.rights.Approve(context.Background(), m.id, hash, by), want, Approved)
}

func (m *requestModel) runs(t *rapid.T) {
	want := m.may(Running)
	if m.state != Approved {
		want = fault.Conflict
	}
	m.answer(t, "run", m.rights.Run(context.Background(), m.id, m.anybody(t)), want, Running)
}

func (m *requestModel) retries(t *rapid.T) {
	want := m.may(Running)
	if m.state != NeedsAttention {
		want = fault.Conflict
	}
	m.answer(t, "retry", m.rights.Retry(context.Background(), m.id, m.anybody(t)), want, Running)
}

func (m *requestModel) pauses(t *rapid.T) {
	want := fault.Kind("")
	if m.paused || m.begun || m.state.Last() || m.state == Running || m.state == VerifiedAfter {
		want = fault.Conflict
	}
	if m.answer(t, "pause", m.rights.Pause(context.Background(), m.id, Reason{Code: "clarification"}, m.anybody(t)), want, m.state) {
		m.paused = true
	}
}

func (m *requestModel) resumes(t *rapid.T) {
	want := fault.Kind("")
	if !m.paused {
		want = fault.Conflict
	}
	if m.answer(t, "resume", m.rights.Resume(context.Background(), m.id, m.anybody(t)), want, m.state) {
		m.paused = false
	}
}

// seldom is false once in n times; small numbers are drawn more often than others.
func seldom(t *rapid.T, n int) bool { return rapid.IntRange(1, n).Draw(t, "seldom") != n/2+1 }

// Refusing and withdrawing end the walk: seldom.
func (m *requestModel) refuses(t *rapid.T) {
	if m.may(Refused) == "" && seldom(t, 19) {
		t.Skip("not now")
	}
	if m.answer(t, "refuse", m.rights.Refuse(context.Background(), m.id, Reason{Code: "excessive"}, m.anybody(t)), m.may(Refused), Refused) {
		m.paused = false
	}
}

func (m *requestModel) withdraws(t *rapid.T) {
	if m.may(Withdrawn) == "" && seldom(t, 19) {
		t.Skip("not now")
	}
	if m.answer(t, "withdraw", m.rights.Withdraw(context.Background(), m.id, self()), m.may(Withdrawn), Withdrawn) {
		m.paused = false
	}
}

func (m *requestModel) delivers(t *rapid.T) {
	owner := gate.Actor{Role: policy.Self, ID: string(m.person.ID)}
	stranger := gate.Actor{Role: policy.Self, ID: "sub_somebody"}
	if err := m.rights.Deliver(context.Background(), m.id, stranger, io.Discard); err == nil {
		t.Fatal("a package was given to somebody else")
	}
	err := m.rights.Deliver(context.Background(), m.id, owner, io.Discard)
	ready := m.right == policy.Access && (m.state == VerifiedAfter || m.state == Delivered)
	if !m.closed && ready != (err == nil) {
		t.Fatalf("a package of a request that is %s: %v", m.state, err)
	}
	if err == nil {
		m.state = Delivered
	}
}

// works lets the jobs run; a request that was running comes to rest.
func (m *requestModel) works(t *rapid.T) {
	m.run()
	if m.state != Running {
		return
	}
	switch v := m.show(m.id); {
	case m.right == policy.Access && v.State == VerifiedAfter:
	case m.right == policy.Erasure && m.shop.times == 0 && v.State == Delivered:
	case m.right == policy.Erasure && m.shop.times > 0 && v.State == NeedsAttention:
	default:
		t.Fatalf("a run of %s, shop broken %v, came to rest as %s (%s)", m.right, m.shop.times > 0, v.State, v.Cause)
	}
	m.state = m.show(m.id).State
	q, _, err := m.rights.load(context.Background(), m.id)
	m.must(err)
	if q.begun && m.right != policy.Erasure || m.begun && !q.begun {
		t.Fatalf("begun is %v, was %v", q.begun, m.begun)
	}
	m.begun = q.begun
	if m.state == Delivered {
		m.gone(t)
	}
}

// gone asserts that an erasure that was delivered has erased, and told the truth.
func (m *requestModel) gone(t *rapid.T) {
	if n := m.count(fmt.Sprintf("SELECT (SELECT count(*) FROM customers WHERE id = %[1]d) + (SELECT count(*) FROM addresses WHERE customer_id = %[1]d)", m.number)); n > 0 {
		t.Fatalf("an erasure was delivered, and the shop still has %d rows", n)
	}
	held, err := m.vault.Holdings(context.Background(), m.person.Num)
	m.must(err)
	for _, h := range held {
		if !m.version.Policy.ClassBy(h.Class).Law {
			t.Fatal("an erasure was delivered, and the vault still holds what no law keeps")
		}
	}
	for range 100 { // the proof can be had once the entry has its place
		if _, err = m.log.Sequence(context.Background()); err != nil {
			break
		}
		var b []byte
		if b, err = m.rights.Receipt(context.Background(), m.id); err == nil {
			_, err = plan.VerifyReceipt(b, m.log.Key())
			break
		}
	}
	if err != nil {
		t.Fatalf("the receipt: %v", err)
	}
}

func (m *requestModel) breaks(t *rapid.T) {
	m.shop.calls, m.shop.times = 0, rapid.SampledFrom([]int{0, 1 << 30}).Draw(t, "broken")
}

func (m *requestModel) dies(t *rapid.T) {
	if seldom(t, 3) {
		t.Skip("not now")
	}
	m.reopen()
}

// months pass: who was never verified is not waited for, and packages go.
func (m *requestModel) months(t *rapid.T) {
	if seldom(t, 15) || m.state == Running {
		t.Skip("not now")
	}
	m.clock.Add(31 * 24 * time.Hour)
	_, err := m.rights.Sweep(context.Background())
	m.must(err)
	m.run()
	switch {
	case m.state.Last():
		m.closed = true
	case m.state == Received && !m.paused, m.state == VerifiedAfter:
		m.state = Expired
	}
}

// goesOn takes the straight way for one step, so that walks come far.
func (m *requestModel) goesOn(t *rapid.T) {
	ctx := context.Background()
	if m.paused {
		m.must(m.rights.Resume(ctx, m.id, support()))
		m.paused = false
	}
	switch m.state {
	case Received:
		m.must(m.rights.Verify(ctx, m.id, support(), "login"))
		m.state = Verified
	case Verified:
		_, err := m.rights.Survey(ctx, m.id, support())
		m.must(err)
		m.state = Surveyed
	case Surveyed:
		by := rapid.SampledFrom([]gate.Actor{support(), m.officer()}).Draw(t, "planner")
		p, err := m.rights.Plan(ctx, m.id, by)
		m.must(err)
		m.state, m.planner, m.hash = Planned, by.ID, p.Hash
	case Planned:
		if m.planner == m.officer().ID {
			if err := m.rights.Approve(ctx, m.id, m.hash, m.officer()); fault.Of(err) != fault.Denied {
				t.Fatalf("who planned a request approves it: %v", err)
			}
			p, err := m.rights.Plan(ctx, m.id, support())
			m.must(err)
			m.planner, m.hash = support().ID, p.Hash
		}
		m.must(m.rights.Approve(ctx, m.id, m.hash, m.officer()))
		m.state = Approved
	case Approved:
		m.must(m.rights.Run(ctx, m.id, support()))
		m.state = Running
	case Running:
		m.works(t)
	case NeedsAttention:
		m.shop.times = 0
		m.must(m.rights.Retry(ctx, m.id, support()))
		m.state = Running
	default:
		t.Skip("the way ends here")
	}
}

// check compares the state, and walks the timeline along the table.
func (m *requestModel) check(t *rapid.T) {
	v := m.show(m.id)
	m.reached[v.State]++
	if v.State != m.state {
		t.Fatalf("the request is %s (%s), want %s", v.State, v.Cause, m.state)
	}
	at := Received
	for _, e := range v.Events {
		if e.State != at && !slices.ContainsFunc(Moves(), func(x Move) bool { return x.From == at && x.To == e.State }) {
			t.Fatalf("the timeline goes from %s to %s", at, e.State)
		}
		at = e.State
	}
	if at != m.state {
		t.Fatalf("the timeline ends with %s", at)
	}
}
