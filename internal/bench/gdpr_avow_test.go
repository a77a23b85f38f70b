package bench

import (
	"context"
	"fmt"
	"sync"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/bench/gdprbench"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// officer is who asks for the regulator: staff, who leave an entry when they look.
var officer = platform.Actor{Role: "officer", ID: "stf_bench"}

// A governed store answers with the verbs of a platform. A record is an item of its
// user; its metadata is the policy's.
type governed struct {
	*bed
	scale gdprbench.Scale
	users []subject.ID
	place map[policy.ItemNo]int // slot of an item

	editing sync.Mutex
	now     catalogue // guarded by editing

	objecting sync.Map // users who may have objected: their records may be refused
}

func loadGoverned(b *bed, s gdprbench.Scale) *governed {
	b.Helper()
	g := &governed{bed: b, scale: s, users: make([]subject.ID, s.Users()), place: map[policy.ItemNo]int{}, now: newCatalogue()}
	for p := range gdprbench.Purposes {
		for slot, name := range itemsOf(p) {
			i, err := b.platform().Policy().Item(name)
			b.must(err)
			g.place[i.No] = slot
		}
	}
	crowd(b, 64, s.Users(), func(u int) error {
		var given []policy.Given
		for slot := range gdprbench.PerUser {
			k := s.Key(u, slot)
			given = append(given, policy.Given{Item: itemOf(s, k), Value: gdprbench.Data(k, 0), Voluntary: true})
		}
		id, refusals, err := b.platform().Register(b.Context(), platform.Registration{Accepted: true, Adult: true, Point: "load", Given: given})
		if len(refusals) > 0 {
			err = fmt.Errorf("registration refused: %v", refusals)
		}
		g.users[u] = id
		return err
	})
	return g
}

func (g *governed) personal() int64 { return int64(g.scale.Records) * gdprbench.DataSize }

func (g *governed) bytes() int64 { return g.size() }

func (g *governed) do(ctx context.Context, o gdprbench.Op, revision int) (answer, error) {
	p, u := g.platform(), g.scale.User(o.Key)
	who, item := g.users[u], itemOf(g.scale, o.Key)
	purpose := purposeOf(gdprbench.Purpose(o.Key))
	switch o.Verb {
	case gdprbench.Create:
		refusals, err := p.Collect(ctx, who, "load", []policy.Given{{Item: item, Value: gdprbench.Data(o.Key, 0), Voluntary: true}}, platform.Actor{})
		if len(refusals) > 0 {
			err = fmt.Errorf("refused: %v", refusals)
		}
		return answer{}, err
	case gdprbench.Delete:
		_, err := p.Erase(ctx, who, platform.Erasure{Item: item, By: platform.Self(who)})
		return answer{}, err
	case gdprbench.UpdateData:
		err := p.Correct(ctx, who, item, platform.NewPersonal(gdprbench.Data(o.Key, revision)), platform.Self(who))
		if fault.Of(err) == fault.NotFound {
			err = nil
		}
		return answer{}, err
	case gdprbench.UpdateMeta, gdprbench.UpdateMetaUser:
		objects := o.Verb == gdprbench.UpdateMeta && o.Key%2 == 0 // who objects gives no more records to the controller
		if objects {
			g.objecting.Store(u, true)
		}
		return answer{}, p.Choose(ctx, who, platform.Choice{
			Kind: consent.Objection, Purpose: purpose, Given: objects, Channel: "settings", By: platform.Self(who),
		})
	case gdprbench.UpdateMetaPurpose, gdprbench.UpdateMetaSharing:
		return answer{}, g.rewrite(o)
	case gdprbench.ReadData:
		return g.read(ctx, []int{u}, platform.Use{Subject: who, Items: []string{item}, Purpose: purpose})
	case gdprbench.ReadUser:
		own, err := p.OwnUse(who, itemsOf(gdprbench.Purpose(o.Key)))
		if err != nil {
			return answer{}, err
		}
		return g.read(ctx, []int{u}, own)
	case gdprbench.ReadPurpose:
		return g.read(ctx, every(gdprbench.Purposes, gdprbench.Purpose(o.Key), g.scale.Users()), platform.Use{Items: itemsOf(gdprbench.Purpose(o.Key)), Purpose: purpose})
	case gdprbench.ReadObjection:
		return g.read(ctx, every(gdprbench.Objections, gdprbench.Objection(o.Key), g.scale.Users()), platform.Use{Items: itemsOf(gdprbench.Purpose(o.Key)), Purpose: purpose})
	case gdprbench.ReadMeta:
		return g.meta(ctx, u, platform.Actor{Role: "self", ID: string(who)}, true)
	case gdprbench.ReadMetaUser:
		return g.meta(ctx, u, officer, true)
	case gdprbench.VerifyDeletion:
		return g.meta(ctx, u, officer, false)
	case gdprbench.ReadLogs:
		list, err := p.ReadLog(ctx, audit.Filter{Newest: true, Limit: o.Limit}, officer)
		return answer{entries: len(list)}, err
	}
	return answer{}, fmt.Errorf("verb %d is unknown", o.Verb)
}

// every returns the users whose number leaves this remainder.
func every(n, remainder, users int) (list []int) {
	for u := remainder; u < users; u += n {
		list = append(list, u)
	}
	return list
}

// rewrite edits the policy: a bulk update of metadata is one edition.
func (g *governed) rewrite(o gdprbench.Op) error {
	g.editing.Lock()
	defer g.editing.Unlock()
	for p := range g.now {
		matches := p == gdprbench.Purpose(o.Key)
		if o.Verb == gdprbench.UpdateMetaSharing {
			matches = g.now[p][gdprbench.Sharing] == gdprbench.Sharing.Value(o.Key)
		}
		if matches {
			g.now[p][o.Field] = o.Value
		}
	}
	g.edit(g.now.policy(g))
	return nil
}

// read uses items of users, at most [vault.MaxBatch] of them at once.
func (g *governed) read(ctx context.Context, users []int, u platform.Use) (out answer, err error) {
	for len(users) > 0 {
		some := users[:min(len(users), vault.MaxBatch)]
		users = users[len(some):]
		answers := make([]*vault.Answer, 1)
		if u.Subject != "" {
			answers[0], err = g.platform().Use(ctx, u)
		} else {
			ids := make([]subject.ID, len(some))
			for i, n := range some {
				ids[i] = g.users[n]
			}
			answers, err = g.platform().UseMany(ctx, ids, u)
		}
		if err != nil {
			return out, err
		}
		for i, a := range answers {
			if _, may := g.objecting.Load(some[i]); !a.Decision.Allowed && may {
				out.refused = append(out.refused, some[i])
				continue
			} else if !a.Decision.Allowed {
				return out, fmt.Errorf("denied: %v", a.Decision.Reasons)
			}
			for _, v := range a.Values {
				out.values = append(out.values, value{g.scale.Key(some[i], g.place[v.Item]), v.Text.Reveal()})
			}
		}
	}
	return out, nil
}

// meta tells what is on record about a user, without values.
func (g *governed) meta(ctx context.Context, u int, by platform.Actor, whole bool) (out answer, err error) {
	var held []vault.Holding
	if whole {
		profile, err := g.platform().Look(ctx, g.users[u], platform.Ground{}, by)
		if err != nil {
			return out, err
		}
		held = profile.Holdings
	} else if held, err = g.platform().LookForValues(ctx, g.users[u], platform.Ground{}, by); err != nil {
		return out, err
	}
	for _, h := range held {
		for _, i := range h.Items {
			out.values = append(out.values, value{key: g.scale.Key(u, g.place[i])})
		}
	}
	return out, nil
}
