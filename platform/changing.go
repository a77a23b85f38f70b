package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

// A Coming is a version that is published and not in force yet, and how far its
// notices are.
type Coming struct {
	Num     int64             `json:"number"`
	Version string            `json:"version"`
	Label   string            `json:"label"`
	At      time.Time         `json:"effective"` // at the soonest, as long as its notices are not out
	Made    time.Time         `json:"published"`
	Told    *time.Time        `json:"told,omitempty"` // when its notices were out
	Weight  string            `json:"weight"`
	Reasons []string          `json:"reasons"`
	Again   bool              `json:"again"` // people accept it again
	Keeps   bool              `json:"keeps"` // who does not consent keeps the rights they had
	Before  string            `json:"before,omitempty"`
	Via     []string          `json:"channels"`
	Notices []Notices         `json:"notices"`
	Since   policy.Difference `json:"changes"` // from the version in force

	Policy *policy.Policy `json:"-"`
}

// Notices are the copies of one notice, by what became of them.
type Notices struct {
	Message message.ID              `json:"message"`
	Channel string                  `json:"channel"`
	Spread  bool                    `json:"spread"` // every copy is there
	Copies  map[message.State]int64 `json:"copies"`
}

// Publish makes a text the next version of the policy. What it changes is classed
// first, and people are told by the channels of the policy; the version in force holds
// until its day has come and the notices have been out for as long as was promised.
func (p *Platform) Publish(ctx context.Context, t publication.Text) (*publication.Plan, *publication.Version, error) {
	if t.Policy.Platform() != p.id {
		return nil, nil, fault.New(fault.Invalid, "that is the policy of the platform %s", t.Policy.Platform())
	}
	if t.Policy.Version() == p.Policy().Version() {
		return nil, nil, fault.New(fault.Conflict, "that text is in force already")
	}
	if err := p.servable(t.Policy); err != nil {
		return nil, nil, err
	}
	plan, v, err := publication.Publish(ctx, p.data, p.log, p.Version(), t)
	if err != nil {
		return nil, nil, err
	}
	if v != nil {
		p.takes(v)
		return nil, v, nil
	}
	return plan, nil, p.TakeEffect(ctx)
}

// servable reports that a policy has the items of which the data maps speak.
func (p *Platform) servable(next *policy.Policy) error {
	var names []string
	for _, i := range next.Items() {
		names = append(names, i.Name)
	}
	for _, m := range p.maps {
		if err := m.CheckItems(names); err != nil {
			return err
		}
	}
	return nil
}

// takes lets a version rule from now on.
func (p *Platform) takes(v *publication.Version) {
	p.current.Store(v)
	p.next.Store(nil)
	p.gate.PolicyChanged()
}

// TakeEffect does what is due of the version that is published and not in force yet:
// it sends the notices of its change, says when they are out, and puts it in force
// when its time has come. It follows another node that did so first. A server does it
// by itself; this is for who moves the clock.
func (p *Platform) TakeEffect(ctx context.Context) error {
	p.taking.Lock() // who asks while another does it sees it done
	defer p.taking.Unlock()
	plan, err := p.follow(ctx)
	if err != nil || plan == nil {
		return err
	}
	if plan.Told.IsZero() {
		out, err := p.announce(ctx, plan)
		if err != nil || !out {
			return err
		}
		if err := publication.Tell(ctx, p.data, p.log, plan); err != nil {
			return passed(err)
		}
	}
	p.next.Store(plan)
	if !plan.Due(p.data.Now()) {
		return nil
	}
	if err := p.servable(plan.Policy); err != nil {
		return err
	}
	v, err := publication.Start(ctx, p.data, p.log, plan)
	if err = passed(err); err != nil {
		return err
	}
	if v == nil { // another node was first
		_, err := p.follow(ctx)
		return err
	}
	p.takes(v)
	return nil
}

// passed is nil where another node was first.
func passed(err error) error {
	if db.Lost(err) || db.Constraint(err) {
		return nil
	}
	return err
}

// follow reads what is published, and takes over the version that another node has put
// in force.
func (p *Platform) follow(ctx context.Context) (plan *publication.Plan, err error) {
	var latest *publication.Version
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		past, err := publication.History(ctx, r)
		if err != nil || len(past) == 0 {
			return err
		}
		if past[len(past)-1].Num != p.Version().Num {
			if latest, _, err = publication.Latest(ctx, r, p.id+".yaml", nil); err != nil {
				return err
			}
		}
		plan, err = publication.Next(ctx, r, p.id+".yaml", p.Policy(), p.next.Load())
		return err
	})
	if err != nil {
		return nil, err
	}
	if latest != nil {
		p.takes(latest)
	}
	p.next.Store(plan)
	return plan, nil
}

