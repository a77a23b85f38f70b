package store

import (
	"strings"

	"github.com/avow-dev/avow/platform"
)

// A text is a sentence in both languages.
type text struct{ en, zh string }

func (t text) in(lang string) string {
	if strings.HasPrefix(lang, "zh") {
		return t.zh
	}
	return t.en
}

// A shop is what a storefront sells and says. None of it is a fact of a policy.
type shop struct {
	claim, pitch text
	art          string // a drawing under art/
	shelf        text   // heading of the goods
	goods        []good
	counters     []counter
}

// A good is a thing or a service that is sold.
type good struct {
	id, art, price string
	name, about    text
}

// A counter is where people give something at a collection point.
type counter struct {
	slug, point, icon string
	title, lead, act  text
	items             []string // of the point: a name, or a prefix that ends in a dot; nil: all
	goods             string   // item that says which of the goods is meant
	rest              bool     // it takes what no other counter of its point asks for
}

// has reports whether a counter asks for an item of its point.
func (c counter) has(item string) bool {
	if c.items == nil {
		return true
	}
	for _, pattern := range c.items {
		if item == pattern || strings.HasSuffix(pattern, ".") && strings.HasPrefix(item, pattern) {
			return true
		}
	}
	return false
}

// shopOf returns the words of a platform's storefront.
func shopOf(p *platform.Platform) shop {
	switch p.ID() {
	case "goscom-pro":
		return cameras()
	case "buygogo":
		return imports()
	case "apsgo":
		return mall()
	case "go-soft":
		return office()
	case "example-company":
		return workshop()
	}
	return shop{
		claim: text{"Good things, fairly kept", "好物，也有好规矩"},
		pitch: text{"A small shop of the demo. What you give here is kept by the policy, and by nothing else.", "演示用的小店。您在此提供的信息，只按隐私政策处理。"},
		art:   "basket", shelf: text{"On the shelf", "在售"}, goods: plainGoods(),
		counters: []counter{joining("registration")},
	}
}

// joining is the counter where people open an account.
func joining(point string) counter {
	return counter{
		slug: "join", point: point, icon: "user-check", title: text{"Open an account", "注册账号"},
		lead: text{"It takes a minute. Each line says why it is there.", "只需一分钟；每一项都写明用途。"}, act: text{"Open my account", "注册"},
	}
}

func plainGoods() []good {
	return []good{
		{"notebook", "book", "¥29", text{"Notebook", "笔记本"}, text{"Ninety-six pages, sewn.", "九十六页，线装。"}},
		{"basket", "basket", "¥88", text{"Market basket", "手编提篮"}, text{"Willow, for bread and letters.", "柳条编制，装得下面包与信件。"}},
	}
}
