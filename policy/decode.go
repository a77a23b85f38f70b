package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/internal/calendar"
)

// Limits of what is written.
const (
	maxNumber = 1_000_000
	maxName   = 64 // bytes of a name
)

// A decodable is a leaf or container of the document that reads itself.
type decodable interface {
	decode(d *decoder, n *node, tag reflect.StructTag)
}

// The values of a document. Each knows where it stands.
type (
	str struct {
		v   string
		pos Pos
	}
	boolean struct {
		v   bool
		pos Pos
	}
	number struct {
		v   int
		pos Pos
	}
	day struct {
		v   time.Time
		pos Pos
	}
	period struct {
		v   Period
		pos Pos
	}
	text struct {
		v   Text
		pos Pos
		key string // the key it stands under, such as says
	}
	list[T any] struct {
		items []T
		pos   Pos // zero when the key is not there
	}
	section[T any] struct {
		entries []named[T]
		pos     Pos
	}
	named[T any] struct {
		name  string
		pos   Pos
		value T
	}
	// assumption is true, or a list of the keys that were assumed.
	assumption struct {
		all  bool
		keys []str
		pos  Pos
	}
)

func (a assumption) set() bool { return a.all || len(a.keys) > 0 }

type decoder struct {
	file    string
	fs      *findings
	path    []string
	layouts map[reflect.Type]*layout
	// all that was read, for the checks that look at all of it
	texts   []text
	strs    []str
	refs    []reference
	assumed []assumed
	empty   []emptyList
}

// A reference is a name that must stand in a section (the `ref` tag).
type reference struct {
	section string
	name    str
}

// An assumed is a part of which something is assumed.
type assumed struct {
	part string // where it stands, such as keep.logs
	of   assumption
	why  text
	kind reflect.Type // the part's struct: what can be assumed are its keys
	pos  Pos
}

// An emptyList is a list of texts that is announced and left empty.
type emptyList struct {
	where string
	pos   Pos
}

func (d *decoder) where() string {
	if len(d.path) == 0 {
		return "the policy"
	}
	return strings.Join(d.path, ".")
}

// key is the last key of the path; what stands in a list stands under its key.
func (d *decoder) key() string {
	for i := len(d.path) - 1; i >= 0; i-- {
		if !allDigits(d.path[i]) {
			return d.path[i]
		}
	}
	return ""
}

// want reports whether n is of kind k, and says so when it is not.
func (d *decoder) want(n *node, k nodeKind, form string) bool {
	if n.kind == k {
		return true
	}
	if n.kind == brokenNode {
		return false
	}
	d.fs.errorf("shape", n.pos, "write "+form, "%s takes %s, not %s", d.where(), k, n.kind)
	return false
}

// into reads n into what v points to: a decodable or a struct.
func (d *decoder) into(n *node, v any, tag reflect.StructTag) {
	if leaf, ok := v.(decodable); ok {
		leaf.decode(d, n, tag)
		return
	}
	d.fields(n, reflect.ValueOf(v).Elem())
}

// fields reads a mapping into a struct by its `policy` tags. The struct's Pos
// field, if any, is set by who holds its key.
func (d *decoder) fields(n *node, s reflect.Value) {
	if !d.want(n, mapNode, "key: value pairs") {
		return
	}
	t := s.Type()
	lay := d.layout(t)
	for _, e := range n.entries {
		i, ok := lay.byKey[e.key]
		if !ok {
			d.fs.errorf("key.unknown", e.pos, suggest(e.key, keysOf(t)), "%s has no key %q", d.where(), shown(e.key))
			continue
		}
		d.path = append(d.path, e.key)
		d.into(e.value, s.Field(i).Addr().Interface(), lay.tags[i])
		d.path = d.path[:len(d.path)-1]
	}
	if i, ok := lay.byKey["assumed"]; ok {
		if a := s.Field(i).Addr().Interface().(*assumption); a.set() {
			why := s.Field(lay.byKey["why"]).Addr().Interface().(*text)
			d.assumed = append(d.assumed, assumed{d.where(), *a, *why, t, n.pos})
		}
	}
}

