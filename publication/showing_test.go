package publication_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/publication"
)

// shown reads a showing.
func (p *press) shown(want publication.ShowingID) (s publication.Showing, err error) {
	p.Helper()
	err = p.data.Read(p.Context(), func(r *db.Snapshot) (err error) {
		s, err = publication.Shown(p.Context(), r, want)
		return err
	})
	return s, err
}

func TestAShowingIsOnRecordAsItWas(t *testing.T) {
	each(t, func(p *press) {
		a, _ := p.texts()
		last := p.publish(a)
		act := p.data.NewAct()
		want := publication.Showing{ID: publication.NewShowing(act.Now()), Version: last.Num, Surface: "web", Language: "zh-CN", Entry: 7}
		publication.Show(act, want)
		if _, err := p.shown(want.ID); fault.Of(err) != fault.NotFound {
			p.Errorf("it is on record before its act is: %v", err)
		}
		p.must(p.data.Commit(p.Context(), act))
		got, err := p.shown(want.ID)
		p.must(err)
		want.At = act.Now()
		if diff := cmp.Diff(want, got); diff != "" {
			p.Error(diff)
		}
		// Each is one of its own: the same id twice is refused.
		twice := p.data.NewAct()
		publication.Show(twice, want)
		if err := p.data.Commit(p.Context(), twice); !db.Constraint(err) {
			p.Errorf("a showing under the same id: %v, want a violated constraint", err)
		}
		_, err = p.shown(publication.NewShowing(time.Now()))
		if fault.Of(err) != fault.NotFound || !strings.Contains(fault.Message(err), "record it when the policy is on the screen") {
			p.Errorf("of one that was not recorded: %v", err)
		}
	})
}

func TestWhatIsNoShowingIsRefusedAndNotRepeated(t *testing.T) {
	id := publication.NewShowing(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if got, err := publication.ParseShowing(string(id)); got != id || err != nil {
		t.Errorf("ParseShowing(%q) = %q, %v", id, got, err)
	}
	for _, s := range []string{"", "lin@mail.example", string(id) + "0", "SHW" + string(id[3:]), "sub" + string(id[3:])} {
		got, err := publication.ParseShowing(s)
		if got != "" || fault.Of(err) != fault.Invalid || s != "" && strings.Contains(fault.Message(err), s) {
			t.Errorf("ParseShowing(%q) = %q, %v", s, got, err)
		}
	}
}
