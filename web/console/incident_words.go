package console

import (
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/page"
)

// incidentWords are the texts about incidents in one language. Texts with % take what
// their comment says.
type incidentWords struct {
	Incidents, Incident, Intro, Declare, DeclareIntro, None, NoneHint, Next, Charge, Nobody, Discovered, Declared, Closed string
	Open, Clocks, ClocksHint, Duty, Until, Within, AtOnce, Done, DoneLate, SetBy, Policy, Running                         string // Done, DoneLate: none
	Happened, NotWritten, Advice, Touched, Case, Level, Kind                                                              string

	// Whom it concerns.
	People, PeopleHint, Concerned, Told, Waiting, Unreachable, Gone, Found, NotFound, Again, Person, Record, First string // First: how many are shown
	Since                                                                                                          string

	// What is done about it.
	Plan, Measure, Add, AddHint, What, Owner, Carried, Note, NoteHint, TakeCharge, ChargeHint           string
	Authority, AuthorityHint, Report, Law, Tell, TellHint, TellSure, Language, End, EndHint, EndSure    string // TellSure: how many
	Timeline, Ordered, ReportHint                                                                       string
	TouchedHint, Staff, StaffHint, Key, Recipient, System, Items, From, To, OneHint, Vault, Any, Unsure string
	NeedTime, NotOne, HappenedHint, AdviceHint, OfEach, Started, LevelAuto                              string

	kindHints     map[string]string
	duties, steps map[string]string
	flashes       map[string]string
}

func incidentWordsIn(lang string) *incidentWords {
	if page.Chinese(lang) {
		return incidentChinese()
	}
	return incidentEnglish()
}

// KindHint says what a kind of incident is.
func (k *incidentWords) KindHint(code string) string { return k.kindHints[code] }

// DutyName says what a clock waits for.
func (k *incidentWords) DutyName(d incident.Duty) string { return k.duties[string(d)] }

func incidentEnglish() *incidentWords {
	return &incidentWords{
		Incidents: "Incidents", Incident: "Incident", Intro: "When data got out, was lost, changed, or seen by who may not see it.", Declare: "Declare an incident",
		DeclareIntro: "As soon as somebody knows of it. The clocks run from the discovery, and you take charge.", None: "No incident stands here",
		NoneHint: "What people report as a leak opens one by itself; everything else you declare.", Next: "Next", Charge: "In charge", Nobody: "nobody yet", Discovered: "Discovered",
		Declared: "Declared", Closed: "Closed", Open: "open", Clocks: "Deadlines", ClocksHint: "Each at the strictest of policy and law. What was done late stays late.", Duty: "What is to be done",
		Until: "until", Within: "Set by", AtOnce: "at once", Done: "done", DoneLate: "done late", SetBy: "set by", Policy: "the policy", Running: "running",
		Happened: "What happened", NotWritten: "Not written yet.", Advice: "What people can do", Touched: "What was touched", Case: "Reported in a case", Level: "Urgency", Kind: "What happened to the data",
		People: "Whom it concerns", PeopleHint: "As the log says. People who were erased are not among them: nothing of theirs is left to be told.", Concerned: "concerned", Told: "told",
		Waiting: "wait for their letter", Unreachable: "unreachable", Gone: "erased meanwhile", Found: "Looked for", NotFound: "not looked for yet", Again: "Look in the log again", Person: "Person",
		Record: "Open the record", First: "The first %d. avow incident people lists all.", Since: "Found",
		Plan: "The plan", Measure: "Measure", Add: "Add a measure", AddHint: "What else is to be done, and which role sees to it.", What: "What is to be done", Owner: "Seen to by", Carried: "It was carried out",
		Note: "What was done", NoteHint: "Name nobody.", TakeCharge: "Take charge", ChargeHint: "You lead from now on, under your own name. The plan has started then.",
		Authority: "The authority was told", AuthorityHint: "Record it when the report is filed. avow files nothing by itself.", Report: "Report", Law: "Law", Tell: "Write to those concerned",
		TellHint: "Each gets a letter in these words: what happened, and what they can do. It names nobody.", TellSure: "Yes: write to %d people now", Language: "Language of the letters",
		End: "Close the incident", EndHint: "Refused while a measure is open, an authority was not told, or somebody waits for their letter.", EndSure: "Yes: everything is done",
		Timeline: "Timeline", Ordered: "Letters were ordered", ReportHint: "What is on record, as the law asks for it: with your additions it goes to the authority.",
		TouchedHint: "The log says whom it concerns. Several of these narrow each other.", Staff: "What one of the staff used", StaffHint: "between the two times below", Key: "What a program with this API key used",
		Recipient: "What a recipient was given", System: "What lies in a system", Items: "Only these data", From: "It began", To: "It ended", OneHint: "One person, by something that is theirs", Vault: "avow’s own store",
		Any: "–", Unsure: "Please tick the box first.", NeedTime: "Write a time as 2027-03-31 14:30.", NotOne: "That finds nobody, or several people: take another identifier.",
		HappenedHint: "In words that people and authorities are told. It can be written later.", AdviceHint: "At least twenty characters.", OfEach: "of", Started: "The plan started",
		LevelAuto: "as the kind says: highest for accounts, else high",
		kindHints: map[string]string{"leak": "it went to who may not have it", "access": "somebody saw it who may not", "account": "somebody else has an account or its password", "loss": "it is gone", "alteration": "it was changed"},
		duties:    map[string]string{"plan": "Somebody takes charge", "authority": "The authority is told", "people": "Those concerned are told"},
		steps:     map[string]string{"plan": "Charge was taken", "authority": "The authority was told", "people": "Those concerned were told"},
		flashes: map[string]string{
			"incident-declared": "The incident is declared; its clocks run, and you are in charge.", "incident-charge": "You are in charge.", "incident-measure": "The measure is in the plan.",
			"incident-done": "Recorded.", "incident-authority": "Recorded: the authority was told.", "incident-tell": "The letters are on their way.", "incident-find": "The log was read again.",
			"incident-close": "The incident is closed.",
		},
	}
}

