package store

// imports is the storefront of Buygogo: goods from abroad.
func imports() shop {
	return shop{
		claim: text{"Small things from far away", "远方好物，送到手边"},
		pitch: text{
			"Tea, clay and wool from people we know by name. We keep of you what a parcel needs.",
			"茶、陶与羊毛，来自我们叫得出名字的手艺人；您的信息，只留寄一个包裹所需。",
		},
		art: "parcel", shelf: text{"Fresh in", "新到"},
		goods: []good{
			{"tea", "tea", "¥18", text{"Oolong tea, 250 g", "乌龙茶 250 克"}, text{"Spring picking, lightly roasted.", "春茶，轻焙。"}},
			{"teapot", "teapot", "¥54", text{"Ceramic teapot", "手作陶壶"}, text{"Three cups, no drip.", "三杯容量，断水利落。"}},
			{"steamer", "steamer", "¥26", text{"Bamboo steamer", "竹蒸笼"}, text{"Two floors, for dumplings and patience.", "双层，蒸饺子，也蒸耐心。"}},
			{"scarf", "scarf", "¥79", text{"Silk scarf", "真丝围巾"}, text{"Dyed with indigo, no two alike.", "蓝染，无一相同。"}},
			{"boots", "boots", "¥129", text{"Walking boots", "徒步靴"}, text{"Resoled for life.", "终身换底。"}},
		},
		counters: []counter{
			joining("registration"),
			{
				slug: "order", point: "order", icon: "receipt", title: text{"Order", "下单"}, goods: "order.history",
				lead: text{"Where shall it go? Papers are asked for by customs only, and only if you say so.", "寄到哪里？证件仅用于清关，且由您决定是否提供。"}, act: text{"Order", "提交订单"},
			},
			{
				slug: "support", point: "support", icon: "inbox", title: text{"Ask us, or complain", "咨询与投诉"},
				lead: text{"A person reads it. A card number is turned away before anybody can.", "由真人阅读；银行卡号会在任何人看到之前被拒绝。"}, act: text{"Send", "发送"},
			},
			{
				slug: "survey", point: "survey", icon: "chart-column", title: text{"Three questions", "三个小问题"},
				lead: text{"What shall we bring next? Your answer waits for your yes.", "下次带点什么？您同意后我们才收下答案。"}, act: text{"Answer", "提交"},
			},
			{
				slug: "settings", point: "settings", icon: "settings", title: text{"Your settings", "个人中心"},
				lead: text{"Add what makes the next order quicker. None of it has to be.", "补充信息可让下次下单更快，均非必填。"}, act: text{"Save", "保存"},
			},
			{
				slug: "visit", point: "web", icon: "globe", rest: true, title: text{"This website", "本网站"},
				lead: text{"What a visit leaves behind, and who may use it.", "一次访问会留下什么，谁可以使用。"}, act: text{"Save", "保存"},
			},
			{
				slug: "beacon", point: "beacon", icon: "activity", title: text{"Beacons on our pages", "页面信标"},
				lead: text{"A picture of one dot, which tells that a page was seen. It waits for your yes.", "一个像素的图片，用于统计页面访问；须经您同意。"}, act: text{"Let it load", "允许加载"},
			},
		},
	}
}
