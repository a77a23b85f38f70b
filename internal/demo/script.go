package demo

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/policies"
)

// A script says what happens on one platform.
type script struct {
	platform   string
	live       func(*life, script)
	agreements []string // recipients that signed one
	staff      []member
	stock      shop.Stock
	dataMap    func(kind string) []byte
	methods    []string // ways to pay
	questions  [][2]string
	try        try
	plain      bool // no shop beside it, and what happens follows from the policy alone
}

// A member of staff.
type member struct {
	login, name, role string
	officer           bool // approves requests, whatever the policy calls the role
}

// scripts are those of all platforms: two with much to tell, and a smaller one for
// each further policy that comes with avow.
func scripts() []script {
	out := []script{goscom(), buygogo()}
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), ".yaml")
		if !slices.ContainsFunc(out, func(s script) bool { return s.platform == id }) {
			out = append(out, fromPolicy(id))
		}
	}
	return out
}

// lives writes the lives of n people on a platform. A sixth of them are on every
// platform: the same addresses, and nothing else in common.
func (s script) lives(seed uint64, place, n int) []*life {
	if s.plain {
		n = min(n, crowd)
	}
	people := People(seed, n)
	copy(people[n/6:], People(seed+uint64(place)*7919, n)[n/6:])
	known := known()
	copy(people, known[:min(len(known), n)])
	seen := map[string]bool{}
	out := make([]*life, 0, n)
	for i, p := range people {
		if seen[p.Email] { // the same name by chance in both lots
			p.Email = strings.Replace(p.Email, "@", "."+strings.ToLower(p.Country)+"@", 1)
		}
		seen[p.Email] = true
		l := &life{Person: p, place: i, ends: Days, r: rand.New(rand.NewPCG(seed^0x5eed, uint64(place)<<32|uint64(i)))}
		l.joined = l.r.IntN(75)
		if i < cast {
			l.joined = i % 12 // whom requests are about were there early
		}
		if end, ok := erasures()[i]; ok {
			l.ends = end
		}
		s.live(l, s)
		l.settle()
		out = append(out, l)
	}
	return out
}

// known are the people that the front page names.
func known() []Person {
	return []Person{
		{
			Name: "林薇", Latin: "lin.wei", Email: "lin.wei@example.com", Phone: "+447700900999", Street: "梧桐街18号602室",
			City: "上海市", Postcode: "200040", Country: "CN", Chinese: true,
		},
		{
			Name: "Grace Okafor", Latin: "grace.okafor", Email: "grace.okafor@example.org", Phone: "+33639989999", Street: "7 Harbour Street",
			City: "Bristol", Postcode: "BS1 4QD", Country: "GB",
		},
	}
}

// shops has some people buy things, once or more.
func (l *life) shops(s script, bought func(o order, title string)) {
	if !l.chance(55) {
		return
	}
	var titles []string
	for _, p := range s.stock.Products {
		titles = append(titles, p.Title)
	}
	for d := l.later(l.joined, 15); d <= Days-3; d = l.later(d, 40) {
		o, ok := l.buys(d, titles, s.methods)
		if !ok {
			return
		}
		var names []string
		for _, p := range o.products {
			names = append(names, titles[p])
		}
		bought(o, strings.Join(names, " + "))
	}
}

// asksSupport has some people write, and support look who they are.
func (l *life) asksSupport(point, message, name string, s script) {
	if !l.chance(25) {
		return
	}
	d := l.later(l.joined, 40)
	q := s.questions[l.r.IntN(len(s.questions))]
	l.gives(d, point, message, q[0])
	l.uses(use{day: d, purpose: "support", ref: "ticket:tic_" + l.Country, role: "support", items: []string{message, name}})
}

// leaves has a few people close their account, or ask that their data rest.
func (l *life) leaves() {
	switch {
	case l.place < cast:
	case l.r.IntN(30) == 0:
		l.closes(Days - l.r.IntN(6))
	case l.r.IntN(60) == 0:
		l.restricts(Days - l.r.IntN(3))
	}
}
