package centre

import (
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// lately is how many entries of the log are looked through.
const lately = 200

// looks returns, item by item and newest first, who used it but the person
// themselves, among the latest entries.
func (c *Centre) looks(v *visit, p view) (map[policy.ItemNo][]look, error) {
	entries, err := c.on.History(v.ctx(), v.sub, lately)
	if err != nil {
		return nil, err
	}
	out := map[policy.ItemNo][]look{}
	for _, e := range entries {
		role := e.Public.Text(audit.TagRole)
		if (e.Kind != audit.Used && e.Kind != audit.Unmasked) || role == "self" {
			continue
		}
		l := look{e.At, p.actor(role), p.purpose(policy.PurposeNo(e.Public.Num(audit.TagPurpose)))}
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
	To     string
	Items  []string
	More   int
	Number int64 // in the log; -1: not yet in order
}

func (c *Centre) activity(v *visit) error {
	p := c.view(v, func(t *words) string { return t.Activity })
	entries, err := c.on.History(v.ctx(), v.sub, 100)
	if err != nil {
		return err
	}
	var list []deed
	for _, e := range entries {
		d, ok := p.deed(e)
		if n := len(list); ok && n > 0 && d.What == p.T.ownLook && list[n-1].What == d.What {
			list[n-1].Times++ // looks of one's own in a row are one line
			continue
		}
		if ok {
			list = append(list, d)
		}
	}
	return c.show(v, http.StatusOK, "activity", struct {
		view
		Deeds []deed
		Shown int
	}{p, list, len(entries)})
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
	for n, i := range itemsOf(e) {
		if n == 6 {
			d.More = len(itemsOf(e)) - n
			break
		}
		d.Items = append(d.Items, v.item(i))
	}
	if d.Why == "" {
		d.Why = v.T.right(strings.TrimSpace(e.Public.Text(audit.TagRight)))
	}
	return d, true
}
