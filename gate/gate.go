package gate

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
)

const (
	remembered = 1 << 18 // subjects whose facts a gate keeps where nothing else is said
	unpacked   = 1 << 15 // … of them at hand, the last that were asked for
	numbered   = 1 << 17 // subjects whose number is kept
)

// A Gate decides and lets through, for one platform.
type Gate struct {
	data       *db.DB
	keys       *seal.Keyring
	log        *audit.Log
	inForce    func() *publication.Version
	states     *lru.Cache[int64, *State]
	memory     *memory
	numbers    *lru.Cache[subject.ID, int64] // never change
	recipients atomic.Int64                  // moves when the recipients' ledger does
	stood      atomic.Pointer[standing]
	standings  atomic.Uint32 // how often that was read
	past       sync.Mutex    // guards versions, and what they have read
	versions   *versions
}

// Config is what a gate stands on.
type Config struct {
	Data    *db.DB
	Keys    *seal.Keyring
	Log     *audit.Log
	InForce func() *publication.Version // the policy in force

	// Remembered is how many subjects' facts are kept, some 360 bytes each once there
	// are so many; 0: 262,144. Those of the last 32,768 take a kilobyte more each.
	Remembered int
}

// New returns a gate.
func New(c Config) (*Gate, error) {
	states, err := lru.New[int64, *State](unpacked)
	if err != nil {
		return nil, fmt.Errorf("gate: %w", err)
	}
	numbers, err := lru.New[subject.ID, int64](numbered)
	if err != nil {
		return nil, fmt.Errorf("gate: %w", err)
	}
	return &Gate{data: c.Data, keys: c.Keys, log: c.Log, inForce: c.InForce, states: states, memory: newMemory(cmp.Or(c.Remembered, remembered)), numbers: numbers}, nil
}

// InForce returns the policy in force.
func (g *Gate) InForce() *publication.Version { return g.inForce() }

// Decide asks the policy without asking for leave: nothing is written and
// nothing may be touched on the strength of the answer.
func (g *Gate) Decide(ctx context.Context, u *policy.Use) (policy.Decision, error) {
	if d := g.clear(u); d.Allowed {
		return d, nil
	}
	s, err := g.State(ctx, u.Subject)
	if err != nil {
		return policy.Decision{}, err
	}
	if d, err := g.decide(ctx, g.inForce().Policy, s, u, Actor{}); err != nil || d.Allowed {
		return d, err
	}
	if s, err = g.Fresh(ctx, u.Subject); err != nil {
		return policy.Decision{}, err
	}
	return g.decide(ctx, g.inForce().Policy, s, u, Actor{})
}

// clear is [policy.Policy.Clear] with facts from the memory.
func (g *Gate) clear(u *policy.Use) (d policy.Decision) {
	p, st := g.inForce().Policy, g.stands()
	if st == nil || p.Backed(u) || u.Recipient != 0 {
		return d
	}
	var f policy.Facts
	until, ok := g.memory.facts(u.Subject, st, &f)
	if !ok || until != 0 && g.data.Now().UnixMicro() >= until {
		return d
	}
	return p.Clear(u, &f)
}

