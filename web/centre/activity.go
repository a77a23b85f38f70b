package centre

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// lately is how many entries of the log are looked through, and listed how many
// of them are shown.
const (
	lately = 200
	listed = 100
)

// looked reports whether an entry says that somebody else than the person saw or
// used something of theirs, or their record.
func looked(e audit.Record) bool {
	switch e.Kind {
	case audit.Used, audit.Unmasked, audit.StaffAction:
		return e.Public.Text(audit.TagRole) != "self"
	}
	return false
}

// looks returns, item by item and newest first, who used it but the person
// themselves, among the latest entries.
func (c *Centre) looks(v *visit, p view) (map[policy.ItemNo][]look, error) {
	entries, err := c.on.History(v.ctx(), v.sub, lately)
	if err != nil {
		return nil, err
	}
	out := map[policy.ItemNo][]look{}
	for _, e := range entries {
		if !looked(e) {
			continue
		}
		l := look{e.At, p.actor(e.Public.Text(audit.TagRole)), p.purpose(policy.PurposeNo(e.Public.Num(audit.TagPurpose)))}
		for _, i := range itemsOf(e) {
			out[i] = append(out[i], l)
		}
	}
	return out, nil
}

func itemsOf(e audit.Record) []policy.ItemNo {
	var out []policy.ItemNo
	if f, ok := e.Public.Get(audit.TagItems); ok {
		for _, n := range f.Nums() {
			out = append(out, policy.ItemNo(n))
		}
	}
	if f, ok := e.Public.Get(audit.TagItem); ok {
		out = append(out, policy.ItemNo(f.Num()))
	}
	return out
}

// A deed is one entry of the log about the person, in words.
type deed struct {
	At     time.Time
	What   string
	Class  string // of the point on the line
	Times  int    // how often in a row
	Who    string
	Why    string
	Ref    string // what stands behind it: a ticket, an order
	To     string
	Items  []string
	More   int
	Number int64 // in the log; -1: not yet in order
}

// A user is one role and purpose that used something of the person's.
type user struct {
	Who, Why string
	Times    int
	Last     time.Time
}

// An activityPage says who did what with a person's data.
type activityPage struct {
	view
	Deeds []deed
	Users []user // others, the busiest first
	Most  int    // of one of them
	Weeks []week // the last ones, oldest first; nil: nobody else used anything
}

func (c *Centre) activity(v *visit) error {
	p := activityPage{view: c.view(v, func(t *words) string { return t.Activity })}
	entries, err := c.on.History(v.ctx(), v.sub, lately)
	if err != nil {
		return err
	}
	for _, e := range entries[:min(len(entries), listed)] {
		d, ok := p.deed(e)
		if n := len(p.Deeds); ok && n > 0 && d.What == p.T.ownLook && p.Deeds[n-1].What == d.What {
			p.Deeds[n-1].Times++ // looks of one's own in a row are one line
			continue
		}
		if ok {
			p.Deeds = append(p.Deeds, d)
		}
	}
	p.gather(entries)
	return c.show(v, http.StatusOK, "activity", p)
}

// gather counts who used something, and how often in which week.
func (p *activityPage) gather(entries []audit.Record) {
	var times []time.Time
	for _, e := range entries {
		if !looked(e) {
			continue
		}
		d, _ := p.deed(e)
		times = append(times, e.At)
		at := slices.IndexFunc(p.Users, func(u user) bool { return u.Who == d.Who && u.Why == d.Why })
		if at < 0 {
			at = len(p.Users)
			p.Users = append(p.Users, user{Who: d.Who, Why: d.Why, Last: e.At})
		}
		p.Users[at].Times++
	}
	slices.SortStableFunc(p.Users, func(a, b user) int { return cmp.Compare(b.Times, a.Times) })
	if len(p.Users) > 0 {
		p.Most = p.Users[0].Times
		p.Weeks = p.weeks(times)
	}
}

// deed says an entry in words. What only the machinery means is passed over.
func (v view) deed(e audit.Record) (deed, bool) {
	d := deed{At: e.At, Number: e.Seq, Times: 1}
	role := e.Public.Text(audit.TagRole)
	own := e.Kind == audit.Used && role == "self"
	d.What, d.Class = v.T.deed(e.Kind, own)
	if d.What == "" || own {
		return d, own
	}
	if role != "" || e.Kind == audit.Used || e.Kind == audit.Denied {
		d.Who = v.actor(role)
	}
	if no := policy.PurposeNo(e.Public.Num(audit.TagPurpose)); no != 0 {
		d.Why = v.purpose(no)
	}
	if no := policy.RecipientNo(e.Public.Num(audit.TagRecipient)); no != 0 {
		d.To = v.recipient(no)
	}
	d.Ref = e.Private.Text(audit.TagRef)
	for n, i := range itemsOf(e) {
		if n == 6 {
			d.More = len(itemsOf(e)) - n
			break
		}
		d.Items = append(d.Items, v.item(i))
	}
	if d.Why == "" && e.Kind == audit.StaffAction {
		d.Why = v.T.RecordOnly
	}
	if d.Why == "" {
		d.Why = v.T.right(strings.TrimSpace(e.Public.Text(audit.TagRight)))
	}
	return d, true
}
