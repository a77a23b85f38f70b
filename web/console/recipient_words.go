package console

import "github.com/avow-dev/avow/page"

// recipientWords are the texts about recipients in one language.
type recipientWords struct {
	Recipients, Recipient, Intro, None, NoneHint, Role, State, Gets, Stopped, Why, Agreement, Audit, Next, Needed, NotNeeded string
	All, Good, Watch                                                                                                         string

	// One recipient.
	Purposes, Items, Country, Own, Answers, Findings, NoFindings, Instructions, InstructionsHint, AcceptedBy, NotAccepted string
	Document, DocumentHint, Signed, Until, NoEnd, Ended, Passed, Failed, Told, Proof, By, AuditDue, LastAudit, Never      string
	Fingerprint                                                                                                           string

	// What can be recorded.
	Record, RecordHint, Kind, Outcome, Remedy, NoRemedy, HoldsUntil, HoldsHint, SignAgreement, SignHint, LastDay string
	Accept, AcceptHint, Stop, StopHint, StopSure, SignAudit, Declare                                             string

	kinds, remedies, roles, whys, flashes map[string]string
}

func recipientWordsIn(lang string) *recipientWords {
	if page.Chinese(lang) {
		return recipientChinese()
	}
	return recipientEnglish()
}

// KindName names a kind of finding.
func (k *recipientWords) KindName(code string) string { return k.kinds[code] }

// RemedyName says what a recipient was told to do with what it holds.
func (k *recipientWords) RemedyName(code string) string { return k.remedies[code] }

// RoleName says what a recipient is.
func (k *recipientWords) RoleName(code string) string { return k.roles[code] }

// WhyName says why a recipient gets nothing.
func (k *recipientWords) WhyName(code string) string { return k.whys[code] }

func recipientEnglish() *recipientWords {
	return &recipientWords{
		Recipients: "Recipients", Recipient: "Recipient", Intro: "Who receives data, what lets it go there, and what stands against it.", None: "No recipient stands here",
		NoneHint: "Choose another tab.", Role: "Role", State: "State", Gets: "gets data", Stopped: "gets nothing", Why: "Why", Agreement: "Agreement", Audit: "Audit", Next: "Next audit",
		Needed: "needed", NotNeeded: "not needed", All: "all", Good: "get data", Watch: "ends soon",
		Purposes: "For", Items: "Data", Country: "Country", Own: "Its own policy", Answers: "Called", Findings: "Assessments and findings", NoFindings: "Nothing is on record.",
		Instructions: "Instructions", InstructionsHint: "What it is told to do with the data, as the version in force says.", AcceptedBy: "Accepted", NotAccepted: "Those of the version in force are not accepted yet.",
		Document: "Where it can be read", DocumentHint: "Such as the number of a file. It names nobody.", Signed: "Signed", Until: "until", NoEnd: "no end", Ended: "ended", Passed: "passed", Failed: "failed",
		Told: "It was told to", Proof: "Entry", By: "by", AuditDue: "Audit due", LastAudit: "Last audit signed", Never: "never", Fingerprint: "Fingerprint",
		Record: "Record what was found", RecordHint: "What failed stops everything that goes there, at once. An audit that passed lets it go on.", Kind: "What was looked into", Outcome: "How it ended",
		Remedy: "What it does with what it holds", NoRemedy: "nothing is said", HoldsUntil: "Last day on which it holds", HoldsHint: "Empty: until the next.", SignAgreement: "Record an agreement",
		SignHint: "It takes the place of the one before.", LastDay: "Last day", Accept: "It accepted the instructions", AcceptHint: "Those of the version in force, by their fingerprint.",
		Stop: "Stop it now", StopHint: "Recorded as a breach. Nothing goes there any more until an audit passes.", StopSure: "Yes: stop everything that goes to this recipient",
		SignAudit: "Sign the audit", Declare: "Declare an incident there",
		kinds:    map[string]string{"ability": "ability", "security": "security", "audit": "audit", "breach": "breach"},
		remedies: map[string]string{"delete": "delete what it holds", "return": "return what it holds"},
		roles: map[string]string{
			"processor": "processor", "sdk": "SDK", "partner": "partner", "affiliate": "affiliate", "authority": "authority", "successor": "successor",
		},
		whys: map[string]string{
			"suspended": "an assessment or audit failed, or a breach was found", "audit": "its audit is overdue", "agreement": "no agreement is in force", "review": "it was not assessed",
			"instructions": "it has not accepted the instructions in force",
		},
		flashes: map[string]string{
			"recipient-finding": "Recorded.", "recipient-agreement": "The agreement is recorded.", "recipient-instructions": "Recorded: the instructions are accepted.",
			"recipient-stop": "Nothing goes there any more.",
		},
	}
}

func recipientChinese() *recipientWords {
	return &recipientWords{
		Recipients: "接收方", Recipient: "接收方", Intro: "谁接收信息、凭什么提供、有何阻碍。", None: "此处没有接收方",
		NoneHint: "请选择其他标签。", Role: "角色", State: "状态", Gets: "可提供", Stopped: "停止提供", Why: "原因", Agreement: "协议", Audit: "审计", Next: "下次审计",
		Needed: "必须", NotNeeded: "不要求", All: "全部", Good: "可提供", Watch: "即将到期",
		Purposes: "目的", Items: "信息", Country: "国家或地区", Own: "其自身政策", Answers: "访问结果", Findings: "评估与发现", NoFindings: "没有记录。",
		Instructions: "处理指示", InstructionsHint: "依现行版本，要求其如何处理信息。", AcceptedBy: "已接受", NotAccepted: "尚未接受现行版本的指示。",
		Document: "文件编号或位置", DocumentHint: "例如文件编号。请勿提及任何人。", Signed: "签署", Until: "至", NoEnd: "无期限", Ended: "已到期", Passed: "通过", Failed: "未通过",
		Told: "已要求其", Proof: "条目", By: "记录人", AuditDue: "审计期限", LastAudit: "最近签署审计", Never: "从未", Fingerprint: "指纹",
		Record: "记录评估结果", RecordHint: "未通过即刻停止向其提供；审计通过后恢复。", Kind: "评估内容", Outcome: "结果",
		Remedy: "对所持信息的要求", NoRemedy: "不作要求", HoldsUntil: "最后有效日", HoldsHint: "留空：至下次评估。", SignAgreement: "记录协议",
		SignHint: "取代此前的协议。", LastDay: "最后有效日", Accept: "已接受处理指示", AcceptHint: "以指纹确认的现行版本指示。",
		Stop: "立即停止", StopHint: "记为违约。审计通过之前不再向其提供任何信息。", StopSure: "确认：停止向该接收方提供一切信息",
		SignAudit: "签署审计", Declare: "申报其安全事件",
		kinds:    map[string]string{"ability": "能力", "security": "安全", "audit": "审计", "breach": "违约"},
		remedies: map[string]string{"delete": "删除所持信息", "return": "返还所持信息"},
		roles: map[string]string{
			"processor": "受托方", "sdk": "SDK", "partner": "合作方", "affiliate": "关联公司", "authority": "主管机关", "successor": "承继方",
		},
		whys: map[string]string{
			"suspended": "评估或审计未通过，或发现违约", "audit": "审计逾期", "agreement": "没有有效协议", "review": "未经评估",
			"instructions": "未接受现行指示",
		},
		flashes: map[string]string{
			"recipient-finding": "已记录。", "recipient-agreement": "协议已记录。", "recipient-instructions": "已记录：处理指示已被接受。",
			"recipient-stop": "已停止向其提供。",
		},
	}
}
