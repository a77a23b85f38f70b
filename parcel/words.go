package parcel

import "strings"

// words are the fixed texts of the page.
type words struct {
	Title, Intro, Request, Subject, Received, Made, Expires, Policy, Contact, Contents string
	About, Records, Column, What, Value, Category, Purposes, Source, Since, Kept       string
	Recipients, Recipient, Nobody, Place, Nothing                                      string
	Disclosures, NoDisclosure, Scenario, When                                          string
	Consents, NoConsent, Said, Channel                                                 string
	Cases, CasesIntro, NoCase, CaseDue, AnswerTo, Text, Gone                           string
	Log, LogIntro, Number, Happened, Details, Foot                                     string
	Set, Empty, Bytes                                                                  string
}

// wordsIn returns the texts in a language; English where there are none.
func wordsIn(language string) words {
	if strings.HasPrefix(strings.ToLower(language), "zh") {
		return chinese()
	}
	return english()
}

func english() words {
	return words{
		Title:   "What we hold about you",
		Intro:   "This package holds every value we have about you, where it is kept, what we use it for, how long we keep it and who has received it. data.json and data.csv hold the same for machines.",
		Request: "Request", Subject: "Your id", Received: "Asked on", Made: "Made on", Expires: "Our copy is deleted on", Policy: "Under the policy", Contact: "Questions", Contents: "Contents",
		About: "What these columns are", Records: "Your records", Column: "Column", What: "What it is", Value: "Value", Category: "Category", Purposes: "What it is used for",
		Source: "Where it came from", Since: "Since", Kept: "How long it is kept", Recipients: "Who received it", Recipient: "Recipient", Nobody: "nobody", Place: "Where it is kept",
		Nothing:     "Nothing is held here.",
		Disclosures: "Who received your data", NoDisclosure: "Nothing was given to anybody.", Scenario: "On what ground", When: "When",
		Consents: "What you agreed to and refused", NoConsent: "Nothing was asked of you, and you objected to nothing.", Said: "Your answer", Channel: "Where",
		Cases: "What you wrote to us", CasesIntro: "Your questions, suggestions and complaints, and what you were answered.", NoCase: "You have not written to us, or not while you were signed in.",
		CaseDue: "Answer due", AnswerTo: "Answer to", Text: "What was written", Gone: "It was destroyed, and cannot be read any more.",
		Log: "What was done with your data", LogIntro: "Every use of your data leaves an entry in a log that cannot be changed unnoticed. These are the entries about you.",
		Number: "Entry", Happened: "What happened", Details: "Details",
		Foot: "Made by avow. This page needs no network and contains no script.",
		Set:  "set (a secret; not shown)", Empty: "—", Bytes: "bytes, not shown here",
	}
}

func chinese() words {
	return words{
		Title:   "我们持有的您的信息",
		Intro:   "本数据包包含我们持有的关于您的全部数据、存放位置、使用目的、保存期限以及接收方。data.json 和 data.csv 以机器可读的形式包含相同内容。",
		Request: "请求", Subject: "您的编号", Received: "提出时间", Made: "生成时间", Expires: "我方副本删除时间", Policy: "适用的政策", Contact: "咨询", Contents: "目录",
		About: "各列说明", Records: "您的记录", Column: "列", What: "内容", Value: "值", Category: "类别", Purposes: "使用目的",
		Source: "来源", Since: "自", Kept: "保存期限", Recipients: "接收方", Recipient: "接收方", Nobody: "无", Place: "存放位置",
		Nothing:     "此处没有您的数据。",
		Disclosures: "谁收到了您的数据", NoDisclosure: "没有向任何人提供过。", Scenario: "依据", When: "时间",
		Consents: "您同意与拒绝的事项", NoConsent: "没有征求过您的同意，您也没有提出反对。", Said: "您的答复", Channel: "渠道",
		Cases: "您给我们的来信", CasesIntro: "您的咨询、建议与投诉，以及给您的答复。", NoCase: "您没有给我们写过信，或写信时没有登录。",
		CaseDue: "最迟答复时间", AnswerTo: "答复寄往", Text: "内容", Gone: "内容已销毁，无法再读取。",
		Log: "您的数据被如何使用", LogIntro: "对您数据的每次使用都会在不可悄然更改的日志中留下记录。以下是与您有关的记录。",
		Number: "记录", Happened: "事项", Details: "详情",
		Foot: "由 avow 生成。本页面不需要网络，也不含任何脚本。",
		Set:  "已设置（保密，不显示）", Empty: "—", Bytes: "字节，此处不显示",
	}
}
