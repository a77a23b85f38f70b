package platform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/link"
	"github.com/avow-dev/avow/policy"
)

// Links says how the addresses of recipients' policies, and those that people are
// led to, are called.
type Links struct {
	Every    time.Duration // how often each is called; 0: when somebody asks for it alone
	Loopback bool          // this machine may be called, for tests and demonstrations
}

// linkWatch calls addresses, and counts who leaves until the next sweep writes it.
type linkWatch struct {
	every  time.Duration
	prober *link.Prober
	left   *leftLinks
}

type leftLinks struct {
	mu sync.Mutex
	by map[int64]int64 // by number of the link
}

func newLinkWatch(c Links) linkWatch {
	return linkWatch{c.Every, link.NewProber(c.Loopback), &leftLinks{by: map[int64]int64{}}}
}

// jobCall is the job that calls an address; its ref is the target.
const jobCall = "link.call"

// A LinkState is an address outside the platform and what came of calling it.
type LinkState struct {
	Target string     `json:"target"` // recipient/NAME or link/NUMBER
	Title  string     `json:"title"`
	URL    string     `json:"url"`
	Last   *link.Call `json:"last,omitempty"` // nil: it was not called yet
}

// LinkStates returns the addresses that are called: those of recipients' own
// policies, and of the policies of those whom people are led to.
func (p *Platform) LinkStates(ctx context.Context) (out []LinkState, err error) {
	lang := p.Policy().Languages()[0]
	for _, r := range p.Policy().Recipients() {
		if r.URL != "" {
			out = append(out, LinkState{Target: "recipient/" + r.Name, Title: r.Title.In(lang), URL: r.URL})
		}
	}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		all, err := link.List(ctx, r)
		if err != nil {
			return err
		}
		for _, l := range all {
			if l.Ended == nil {
				out = append(out, LinkState{Target: fmt.Sprintf("link/%d", l.ID), Title: l.Title, URL: l.Terms})
			}
		}
		calls, err := link.Newest(ctx, r)
		for i := range out {
			if c, ok := calls[out[i].Target]; ok && c.URL == out[i].URL {
				out[i].Last = &c
			}
		}
		return err
	})
	return out, err
}

// CallLinks has every address called now; the jobs run with the next [Platform.Work],
// on a server at once.
func (p *Platform) CallLinks(ctx context.Context) (int, error) {
	all, err := p.LinkStates(ctx)
	if err != nil {
		return 0, err
	}
	return len(all), p.enqueueCalls(ctx, all)
}

func (p *Platform) enqueueCalls(ctx context.Context, list []LinkState) error {
	if len(list) == 0 {
		return nil
	}
	act := p.data.NewAct()
	for _, l := range list {
		job.Enqueue(act, job.Job{Kind: jobCall, Ref: l.Target})
	}
	return p.data.Commit(ctx, act)
}

// callLink is the handler of calls. That an address does not answer is a result.
func (p *Platform) callLink(ctx context.Context, j job.Job) error {
	all, err := p.LinkStates(ctx)
	if err != nil {
		return err
	}
	act := p.data.NewAct()
	if i := slices.IndexFunc(all, func(l LinkState) bool { return l.Target == j.Ref }); i >= 0 {
		c := link.Call{Target: j.Ref, URL: all[i].URL}
		c.Outcome, c.Status = p.links.prober.Call(ctx, c.URL)
		if ctx.Err() != nil { // the server stops: that says nothing of the address
			return ctx.Err()
		}
		if err := p.called(ctx, act, c); err != nil {
			return err
		}
	}
	j.Finish(act)
	return p.data.Commit(ctx, act)
}

func (p *Platform) called(ctx context.Context, act *db.Act, c link.Call) error {
	id, err := p.data.Number(ctx, "call")
	if err != nil {
		return err
	}
	e := audit.Entry{Kind: audit.LinkCalled, Control: policy.RecipientLink, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagOutcome, c.Outcome),
	}}
	if c.Outcome != link.Works {
		e.Control = policy.RecipientLink.Broken()
	}
	if name, ok := strings.CutPrefix(c.Target, "recipient/"); ok {
		if r, err := p.Policy().Recipient(name); err == nil {
			e.Public = append(e.Public, audit.Num(audit.TagRecipient, r.No))
		}
	} else {
		e.Public = append(e.Public, audit.Text(audit.TagType, "link"))
	}
	entry, err := p.log.Append(ctx, act, e)
	c.Entry = int64(entry)
	link.Called(act, id, c)
	return err
}

// AddLink puts an address on the register of those that people may be led to. It
// stands under something that the policy says it does not cover.
func (p *Platform) AddLink(ctx context.Context, l link.Link, by gate.Actor) (link.Link, error) {
	l.Title, l.By = strings.TrimSpace(l.Title), by.ID
	if err := l.Check(); err != nil {
		return l, err
	}
	if by.ID == "" || by.Role == policy.Self {
		return l, fault.New(fault.Invalid, "say who of the staff puts it on the register")
	}
	if p.beyond(l.Under) == nil {
		return l, fault.New(fault.NotFound, "under: the policy excludes no linked site and no interface of this name: see excluded in the policy")
	}
	var err error
	if l.ID, err = p.data.Number(ctx, "link"); err != nil {
		return l, err
	}
	act := p.data.NewAct()
	l.At = act.Now()
	link.Add(act, l)
	if err := p.linkEntry(ctx, act, audit.LinkListed, l.ID, 0); err != nil {
		return l, err
	}
	err = p.data.Commit(ctx, act)
	if db.Constraint(err) {
		return l, fault.New(fault.Conflict, "this address is on the register already")
	}
	return l, err
}

