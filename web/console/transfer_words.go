package console

import "github.com/avow-dev/avow/page"

// transferWords are the texts about the business changing hands in one language. Texts
// with % take what their comment says.
type transferWords struct {
	Transfers, Transfer, Intro, None, NoneHint, Never, NeverHint, Kind, To, Items, Purposes, Changed, Document, State, Opened, People, Moved string

	// One transfer.
	Steps, StepTell, StepAccept, StepReady, StepMove, Concerned, Told, Early, Untold, Objected, Duties, DutiesHint, OfDuties, Lacks, LackDuties, LackUntold, LackEarly, LackNothing string // OfDuties: accepted, all; Lack…: how many
	Counted, Ended, Hash, HashHint, Next                                                                                                                                            string

	// What can be done.
	Tell, TellHint, TellSure, ToldOther, ToldHint, How, HowHint, Object, ObjectHint, Channel, Accept, AcceptHint, Clauses, ClausesHint, DocumentHint string
	Ready, ReadyHint, ReadySure, Run, RunHint, RunSure, RunClear, Cancel, CancelHint, CancelSure, NotOne                                             string

	// Opening one.
	New, NewHint, ItemsHint, ChangedHint string

	kinds, states, flashes map[string]string
}

func transferWordsIn(lang string) *transferWords {
	if page.Chinese(lang) {
		return transferChinese()
	}
	return transferEnglish()
}

// KindName says why the business changes hands.
func (k *transferWords) KindName(code string) string { return k.kinds[code] }

// StateName says where a transfer stands.
func (k *transferWords) StateName(code string) string { return k.states[code] }

// StateBadge is the class of where a transfer stands.
func (k *transferWords) StateBadge(code string) string {
	return map[string]string{"open": "badge-info", "ready": "badge-warn", "done": "badge-ok"}[code]
}

func transferEnglish() *transferWords {
	return &transferWords{
		Transfers: "Transfers", Transfer: "Transfer", Intro: "The business changes hands: what moves to whom, who was told, and who stays. Nothing moves before a transfer is ready.",
		None: "The business does not change hands", NoneHint: "Open a transfer when a merger, takeover, sale, reorganisation or bankruptcy is agreed.", Never: "The policy lets nothing move with the business",
		NeverHint: "For a transfer, the policy has to name succession among its sharing cases, and a recipient whose role is successor. Publish that first.", Kind: "Why", To: "Who takes over", Items: "What moves", Purposes: "What for", Changed: "New purposes",
		Document: "Where it is agreed", State: "State", Opened: "Opened", People: "People", Moved: "Moved",
		Steps: "Steps", StepTell: "Tell everybody", StepAccept: "Accept the duties", StepReady: "Let it begin", StepMove: "Hand it over", Concerned: "concerned", Told: "told in time", Early: "told too recently", Untold: "not told",
		Objected: "stay: they objected", Duties: "Duties of the policy", DutiesHint: "Who takes over is bound by the promises of the version in force, and accepts each.", OfDuties: "%d of %d accepted", Lacks: "What it still lacks",
		LackDuties: "Duties not accepted yet: %d.", LackUntold: "People not told: %d.", LackEarly: "People told, but not long enough ago yet: %d.", LackNothing: "Nothing stands against it: it can be let begin.", Counted: "People when it was opened",
		Ended: "Ended", Hash: "Fingerprint of what was handed over", HashHint: "SHA-256 of the file. Compare it before you delete yours.", Next: "What can be done",
		Tell: "Write to everybody not told yet", TellHint: "A mail in every language of the policy: what moves to whom, when at the soonest, how to object, and how to have everything deleted.", TellSure: "Yes: send the letters",
		ToldOther: "Somebody was told otherwise", ToldHint: "By post, on the telephone, in person. It is recorded for this person.", How: "How", HowHint: "In a word: post, phone, in-person.", Object: "Somebody does not want to go along",
		ObjectHint: "Theirs stays here, whatever else moves.", Channel: "Where they said so", Accept: "Duties were accepted", AcceptHint: "Recorded for the version in force. A new version asks for it again.", Clauses: "Only these clauses",
		ClausesHint: "By their ids, with blanks between. Empty: all of them.", DocumentHint: "Such as the number of a file. It names nobody.", Ready: "Let it begin", ReadyHint: "From then on data may move by it. It is refused while anything is lacking.", ReadySure: "Yes: data may move from now on",
		Run: "Hand the data over", RunHint: "You get a file with a JSON object a line; each person’s data is decided and written in the log by itself, and the transfer ends. Hand the file over encrypted, then delete it.", RunSure: "Yes: hand over what moves. It cannot be done again",
		RunClear: "The file has values in clear: a colleague whose role sees them hands it over.", Cancel: "Cancel it", CancelHint: "Nothing moves by it any more.", CancelSure: "Yes: nothing moves by it any more", NotOne: "That finds nobody, or several people: name something that is one person’s alone.",
		New: "Open a transfer", NewHint: "Nothing moves by opening it: it counts whom it concerns, and who takes over gets nothing until it is ready.", ItemsHint: "Only what the policy lets who takes over have.", ChangedHint: "New to people: each is asked for consent, and without it nothing moves for it.",
		kinds:  map[string]string{"merger": "merger", "takeover": "takeover", "sale": "sale of assets", "reorganisation": "reorganisation", "bankruptcy": "bankruptcy"},
		states: map[string]string{"open": "being prepared", "ready": "ready", "done": "handed over", "cancelled": "cancelled"},
		flashes: map[string]string{
			"transfer-open": "The transfer is open. Tell everybody concerned next.", "transfer-tell": "The letters are on their way.", "transfer-told": "Recorded.", "transfer-object": "Recorded: theirs stays.",
			"transfer-accept": "The duties are recorded as accepted.", "transfer-ready": "It is ready: data may move by it.", "transfer-run": "Done: there was nothing to hand over.", "transfer-cancel": "The transfer is cancelled.",
		},
	}
}

