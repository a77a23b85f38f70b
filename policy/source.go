package policy

import "sync"

// A Source is a policy file as read: every part with its place. It is what
// [Lint] examines and [Compile] compiles.
type Source struct {
	file  string
	bytes []byte
	doc   document
	read  decoder          // every text, value and reference of doc
	laws  map[string]*law  // the rule packs doc names, read once
	found func() []Finding // by examining it, once
}

// File is the name the source was read under.
func (s *Source) File() string { return s.file }

// Bytes is the text of the file.
func (s *Source) Bytes() []byte { return append([]byte(nil), s.bytes...) }

// Parse reads a policy file: YAML in a strict form, in which every key is
// known, nothing is written twice and no anchor, alias or tag occurs. The
// error is [Problems]: everything that is wrong with the form of the file.
// What the parts say together is examined by [Lint] and [Compile].
func Parse(file string, src []byte) (*Source, error) {
	fs := &findings{home: start(file)}
	s := &Source{file: file, bytes: append([]byte(nil), src...)}
	if root := parseYAML(file, src, fs); root != nil {
		s.read = decoder{file: file, fs: fs, strs: make([]str, 0, len(src)/64), texts: make([]text, 0, len(src)/128)} // about what files have
		s.read.into(root, &s.doc, "")
	}
	if err := problems(fs.sorted()); err != nil {
		return nil, err
	}
	s.found = sync.OnceValue(func() []Finding { return lint(s) })
	s.laws = map[string]*law{}
	for _, ref := range s.doc.Laws.items {
		if l, err := openLaw(ref.Law.v); err == nil {
			s.laws[ref.Law.v] = l
		}
	}
	return s, nil
}
