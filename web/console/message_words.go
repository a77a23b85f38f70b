package console

import "github.com/avow-dev/avow/page"

// letterWords are the texts about messages to people in one language.
type letterWords struct {
	Messages, Message, Intro, None, NoneHint, NoneOf, Class, Channel, Reason, Made, Became, Purpose, Ref, All, Apply, New string

	// One message.
	Spreading, Text, TextKept, TextGone, TextNone, Causes, CausesHint, Because, People, PeopleHint, NoPeople, State, Surface, Find, NoRole, Handed string

	// Sending one.
	Send, SendIntro, ReasonHint, RefHint, Title, Body, BodyHint, To, One, Everybody, EverybodyHint, WhoHint, Sure, NotSure, NotOne, NotYours, Clause string

	classes, states, whys, flashes map[string]string
}

func letterWordsIn(lang string) *letterWords {
	if page.Chinese(lang) {
		return letterChinese()
	}
	return letterEnglish()
}

// ClassName names a class of message.
func (k *letterWords) ClassName(code string) string { return k.classes[code] }

// StateName says what became of a copy.
func (k *letterWords) StateName(code string) string { return k.states[code] }

// WhyName says why a copy did not go; the code itself where it has no words.
func (k *letterWords) WhyName(code string) string {
	if s := k.whys[code]; s != "" {
		return s
	}
	return code
}

// StateBadge is the class of what became of a copy.
func (k *letterWords) StateBadge(code string) string {
	switch code {
	case "sent", "handed", "seen":
		return "badge-ok"
	case "withheld":
		return "badge-warn"
	case "failed":
		return "badge-bad"
	}
	return "badge-info"
}

func letterEnglish() *letterWords {
	return &letterWords{
		Messages: "Messages", Message: "Message", Intro: "What went out to people, and what became of each copy. Who may get one is decided for each person when it goes.",
		None: "No message stands here", NoneHint: "Messages appear when a program or a colleague hands one in, and when a version of the policy is published.", NoneOf: "Choose another class.",
		Class: "Class", Channel: "Way", Reason: "Why it is sent", Made: "Handed in", Became: "What became of it", Purpose: "Purpose", Ref: "Behind it", All: "all classes", Apply: "Show", New: "Send a message",
		Spreading: "still being spread", Text: "Its text", TextKept: "sealed under a key of its own until the last copy is out", TextGone: "destroyed", TextNone: "none here: your own sender has it",
		Causes: "Why some did not get it", CausesHint: "By the reason that weighed most.", Because: "Reason", People: "Person by person",
		PeopleHint: "People stand here by their number. Looking one up leaves an entry in their log.", NoPeople: "There is no copy yet.", State: "State", Surface: "Shown in", Find: "Look up",
		NoRole: "Who got it is shown to roles of the policy alone.", Handed: "Take it to those whose copy is handed over, and to nobody else: the list is with avow message show.",
		Send: "Send it", SendIntro: "Name what kind of message it is and the purpose it goes under. Who has not agreed, has objected or has left does not get it.",
		ReasonHint: "A code of small letters, digits and hyphens, such as order-confirmed. People see it in their log.", RefHint: "Such as order:17; may be left out. It names nobody.", Title: "Title", Body: "Text",
		BodyHint: "A mail needs a title and a text. For another way, your own sender takes it: leave both empty.", To: "To whom", One: "One person", Everybody: "Everybody whose account is open",
		EverybodyHint: "As far as each of them may get it.", WhoHint: "Something that is theirs. It stands in no address and no log.", Sure: "Yes: let it go. What is sent cannot be called back",
		NotSure: "Please tick the box first.", NotOne: "That finds nobody, or several people: name something that is one person’s alone.", NotYours: "Your role does not act for this purpose.", Clause: "Notices of a changed policy are sent when it is published, and are not written here.",
		classes: map[string]string{
			"service": "service", "update": "update", "safety": "warning", "transaction": "order or payment", "survey": "survey", "marketing": "marketing", "policy": "change of the policy",
		},
		states: map[string]string{
			"waiting": "waiting", "sent": "sent", "handed": "handed over", "withheld": "not sent", "failed": "failed", "shown": "shown", "seen": "read",
		},
		whys: map[string]string{
			"account-ended": "the account has ended", "suppressed": "they opted out for good", "no-item": "the purpose has nothing to reach them by", "no-address": "no address of theirs is held",
			"replaced": "a later version took its place", "account.not-open": "the account is not open", "account.ended": "the account has ended", "consent.missing": "they did not agree", "consent.withdrawn": "they took their consent back",
			"consent.expired": "their consent has ended", "consent.not-explicit": "they did not agree to this by itself", "objection.stands": "they objected", "restricted": "their data is restricted", "version.not-accepted": "they did not accept the policy",
			"policy.declined": "they declined the policy", "minor.no-guardian": "no guardian agreed", "minor.refused": "they are under age", "minor.purpose": "not for people under age", "purpose.function": "they do not use what it belongs to",
			"ref.missing": "no order, ticket or case is named", "item.purpose": "the purpose does not have their address",
		},
		flashes: map[string]string{"message-sent": "Handed in. Each copy is decided and sent now; this page shows what became of it."},
	}
}

