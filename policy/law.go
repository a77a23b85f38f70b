package policy

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/avow-dev/avow/laws"
)

// A law is a rule pack as read.
type law struct {
	name, label string
	title       Text
	grounds     map[Basis]bool
	rights      []RightKind
	childAge    int
	roll        bool
	clocks      []lawClock
	territory   []Region
	sensitive   []string // categories that are sensitive by this law
	duties      []Duty
	sum         [sha256.Size]byte // of the pack's text
}

type lawClock struct {
	rights         map[RightKind]bool
	clock          string
	within, extend Period
	cite           Text
}

// pin names the edition of the pack.
func (l *law) pin() string { return l.name + "@" + l.label }

type lawDoc struct {
	Law       str            `policy:"law"`
	Label     str            `policy:"label"`
	Title     text           `policy:"title"`
	Grounds   list[str]      `policy:"grounds"`
	Rights    list[str]      `policy:"rights"`
	ChildAge  number         `policy:"child_age"`
	Roll      boolean        `policy:"roll"`
	Clocks    list[clockDoc] `policy:"clocks"`
	Territory list[str]      `policy:"territory"`
	Sensitive list[str]      `policy:"sensitive"`
	Duties    list[dutyDoc]  `policy:"duties"`
}

type dutyDoc struct {
	Duty   str    `policy:"duty"`
	Says   text   `policy:"says"`
	Within period `policy:"within"`
	Cite   text   `policy:"cite"`
}

type clockDoc struct {
	Rights list[str] `policy:"rights" one:"access|rectification|erasure|restriction|portability|objection|withdrawal|opt-out|closing|complaint|explanation|guardian-report"`
	Clock  str       `policy:"clock" one:"confirm|reply|done"`
	Within period    `policy:"within"`
	Extend period    `policy:"extend"`
	Cite   text      `policy:"cite"`
}

// Laws lists the names of the rule packs, sorted.
func Laws() []string {
	files, err := laws.Files.ReadDir(".")
	if err != nil {
		return nil // an embedded directory can always be read
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	return names
}

// territory reports whether a pack holds in a country by itself. It looks at
// one line, because a policy that does not name the pack need not read it all.
func territory(name string, in Region) bool {
	text, err := laws.Files.ReadFile(name + ".yaml")
	if err != nil || in == 0 {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "territory:"); ok {
			return slices.Contains(strings.FieldsFunc(list, func(r rune) bool { return !unicode.IsLetter(r) }), in.String())
		}
	}
	return false
}

func openLaw(name string) (*law, error) {
	text, err := laws.Files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("policy law: %w", err)
	}
	return parseLaw(name+".yaml", text)
}

func parseLaw(file string, src []byte) (*law, error) {
	fs := &findings{home: start(file)}
	var doc lawDoc
	if root := parseYAML(file, src, fs); root != nil {
		(&decoder{file: file, fs: fs}).into(root, &doc, "")
	}
	if err := problems(fs.sorted()); err != nil {
		return nil, err
	}
	l := &law{
		name: doc.Law.v, label: doc.Label.v, title: doc.Title.v, childAge: doc.ChildAge.v, roll: doc.Roll.v,
		grounds: map[Basis]bool{}, sum: sha256.Sum256(src),
	}
	for _, g := range doc.Grounds.items {
		l.grounds[Basis(g.v)] = true
	}
	for _, r := range doc.Rights.items {
		l.rights = append(l.rights, RightKind(r.v))
	}
	for _, c := range doc.Clocks.items {
		lc := lawClock{rights: map[RightKind]bool{}, clock: c.Clock.v, within: c.Within.v, extend: c.Extend.v, cite: c.Cite.v}
		for _, r := range c.Rights.items {
			lc.rights[RightKind(r.v)] = true
		}
		l.clocks = append(l.clocks, lc)
	}
	for _, r := range doc.Territory.items {
		l.territory = append(l.territory, region(r))
	}
	l.sensitive = texts(doc.Sensitive)
	for _, d := range doc.Duties.items {
		l.duties = append(l.duties, Duty{Name: d.Duty.v, Says: d.Says.v, Within: d.Within.v, Cite: d.Cite.v})
	}
	return l, nil
}

// shown is the law as a policy gives it out.
func (l *law) shown(ref lawRef) *Law {
	return &Law{
		Name: l.name, Edition: l.label, Title: l.title, Residents: holds(ref.For, "residents"), Children: holds(ref.For, "children"),
		Territory: l.territory, ChildAge: l.childAge, Duties: l.duties, Pos: ref.Law.pos,
	}
}

// hasClock reports whether l sets a clock for a right.
func (l *law) hasClock(kind RightKind) bool {
	for _, c := range l.clocks {
		if c.rights[kind] {
			return true
		}
	}
	return false
}
