package statistics

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/vault"
)

// Service counts and releases, for one platform.
type Service struct {
	data  *db.DB
	log   *audit.Log
	gate  *gate.Gate
	vault *vault.Vault
}

// New returns the service of a platform.
func New(data *db.DB, log *audit.Log, g *gate.Gate, v *vault.Vault) *Service {
	return &Service{data: data, log: log, gate: g, vault: v}
}

// The codes of denials.
const (
	NotShared      policy.Code = "statistics.not-shared"
	NotForThem     policy.Code = "statistics.audience"
	OtherPurpose   policy.Code = "statistics.purpose"
	FailedCheck    policy.Code = "statistics.check"
	NobodyApproves policy.Code = "statistics.approval"
)

// Count makes the table of a set over a span, with everything hidden that is about too
// few people, and writes it into the log.
func (s *Service) Count(ctx context.Context, name string, over Span, by gate.Actor) (*Table, error) {
	p := s.gate.InForce().Policy
	set, err := Set(p, name)
	if err != nil {
		return nil, err
	}
	if over, err = s.span(p, set, over); err != nil {
		return nil, err
	}
	t, err := s.count(ctx, p, set, over)
	if err != nil {
		return nil, err
	}
	hidden, _ := t.Hidden()
	act := s.data.NewAct()
	e := s.entry(set, audit.Text(audit.TagAction, "count"), audit.Num(audit.TagCount, hidden), audit.Time(audit.TagFrom, over.From), audit.Time(audit.TagUntil, over.Until))
	e.Kind, e.Control = audit.StatisticCounted, policy.StatisticsSmall
	s.role(p, by, &e)
	if err := s.write(ctx, act, e); err != nil {
		return nil, err
	}
	return t, s.data.Commit(ctx, act)
}

// span fills in what is left open: until now, and from one period of the set before.
func (s *Service) span(p *policy.Policy, set *policy.StatisticsSet, over Span) (Span, error) {
	if over.Until.IsZero() {
		over.Until = s.data.Now()
	}
	if over.From.IsZero() {
		over.From = over.Until.AddDate(0, 0, -365)
		if !set.Every.IsZero() {
			e := set.Every
			over.From = over.Until.AddDate(0, -12*max(e.Months, 1), -12*e.Days)
		}
	}
	if !over.From.Before(over.Until) {
		return over, fault.New(fault.Invalid, "the span of the count has no time in it: let from lie before until")
	}
	return over, nil
}

// An Asking is a release as it is asked for.
type Asking struct {
	Set       string
	Purpose   string // must be the purpose of the set
	Audience  string // public, partners, affiliates, processor
	Recipient string // the organisation; of a processor, its name in the policy; "" for the public
	Over      Span
	CSV       []byte // a table made elsewhere; nil: the set is counted
	By        gate.Actor
}

// Propose counts, or takes a table made elsewhere, checks it, and writes the release
// down. Where the policy has somebody approve, it waits for them; else it may leave at
// once. Reasons say why it may not, and stand in the log.
func (s *Service) Propose(ctx context.Context, a Asking) (*Release, []policy.Reason, error) {
	p := s.gate.InForce().Policy
	set, err := Set(p, a.Set)
	if err != nil {
		return nil, nil, err
	}
	if a.By.ID == "" {
		return nil, nil, fault.New(fault.Invalid, "counts are let out by a member of staff: say who")
	}
	if a.Over, err = s.span(p, set, a.Over); err != nil {
		return nil, nil, err
	}
	reasons, err := s.allowed(p, set, a)
	if err != nil {
		return nil, nil, err
	}
	r := &Release{
		Set: set.Name, Purpose: p.PurposeBy(set.Purpose).Name, Audience: a.Audience, Recipient: a.Recipient,
		From: a.Over.From.Truncate(time.Microsecond), Until: a.Over.Until.Truncate(time.Microsecond), AskedBy: a.By.ID,
	}
	if len(reasons) == 0 {
		if err := s.fill(ctx, p, set, a, r); err != nil {
			return nil, nil, err
		}
		for _, f := range r.Check.Faults {
			reasons = append(reasons, reason(p, FailedCheck, policy.StatisticsSmall, f))
		}
	}
	if len(reasons) > 0 {
		return nil, reasons, s.deny(ctx, p, set, a.By, reasons)
	}
	return r, nil, s.settle(ctx, p, set, a.By, r)
}

