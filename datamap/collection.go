package datamap

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
)

func (r *reader) collections(m *Map, e entry) {
	for _, c := range r.mapping(e.value, e.pos, "collections") {
		m.Collections = append(m.Collections, r.collection(c))
	}
	if len(m.Collections) == 0 {
		r.problem(e.pos, "collections describes no collection")
	}
}

func (r *reader) collection(e entry) Collection {
	c := Collection{Pos: e.pos, Name: e.key}
	if s, pos := scalarText(e.value); s != "" {
		if c.Erase = Treatment(s); c.Erase != None && c.Erase != Delete {
			r.problem(pos, "%s: write none or delete, or a mapping with columns and erase", e.key)
		}
		return c
	}
	cleared, before := false, len(r.problems)
	r.fields(e.value, e.pos, "a collection", map[string]func(entry){
		"columns": func(e entry) {
			for _, col := range r.mapping(e.value, e.pos, "columns") {
				c.Columns = append(c.Columns, r.column(col))
			}
		},
		"plain":    func(e entry) { c.Plain = r.words(e, "plain") },
		"erase":    func(e entry) { c.Erase = Treatment(r.oneOf(e, treatments())) },
		"clear":    func(e entry) { c.Clear, cleared = r.words(e, "clear"), true },
		"keep":     func(e entry) { c.Keep = r.keep(e) },
		"restrict": func(e entry) { c.Restrict = r.restrict(e) },
	})
	if len(r.problems) == before {
		r.treatment(&c, cleared)
	}
	return c
}

// treatment checks that the fields of a collection fit what erasure does to it.
func (r *reader) treatment(c *Collection, cleared bool) {
	if c.Erase == "" {
		r.problem(c.Pos, "%s needs erase: delete, clear, keep or none", c.Name)
		return
	}
	if c.Erase == Retain && c.Keep.Ground == "" {
		r.problem(c.Pos, "%s is kept: write why, keep: {ground: …, reason: {en: …}, for: P…}", c.Name)
	}
	if c.Erase != Retain && c.Keep.Ground != "" {
		r.problem(c.Keep.Pos, "keep goes with erase: keep, not with erase: %s", c.Erase)
	}
	if c.Erase == None && len(c.Columns) > 0 {
		r.problem(c.Columns[0].Pos, "%s has personal columns: erase cannot be none", c.Name)
	}
	if c.Restrict != nil {
		if _, personal := c.Column(c.Restrict.Column); personal {
			r.problem(c.Restrict.Pos, "restrict of %s marks rows in %s, which holds personal data: use a column of its own and list it under plain", c.Name, c.Restrict.Column)
		}
	}
	if cleared && c.Erase != Retain {
		r.problem(c.Pos, "a list of columns to clear goes with erase: keep and a reason for the rest; erase: clear empties every personal column")
	}
	if c.Erase == Clear {
		for _, col := range c.Columns {
			c.Clear = append(c.Clear, col.Name)
		}
		if len(c.Clear) == 0 {
			r.problem(c.Pos, "%s is cleared but has no personal columns: write columns: {column: item}", c.Name)
		}
	}
	var names []string
	for _, col := range c.Columns {
		names = append(names, col.Name)
		if slices.Contains(c.Plain, col.Name) {
			r.problem(col.Pos, "column %s of %s cannot be both personal and plain", col.Name, c.Name)
		}
	}
	for _, name := range c.Clear {
		if !slices.Contains(names, name) {
			r.problem(c.Pos, "%s clears %s, which is not among its personal columns%s", c.Name, name, DidYouMean(name, names))
		}
	}
}

func (r *reader) column(e entry) Column {
	col := Column{Pos: e.pos, Name: e.key}
	if s, _ := scalarText(e.value); s != "" {
		col.Item = s
		return col
	}
	r.fields(e.value, e.pos, "a column", map[string]func(entry){
		"item":   func(e entry) { col.Item = r.text(e, "item") },
		"secret": func(e entry) { col.Secret = r.yes(e) },
		"erase":  func(e entry) { col.Strategy = r.strategy(e) },
		"reason": func(e entry) { col.Reason = r.texts(e, "reason") },
		"clear": func(e entry) {
			switch s := e.value.(type) {
			case *ast.StringNode:
				col.Replacement = &s.Value
			default:
				text := r.text(e, "clear")
				col.Replacement = &text
			}
		},
	})
	switch {
	case col.Strategy == Fixed && col.Replacement == nil:
		r.problem(e.pos, "column %s is erased with a fixed value: write which, clear: \"removed\"", e.key)
	case col.Strategy != "" && col.Strategy != Fixed && col.Replacement != nil:
		r.problem(e.pos, "column %s has erase: %s and a text under clear: only erase: fixed takes one", e.key, col.Strategy)
	}
	if col.Item == "" {
		r.problem(e.pos, "column %s needs the item of the policy it holds, or a category beginning with user.", e.key)
	}
	return col
}

// strategy reads how a column is emptied. YAML takes the word null for nothing.
func (r *reader) strategy(e entry) Strategy {
	if _, ok := e.value.(*ast.NullNode); ok {
		return Null
	}
	return Strategy(r.oneOf(e, Strategies()))
}

// restrict reads how rows are marked as not to be used.
func (r *reader) restrict(e entry) *Restrict {
	out, given := &Restrict{Pos: e.pos}, map[string]bool{}
	r.fields(e.value, e.pos, "restrict", map[string]func(entry){
		"column": func(e entry) { out.Column, given["column"] = r.text(e, "column"), true },
		"on":     func(e entry) { out.On, given["on"] = r.text(e, "on"), true },
		"off":    func(e entry) { off := r.text(e, "off"); out.Off = &off },
	})
	if !given["column"] || !given["on"] {
		r.problem(e.pos, "restrict needs a column and what a restricted row holds in it: restrict: {column: blocked, on: 1, off: 0}")
	}
	return out
}

func (r *reader) keep(e entry) Keep {
	k, before := Keep{Pos: e.pos}, len(r.problems)
	r.fields(e.value, e.pos, "keep", map[string]func(entry){
		"ground": func(e entry) { k.Ground = r.oneOf(e, grounds()) },
		"reason": func(e entry) { k.Reason = r.texts(e, "reason") },
		"cite":   func(e entry) { k.Cite = r.text(e, "cite") },
		"for": func(e entry) {
			if k.For = r.text(e, "for"); !durationPattern.MatchString(k.For) || len(k.For) < 3 {
				r.problem(nearest(e.value, e.pos), "for should be an ISO 8601 duration such as P10Y or P180D")
			}
		},
		"after": func(e entry) { k.After = r.name(e) },
		"until": func(e entry) {
			if k.Until = r.text(e, "until"); !datePattern.MatchString(k.Until) {
				r.problem(nearest(e.value, e.pos), "until should be a date, YYYY-MM-DD; a duration is written with for")
			}
		},
	})
	switch {
	case len(r.problems) > before:
	case k.Ground == "":
		r.problem(e.pos, "keep needs a ground: one of legal-obligation, legal-claims, contract, …")
	case k.Reason["en"] == "":
		r.problem(e.pos, "keep needs a reason that the person can read: reason: {en: …}")
	case (k.For == "") == (k.Until == ""):
		r.problem(e.pos, "keep needs an end: either for: P10Y or until: 2031-12-31")
	}
	return k
}
