package publication_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// A press is a store that policies are published in.
type press struct {
	*testing.T
	data *db.DB
	log  *audit.Log
}

// each runs fn on both engines.
func each(t *testing.T, fn func(p *press)) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		p, dir := &press{T: t, data: d}, t.TempDir()
		kms, err := seal.FileKMS(filepath.Join(dir, "master.json"))
		p.must(err)
		epoch, err := seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms)
		p.must(err)
		ring, err := seal.Open(t.Context(), seal.Config{Platform: "lamp-shop", Keys: dbtest.Open(t, d.Engine(), db.Keys), Data: d, Epoch: epoch})
		p.must(err)
		t.Cleanup(ring.Close)
		p.log, err = audit.Open(t.Context(), audit.Config{Platform: "lamp-shop", Data: d, Keys: ring, SignerFile: filepath.Join(dir, "signer")})
		p.must(err)
		t.Cleanup(func() { p.log.Close(context.Background()) })
		fn(p)
	})
}

func (p *press) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// enter does what a start does with the policy file.
func (p *press) enter(src []byte) (*publication.Version, error) {
	var numbers *policy.Numbers
	err := p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
		numbers, err = publication.Numbers(p.Context(), r)
		return err
	})
	if err != nil {
		return nil, err
	}
	compiled, _, err := policy.Load("base.yaml", src, numbers)
	if err != nil {
		return nil, err
	}
	return publication.Enter(p.Context(), p.data, p.log, compiled, src)
}

func (p *press) publish(src []byte) *publication.Version {
	p.Helper()
	v, err := p.enter(src)
	p.must(err)
	return v
}

func (p *press) history() (out []publication.Past) {
	p.Helper()
	p.must(p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
		out, err = publication.History(p.Context(), r)
		return err
	}))
	return out
}

// texts returns a text and another that says the same with another hash.
func (p *press) texts() (a, b []byte) {
	p.Helper()
	a, err := os.ReadFile("../policy/testdata/base.yaml")
	p.must(err)
	return a, append(bytes.Clone(a), "\n# another text\n"...)
}

func TestATextThatComesBackIsAPublicationOfItsOwn(t *testing.T) {
	each(t, func(p *press) {
		a, b := p.texts()
		first, second, third := p.publish(a), p.publish(b), p.publish(a)
		past := p.history()
		if len(past) != 3 {
			p.Fatalf("the history has %d versions, want 3: %+v", len(past), past)
		}
		for i, v := range []*publication.Version{first, second, third} {
			if past[i].Num != v.Num || past[i].Version != v.Policy.Version() || !past[i].Since.Equal(v.Since) {
				p.Errorf("version %d of the history is %+v, want number %d since %v", i, past[i], v.Num, v.Since)
			}
		}
		if past[0].Version != past[2].Version || past[0].Version == past[1].Version {
			p.Errorf("hashes %s, %s, %s", past[0].Version, past[1].Version, past[2].Version)
		}
		if third.Num == first.Num || !third.Since.After(second.Since) || !second.Since.After(first.Since) {
			p.Errorf("numbers %d, %d, %d since %v, %v, %v", first.Num, second.Num, third.Num, first.Since, second.Since, third.Since)
		}
		if _, err := p.log.Sequence(p.Context()); err != nil {
			p.Fatal(err)
		}
		var total []audit.Total
		p.must(p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
			total, err = audit.Totals(p.Context(), r)
			return err
		}))
		for _, x := range total {
			if x.Control == policy.PolicyVersion && x.N != 3 {
				p.Errorf("the log says it %d times, want 3", x.N)
			}
		}
	})
}

func TestTheTextInForceIsNotPublishedAgain(t *testing.T) {
	each(t, func(p *press) {
		a, b := p.texts()
		p.publish(a)
		p.publish(b)
		back := p.publish(a)
		for range 2 {
			if v := p.publish(a); v.Num != back.Num || !v.Since.Equal(back.Since) {
				p.Errorf("published again it is version %d since %v, before %d since %v", v.Num, v.Since, back.Num, back.Since)
			}
		}
		if n := len(p.history()); n != 3 {
			p.Errorf("the history has %d versions, want 3", n)
		}
	})
}

// Nodes that start together with the same new file publish it once, and none of
// them fails.
func TestNodesThatStartTogetherPublishATextOnce(t *testing.T) {
	each(t, func(p *press) {
		a, b := p.texts()
		p.publish(a)
		for round, src := range [][]byte{b, a, b, a} {
			var (
				wg   sync.WaitGroup
				nums [6]int64
				errs [6]error
			)
			for i := range nums {
				wg.Go(func() {
					var v *publication.Version
					if v, errs[i] = p.enter(src); errs[i] == nil {
						nums[i] = v.Num
					}
				})
			}
			wg.Wait()
			for i := range nums {
				if errs[i] != nil || nums[i] != nums[0] {
					p.Fatalf("round %d: node %d has version %d, another %d: %v", round, i, nums[i], nums[0], errs[i])
				}
			}
			if n := len(p.history()); n != round+2 {
				p.Fatalf("round %d: the history has %d versions", round, n)
			}
		}
	})
}

// A publication that fails leaves nothing: the next start publishes.
func TestAPublicationThatFailsLeavesTheOneBefore(t *testing.T) {
	each(t, func(p *press) {
		a, b := p.texts()
		first := p.publish(a)
		ctx, cancel := context.WithDeadline(p.Context(), time.Unix(0, 0))
		defer cancel()
		compiled, _, err := policy.Load("base.yaml", b, first.Policy.Numbers())
		p.must(err)
		if _, err := publication.Enter(ctx, p.data, p.log, compiled, b); err == nil {
			p.Fatal("published after its time")
		}
		if past := p.history(); len(past) != 1 || past[0].Num != first.Num {
			p.Errorf("the history after a failure: %+v", past)
		}
		if v := p.publish(b); v.Num == first.Num {
			p.Error("the next start does not publish it")
		}
	})
}
