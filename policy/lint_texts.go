package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A phrase rule finds words that promise nothing, in texts that people read.
type phraseRule struct {
	code, remedy, what string
	beside             []string // only in texts that also hold one of these
	unnumbered         bool     // only in texts without a number
	phrases            []string // in small letters
}

func phraseRules() []phraseRule {
	return []phraseRule{
		{"text.deemed", "ask for an act of the person's own, and say so", "takes use or silence for agreement", []string{"agree", "accept", "consent", "同意", "接受"}, false, []string{
			"by using", "by browsing", "by accessing", "by registering", "once you start to use", "deemed to accept", "deemed to agree",
			"you agree to the content", "when you use", "即表示您", "视为同意", "视为接受",
		}},
		{"text.open-list", "list everything, or say where the list stands", "leaves a list open", nil, false, []string{
			"including but not limited to", "include, but are not limited to", "includes but is not limited to", "but not limited to", ", etc", " etc.",
			"and so on", "among others", "and other related", "other information about you", "mainly for", "primary uses", "包括但不限于", "等等", "等相关", "主要用于",
		}},
		{"text.vague", "write a number, a date or the name of a standard", "names no number where one is needed", nil, true, []string{
			"as soon as possible", "immediately", "timely manner", "in due time", "within a specified period", "for a fixed period", "for a period",
			"within the time limit", "as long as necessary", "period necessary", "in advance", "regular ", "regularly", "periodically",
			"from time to time", "industry-standard", "industry standard", "where appropriate", "certain circumstances", "corresponding measures",
			"in accordance with legal requirements", "尽快", "及时", "定期", "合理期限", "行业标准", "适当措施", "相应措施", "在特定情况下",
		}},
		{"text.soft", "say when it holds, and what the exceptions are", "softens what it promises", nil, false, []string{
			"normally", "in general", "generally", "as far as possible", "do our best", "does its best", "do its best", "best effort", "usually", "in some services",
			"一般情况下", "通常", "尽力", "尽可能", "尽量",
		}},
		{"text.absolute", "say what is done, so that it can be shown", "cannot be shown by anything", nil, false, []string{
			"perfect", "absolutely", "fully protected", "completely safe", "100%", "we guarantee", "绝对", "万无一失", "完全保障", "百分之百",
		}},
	}
}

// quoted lists the keys whose texts name others or repeat what a source says.
func quoted() []string {
	return []string{"cite", "why", "name", "brand", "address", "with", "from", "product", "note"}
}

// texts looks at every text people read: each declared language is there, none
// is a placeholder or the rest of a template, and none promises nothing.
func (c *checker) texts() {
	rules := phraseRules()
	brands := c.brands()
	var all [][]string
	for i := range rules {
		all = append(all, rules[i].phrases)
	}
	hollow := newMarkSet(all...)
	for i := range c.src.read.texts {
		t := &c.src.read.texts[i]
		c.languages(t)
		for _, w := range t.v.words {
			if c.residue(w.text, "text", t.pos) || slices.Contains(quoted(), t.key) {
				continue
			}
			if low := strings.ToLower(w.text); hollow.in(low) {
				c.phrases(rules, low, t.pos)
			}
			c.form(w, t)
			c.variants(brands, w.text, t.pos)
		}
	}
	for _, v := range c.src.read.strs {
		c.residue(v.v, "value", v.pos)
	}
}

func (c *checker) languages(t *text) {
	for _, lang := range c.langs {
		if !t.v.Has(lang) {
			c.errorf("text.missing", t.pos, "write "+lang+": …", "the text is not written in %s", lang)
		}
	}
	for _, w := range t.v.words {
		if w.lang != "" && len(c.langs) > 0 && !slices.Contains(c.langs, w.lang) {
			c.warnf("text.extra", t.pos, "add the language to languages, or remove the text", "the text is also written in %s, which the policy does not declare", w.lang)
		}
	}
}

var (
	entities = pattern(`&#?[A-Za-z0-9]{2,8};`)
	blanks   = pattern(`\(\s*\)|（\s*）|【\s*】|_{3,}`)
)

// residue finds what was never filled in; nothing more is said about such a
// text.
func (c *checker) residue(s, what string, pos Pos) bool {
	switch {
	case c.placeholder(s):
		c.errorf("placeholder", pos, "put the real "+what+" here", "%q is a placeholder", shown(s))
	case !strings.ContainsAny(s, "{$<&(_") && !strings.Contains(s, "（") && !strings.Contains(s, "【"):
		return false // none of the marks below
	case strings.Contains(s, "{{") || strings.Contains(s, "${") || strings.Contains(s, "<%") || strings.Contains(s, "{content:"):
		c.errorf("text.template", pos, "fill the template in, or remove it", "%q is the rest of a template", shown(s))
	case strings.Contains(s, "&") && entities().MatchString(s):
		c.errorf("text.entity", pos, "write the character itself", "%q holds a character written for HTML", shown(s))
	case strings.ContainsAny(s, "(（【_") && blanks().MatchString(s):
		c.errorf("text.blank", pos, "fill the gap, or remove it", "%q has a gap that nobody filled", shown(s))
	default:
		return false
	}
	return true
}

