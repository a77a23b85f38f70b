package console

import "github.com/avow-dev/avow/page"

// navWords are the words of the menu that stand over others.
type navWords struct{ Outside, Promised, Machine, Versions string }

func navWordsIn(lang string) *navWords {
	if page.Chinese(lang) {
		return navChinese()
	}
	return navEnglish()
}

func navEnglish() *navWords {
	return &navWords{Outside: "Sharing", Promised: "Policy", Machine: "System", Versions: "Versions"}
}

func navChinese() *navWords {
	return &navWords{Outside: "对外提供", Promised: "政策与承诺", Machine: "系统与日志", Versions: "版本"}
}
