package platform

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

const (
	findPage   = 1000            // log entries that are looked at in one read
	concernAct = 500             // people that are added in one act
	findEarly  = 2 * time.Minute // clocks of nodes may differ by as much: places in the log follow time about so
)

// FindConcerned reads in the log whom an incident concerns, and adds who is not among
// them yet. People who were erased are not: nothing of them is left to be told.
func (p *Platform) FindConcerned(ctx context.Context, want incident.ID, by gate.Actor) (*IncidentView, error) {
	i, err := p.incidentPlan(ctx, want)
	if err != nil {
		return nil, err
	}
	if _, err := p.log.Sequence(ctx); err != nil && fault.Of(err) != fault.Busy {
		return nil, err
	}
	found, err := p.touchedBy(ctx, i.Incident)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(found, concernAct) {
		act := p.data.NewAct()
		for _, num := range part {
			incident.Concern(act, i.Num, num)
		}
		if err := p.data.Commit(ctx, act); err != nil {
			return nil, err
		}
	}
	if by.ID == "" {
		by.ID = "avow"
	}
	return p.moveIncident(ctx, want, by, func(act *db.Act, i *incidentPlan) error {
		at := act.Now()
		i.Found = &at
		e := movedIncident("concerned-found")
		e.Public = append(e.Public, audit.Num(audit.TagCount, len(found)))
		return p.incidentEntry(ctx, act, i.Incident, e)
	})
}

// touchedBy lists the numbers of people whom an incident touched and of whom
// something is left, in ascending order.
func (p *Platform) touchedBy(ctx context.Context, i *incident.Incident) ([]int64, error) {
	touch, err := p.touch(i)
	if err != nil {
		return nil, err
	}
	nums := map[int64]bool{}
	if i.Touched.Subject != "" {
		num, err := p.gate.Number(ctx, subject.ID(i.Touched.Subject))
		if err != nil {
			return nil, err
		}
		touch.subject = num
		nums[num] = touch.actor == "" && touch.recipient == 0 && touch.items == nil
	}
	if touch.reads() {
		if err := p.eachEntry(ctx, touch.from, touch.subject, func(e audit.Record) bool {
			if e.Subject != 0 && touch.touched(e) {
				nums[e.Subject] = true
			}
			return true
		}); err != nil {
			return nil, err
		}
	}
	var out []int64
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		for num, yes := range nums {
			if !yes {
				continue
			}
			f, err := subject.ByNum(ctx, r, num)
			if err != nil {
				return err
			}
			if f.State != subject.Erased && f.State != subject.Erasing {
				out = append(out, num)
			}
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// A touching says which entries of the log show that somebody was touched.
type touching struct {
	actor     string
	recipient policy.RecipientNo
	items     map[policy.ItemNo]bool // nil: any
	stored    bool                   // what came in is touched, not what was used
	subject   int64
	from      time.Time // zero: from the beginning
	until     time.Time
}

// touch translates what an incident touched.
func (p *Platform) touch(i *incident.Incident) (t touching, err error) {
	x := i.Touched
	t.actor, t.from, t.until = x.Staff, x.From, x.Until
	if x.Key != "" {
		t.actor = x.Key
	}
	if t.until.IsZero() {
		t.until = i.Declared
	}
	if x.Recipient != "" {
		r, err := p.Policy().Recipient(x.Recipient)
		if err != nil {
			return t, err
		}
		t.recipient = r.No
	}
	if t.stored = t.actor == "" && t.recipient == 0 && (x.System != "" || len(x.Items) > 0); t.stored || t.recipient != 0 {
		t.from = time.Time{} // what came in, or was given away, before it began lay there when it began
	}
	names := x.Items
	if x.System != "" && x.System != vaultSystem {
		in := p.maps[x.System].Items()
		if len(names) == 0 {
			names = in
		} else {
			names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(in, n) })
		}
		t.items = map[policy.ItemNo]bool{}
	}
	for _, name := range names {
		item, err := p.Policy().Item(name)
		if err != nil {
			return t, err
		}
		if t.items == nil {
			t.items = map[policy.ItemNo]bool{}
		}
		t.items[item.No] = true
	}
	return t, nil
}

// reads reports whether the log has something to say.
func (t touching) reads() bool { return t.actor != "" || t.recipient != 0 || t.stored }

// touched reports whether an entry shows that its person was touched.
func (t touching) touched(e audit.Record) bool {
	if e.At.Before(t.from) || e.At.After(t.until) {
		return false
	}
	switch e.Kind {
	case audit.Collected, audit.Corrected:
		if !t.stored {
			return false
		}
	case audit.Used, audit.Unmasked, audit.Exported, audit.Disclosed, audit.Transferred:
		if t.stored {
			return false
		}
	case audit.CaseRead, audit.StaffAction:
		if t.stored || t.items != nil { // they show whole records, and name no item
			return false
		}
	default:
		return false
	}
	if t.recipient != 0 && policy.RecipientNo(e.Public.Num(audit.TagRecipient)) != t.recipient {
		return false
	}
	if t.actor != "" && e.Private.Text(audit.TagActor) != t.actor {
		return false
	}
	return t.items == nil || slices.ContainsFunc(itemsOf(e), func(no policy.ItemNo) bool { return t.items[no] })
}

// itemsOf lists the items that an entry names.
func itemsOf(e audit.Record) (out []policy.ItemNo) {
	for _, n := range e.Public.Nums(audit.TagItems) {
		out = append(out, policy.ItemNo(n))
	}
	if _, ok := e.Public.Get(audit.TagItem); ok {
		out = append(out, policy.ItemNo(e.Public.Num(audit.TagItem)))
	}
	return out
}

// eachEntry calls fn for the entries from about a moment on, of one subject or of all
// (0), oldest first, until it returns false.
func (p *Platform) eachEntry(ctx context.Context, from time.Time, sub int64, fn func(audit.Record) bool) error {
	after := ""
	if sub == 0 && !from.IsZero() {
		seq, err := p.placeAt(ctx, from.Add(-findEarly))
		if err != nil {
			return err
		}
		if seq > 0 {
			after = place(seq - 1)
		}
	}
	for {
		list, err := p.Entries(ctx, audit.Filter{Subject: sub, After: after, Limit: findPage})
		if err != nil {
			return err
		}
		for _, e := range list {
			if !fn(e) {
				return nil
			}
			after = e.Cursor(sub != 0)
		}
		if len(list) < findPage {
			return nil
		}
	}
}

func place(seq int64) string { return fmt.Sprintf("s%d.0", seq) }

// placeAt returns the number of the first entry that is not before a moment, by
// halves.
func (p *Platform) placeAt(ctx context.Context, at time.Time) (int64, error) {
	var size int64
	err := p.data.Read(ctx, func(r *db.Snapshot) error {
		s, err := p.log.Standing(ctx, r)
		size = s.Size
		return err
	})
	if err != nil {
		return 0, err
	}
	low, high := int64(0), size
	for low < high {
		mid := low + (high-low)/2
		f := audit.Filter{Limit: 1}
		if mid > 0 {
			f.After = place(mid - 1)
		}
		list, err := p.Entries(ctx, f)
		if err != nil {
			return 0, err
		}
		if len(list) == 0 || !list[0].At.Before(at) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low, nil
}
