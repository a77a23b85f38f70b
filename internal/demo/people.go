package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A Person is somebody who does not exist.
type Person struct {
	Name     string // as they write it themselves
	Latin    string // for an address: lin.wei
	Email    string
	Phone    string // E.164
	Street   string
	City     string
	Postcode string
	Country  string // ISO 3166
	Chinese  bool
}

// People returns n people. The same seed gives the same people, and the first
// of more are those of fewer.
func People(seed uint64, n int) []Person {
	g := &generator{seen: map[string]int{}}
	out := make([]Person, n)
	for i := range out {
		g.r = rand.New(rand.NewPCG(seed, uint64(i)))
		out[i] = g.person(i)
	}
	return out
}

// A generator makes people.
type generator struct {
	r    *rand.Rand
	seen map[string]int // how often an address was given
}

func (g *generator) of(list []string) string { return list[g.r.IntN(len(list))] }

func (g *generator) person(i int) Person {
	p := Person{Chinese: g.r.IntN(5) < 3}
	if p.Chinese {
		surname, given := strings.Fields(g.of(surnames())), strings.Fields(g.of(givenNames()))
		p.Name, p.Latin = surname[0]+given[0], given[1]+"."+surname[1]
		place := strings.Fields(g.of(chinesePlaces()))
		p.City, p.Country = place[0], place[1]
		p.Street = fmt.Sprintf("%s%d号%d室", g.of(chineseStreets()), 1+g.r.IntN(900), 101+g.r.IntN(28)*100+g.r.IntN(4))
		p.Postcode = fmt.Sprintf("%s%02d00", place[2], g.r.IntN(40))
	} else {
		first, last := g.of(firstNames()), g.of(lastNames())
		p.Name, p.Latin = first+" "+last, plain(first)+"."+plain(last)
		place := strings.Split(g.of(places()), "|")
		p.City, p.Country = place[0], place[1]
		p.Street = fmt.Sprintf("%d %s", 1+g.r.IntN(240), g.of(streets()))
		p.Postcode = strings.NewReplacer("#", fmt.Sprint(g.r.IntN(10)), "%", fmt.Sprint(g.r.IntN(10))).Replace(place[2])
	}
	p.Email, p.Phone = g.address(p.Latin), phone(i, p.Country)
	return p
}

// address gives everybody an address of their own in a domain of nobody's.
func (g *generator) address(latin string) string {
	domain := g.of([]string{"example.com", "example.org", "example.net", "mail.example", "post.example"})
	key := latin + "@" + domain
	g.seen[key]++
	if n := g.seen[key]; n > 1 {
		latin += fmt.Sprint(n)
	}
	return latin + "@" + domain
}

// phone returns the i-th number of ranges that are never given to anybody: 555-01
// of the North American plan, Ofcom's and Arcep's numbers for fiction.
func phone(i int, country string) string {
	switch country {
	case "GB", "IE", "CN":
		return fmt.Sprintf("+447700900%03d", i%1000)
	case "FR", "ES", "PT", "DE":
		return fmt.Sprintf("+3363998%04d", i%10000)
	}
	areas := []int{212, 206, 303, 312, 404, 415, 503, 512, 602, 617}
	return fmt.Sprintf("+1%d55501%02d", areas[i/100%len(areas)], i%100)
}

// plain writes a name with the letters of an address.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer(
		"á", "a", "ã", "a", "ä", "a", "å", "a", "ç", "c", "é", "e", "è", "e", "ë", "e", "í", "i", "ı", "i", "ñ", "n", "ó", "o",
		"ö", "o", "ø", "o", "ú", "u", "ü", "u", "Á", "a", "É", "e", "Ö", "o", "Ø", "o", "Ş", "s", "ş", "s", "ğ", "g", "ł", "l", "'", "", "-", "", " ", "",
	).Replace(name))
}

// day is a day of history.
const day = 24 * time.Hour
