package plan

import (
	"slices"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// rules says what happens to what was found in one system.
type rules struct {
	procedure Procedure
	scope     Scope
	items     []string // in scope; nil: everything
	in        Surveyed
	policy    *policy.Policy
	tasks     []Task   // found on the way: work for people
	excluded  []string // found on the way: columns that cannot be taken along
}

func (r *rules) system() (System, error) {
	s := System{Name: r.in.Name, Kind: r.in.Kind}
	if r.in.Survey == nil {
		return s, fault.New(fault.Invalid, "%s was not surveyed: survey every system before planning", r.in.Name)
	}
	s.Map, s.Warnings = r.in.Survey.Map, r.in.Survey.Warnings
	if r.in.Map != nil && s.Map != "" && s.Map != r.in.Map.Hash() {
		return s, fault.New(fault.Invalid, "the data map of %s was changed after the survey: survey again", r.in.Name)
	}
	for _, f := range r.in.Survey.Found {
		c, concerned, err := r.treat(f)
		if err != nil {
			return s, err
		}
		if concerned {
			s.Collections = append(s.Collections, c)
		}
	}
	s.Warnings = append(slices.Clone(s.Warnings), r.excluded...)
	r.whole(&s)
	return s, nil
}

// treat says what happens to found rows; concerned is false where the request is
// not about them.
func (r *rules) treat(f connector.Found) (c Collection, concerned bool, err error) {
	switch r.procedure.Effect {
	case Reads:
		c = collection(f)
		c.Action, c.Columns = Copy, nil
		return c, true, nil
	case Takes:
		return r.take(f)
	case Corrects:
		return r.correct(f)
	case Restricts:
		return r.restrict(f)
	}
	c, err = r.erase(f)
	return c, true, err
}

// collection says what was found, in the words of a plan.
func collection(f connector.Found) Collection {
	c := Collection{
		Name: f.Collection, Role: f.Role, Why: f.Why, Action: f.Action,
		Keys: slices.Clone(f.Keys), Columns: f.Columns, Items: f.Items,
	}
	slices.Sort(c.Keys)
	c.Keys = slices.Compact(c.Keys)
	c.Count = len(c.Keys)
	return c
}

func (r *rules) erase(f connector.Found) (Collection, error) {
	c := collection(f)
	switch f.Action {
	case connector.Delete:
	case connector.Clear, connector.Detach:
		if len(f.Columns) == 0 {
			return c, fault.New(fault.Invalid, "%s: rows of %s are to be emptied, but no column is named: complete the data map", r.in.Name, f.Collection)
		}
	case connector.Keep:
		if len(f.Keep.Reason) == 0 {
			return c, fault.New(fault.Invalid, "%s: rows of %s are kept without a reason: write one into the data map, or erase them", r.in.Name, f.Collection)
		}
		keep := f.Keep
		c.Keep = &keep
	default:
		return c, fault.New(fault.Invalid, "%s: %d rows of %s are this person's, but nothing says what an erasure does to them: complete the data map (delete, clear or keep)", r.in.Name, c.Count, f.Collection)
	}
	c, err := r.narrow(c)
	if err == nil {
		c.Leaves = r.leaves(c)
	}
	return c, err
}

// narrow applies a scope that is less than everything.
func (r *rules) narrow(c Collection) (Collection, error) {
	if r.scope.Kind == Everything {
		return c, nil
	}
	asked := func(item string) bool { return slices.Contains(r.items, item) }
	switch {
	case !slices.ContainsFunc(c.Items, asked):
		return r.leave(c), nil
	case !slices.ContainsFunc(c.Items, func(i string) bool { return !asked(i) }):
		return c, nil
	}
	columns, err := r.columns(c, asked)
	if err != nil {
		return c, err
	}
	if c.Action == connector.Keep || c.Action == connector.Detach {
		columns = slices.DeleteFunc(columns, func(col string) bool { return !slices.Contains(c.Columns, col) })
	}
	if c.Columns = columns; c.Action == connector.Delete {
		c.Action = connector.Clear // the row holds more than was asked for
	}
	return c, nil
}

// columns returns the columns of a collection that hold items in scope.
func (r *rules) columns(c Collection, asked func(string) bool) ([]string, error) {
	var out []string
	if r.in.Map == nil {
		for _, i := range c.Items {
			if asked(i) {
				out = append(out, i)
			}
		}
		return out, nil
	}
	described, ok := r.in.Map.Lookup(c.Name)
	if !ok {
		return nil, fault.New(fault.Invalid, "%s: the data map does not describe %s: complete it", r.in.Name, c.Name)
	}
	for _, col := range described.Columns {
		if asked(col.Item) {
			out = append(out, col.Name)
		}
	}
	return out, nil
}

// leave keeps rows that hold nothing of what was asked for.
func (r *rules) leave(c Collection) Collection {
	c.Action, c.Columns = connector.Keep, nil
	c.Keep = &connector.Retention{Ground: "not-asked", Reason: map[string]string{
		"en":    "The request was about other data.",
		"zh-CN": "本次请求不涉及这些数据。",
	}}
	return c
}