// Open decides u for the subject of s on act, and writes the decision to the
// log. The Grant covers the items of u when the decision allows; else it is
// the zero Grant. Where s may be stale, a denial means: ask again with fresh
// facts on a new act.
func (g *Gate) Open(ctx context.Context, act *db.Act, s *State, u *policy.Use, by Actor) (Grant, policy.Decision, error) {
	v := g.inForce()
	d, err := g.decide(ctx, v.Policy, s, u, by)
	if err != nil {
		return Grant{}, d, err
	}
	e := audit.Entry{
		Kind: audit.Used, Control: policy.UseDecision,
		Public: []audit.Field{
			audit.Num(audit.TagPolicy, v.Num), audit.Num(audit.TagPurpose, u.Purpose), audit.Nums(audit.TagItems, u.Items),
		},
		Subject: s.Subject.Num, SubjectID: string(s.Subject.ID), Key: s.Subject.LogKey,
	}
	if role := roleName(v.Policy, by.Role); role != "" {
		e.Public = append(e.Public, audit.Text(audit.TagRole, role))
	}
	if u.Recipient != 0 {
		e.Public = append(e.Public, audit.Num(audit.TagRecipient, u.Recipient))
		if s := v.Policy.CaseOf(u); s != policy.NoScenario {
			e.Public = append(e.Public, audit.Text(audit.TagScenario, s.String()))
		}
		e.Also = append(e.Also, policy.ShareLedger)
		shaped(v.Policy, u, d, &e)
	}
	if u.Ref.Kind == policy.RefDevice {
		e.Also = append(e.Also, policy.DeviceBound)
	}
	formed(v.Policy, u, d, &e)
	if u.Instrument != "" {
		e.Private = append(e.Private, audit.Text(audit.TagInstrument, u.Instrument))
	}
	if u.Interest != "" {
		e.Private = append(e.Private, audit.Text(audit.TagInterest, u.Interest))
	}
	for _, said := range []string{u.Clause, u.Necessity} {
		if said != "" {
			e.Private = append(e.Private, audit.Text(audit.TagNote, said))
		}
	}
	if by.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, by.ID))
	}
	if u.Ref.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagRef, u.Ref.ID))
	}
	if !d.Allowed {
		return Grant{}, d, g.deny(ctx, act, e, d)
	}
	act.Require(subject.Row, s.Subject.Num, s.Subject.Version)
	entry, err := g.log.Append(ctx, act, e)
	if err != nil {
		return Grant{}, d, fmt.Errorf("gate open: %w", err)
	}
	if u.Recipient != 0 {
		act.Require(recipient.Row, recipient.Key, s.ledger)
		if err := g.disclose(ctx, act, s, u, entry); err != nil {
			return Grant{}, d, err
		}
	}
	grant := Grant{act: act, subject: s.Subject.Num, entry: entry}
	for _, n := range u.Items {
		grant.items.Add(n)
	}
	return grant, d, nil
}

// deny writes the entry of a denial. It has no precondition: it is true
// whatever becomes of the subject meanwhile.
func (g *Gate) deny(ctx context.Context, act *db.Act, e audit.Entry, d policy.Decision) error {
	e.Kind = audit.Denied
	for _, r := range d.Reasons {
		e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		e.Also = append(e.Also, r.Control)
	}
	return g.append(ctx, act, e)
}

func (g *Gate) disclose(ctx context.Context, act *db.Act, s *State, u *policy.Use, entry audit.ID) error {
	n, err := g.data.Number(ctx, "disclosure")
	if err != nil {
		return fmt.Errorf("gate disclose: %w", err)
	}
	disclosure.Record(act, s.Subject.Num, disclosure.Disclosure{
		ID: n, Recipient: u.Recipient, Purpose: u.Purpose, Items: u.Items, Scenario: g.inForce().Policy.CaseOf(u).String(), Entry: int64(entry),
	})
	return nil
}

// An Admission asks whether values may come in at a collection point.
type Admission struct {
	Point string
	Given []policy.Given
	By    Actor
	Binds bool // the act binds a new key, so it moves the subject's version

	LeftOut bool // the person is told what does not work without what they left out
}

// Admit decides an admission. Without refusals the Grant covers the items
// given; otherwise the refusals are written to the log and the Grant is the
// zero Grant.
func (g *Gate) Admit(ctx context.Context, act *db.Act, s *State, a Admission) (Grant, []policy.Refusal, error) {
	v := g.inForce()
	f, seenIn, err := g.observed(ctx, v.Policy, s, a)
	if err != nil {
		return Grant{}, nil, err
	}
	if f.Shown, err = g.shown(ctx, v.Policy, a); err != nil {
		return Grant{}, nil, err
	}
	refusals := v.Policy.Collect(a.Point, a.Given, &f)
	e := audit.Entry{
		Kind: audit.Collected, Control: policy.CollectDeclared,
		Public:  []audit.Field{audit.Num(audit.TagPolicy, v.Num), audit.Text(audit.TagPoint, pointCode(v.Policy, a.Point))},
		Subject: s.Subject.Num, SubjectID: string(s.Subject.ID), Key: s.Subject.LogKey,
	}
	if a.By.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, a.By.ID))
	}
	seen(v.Policy, a, &e)
	if len(refusals) > 0 {
		if s.Subject.Version == 0 {
			e.Subject, e.SubjectID, e.Key, e.Private = 0, "", 0, nil
		}
		return Grant{}, refusals, g.refuse(ctx, act, e, refusals)
	}
	grant := Grant{act: act, subject: s.Subject.Num}
	var items []policy.ItemNo
	for _, x := range a.Given {
		item, err := v.Policy.Item(x.Item)
		if err != nil {
			return Grant{}, nil, err
		}
		if !grant.items.Has(item.No) {
			grant.items.Add(item.No)
			items = append(items, item.No)
		}
	}
	e.Public = append(e.Public, audit.Nums(audit.TagItems, items))
	admitted(v.Policy, a, &e)
	after(v.Policy, a, f.Shown, &e)
	minors(a, &e)
	switch {
	case s.Subject.Version == 0: // registered by this very act
	case a.Binds:
		act.Change(subject.Row, s.Subject.Num, s.Subject.Version)
	default:
		act.Require(subject.Row, s.Subject.Num, s.Subject.Version)
	}
	if grant.entry, err = g.log.Append(ctx, act, e); err != nil {
		return Grant{}, nil, fmt.Errorf("gate admit: %w", err)
	}
	seenIn.Begin(act, s.Subject.Num)
	return grant, nil, nil
}

