package page

import "strings"

// Words are the fixed texts of a page in one language.
type Words struct {
	Heading   string // with the product's name: "%s: privacy policy"
	Version   string
	Updated   string
	InForce   string
	Earlier   string // Effective lies before Updated
	Data      string
	DataIntro string
	Item      string
	Why       string
	Source    string
	Kept      string
	Sensitive string
	Optional  string

	Purposes    string
	Purpose     string
	Ground      string
	Choice      string
	UsesAll     string
	Recipients  string
	NoRecipient string
	Recipient   string
	Where       string
	Gets        string
	Agreement   string
	Abroad      string
	OwnPolicy   string
	Retention   string
	Rule        string
	LawKeeps    string
	Rights      string
	Right       string
	Channels    string
	Verify      string
	Clocks      string
	Security    string
	People      string
	Contact     string
	Authority   string
	Clauses     string
	ClausesHint string
	HowKept     string
	ByPeople    string
	Assumed     string
	AssumedHint string
	Assumes     string // a badge
	Fingerprint string
	Rules       string
	Contents    string
}

// WordsIn returns the texts of a language, English where there are none.
func WordsIn(lang string) Words {
	if Chinese(lang) {
		return chinese()
	}
	return english()
}

// Chinese reports whether texts in lang are Chinese.
func Chinese(lang string) bool { return strings.HasPrefix(strings.ToLower(lang), "zh") }

func english() Words {
	return Words{
		Heading: "%s: privacy policy",
		Version: "Version", Updated: "Updated", InForce: "In force from",
		Earlier: "The text says that it took effect before it was last updated. Both dates are shown as published.",
		Data:    "What we collect", DataIntro: "Every kind of personal data, why we use it, where it comes from and how long we keep it. What is not on this list is not taken.",
		Item: "Data", Why: "What for", Source: "Where from", Kept: "How long",
		Sensitive: "sensitive", Optional: "optional",
		Purposes: "Why we use it", Purpose: "Purpose", Ground: "On what ground", Choice: "Your choice", UsesAll: "any data we hold about you",
		Recipients: "Who receives it", NoRecipient: "Nobody outside receives your data.", Recipient: "Recipient", Where: "Where", Gets: "What it gets", Agreement: "Agreement",
		Abroad: "abroad", OwnPolicy: "its policy",
		Retention: "How long we keep it", Rule: "Rule", LawKeeps: "law",
		Rights: "Your rights", Right: "Right", Channels: "How to ask", Verify: "How we know it is you", Clocks: "How fast",
		Security: "How it is protected", People: "Whom this is about", Contact: "How to reach us", Authority: "Where to complain",
		Clauses: "The policy, sentence by sentence", ClausesHint: "Each sentence has a number, and a control of the software that keeps it.",
		HowKept: "How it is kept", ByPeople: "signed by people",
		Assumed: "What the published text leaves open", AssumedHint: "Where the published text says nothing, something had to be assumed so that it can be carried out. These are our assumptions and the reasons for them.",
		Assumes: "assumed", Fingerprint: "Fingerprint of this text", Rules: "Rules it was checked against", Contents: "On this page",
	}
}

func chinese() Words {
	return Words{
		Heading: "%s 隐私政策",
		Version: "版本", Updated: "更新日期", InForce: "生效日期",
		Earlier: "文本所载生效日期早于更新日期，两个日期均按公布的原文列示。",
		Data:    "我们收集哪些信息", DataIntro: "下表列出全部个人信息的种类、用途、来源与保存期限。未列入的信息，我们不予收集。",
		Item: "信息", Why: "用途", Source: "来源", Kept: "保存期限",
		Sensitive: "敏感", Optional: "可选",
		Purposes: "我们为何使用", Purpose: "用途", Ground: "法律依据", Choice: "您的选择", UsesAll: "我们持有的您的任何信息",
		Recipients: "谁会收到", NoRecipient: "我们不向外部任何人提供您的信息。", Recipient: "接收方", Where: "所在地", Gets: "收到的信息", Agreement: "协议",
		Abroad: "境外", OwnPolicy: "其隐私政策",
		Retention: "保存多久", Rule: "规则", LawKeeps: "法定",
		Rights: "您的权利", Right: "权利", Channels: "行使方式", Verify: "身份核实", Clocks: "办理期限",
		Security: "如何保护", People: "适用人群", Contact: "联系我们", Authority: "向谁投诉",
		Clauses: "逐条阅读", ClausesHint: "每一句均有编号，并由软件中的相应控制保证履行。",
		HowKept: "如何履行", ByPeople: "由人员签署",
		Assumed: "公布文本未明确之处", AssumedHint: "公布文本未作说明的，须先作出假定方能执行。以下是我们的假定及理由。",
		Assumes: "假定", Fingerprint: "本文本指纹", Rules: "所依据的规则", Contents: "目录",
	}
}
