package rest

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/web"
)

//go:embed pages
var pageFiles embed.FS

// docsPage shows the OpenAPI document to people. It is made on the server: no
// script, nothing from elsewhere.
type docsPage struct {
	web.Page
	About    string
	Groups   []docsGroup
	Scopes   []string
	Origin   string
	Platform string
}

type docsGroup struct {
	Name, About string
	Operations  []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Scope, Summary, More string
	Badge                                  string // class of the method
	Params                                 []docsField
	In, Out                                []docsField
	OutStatus, Example                     string
}

type docsField struct {
	Name, Type, About string
	Required          bool
	Depth             int
}

// docs adds the page, drawn from the document.
func (s *Server) docs() {
	t := s.frame.Template(pageFiles, "pages/docs.html")
	groups := sync.OnceValue(s.groups)
	s.mux.HandleFunc("GET /api/{$}", func(w http.ResponseWriter, r *http.Request) { s.showDocs(w, r, t, groups()) })
}

func (s *Server) showDocs(w http.ResponseWriter, r *http.Request, t *web.Template, groups []docsGroup) {
	p := docsPage{Page: s.frame.Page(r, "", "API"), About: strings.ReplaceAll(s.api.OpenAPI().Info.Description, "`", ""), Groups: groups, Scopes: api.Scopes(), Origin: s.frame.Origin(r), Platform: "PLATFORM"}
	p.Langs, p.Lang, p.Public = nil, "en", true // the document is in English
	for _, d := range groups {
		p.Nav = append(p.Nav, web.Link{Href: "#" + d.Name, Text: d.Name})
	}
	if list := s.frame.Platforms(); len(list) > 0 {
		p.Platform = list[0].ID()
	}
	s.frame.Render(w, r, http.StatusOK, t, p)
}

func (s *Server) groups() []docsGroup {
	var out []docsGroup
	for _, tag := range s.api.OpenAPI().Tags {
		out = append(out, docsGroup{Name: tag.Name, About: tag.Description})
	}
	for path, item := range s.api.OpenAPI().Paths {
		for _, o := range operations(item) {
			i := slices.IndexFunc(out, func(g docsGroup) bool { return g.Name == o.Tags[0] })
			out[i].Operations = append(out[i].Operations, s.operation(path, o))
		}
	}
	for _, g := range out {
		slices.SortFunc(g.Operations, func(a, b docsOperation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	}
	return out
}

// operations lists the operations of a path.
func operations(p *huma.PathItem) (out []*huma.Operation) {
	for _, o := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
		if o != nil {
			out = append(out, o)
		}
	}
	return out
}

func (s *Server) operation(path string, o *huma.Operation) docsOperation {
	out := docsOperation{
		ID: o.OperationID, Method: o.Method, Path: "/api" + path, Scope: scopeOf(o), Summary: o.Summary, More: o.Description,
		Badge: map[string]string{http.MethodGet: "badge-ok", http.MethodDelete: "badge-bad"}[o.Method],
	}
	if out.Badge == "" {
		out.Badge = "badge-info"
	}
	for _, p := range o.Parameters {
		if p.Name != "platform" {
			out.Params = append(out.Params, docsField{Name: p.Name, Type: p.In + ", " + kind(p.Schema), About: p.Description, Required: p.Required})
		}
	}
	data := ""
	if o.RequestBody != nil {
		media := o.RequestBody.Content["application/json"]
		out.In = s.fields(s.schema(media.Schema), 0)
		b, _ := json.Marshal(media.Example)
		data = " \\\n  -H 'Content-Type: application/json' -d '" + string(b) + "'"
	}
	for status, r := range o.Responses {
		if m := r.Content["application/json"]; m != nil && status != "default" {
			out.Out = s.fields(s.schema(m.Schema), 0)
		}
		if status != "default" {
			out.OutStatus = status
		}
	}
	method := ""
	if o.Method != http.MethodGet && (o.Method != http.MethodPost || data == "") {
		method = " -X " + o.Method
	}
	out.Example = fmt.Sprintf("curl -s%s $AVOW%s -H \"Authorization: Bearer $KEY\"%s", method, strings.TrimPrefix(path, base), data)
	return out
}

// schema follows a reference.
func (s *Server) schema(x *huma.Schema) *huma.Schema {
	if x != nil && x.Ref != "" {
		return s.api.OpenAPI().Components.Schemas.SchemaFromRef(x.Ref)
	}
	return x
}

// fields lists the properties of a schema, those of inner objects behind theirs.
func (s *Server) fields(x *huma.Schema, depth int) (out []docsField) {
	if x == nil || depth > 2 {
		return nil
	}
	names := make([]string, 0, len(x.Properties))
	for name := range x.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // what is needed first
		ra, rb := slices.Contains(x.Required, a), slices.Contains(x.Required, b)
		if ra != rb {
			return map[bool]int{true: -1, false: 1}[ra]
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		field := x.Properties[name]
		in := s.schema(field)
		about := field.Description
		if len(in.Enum) > 0 {
			about = strings.TrimSpace(about + " One of: " + strings.Trim(fmt.Sprint(in.Enum), "[]") + ".")
		}
		out = append(out, docsField{Name: name, Type: kind(in), About: about, Required: slices.Contains(x.Required, name), Depth: depth})
		if in.Items != nil {
			in = s.schema(in.Items)
		}
		out = append(out, s.fields(in, depth+1)...)
	}
	return out
}

// kind is a type in a word.
func kind(x *huma.Schema) string {
	switch {
	case x == nil:
		return ""
	case x.Type == "array":
		return "list"
	case x.Format == "date-time":
		return "time"
	case x.Type == "":
		return "object"
	}
	return x.Type
}