func incidentChinese() *incidentWords {
	return &incidentWords{
		Incidents: "安全事件", Incident: "安全事件", Intro: "信息泄露、丢失、被篡改或被无权者查看时的处置。", Declare: "申报安全事件",
		DeclareIntro: "一经知悉即应申报。期限自发现时起算，由您负责处置。", None: "此处没有安全事件",
		NoneHint: "用户举报泄露会自动立案；其余由您申报。", Next: "下一期限", Charge: "负责人", Nobody: "尚无", Discovered: "发现时间",
		Declared: "申报时间", Closed: "结案时间", Open: "处理中", Clocks: "期限", ClocksHint: "以政策与法律中较严者为准。逾期完成的仍记为逾期。", Duty: "须完成的事项",
		Until: "最迟", Within: "依据", AtOnce: "立即", Done: "已完成", DoneLate: "逾期完成", SetBy: "依据", Policy: "政策", Running: "进行中",
		Happened: "事件情况", NotWritten: "尚未填写。", Advice: "对个人的建议", Touched: "涉及范围", Case: "来自案件", Level: "紧急程度", Kind: "信息发生了什么",
		People: "涉及的个人", PeopleHint: "依日志查明。已被删除的个人不在其列：其信息已不存在。", Concerned: "涉及人数", Told: "已告知",
		Waiting: "待告知", Unreachable: "无法送达", Gone: "其间已删除", Found: "查找时间", NotFound: "尚未查找", Again: "重新查找日志", Person: "个人",
		Record: "打开记录", First: "仅列前 %d 人；avow incident people 可列出全部。", Since: "查明时间",
		Plan: "处置预案", Measure: "措施", Add: "添加措施", AddHint: "还须做什么，由哪个角色办理。", What: "措施内容", Owner: "办理角色", Carried: "已执行",
		Note: "执行情况", NoteHint: "请勿提及任何人。", TakeCharge: "负责处置", ChargeHint: "自此由您以本人名义负责，预案随即启动。",
		Authority: "已报告主管机关", AuthorityHint: "报告提交后在此记录。avow 不会自行提交。", Report: "报告", Law: "法律", Tell: "告知涉及的个人",
		TellHint: "每人将收到以下内容的信件：发生了什么、可以怎样做。请勿提及任何人。", TellSure: "确认：立即告知 %d 人", Language: "信件语言",
		End: "结案", EndHint: "尚有措施未完成、主管机关未获报告或有人待告知时，不能结案。", EndSure: "确认：全部完成",
		Timeline: "时间线", Ordered: "已安排告知信", ReportHint: "按法律要求列出现有记录，补充后提交主管机关。",
		TouchedHint: "涉及哪些人由日志查明。多项条件同时满足才算。", Staff: "某工作人员使用的信息", StaffHint: "在下列两个时间之间", Key: "使用此 API 密钥的程序使用的信息",
		Recipient: "提供给某接收方的信息", System: "存于某系统的信息", Items: "仅限以下信息", From: "开始时间", To: "结束时间", OneHint: "某一个人（按其标识符）", Vault: "avow 自身存储",
		Any: "–", Unsure: "请先勾选确认框。", NeedTime: "请按 2027-03-31 14:30 的格式填写时间。", NotOne: "未找到任何人或找到多人：请换用其他标识符。",
		HappenedHint: "将告知个人和主管机关的文字，可稍后填写。", AdviceHint: "至少二十个字符。", OfEach: "/", Started: "预案已启动",
		LevelAuto: "按类型确定：账号为最高，其余为高",
		kindHints: map[string]string{"leak": "落入无权者之手", "access": "被无权者查看", "account": "账号或密码落入他人之手", "loss": "信息丢失", "alteration": "信息被改动"},
		duties:    map[string]string{"plan": "有人负责处置", "authority": "报告主管机关", "people": "告知涉及的个人"},
		steps:     map[string]string{"plan": "已有人负责", "authority": "已报告主管机关", "people": "已告知涉及的个人"},
		flashes: map[string]string{
			"incident-declared": "安全事件已申报，期限开始计算，由您负责。", "incident-charge": "现由您负责。", "incident-measure": "措施已列入预案。",
			"incident-done": "已记录。", "incident-authority": "已记录：主管机关已获报告。", "incident-tell": "告知信正在发出。", "incident-find": "已重新查找日志。",
			"incident-close": "安全事件已结案。",
		},
	}
}
