package publication_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// after reads what is planned, with what was read before.
func (p *press) after(inForce *policy.Policy, known *publication.Plan) (plan *publication.Plan, err error) {
	p.Helper()
	err = p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
		plan, err = publication.Next(p.Context(), r, "base.yaml", inForce, known)
		return err
	})
	return plan, err
}

// plan publishes another wording of a text, for a day to come.
func (p *press) plan(last *publication.Version, src []byte) *publication.Plan {
	p.Helper()
	plan, _, err := publication.Publish(p.Context(), p.data, p.log, last, publication.Text{
		Policy: p.next(src, last), Source: src, At: p.data.Now().Add(time.Hour), Reasons: []string{"law"},
	})
	p.must(err)
	return plan
}

// set changes the row of the plan behind the back of who has read it.
func (p *press) set(sql string, args ...any) {
	p.Helper()
	p.must(p.data.Tx(p.Context(), func(tx *db.Tx) error {
		n, err := tx.Exec(p.Context(), sql, args...)
		if n != 1 {
			p.Errorf("%d rows changed, want 1", n)
		}
		return err
	}))
}

// A node looks for what is planned every few seconds: the text is compiled once. That it
// is not read again shows where nobody can read it any more.
func TestAPlanThatIsKnownIsNotCompiledAgain(t *testing.T) {
	each(t, func(p *press) {
		a, _ := p.texts()
		last := p.publish(a)
		p.plan(last, reworded(p, a))
		first, err := p.after(last.Policy, nil)
		p.must(err)
		p.set(`UPDATE policy_plan SET source = $1`, []byte("no policy"))
		p.set(`UPDATE policy_plan SET reason = $1, told = $2`, "business", p.data.Now().UnixMicro())
		again, err := p.after(last.Policy, first)
		p.must(err)
		if again == first || again.Policy != first.Policy {
			p.Error("it is compiled again, or the plan itself is given out a second time")
		}
		if again.Told.IsZero() || again.Terms.Reasons[0] != "business" || again.Terms.Weight != first.Terms.Weight || first.Terms.Reasons[0] != "law" {
			p.Errorf("what moved is not read anew: %+v, before %+v", again, first)
		}
		if _, err := p.after(last.Policy, nil); err == nil {
			p.Error("who knows nothing reads a text that is none")
		}
	})
}

// After a restore a number can come again with another text, and a version in force with
// another plan: neither is answered from what was known.
func TestAPlanWithAnotherTextIsNeverServedFromTheOld(t *testing.T) {
	each(t, func(p *press) {
		a, _ := p.texts()
		last := p.publish(a)
		b := reworded(p, a)
		p.plan(last, b)
		known, err := p.after(last.Policy, nil)
		p.must(err)
		c := bytes.Replace(b, []byte("Lamps and more"), []byte("Lamps and less"), 1)
		other := p.next(c, last)
		p.set(`UPDATE policy_plan SET source = $1, version = $2`, c, other.Version())
		now, err := p.after(last.Policy, known)
		p.must(err)
		if now.Num != known.Num || now.Policy == known.Policy || now.Policy.Version() != other.Version() || now.Policy.Title().In("en") != "Lamps and less" {
			p.Errorf("plan %d is %q, of version %s", now.Num, now.Policy.Title().In("en"), now.Policy.Version())
		}
		p.set(`UPDATE policy_plan SET num = num + 100`)
		if moved, err := p.after(last.Policy, now); err != nil || moved.Policy == now.Policy {
			p.Errorf("another number is answered with the policy of this one, %v", err)
		}
		p.set(`UPDATE policy_plan SET follows = follows + 1`)
		if stray, err := p.after(last.Policy, now); stray != nil || err != nil {
			p.Errorf("what follows another version is planned: %+v, %v", stray, err)
		}
	})
}
