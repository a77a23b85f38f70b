package datamap

import (
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

const maxName = 63 // bytes

var (
	namePattern     = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)
	durationPattern = regexp.MustCompile(`^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?$`)
	datePattern     = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
)

func grounds() []string {
	return []string{"consent", "contract", "legal-obligation", "legal-claims", "vital", "public-task", "legitimate-interest"}
}

func treatments() []string {
	return []string{string(Delete), string(Clear), string(Retain), string(None)}
}

func roles() []string {
	return []string{string(Owns), string(Joint), string(Accessor), string(Actor), string(Shared), string(Reference)}
}

func matches() []string { return []string{string(Exact), string(Email), string(Phone)} }

// Parse reads a data map. The error is a fault.Invalid that lists every problem
// as "file:line:column: what is wrong: what to write".
func Parse(file string, src []byte) (*Map, error) {
	r := &reader{file: file}
	m := &Map{File: file, hash: digest(src)}
	if root := r.document(src); root != nil {
		r.root(m, root)
		if len(r.problems) == 0 {
			r.consistent(m)
		}
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return m, nil
}

func (r *reader) root(m *Map, root ast.Node) {
	seen := map[string]bool{}
	mark := func(read func(entry)) func(entry) {
		return func(e entry) { seen[e.key] = true; read(e) }
	}
	r.fields(root, Pos{1, 1}, "a data map", map[string]func(entry){
		"avow": mark(func(e entry) {
			if v := r.text(e, "avow"); v != "" && v != "1" {
				r.problem(e.pos, "this is format %s: avow reads format %d", v, Version)
			}
		}),
		"system":      mark(func(e entry) { m.System = r.name(e) }),
		"kind":        mark(func(e entry) { m.Kind = r.name(e) }),
		"title":       func(e entry) { m.Title = r.texts(e, "title") },
		"schema":      func(e entry) { m.Schema = r.text(e, "schema") },
		"region":      func(e entry) { m.Region = strings.ToUpper(r.text(e, "region")) },
		"vacuum":      func(e entry) { m.Vacuum = r.yes(e) },
		"subjects":    mark(func(e entry) { r.subjects(m, e) }),
		"collections": mark(func(e entry) { r.collections(m, e) }),
		"links":       func(e entry) { r.links(m, e) },
	})
	for _, need := range []string{"avow", "system", "kind", "subjects", "collections"} {
		if !seen[need] {
			r.problem(Pos{1, 1}, "the map lacks %s", need)
		}
	}
}

// name reads a short lower-case name.
func (r *reader) name(e entry) string {
	s := r.text(e, e.key)
	if s != "" && (len(s) > maxName || !namePattern.MatchString(s)) {
		r.problem(nearest(e.value, e.pos), "%s should be lower-case letters, digits, dot, dash and underscore, at most 63", e.key)
	}
	return s
}

// oneOf reads a word of a fixed list.
func (r *reader) oneOf(e entry, known []string) string {
	s := r.text(e, e.key)
	for _, k := range known {
		if s == k {
			return s
		}
	}
	if s != "" {
		r.problem(nearest(e.value, e.pos), "%s cannot be %q%s; it is one of %s", e.key, s, DidYouMean(s, known), strings.Join(known, ", "))
	}
	return ""
}

func (r *reader) subjects(m *Map, e entry) {
	for _, k := range r.mapping(e.value, e.pos, "subjects") {
		kind := SubjectKind{Pos: k.pos, Name: k.key}
		r.fields(k.value, k.pos, "a kind of subject", map[string]func(entry){
			"collection": func(e entry) { kind.Collection = r.text(e, "collection") },
			"identifiers": func(e entry) {
				for _, id := range r.mapping(e.value, e.pos, "identifiers") {
					kind.Identifiers = append(kind.Identifiers, Identifier{id.pos, id.key, r.refs(id)})
				}
			},
		})
		if kind.Collection == "" {
			r.problem(k.pos, "subject %s lacks collection: the collection in which one row is one person", k.key)
		}
		if len(kind.Identifiers) == 0 {
			r.problem(k.pos, "subject %s lacks identifiers: write, for example, identifiers: {email: %s.email}", k.key, orWord(kind.Collection, "customers"))
		}
		m.Subjects = append(m.Subjects, kind)
	}
	if len(m.Subjects) == 0 {
		r.problem(e.pos, "subjects names no kind of person")
	}
}

// refs reads one or several collection.column.
func (r *reader) refs(e entry) []Ref {
	var out []Ref
	for _, el := range r.list(e, e.key) {
		s := r.text(el, e.key)
		i := strings.LastIndexByte(s, '.')
		if s == "" {
			continue
		}
		if i <= 0 || i == len(s)-1 {
			r.problem(el.pos, "%s should be collection.column, not %q", e.key, s)
			continue
		}
		out = append(out, Ref{el.pos, s[:i], s[i+1:]})
	}
	return out
}

func (r *reader) links(m *Map, e entry) {
	seq, ok := e.value.(*ast.SequenceNode)
	if !ok {
		r.problem(nearest(e.value, e.pos), "links should be a list of {from: …, to: …, role: …}")
		return
	}
	for _, n := range seq.Values {
		at := nearest(n, e.pos)
		l, given := Link{Pos: at, Match: Exact}, false
		r.fields(n, at, "a link", map[string]func(entry){
			"from":   func(e entry) { l.From = r.refs(e) },
			"to":     func(e entry) { l.To = r.refs(e) },
			"role":   func(e entry) { l.Role, given = Role(r.oneOf(e, roles())), true },
			"match":  func(e entry) { l.Match = Match(r.oneOf(e, matches())) },
			"detach": func(e entry) { l.Detach = r.yes(e) },
			"when": func(e entry) {
				for _, c := range r.mapping(e.value, e.pos, "when") {
					l.When = append(l.When, Condition{c.key, r.text(c, "when")})
				}
			},
		})
		if !given {
			r.problem(at, "a link needs a role: one of %s", strings.Join(roles(), ", "))
		}
		r.wellFormed(l)
		m.Links = append(m.Links, l)
	}
}

func (r *reader) wellFormed(l Link) {
	switch {
	case len(l.From) == 0 || len(l.To) == 0:
		r.problem(l.Pos, "a link needs from: collection.column and to: collection.column")
		return
	case len(l.From) != len(l.To):
		r.problem(l.Pos, "from has %d columns and to has %d: they go in pairs", len(l.From), len(l.To))
	case len(l.From) > 1 && l.Match != Exact:
		r.problem(l.Pos, "match: %s is for a link of one column", l.Match)
	}
	for _, side := range [][]Ref{l.From, l.To} {
		for _, ref := range side {
			if ref.Collection != side[0].Collection {
				r.problem(ref.Pos, "the columns of one side are of one collection: %s is not of %s", ref, side[0].Collection)
			}
		}
	}
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
