package plan

import (
	"slices"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/policy"
)

// mine reports whether rows are the person's and nobody else's.
func mine(f connector.Found) bool {
	return f.Role != connector.Accessor && f.Role != connector.Actor && f.Keep.Ground != ofOthers
}

// ofOthers is the ground of rows that are also somebody else's.
const ofOthers = "others"

func (r *rules) can(a gate.Action) bool { return r.in.Can == nil || r.in.Can(a) }

// correct plans the columns that hold a corrected item. What the law keeps stays
// as it was issued.
func (r *rules) correct(f connector.Found) (Collection, bool, error) {
	c := collection(f)
	if f.Role == connector.Accessor || f.Role == connector.Actor {
		return c, false, nil
	}
	columns, err := r.columns(c, func(item string) bool { return slices.Contains(r.items, item) })
	if err != nil || len(columns) == 0 || c.Count == 0 {
		return c, false, err
	}
	switch {
	case f.Keep.Ground == ofOthers:
		r.task(c, columns, Text{
			"en": "The rows are also somebody else's: see with them whether the value changes for both.", "zh-CN": "该数据同时属于他人：请与对方确认是否一并更改。",
		})
		return c, false, nil
	case f.Action == connector.Keep:
		keep := f.Keep
		c.Keep, c.Columns = &keep, nil
		return c, true, nil
	case !r.can(gate.Correct):
		r.task(c, columns, Text{"en": "The system takes no corrections from here.", "zh-CN": "该系统无法由此处更正。"})
		return c, false, nil
	}
	var free, fixed []string
	for _, name := range columns {
		if slices.Contains(f.Fixed, name) {
			fixed = append(fixed, name)
		} else {
			free = append(free, name)
		}
	}
	if len(fixed) > 0 {
		r.task(c, fixed, Text{
			"en": "The column is a key, a secret, or computed: it cannot be written from here.", "zh-CN": "该列为键、密文或计算列，无法由此处写入。",
		})
	}
	c.Action, c.Columns = connector.Rewrite, free
	return c, len(free) > 0, nil
}

// restrict plans the marks of a restriction.
func (r *rules) restrict(f connector.Found) (Collection, bool, error) {
	c := collection(f)
	if !mine(f) || c.Count == 0 {
		return c, false, nil
	}
	c.Action, c.Columns = connector.Freeze, nil
	if r.scope.Kind == Lifting {
		c.Action = connector.Release
	}
	if r.in.Map == nil { // the vault: the subject's record stands for all
		return c, strings.HasPrefix(c.Name, "_"), nil
	}
	described, _ := r.in.Map.Lookup(c.Name)
	if described == nil || described.Restrict == nil {
		c.Action = connector.Keep
		c.Keep = &connector.Retention{Ground: "unmarked", Reason: map[string]string{
			"en": "These rows have no mark of their own.", "zh-CN": "此类数据没有单独的限制标记。",
		}}
		return c, true, nil
	}
	c.Columns = []string{described.Restrict.Column}
	return c, true, nil
}

// take plans what a person may take along (GDPR Art. 20(1)): what they gave or
// what was observed of them, where the ground is consent or a contract.
func (r *rules) take(f connector.Found) (Collection, bool, error) {
	c := collection(f)
	c.Action, c.Columns = Copy, nil
	if f.Role == connector.Accessor || f.Role == connector.Actor || strings.HasPrefix(c.Name, "_") {
		return c, false, nil
	}
	c.Items = slices.DeleteFunc(slices.Clone(c.Items), func(name string) bool {
		item, err := r.policy.Item(name)
		if err != nil {
			r.exclude(c.Name, name)
			return true
		}
		return !Portable(r.policy, item)
	})
	return c, len(c.Items) > 0, nil
}

func (r *rules) exclude(collection, category string) {
	text := collection + ": what is mapped as " + category + " has no source and no purpose in the policy, so it is not taken along: name an item in the data map"
	if !slices.Contains(r.excluded, text) {
		r.excluded = append(r.excluded, text)
	}
}

// Portable reports whether people may take an item along: they gave it or it was
// observed of them, and one of its purposes rests on consent or a contract (GDPR
// Art. 20(1)). Secrets are nobody's to carry.
func Portable(p *policy.Policy, item *policy.Item) bool {
	if item.Type == "secret" || item.Origin != policy.FromPerson && item.Origin != policy.FromDevice {
		return false
	}
	return slices.ContainsFunc(item.Purposes, func(n policy.PurposeNo) bool {
		purpose := p.PurposeBy(n)
		return purpose != nil && (purpose.Basis == policy.Consent || purpose.Basis == policy.Contract)
	})
}

func (r *rules) task(c Collection, columns []string, why Text) {
	t := Task{System: r.in.Name, Collection: c.Name, Columns: columns, Rows: c.Count, Why: why}
	for _, i := range c.Items {
		if slices.Contains(r.items, i) {
			t.Items = append(t.Items, i)
		}
	}
	r.tasks = append(r.tasks, t)
}

// whole plans what a system cannot do at all.
func (r *rules) whole(s *System) {
	rows := 0
	for _, c := range s.Collections {
		if c.Keep != nil && c.Keep.Ground == "unmarked" {
			rows += c.Count
		}
	}
	if r.procedure.Effect == Restricts && rows > 0 && !r.can(gate.Restrict) {
		r.tasks = append(r.tasks, Task{System: s.Name, Rows: rows, Why: Text{
			"en": "The data map does not say how a row is marked as not to be used.", "zh-CN": "数据映射未说明如何标记限制处理的数据。",
		}})
	}
}

// leaves says what stands in emptied columns afterwards, and why.
func (r *rules) leaves(c Collection) []Left {
	if r.in.Map == nil || c.Action != connector.Clear && c.Action != connector.Keep {
		return nil
	}
	described, ok := r.in.Map.Lookup(c.Name)
	if !ok {
		return nil
	}
	var out []Left
	for _, name := range c.Columns {
		col, _ := described.Column(name)
		if col.Strategy == "" || col.Strategy == datamap.Null {
			continue
		}
		why := Text(col.Reason)
		if len(why) == 0 {
			why = reasonFor(col.Strategy)
		}
		out = append(out, Left{name, col.Strategy, why})
	}
	return out
}

// reasonFor says what a strategy leaves.
func reasonFor(s datamap.Strategy) Text {
	switch s {
	case datamap.Mask:
		return Text{
			"en":    "One letter or two digits stay, so that the row can still be checked by eye. They lead to nobody.",
			"zh-CN": "仅保留一个字符或两位数字，便于人工核对，无法据此识别任何人。",
		}
	case datamap.Hash:
		return Text{
			"en":    "A keyed hash stays, so that the rows can still be counted together. Its key is forgotten with this erasure: it leads to nobody.",
			"zh-CN": "仅保留带密钥的散列值，便于合并统计。密钥在本次删除后即被丢弃，无法据此识别任何人。",
		}
	}
	return Text{"en": "A fixed text stands in place of the value, the same for everybody.", "zh-CN": "以统一的固定文本替代原值，所有人相同。"}
}
