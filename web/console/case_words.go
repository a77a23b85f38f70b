package console

import (
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/page"
)

// caseWords are the texts about cases in one language. Texts with % take what their
// comment says.
type caseWords struct {
	Cases, Case, TakeDown, Mine, Turn, Due, NoClock, None, NoneHint                        string
	ReadKnown, ReadUnknown, Known, Unknown, Waits, By, Rule, Answered                      string // Waits: the role
	Reply, ReplyHint, ReplyMore, ReplyClock, ReplyText, Delay, DelayHint, Again, AgainHint string
	AgainText, Close, CloseHint, How, Outcome, Late, Gone, AnswerTo                        string
	Before, Before2, Entry, LateHint, PutOff, Ended                                        string

	// Taking a case down.
	NewIntro, Kind, Topic, Text, TextHint, Contact, ContactHint, Who, WhoHint, Nobody, Several, LongContact string

	deeds, flashes map[string]string
}

func caseWordsIn(lang string) *caseWords {
	if page.Chinese(lang) {
		return caseChinese()
	}
	return caseEnglish()
}

// deed says what an event of a case is.
func (k *caseWords) deed(kind string) string {
	if s, ok := k.deeds[kind]; ok {
		return s
	}
	return kind
}

// notOne says why nobody can be told from what they gave.
func (k *caseWords) notOne(found int) string {
	if found == 0 {
		return k.Nobody
	}
	return k.Several
}

func caseEnglish() *caseWords {
	return &caseWords{
		Cases: "Cases", Case: "Case", TakeDown: "Take a case down", Mine: "yours to answer", Turn: "Whose turn", Due: "Answer due", NoClock: "no clock",
		None: "No case stands here", NoneHint: "Questions, suggestions and complaints appear as people write, or as you take them down.",
		ReadKnown:   "That you read this stands in the log, and its person sees it: “Staff read your case”.",
		ReadUnknown: "That you read this stands in the log.",
		Known:       "somebody known: the case is among theirs", Unknown: "nobody who is known", Waits: "It is the turn of %s.", By: "Came by", Rule: "Because of",
		Answered: "First answered", Reply: "Answer", ReplyHint: "It is sent to the person, with where they can complain.", ReplyMore: "Answer once more", ReplyClock: "The first answer stops the clock.",
		ReplyText: "The answer", Delay: "The answer takes longer", DelayHint: "Once, and before it is due. The person is told why, and until when:",
		Again: "The answer does not satisfy", AgainHint: "Where the person said so: this case is closed, and another with its own clock goes to somebody who did not answer this one.",
		AgainText: "What is wrong with the answer", Close: "Close the case", CloseHint: "The person is told how it ended, and where they can complain.",
		How: "How it ended", Outcome: "Ended", Late: "late", Gone: "What was written here is gone.", AnswerTo: "Answer to",
		Before: "The case before it", Before2: "Looks again at", Entry: "Entry", LateHint: "The answer came after it was due.", PutOff: "Put off", Ended: "Closed",
		NewIntro: "What somebody said on the telephone, in a letter or across the counter. The clock starts now.", Kind: "What it is", Topic: "What it is about",
		Text: "What they said", TextHint: "The whole story, in their words. Numbers of cards and identity papers do not belong here.",
		Contact: "Where the answer goes", ContactHint: "An e-mail address gets the letters by itself; anything else you write to.",
		Who: "Who it is, where they proved it", WhoHint: "May be left out. With it the case stands among theirs, and is kept and erased with their record.",
		Nobody:      "Nobody is found by that: look for typing errors, or leave it out.",
		Several:     "Several people share that: take another identifier, or leave it out.",
		LongContact: "Where the answer goes has at most 300 bytes.",
		deeds: map[string]string{
			audit.CaseOpened.String(): "The case was opened", audit.CaseReplied.String(): "Answered", audit.CaseDelayed.String(): "The answer takes longer",
			audit.CaseEscalated.String(): "The answer did not satisfy", audit.CaseClosed.String(): "Closed", audit.CaseKeyEnded.String(): "What was written was destroyed",
		},
		flashes: map[string]string{
			"case-open": "The case is taken down; its clock runs.", "case-reply": "The answer is on its way.", "case-delay": "The person is told why, and until when.",
			"case-escalate": "This is the case that looks at it again.", "case-close": "The case is closed, and the person told.",
		},
	}
}

func caseChinese() *caseWords {
	return &caseWords{
		Cases: "案件", Case: "案件", TakeDown: "登记案件", Mine: "待我答复", Turn: "承办角色", Due: "最迟答复", NoClock: "无期限",
		None: "此处没有案件", NoneHint: "有人来信，或由您登记后，咨询、建议与投诉会显示在这里。",
		ReadKnown: "您查阅本案已记入日志，本人会看到：“工作人员查阅了您的案件”。", ReadUnknown: "您查阅本案已记入日志。",
		Known: "身份已知，本案列于其案件中", Unknown: "身份未知", Waits: "应由%s办理。", By: "渠道", Rule: "依据",
		Answered: "首次答复", Reply: "答复", ReplyHint: "答复将发送给此人，并告知可向何处投诉。", ReplyMore: "再次答复", ReplyClock: "首次答复后不再计时。", ReplyText: "答复内容",
		Delay: "延期答复", DelayHint: "仅限一次，且须在到期之前。将告知此人原因和新的期限：",
		Again: "对答复不满意", AgainHint: "此人表示不满意时使用：本案办结，另立一案重新计时，由未答复过本案的人复核。", AgainText: "对答复的意见",
		Close: "办结案件", CloseHint: "将告知此人办理结果，以及可向何处投诉。", How: "办理结果", Outcome: "结果", Late: "逾期", Gone: "此处内容已销毁。",
		AnswerTo: "答复寄往", Before: "前案", Before2: "复核", Entry: "记录", LateHint: "答复时已过期限。", PutOff: "延期原因", Ended: "办结时间",
		NewIntro: "用于来电、来函或当面提出的事项。期限即刻开始计算。", Kind: "类型", Topic: "涉及事项", Text: "所述内容", TextHint: "请按原话完整记录；请勿填写银行卡号与证件号码。",
		Contact: "答复寄往", ContactHint: "电子邮箱会自动收到信件；其他方式由您另行寄送。", Who: "已核实的身份", WhoHint: "可不填。填写后本案列于其案件中，并随其记录一同保存和删除。",
		Nobody: "未找到任何人：请检查是否有误，或留空。", Several: "多人共用此标识：请换用其他标识，或留空。", LongContact: "答复地址最多 300 字节。",
		deeds: map[string]string{
			audit.CaseOpened.String(): "案件受理", audit.CaseReplied.String(): "已答复", audit.CaseDelayed.String(): "延期答复",
			audit.CaseEscalated.String(): "对答复不满意", audit.CaseClosed.String(): "已办结", audit.CaseKeyEnded.String(): "内容已销毁",
		},
		flashes: map[string]string{
			"case-open": "案件已登记，期限开始计算。", "case-reply": "答复已发出。", "case-delay": "已告知此人原因和新的期限。", "case-escalate": "这是复核案件。", "case-close": "案件已办结，并已告知此人。",
		},
	}
}
