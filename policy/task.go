package policy

import "slices"

// The codes of reasons for staff who were not let in, and for documents that need
// not be read again.
const (
	NoTask       Code = "task.none"
	ResultStands Code = "result.stands"
)

// tasked reports whether who acts is let in task by task.
func (p *Policy) tasked(u *Use) bool {
	return int(u.Actor) < len(p.hot.roles) && p.hot.roles[u.Actor].task
}

// 6, at last: staff who are let in task by task were let in for this one.
func (e *explanation) task() {
	if !e.p.tasked(e.u) {
		return
	}
	let := func(b Backing) bool { return b.Need == NeedTask && b.Ref != "" && b.Ref == e.u.Ref.ID }
	if !slices.ContainsFunc(e.f.Backings, let) {
		role := e.p.RoleBy(e.u.Actor)
		e.say(NoTask, UsePerTask, "roles."+role.Name, role.Pos,
			"the role %q is let in task by task, and nobody let this member of staff in for what the use names, or the time is over", role.Name)
	}
}

// What a purpose found is kept, so that its documents are not read again.
func (e *explanation) result() {
	if e.purpose == nil || e.purpose.Result == 0 || !e.u.Found {
		return
	}
	kept := e.p.ItemBy(e.purpose.Result)
	for _, no := range e.u.Items {
		it := e.p.ItemBy(no)
		if it == nil || no == kept.No || len(kept.Derived) > 0 && !slices.Contains(kept.Derived, no) {
			continue
		}
		e.say(ResultStands, UseResultKept, "items."+kept.Name, kept.Pos, "%s is kept of an earlier check, and so %s is not read again; use the result", kept.Name, it.Name).Item = no
	}
}
