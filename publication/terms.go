package publication

import (
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Terms are what a change of the policy is, and asks for before it takes effect.
type Terms struct {
	Weight   policy.Weight
	Reasons  []string      // codes: business, function, law, practice, correction
	Again    bool          // people accept it again
	Keeps    bool          // it gives fewer rights, and who does not consent keeps the old ones
	Lead     policy.Period // how long people know of it before it takes effect
	Channels []string      // how they hear of it, as the policy names them
	Surfaces []string      // where
	At       []string      // when: login, upgrade, visit
}

// TermsOf says what a change from one version to another asks for, and how they
// differ. What the version in force promises about changes holds for the change that
// ends the promise too: the longer time and the channels of both.
func TermsOf(from, to *policy.Policy) (Terms, policy.Difference) {
	d := policy.Diff(from, to)
	t := Terms{Weight: d.Weight, Reasons: to.Revision().Reasons, Again: d.Follows.Again, Keeps: d.Follows.Keeps}
	reduces := slices.ContainsFunc(d.Changes, func(c policy.Change) bool { return c.Reduces })
	t.Keeps = t.Keeps || reduces && from.Changing().KeepsRights
	t.Again = t.Again || t.Keeps // it holds for who says yes to it alone, so they are asked
	if d.Weight == policy.Technical {
		return t, d
	}
	for _, p := range []*policy.Policy{from, to} {
		rule := p.Changing().Minor
		if d.Weight == policy.Major {
			rule = p.Changing().Major
			t.Again = t.Again || rule.Again
		}
		if rule.Before.Rough() > t.Lead.Rough() {
			t.Lead = rule.Before
		}
		t.Channels = union(t.Channels, rule.Channels)
		t.Surfaces = union(t.Surfaces, rule.Surfaces)
		t.At = union(t.At, rule.At)
	}
	return t, d
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(slices.Clip(a), s)
		}
	}
	return a
}

// Reasons lists the codes of the reasons why a version is written.
func Reasons() []string { return []string{"business", "function", "law", "practice", "correction"} }

// check refuses a change without a reason, or with one that is none.
func (t Terms) check() error {
	if t.Weight == policy.Technical {
		return nil
	}
	if len(t.Reasons) == 0 {
		return fault.New(fault.Invalid, "the version gives no reason why it was written: write revision: {reasons: [law]} into the file, or publish it with --reason; the reasons are business, function, law, practice and correction")
	}
	for _, r := range t.Reasons {
		if !slices.Contains(Reasons(), r) {
			return fault.New(fault.Invalid, "%q is no reason of a version: use business, function, law, practice or correction", r)
		}
	}
	return nil
}

// weight is what the table says about the change that led to a version.
func (t Terms) weight(follows int64) string {
	if follows == 0 || t.Reasons == nil && t.Weight == policy.Technical {
		return ""
	}
	return t.Weight.String()
}

// fields say in the log what the change is.
func (t Terms) fields() []audit.Field {
	out := []audit.Field{audit.Text(audit.TagLevel, t.Weight.String())}
	for _, r := range t.Reasons {
		out = append(out, audit.Text(audit.TagReason, r))
	}
	return out
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