func letterChinese() *letterWords {
	return &letterWords{
		Messages: "消息", Message: "消息", Intro: "向用户发出的消息及每一份的结果。是否发给某人，在发送时逐人判定。",
		None: "此处没有消息", NoneHint: "程序或同事提交消息、或发布新版政策时，消息会出现在这里。", NoneOf: "请选择其他类别。",
		Class: "类别", Channel: "渠道", Reason: "发送原因", Made: "提交时间", Became: "结果", Purpose: "目的", Ref: "关联事项", All: "全部类别", Apply: "显示", New: "发送消息",
		Spreading: "正在生成", Text: "正文", TextKept: "以专用密钥封存，至最后一份发出为止", TextGone: "已销毁", TextNone: "此处没有：由贵方自行撰写",
		Causes: "部分未发送的原因", CausesHint: "按首要原因统计。", Because: "原因", People: "逐人结果",
		PeopleHint: "仅以编号列示。查看某人档案会在其日志中留下记录。", NoPeople: "尚无任何一份。", State: "状态", Surface: "展示于", Find: "查看",
		NoRole: "接收人仅向政策所列角色展示。", Handed: "仅向“已交付”者转送，其他人一概不发：名单见 avow message show。",
		Send: "发送", SendIntro: "写明消息类别及所依据的目的。未同意、已反对或已注销者不会收到。",
		ReasonHint: "由小写字母、数字和连字符组成的代码，例如 order-confirmed。用户可在其日志中看到。", RefHint: "例如 order:17，可不填。请勿提及任何人。", Title: "标题", Body: "正文",
		BodyHint: "电子邮件须有标题和正文。其他渠道由贵方自行发送：两者留空。", To: "发送给", One: "某一个人", Everybody: "账号有效的所有人",
		EverybodyHint: "以各人可接收为限。", WhoHint: "属于该人的标识。不会出现在任何地址或日志中。", Sure: "确认发送：发出后无法撤回",
		NotSure: "请先勾选确认框。", NotOne: "未找到该人，或对应多人：请提供仅属于一人的标识。", NotYours: "您的角色不具有该目的。", Clause: "政策变更通知在发布时发送，不在此处撰写。",
		classes: map[string]string{
			"service": "服务提醒", "update": "更新", "safety": "安全提示", "transaction": "订单或付款", "survey": "调查", "marketing": "营销", "policy": "政策变更",
		},
		states: map[string]string{
			"waiting": "待发", "sent": "已发送", "handed": "已交付", "withheld": "未发送", "failed": "失败", "shown": "已展示", "seen": "已阅读",
		},
		whys: map[string]string{
			"account-ended": "账号已注销", "suppressed": "已永久退订", "no-item": "该目的没有可用的联系方式", "no-address": "未保存其地址",
			"replaced": "已被更新的版本取代", "account.not-open": "账号不可用", "account.ended": "账号已注销", "consent.missing": "未同意", "consent.withdrawn": "已撤回同意",
			"consent.expired": "同意已到期", "consent.not-explicit": "未单独同意", "objection.stands": "已反对", "restricted": "信息被限制处理", "version.not-accepted": "未接受政策",
			"policy.declined": "不同意政策", "minor.no-guardian": "监护人未同意", "minor.refused": "未成年", "minor.purpose": "不适用于未成年人", "purpose.function": "未使用相关功能",
			"ref.missing": "未写明订单、工单或案件", "item.purpose": "该目的不包含其地址",
		},
		flashes: map[string]string{"message-sent": "已提交。正在逐人判定并发送，结果见本页。"},
	}
}
