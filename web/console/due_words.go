package console

import "github.com/avow-dev/avow/page"

// dueWords are the texts of the front page in one language. Texts with % take a number.
type dueWords struct {
	Due, Intro, Thing, None, NoneHint, More                        string // More: how many are not shown
	Hours, HoursLate, Soon, AtOnce                                 string // Hours, HoursLate: hours
	Audit, Agreement, AgreementEnded, Assessed, Coming, Waits, Out string
	NotSigned, About                                               string

	kinds, one map[string]string // of tabs; of single things
}

func dueWordsIn(lang string) *dueWords {
	if page.Chinese(lang) {
		return dueChinese()
	}
	return dueEnglish()
}

// One names the kind of one thing.
func (d *dueWords) One(kind string) string { return d.one[kind] }

func dueEnglish() *dueWords {
	return &dueWords{
		Due: "Due", Intro: "Everything on this platform that has a clock, the most urgent first.", Thing: "What", None: "Nothing is due",
		NoneHint: "Requests, cases, incidents, signatures and contracts appear here as their time comes near.", More: "%d more are not shown: choose a kind.",
		Hours: "%d hours left", HoursLate: "%d hours late", Soon: "less than an hour left", AtOnce: "at once",
		Audit: "Audit of a recipient", Agreement: "Agreement ends", AgreementEnded: "Agreement has ended", Assessed: "Assessment ends", Coming: "New version takes effect", Waits: "its notices are not out yet",
		Out: "its notices are out", NotSigned: "Not signed", About: "About",
		kinds: map[string]string{
			"all": "all", "overdue": "overdue", "week": "within 7 days", "request": "requests", "case": "cases", "incident": "incidents", "duty": "duties", "recipient": "recipients",
			"staff": "staff", "policy": "policy",
		},
		one: map[string]string{
			"request": "request", "case": "case", "incident": "incident", "duty": "duty", "recipient": "recipient", "staff": "staff", "policy": "policy",
		},
	}
}

func dueChinese() *dueWords {
	return &dueWords{
		Due: "待办", Intro: "本平台所有有期限的事项，最紧急的在前。", Thing: "事项", None: "没有到期事项",
		NoneHint: "请求、案件、安全事件、签署与合同临近期限时会显示在这里。", More: "另有 %d 项未显示：请选择类别。",
		Hours: "还剩 %d 小时", HoursLate: "逾期 %d 小时", Soon: "不足一小时", AtOnce: "立即",
		Audit: "审计接收方", Agreement: "协议到期", AgreementEnded: "协议已到期", Assessed: "评估到期", Coming: "新版本生效", Waits: "通知尚未发出",
		Out: "通知已发出", NotSigned: "尚未签署", About: "说明",
		kinds: map[string]string{
			"all": "全部", "overdue": "已逾期", "week": "7 天内", "request": "请求", "case": "案件", "incident": "安全事件", "duty": "职责", "recipient": "接收方",
			"staff": "人员", "policy": "政策",
		},
		one: map[string]string{
			"request": "请求", "case": "案件", "incident": "安全事件", "duty": "职责", "recipient": "接收方", "staff": "人员", "policy": "政策",
		},
	}
}
