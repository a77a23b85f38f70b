package demo

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/avow-dev/avow/examples/shop"
)

// buygogo is what people do in a cross-border shop.
func buygogo() script {
	return script{
		platform: "buygogo", live: liveWithShop,
		agreements: []string{"push-service", "payment-institution", "carrier", "seller", "affiliates"},
		staff: []member{
			{"ana", "Ana Ribeiro", "support", false}, {"wen", "Wen Guo 郭文", "privacy-officer", true}, {"kai", "Kai Novak", "warehouse", false}, {"isa", "Isa Duarte", "marketing", false},
		},
		stock: shop.Stock{
			Agents: []shop.Agent{{Name: "Ana Ribeiro", Email: "ana@buygogo.example"}, {Name: "何洁", Email: "jie@buygogo.example"}},
			Products: []shop.Product{
				{Title: "Oolong tea, 250 g", Price: 1800},
				{Title: "Bamboo steamer", Price: 2600},
				{Title: "Ceramic teapot", Price: 5400},
				{Title: "Silk scarf", Price: 7900},
				{Title: "Olive oil, 1 l", Price: 2100},
				{Title: "Walking boots", Price: 12900},
				{Title: "Linen shirt", Price: 6800},
			},
		},
		dataMap: buygogoMap, methods: []string{"alipay", "card", "paypal"},
		questions: questions()[2:5], try: try{Purpose: "account", Item: "account.email", Denied: "identity-check"},
	}
}

// buygogoMap is the shop's data map with Buygogo's items.
func buygogoMap(kind string) []byte {
	m := shop.Map(kind)
	for _, pair := range [][2]string{
		{"account.nickname", "account.name"},
		{"order.recipient", "account.name"},
		{"order.address", "delivery.address"},
		{"log.local-storage", "browser.language"},
		{"policies/goscom-pro.yaml", "policies/buygogo.yaml"},
		{"P10Y", "P3Y"},
	} {
		m = bytes.ReplaceAll(m, []byte(pair[0]), []byte(pair[1]))
	}
	return m
}

func liveWithShop(l *life, s script) {
	l.joins("registration", "account.login", fmt.Sprintf("%s%d", strings.ReplaceAll(l.Latin, ".", ""), 100+l.place), "account.name", l.Name, "account.email", l.Email, "account.phone", l.Phone)
	l.gives(l.joined, "web", "browser.ip", testAddress(l), "browser.visit-time", "2026-01-01T10:00:00Z")
	if l.chance(55) {
		d := l.later(l.joined, 4)
		l.says(d, true, "marketing")
		for n := range 1 + l.r.IntN(4) {
			l.uses(use{day: d + 1 + 14*n, purpose: "marketing", role: "marketing", items: []string{"account.email"}})
		}
		if l.place != 0 && l.r.IntN(4) == 0 {
			l.says(d+60, false, "marketing")
			l.uses(use{day: d + 61, purpose: "marketing", role: "marketing", items: []string{"account.email"}, denied: true})
		}
	} else if l.r.IntN(3) == 0 {
		l.uses(use{day: l.later(l.joined, 10), purpose: "marketing", role: "marketing", items: []string{"account.email"}, denied: true})
	}
	if l.chance(40) {
		d := l.later(l.joined, 8)
		l.says(d, true, "improvement")
		l.gives(d, "web", "browser.type", "Firefox 140", "browser.language", map[bool]string{true: "zh-CN", false: "en"}[l.Chinese], "browser.pages", "https://www.buygogo.example/tea")
		l.gives(l.later(d, 20), "app", "behaviour.actions", "looked at teapots", "device.model", "Pixel 9")
	}
	l.shops(s, func(o order, title string) {
		l.gives(o.day, "order", "delivery.address", l.Street, "delivery.region", l.City, "order.history", title, "order.payment", "PAY-"+o.id)
		l.uses(use{day: o.day, purpose: "payment", ref: "order:" + o.id, recipient: "payment-institution", items: []string{"order.history"}})
		l.uses(use{day: o.day + 1, purpose: "delivery", ref: "order:" + o.id, role: "warehouse", items: []string{"account.name", "delivery.address", "delivery.region"}})
		l.uses(use{day: o.day + 2, purpose: "delivery", ref: "order:" + o.id, recipient: "carrier", items: []string{"account.name", "account.phone", "delivery.address"}})
	})
	l.asksSupport("support", "support.message", "account.name", s)
	if l.chance(10) {
		d := l.later(l.joined, 30)
		l.tries(d, "support", "support.message", "Take it from my card 4111 1111 1111 1111")
		l.uses(use{day: d, purpose: "delivery", ref: "order:ord_0", role: "marketing", items: []string{"delivery.address"}, denied: true})
	}
	l.leaves()
}
