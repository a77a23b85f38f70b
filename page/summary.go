package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// summary answers the five questions everybody has.
func (r reader) summary(d *Document) []Fact {
	out := []Fact{{r.pick("Who", "谁"), r.who(d)}, {r.pick("What", "什么信息"), r.what(d)}, {r.pick("Why", "为什么"), r.why(d)}}
	return append(out, Fact{r.pick("With whom", "给谁"), r.with(d)}, Fact{r.pick("How long", "多久"), r.long(d)})
}

func (r reader) who(d *Document) string {
	where := Country(r.p.Controller().Country, r.lang)
	if Chinese(r.lang) {
		return fmt.Sprintf("%s（%s）对您的信息负责。", d.Controller, where)
	}
	return fmt.Sprintf("%s (%s) answers for your data.", strings.TrimSuffix(d.Controller, "."), where)
}

func (r reader) what(d *Document) string {
	var names []string
	sensitive := 0
	for _, c := range d.Categories {
		names = append(names, lower(c.Title, r.lang))
		for _, i := range c.Items {
			if i.Sensitive {
				sensitive++
			}
		}
	}
	n := len(r.p.Items())
	switch {
	case Chinese(r.lang) && sensitive == 0:
		return fmt.Sprintf("共 %d 种：%s。", n, List(names, r.lang))
	case Chinese(r.lang):
		return fmt.Sprintf("共 %d 种：%s；其中 %d 种为敏感信息，须经您同意。", n, List(names, r.lang), sensitive)
	case sensitive == 0:
		return fmt.Sprintf("%s of data: %s.", counted(n, "kind"), List(names, r.lang))
	}
	return fmt.Sprintf("%s of data: %s. %d of them sensitive, taken only when you agree.", counted(n, "kind"), List(names, r.lang), sensitive)
}

// counted is a number of things in English.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (r reader) why(d *Document) string {
	yes := 0
	for _, p := range d.Purposes {
		if p.Consent {
			yes++
		}
	}
	if Chinese(r.lang) && yes == 0 {
		return fmt.Sprintf("%d 项用途。", len(d.Purposes))
	}
	if Chinese(r.lang) {
		return fmt.Sprintf("%d 项用途，其中 %d 项须经您同意，且可随时撤回。", len(d.Purposes), yes)
	}
	if yes == 0 {
		return counted(len(d.Purposes), "purpose") + "."
	}
	return fmt.Sprintf("%s; %d of them only if you say yes, and you can take that back at any time.", counted(len(d.Purposes), "purpose"), yes)
}

func (r reader) with(d *Document) string {
	abroad, countries := 0, map[string]bool{}
	for _, to := range d.Recipients {
		if to.Abroad {
			abroad++
			countries[to.Country] = true
		}
	}
	n, where := len(d.Recipients), slices.Sorted(maps.Keys(countries))
	switch {
	case n == 0:
		return d.T.NoRecipient
	case Chinese(r.lang) && abroad == 0:
		return fmt.Sprintf("%d 个接收方，均在境内，各自仅收到所列信息。", n)
	case Chinese(r.lang):
		return fmt.Sprintf("%d 个接收方，其中 %d 个位于%s；各自仅收到所列信息。", n, abroad, List(where, r.lang))
	case abroad == 0:
		return counted(n, "recipient") + ", none of them abroad. Each gets only what is listed for it."
	}
	for i, w := range where {
		if strings.HasPrefix(w, "United") {
			where[i] = "the " + w
		}
	}
	return fmt.Sprintf("%s, %d of them in %s. Each gets only what is listed for it.", counted(n, "recipient"), abroad, List(where, r.lang))
}

// long names the rule of the class with most items, and the longest time a law
// demands.
func (r reader) long(d *Document) string {
	var most *Retention
	for i := range d.Retentions {
		if most == nil || len(d.Retentions[i].Items) > len(most.Items) {
			most = &d.Retentions[i]
		}
	}
	if most == nil {
		return ""
	}
	var longest *policy.Class
	for _, c := range r.p.Classes() {
		if c.Law && (longest == nil || c.For.Rough() > longest.For.Rough()) {
			longest = c
		}
	}
	text := most.Title
	for _, c := range d.Retentions {
		if c.Title != most.Title && len(c.Items) > 4 {
			text += r.pick("; ", "；") + lower(c.Title, r.lang)
			break
		}
	}
	if longest == nil {
		return text + r.pick(".", "。")
	}
	if Chinese(r.lang) {
		return fmt.Sprintf("%s。法律要求留存的，最长 %s。", text, Period(longest.For, r.lang))
	}
	return fmt.Sprintf("%s. What a law makes us keep: %s at most.", text, Period(longest.For, r.lang))
}

// lower begins an English word in a sentence; what is in capitals stays.
func lower(s, lang string) string {
	if Chinese(lang) || len(s) < 2 || s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
