package web

import "strings"

// A frontText is what the front page says in one language.
type frontText struct {
	Lead, What                            string
	Promise, Control, Evidence, Live      string
	Clause, Look, Asks                    string
	Platforms, Hosted, Policy             string
	Promises, Items, None, NoneHint       string
	Person, PersonHint, PersonTry, OrAs   string
	Mailbox, Staff, StaffHint, StaffTry   string
	Codes, Developer, DeveloperHint, Docs string
	Log, Away, Store, StoreHint           string
}

func frontTexts(lang string) frontText {
	if strings.HasPrefix(lang, "zh") {
		return frontText{
			Lead: "隐私政策，就是程序本身。",
			What: "公司公布隐私政策，而它的系统对此一无所知。有了 avow，政策只写一次，写成数据：向人们展示，对每一个字节执行，按期兑现。每一步都留下任何人都能核验的证据。",
			Live: "此刻就在本服务器上", Promise: "承诺", Control: "控制", Evidence: "证据", Clause: "条款", Look: "查看日志", Asks: "每次使用都先问政策；拒绝时给出全部理由。",
			Platforms: "亲自试试", Hosted: "本服务器上的平台", Policy: "政策版本", Promises: "条承诺", Items: "项数据",
			None: "还没有平台", NoneHint: "用 avow platform add 添加一个，附上它的政策文件。",
			Person: "我是用户", PersonHint: "看看保存了我的什么、为什么、给了谁；更正、下载或删除。", PersonTry: "登录地址", OrAs: "或", Mailbox: "验证码在邮箱里",
			Staff: "我是工作人员", StaffHint: "请求、计划、双人审批与日志。", StaffTry: "登录名", Codes: "密码和验证码",
			Developer: "我是开发者", DeveloperHint: "可直接粘贴：找到一个人，使用数据，被拒绝一次", Docs: "接口文档",
			Log:   "日志检查点",
			Store: "我是新来的", StoreHint: "在商店注册、下单，看数据到来、被拒、被使用、被删除。",
			Away: "您不在运行演示的这台机器上，因此这里不显示地址、密码和密钥。",
		}
	}
	return frontText{
		Lead: "The privacy policy is the program.",
		What: "Companies publish a privacy policy, and nothing in their systems knows it. With avow it is written once, as data: shown to people, enforced on every byte, kept in time. Each step leaves evidence that anybody can check.",
		Live: "On this server, right now", Promise: "Promise", Control: "Control", Evidence: "Evidence", Clause: "clause", Look: "Look at the log", Asks: "Every use asks the policy first; a denial gives every reason.",
		Platforms: "Try it", Hosted: "Platforms on this server", Policy: "policy version", Promises: "clauses", Items: "kinds of data",
		None: "There is no platform yet", NoneHint: "Add one, with its policy file: avow platform add",
		Person: "It is my data", PersonHint: "See what is held about you, why, and who got it; correct, download or erase it.", PersonTry: "Sign in as", OrAs: "or",
		Mailbox: "the code is in the mailbox", Staff: "I work here", StaffHint: "Requests, plans, approval by a second person, the log.", StaffTry: "Sign in as", Codes: "passwords and codes",
		Developer: "I develop", DeveloperHint: "Lines to paste: find somebody, use, be denied", Docs: "API reference",
		Log:   "log checkpoint",
		Store: "I am new here", StoreHint: "Register and order in the shop; watch data arrive, be refused, be used and go.",
		Away: "You are not on the machine that runs this demo, so addresses, passwords and keys are not shown.",
	}
}
