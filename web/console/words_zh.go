package console

import "github.com/avow-dev/avow/fault"

func chinese() *words {
	t := &words{
		Requests: "请求", Subjects: "个人", Subject: "个人", Log: "日志", Entry: "日志条目", Systems: "系统", Staff: "人员", Keys: "API 密钥", NewKey: "新的 API 密钥", NewRequest: "登记请求",
		Unmask: "明文", Admin: "管理员", SignIn: "登录", SignInIntro: "供本平台工作人员使用。您的操作均会记入日志。", Login: "登录名", Password: "密码", Code: "验证码", CodeHint: "身份验证器的六位数字，或恢复码。",
		WrongSignIn: "登录名、密码或验证码有误，或该登录名已被暂时锁定。", Open: "进行中", Overdue: "已逾期", Waiting: "等待批准", What: "请求", Thing: "数据", Event: "事件", Lifted: "解除", Received: "收到",
		StateLabel: "状态", DueBy: "期限", Scope: "范围", NoRequests: "暂无请求", NoRequestsHint: "用户提出请求或您登记后，会显示在这里。", Next: "下一页", TakeDown: "登记请求", LastDay: "最后一天",
		DaysLeft: "还剩 %d 天", Late: "逾期 %d 天", Paused: "已暂停", Everything: "全部", Timeline: "时间线", Number: "编号", Channel: "渠道", AskedBy: "提出者", Method: "核实方式", ReplyBy: "答复期限",
		Cause: "需要处理的问题", Reason: "理由", Cite: "依据条款", CiteHint: "例如 pipl-47；可不填。", Found: "各系统持有的数据", FoundHint: "此人在各系统中的记录数。", Rows: "记录数", System: "系统", PlanTitle: "方案",
		PlanHash: "方案指纹", Action: "操作", Why: "为何属于此人", Kept: "保留", Until: "至", Columns: "列", Warnings: "警告", Verify: "身份属实", VerifyHint: "记录核实方式。期限继续计算。",
		Survey: "查询各系统并制定方案", SurveyHint: "不会改动数据。此前的批准将失效。", SurveyAgain: "重新制定方案", Approve: "批准此方案", ApproveHint: "您仅批准此指纹对应的方案。提出者和制定者不能批准。", ApproveWaits: "方案正等待有权批准的同事。",
		Run: "执行", RunHint: "删除无法撤销。", Retry: "从中断处重试", RetryHint: "排除原因后再试。数据有变化时请重新制定方案。", Refuse: "拒绝", RefuseHint: "会告知此人理由、依据及投诉权利。", Pause: "暂停",
		PauseHint: "期限停止计算，并告知此人原因。", Resume: "恢复", Withdraw: "此人撤回请求", WithdrawHint: "在首次删除之前可以撤回。", Next2: "下一步", Nothing: "无需操作。", Progress: "进度", Of: "/", Steps: "个步骤",
		Result: "结果", Planned: "计划", Done: "完成", Already: "原已如此", Moved: "已变更", Searched: "再次检索：记录", Residue: "残留", Receipt: "回执", Package: "数据包",
		PackageHint: "仅可交给本人。每次下载都会留下条目。", ProofOf: "条目", Silent: "此后任何副本均不可读", Expires: "数据包到期", More: "其他操作", Live: "本页自动刷新。", NoRows: "无", Collection: "数据集",
		Hands: "需人工办理", HandsHint: "部分系统与接收方无法由程序处理。您将看到需办理的事项及所需内容；您的查看会记入日志。",
		AttestHint: "请签署确认已办理。请求随后继续，可读取的内容将再次核对。", Attest: "已办理", NotYet: "尚未办理", NewValue: "正确的内容",
		CorrectLegend: "更正内容", TellTitle: "需告知的接收方", TellDone: "已告知", TellOpen: "尚未告知", Informed: "已告知本人", Fetched: "下载次数",
		NewIntro: "适用于来信、来电或到访者。期限从现在起算。", Right: "请求内容", Identifier: "标识符", IdentifierHint: "此人提供的用于查找的信息，将随请求加密保存。", Kind: "类型", Second: "第二个标识符",
		SecondHint: "多人共用同一标识符时使用。", Contact: "答复地址", ContactHint: "电子邮箱或邮寄地址。", Language: "语言", Items: "某一项数据", Classes: "某一保存期限的全部数据", Take: "登记",
		FindIntro: "用此人的标识符查找。输入内容不会出现在网址或日志中。", Find: "查找", NobodyFound: "未找到任何人", NobodyHint: "请检查输入，或换一个标识符。", Several: "多人共用此标识符", SeveralHint: "家人可能共用电话。请选择所指的人。",
		LookHint: "您的查看及理由会记入日志，本人可以看到。", Person: "个人", Held: "持有的数据", HeldHint: "此列表不打开任何值。", NothingHeld: "未持有任何值。", Values: "数量", Since: "自", Class: "保存期限", Sensitive: "敏感",
		Purpose: "目的", Reference: "关联编号", ReferenceHint: "订单、工单、案件、合同或请求的编号。请勿填写姓名或地址。", Show: "显示", ShowHint: "会留下含目的和编号的条目，此人可以看到。", Consents: "本人的意思表示", NoConsents: "暂无。",
		Disclosures: "接收方", NoDisclosures: "无。", History: "最近的条目", TestNow: "立即检测", TestedAt: "检测于", ChangedN: "变更：%d 处", RestrictedHint: "此人的信息仅作保存，不得使用；存储、法律主张及本人行使权利除外。", WhyLook: "查看理由", AllRights: "全部类型", Pages: "分页", FirstPage: "第一页", Restricted: "限制处理", Closed: "已注销", Accepted: "已接受政策", Identifiers: "可凭以查找", About: "关于",
		NeedPurpose: "请选择目的。", NotYourPurpose: "您的角色没有此目的。", NeedReference: "请填写订单、工单、案件、合同或请求的编号，不含空格和 @。", SaidYes: "同意", SaidNo: "撤回同意", SaidObject: "反对",
		SaidObjectEnd: "撤回反对", To: "给", NoPurpose: "您的角色没有查看值的目的。", Holds: "冻结", HoldUntil: "截止", HoldLifted: "直至解除", HoldEnded: "已结束于", Clear: "用于", MaskedNote: "您的角色只能看到脱敏的值。", DeniedTitle: "政策不允许", DeniedHint: "全部理由及其条款：",
		NoValue: "没有值。", UnmaskNote: "此内容不保存；离开本页后即消失。", Back: "返回个人页", When: "时间", Who: "操作者", LogIntro: "对个人数据的一切操作，其顺序不可被悄然更改。", Filter: "条目类型", AllKinds: "全部类型",
		Apply: "显示", NoEntries: "没有此类条目", LogRead: "工作人员查看日志", Size: "个条目已纳入检查点", Checkpoint: "检查点", LogKey: "日志公钥", VerifyLog: "核验日志", VerifyLogHint: "重新计算全部条目、哈希和计数，并由条目重建各表进行比对。",
		Verified: "全部正确", Wrong: "发现错误", Entries: "个条目已核验", Pending: "个尚未排序", Pruned: "个已去除加密部分", Verifying: "核验中", Pend: "尚未编号", Proof: "包含证明",
		ProofHint: "可离线向任何人证明此条目在日志中。", ProofOK: "已用公钥核验", ProofFile: "下载证明", Fields: "内容", SealedPart: "加密部分", Root: "根", Place: "日志中的位置", Healthy: "正常", Broken: "需要处理",
		EpochTitle: "密钥与周期", EpochHint: "重新封装全部数据密钥并销毁旧的封装密钥：此前删除的内容在任何备份中都不可读。", Epoch: "周期", Began: "开始于", Live2: "个有效密钥", Unbound: "个未绑定", Shared: "密钥与数据在同一集群。每份回执都会注明。",
		MoveEpoch: "进入下一周期", Sure: "确认：此前周期的密钥备份将失效", NotSure: "请先勾选确认框。", Moving: "正在进入下一周期", MovedTo: "已进入周期", Rotating: "周期更换尚未完成：请再次执行。", PolicyTitle: "现行政策",
		PolicyLink: "按用户视角阅读", Versions: "版本", Version: "版本", Current: "现行", Fingerprint: "指纹", StaffIntro: "在本平台有角色的所有人员。新增人员和角色请在服务器上使用 avow staff。", Name: "姓名",
		Roles: "角色", LastSeen: "上次登录", Codes: "恢复码", Disabled: "已停用", Locked: "已锁定", You: "本人", Disable: "停用", Enable: "启用", Unlock: "解锁",
		NotTheirs: "不能在此更改本人，也不能更改在别处也有角色的人员：请联系服务器管理员。", KeysIntro: "供使用本平台 API 的程序使用。", Label: "用途", LabelHint: "例如：商城结账。", Scopes: "权限", ExpiresOn: "最后有效日",
		ExpiresHint: "留空：不过期。", Make: "生成密钥", Revoke: "吊销", Revoked: "已吊销", LastUsed: "上次使用", Never: "从未", BadDay: "请按 2027-03-31 的格式填写日期。", NeedLabel: "请填写用途并勾选权限。",
		TokenHint: "请立即复制：仅显示一次，不会保存。", Token: "令牌", Good: "有效", Ended: "已失效", NoKeys: "还没有密钥", KeyList: "密钥",
	}
	t.rights = map[string]string{
		"access": "查阅、复制", "erasure": "删除", "rectification": "更正", "portability": "可携带", "restriction": "限制处理", "objection": "反对", "withdrawal": "撤回同意", "closing": "注销账户",
		"complaint": "投诉",
	}
	t.untold = map[string]string{"no-address": "没有地址", "no-server": "没有邮件服务器"}
	t.weights = map[string]string{"technical": "技术性", "minor": "一般", "major": "重大"}
	t.states = map[string]string{
		"open": "正常", "closed": "已注销", "erasing": "删除中", "erased": "已删除", "received": "已收到", "verified": "已核实", "surveyed": "已查询", "planned": "等待批准", "approved": "已批准",
		"running": "执行中", "needs-attention": "需要处理", "verified-after": "已完成并复核", "delivered": "已交付", "refused": "已拒绝", "withdrawn": "已撤回", "expired": "已过期",
	}
	t.deeds = deedsChinese()
	t.methods = map[string]string{
		"document": "证件", "in-person": "当面", "identifier-code": "发送至其地址的验证码", "identifier": "其标识信息", "login": "登录", "none": "无需",
	}
	t.reasons = map[string]string{
		"identity-not-proved": "无法核实身份", "unfounded": "明显无理", "excessive": "无理重复", "legal-obligation": "法律要求保存", "legal-claims": "法律主张所需", "public-interest": "公共利益",
		"expression": "表达自由", "others-rights": "损害他人权利", "circumstances": "不符合政策所列情形", "not-ours": "数据由其他公司持有", "identity-in-doubt": "身份存疑", "clarification": "需要澄清",
		"guardian": "需监护人同意", "other-people": "涉及他人",
	}
	t.actions = map[string]string{
		"correct": "更正", "restrict": "标记",
		"delete": "删除", "clear": "清空列", "keep": "保留", "detach": "解除关联", "copy": "复制",
	}
	t.steps = map[string]string{
		"correct": "更正", "restrict": "标记不得使用", "manual": "人工办理", "reread": "再次读取", "tell": "告知接收方", "inform": "告知本人",
		"check": "再次核对", "export": "读取", "pack": "生成数据包", "erase": "删除", "search": "再次检索", "deliver": "回执", "close": "销毁请求密钥",
	}
	t.kinds = map[string]string{
		"email": "电子邮箱", "phone": "电话号码", "username": "用户名", "account-id": "账号", "device-id": "设备标识", "imei": "IMEI", "mac": "MAC 地址", "ip": "IP 地址", "abroad": "数据出境",
		"consent": "同意",
	}
	t.actors = map[string]string{
		"person": "本人", "staff": "工作人员", "machine": "系统",
	}
	t.refs = map[string]string{
		"order": "订单", "ticket": "工单", "case": "案件", "contract": "合同", "request": "请求",
	}
	t.flashes = map[string]string{
		"signed-out": "您已退出登录。", "received": "请求已登记，期限开始计算。", "verified": "已记录。", "planned": "方案已制定，由另一人批准。", "approved": "方案已批准。", "running": "正在执行。",
		"refused": "请求已拒绝，并已告知此人。", "paused": "期限已停止计算。", "resumed": "期限继续计算。", "withdrawn": "请求已撤回。", "staff-disable": "已停用并立即退出登录。", "staff-enable": "已启用。",
		"staff-unlock": "已解锁。", "revoked": "密钥已立即吊销。", "attested": "已签署，请求继续办理。", "tested": "已重新检测所有系统。",
	}
	t.faults = map[fault.Kind]string{fault.Invalid: "无法接受：", fault.Denied: "不允许：", fault.Conflict: "当前无法进行："}
	return t
}
