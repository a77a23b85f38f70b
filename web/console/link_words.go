package console

import "github.com/avow-dev/avow/page"

// linkWords are the texts about links out in one language.
type linkWords struct {
	Links, Intro, None, NoneHint, NoneEver, NoneEverHint, Whose, Leads, Gets, Nothing, Terms, Answer, NotCalled, Left, State, Ended string

	Add, AddHint, URL, URLHint, TermsURL, TermsHint, Under, Title, TitleHint, Take, TakeHint, Sure, Call, CallHint, Current, Past string

	outcomes, flashes map[string]string
}

func linkWordsIn(lang string) *linkWords {
	if page.Chinese(lang) {
		return linkChinese()
	}
	return linkEnglish()
}

// OutcomeName says what came of calling an address.
func (k *linkWords) OutcomeName(code string) string { return k.outcomes[code] }

func linkEnglish() *linkWords {
	return &linkWords{
		Links: "Links out", Intro: "The addresses outside that people are led to: each is told first that this policy ends there, and what holds instead. Nobody is led to any other.",
		None: "No address is on the register", NoneHint: "Put one on the register, and lead to it by /leave?to= and its number.", NoneEver: "The policy leads nobody out",
		NoneEverHint: "To lead people to sites or services of others, name them under excluded in the policy file, as linked-site or third-party-service, and publish it.", Whose: "Whose it is", Leads: "Leads to",
		Gets: "Gets", Nothing: "nothing about people", Terms: "Their policy", Answer: "Answer", NotCalled: "not called yet", Left: "Went on", State: "State", Ended: "taken off",
		Add: "Put an address on the register", AddHint: "Under something that the policy says it does not cover.", URL: "Address", URLHint: "A whole one, such as https://partner.example/shop.", TermsURL: "Where their own policy stands",
		TermsHint: "People are asked to read it before they go on. It is called to see whether it answers.", Under: "What the policy says of it", Title: "Whose site it is", TitleHint: "As people know it.", Take: "Take it off",
		TakeHint: "Nobody is led there any more. To lead there again, put it on anew.", Sure: "Yes: nobody is led there any more", Call: "Call every address now",
		CallHint: "Whether the policies of recipients, and those that links lead to, can still be read.", Current: "On the register", Past: "Taken off",
		outcomes: map[string]string{
			"works": "answers", "broken": "is broken", "silent": "does not answer", "nowhere": "has no such name", "forbidden": "leads into a network that is not public", "untrusted": "has no valid certificate",
		},
		flashes: map[string]string{"link-add": "It is on the register.", "link-end": "It is off the register.", "link-call": "The addresses are being called; what they answer stands here."},
	}
}

func linkChinese() *linkWords {
	return &linkWords{
		Links: "外部链接", Intro: "引导用户前往的外部地址：离开前均告知本政策到此为止、其后适用何种规则。此外不引导至任何地址。",
		None: "登记册中没有地址", NoneHint: "登记一个地址，并以 /leave?to= 加编号引导。", NoneEver: "政策不引导用户离开",
		NoneEverHint: "如需引导至他人网站或服务，请在政策文件 excluded 中以 linked-site 或 third-party-service 写明并发布。", Whose: "所属方", Leads: "指向",
		Gets: "获得", Nothing: "不含个人信息", Terms: "对方政策", Answer: "访问结果", NotCalled: "尚未访问", Left: "前往次数", State: "状态", Ended: "已移除",
		Add: "登记地址", AddHint: "须归于政策写明不适用的范围。", URL: "地址", URLHint: "完整地址，例如 https://partner.example/shop。", TermsURL: "对方隐私政策地址",
		TermsHint: "前往之前会请用户阅读，并定期检查能否打开。", Under: "政策中的范围", Title: "网站所属方", TitleHint: "用户熟悉的名称。", Take: "移除",
		TakeHint: "不再引导至该地址。如需恢复须重新登记。", Sure: "确认：不再引导至该地址", Call: "立即检查全部地址",
		CallHint: "检查接收方及外部链接所示政策能否打开。", Current: "已登记", Past: "已移除",
		outcomes: map[string]string{
			"works": "可打开", "broken": "已失效", "silent": "无响应", "nowhere": "域名不存在", "forbidden": "指向非公开网络", "untrusted": "证书无效",
		},
		flashes: map[string]string{"link-add": "已登记。", "link-end": "已移除。", "link-call": "正在检查，结果见本页。"},
	}
}
