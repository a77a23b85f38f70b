package store

// office is the storefront of Go Soft: software as a service for companies.
func office() shop {
	return shop{
		claim: text{"The office that runs itself, nearly", "让办公室自己转起来"},
		pitch: text{"Books, stock and papers in one window. Begin with one desk, and add desks when you grow.", "账目、库存与文档，一个窗口搞定；从一个席位开始，随业务增长。"},
		art:   "window", shelf: text{"Services", "服务"},
		goods: []good{
			{"books", "ledger", "¥99", text{"Books for one year", "财务记账 一年"}, text{"Double entry, and a month closed in an evening.", "复式记账，一晚结清一个月。"}},
			{"stock", "window", "¥149", text{"Stock and orders", "进销存"}, text{"Counts what you have, and says what you lack.", "盘点库存，提示缺货。"}},
			{"papers", "cloud", "¥59", text{"Papers in the cloud", "云端文档"}, text{"Ten desks, one version.", "十个席位，一个版本。"}},
		},
		counters: []counter{
			joining("registration"),
			{
				slug: "activate", point: "activation", icon: "play", title: text{"Activate a service", "开通服务"}, goods: "activation.package",
				lead: text{"Choose a package. It runs a minute later.", "选择套餐，一分钟后即可使用。"}, act: text{"Activate", "开通"},
			},
			{
				slug: "feedback", point: "feedback", icon: "inbox", title: text{"Questions and complaints", "咨询与投诉"},
				lead: text{"We answer within the time that the policy gives.", "我们在政策承诺的期限内答复。"}, act: text{"Send", "发送"},
			},
			{
				slug: "settings", point: "functions", icon: "settings", title: text{"Your settings", "偏好设置"},
				lead: text{"How the software shall look and behave.", "软件的外观与行为。"}, act: text{"Save", "保存"},
			},
			visiting("website"),
		},
	}
}

// mall is the storefront of APSGO: a mall for software.
func mall() shop {
	return shop{
		claim: text{"Software you own, from people who made it", "正版软件，作者直供"},
		pitch: text{"A key for each programme, an invoice for each key, and a hand when it does not start.", "一个软件一个授权，一个授权一张发票；打不开，有人帮您。"},
		art:   "disc", shelf: text{"In the mall", "热门软件"},
		goods: []good{
			{"draw", "window", "¥128", text{"Drawing table", "绘图台"}, text{"Vectors and brushes. Yours for good.", "矢量与画笔，永久授权。"}},
			{"copies", "disc", "¥69", text{"Second copy", "备份助手"}, text{"Backs up before you think of it.", "在您想起之前就已备份。"}},
			{"words", "book", "¥45", text{"Plain words", "素文编辑器"}, text{"An editor without a ribbon.", "没有功能区的编辑器。"}},
			{"sheet", "ledger", "¥99", text{"Quick sheets", "快表"}, text{"A million rows, still quick.", "百万行，依旧快。"}},
		},
		counters: []counter{
			joining("registration"),
			{
				slug: "cart", point: "shop", icon: "search", title: text{"Look around", "逛一逛"}, goods: "shop.cart",
				lead: text{"Put something aside. What the mall remembers of your visit is your choice.", "先放进购物车；商城记住多少，由您决定。"}, act: text{"Put it in the cart", "加入购物车"},
			},
			{
				slug: "order", point: "order", icon: "receipt", title: text{"Order", "下单"}, goods: "order.history",
				lead: text{"The key comes by mail, at once.", "授权码即时发送到邮箱。"}, act: text{"Order", "提交订单"},
			},
			{
				slug: "support", point: "support", icon: "inbox", title: text{"Ask for a hand", "联系客服"},
				lead: text{"Say what you see on the screen.", "请描述您在屏幕上看到的情况。"}, act: text{"Send", "发送"},
			},
			{
				slug: "account", point: "account", icon: "settings", title: text{"Your account page", "账号页面"}, rest: true,
				lead: text{"Add what you like. Questions that guard your password are never shown again.", "按需补充；密保答案保存后不再显示。"}, act: text{"Save", "保存"},
			},
		},
	}
}

// workshop is the storefront of Exemplar: things for a desk.
func workshop() shop {
	return shop{
		claim: text{"Everyday things, made well", "日常之物，用心制作"},
		pitch: text{"A small online shop that writes down little, and shows you all of it.", "一家小小的网店：记录很少，且全部给您看。"},
		art:   "basket", shelf: text{"This week", "本周在售"},
		goods: []good{
			{"basket", "basket", "€24", text{"Market basket", "手编提篮"}, text{"Willow, two handles.", "柳条编制，双提手。"}},
			{"book", "book", "€12", text{"Notebook", "笔记本"}, text{"Sewn, so that it lies flat.", "线装，平摊书写。"}},
			{"pot", "teapot", "€38", text{"Small teapot", "小茶壶"}, text{"For one, and a visitor.", "一人饮，或添一位客。"}},
		},
		counters: []counter{
			joining("registration"),
			{
				slug: "order", point: "shop", icon: "receipt", title: text{"Order", "下单"}, goods: "transaction.history",
				lead: text{"Pay as you like. The number of your card stays with who takes the money.", "付款方式任选；卡号只留在收款机构。"}, act: text{"Order", "提交订单"},
			},
			{
				slug: "messages", point: "messages", icon: "inbox", title: text{"Write to us", "给我们留言"},
				lead: text{"To us, or to another customer.", "写给我们，或写给其他顾客。"}, act: text{"Send", "发送"},
			},
			{
				slug: "profile", point: "profile", icon: "user", title: text{"Your profile", "个人资料"},
				lead: text{"Say as much of yourself as you like.", "想写多少写多少。"}, act: text{"Save", "保存"},
			},
			visiting("website"),
		},
	}
}

// visiting is the counter that says what a visit leaves behind.
func visiting(point string) counter {
	return counter{
		slug: "visit", point: point, icon: "globe", title: text{"This website", "本网站"},
		lead: text{"What a visit leaves behind, and what waits for your yes.", "一次访问会留下什么，哪些须经您同意。"}, act: text{"Go on", "继续"},
	}
}