// beyond returns what the policy says of places that it does not reach; nil where it
// has nothing of this name.
func (p *Platform) beyond(name string) *policy.Excluded {
	for _, x := range p.Policy().Excluded() {
		if x.Name == name && (x.Kind == "linked-site" || x.Kind == "third-party-service") {
			return x
		}
	}
	return nil
}

// EndLink takes an address off the register.
func (p *Platform) EndLink(ctx context.Context, id int64, by gate.Actor) error {
	if by.ID == "" || by.Role == policy.Self {
		return fault.New(fault.Invalid, "say who of the staff takes it off the register")
	}
	if _, err := p.Link(ctx, id); err != nil {
		return err
	}
	act := p.data.NewAct()
	link.End(act, id)
	if err := p.linkEntry(ctx, act, audit.LinkDelisted, id, 0); err != nil {
		return err
	}
	err := p.data.Commit(ctx, act)
	if db.Lost(err) {
		return fault.New(fault.NotFound, "it is off the register already")
	}
	return err
}

func (p *Platform) linkEntry(ctx context.Context, act *db.Act, kind audit.Kind, id, n int64) error {
	e := audit.Entry{Kind: kind, Control: policy.LinkExternal, Public: []audit.Field{audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagOrder, id)}}
	if kind == audit.LinksLeft { // only who was asked to read the other's policy leaves
		e.Also = append(e.Also, policy.Guidance)
	}
	if n > 0 {
		e.Public = append(e.Public, audit.Num(audit.TagCount, n))
	}
	_, err := p.log.Append(ctx, act, e)
	return err
}

// Link returns a link that people may be led to; fault.NotFound for any other.
func (p *Platform) Link(ctx context.Context, id int64) (l link.Link, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		l, err = link.Get(ctx, r, id)
		return err
	})
	return l, err
}

// RegisterOfLinks returns the register, with what the policy lets each get.
func (p *Platform) RegisterOfLinks(ctx context.Context) (out []RegisteredLink, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		all, err := link.List(ctx, r)
		for _, l := range all {
			x := RegisteredLink{Link: l, Items: []string{}}
			if under := p.beyond(l.Under); under != nil {
				for _, no := range under.Items {
					if it := p.Policy().ItemBy(no); it != nil {
						x.Items = append(x.Items, it.Name)
					}
				}
			}
			out = append(out, x)
		}
		return err
	})
	return out, err
}

// A RegisteredLink is a link with the data that it passes on.
type RegisteredLink struct {
	link.Link
	Items []string `json:"items"`
}

// Leave counts somebody who was told that this policy ends here, and goes on. Who it
// is, nobody notes.
func (p *Platform) Leave(ctx context.Context, id int64) (link.Link, error) {
	l, err := p.Link(ctx, id)
	if err != nil {
		return l, err
	}
	p.links.left.mu.Lock()
	defer p.links.left.mu.Unlock()
	p.links.left.by[id]++ // no more of them than the register has
	return l, nil
}

// SweepLinks writes how many left by which link, one entry for each, and has the
// addresses called whose turn it is.
func (p *Platform) SweepLinks(ctx context.Context) error {
	if err := p.writeLeft(ctx); err != nil || p.links.every <= 0 {
		return err
	}
	all, err := p.LinkStates(ctx)
	if err != nil {
		return err
	}
	return p.enqueueCalls(ctx, slices.DeleteFunc(all, func(l LinkState) bool {
		return l.Last != nil && l.Last.At.Add(p.links.every).After(p.data.Now())
	}))
}

func (p *Platform) writeLeft(ctx context.Context) error {
	left := p.links.left
	left.mu.Lock()
	by := left.by
	left.by = map[int64]int64{}
	left.mu.Unlock()
	if len(by) == 0 {
		return nil
	}
	act := p.data.NewAct()
	for id, n := range by {
		link.Left(act, id, n)
		if err := p.linkEntry(ctx, act, audit.LinksLeft, id, n); err != nil {
			return err
		}
	}
	err := p.data.Commit(ctx, act)
	if err != nil { // counted with the next sweep
		left.mu.Lock()
		for id, n := range by {
			left.by[id] += n
		}
		left.mu.Unlock()
	}
	return err
}

// WaitForCalls returns when no address is waiting to be called: it works through
// what is due, and waits for what another worker has.
func (p *Platform) WaitForCalls(ctx context.Context) error {
	for {
		n, err := p.Work(ctx)
		if err != nil {
			return err
		}
		waiting := false
		err = p.data.Read(ctx, func(r *db.Snapshot) error {
			list, err := job.List(ctx, r, job.Filter{Limit: 1000})
			waiting = slices.ContainsFunc(list, func(i job.Info) bool { return i.Kind == jobCall && i.State != job.Dead })
			return err
		})
		if err != nil || !waiting {
			return err
		}
		if n == 0 {
			if err := pause(ctx); err != nil {
				return err
			}
		}
	}
}
