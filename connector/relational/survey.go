package relational

import (
	"cmp"
	"context"
	"slices"

	"github.com/avow-dev/avow/connector"
)

// survey turns a walk into what the caller sees.
func (w *walk) survey(ctx context.Context, system string) (*connector.Survey, error) {
	detached, err := w.detachments(ctx)
	if err != nil {
		return nil, err
	}
	sv := &connector.Survey{System: system, Subject: w.sub.ID, Map: w.g.m.Hash(), Warnings: w.warnings}
	for _, n := range w.g.order {
		sv.Found = append(sv.Found, w.found(n)...)
	}
	for _, d := range detached {
		keys := make([]string, len(d.rows))
		for i, r := range d.rows {
			keys[i] = r.id
		}
		sv.Found = append(sv.Found, connector.Found{
			Collection: d.l.from.t.Name, Keys: unique(keys), Why: d.l.String(),
			Role: connector.Actor, Action: connector.Detach, Columns: names(nullable(d.l)),
		})
	}
	return sv, nil
}

// found groups the rows of one table by what becomes of them and why.
func (w *walk) found(n *node) []connector.Found {
	type group struct {
		action connector.Action
		role   connector.Role
		why    string
		others bool
	}
	keys := map[group][]string{}
	var groups []group
	for _, r := range w.order[n] {
		g := group{r.action, r.role, r.why, r.others}
		if keys[g] == nil {
			groups = append(groups, g)
		}
		keys[g] = append(keys[g], r.id)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(strength(b.role), strength(a.role)), cmp.Compare(a.why, b.why), cmp.Compare(a.action, b.action))
	})
	var out []connector.Found
	for _, g := range groups {
		f := connector.Found{Collection: n.t.Name, Keys: unique(keys[g]), Why: g.why, Role: g.role, Action: g.action, Items: n.items(), Fixed: n.fixed()}
		switch {
		case g.action == connector.Keep && (g.others || g.role == connector.Accessor):
			f.Keep = others(g.role)
		case g.action == connector.Keep:
			k := n.c.Keep
			f.Keep = connector.Retention{Ground: k.Ground, Reason: k.Reason, Cite: k.Cite, Until: k.End()}
			f.Columns = n.c.Clear
		case g.action == connector.Clear:
			f.Columns = n.c.Clear
		}
		out = append(out, f)
	}
	return out
}

// others is why a row stays that is also, or only, somebody else's.
func others(role connector.Role) connector.Retention {
	if role == connector.Accessor {
		return connector.Retention{Ground: "others", Reason: map[string]string{
			"en": "It belongs to somebody else; you could see it.", "zh-CN": "该数据属于他人，您仅可查看。",
		}}
	}
	return connector.Retention{Ground: "others", Reason: map[string]string{
		"en": "Somebody else uses it too. It goes when the last of you asks.", "zh-CN": "该数据同时为他人所用，最后一位使用者提出请求时才会删除。",
	}}
}

// fixed names the personal columns that cannot be rewritten.
func (n *node) fixed() []string {
	var out []string
	for _, col := range n.c.Columns {
		c := n.t.Column(col.Name)
		if c == nil || col.Secret || c.Generated || n.structural(c) || n.t.isKey(c) || n.referred(c) || !rewritable(c.Class) {
			out = append(out, col.Name)
		}
	}
	return out
}

// referred reports whether a declared key points to the column: a new value would
// cut it.
func (n *node) referred(c *Column) bool {
	return slices.ContainsFunc(n.in, func(l *link) bool { return l.declared && slices.Contains(l.toCols, c) })
}

// rewritable reports whether columns of a class hold one value that can be
// compared and replaced.
func rewritable(c Class) bool {
	switch c {
	case ClassText, ClassInteger, ClassNumber, ClassDate, ClassTime, ClassNet:
		return true
	}
	return false
}

func (n *node) items() []string {
	var out []string
	for _, c := range n.c.Columns {
		out = append(out, c.Item)
	}
	return unique(out)
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