// fill makes what would leave, and examines it.
func (s *Service) fill(ctx context.Context, p *policy.Policy, set *policy.StatisticsSet, a Asking, r *Release) (err error) {
	r.Form, r.Data = "csv", a.CSV
	if a.CSV != nil {
		r.Check = CheckCSV(bytes.NewReader(a.CSV), p.Statistics().Smallest)
	} else {
		t, err := s.count(ctx, p, set, a.Over)
		if err != nil {
			return err
		}
		r.Form, r.Check = "json", Examine(t)
		if r.Data, err = json.Marshal(t); err != nil {
			return fmt.Errorf("statistics table: %w", err)
		}
	}
	sum := sha256.Sum256(r.Data)
	r.Hash = sum[:]
	return nil
}

// settle writes a release that passed.
func (s *Service) settle(ctx context.Context, p *policy.Policy, set *policy.StatisticsSet, by gate.Actor, r *Release) (err error) {
	if r.ID, err = s.data.Number(ctx, "statistics"); err != nil {
		return fmt.Errorf("statistics number: %w", err)
	}
	act := s.data.NewAct()
	r.AskedAt = act.Now()
	outcome := "proposed"
	if !p.Statistics().Approve {
		t := act.Now()
		r.Released, outcome = &t, "released"
	}
	if err := add(act, r); err != nil {
		return err
	}
	if err := s.write(ctx, act, s.released(p, set, r, outcome, by)); err != nil {
		return err
	}
	return s.data.Commit(ctx, act)
}

// Approve lets a release leave. Nobody approves what they proposed.
func (s *Service) Approve(ctx context.Context, id int64, by gate.Actor) (*Release, []policy.Reason, error) {
	p := s.gate.InForce().Policy
	r, err := s.Get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if r.Released != nil {
		return nil, nil, fault.New(fault.Conflict, "this release was approved already")
	}
	set, err := Set(p, r.Set)
	if err != nil {
		return nil, nil, err
	}
	role := p.RoleBy(by.Role)
	var reasons []policy.Reason
	switch {
	case role == nil || len(role.Approves) == 0:
		reasons = append(reasons, reason(p, NobodyApproves, policy.StatisticsReleased, "this role approves nothing in this policy; let somebody do it who approves requests"))
	case by.ID == r.AskedBy:
		reasons = append(reasons, reason(p, NobodyApproves, policy.StatisticsReleased, "nobody approves what they proposed; let somebody else do it"))
	}
	if len(reasons) > 0 {
		return nil, reasons, s.deny(ctx, p, set, by, reasons)
	}
	act := s.data.NewAct()
	t := act.Now()
	r.By, r.Released = by.ID, &t
	act.Do(approveRelease, r.By, t.UnixMicro(), r.ID)
	if err := s.write(ctx, act, s.released(p, set, r, "released", by)); err != nil {
		return nil, nil, err
	}
	if err := s.data.Commit(ctx, act); err != nil {
		if db.Lost(err) {
			return nil, nil, fault.Wrap(fault.Conflict, err, "this release was approved already")
		}
		return nil, nil, err
	}
	return r, nil, nil
}

// Get returns a release, whether or not it may leave.
func (s *Service) Get(ctx context.Context, id int64) (r *Release, err error) {
	err = s.data.Read(ctx, func(x *db.Snapshot) (err error) {
		r, err = Get(ctx, x, id)
		return err
	})
	return r, err
}

// List returns releases after a number, oldest first.
func (s *Service) List(ctx context.Context, after int64, limit int) (out []*Release, err error) {
	err = s.data.Read(ctx, func(x *db.Snapshot) (err error) {
		out, err = List(ctx, x, after, limit)
		return err
	})
	return out, err
}

