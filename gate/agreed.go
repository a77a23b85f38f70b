package gate

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// versions are the versions that were in force, and those of them that people still
// are under, as far as they were asked for.
type versions struct {
	num  int64 // of the version in force that they were read under
	past []publication.Past
	read map[string]*policy.Policy // by hash; nil: this program cannot read it any more
}

// PolicyChanged drops what is cached about every subject: another version of the
// policy is in force.
func (g *Gate) PolicyChanged() {
	g.stood.Store(nil)
	g.states.Purge()
}

// history returns the versions that were in force.
func (g *Gate) history(ctx context.Context) (*versions, error) {
	now := g.inForce().Num
	g.past.Lock()
	defer g.past.Unlock()
	if g.versions != nil && g.versions.num == now {
		return g.versions, nil
	}
	v := &versions{num: now, read: map[string]*policy.Policy{}}
	err := g.data.Read(ctx, func(r *db.Snapshot) (err error) {
		v.past, err = publication.History(ctx, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("gate versions: %w", err)
	}
	g.versions = v
	return v, nil
}

// since reports whether a version that came after the one of a hash has something.
func (v *versions) since(hash string, has func(publication.Past) bool) (last publication.Past, ok bool) {
	for i := len(v.past) - 1; i >= 0; i-- {
		if v.past[i].Version == hash {
			return v.past[i], ok
		}
		ok = ok || has(v.past[i])
	}
	return last, ok
}

// named compiles a version that was in force, once.
func (g *Gate) named(ctx context.Context, v *versions, hash string) (p *policy.Policy, err error) {
	g.past.Lock()
	p, ok := v.read[hash]
	g.past.Unlock()
	if ok {
		return p, nil
	}
	err = g.data.Read(ctx, func(r *db.Snapshot) (err error) {
		p, err = publication.Named(ctx, r, g.inForce().Policy.Platform()+".yaml", hash)
		return err
	})
	if k := fault.Of(err); err != nil && k != fault.Conflict && k != fault.NotFound {
		return nil, err
	}
	g.past.Lock()
	v.read[hash] = p
	g.past.Unlock()
	return p, nil
}

// agree fills in what somebody agreed to, where a version since then asks to be
// accepted again: what is new in it is done to nobody who has not. A version that
// cannot be read any more counts as none accepted.
func (g *Gate) agree(ctx context.Context, s *State) error {
	hash := s.Subject.Accepted
	if hash == "" || hash == g.inForce().Policy.Version() {
		return nil
	}
	v, err := g.history(ctx)
	if err != nil {
		return err
	}
	if _, again := v.since(hash, func(p publication.Past) bool { return p.Again }); !again {
		return nil
	}
	if s.Facts.Agreed, err = g.named(ctx, v, hash); err != nil {
		return err
	}
	if s.Facts.Agreed == nil {
		s.Facts.Accepted = false
	}
	return nil
}

// Keeping returns the version whose rights somebody keeps: the one that they accepted
// by an act, where a version since then gives fewer rights and they have not accepted
// that one. It is nil for everybody else.
func (g *Gate) Keeping(ctx context.Context, num int64) (*policy.Policy, error) {
	s, err := g.State(ctx, num)
	if err != nil {
		return nil, err
	}
	hash := s.Subject.Accepted
	if hash == "" || hash == g.inForce().Policy.Version() {
		return nil, nil
	}
	v, err := g.history(ctx)
	if err != nil {
		return nil, err
	}
	if _, fewer := v.since(hash, func(p publication.Past) bool { return p.Keeps }); !fewer {
		return nil, nil
	}
	return g.named(ctx, v, hash)
}

// Asked reports whether somebody who accepted a version is asked to accept one since.
func (g *Gate) Asked(ctx context.Context, num int64) (bool, error) {
	s, err := g.State(ctx, num)
	if err != nil {
		return false, err
	}
	hash := s.Subject.Accepted
	if hash == "" || hash == g.inForce().Policy.Version() {
		return false, nil
	}
	v, err := g.history(ctx)
	if err != nil {
		return false, err
	}
	_, again := v.since(hash, func(p publication.Past) bool { return p.Again })
	return again, nil
}
