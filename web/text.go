package web

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence makes a fault's message look like one: a capital and a full stop.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	s = string(unicode.ToUpper(first)) + s[n:]
	if !strings.ContainsRune(".!?。！？", lastRune(s)) {
		s += "."
	}
	return s
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// problemText gives the commonest problems in the reader's language.
func problemText(lang string, status int, title, detail string) (string, string) {
	if !strings.HasPrefix(lang, "zh") {
		return title, detail
	}
	switch status {
	case http.StatusNotFound:
		return "这里没有您要找的内容", "此地址不存在，或者您无权查看。"
	case http.StatusTooManyRequests:
		return "操作过于频繁", "请稍等片刻再试。"
	case http.StatusServiceUnavailable:
		return "暂时繁忙", "请稍后再试；没有任何内容丢失。"
	}
	return "出了点问题", "原因已写入运营方日志；请凭请求编号联系我们。"
}

// A frontText is what the front page says in one language.
type frontText struct {
	Lead, What                          string
	Ways                                [3]way
	Platforms, Person, Staff, Developer string
	PersonHint, StaffHint               string
	Try, TryHint, Docs, OpenAPI, Log    string
	Promises, Items, None, NoneHint     string
	Policy                              string
}

// A way is one of the three things that avow does.
type way struct{ Icon, Title, Text string }

func frontTexts(lang string) frontText {
	if strings.HasPrefix(lang, "zh") {
		return frontText{
			Lead: "隐私政策不再只是一份文件：它就是程序。",
			What: "avow 把您的隐私政策写成数据，对每一个字节的个人信息执行它，按期兑现，并拿出证据。",
			Ways: [3]way{
				{"scale", "先问，再用", "每一次使用都先问政策。获准的使用先写入日志，数值才会交出；被拒绝的使用会说明全部理由和对应条款。"},
				{"users", "兑现权利", "查阅、更正、删除，跨越您自己的全部数据库。删除意味着密钥销毁：备份里的那一份也读不出来。"},
				{"receipt", "可以证明", "每一步都进入防篡改的日志。每个人都能离线核验自己的回执，而不必相信任何人。"},
			},
			Platforms: "本服务器上的平台", Person: "我是用户", Staff: "我是工作人员", Developer: "我是开发者",
			PersonHint: "看看保存了我的什么，更正、下载或删除", StaffHint: "请求、计划、审批与日志",
			Try: "给开发者", TryHint: "先用 avow apikey create 生成密钥，然后直接粘贴：", Docs: "接口文档", OpenAPI: "OpenAPI 3.1", Log: "日志检查点",
			Policy: "政策版本", Promises: "条承诺", Items: "项数据", None: "还没有平台", NoneHint: "用 avow platform add 添加一个，附上它的政策文件。",
		}
	}
	return frontText{
		Lead: "A privacy policy is no longer a document. It is the program.",
		What: "avow takes the policy you wrote, as data, enforces it on every byte of personal data, carries out what it promises in time, and proves it.",
		Ways: [3]way{
			{"scale", "It asks before it uses", "Every use asks the policy. What is allowed stands in the log before a value is handed out; what is denied says every reason, with its clause."},
			{"users", "It keeps people’s rights", "See, correct, erase, across your own databases too. Erased means that the key is gone: the copy in last month’s backup cannot be read either."},
			{"receipt", "It can be checked", "Each step stands in a log that cannot be changed unseen. A receipt is verified offline, by anybody, without trusting anybody."},
		},
		Platforms: "Platforms on this server", Person: "It is my data", Staff: "I work here", Developer: "I develop",
		PersonHint: "See what is held about you, correct, download or erase it", StaffHint: "Requests, plans, approvals and the log",
		Try: "For developers", TryHint: "Make a key with avow apikey create, then paste:", Docs: "API reference", OpenAPI: "OpenAPI 3.1", Log: "log checkpoint",
		Policy: "policy of", Promises: "clauses", Items: "kinds of data", None: "There is no platform yet", NoneHint: "Add one, with its policy file: avow platform add",
	}
}