func transferChinese() *transferWords {
	return &transferWords{
		Transfers: "业务转移", Transfer: "业务转移", Intro: "业务易主：哪些信息转移给谁、已告知谁、谁不随之转移。就绪之前不转移任何信息。",
		None: "没有业务转移", NoneHint: "合并、收购、资产转让、重组或破产一经约定，即可立案。", Never: "政策不允许信息随业务转移",
		NeverHint: "政策须在共享情形中写明 succession，并列出角色为 successor 的接收方。请先发布。", Kind: "事由", To: "承继方", Items: "转移的信息", Purposes: "目的", Changed: "新增目的",
		Document: "约定文件", State: "状态", Opened: "立案", People: "涉及人数", Moved: "已转移",
		Steps: "步骤", StepTell: "告知全部相关用户", StepAccept: "接受义务", StepReady: "准予开始", StepMove: "移交", Concerned: "涉及", Told: "已按时告知", Early: "告知时间不足", Untold: "尚未告知",
		Objected: "已反对，不转移", Duties: "政策义务", DutiesHint: "承继方受现行版本各项承诺约束，须逐项接受。", OfDuties: "已接受 %d 项，共 %d 项", Lacks: "尚缺事项",
		LackDuties: "尚未接受的义务：%d 项。", LackUntold: "尚未告知：%d 人。", LackEarly: "告知时间不足：%d 人。", LackNothing: "已无障碍，可准予开始。", Counted: "立案时涉及人数",
		Ended: "结束", Hash: "移交内容的指纹", HashHint: "文件的 SHA-256。删除自留文件前请核对。", Next: "可办理事项",
		Tell: "致函尚未告知者", TellHint: "以政策的各种语言发送邮件：转移内容与对象、最早时间、如何反对、如何删除全部信息。", TellSure: "确认发送",
		ToldOther: "已以其他方式告知某人", ToldHint: "邮寄、电话或当面。为该人登记。", How: "方式", HowHint: "一个词：post、phone、in-person。", Object: "某人不愿随之转移",
		ObjectHint: "无论其他如何，该人信息不转移。", Channel: "提出渠道", Accept: "义务已被接受", AcceptHint: "针对现行版本登记。新版本须重新接受。", Clauses: "仅限以下条款",
		ClausesHint: "填写条款编号，以空格分隔。留空：全部。", DocumentHint: "例如文件编号。请勿提及任何人。", Ready: "准予开始", ReadyHint: "此后可据此转移信息。尚有缺项时不予准许。", ReadySure: "确认：此后可转移信息",
		Run: "移交信息", RunHint: "您将获得一个文件，每行一个 JSON 对象；每个人的信息逐一判定并记入日志，转移随即结束。请加密移交，随后删除。", RunSure: "确认移交，此操作只能进行一次",
		RunClear: "文件含明文：须由可查看明文的同事移交。", Cancel: "取消", CancelHint: "不再据此转移任何信息。", CancelSure: "确认：不再据此转移", NotOne: "未找到该人，或对应多人：请提供仅属于一人的标识。",
		New: "业务转移立案", NewHint: "立案不转移任何信息，仅统计涉及人数；就绪之前承继方一无所得。", ItemsHint: "仅限政策允许承继方获得者。", ChangedHint: "对用户属新增：逐人征得同意，未经同意不为此转移。",
		kinds:  map[string]string{"merger": "合并", "takeover": "收购", "sale": "资产转让", "reorganisation": "重组", "bankruptcy": "破产"},
		states: map[string]string{"open": "准备中", "ready": "已就绪", "done": "已移交", "cancelled": "已取消"},
		flashes: map[string]string{
			"transfer-open": "已立案。下一步请告知全部相关用户。", "transfer-tell": "函件正在发送。", "transfer-told": "已登记。", "transfer-object": "已登记：该人信息不转移。",
			"transfer-accept": "已登记为接受。", "transfer-ready": "已就绪：可据此转移信息。", "transfer-run": "已完成：没有可移交的信息。", "transfer-cancel": "已取消。",
		},
	}
}