// A layout is where the keys of a part stand in its struct.
type layout struct {
	byKey map[string]int
	tags  []reflect.StructTag
}

// layout reads the tags of a part once a file.
func (d *decoder) layout(t reflect.Type) *layout {
	if lay := d.layouts[t]; lay != nil {
		return lay
	}
	lay := &layout{byKey: map[string]int{}, tags: make([]reflect.StructTag, t.NumField())}
	for i := range t.NumField() {
		lay.tags[i] = t.Field(i).Tag
		if key := lay.tags[i].Get("policy"); key != "" {
			lay.byKey[key] = i
		}
	}
	if d.layouts == nil {
		d.layouts = map[reflect.Type]*layout{}
	}
	d.layouts[t] = lay
	return lay
}

func (d *decoder) scalar(n *node, form string) (string, bool) {
	if !d.want(n, scalarNode, form) {
		return "", false
	}
	return n.text, true
}

// choice checks a text against the names of the `one` tag.
func (d *decoder) choice(v string, pos Pos, tag reflect.StructTag) bool {
	one := tag.Get("one")
	if one == "" {
		return true
	}
	for n := range strings.SplitSeq(one, "|") {
		if n == v {
			return true
		}
	}
	d.fs.errorf("value.unknown", pos, suggest(v, strings.Split(one, "|")), "%s cannot be %q", d.where(), shown(v))
	return false
}

func (s *str) decode(d *decoder, n *node, tag reflect.StructTag) {
	s.pos = n.pos
	if v, ok := d.scalar(n, "a text"); ok && d.choice(v, n.pos, tag) {
		s.v = v
		d.strs = append(d.strs, *s)
		if section := tag.Get("ref"); section != "" {
			d.refs = append(d.refs, reference{section, *s})
		}
	}
}

// decode reads the name of a law, or a mapping with more about it.
func (l *lawRef) decode(d *decoder, n *node, tag reflect.StructTag) {
	if n.kind == scalarNode {
		l.Law.decode(d, n, tag)
		return
	}
	d.fields(n, reflect.ValueOf(l).Elem())
}

func (f *boolean) decode(d *decoder, n *node, _ reflect.StructTag) {
	f.pos = n.pos
	v, ok := d.scalar(n, "true or false")
	if !ok {
		return
	}
	if v != "true" && v != "false" {
		d.fs.errorf("value.flag", n.pos, "write true or false", "%s is %q", d.where(), shown(v))
	}
	f.v = v == "true"
}

func (i *number) decode(d *decoder, n *node, _ reflect.StructTag) {
	i.pos = n.pos
	v, ok := d.scalar(n, "a whole number")
	if !ok {
		return
	}
	x, err := strconv.Atoi(v)
	if err != nil || x < 0 || x > maxNumber {
		d.fs.errorf("value.number", n.pos, fmt.Sprintf("write a whole number from 0 to %d", maxNumber), "%s is %q", d.where(), shown(v))
		return
	}
	i.v = x
}

func (y *day) decode(d *decoder, n *node, _ reflect.StructTag) {
	y.pos = n.pos
	v, ok := d.scalar(n, "a date such as 2025-03-27")
	if !ok {
		return
	}
	at, err := time.Parse(time.DateOnly, v)
	if err != nil {
		d.fs.errorf("value.date", n.pos, "write year-month-day, such as 2025-03-27", "%s is %q, which is not a date", d.where(), shown(v))
		return
	}
	y.v = at
}

func (p *period) decode(d *decoder, n *node, _ reflect.StructTag) {
	p.pos = n.pos
	v, ok := d.scalar(n, "a period such as P30D or 10wd")
	if !ok {
		return
	}
	var err error
	if p.v, err = calendar.Parse(v); err != nil {
		d.fs.errorf("value.period", n.pos, "write PT48H (hours), P30D (days), P1M (months), P10Y (years) or 10wd (working days)", "%s is %q, which is not a period", d.where(), shown(v))
	}
}