// allowed says why the policy does not let these counts go to those who are to get
// them.
func (s *Service) allowed(p *policy.Policy, set *policy.StatisticsSet, a Asking) ([]policy.Reason, error) {
	var out []policy.Reason
	rule := p.Statistics()
	if !slices.Contains([]string{"public", "partners", "affiliates", "processor"}, a.Audience) {
		return nil, fault.New(fault.Invalid, "counts go to the public, partners, affiliates or a processor: name one of them")
	}
	if a.Audience != "public" && a.Recipient == "" {
		return nil, fault.New(fault.Invalid, "name the organisation that gets the counts")
	}
	if !set.Shared {
		out = append(out, reason(p, NotShared, policy.StatisticsReleased, fmt.Sprintf("the set %q does not leave the controller", set.Name)))
	}
	if name := p.PurposeBy(set.Purpose).Name; a.Purpose != name {
		out = append(out, reason(p, OtherPurpose, policy.StatisticsReleased, fmt.Sprintf("the set %q serves the purpose %q and no other; name that one", set.Name, name)))
	}
	switch {
	case a.Audience == "processor":
		r, err := p.Recipient(a.Recipient)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(r.Purposes, set.Purpose) {
			out = append(out, reason(p, NotForThem, policy.StatisticsReleased, fmt.Sprintf("the recipient %q does not serve the purpose of the set %q", r.Name, set.Name)))
		}
	case !slices.Contains(rule.Share, a.Audience):
		out = append(out, reason(p, NotForThem, policy.StatisticsReleased, fmt.Sprintf("counts are not shared with %s, but with %v", a.Audience, rule.Share)))
	}
	return out, nil
}

func reason(p *policy.Policy, code policy.Code, c policy.Control, text string) policy.Reason {
	out := policy.Reason{Code: code, Control: c, Pos: p.Statistics().Pos, Text: text}
	if kept := p.ClausesKeeping(c); len(kept) > 0 {
		out.Clause = kept[0].ID
	}
	return out
}

// deny writes the entry of what may not leave.
func (s *Service) deny(ctx context.Context, p *policy.Policy, set *policy.StatisticsSet, by gate.Actor, reasons []policy.Reason) error {
	act := s.data.NewAct()
	e := s.entry(set)
	e.Kind, e.Control = audit.Denied, policy.StatisticsReleased
	for _, r := range reasons {
		e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		e.Also = append(e.Also, r.Control)
	}
	s.role(p, by, &e)
	if err := s.write(ctx, act, e); err != nil {
		return err
	}
	return s.data.Commit(ctx, act)
}

// released is the entry of a release; who gets it stands in the ledger under its
// number.
func (s *Service) released(p *policy.Policy, set *policy.StatisticsSet, r *Release, outcome string, by gate.Actor) audit.Entry {
	e := s.entry(set, audit.Text(audit.TagOutcome, outcome), audit.Num(audit.TagOrder, r.ID), audit.Bytes(audit.TagHash, r.Hash),
		audit.Text(audit.TagLevel, r.Audience), audit.Num(audit.TagCount, r.Check.Hidden))
	e.Kind, e.Control, e.Also = audit.StatisticReleased, policy.StatisticsReleased, []policy.Control{policy.StatisticsSmall}
	if to, err := p.Recipient(r.Recipient); err == nil {
		e.Public = append(e.Public, audit.Num(audit.TagRecipient, to.No))
	}
	s.role(p, by, &e)
	return e
}

func (s *Service) entry(set *policy.StatisticsSet, more ...audit.Field) audit.Entry {
	return audit.Entry{Public: append([]audit.Field{
		audit.Num(audit.TagPolicy, s.gate.InForce().Num), audit.Num(audit.TagPurpose, set.Purpose), audit.Text(audit.TagType, set.Name),
	}, more...)}
}

func (s *Service) role(p *policy.Policy, by gate.Actor, e *audit.Entry) {
	if r := p.RoleBy(by.Role); r != nil {
		e.Public = append(e.Public, audit.Text(audit.TagRole, r.Name))
	}
}

func (s *Service) write(ctx context.Context, act *db.Act, e audit.Entry) error {
	if _, err := s.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("statistics entry: %w", err)
	}
	return nil
}