// How often what is published is looked at: in the stores, for what other nodes did,
// and in memory, for its moment.
const (
	lookPolicy = time.Minute
	tickPolicy = time.Second
)

// mindPolicy lets versions take effect until ctx ends.
func (p *Platform) mindPolicy(ctx context.Context) error {
	tick := time.NewTicker(tickPolicy)
	defer tick.Stop()
	for n := 0; ; n++ {
		plan := p.next.Load()
		if n%int(lookPolicy/tickPolicy) == 0 || plan != nil && (plan.Told.IsZero() || plan.Due(p.data.Now())) {
			if err := p.TakeEffect(ctx); err != nil && fault.Of(err) != fault.Busy && ctx.Err() == nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Coming returns the version that is published and not in force yet, with the
// progress of its notices; nil where there is none.
func (p *Platform) Coming(ctx context.Context) (*Coming, error) {
	plan := p.next.Load()
	if plan == nil {
		return nil, nil
	}
	c := coming(plan)
	_, c.Since = publication.TermsOf(p.Policy(), plan.Policy)
	var err error
	c.Notices, err = p.NoticesOf(ctx, plan.Num)
	return c, err
}

func coming(p *publication.Plan) *Coming {
	c := &Coming{
		Num: p.Num, Version: p.Policy.Version(), Label: p.Policy.Label(), At: p.At, Made: p.Made, Weight: p.Terms.Weight.String(),
		Reasons: p.Terms.Reasons, Again: p.Terms.Again, Keeps: p.Terms.Keeps, Via: p.Terms.Channels, Notices: []Notices{}, Policy: p.Policy,
	}
	if !p.Told.IsZero() {
		c.Told = &p.Told
	}
	if !p.Terms.Lead.IsZero() {
		c.Before = p.Terms.Lead.String()
	}
	return c
}

// announce makes the notices of a plan's change, and reports whether they are out:
// what is mailed was tried for everybody, and what is shown stands where people come.
func (p *Platform) announce(ctx context.Context, plan *publication.Plan) (out bool, err error) {
	if plan.Terms.Weight == policy.Technical {
		return true, nil
	}
	list, err := p.noticesOf(ctx, plan)
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		if err := p.makeNotices(ctx, plan); err != nil {
			return false, err
		}
		if list, err = p.noticesOf(ctx, plan); err != nil {
			return false, err
		}
	}
	for _, m := range list {
		var n map[message.State]int64
		err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			n, err = message.Counts(ctx, r, m.Num)
			return err
		})
		if err != nil || !m.Spread || n[message.Waiting] > 0 {
			return false, err
		}
	}
	return true, nil
}

func (p *Platform) noticesOf(ctx context.Context, plan *publication.Plan) (list []*message.Message, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = message.OfVersion(ctx, r, plan.Num)
		return err
	})
	return list, err
}

// makeNotices adds the notices of a change: one that is mailed, where the policy says
// so, and one that is shown to who comes. Where a notice waits for people to come, it
// is out as soon as it stands there.
func (p *Platform) makeNotices(ctx context.Context, plan *publication.Plan) error {
	act := p.data.NewAct()
	channels := []string{message.Popup}
	if slices.Contains(plan.Terms.Channels, message.Email) {
		channels = append(channels, message.Email)
	}
	for _, channel := range channels {
		num, err := p.data.Number(ctx, "subject")
		if err != nil {
			return err
		}
		m := &message.Message{
			Num: num, ID: message.NewID(act.Now()), Class: message.Policy, Channel: channel, Reason: "policy-change", Version: plan.Num,
			Language: p.Policy().Languages()[0], Spread: channel != message.Email, Made: act.Now(),
		}
		message.Insert(act, m)
		if channel == message.Email {
			job.Enqueue(act, job.Job{Kind: jobSpread, Ref: string(m.ID)})
		}
		if err := p.made(ctx, act, m, policy.ChangeNoticed, policy.NoticeClass); err != nil {
			return err
		}
	}
	return p.data.Commit(ctx, act)
}

// made writes the entry of a message that was handed in.
func (p *Platform) made(ctx context.Context, act *db.Act, m *message.Message, control policy.Control, also ...policy.Control) error {
	e := audit.Entry{Kind: audit.MessageMade, Control: control, Also: also, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, m.Class), audit.Text(audit.TagChannel, m.Channel), audit.Text(audit.TagReason, m.Reason),
	}}
	if m.Purpose != 0 {
		e.Public = append(e.Public, audit.Num(audit.TagPurpose, m.Purpose))
	}
	_, err := p.log.Append(ctx, act, e)
	return err
}

// concerned reports whether a change concerns somebody: whoever was there before it
// took effect, and has not accepted it yet.
func concerned(f subject.Facts, hash string, since time.Time) bool {
	return f.State == subject.Open && f.Created.Before(since) && f.Accepted != hash
}
