package demo

import "strings"

// words are what the mailroom's pages say in one language.
type words struct {
	Brand, Mailbox, Codes                           string
	MailboxLead, Empty, EmptyHint, SignInAs         string
	To, From, At, Code, Subject, Attached, Back     string
	Reload, Open                                    string
	CodesLead, Login, Password, Role, Name, Console string
	Seconds, Once                                   string
	AwayTitle, Away                                 string
}

func languages() []string { return []string{"en", "zh-CN"} }

func wordsIn(lang string) *words {
	if strings.HasPrefix(lang, "zh") {
		return &words{
			Brand: "avow 演示", Mailbox: "邮箱", Codes: "工作人员验证码",
			MailboxLead: "演示不发送真实邮件：本服务器写给任何人的信都在这里，最新的在最前。",
			Empty:       "还没有邮件", EmptyHint: "用下面任一地址登录，验证码就会出现在这里。", SignInAs: "登录",
			To: "收件人", From: "发件人", At: "时间", Code: "验证码", Subject: "主题", Attached: "附有回执", Back: "返回邮箱",
			Reload: "刷新", Open: "打开",
			CodesLead: "代替手机上的验证器应用。每个验证码只能使用一次；本页会自行更新。",
			Login:     "登录名", Password: "密码", Role: "角色", Name: "姓名", Console: "打开控制台",
			Seconds: "秒后更换", Once: "当前验证码",
			AwayTitle: "只在本机显示", Away: "邮箱、密码和验证码只在运行演示的机器上显示。请在那台机器的浏览器中打开此地址。",
		}
	}
	return &words{
		Brand: "avow demo", Mailbox: "Mailbox", Codes: "Staff codes",
		MailboxLead: "The demo sends no real mail: whatever this server writes to anybody arrives here, the newest first.",
		Empty:       "No mail yet", EmptyHint: "Sign in with one of these addresses, and the code arrives here.", SignInAs: "Sign in as",
		To: "To", From: "From", At: "At", Code: "Code", Subject: "Subject", Attached: "receipt attached", Back: "Back to the mailbox",
		Reload: "Look again", Open: "Open",
		CodesLead: "In place of an authenticator app on a phone. A code signs in once; this page renews itself.",
		Login:     "Login", Password: "Password", Role: "Role", Name: "Name", Console: "Open the console",
		Seconds: "seconds left", Once: "Code now",
		AwayTitle: "For this machine only", Away: "Mailbox, passwords and codes are shown on the machine that runs the demo only. Open this address in a browser there.",
	}
}
