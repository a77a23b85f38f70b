package web

import (
	"embed"
	"html/template"
	"strings"
	"sync"
	"time"

	"github.com/avow-dev/avow/fault"
)

//go:embed pages
var pageFiles embed.FS

// layout holds the templates of the frame.
type layout struct {
	template func() *template.Template // "layout" and its parts; "main" is a page's
	front    *Template
	problem  *Template
}

func newLayout(f *Frame) *layout {
	return &layout{
		template: sync.OnceValue(func() *template.Template {
			return template.Must(template.New("layout").Funcs(f.functions()).ParseFS(pageFiles, "pages/layout.html"))
		}),
		front: f.Template(pageFiles, "pages/front.html"), problem: f.Template(pageFiles, "pages/problem.html"),
	}
}

// functions are what every template may call.
func (f *Frame) functions() template.FuncMap {
	return template.FuncMap{
		"asset": f.Asset,
		"icon": func(name string) template.HTML {
			return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` +
				template.HTMLEscapeString(f.Asset("icons.svg")+"#"+name) + `"></use></svg>`)
		},
		"date":     func(t time.Time) template.HTML { return moment(t, "2006-01-02") },
		"datetime": func(t time.Time) template.HTML { return moment(t, "2006-01-02 15:04 UTC") },
		"join":     strings.Join,
		"add":      func(a, b int) int { return a + b },
		"dict":     dict,
		"langname": langName,
		"word":     word,
	}
}

// moment is a time as people and machines read it; "–" for none.
func moment(t time.Time, form string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `">` + t.Format(form) + `</time>`)
}

// dict makes a map for a template that takes several things.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok || i+1 == len(pairs) {
			return nil, fault.New(fault.Internal, "dict takes names and values in turn")
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// langName is what a language is called by who speaks it.
func langName(lang string) string {
	switch lang {
	case "en":
		return "English"
	case "zh-CN", "zh":
		return "中文"
	case "de":
		return "Deutsch"
	case "fr":
		return "Français"
	case "es":
		return "Español"
	case "ja":
		return "日本語"
	}
	return lang
}

// word returns one of the layout's few words in a language.
func word(lang, key string) string {
	zh := strings.HasPrefix(lang, "zh")
	switch key {
	case "skip":
		return pick(zh, "跳到正文", "Skip to content")
	case "language":
		return pick(zh, "语言", "Language")
	case "signout":
		return pick(zh, "退出登录", "Sign out")
	case "menu":
		return pick(zh, "导航", "Navigation")
	case "home":
		return pick(zh, "返回首页", "Back to the beginning")
	case "request":
		return pick(zh, "请求编号", "Request")
	case "by":
		return pick(zh, "由 avow 守护：政策即程序。", "Kept by avow: the policy is the program.")
	}
	return key
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
