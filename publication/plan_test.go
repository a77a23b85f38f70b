package publication_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
)

// next compiles a text that follows what is in force.
func (p *press) next(src []byte, last *publication.Version) *policy.Policy {
	p.Helper()
	compiled, _, err := policy.Load("base.yaml", src, last.Policy.Numbers())
	p.must(err)
	return compiled
}

func (p *press) planned() (plan *publication.Plan) {
	p.Helper()
	p.must(p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
		plan, err = publication.Next(p.Context(), r, "base.yaml", nil, nil)
		return err
	}))
	return plan
}

func TestAVersionWithoutADayOrAReasonIsRefused(t *testing.T) {
	each(t, func(p *press) {
		a, _ := p.texts()
		last := p.publish(a)
		b := reworded(p, a)
		for name, text := range map[string]publication.Text{
			"no reason":       {At: p.data.Now().Add(time.Hour)},
			"no known reason": {At: p.data.Now().Add(time.Hour), Reasons: []string{"whim"}},
		} {
			text.Policy, text.Source = p.next(b, last), b
			if _, _, err := publication.Publish(p.Context(), p.data, p.log, last, text); fault.Of(err) != fault.Invalid {
				p.Errorf("%s: %v", name, err)
			}
		}
		if plan := p.planned(); plan != nil {
			p.Errorf("a plan stands all the same: %+v", plan)
		}
	})
}

func TestAVersionHoldsFromItsDayAndWhenPeopleWereTold(t *testing.T) {
	each(t, func(p *press) {
		a, _ := p.texts()
		last := p.publish(a)
		b := reworded(p, a)
		at := p.data.Now().Add(time.Hour)
		plan, v, err := publication.Publish(p.Context(), p.data, p.log, last, publication.Text{Policy: p.next(b, last), Source: b, At: at, Reasons: []string{"law"}})
		p.must(err)
		if v != nil || plan == nil || plan.Due(at.Add(time.Hour)) {
			p.Fatalf("in force before anybody was told: %+v, %+v", plan, v)
		}
		p.must(publication.Tell(p.Context(), p.data, p.log, plan))
		have := p.planned()
		if have == nil || have.Num != plan.Num || have.Told.IsZero() || have.Terms.Reasons[0] != "law" {
			p.Fatalf("what is planned: %+v", have)
		}
		if have.Due(at.Add(-time.Minute)) || !have.Due(at.Add(time.Microsecond)) {
			p.Errorf("it is due at the wrong time: %v, its day is %v", have.At, at)
		}
		started, err := publication.Start(p.Context(), p.data, p.log, have)
		p.must(err)
		past := p.history()
		if started.Num != plan.Num || len(past) != 2 || past[1].Weight == "" || past[1].Reasons[0] != "law" || p.planned() != nil {
			p.Errorf("the history is %+v", past)
		}
		if _, err := publication.Start(p.Context(), p.data, p.log, have); !db.Lost(err) && !db.Constraint(err) {
			p.Errorf("a second node started it again: %v", err)
		}
	})
}

// reworded is the text with another wording that people read.
func reworded(p *press, src []byte) []byte {
	p.Helper()
	i := bytes.Index(src, []byte("\ntitle: "))
	if i < 0 {
		p.Fatal("the text has no title")
	}
	end := i + 1 + bytes.IndexByte(src[i+1:], '\n')
	return []byte(strings.Join([]string{string(src[:i]), "\ntitle: {en: Lamps and more, zh-CN: 灯具与其他}", string(src[end:])}, ""))
}
