package scenes

import (
	"flag"
	"hash/fnv"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/avow-dev/avow/internal/browser"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

// screens is where the walk leaves pictures; nowhere when it is empty.
var screens = flag.String("screens", "", "write pictures of every page into this `directory`")

// quality of the pictures: text stays readable, and all of them together are a few
// megabytes.
const quality = 18

// A walk leads through some of the pages in one language.
type walk struct {
	*stage
	b    *browser.Browser
	lang string
	seen *names
	mux  *http.ServeMux
	all  *coverage
}

// names are those of pages that were looked at.
type names struct {
	mu  sync.Mutex // walks go at the same time
	met map[string]bool
}

// take reports whether a name is new, and takes it.
func (n *names) take(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.met[name] {
		return false
	}
	n.met[name] = true
	return true
}

// Every page in every state, in both languages, light and dark, wide and narrow.
func TestEveryPageCanBeUsedByEverybody(t *testing.T) {
	b := browser.Start(t)
	mux, covered, seen := matcher(), map[string]*coverage{}, map[string]*names{}
	for _, lang := range []string{"en", "zh-CN"} {
		covered[lang], seen[lang] = newCoverage(), &names{met: map[string]bool{}}
	}
	t.Run("walks", func(t *testing.T) {
		for name, fn := range map[string]func(w *walk){"all": (*walk).main, "cases": (*walk).cases, "officer": (*walk).officer, "shop": (*walk).shop} {
			for lang := range covered {
				t.Run(name+" in "+lang, func(t *testing.T) {
					t.Parallel()
					w := &walk{b: b, lang: lang, seen: seen[lang], mux: mux, all: covered[lang]}
					w.stage = &stage{T: t}
					second := ""
					if name == "shop" {
						second = w.second()
					}
					w.stage = openWith(t, db.SQLite, second)
					fn(w)
					w.all.serve(w.routes)
				})
			}
		}
	})
	for lang, c := range covered {
		t.Logf("%d pages in %s", len(seen[lang].met), lang)
		for _, route := range c.forgotten(registered()) {
			t.Errorf("nobody walked to %s in %s: add it to a walk", route, lang)
		}
	}
}

// main walks through the first platform and its console.
func (w *walk) main() {
	w.emptyConsole()
	w.visitor()
	w.stranger()
	w.person()
	w.requests()
	w.console()
	w.problems()
}

func (w *walk) view() browser.View { return browser.View{Lang: w.lang} }

// look looks at the page that a tab shows, which has to be in the walk's language
// and to have come with this status, and takes its pictures. A name with a dot is
// a further state of a page, of which there are no pictures, and which is held to
// the rules in one of the languages, now this and now that.
func (w *walk) look(t *browser.Tab, name string, status int64) *browser.Tab {
	w.Helper()
	t.Is(status)
	if !w.seen.take(name) {
		w.Fatalf("two pages are called %s", name)
	}
	w.all.look(w.mux, t.Path())
	if got := t.Lang(); got != w.lang {
		w.Errorf("%s is in %q, want %q", name, got, w.lang)
	}
	if w.holds(name) {
		for _, wrong := range t.Audit() {
			w.Errorf("%s in %s (%s): %s", name, w.lang, t.Path(), wrong)
		}
	}
	if !strings.Contains(name, ".") {
		t.Pictures(*screens, name+"-"+w.lang, quality)
	}
	return t
}

// holds reports whether the page of this name is held to the rules in the walk's
// language. When pictures are taken, all of them are in both.
func (w *walk) holds(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	return *screens != "" || !strings.Contains(name, ".") || h.Sum32()%2 == 0 == (w.lang == "en")
}

// visitor looks at what everybody sees.
func (w *walk) visitor() {
	w.Helper()
	t := w.tab(w.b, w.view())
	w.look(t.Open("/"), "front", http.StatusOK)
	if w.lang == "en" { // its only language
		w.look(t.Open("/api/"), "api", http.StatusOK)
	}
	for _, p := range [][2]string{
		{"", "policy"}, {"clauses", "clauses"}, {"versions", "versions"}, {"delete-account", "delete-account"}, {"sign-in", "sign-in"},
	} {
		w.look(t.Open("/"+one+"/"+p[0]), p[1], http.StatusOK)
	}
	w.look(t.Send("/sign-in", "address", "no address"), "sign-in.wrong", http.StatusUnprocessableEntity)
	w.look(t.Send("/sign-in", "address", w.people[0].Email), "code", http.StatusOK)
	w.look(t.Send("/sign-in/code", "code", "000000"), "code.wrong", http.StatusUnprocessableEntity)
	w.look(t.Open("/"+one+"/no-such-page"), "problem-404", http.StatusNotFound)
}

// stranger is somebody with an address that nobody has.
func (w *walk) stranger() {
	w.Helper()
	t := w.tab(w.b, w.view())
	w.signIn(t, "stranger@mail.example")
	w.look(t, "nothing", http.StatusOK)
	w.look(t.Send("/me/elsewhere", "right", "access"), "request.elsewhere", http.StatusOK)
	at := t.Path()
	for _, file := range []string{"/package.zip", "/receipt.json"} {
		if status, _ := t.Fetch(at + file); status != http.StatusNotFound && status != http.StatusConflict {
			w.Errorf("%s of a request that has just come answers %d", file, status)
		}
	}
	w.look(t.Send("/take-back"), "request.elsewhere-taken-back", http.StatusOK)
}

// person looks at what is theirs.
func (w *walk) person() {
	w.Helper()
	me, t := w.people[1], w.tab(w.b, w.view())
	base := "/" + one + "/me"
	w.signIn(t, me.Email)
	w.look(t, "held", http.StatusOK)
	w.look(t.Open(base+"/correct?item=account.nickname"), "correct", http.StatusOK)
	w.look(t.Send("/me/correct", "value", ""), "correct.wrong", http.StatusUnprocessableEntity)
	w.look(t.Open(base+"/address?item=account.email"), "address", http.StatusOK)
	w.look(t.Send("/me/address", "value", "no address"), "address.wrong", http.StatusUnprocessableEntity)
	w.look(t.Send("/me/address", "value", "new-"+w.people[1].Email), "address.code", http.StatusOK)
	w.look(t.Send("/me/address/code", "code", "000000"), "address.code-wrong", http.StatusUnprocessableEntity)
	w.look(t.Open(base+"/requests"), "requests.none", http.StatusOK)
	w.look(t.Open(base+"/receipts"), "receipts.none", http.StatusOK)
	w.look(t.Open(base+"/choices"), "choices.none", http.StatusOK)
	w.look(t.Send("/me/choices", "kind", "consent", "name", "push", "say", "yes"), "choices", http.StatusOK)
	w.permissions(t, me)
	w.look(t.Open(base+"/download"), "download", http.StatusOK)
	w.files(t, base+"/data.json", base+"/data.csv")
	w.look(t.Open(base+"/erase"), "erase", http.StatusOK)
	w.look(t.Send("/me/erase", "what", "everything"), "erase.wrong", http.StatusUnprocessableEntity)
	w.look(t.Open(base+"/rights"), "rights", http.StatusOK)
	w.look(t.Open(base+"/activity"), "activity", http.StatusOK)
	w.look(t.Open(base+"/rights").Send("/me/rights", "right", "portability"), "request.portability", http.StatusOK)
	w.look(t.Send("/sign-out"), "policy.signed-out", http.StatusOK)
	w.signIn(t.Clear(), w.people[4].Email)
	t.Open(base+"/erase").Send("/me/erase", "what", "account", "sure", "yes").Is(http.StatusOK)
	w.look(t.Open(base), "held.closed", http.StatusOK)
	w.look(t.Open(base+"/choices"), "choices.closed", http.StatusOK)
}

// permissions looks at what the app may read on a device, and turns it off.
func (w *walk) permissions(t *browser.Tab, me *account) {
	w.Helper()
	p, err := w.server.Platform(one)
	w.must(err)
	base := "/" + one + "/"
	w.look(t.Open(base+"guides"), "guides", http.StatusOK)
	w.look(t.Open(base+"guides/location"), "guide", http.StatusOK)
	for name, yes := range map[string]bool{"location": true, "storage": false} {
		refusals, err := p.AnswerPermission(w.Context(), subject.ID(me.id), platform.AskedPermission{
			Permission: platform.Permission{Device: "phone-1", Name: name, Function: map[string]string{"location": "add-device", "storage": "recording"}[name]}, Granted: yes,
		})
		w.must(err)
		if len(refusals) > 0 {
			w.Fatal(refusals[0].Text)
		}
	}
	w.look(t.Open(base+"me/choices"), "choices-permissions", http.StatusOK)
	w.look(t.Send("/me/permissions", "device", "phone-1", "name", "location"), "choices.permission-off", http.StatusOK)
}

// requests follows a package and an erasure, on both sides of the counter.
func (w *walk) requests() {
	w.Helper()
	me, t := w.people[2], w.tab(w.b, w.view())
	base := "/" + one + "/me"
	w.signIn(t, me.Email)
	w.look(t.Open(base+"/download").Send("/me/download"), "request", http.StatusOK)
	pack := t.Path()
	w.carry(pack, "package")
	w.look(t.Open(pack), "request-ready", http.StatusOK)
	w.files(t, pack+"/package.zip")
	t.Open(base+"/erase").Send("/me/erase", "what", "everything", "sure", "yes").Is(http.StatusOK)
	erasure := t.Path()
	w.look(t.Open(base+"/requests"), "requests", http.StatusOK)
	w.carry(erasure, "erasure")
	w.look(t.Open(erasure), "request-done", http.StatusOK)
	w.files(t, erasure+"/receipt.json")
	w.look(t.Open(base+"/receipts"), "receipts", http.StatusOK)
	w.look(t.Open(base), "nothing-erased", http.StatusOK)
	other := w.tab(w.b, w.view())
	w.signIn(other, w.people[3].Email)
	other.Open(base + "/download").Send("/me/download").Is(http.StatusOK)
	w.look(other.Send("/take-back"), "request.taken-back", http.StatusOK)
}

// carry is the part of staff, with a look at each of its pages.
func (w *walk) carry(request, name string) {
	w.Helper()
	at := "/console/" + one + "/requests/" + request[strings.LastIndex(request, "/")+1:]
	support := w.colleague(w.b, w.view(), "Sun"+name, "support")
	officer := w.colleague(w.b, w.view(), "Ott"+name, "privacy-officer")
	support.signIn()
	officer.signIn()
	support.Open(at)
	if name == "erasure" {
		w.look(support.Tab, "console-request", http.StatusOK)
	}
	support.Send("/plan").Is(http.StatusOK)
	if name == "erasure" {
		w.look(support.Tab, "console-request.planned", http.StatusOK)
		officer.Open(at).Send("/plan").Is(http.StatusOK)
		w.look(officer.Send("/approve"), "console-request.own-plan", http.StatusForbidden)
		support.Open(at).Send("/plan").Is(http.StatusOK)
		w.look(officer.Open(at), "console-request-approve", http.StatusOK)
	}
	officer.Open(at).Send("/approve").Is(http.StatusOK)
	if name == "erasure" {
		w.look(officer.Tab, "console-request.approved", http.StatusOK)
	}
	officer.Send("/run").Is(http.StatusOK)
	officer.until(at, "", ".json", ".zip")
	w.look(officer.Tab, "console-request-done."+name, http.StatusOK)
}

// emptyConsole looks at the console before anybody has asked for anything.
func (w *walk) emptyConsole() {
	w.Helper()
	t := w.colleague(w.b, w.view(), "Early", "privacy-officer")
	w.look(t.Open("/console/"+one+"/"), "console-sign-in", http.StatusOK)
	w.look(t.Send("/sign-in", "login", "nobody", "password", "wrong", "code", "000000"), "console-sign-in.wrong", http.StatusUnprocessableEntity)
	t.signIn()
	w.look(t.Open("/console/"+one+"/requests"), "console-requests.none", http.StatusOK)
	w.look(t.Open("/console/"+one+"/log?kind=unmasked"), "console-log.none", http.StatusOK)
}

// console looks at the pages of staff.
func (w *walk) console() {
	w.Helper()
	base := "/console/" + one + "/"
	t := w.colleague(w.b, w.view(), "Amy", "support", "privacy-officer", "admin")
	t.signIn()
	w.look(t.Open(base+"requests"), "console-requests", http.StatusOK)
	w.look(t.Open(base+"requests?state=delivered"), "console-requests.delivered", http.StatusOK)
	w.look(t.Open(base+"requests/new"), "console-new", http.StatusOK)
	w.look(t.Send("/requests/new", "right", "access"), "console-new.wrong", http.StatusUnprocessableEntity)
	t.Open(base+"requests/new").Send("/requests/new", "right", "access", "kind-1", "email", "identifier-1", w.people[0].Email)
	w.look(t.Tab, "console-request.received", http.StatusOK)
	t.Send("/pause", "reason", "clarification").Is(http.StatusOK)
	w.look(t.Tab, "console-request.paused", http.StatusOK)
	w.look(t.Send("/resume").Send("/refuse", "reason", "unfounded"), "console-request.refused", http.StatusOK)
	w.look(t.Open(base+"subjects"), "console-find", http.StatusOK)
	w.look(t.Send("/subjects", "kind", "email", "identifier", "nobody@mail.example"), "console-find.none", http.StatusOK)
	w.look(t.Send("/subjects", "kind", "email", "identifier", w.people[1].Email), "console-person", http.StatusOK)
	w.look(t.Send("/unmask", "item", "account.email", "reference", ""), "console-person.wrong", http.StatusUnprocessableEntity)
	w.look(t.Send("/unmask", "item", "account.email", "purpose", "support", "kind", "ticket", "reference", "T-4711"), "console-unmasked", http.StatusOK)
	t.Open(base + "log").Send("/log/verify").Is(http.StatusOK)
	t.until(base+"log/verify", "", "badge-ok")
	w.look(t.Tab, "console-log-verify", http.StatusOK)
	w.look(t.Open(base+"log"), "console-log", http.StatusOK)
	w.look(t.Open(base+"log/5"), "console-entry", http.StatusOK)
	w.look(t.Open(base+"promises"), "console-promises", http.StatusOK)
	w.look(t.Open(base+"duties"), "console-duties", http.StatusOK)
	w.look(t.Open(base+"promises/C-010"), "console-promise", http.StatusOK)
	w.look(t.Open(base+"systems"), "console-systems", http.StatusOK)
	w.look(t.Send("/systems/epoch"), "console-systems.wrong", http.StatusUnprocessableEntity)
	w.look(t.Open(base+"staff"), "console-staff", http.StatusOK)
	w.look(t.Open(base+"keys"), "console-keys", http.StatusOK)
	w.look(t.Send("/keys", "label", ""), "console-keys.wrong", http.StatusUnprocessableEntity)
	w.look(t.Send("/keys", "label", "shop checkout", "scope", "subjects:read"), "console-token", http.StatusOK)
}

// problems looks at what goes wrong.
func (w *walk) problems() {
	w.Helper()
	t := w.tab(w.b, w.view())
	for range 20 {
		if t.Open("/"+one+"/sign-in").Send("/sign-in", "address", w.people[0].Email).Status() != http.StatusOK {
			break
		}
	}
	w.look(t, "problem-429", http.StatusTooManyRequests)
	engineer := w.colleague(w.b, w.view(), "Eng", "engineer")
	engineer.signIn()
	w.look(engineer.Open("/console/"+one+"/requests"), "problem-403", http.StatusForbidden)
	t.Open("/console/" + one + "/sign-in").Is(http.StatusOK)
	w.sabotage()
	w.look(t.Send("/sign-in", "login", "x", "password", "y", "code", "000000"), "problem-500", http.StatusInternalServerError)
	t.Open("/console/" + one + "/sign-in").Is(http.StatusOK)
	w.breakDown()
	w.look(t.Send("/sign-in", "login", "x", "password", "y", "code", "000000"), "problem-503", http.StatusServiceUnavailable)
}

// sabotage drops a table behind the server's back.
func (w *walk) sabotage() {
	w.Helper()
	c, err := sqlite3.Open(filepath.Join(w.dir, "data", "server.server.db"))
	w.must(err)
	defer c.Close()
	w.must(c.Exec("PRAGMA busy_timeout = 5000; DROP TABLE staff"))
}
