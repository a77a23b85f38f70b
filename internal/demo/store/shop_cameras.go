package store

// cameras is the storefront of GOSCOM Pro: cameras for the home and their app.
func cameras() shop {
	return shop{
		claim: text{"See who is at the door. Keep what is yours.", "看见家门口，守住家里事。"},
		pitch: text{
			"Cameras that stay in your home network, and an app that asks before it looks.",
			"摄像机留在您的家庭网络里；应用在查看之前先征得同意。",
		},
		art: "camera", shelf: text{"Cameras and what goes with them", "摄像机与配件"},
		goods: []good{
			{"c1", "camera", "¥129", text{"Camera C1", "摄像机 C1"}, text{"For a room. Turns its head, and sleeps when you come home.", "室内云台，回家即休眠。"}},
			{"c2", "outdoor", "¥249", text{"Camera C2 outdoor", "室外摄像机 C2"}, text{"Rain, frost and dark do not trouble it.", "风雨、霜冻与黑夜都不在话下。"}},
			{"d1", "doorbell", "¥199", text{"Doorbell D1", "可视门铃 D1"}, text{"Rings your phone, wherever you are.", "有人按铃，手机即响。"}},
			{"s1", "solar", "¥99", text{"Solar panel S1", "太阳能板 S1"}, text{"An hour of sun for a day of watching.", "一小时日照，一整天守护。"}},
		},
		counters: []counter{
			joining("registration"),
			{
				slug: "camera", point: "app", icon: "eye", title: text{"Bind a camera", "绑定摄像机"},
				lead:  text{"Type the number under the foot of your camera. The app finds it in your network.", "请输入机身底部的编号，应用会在您的网络中找到它。"},
				act:   text{"Bind it", "绑定"},
				items: []string{"device.bound-id", "device.os", "device.maker", "device.model", "net.ssid", "net.mac", "net.info"},
			},
			{
				slug: "order", point: "web", icon: "receipt", title: text{"Order", "下单"}, goods: "order.history",
				lead: text{"We pack today what you order before four.", "下午四点前下单，当日发货。"}, act: text{"Order", "提交订单"}, items: []string{"order."},
			},
			{
				slug: "support", point: "support", icon: "inbox", title: text{"Ask support", "联系客服"},
				lead: text{"Tell us what happened. A card number does not belong here, and is turned away.", "请描述您的问题；银行卡号不应出现在这里，填写会被拒绝。"}, act: text{"Send", "发送"},
			},
			{
				slug: "feedback", point: "web", icon: "pencil", title: text{"Say what you think", "意见与调查"},
				lead: text{"Only if you like. It is read when you say that it may be.", "完全自愿；经您同意后我们才会阅读。"}, act: text{"Send", "提交"}, items: []string{"feedback.", "survey."},
			},
			{
				slug: "settings", point: "app", icon: "settings", title: text{"The app and its settings", "应用与设置"}, rest: true,
				lead: text{"What you may add, and what the app reads by itself.", "您可补充的信息，以及应用自动读取的信息。"}, act: text{"Save", "保存"},
			},
			{
				slug: "visit", point: "web", icon: "globe", title: text{"This website", "本网站"}, rest: true,
				lead: text{"What a visit leaves behind, and other ways to reach you.", "一次访问会留下什么，以及其他联系方式。"}, act: text{"Save", "保存"},
			},
		},
	}
}