// decode reads {en: …, zh-CN: …}, or one text that holds for every language.
func (t *text) decode(d *decoder, n *node, _ reflect.StructTag) {
	t.pos, t.key = n.pos, d.key()
	defer func() { d.texts = append(d.texts, *t) }()
	switch n.kind {
	case scalarNode:
		t.v = Text{words: []words{{"", strings.TrimSpace(n.text)}}}
		return
	case mapNode:
	default:
		d.want(n, mapNode, "{en: …, zh-CN: …}")
		return
	}
	t.v.words = make([]words, 0, len(n.entries))
	for _, e := range n.entries {
		if !language(e.key) {
			d.fs.errorf("text.language", e.pos, "write a language such as en or zh-CN as key", "%s has a text in %q, which is no language", d.where(), shown(e.key))
			continue
		}
		if v, ok := d.scalar(e.value, "a text"); ok {
			t.v.words = append(t.v.words, words{e.key, strings.TrimSpace(v)})
		}
	}
}

// language reports whether s has the form of a language tag.
func language(s string) bool {
	longest := 3 // of the first part; 8 of the others
	for {
		part, rest, more := strings.Cut(s, "-")
		if len(part) < 2 || len(part) > longest || strings.IndexFunc(part, notWord) >= 0 {
			return false
		}
		if !more {
			return true
		}
		s, longest = rest, 8
	}
}

// notWord reports whether r is neither an ASCII letter nor a digit.
func notWord(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

func (l *list[T]) decode(d *decoder, n *node, tag reflect.StructTag) {
	l.pos = n.pos
	if !d.want(n, listNode, "a list: [a, b]") {
		return
	}
	if _, texts := any(l).(*list[text]); texts && len(n.items) == 0 {
		d.empty = append(d.empty, emptyList{d.where(), n.pos})
	}
	l.items = make([]T, len(n.items))
	for i, item := range n.items {
		v := &l.items[i]
		d.path = append(d.path, strconv.Itoa(i+1))
		d.into(item, v, tag)
		d.path = d.path[:len(d.path)-1]
		place(v, item.pos)
	}
}

func (s *section[T]) decode(d *decoder, n *node, tag reflect.StructTag) {
	s.pos = n.pos
	if !d.want(n, mapNode, "name: {…} pairs") {
		return
	}
	s.entries = make([]named[T], 0, len(n.entries))
	for _, e := range n.entries {
		if !d.name(e, tag) {
			continue
		}
		s.entries = append(s.entries, named[T]{name: e.key, pos: e.pos})
		d.path = append(d.path, e.key)
		d.into(e.value, &s.entries[len(s.entries)-1].value, "")
		d.path = d.path[:len(d.path)-1]
	}
}

// name checks the name of an entry: by the section's `one` tag, else by form.
func (d *decoder) name(e entry, tag reflect.StructTag) bool {
	if tag.Get("one") != "" {
		return d.choice(e.key, e.pos, tag)
	}
	if validName(e.key) {
		return true
	}
	d.fs.errorf("name.form", e.pos, "use small letters, digits, dots and hyphens, such as account.email", "%q in %s is not a name", shown(e.key), d.where())
	return false
}

// validName reports whether s is words of small letters and digits with dots,
// hyphens or underscores between them, at most 64 bytes.
func validName(s string) bool {
	if len(s) == 0 || len(s) > maxName {
		return false
	}
	joint := true // the next character must begin a word
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			joint = false
		case (c == '.' || c == '-' || c == '_') && !joint:
			joint = true
		default:
			return false
		}
	}
	return !joint
}

func (a *assumption) decode(d *decoder, n *node, _ reflect.StructTag) {
	a.pos = n.pos
	if n.kind == listNode {
		for _, item := range n.items {
			var s str
			s.decode(d, item, "")
			a.keys = append(a.keys, s)
		}
		return
	}
	var f boolean
	f.decode(d, n, "")
	a.all = f.v
}

// place sets the pos field of a struct that stands in a list.
func place(v any, pos Pos) {
	if p, ok := v.(interface{ at(Pos) }); ok {
		p.at(pos)
	}
}