// phrases says which rules a text in small letters offends.
func (c *checker) phrases(rules []phraseRule, low string, pos Pos) {
	foreign := strings.ContainsFunc(low, func(r rune) bool { return r >= utf8.RuneSelf })
	for i := range rules {
		r := &rules[i]
		if r.beside != nil && !slices.ContainsFunc(r.beside, func(b string) bool { return strings.Contains(low, b) }) || r.unnumbered && numbered(low) {
			continue
		}
		for _, p := range r.phrases {
			if !foreign && p[0] >= utf8.RuneSelf {
				continue
			}
			if i := strings.Index(low, p); i >= 0 && whole(low, i, len(p)) && !denied(low[:i]) && !partOf(low, i, p) {
				c.warnf(r.code, pos, r.remedy, "%q %s", strings.TrimSpace(p), r.what)
				break
			}
		}
	}
}

// partOf reports whether a phrase is a part of other words, which mean something
// else: 定期 stands in 限定期限, and in 规定期间.
func partOf(s string, i int, phrase string) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	return phrase == "定期" && (strings.ContainsRune("限规法约", before) || strings.HasPrefix(s[i+len(phrase):], "限"))
}

// numbered reports whether a text names a number, in digits or in Chinese.
func numbered(s string) bool {
	return strings.ContainsAny(s, digits) || strings.ContainsAny(s, "〇二三四五六七八九十百")
}

// denied reports whether what follows is denied: not, never, 不.
func denied(before string) bool {
	before = strings.TrimRight(before, " ")
	if n := len(before) - 24; n > 0 {
		before = before[n:]
	}
	for _, no := range []string{"not", "never", "nor", "不", "不被", "不得", "不会", "绝不"} {
		if strings.HasSuffix(before, no) {
			return true
		}
	}
	return false
}

// whole reports whether the bytes i to i+n of s are words of their own.
func whole(s string, i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	inner := func(r, edge byte) bool {
		return r < utf8.RuneSelf && edge < utf8.RuneSelf && letter(rune(r)) && letter(rune(edge))
	}
	return !(before < utf8.RuneSelf && inner(byte(before), s[i])) && !(after < utf8.RuneSelf && inner(byte(after), s[i+n-1]))
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// form finds sentences that are broken as text.
func (c *checker) form(w words, t *text) {
	if twice := doubled(w.text); twice != "" {
		c.warnf("text.repeated", t.pos, "remove one of them", "%q stands there twice", twice)
	}
	if open := unbalanced(w.text); open != "" {
		c.warnf("text.brackets", t.pos, "close it, or remove it", "%q is never closed", open)
	}
	if w.lang == "en" && strings.ContainsFunc(w.text, func(r rune) bool { return r > unicode.MaxLatin1 && unicode.Is(unicode.Han, r) }) {
		c.warnf("text.script", t.pos, "write the English text in English", "the English text holds Chinese characters")
	}
	if t.key != "says" {
		return
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(w.text, `"”’')）」』》`))
	switch {
	case w.text == "" || strings.ContainsRune(".!?。！？…", last):
	case last == ':' || last == '：':
		c.warnf("text.announces", t.pos, "write what follows, or end the sentence", "the sentence announces something that does not follow")
	default:
		c.warnf("text.unfinished", t.pos, "write a whole sentence with its full stop", "the sentence does not end")
	}
}

// doubled returns a word that stands twice in a row, also across a comma.
func doubled(s string) string {
	last := ""
	for f := range strings.FieldsSeq(s) {
		word := strings.ToLower(strings.Trim(f, ",;"))
		if word == last && len(word) > 1 && !allDigits(word) && strings.IndexFunc(word, letter) == 0 {
			return word
		}
		last = word
		if strings.HasSuffix(f, ".") {
			last = ""
		}
	}
	return ""
}

// unbalanced returns a bracket or quote that opens and never closes, or the
// other way round.
func unbalanced(s string) string {
	const pairs = "()（）「」《》“”[]【】"
	var open [7]int // of each pair
	for _, r := range s {
		if r < utf8.RuneSelf && r != '(' && r != ')' && r != '[' && r != ']' {
			continue
		}
		if i := strings.IndexRune(pairs, r); i >= 0 {
			n := utf8.RuneCountInString(pairs[:i])
			open[n/2] += 1 - n%2*2
		}
	}
	for i, n := range open {
		switch pair := []rune(pairs)[2*i:]; {
		case n > 0:
			return string(pair[0])
		case n < 0:
			return string(pair[1])
		}
	}
	return ""
}

// brands lists the names of the product that must be spelled one way.
func (c *checker) brands() []string {
	var out []string
	for _, t := range []Text{c.doc.Title.v, c.doc.Controller.Brand.v} {
		for f := range strings.FieldsSeq(t.In("en")) {
			if len(f) > 4 && strings.ToLower(f) != f && strings.Trim(f, letters) == "" && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// variants finds other spellings of a name.
func (c *checker) variants(brands []string, s string, pos Pos) {
	for _, b := range brands {
		for rest, from := s, 0; ; {
			i := strings.Index(strings.ToLower(rest[from:]), strings.ToLower(b))
			if i < 0 || len(strings.ToLower(rest)) != len(rest) {
				break
			}
			i += from
			if got := rest[i : i+len(b)]; got != b && got != strings.ToUpper(b) && whole(strings.ToLower(rest), i, len(b)) && got[0] >= 'A' && got[0] <= 'Z' {
				c.warnf("name.variant", pos, "write "+b, "%q is %q elsewhere", got, b)
				break
			}
			from = i + len(b)
		}
	}
}
