package demo

import (
	"fmt"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/examples/shop"
)

// goscom is what people do with a smart camera and its app.
func goscom() script {
	return script{
		platform: "goscom-pro", live: liveWithCamera,
		agreements: []string{"xiaomi-push", "huawei-push", "vivo-push", "oppo-push", "bugly", "aurora-push", "wechat-pay", "alipay", "cloud-storage", "google-statistics"},
		staff: []member{
			{"mei", "Mei Chen 陈梅", "support", false}, {"jun", "Jun Zhao 赵军", "privacy-officer", true}, {"tao", "Tao Lin 林涛", "engineer", false},
		},
		stock: shop.Stock{
			Agents: []shop.Agent{{Name: "Mei Chen", Email: "mei@goscom.example"}, {Name: "周敏", Email: "min@goscom.example"}},
			Products: []shop.Product{
				{Title: "Camera C1", Price: 12900},
				{Title: "Camera C2 outdoor", Price: 24900},
				{Title: "Doorbell D1", Price: 19900},
				{Title: "Solar panel S1", Price: 9900},
				{Title: "Memory card 64 GB", Price: 4900},
				{Title: "Wall mount", Price: 2900},
			},
		},
		dataMap: shop.Map, methods: []string{"alipay", "wechat-pay"},
		questions: questions(), try: try{Purpose: "account", Item: "account.email", Denied: "statistics"},
	}
}

// questions are what people ask a shop, and what they are told.
func questions() [][2]string {
	return [][2]string{
		{"The picture is dark at night. Can I turn the lamp up?", "Yes: Settings, Night view, Lamp."},
		{"夜间画面很暗，能调亮补光灯吗？", "可以：设置 → 夜视 → 补光灯。"},
		{"Where is my parcel?", "It left today, and arrives in two to three days."},
		{"包裹什么时候到？", "今天已发出，预计两到三天送达。"},
		{"Can I have an invoice?", "It is in the app, under the order."},
		{"换了路由器后摄像机连不上。", "长按重置键五秒，再重新添加。"},
	}
}

func liveWithCamera(l *life, s script) {
	maker := []string{"Xiaomi", "Huawei", "vivo", "OPPO"}[l.r.IntN(4)]
	camera := fmt.Sprintf("GC2-%06X", l.r.IntN(1<<24))
	l.joins("registration", "account.email", l.Email, "account.phone", l.Phone, "account.nickname", l.Name)
	l.permits(l.joined, "camera", "add-device")
	l.permits(l.joined, "device-info", "first-entry")
	l.gives(l.joined, "app", "device.bound-id", camera, "device.os", "Android 1"+fmt.Sprint(2+l.r.IntN(4)), "device.maker", maker,
		"device.model", maker+" "+fmt.Sprint(10+l.r.IntN(5)), "net.ip", testAddress(l), "account.app-version", "3."+fmt.Sprint(l.r.IntN(9)), "log.app", "signed in")
	l.uses(use{day: l.joined, purpose: "bind-device", function: "add-device", items: []string{"device.bound-id"}})
	for d := l.later(l.joined, 12); d <= Days && d < l.joined+60; d = l.later(d, 24) {
		l.uses(use{day: d, purpose: "monitoring", ref: "device:" + camera, function: "monitoring", items: []string{"device.bound-id"}})
	}
	l.pushed(maker)
	l.crashes()
	l.shops(s, func(o order, title string) {
		l.gives(o.day, "web", "order.history", title, "order.address", l.Street+", "+l.City, "order.recipient", l.Name, "order.payment", "PAY-"+o.id)
		l.uses(use{day: o.day, purpose: "payment", ref: "order:" + o.id, recipient: o.method, items: []string{"device.model", "device.maker"}})
		l.uses(use{day: o.day + 1, purpose: "orders", ref: "order:" + o.id, role: "support", items: []string{"order.address", "order.recipient", "account.phone"}})
	})
	l.asksSupport("support", "support.message", "account.nickname", s)
	if l.chance(12) {
		d := l.later(l.joined, 30)
		l.tries(d, "support", "support.message", "My card is 4111 1111 1111 1111, please take the money again")
		l.uses(use{day: d, purpose: "crash-analysis", role: "engineer", items: []string{"account.email"}, denied: true})
	}
	l.leaves()
}

// pushed is about push messages: a yes, messages, and for some a no.
func (l *life) pushed(maker string) {
	to := map[string]string{"Xiaomi": "xiaomi-push", "Huawei": "huawei-push", "vivo": "vivo-push", "OPPO": "oppo-push"}[maker]
	d := l.later(l.joined, 5)
	push := use{day: d, purpose: "push", items: []string{"account.email"}}
	if !l.chance(60) {
		if l.r.IntN(2) == 0 {
			push.denied = true // nobody agreed
			l.uses(push)
		}
		return
	}
	l.says(d, true, "push")
	l.uses(push)
	l.gives(d, "app", "device.storage", "128 GB", "net.operator", []string{"China Mobile", "China Unicom", "EE", "T-Mobile"}[l.r.IntN(4)])
	for n := range 1 + l.r.IntN(3) {
		l.uses(use{day: d + 4 + 9*n, purpose: "push", recipient: to, deviceName: maker, items: []string{"device.os", "device.storage"}})
	}
	if l.place != 0 && l.r.IntN(4) == 0 {
		end := d + 32 + l.r.IntN(20)
		l.says(end, false, "push")
		l.uses(use{day: end + 1, purpose: "push", items: []string{"account.email"}, denied: true})
	}
}

// crashes is about reports and statistics.
func (l *life) crashes() {
	if l.chance(35) {
		d := l.later(l.joined, 20)
		l.says(d, true, "crash-analysis")
		l.gives(d, "app", "log.crash", fmt.Sprintf("SIGSEGV in decoder, frame %d", l.r.IntN(9000)), "device.country-code", l.Country)
		l.uses(use{day: d + 1, purpose: "crash-analysis", recipient: "bugly", items: []string{"device.os", "log.crash"}})
	}
	if l.chance(25) {
		d := l.later(l.joined, 30)
		l.says(d, true, "statistics")
		if l.place%2 == 0 {
			l.shares(d, "google-statistics", consent.Abroad)
			l.uses(use{day: d + 2, purpose: "statistics", recipient: "google-statistics", items: []string{"device.maker", "device.model"}})
		} else { // what is collected in China stays there
			l.uses(use{day: d + 2, purpose: "statistics", recipient: "google-statistics", items: []string{"device.maker", "device.model"}, denied: true})
		}
	}
}

// testAddress is in a network that is kept for documentation (RFC 5737).
func testAddress(l *life) string { return fmt.Sprintf("203.0.113.%d", 1+l.r.IntN(254)) }