// refuse writes the entry of a refusal. Somebody who was not even registered
// leaves nothing behind by which they could be known.
func (g *Gate) refuse(ctx context.Context, act *db.Act, e audit.Entry, refusals []policy.Refusal) error {
	e.Kind = audit.Refused
	for _, r := range refusals {
		e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		e.Also = append(e.Also, r.Control)
	}
	return g.append(ctx, act, e)
}

func (g *Gate) append(ctx context.Context, act *db.Act, e audit.Entry) error {
	if _, err := g.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("gate entry: %w", err)
	}
	return nil
}

// Registered writes the entry of a registration on the act that adds the
// subject.
func (g *Gate) Registered(ctx context.Context, act *db.Act, s *State, by Actor) error {
	e := audit.Entry{
		Kind: audit.SubjectRegistered, Control: policy.InventoryKnown,
		Public:  []audit.Field{audit.Num(audit.TagPolicy, g.inForce().Num), audit.Text(audit.TagType, s.Subject.Kind)},
		Subject: s.Subject.Num, SubjectID: string(s.Subject.ID), Key: s.Subject.LogKey,
	}
	if by.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, by.ID))
	}
	if s.Subject.Age != subject.AgeUnknown || s.Subject.Kind == subject.Enterprise { // that they said so, and nothing more
		e.Also = []policy.Control{policy.MinorDeclared}
	}
	return g.append(ctx, act, e)
}

// A Duty is a change that a right, the law or the policy itself demands, and
// so is not asked of the policy again: a correction, a withdrawal, an erasure,
// the end of a retention.
type Duty struct {
	Kind    audit.Kind
	Control policy.Control
	Public  []audit.Field
	Private []audit.Field
	By      Actor
}

// Exercise writes the entry of a duty on act, moves the subject's version, and
// returns a Grant that covers every item of the subject.
func (g *Gate) Exercise(ctx context.Context, act *db.Act, s *State, d Duty) (Grant, error) {
	private := d.Private
	if d.By.ID != "" {
		private = append(private, audit.Text(audit.TagActor, d.By.ID))
	}
	public := append([]audit.Field{audit.Num(audit.TagPolicy, g.inForce().Num), audit.Num(audit.TagTurn, s.Subject.Version+1)}, d.Public...)
	if role := roleName(g.inForce().Policy, d.By.Role); role != "" {
		public = append(public, audit.Text(audit.TagRole, role))
	}
	act.Change(subject.Row, s.Subject.Num, s.Subject.Version)
	entry, err := g.log.Append(ctx, act, audit.Entry{
		Kind: d.Kind, Control: d.Control, Public: public,
		Subject: s.Subject.Num, SubjectID: string(s.Subject.ID), Key: s.Subject.LogKey, Private: private,
	})
	if err != nil {
		return Grant{}, fmt.Errorf("gate exercise: %w", err)
	}
	return Grant{act: act, subject: s.Subject.Num, all: true, entry: entry}, nil
}

// roleName says who acts in a word for the log: "" for the controller's own
// software.
func roleName(p *policy.Policy, n policy.RoleNo) string {
	switch n {
	case policy.Service:
		return ""
	case policy.Self:
		return "self"
	}
	for _, r := range p.Roles() {
		if r.No == n {
			return r.Name
		}
	}
	return "unknown"
}

// pointCode is what the log calls a collection point: a name that the caller
// made up may hold anything, so only declared ones are written out.
func pointCode(p *policy.Policy, name string) string {
	for _, x := range p.Points() {
		if x.Name == name {
			return name
		}
	}
	return "undeclared"
}
