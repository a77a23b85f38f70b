package policy

import (
	"encoding/json"
	"sort"
)

// A Text is what people read, in several languages. The zero Text is empty.
type Text struct {
	words []words // in the order of the file
}

type words struct {
	lang, text string
}

// In returns the text in a language (BCP 47, such as zh-CN), in English where
// there is none, and else in the first language written.
func (t Text) In(lang string) string {
	for _, try := range [2]string{lang, "en"} {
		for _, w := range t.words {
			if w.lang == try || w.lang == "" {
				return w.text
			}
		}
	}
	if len(t.words) > 0 {
		return t.words[0].text
	}
	return ""
}

// Has reports whether t is written in lang.
func (t Text) Has(lang string) bool {
	for _, w := range t.words {
		if (w.lang == lang || w.lang == "") && w.text != "" {
			return true
		}
	}
	return false
}

// String is the English text.
func (t Text) String() string { return t.In("en") }

// IsZero reports whether nothing is written.
func (t Text) IsZero() bool { return len(t.words) == 0 }

// Map returns the text by language; the key "" stands for every language.
func (t Text) Map() map[string]string {
	m := make(map[string]string, len(t.words))
	for _, w := range t.words {
		m[w.lang] = w.text
	}
	return m
}

// NewText makes a Text of language-text pairs by language.
func NewText(byLang map[string]string) Text {
	var t Text
	for lang, text := range byLang {
		t.words = append(t.words, words{lang, text})
	}
	sort.Slice(t.words, func(i, j int) bool { return t.words[i].lang < t.words[j].lang })
	return t
}

// MarshalJSON gives an object of language to text.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.Map()) }

// UnmarshalJSON reads what MarshalJSON gives.
func (t *Text) UnmarshalJSON(b []byte) error {
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = NewText(m)
	return nil
}
