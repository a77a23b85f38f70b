package site

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Found is what one page holds.
type Found struct {
	Links   []*url.URL // to other pages
	Loads   []Load     // what reports that the page was opened
	Scripts []*url.URL // files of scripts
	Stored  []Stored   // what scripts keep in the browser
	IDs     bool       // an address has the id of a session in it
}

// A Load is an address that learns of a visit.
type Load struct {
	URL  *url.URL
	Kind string // pixel, script, frame, send
}

// Stored is a name under which a script keeps something.
type Stored struct{ Kind, Name string } // cookie, local-storage, session-storage

// How long an address and a name in a script are at most: longer ones are passed over.
// The expressions leave that open, since repeating counted they take milliseconds of
// every start to compile.
const (
	longAddress = 500
	longName    = 100
)

var (
	sends     = regexp.MustCompile(`sendBeacon\s*\(\s*["'` + "`" + `]([^"'` + "`" + `\s]+)["'` + "`" + `]`)
	pixels    = regexp.MustCompile(`new\s+Image\b[^;]{0,80}?\.src\s*=\s*["'` + "`" + `]([^"'` + "`" + `\s]+)["'` + "`" + `]`)
	keeps     = regexp.MustCompile(`(localStorage|sessionStorage)\s*\.\s*setItem\s*\(\s*["'` + "`" + `]([^"'` + "`" + `]+)["'` + "`" + `]`)
	keepsAs   = regexp.MustCompile(`(localStorage|sessionStorage)\s*(?:\[\s*["']([^"']+)["']\s*\]|\.\s*([A-Za-z_$][\w$-]*))\s*=[^=]`)
	setsNamed = regexp.MustCompile(`document\s*\.\s*cookie\s*=\s*["'` + "`" + `]\s*([^=;"'` + "`" + `\s$]+)=`)
	sessionID = regexp.MustCompile(`(?i)(;jsessionid=|[?&](phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sid)=)`)
)

// Scan reads a page. What no browser could make a page of has nothing in it.
func Scan(at *url.URL, body []byte) Found {
	s := &scan{at: at}
	root, err := html.ParseWithOptions(bytes.NewReader(body), html.ParseOptionEnableScripting(false))
	if err != nil {
		return s.found
	}
	s.walk(root, 0)
	return s.found
}

// ScanScript reads a script of a page.
func ScanScript(at *url.URL, text string) Found {
	s := &scan{at: at}
	s.script(text)
	return s.found
}

type scan struct {
	at    *url.URL
	found Found
}

const deepest = 2000 // elements within one another

func (s *scan) walk(n *html.Node, depth int) {
	if depth > deepest {
		return
	}
	if n.Type == html.ElementNode {
		s.element(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, depth+1)
	}
}

func (s *scan) element(n *html.Node) {
	switch n.DataAtom {
	case atom.A, atom.Area:
		if u := s.address(attr(n, "href")); u != nil {
			s.found.IDs = s.found.IDs || sessionID.MatchString(u.String())
			s.found.Links = append(s.found.Links, u)
		}
	case atom.Form:
		if u := s.address(attr(n, "action")); u != nil {
			s.found.IDs = s.found.IDs || sessionID.MatchString(u.String())
		}
	case atom.Img:
		if unseen(n) {
			s.load(attr(n, "src"), "pixel")
		}
	case atom.Iframe, atom.Embed:
		if u := s.address(attr(n, "src")); u != nil && u.Host != s.at.Host {
			s.load(attr(n, "src"), "frame")
		}
	case atom.Script:
		s.scriptElement(n)
	}
}

func (s *scan) scriptElement(n *html.Node) {
	if t := strings.ToLower(attr(n, "type")); t == "text/plain" || strings.HasSuffix(t, "json") { // held back, or data
		return
	}
	src := attr(n, "src")
	if src == "" {
		if n.FirstChild != nil {
			s.script(n.FirstChild.Data)
		}
		return
	}
	u := s.address(src)
	switch {
	case u == nil:
	case u.Host == s.at.Host:
		s.found.Scripts = append(s.found.Scripts, u)
	default:
		s.load(src, "script")
	}
}

// script finds what the text of a script says in so many words.
func (s *scan) script(text string) {
	load := func(address, kind string) {
		if len(address) <= longAddress {
			s.load(address, kind)
		}
	}
	for _, m := range sends.FindAllStringSubmatch(text, -1) {
		load(m[1], "send")
	}
	for _, m := range pixels.FindAllStringSubmatch(text, -1) {
		load(m[1], "pixel")
	}
	keep := func(where, name string) {
		if len(name) <= longName {
			s.found.Stored = append(s.found.Stored, Stored{where, name})
		}
	}
	kinds := map[string]string{"localStorage": "local-storage", "sessionStorage": "session-storage"}
	for _, m := range keeps.FindAllStringSubmatch(text, -1) {
		keep(kinds[m[1]], m[2])
	}
	for _, m := range keepsAs.FindAllStringSubmatch(text, -1) {
		keep(kinds[m[1]], m[2]+m[3])
	}
	for _, m := range setsNamed.FindAllStringSubmatch(text, -1) {
		keep("cookie", m[1])
	}
}

func (s *scan) load(src, kind string) {
	if u := s.address(src); u != nil {
		s.found.Loads = append(s.found.Loads, Load{u, kind})
	}
}

// address reads an address of the page; nil for what is none of the web.
func (s *scan) address(text string) *url.URL {
	if text == "" || len(text) > 2000 {
		return nil
	}
	u, err := s.at.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	u.Fragment = ""
	return u
}

// unseen reports whether people do not see a picture: it has one point at most, or is
// hidden.
func unseen(n *html.Node) bool {
	tiny := func(key string) bool {
		v, err := strconv.Atoi(strings.TrimSuffix(attr(n, key), "px"))
		return err == nil && v <= 1
	}
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return tiny("width") && tiny("height") || strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") ||
		strings.Contains(style, "width:1px") && strings.Contains(style, "height:1px")
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
