package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// backed is how long a record stands behind disclosures where nobody says so.
const backed = 30 * 24 * time.Hour

// A Backing is a record that a sharing case or a recipient asks for, by name.
type Backing struct {
	Kind      string // approval, finding, request, ticket, order, task
	For       string // of a task: login of the member of staff who is let in
	Recipient string // of an approval, a request or an order; "" for others: whoever it is
	Case      string // of an approval; "": the one that follows from what the recipient is
	Ref       string // number of the order, case or ticket; never personal data
	Items     []string
	Note      string // what was weighed or found; it stands sealed in the log
	Until     time.Time
	By        Actor // who records it: of an approval, a role that the policy lets approve
}

// Back records what has to stand behind disclosures of a subject's data, and
// returns the record. From then on a use that names the same reference may rest on
// it, until it ends.
func (p *Platform) Back(ctx context.Context, sub subject.ID, b Backing) (out disclosure.Backing, err error) {
	row, err := p.backing(b)
	if err == nil && row.Need == policy.NeedTask {
		err = p.task(ctx, b, &row)
	}
	if err != nil {
		return out, err
	}
	if row.ID, err = p.data.Number(ctx, "backing"); err != nil {
		return out, err
	}
	d := gate.Duty{
		Kind: audit.Backed, Control: policy.ShareNeed,
		Public:  []audit.Field{audit.Text(audit.TagType, row.Need.String()), audit.Time(audit.TagUntil, row.Until)},
		Private: []audit.Field{audit.Text(audit.TagRef, row.Ref)},
	}
	if row.Need == policy.NeedTask {
		d.Control = policy.UsePerTask
		d.Private = append(d.Private, audit.Text(audit.TagOther, row.For))
	}
	if row.Need == policy.NeedOrder {
		d.Control = policy.ShareCounterparty
	}
	if row.Need == policy.NeedApproval {
		d.Control = policy.ShareApproval
		d.Public = append(d.Public, audit.Text(audit.TagScenario, row.Scenario), audit.Nums(audit.TagItems, row.Items))
	}
	if row.Recipient != 0 {
		d.Public = append(d.Public, audit.Num(audit.TagRecipient, row.Recipient))
	}
	if b.Note != "" {
		d.Private = append(d.Private, audit.Text(audit.TagNote, b.Note))
	}
	err = p.change(ctx, sub, b.By, d, func(act *db.Act, f subject.Facts) error {
		if !row.Until.After(act.Now()) {
			return fault.New(fault.Invalid, "it would have ended before it began: give a later end")
		}
		out = disclosure.Back(act, f.Num, row)
		return nil
	})
	return out, err
}

// backing reads what is recorded, and holds it against the policy.
func (p *Platform) backing(b Backing) (row disclosure.Backing, err error) {
	var ok bool
	if row.Need, ok = policy.ParseBacking(b.Kind); !ok {
		return row, fault.New(fault.Invalid, "%q is nothing that is recorded: use approval, finding, request, ticket, order or task", b.Kind)
	}
	if b.Ref == "" || b.By.ID == "" {
		return row, fault.New(fault.Invalid, "a record names the order, case or ticket, and the member of staff who makes it")
	}
	row.Ref, row.By, row.Until = b.Ref, b.By.ID, b.Until
	if row.Until.IsZero() {
		row.Until = p.data.Now().Add(backed)
	}
	if b.Recipient != "" {
		to, err := p.Policy().Recipient(b.Recipient)
		if err != nil {
			return row, err
		}
		row.Recipient = to.No
	} else if row.Need == policy.NeedApproval || row.Need == policy.NeedRequest || row.Need == policy.NeedOrder {
		return row, fault.New(fault.Invalid, "name the recipient that this is about")
	}
	if row.Need == policy.NeedApproval {
		err = p.approval(b, &row)
	}
	return row, err
}

// approval reads what an approval names more: who may give it, in which case, for
// what, and what was weighed where an interest stands against the person's.
func (p *Platform) approval(b Backing, row *disclosure.Backing) error {
	role, err := p.Policy().Role(b.By.Role)
	if err != nil {
		return err
	}
	if len(role.Approves) == 0 {
		return fault.New(fault.Denied, "the role %q approves nothing in this policy: let somebody do it who approves requests", role.Name)
	}
	u := policy.Use{Recipient: row.Recipient}
	if b.Case != "" {
		if u.Scenario, err = policy.ParseScenario(b.Case); err != nil {
			return fault.New(fault.Invalid, "there is no such sharing case: name one of those under sharing in the policy, or leave it out")
		}
	}
	row.Scenario = p.Policy().CaseOf(&u).String()
	if p.Policy().NeedsOf(&u)&policy.NeedInterest != 0 && b.Note == "" {
		return fault.New(fault.Invalid, "an interest stands against the person's own: say in the note how the two were weighed")
	}
	for _, name := range b.Items {
		it, err := p.Policy().Item(name)
		if err != nil {
			return err
		}
		if !slices.Contains(row.Items, it.No) {
			row.Items = append(row.Items, it.No)
		}
	}
	if len(row.Items) == 0 {
		return fault.New(fault.Invalid, "an approval names the items that may go")
	}
	return nil
}

// EndBacking ends a record before its time: nothing rests on it any more.
func (p *Platform) EndBacking(ctx context.Context, sub subject.ID, id int64, by Actor) error {
	all, err := p.Backings(ctx, sub)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(b disclosure.Backing) bool { return b.ID == id })
	if at < 0 {
		return fault.New(fault.NotFound, "nothing of this number stands behind disclosures of this subject's data: list them first")
	}
	d := gate.Duty{Kind: audit.BackingEnded, Control: policy.ShareNeed, Public: []audit.Field{audit.Num(audit.TagOrder, id)}}
	switch all[at].Need {
	case policy.NeedApproval:
		d.Control = policy.ShareApproval
	case policy.NeedOrder:
		d.Control = policy.ShareCounterparty
	}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		disclosure.EndBacking(act, f.Num, id)
		return nil
	})
}

// Backings returns what stands or stood behind disclosures of a subject's data,
// oldest first.
func (p *Platform) Backings(ctx context.Context, sub subject.ID) (out []disclosure.Backing, err error) {
	err = p.about(ctx, sub, func(r db.Reader, num int64) error {
		out, err = disclosure.Backings(ctx, r, num)
		return err
	})
	return out, err
}
