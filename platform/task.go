package platform

import (
	"context"

	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
)

// task reads what a task names more: who is let in, why, and until when. The policy
// says how long that may be, and nobody lets themselves in.
func (p *Platform) task(ctx context.Context, b Backing, row *disclosure.Backing) error {
	if b.For == "" || b.Note == "" {
		return fault.New(fault.Invalid, "a task names the member of staff who is let in, and says why in its note")
	}
	who, err := p.Staff(ctx, b.For)
	if err != nil {
		return err
	}
	role := p.Policy().RoleBy(who.Role)
	if role == nil || role.Task.IsZero() {
		return fault.New(fault.Invalid, "this member of staff has no role that is let in task by task: they see what their role sees")
	}
	if row.For = who.ID; row.For == row.By {
		return fault.New(fault.Denied, "nobody lets themselves in: let somebody else record the task")
	}
	now := p.data.Now()
	last, _ := p.Policy().Calendar().Add(now, role.Task)
	switch {
	case b.Until.IsZero():
		row.Until = last
	case row.Until.After(last):
		return fault.New(fault.Invalid, "a task of the role %q ends after %s at the latest: give an earlier end, or none", role.Name, role.Task)
	}
	return nil
}
