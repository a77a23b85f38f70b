package policy

import "slices"

// keepsClause reports whether a clause says that a control keeps it: what a policy
// promises about its own text is an error where the text does not do it.
func (c *checker) keepsClause(id Control) bool {
	return slices.ContainsFunc(c.doc.Clauses.items, func(cl clauseDoc) bool { return holds(cl.Keeps, string(id)) })
}

// inventory looks at what the list of items promises of itself: that each says why
// it is needed, and that a test of harm decided what is sensitive.
func (c *checker) inventory() {
	needs, tested := c.keepsClause(Necessity), c.keepsClause(HarmTest)
	for _, e := range c.doc.Items.entries {
		it := &e.value
		if needs && it.Necessary.v.IsZero() {
			c.errorf("item.no-need", e.pos, "write necessary: {en: …}, or do not collect it", "a clause promises that every item says why it is needed, and %q does not", e.name)
		}
		c.harm(e.name, e.pos, it, tested)
		if len(it.With.Item.v) > 0 {
			c.companion(e.name, it)
		}
	}
	for _, e := range c.doc.Purposes.entries {
		if r := e.value.Result; r.v != "" {
			if it, ok := find(c.doc.Items, r.v); ok && !holds(it.Purposes, e.name) {
				c.errorf("purpose.result", r.pos, "list the purpose at the item", "what %q found is kept as %q, which does not serve it", e.name, shown(r.v))
			}
		}
	}
}

// harm checks the test of harm of an item: where it stands, it decides.
func (c *checker) harm(name string, pos Pos, it *itemDoc, promised bool) {
	answers := it.Harm.items
	none := holds(it.Harm, "none")
	switch {
	case len(answers) == 0 && promised:
		c.errorf("item.no-harm-test", pos, "write harm: [none], or what a leak could endanger: safety, reputation, health, discrimination", "a clause promises a test of harm for every item, and %q has none", name)
	case len(answers) == 0:
	case none && len(answers) > 1:
		c.errorf("item.harm", it.Harm.pos, "write none alone, or leave it out", "the test of harm of %q finds harm and none", name)
	case !none && !it.Sensitive.v:
		c.errorf("item.harm", it.Harm.pos, "write sensitive: true", "the test of harm of %q finds harm, and it is not declared sensitive", name)
	case none && it.Sensitive.v:
		c.errorf("item.harm", it.Harm.pos, "say what a leak could endanger, or remove sensitive", "%q is declared sensitive, and its test of harm finds none", name)
	}
}

// companion checks the item that another has to come with.
func (c *checker) companion(name string, it *itemDoc) {
	with := it.With.Item
	other, ok := find(c.doc.Items, with.v)
	switch {
	case !ok: // said by references
	case with.v == name:
		c.errorf("item.with", with.pos, "name another item", "%q is to come with itself", name)
	case it.With.AtLeast.v > 0 && other.Type.v != "number" && other.Type.v != "amount":
		c.errorf("item.with", it.With.AtLeast.pos, "name an item of the type number", "%q has no least value: it is no number", with.v)
	case !slices.ContainsFunc(it.At.items, func(at str) bool { return holds(other.At, at.v) }):
		c.errorf("item.with", with.pos, "let both be collected at one point", "%q is to come with %q, which is collected at none of its points", name, with.v)
	}
}
