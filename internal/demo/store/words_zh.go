package store

import "github.com/avow-dev/avow/policy"

func chinese() *words {
	return &words{
		Shop: "商店", Join: "注册账号", Mine: "我的数据", Mailbox: "邮箱", MailboxHint: "验证码会出现在",
		Demo:  "演示商店：不会真的出售或发货。您填写的内容会真实地经过 avow 处理，并随演示结束而消失。",
		Doors: "您想做什么？", DoorsHint: "每一处只询问隐私政策在此处声明的内容。", Order: "下单",
		Promises: "条写入程序的承诺", PolicyOf: "隐私政策版本", Read: "阅读",
		JoinFirst: "请先注册账号：您的数据归属于账号。", JoinNow: "注册账号",
		HereAlready: "您已在此注册：如需另开账号，请先退出。", SignIn: "已有账号请登录",
		Optional: "选填", Sensitive: "敏感", Free: "我自愿提供", More: "更多信息（自愿）", MoreHint: "均非必填。",
		Careful: "敏感信息，仅凭您自愿", CarefulHint: "可以留空；如填写，请在旁边勾选自愿提供。",
		For: "用途", Kept: "保存", Waits: "须经您同意", Without: "不提供则",
		Reads: "无须填写、自动读取的信息", ReadsHint: "真实的应用或浏览器会读取这些信息。勾选即在此读取；数值为虚构。",
		Wishes: "可以吗？", WishesHint: "没有任何预先勾选；同意可随时撤回。", Separate: "单独同意", GaveYes: "您已同意",
		Age: "您的年龄", Adult: "我已满 %d 周岁", Minor: "我未满 %d 周岁", Accept: "我已阅读并接受隐私政策", AcceptAfter: "版本",
		Try: "试着打破承诺", TryStray: "同时提交一个政策未声明的字段（鞋码 42）",
		TryCard: "或在留言中写入银行卡号，例如 4111 1111 1111 1111。", TryMinor: "或声明您未成年。",
		HeldAlready: "已保存", HeldHint: "每项仅一个值；如需更正，请前往隐私中心。",
		AcceptFirst: "请先接受隐私政策，否则无法注册。", SayAge: "请声明您是否成年。",
		Taken: "该地址或名称已有账号：请登录，或换一个。", Missing: "请填写：", TooLong: "内容过长：",
		Nothing: "表单中还没有内容。",

		Welcome: "账号已开通", Thanks: "处理结果", NotKept: "没有保存任何内容", KeptTitle: "已保存", KeptHint: "以您专属的密钥加密，仅用于以下目的，保存至下列期限。",
		What: "信息", Until: "保存至", Why: "用途", Clause: "条款", RefusedTitle: "已拒绝", RefusedHint: "一份表单要么全部接受，要么全部不收。每条理由都写明它所兑现的政策条款。",
		Control: "控制", SaidTitle: "您的同意", SaidHint: "已连同时间与版本记录在案；您说停就停。",
		LogTitle: "日志记录", LogHint: "先于本页写入；任何人都无法悄悄改动。", Entry: "记录", Proof: "证明（工作人员）",
		UseTitle: "使用它", UseHint: "商店的软件请求使用您提供的信息。每次使用都由政策裁决，并留下记录。",
		UseFor: "用于", Use: "使用", Allowed: "允许", Denied: "拒绝", UseItem: "信息", UsePurpose: "用途", UseAny: "请求这次使用",
		HandedOut: "个值已取用", Centre: "打开我的隐私中心", CentreHint: "查看保存的全部信息、使用记录，并可撤回同意。",
		SignInHint: "请用您的电子邮箱登录。", Choices: "撤回同意",
		EraseTitle: "删除它", EraseHint: "先销毁密钥：任何副本中的值都无法再打开。", Erase: "删除", EraseAll: "全部删除",
		Erased: "“%s”已删除：%d 个值。", ErasedAll: "全部信息连同账号均已删除：%d 个值。", IsGone: "已删除", Again: "返回表单",
		NobodyJoined: "没有注册任何人；您填写的内容未留存。", Whole: "本次表单的内容一概未保存，包括允许的部分。", GoOn: "继续逛逛",

		Genders: map[string]string{"female": "女", "male": "男", "other": "其他", "undisclosed": "不便透露"},
		Codes: map[policy.Code]string{
			"": "政策不允许", policy.ItemUndeclared: "政策未声明此项", policy.NeverCollected: "此类信息绝不收集",
			policy.WrongType: "与此项的类型不符", policy.NotVoluntary: "敏感信息，且未表明自愿提供", policy.NoGround: "尚无处理依据",
			policy.MinorNoGuardian: "未成年，且无监护人同意", policy.MinorNotServed: "不向未成年人提供", policy.MinorPurpose: "不得用于未成年人的信息",
			policy.ItemPurpose: "未声明用于此目的", policy.ConsentMissing: "您尚未同意", policy.ConsentWasTaken: "您已撤回同意",
			policy.ConsentExpired: "您的同意已过期", policy.ConsentNotOwn: "须经单独同意", policy.ObjectionStands: "您已提出反对",
			policy.IsRestricted: "您的信息已限制处理", policy.AccountNotOpen: "账号未开通", policy.AccountEnded: "账号已终止",
			policy.FunctionOther: "仅限其他业务功能使用", policy.RefMissing: "缺少对应的业务", policy.OnlyAggregate: "仅限统计数量，不得取值",
			policy.ItemTwice: "此项只能有一个值", policy.ItemPoint: "此处不收集该项", policy.ItemOrigin: "来源与声明不符", policy.RolePurpose: "该角色不得使用",
		},
		Deeds: map[string]string{
			"subject-registered": "注册", "collected": "收集", "refused": "拒绝", "consented": "同意", "used": "使用", "denied": "拒绝使用",
			"item-erased": "删除", "erased": "删除", "erasing": "开始删除", "withdrawn": "撤回同意", "policy-accepted": "接受政策",
		},
	}
}
