package notice

import "strings"

// Several says the same in several languages, in one mail: for who is written to
// without their having said in which.
type Several []Said

// A Said is a content in one language.
type Said struct {
	Lang    string
	Brand   string
	Content Content
}

func (Several) kind() string { return "several" }

// compose writes the languages one after the other, each marked off from the next.
func (s Several) compose() (letter, error) {
	var subjects, bodies []string
	for _, x := range s {
		l, err := compose(Message{Lang: x.Lang, Brand: x.Brand, Content: x.Content})
		if err != nil {
			return letter{}, err
		}
		subjects, bodies = append(subjects, l.subject), append(bodies, strings.TrimRight(l.body, "\n")+"\n")
	}
	return letter{strings.Join(subjects, " / "), strings.Join(bodies, "\n* * *\n\n")}, nil
}
