package console

import "github.com/avow-dev/avow/page"

// versionWords are the texts about versions of the policy in one language. Texts with %
// take a number.
type versionWords struct {
	Policy, Intro, Current, Read, Since, Reasons, Weight, Changes, Accepted, AcceptedHint, NoneAccepted, People string // Changes: how many
	Told, Channel, Nobody, NotTold, Versions, Label, Fingerprint, First, Again, Keeps                           string

	// What is to come.
	Coming, Takes, Soonest, Before, Waits, Out, Spread, Look, LookHint, Published string

	// Publishing.
	Draft, DraftHint, Same, Unreadable, Publish, PublishHint, Day, DayHint, AtSoonest, Why, WhyHint, Sure, NotSure, WillTell, WillNot, BadDay string

	copies, channels, flashes map[string]string
}

func versionWordsIn(lang string) *versionWords {
	if page.Chinese(lang) {
		return versionChinese()
	}
	return versionEnglish()
}

// CopyName says what became of copies of a notice.
func (k *versionWords) CopyName(code string) string { return k.copies[code] }

func versionEnglish() *versionWords {
	return &versionWords{
		Policy: "Policy", Intro: "Which version holds, why it was written, and who was told and agreed.", Current: "in force", Read: "Read it as people do", Since: "since", Reasons: "Because", Weight: "Change",
		Changes: "What changed: %d", Accepted: "Accepted by people", AcceptedHint: "Of those whose account is open, by the version that they accepted last. Counted at most a minute ago.",
		NoneAccepted: "none accepted", People: "people", Told: "Who was told, and how", Channel: "Channel", Nobody: "nobody yet", NotTold: "Nobody had to be told of it.", Versions: "Versions",
		Label: "Version", Fingerprint: "Fingerprint", First: "first", Again: "people are asked to accept it", Keeps: "who does not accept it keeps the rights they had",
		Coming: "Published and not in force yet", Takes: "Takes effect", Soonest: "at the soonest", Before: "People know of it before", Waits: "Waits for its notices: it takes effect when they have been out long enough.",
		Out: "Its notices have been out since", Spread: "still being written", Look: "Do what is due now", LookHint: "Sends notices that wait, and puts the version in force when its time has come. The server does so by itself every minute.",
		Published: "Published",
		Draft:     "The policy file says something else", DraftHint: "It is a draft: nothing of it holds until it is published.", Same: "The policy file says what is in force.", Unreadable: "The policy file cannot be read",
		Publish: "Publish it", PublishHint: "The version in force holds until the day has come and people have known of the change for as long as the policy promises.", Day: "Takes effect on",
		DayHint: "Empty: the day that the file names.", AtSoonest: "or as soon after as the policy lets it", Why: "Why it was written", WhyHint: "None ticked: what the file says.",
		Sure: "Yes: publish this text", NotSure: "Please tick the box first.", WillTell: "People are told by", WillNot: "Nobody has to be told.", BadDay: "Write the day as 2027-03-31.",
		copies: map[string]string{
			"waiting": "waiting", "sent": "sent", "handed": "handed over", "withheld": "not sent", "failed": "failed", "shown": "shown", "seen": "read",
		},
		channels: map[string]string{"popup": "shown when they come", "email": "by e-mail"},
		flashes:  map[string]string{"version-published": "Published. What was promised before it takes effect is done now.", "version-look": "What was due is done."},
	}
}

func versionChinese() *versionWords {
	return &versionWords{
		Policy: "政策", Intro: "现行版本、变更原因，以及告知与同意情况。", Current: "现行", Read: "按用户视角阅读", Since: "自", Reasons: "原因", Weight: "变更",
		Changes: "变更：%d 处", Accepted: "接受情况", AcceptedHint: "按账号有效者最近接受的版本统计，一分钟内的数据。",
		NoneAccepted: "未接受任何版本", People: "人", Told: "告知情况", Channel: "渠道", Nobody: "尚无", NotTold: "无须告知。", Versions: "版本",
		Label: "版本", Fingerprint: "指纹", First: "首个", Again: "须重新征得同意", Keeps: "不接受者保留原有权利",
		Coming: "已发布，尚未生效", Takes: "生效日期", Soonest: "最早", Before: "提前告知", Waits: "等待通知发出：通知满足承诺时间后生效。",
		Out: "通知发出于", Spread: "正在生成", Look: "立即办理到期事项", LookHint: "发送待发通知，并在到期时使新版本生效。服务器每分钟会自动办理。",
		Published: "发布于",
		Draft:     "政策文件与现行版本不同", DraftHint: "该文件是草稿：发布之前一概不生效。", Same: "政策文件与现行版本一致。", Unreadable: "无法读取政策文件",
		Publish: "发布", PublishHint: "在生效日到来且已按承诺时间提前告知之前，仍适用现行版本。", Day: "生效日期",
		DayHint: "留空：以文件所写日期为准。", AtSoonest: "或在政策允许的最早日期", Why: "变更原因", WhyHint: "均不勾选：以文件所写为准。",
		Sure: "确认：发布此文本", NotSure: "请先勾选确认框。", WillTell: "告知渠道", WillNot: "无须告知。", BadDay: "请按 2027-03-31 的格式填写日期。",
		copies: map[string]string{
			"waiting": "待发", "sent": "已发送", "handed": "已交付", "withheld": "未发送", "failed": "失败", "shown": "已展示", "seen": "已阅读",
		},
		channels: map[string]string{"popup": "来访时展示", "email": "电子邮件"},
		flashes:  map[string]string{"version-published": "已发布。生效前须办理的事项正在办理。", "version-look": "到期事项已办理。"},
	}
}
