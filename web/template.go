package web

import (
	"html/template"
	"io/fs"
	"strings"
	"sync"
)

// A Template is a page's files in the layout. They are parsed when the page is
// first shown: a server begins without, and most platforms never show most pages.
type Template struct{ parsed func() *template.Template }

// templates are those of a frame: platforms that show the same page share one.
type templates struct {
	mu   sync.Mutex
	made map[templateKey]*Template
}

type templateKey struct {
	files    fs.FS
	patterns string
}

// Template returns the files of fsys that match patterns, with a copy of the
// layout. One of them defines "main". fsys can be compared, as embed.FS can. Files
// come from the program, so an error is a bug in it and panics when the page is
// first shown, as every test of a page does.
func (f *Frame) Template(fsys fs.FS, patterns ...string) *Template {
	f.templates.mu.Lock()
	defer f.templates.mu.Unlock()
	key := templateKey{fsys, strings.Join(patterns, "\n")}
	if f.templates.made[key] == nil {
		if f.templates.made == nil {
			f.templates.made = map[templateKey]*Template{}
		}
		f.templates.made[key] = &Template{sync.OnceValue(func() *template.Template {
			t := template.Must(f.layout.template().Clone())
			return template.Must(t.ParseFS(fsys, patterns...))
		})}
	}
	return f.templates.made[key]
}
