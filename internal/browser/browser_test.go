package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// html is a sound page; what is wrong with one is put into its head and body.
func html(head, body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title><link rel="icon" href="data:,">
<style>body{background:#fff;color:#111;font:1rem sans-serif}.skip{position:absolute;left:-999px}.skip:focus{left:0}:focus-visible{outline:3px solid #00f}main:focus{outline:none}</style>` + head +
		`</head><body><a class="skip" href="#main">Skip</a><main id="main" tabindex="-1"><h1>A page</h1>` + body + `</main></body></html>`
}

// serve serves pages by name, each with a strict policy unless it says otherwise.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[strings.TrimPrefix(r.URL.Path, "/")]
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/file" {
			w.Header().Set("Content-Disposition", "attachment; filename=file.txt")
		}
		if r.URL.Path == "/csp" {
			w.Header().Set("Content-Security-Policy", "style-src 'unsafe-inline'; script-src 'none'")
		}
		if !ok && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
			body = html("", "gone")
		}
		if r.Method == http.MethodPost {
			body = html("", fmt.Sprintf("<p>%s and %s and %q</p>", r.PostFormValue("name"), r.PostFormValue("size"), r.PostFormValue("sure")))
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestEveryFaultOfAPageIsFound(t *testing.T) {
	wrong := map[string]struct{ head, body, says string }{
		"name":     {"", `<form><input name="x"></form>`, "label"},
		"contrast": {"", `<p style="color:#ccc">pale</p>`, "light: axe color-contrast"},
		"dark":     {`<style>@media(prefers-color-scheme:dark){p{color:#fefefe}}</style>`, `<p>pale at night</p>`, "dark: axe color-contrast"},
		"wide":     {"", `<div style="width:500px">wide</div>`, "phone: it is"},
		"shift":    {"", `<div id="late"></div><p style="height:500px">moves</p><script>addEventListener('load',()=>requestAnimationFrame(()=>requestAnimationFrame(()=>{late.style.height='300px'})))</script>`, "layout shifts"},
		"focus":    {`<style>a:focus-visible{outline:none!important}</style>`, `<p><a href="/name">unseen</a></p>`, "focus cannot be seen"},
		"order":    {"", `<p><a href="/name" tabindex="3">first</a></p>`, "order of focus"},
		"heavy":    {"", "<p>" + strings.Repeat("word ", 13_000) + "</p>", "it weighs"},
		"csp":      {"", `<script>1</script>`, "Content Security Policy"},
		"console":  {"", `<script>console.error('broken')</script>`, "broken"},
		"missing":  {"", `<img src="/none.png" alt="a picture">`, "404"},
		"small":    {"", `<p><button style="width:9px;height:9px;padding:0">a</button><button style="width:9px;height:9px;padding:0">b</button></p>`, "target-size"},
	}
	pages := map[string]string{"sound": html("", "<p>well</p>"), "noskip": strings.Replace(html("", ""), `href="#main"`, `href="/x"`, 1)}
	for name, w := range wrong {
		pages[name] = html(w.head, w.body)
	}
	tab := Start(t).Tab(t, serve(t, pages), View{Lang: "en"})
	for _, path := range []string{"/sound", "/gone"} {
		if found := tab.Open(path).Audit(); len(found) > 0 {
			t.Errorf("a sound page (%s) has %q", path, found)
		}
	}
	wrong["noskip"] = struct{ head, body, says string }{says: "key Tab"}
	for name, w := range wrong {
		found := tab.Open("/" + name).Audit()
		if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, w.says) }) {
			t.Errorf("the fault %s is not found, but %q", name, found)
		}
	}
}

// Rules run once for a shape; what could make them answer otherwise is another shape.
func TestPagesThatDifferInWordsAloneHaveOneShape(t *testing.T) {
	row := `<table><tr><th scope="col">a</th></tr><tr><td>1</td></tr></table>`
	same := map[string][2]string{
		"words": {`<p>one</p>`, `<p>two</p>`}, "address": {`<a href="/a">a</a>`, `<a href="/b">b</a>`},
		"rows": {row, strings.Replace(row, `<td>1</td></tr>`, `<td>1</td></tr><tr><td>2</td></tr>`, 1)},
	}
	other := map[string][2]string{
		"class": {`<p class="a">x</p>`, `<p class="b">x</p>`}, "no words": {`<a href="/a">a</a>`, `<a href="/a"></a>`},
		"no label": {`<label for="n">n</label><input id="n">`, `<label for="m">n</label><input id="n">`}, "role": {`<p>x</p>`, `<p role="img">x</p>`},
		"heading": {`<h2>a</h2><h3>b</h3><h4>c</h4>`, `<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2><h4>e</h4>`}, "no alt": {`<img alt="a">`, `<img alt="">`},
		"names": {`<nav aria-label="a"></nav><nav aria-label="b"></nav>`, `<nav aria-label="a"></nav><nav aria-label="a"></nav>`},
		"ids":   {`<p id="a">a</p><p id="b">b</p>`, `<p id="a">a</p><p id="a">b</p>`}, "style": {`<p style="color:red">a</p>`, `<p style="color:blue">a</p>`},
		"scrolls": {`<div style="overflow:auto;width:90px">a</div>`, `<div style="overflow:auto;width:90px">` + strings.Repeat("a", 99) + `</div>`},
	}
	pages := map[string]string{}
	for _, list := range []map[string][2]string{same, other} {
		for name, p := range list {
			pages[name+"/0"], pages[name+"/1"] = html("", p[0]), html("", p[1])
		}
	}
	tab := Start(t).Tab(t, serve(t, pages), View{Lang: "en"})
	for list, want := range map[*map[string][2]string]bool{&same: true, &other: false} {
		for name := range *list {
			at := "/" + strings.ReplaceAll(name, " ", "%20") + "/"
			if got := tab.Open(at+"0").shape() == tab.Open(at+"1").shape(); got != want {
				t.Errorf("%s: one shape: %v", name, got)
			}
		}
	}
}

func TestATabReadsTypesAndPressesWithScriptsForbiddenToo(t *testing.T) {
	form := html("", `<form method="post" action="/sent"><label for="n">Name</label><input id="n" name="name" value="old">
<label for="s">Size</label><select id="s" name="size"><option value="1">one</option><option value="2">two</option></select>
<input type="checkbox" id="y" name="sure" value="yes"><label for="y">Sure</label><button>Send <b>it</b></button></form>
<p id="p">quiet</p><script>p.textContent='a script ran'</script><p><a href="/file" download>A file</a></p>`)
	b, url := Start(t), serve(t, map[string]string{"form": form, "file": "what is in it"})
	for _, forbidden := range []bool{false, true} {
		tab := b.Tab(t, url, View{Lang: "en", NoScripts: forbidden})
		if got := strings.Contains(tab.Open("/form").Words(), "a script ran"); got == forbidden {
			t.Errorf("forbidden %v: the script ran: %v", forbidden, got)
		}
		if got := string(tab.Download("A file")); got != "what is in it" {
			t.Errorf("the file holds %q", got)
		}
		tab.Fill("Name", "林小溪").Pick("Size", "two").Tick("Sure").Press("Send it").Is(http.StatusOK).Says(`林小溪 and 2 and "yes"`)
		if tab.Path() != "/sent" {
			t.Errorf("the tab is at %s", tab.Path())
		}
	}
}

func TestAMissingChromiumSaysHowToInstallOne(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for named, says := range map[string]string{"": "apt-get install", "/nowhere/chromium": "AVOW_CHROMIUM names /nowhere/chromium"} {
		if _, err := find(named); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", named, err)
		}
	}
}
