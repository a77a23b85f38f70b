package policy

import (
	"slices"
	"strconv"
	"strings"
)

// duties compiles what the controller must do over time, and what of it all is
// assumed.
func (b *builder) duties(s *Source) {
	d, m := b.doc, &b.p.more
	c := d.Changes
	m.changes = Changing{
		Major: changing(c.Major), Minor: changing(c.Minor), What: spoken(c.What), History: c.History.v, KeepsRights: c.Keeps.v,
		Assumed: assume(c.Assumed, c.Why), Pos: c.Major.Channels.pos,
	}
	i := d.Incidents
	m.incidents = IncidentRule{
		Plan: i.Plan.v, Authority: i.Authority.v, People: i.People.v, Channels: texts(i.Channels), Report: texts(i.Report),
		Measures: spoken(i.Measures), Assumed: assume(i.Assumed, i.Why), Pos: i.Authority.pos,
	}
	b.attestations()
	m.stages = texts(d.Stages)
	m.board = d.Board.v == "public"
	for _, e := range d.Sections.entries {
		m.sections = append(m.sections, &Section{Name: e.name, Title: e.value.Title.v, Stages: texts(e.value.Stages), Pos: e.pos})
	}
	for _, a := range s.read.assumed {
		part := a.part
		if n, ok := strings.CutPrefix(part, "clauses."); ok {
			part = b.clauseAt(n, part)
		}
		m.assumed = append(m.assumed, Assumed{Part: part, Assumption: assume(a.of, a.why), Pos: a.pos})
	}
}

// clauseAt names a clause by its id where the file counts it.
func (b *builder) clauseAt(n, otherwise string) string {
	for i, c := range b.doc.Clauses.items {
		if strconv.Itoa(i+1) == n {
			return "clauses." + c.ID.v
		}
	}
	return otherwise
}

func changing(d changeDoc) ChangeRule {
	return ChangeRule{Channels: texts(d.Channels), Before: d.Before.v, Again: d.Again.v, Surfaces: texts(d.Surfaces), At: texts(d.At), Pos: d.Channels.pos}
}

// attestations joins the duties under attestations and the reviews under
// security: a name that stands in both is one duty, and the sooner of the two
// periods holds.
func (b *builder) attestations() {
	m := &b.p.more
	for _, e := range b.doc.Attestations.entries {
		v := e.value
		m.attestations = append(m.attestations, &Attestation{
			Name: e.name, Title: v.Title.v, Every: v.Every.v, Owner: RoleNo(b.roles[v.Owner.v]), Shows: v.Shows.v,
			Assumed: assume(v.Assumed, v.Why), Pos: e.pos,
		})
	}
	for _, e := range b.doc.Security.Reviews.entries {
		i := slices.IndexFunc(m.attestations, func(a *Attestation) bool { return a.Name == e.name })
		if i < 0 {
			m.attestations = append(m.attestations, &Attestation{Name: e.name, Every: e.value.v, Pos: e.pos})
			continue
		}
		if a := m.attestations[i]; a.Every.IsZero() || !e.value.v.IsZero() && e.value.v.Rough() < a.Every.Rough() {
			a.Every = e.value.v
		}
	}
}

// clauses names the first clause about each part.
func (m *more) clauses(first func(ref string) string) {
	for _, v := range m.excluded {
		v.Clause = first("excluded." + v.Name)
	}
	for _, v := range m.permissions {
		v.Clause = first("permissions." + v.Name)
	}
	for _, v := range m.cookies {
		v.Clause = first("cookies." + v.Name)
	}
	for _, v := range m.beacons {
		v.Clause = first("beacons." + v.Name)
	}
	for _, v := range m.sharing.Cases {
		v.Clause = first("sharing." + v.Scenario.String())
	}
	for _, v := range m.residency.Places {
		v.Clause = first("residency." + v.Name)
	}
	for _, v := range m.statistics.Sets {
		v.Clause = first("statistics." + v.Name)
	}
	for _, v := range m.attestations {
		v.Clause = first("attestations." + v.Name)
	}
}
