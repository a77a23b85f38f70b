package centre

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/rights"
)

func chinese() *words {
	t := &words{
		Policy: "隐私政策", Sentences: "隐私政策逐条", Versions: "政策历史版本", SignIn: "登录", SignOut: "退出登录",
		Held: "我的信息", HeldNav: "我的信息", Correct: "更正", Choices: "我的选择", Download: "下载", Erase: "删除", Requests: "我的请求",
		Activity: "使用记录", Receipts: "我的回执", Leave: "注销账号", Nothing: "没有您的信息",

		AsMarkdown: "纯文本", AsJSON: "机器可读", SignInHint: "查看我们持有的您的信息", VersionHint: "以下为历次生效的版本，最新在前。指纹可永久确认文本内容。",
		FirstVersion: "有记录的首个版本。", NotCompared: "此版本无法与前一版本比较。", ChangedN: "变更内容：%d 处", NothingChanged: "没有涉及个人的变更。",
		AskedAgain: "此版本须由每个人重新接受。", ConsentAgain: "须重新征求同意", Print: "打印", ReadVersion: "阅读此版本", HeldUntil: "有效至",
		Published: "本站发布于", InForceSince: "本站生效于", EarlierN: "此前的版本：%d 个", LeadsOut: "通往其他网站的链接",
		NoticeTitle: "隐私政策变更通知", NoticeFrom: "新版本生效时间：", NoticeSince: "新版本已自以下时间起生效：",
		NoticeAgain:  "请您确认是否接受新版本。在您接受之前，新增内容不适用于您的信息，您已有的权利不变。",
		NoticeAccept: "接受新版本", NoticeLater: "暂不接受", NoticeRead: "我已阅读", ComingTitle: "新版本已发布", Reason: "变更原因",
		WayOut: "退订", WayOutAsk: "退订后您将不再收到此类消息", WayOutButton: "确认退订", WayOutDone: "已退订",
		WayOutNoMore: "您不会再收到此类消息",
		ContactUs:    "联系我们", ContactLead: "咨询、建议或投诉均有编号，并按期答复。", ContactWays: "其他联系方式",
		ContactWrong: "请完整描述，至少十个字，且不含银行卡号与证件号码。",
		CaseKind:     "类型", CaseTopic: "涉及事项", CaseText: "内容", CaseTextHint: "请完整描述；请勿填写银行卡号与证件号码。",
		CaseAnswerTo: "接收答复的电子邮箱", CaseSend: "提交", CaseOpened: "已受理，案件编号：", AnsweredBy: "最迟答复时间",
		Cases: "我的案件", CasesLead: "您的咨询、建议与投诉，以及我们的答复。", NoCases: "您尚未联系过我们。",
		CaseBefore: "前案", CaseGone: "此处内容已销毁。", NotSatisfied: "我对答复不满意",
		NotSatisfiedHint: "本案将由他人复核，并附全部往来内容。", ToComplain: "可投诉的机关", TakeCase: "导出案卷",
		CasesHeld: "我们也保存您的来信与给您的答复，共 %d 件案件。全部数据的副本中包含其内容。",
		CasesStay: "您在案件中的来信与我们的答复不属于某一种信息：在删除全部信息时或保存期满后一并删除。",
		Label:     "版本", Since: "生效时间", Current: "现行", Fingerprint: "指纹",

		Address: "您的电子邮箱", AddressHint: "我们会向您发送验证码，无需密码。", SendCode: "获取验证码",
		NoAddress: "请填写完整的邮箱地址，例如 name@example.com。",
		CodeTitle: "输入验证码", CodeSent: "验证码已发送至您填写的邮箱，%d 分钟内有效。", CodeHint: "六位数字。如未收到，请查看垃圾邮件。",
		Code: "验证码", Enter: "登录", WrongCode: "验证码不正确、已使用或已过期。请重新输入，或重新获取。", Resend: "重新获取验证码",
		LeaveIntro: "您可以在此注销账号并删除信息，无需打开应用。", LeaveHow: "办理步骤",
		LeaveStep1: "用发送至您邮箱的验证码登录。", LeaveStep2: "选择要删除的内容：某一项、全部信息，或整个账号。",
		LeaveStep3: "随时查看进度。办结后，您将获得可供核验的回执。",
		OtherWays:  "您也可以通过以下方式联系我们", NothingIntro: "我们没有与您登录邮箱相关的任何信息。",
		NothingWhy: "您可能使用了其他邮箱注册：请退出后换用该邮箱登录。", GoneIntro: "您的信息已经删除。退出登录之前，您仍可下载回执。",

		HeldIntro: "本服务持有的您的全部信息，完整显示，仅供您本人查看。", KindsHeld: "种信息", ValuesHeld: "条数据", GivenTo: "个接收方收到过", LookedAt: "次近期他人使用",
		RestrictedNote: "您的信息已限制处理：仅保存，不使用。", ClosedNote: "您的账号已注销。仍在此处的信息将按期删除。",
		Why: "用途", Source: "来源", Kept: "保存", Until: "至", From: "始于", Got: "谁收到过", NobodyGot: "无", Looked: "谁查看过", NobodyLooked: "近期无", Secret: "已设置，不向任何人显示",
		Sensitive: "敏感", Change: "更正", EmptyHeld: "没有持有您的任何数据", EmptyHint: "您的账号存在，此外别无信息。", Once: "1 次", Times: "%d 次，最近一次", And: "另有 %d 条，见下载文件",
		LookNote:   "您每次打开本页也会留下记录，可在「使用记录」中查看。",
		WhereTitle: "我的信息在哪里", WhereHint: "各类信息所在的系统。", WhereKnown: "已持有（数字为条数）", MayHold: "可能持有：申请数据包即可查明",
		AllValues: "全部内容", RecordOnly: "查看档案，未见具体内容", Vault: "受保护的存储", Comma: "，",

		MoreRights: "提出请求", RightsIntro: "您可以提出的全部请求及办理期限。每个请求均有可查看的期限。",
		CorrectAll: "在所有保存该内容的系统中更正，并告知曾收到它的接收方。", WhatIsWrong: "需更正的信息", AskCorrect: "申请更正",
		TakeAlong: "您提供的以及使用中产生的信息，以其他服务可读取的文件提供。", AskTake: "申请文件",
		LimitHint: "您的信息仅作保存，除存储、法律主张及您行使权利外不得使用。", LimitedNow: "您的信息目前仅作保存、不予使用，您可以申请解除。", AskLimit: "申请限制处理", AskUnlimit: "解除限制",
		AlsoElsewhere: "同时更正我们的其他系统", Corrected: "更正内容", ToldTitle: "告知哪些接收方", Told: "已告知", NotTold: "尚未告知", Fetched: "已下载 %d 次",
		StageCorrected: "更正并再次核对", StageLimited: "作出标记并再次核对", StageTold: "告知曾收到的接收方", Informed: "已告知您", HowItWent: "办理结果",

		NewAddress: "更换电子邮箱", AddressIntro: "我们会向新邮箱发送验证码。输入后，新邮箱即取代旧邮箱，旧邮箱永久无法读取。",
		AddressStep1: "填写新邮箱", AddressStep2: "输入收到的验证码", AddressSent: "验证码已发送至新邮箱，%d 分钟内有效。",
		AddressTaken: "此邮箱属于另一个账号。请使用其他邮箱，或与我们联系。",

		ElsewhereTitle: "查询我们的其他系统", ElsewhereHint: "不属于任何账号的系统（如商城、订阅邮件）仍可能存有您的邮箱。我们会为您查询，适用同样的规则与期限。",
		SignInLead: "查看、更正、带走或删除您的信息。", SignInWhy: "无论我们是否认识该邮箱，回复都相同。",

		CorrectIntro: "保存后，旧值即永久无法读取。", NewValue: "正确的内容", Save: "保存", Cancel: "取消",
		NoValue: "请填写正确的内容。", BadValue: "内容格式不正确，请填写完整。",

		ChoicesIntro: "由您决定。您的选择立即生效，并可随时更改。",
		NeedYes:      "须经您同意", NeedYesHint: "未经您同意，以下事项均不进行。", CanNo: "您可以拒绝", CanNoHint: "您可以对以下事项提出反对。",
		AbroadTitle: "信息出境", AbroadHint: "仅在您同意后提供。",
		NoMore: "撤回同意", Allow: "重新允许", On: "已开启", Off: "已关闭", Never: "未征求", SayYes: "同意", TakeBack: "撤回同意", Object: "拒绝", EndObjection: "撤回反对", Earlier: "您此前的选择", NoEarlier: "您尚未作出任何选择。", Uses: "涉及",
		ClosedChoices: "您的账号已注销，无需再作选择。", About: "事项", YesToo: "同意", ObjectToo: "反对", EndsOn: "到期",

		DevicesTitle: "应用在您设备上的权限", DevicesHint: "每项权限均在使用对应功能时申请，且仅用于该功能。",
		DeviceFor: "用途", DeviceReads: "读取内容", DeviceWithout: "关闭后的影响", DevicePath: "关闭方法", DeviceYes: "您已同意", DeviceNo: "您已拒绝", DeviceOff: "已关闭",
		DeviceAsked: "询问于", DeviceOpen: "使用中，始于", DeviceStop: "关闭",

		DownloadIntro: "带走您的信息，留存或转至其他服务。", NowTitle: "立即下载", NowHint: "您账号中的全部数据，机器可读格式。", JSON: "JSON", CSV: "CSV（电子表格）",
		AllTitle: "所有系统中的全部信息", AllHint: "包含各系统中的全部记录、接收方以及日志中与您有关的每一条记录。工作人员会先行核对。", AskAll: "申请数据包",
		PackagesTitle: "您的数据包", Fetch: "下载", NoPackage: "您尚未申请。",

		EraseIntro: "删除即彻底删除：密钥随之销毁，任何副本或备份均无法再读取。", EraseOne: "删除某一项", EraseOneHint: "在我们保存它的所有位置删除。", Pick: "要删除的信息",
		EraseAll: "删除全部信息", EraseAllHint: "我们所有系统中您的全部信息。账号保留，但不含内容。", CloseTitle: "注销账号", CloseHint: "账号立即注销，全部信息随后删除。",
		Sure: "确认删除", SureAll: "确认删除全部信息", SureClose: "确认注销账号并删除全部信息", AskErase: "申请删除", AskEraseAll: "申请删除全部", AskClose: "注销账号",
		NotSure: "请勾选确认，以免误删。", NothingPicked: "请选择要删除的信息。",
		LawKeeps: "依法留存的信息", LawKeepsHint: "保存至法定期限届满，不作他用，并在回执中列明。", HowLong: "%s内办结",
		Steps: "我们先查明各系统中属于您的信息，由第二人核对方案，再行删除，并再次搜索确认。", NothingToErase: "没有可删除的信息：仅余依法留存的部分。",

		RequestsIntro: "您提出的请求、目前进度与办结期限。", NoRequests: "您尚未提出任何请求。", Number: "编号", Asked: "提出时间", DueBy: "办结期限", StateLabel: "进度", Everything: "全部信息", Open: "查看",
		StageReceived: "收到您的请求", StageVerified: "确认是您本人", StageVerifiedHint: "通过发送至您邮箱的验证码", StageSurveyed: "查询所有系统", StageSurveyedHint: "各系统持有您的哪些信息", StageApproved: "第二人批准",
		StageApprovedHint: "由方案制定者以外的人批准", StageErased: "删除并再次搜索确认", StageReady: "备好数据包", StageDelivered: "办结",
		Withdraw: "撤回请求", WithdrawHint: "在删除或更改任何内容之前均可撤回。", PackageReady: "您的数据包已备好。", Receipt: "回执", ReceiptHint: "可证明办理结果，请妥善保存。",
		KeptTitle: "保留的内容及理由", KeptHint: "同时列于您的回执。", Paused: "暂停中", OverdueNote: "已逾期，即违背承诺，并已记录在案。您可以投诉。",
		LastDay: "最后一日", DaysLeft: "还剩 %d 日", Late: "逾期 %d 日", Way: "办理进度", Silent: "自此任何副本均无法读取", Records: "条记录", FetchBy: "请于此前下载",

		ReceiptsIntro: "回执可证明办理结果，无需向我们查询，且不含个人信息。", NoReceipts: "暂无回执：请求办结后生成。", Check: "如何核验回执",
		CheckHint: "在任意计算机上使用 avow 程序，无需联网：", LogKey: "本服务日志的公钥", DownloadReceipt: "下载回执",

		ActivityIntro: "对您信息的每次使用都会留下无法悄然更改的记录。以下为最近记录，数据包中包含全部。", NoActivity: "没有与您有关的记录。", What: "事项", Entry: "记录号",
		Software: "系统程序", You: "您本人", To: "提供给",
		WhoUsed: "谁使用过", NobodyUsed: "近期除您本人外，无人使用过您的信息。", WeeksLabel: "他人每周使用次数", AllEntries: "全部记录",
		Colon: "：", ownLook: "您查看了自己的信息",
	}
	t.rights = map[string]string{
		"access": "获取全部信息副本", "erasure": "删除", "rectification": "更正", "portability": "转移", "restriction": "限制处理",
		"objection": "拒绝处理", "withdrawal": "撤回同意", "closing": "注销账号", "complaint": "投诉", "explanation": "解释说明", "opt-out": "关闭",
	}
	t.weights = map[string]string{"technical": "技术性变更", "minor": "一般变更", "major": "重大变更"}
	t.states = map[rights.State]string{
		rights.Received: "已收到", rights.Verified: "查询中", rights.Surveyed: "查询中", rights.Planned: "待批准", rights.Approved: "已批准",
		rights.Running: "办理中", rights.NeedsAttention: "人工处理中", rights.VerifiedAfter: "已备好", rights.Delivered: "已办结",
		rights.Refused: "已拒绝", rights.Withdrawn: "已撤回", rights.Expired: "已失效",
	}
	t.reasons = map[string]string{
		"": "", "identity-not-proved": "未能核实您的身份。", "unfounded": "请求明显没有依据。", "excessive": "无正当理由反复提出。",
		"legal-obligation": "法律要求保存。", "legal-claims": "法律主张所需。", "public-interest": "公共利益所需。", "expression": "保障言论自由所需。",
		"others-rights": "将损害他人权利。", "circumstances": "不符合政策所列情形。", "not-ours": "信息由其他公司持有。",
		"identity-in-doubt": "身份存疑，我们将与您联系。", "clarification": "需向您了解情况，我们将与您联系。", "guardian": "须经监护人同意。", "other-people": "同时涉及他人，正在处理。",
	}
	t.flashes = map[string]string{
		"signed-out": "您已退出登录。", "address": "已保存，此后验证码将发送至新邮箱。", "corrected": "已保存，旧值已永久清除。", "chosen-yes": "已保存，即时生效。", "chosen-no": "已保存，立即停止。",
		"asked": "已收到您的请求，可在此查看进度与期限。", "taken-back": "请求已撤回。",
	}
	t.deeds = map[audit.Kind][2]string{
		audit.SubjectRegistered: {"您完成注册", ""}, audit.SignedOut: {"您已退出登录", ""}, audit.AgeDeclared: {"您声明了是否成年", ""}, audit.ChildReported: {"监护人举报了该账号", "now"}, audit.IdentifierAdded: {"添加了联系方式", ""}, audit.AccountClosed: {"账号已注销", "now"},
		audit.Collected: {"收集了信息", ""}, audit.Refused: {"拒绝收集", "now"}, audit.Corrected: {"更正了信息", ""},
		audit.Used: {"使用了您的信息", "now"}, audit.Denied: {"拒绝了一次使用", "done"}, audit.Unmasked: {"有人查看了完整信息", "now"}, audit.StaffAction: {"工作人员查看了您的档案", "now"}, audit.Exported: {"为数据包读取", ""},
		audit.ItemErased: {"删除了信息", ""}, audit.ClassErased: {"删除了信息", ""}, audit.ClassEnded: {"期满删除", ""}, audit.Erased: {"已全部删除", ""},
		audit.Consented: {"您表示同意", ""}, audit.Withdrawn: {"您撤回了同意", ""}, audit.Objected: {"您提出反对", ""}, audit.ObjectionEnded: {"您撤回了反对", ""},
		audit.Restricted: {"限制了处理", ""}, audit.Unrestricted: {"解除了限制", ""}, audit.HoldSet: {"设置了保全", "now"}, audit.HoldEnded: {"解除了保全", ""},
		audit.PolicyAccepted: {"您接受了政策", ""}, audit.GuardianConsented: {"监护人已同意", ""}, audit.GuardianWithdrew: {"监护人撤回了同意", ""}, audit.Disclosed: {"提供给接收方", "now"},
		audit.RequestReceived: {"收到您的请求", ""}, audit.RequestVerified: {"核实了您的身份", ""}, audit.RequestRefused: {"拒绝了您的请求", "bad"},
		audit.RequestWithdrawn: {"您撤回了请求", ""}, audit.Surveyed: {"查询了各系统", ""}, audit.Planned: {"制定了方案", ""},
		audit.Approved: {"批准了方案", ""}, audit.Backed: {"登记了对外提供的批准或依据", ""}, audit.BackingEnded: {"该登记已终止", ""}, audit.VerifiedAfter: {"核对了结果", ""}, audit.Delivered: {"请求已办结", "done"}, audit.DeadlineMissed: {"承诺逾期", "bad"},
		audit.NoticeShown: {"已向您展示政策变更", ""}, audit.NoticeSeen: {"您已阅读政策变更", "done"}, audit.MessageWithheld: {"一条消息未向您发送", ""}, audit.OptedOut: {"您退订了一类消息", "done"},
		audit.CaseOpened: {"您联系了我们", "now"}, audit.CaseReplied: {"已答复您", "done"}, audit.CaseDelayed: {"答复延期", ""}, audit.CaseEscalated: {"案件进入复核", "now"}, audit.CaseClosed: {"案件已办结", "done"}, audit.CaseRead: {"工作人员查阅了您的案件", ""}, audit.CaseKeyEnded: {"案件内容已销毁", ""},
		audit.PermissionAnswered: {"征求了设备权限", ""}, audit.PermissionOff: {"您关闭了权限", ""}, audit.PermissionOpened: {"使用了设备权限", "now"}, audit.PermissionClosed: {"设备权限使用结束", ""}, audit.PermissionDenied: {"阻止了应用使用您的设备", "done"}, audit.SessionLeft: {"您已离开，停止自动收集", ""},
	}
	return t
}
