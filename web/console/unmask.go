package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

func rightsOf(sub subject.ID) rights.Filter { return rights.Filter{Subject: sub} }

// maxReference bounds the id of an order, a ticket or a case.
const maxReference = 80

// goodReference reports whether a text can be the number of something, and no name
// or address: it stands in the log.
func goodReference(id string) bool { return len(id) <= maxReference && !strings.ContainsAny(id, "@ ") }

// An unmaskedPage shows values of one item, or why the policy does not.
type unmaskedPage struct {
	view
	At      string
	Item    string
	Purpose string
	Ref     string
	Masked  bool // the role sees masked values only
	Values  []shown
	Reasons []policy.Reason
}

// A shown value is personal: it stands in one answer, which nothing keeps.
type shown struct {
	Text string
	At   time.Time
}

// unmask uses one item in the person's role. The entry is durable before a value
// is shown, and the one whose value it is sees it.
func (c *Console) unmask(v *visit) error {
	h, err := c.opened(v)
	if err != nil {
		return err
	}
	t := c.words(v)
	item, err := c.on.Policy().Item(v.r.PostFormValue("item"))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "there is no such item")
	}
	purpose, err := c.on.Policy().Purpose(v.r.PostFormValue("purpose"))
	if err != nil {
		return c.showSubject(v, http.StatusUnprocessableEntity, t.NeedPurpose)
	}
	role := v.by.roleOf(purpose.No)
	if role == nil {
		return c.showSubject(v, http.StatusForbidden, t.NotYourPurpose)
	}
	id := strings.TrimSpace(v.r.PostFormValue("reference"))
	ref, err := policy.ParseRef(v.r.PostFormValue("kind") + ":" + id)
	if err != nil || !goodReference(id) {
		return c.showSubject(v, http.StatusUnprocessableEntity, t.NeedReference)
	}
	a, err := c.on.Use(v.ctx(), platform.Use{
		Subject: h.Subject, Items: []string{item.Name}, Purpose: purpose.Name, Ref: ref, By: platform.Actor{Role: role.Name, ID: string(v.by.id)},
	})
	if err != nil {
		return err
	}
	p := unmaskedPage{view: c.view(v, func(t *words) string { return t.Unmask }), At: v.r.PathValue("at"), Masked: role.Masked, Reasons: a.Decision.Reasons}
	p.Item, p.Purpose, p.Ref = p.item(item.No), p.purpose(purpose.No), ref.Kind.String()+":"+ref.ID
	for _, x := range a.Values {
		p.Values = append(p.Values, shown{x.Text.Reveal(), x.At})
	}
	status := http.StatusOK
	if !a.Decision.Allowed {
		status = http.StatusForbidden
	}
	return c.show(v, status, "unmasked", p)
}
