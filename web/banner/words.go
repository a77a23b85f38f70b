package banner

import (
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
)

// words are the texts of the banner in one language.
type words struct {
	Policy, Cookies, Lead, NotChosen, AskedAgain, Chosen, AllRefused, Saved, GPC  string
	All, None, Save, Choose, ClassAll, ClassNone, Always, In, Out, Delete         string
	Purposes, Content, Lifetime, SetBy, Without, Us, UntilClosed, EachVisit, Size string // Size: bytes
	NothingLost, OwnTitle, OwnHint, Blocked, BlockedLead, NothingHere             string
	Clear, ClearLead, ClearLost, ClearAgain, ClearSignedIn, ClearAsk, ClearNow    string
	ClearedTitle, ClearedLead, Cookie, Records, Back                              string // Cookie, Records: how many
	BarTitle, BarText                                                             string

	classes map[policy.TrackerClass][2]string // title, hint
	kinds   map[string]string
}

func wordsIn(lang string) *words {
	if page.Chinese(lang) {
		return chinese()
	}
	return english()
}

func english() *words {
	return &words{
		Policy: "Privacy policy", Cookies: "Cookies",
		Lead:      "Everything that may be kept in your browser or counted of your visits, what for, and how long. What is not essential stays out until you let it in.",
		NotChosen: "You have not chosen: only what is essential is let in.", AskedAgain: "Something here is new or has changed since you chose, or your answer has ended: it stays out until you say yes.",
		Chosen: "Your choice of", AllRefused: "You let in nothing but what is essential. That stands in your browser alone.", Saved: "Your choice is kept.",
		GPC: "Your browser asks that you be not tracked for marketing or by others (Global Privacy Control). We honour it: these stay out, unless you let one in yourself.",
		All: "Allow all", None: "Refuse all", Save: "Save what is ticked", Choose: "Choose", ClassAll: "Allow these", ClassNone: "Refuse these",
		Always: "always", In: "let in", Out: "kept out", Delete: "Delete it",
		Purposes: "What for", Content: "What is in it", Lifetime: "How long", SetBy: "Set by", Without: "Without it", Us: "us", Size: "%d bytes at most",
		UntilClosed: "until you close the browser", EachVisit: "at each visit, and nothing stays", NothingLost: "Nothing",
		OwnTitle: "Of this privacy centre itself", OwnHint: "Set only when you choose, sign in or pick a language here.",
		Blocked:     "Your browser takes no cookies.",
		BlockedLead: "We respect that, and nothing else stands in for them. All pages can be read. These need a cookie and will not work:",
		NothingHere: "This platform keeps nothing in your browser.",
		Clear:       "Clear cookies", ClearLead: "Before you do: this is what goes, and what stops working.",
		ClearLost: "Stops working, or has to be done anew at each visit", ClearAgain: "Settings have to be made again at each visit, as long as cookies stay out.",
		ClearSignedIn: "You are signed in: what cookies recorded of you is erased with them, and you are signed out.",
		ClearAsk:      "Clear the cookies of this browser", ClearNow: "Clear them now",
		ClearedTitle: "Cleared", ClearedLead: "To us this browser is a new one. Nothing leads to what it was before.",
		Cookie: "Cookies taken away: %d", Records: "Records deleted: %d", Back: "Back to cookies",
		BarTitle: "May we?", BarText: "Besides what is essential we would like to keep or count a few things in your browser. Nothing of it is there yet.",
		classes: map[policy.TrackerClass][2]string{
			policy.Essential:   {"Essential", "The site does not run, or is not safe, without these. They are set without asking."},
			policy.Functional:  {"Functional", "These remember your settings."},
			policy.Performance: {"Performance", "These show how the site is used."},
			policy.Marketing:   {"Marketing", "These suit advertising to you."},
		},
		kinds: map[string]string{
			"cookie": "cookie", "local-storage": "local storage", "session-storage": "session storage", "app-storage": "storage of the app", "beacon": "web beacon",
		},
	}
}

func chinese() *words {
	return &words{
		Policy: "隐私政策", Cookies: "Cookie",
		Lead:      "您的浏览器中可能保存的全部内容与访问统计，及其用途与期限。非必要项在您允许之前一律不启用。",
		NotChosen: "您尚未选择：仅启用必要项。", AskedAgain: "自您选择以来有新增或变更，或您的选择已到期：在您允许之前不予启用。",
		Chosen: "您的选择，作出于", AllRefused: "您仅允许必要项；该选择只保存在您的浏览器中。", Saved: "已保存您的选择。",
		GPC: "您的浏览器请求不为营销目的或由第三方跟踪您（全球隐私控制，GPC）。我们予以遵守：除非您自行允许，相关项目保持关闭。",
		All: "全部允许", None: "全部拒绝", Save: "保存所选", Choose: "逐项选择", ClassAll: "允许此类", ClassNone: "拒绝此类",
		Always: "始终启用", In: "已允许", Out: "未启用", Delete: "删除",
		Purposes: "用途", Content: "内容", Lifetime: "期限", SetBy: "设置方", Without: "停用的影响", Us: "我们", Size: "不超过 %d 字节",
		UntilClosed: "关闭浏览器即删除", EachVisit: "每次访问时，不作保留", NothingLost: "不影响任何功能",
		OwnTitle: "隐私中心自身使用的 Cookie", OwnHint: "仅在您于此处选择、登录或切换语言时设置。",
		Blocked:     "您的浏览器不接受 Cookie。",
		BlockedLead: "我们尊重您的设置，不以其他方式替代。全部页面均可阅读；以下功能需要 Cookie，将无法使用：",
		NothingHere: "本平台不在您的浏览器中保存任何内容。",
		Clear:       "清除 Cookie", ClearLead: "清除之前，请了解将被删除的内容与受影响的功能。",
		ClearLost: "将失效或须每次重新进行", ClearAgain: "不使用 Cookie 期间，每次访问均须重新设置。",
		ClearSignedIn: "您已登录：Cookie 所记录的您的信息将一并删除，并退出登录。",
		ClearAsk:      "清除本浏览器的 Cookie", ClearNow: "立即清除",
		ClearedTitle: "已清除", ClearedLead: "对我们而言，这是一个全新的浏览器，与此前的记录不再关联。",
		Cookie: "已移除 Cookie：%d 个", Records: "已删除记录：%d 条", Back: "返回 Cookie 页面",
		BarTitle: "可以吗？", BarText: "除必要项外，我们希望在您的浏览器中保存或统计少量信息；目前均未启用。",
		classes: map[policy.TrackerClass][2]string{
			policy.Essential:   {"必要", "网站运行或安全所必需，无须征得同意。"},
			policy.Functional:  {"功能", "用于记住您的设置。"},
			policy.Performance: {"性能", "用于了解网站的使用情况。"},
			policy.Marketing:   {"营销", "用于个性化广告。"},
		},
		kinds: map[string]string{
			"cookie": "Cookie", "local-storage": "本地存储", "session-storage": "会话存储", "app-storage": "应用存储", "beacon": "网络信标",
		},
	}
}
