package console

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web"
)

//go:embed pages/*.html
var files embed.FS

// life is how long a sign-in lasts: a working day.
const life = 8 * time.Hour

// Config is what a console stands on.
type Config struct {
	Frame    *web.Frame
	Platform *platform.Platform
	Staff    *staff.Directory
	Logger   *slog.Logger // nil: slog.Default()

	// Draft reads the platform's policy file as it stands now; nil where there is none.
	// Who may, publishes what it says.
	Draft func() (publication.Text, error)
}

// A Console is the staff console of one platform.
type Console struct {
	frame  *web.Frame
	on     *platform.Platform
	staff  *staff.Directory
	log    *slog.Logger
	base   string // /console/goscom-pro/
	mux    *http.ServeMux
	pages  map[string]*web.Template
	verify task[platform.Verification] // of the log
	epoch  task[int64]                 // moving the key epoch on
	failed failures                    // sign-ins that are not in the log yet
	tested tests                       // of the systems

	editions platform.Editions
	accepted acceptances
	draft    func() (publication.Text, error) // nil: there is no policy file
}

// officerPages are the templates of what a privacy officer sees to.
func officerPages() []string {
	return []string{"due", "incidents", "incident", "incident-new", "recipients", "recipient", "versions"}
}

// New returns the console of a platform. Give it to the frame:
//
//	frame.Add(console.New(c).Door())
func New(c Config) *Console {
	x := &Console{
		frame: c.Frame, on: c.Platform, staff: c.Staff, log: c.Logger, base: "/console/" + c.Platform.ID() + "/",
		mux: http.NewServeMux(), pages: map[string]*web.Template{}, draft: c.Draft,
	}
	if x.log == nil {
		x.log = slog.Default()
	}
	for _, name := range []string{
		"signin", "requests", "new", "find", "subject", "unmasked", "entry", "systems", "staff", "keys", "token", "hands",
	} {
		x.pages[name] = c.Frame.Template(files, "pages/problem.html", "pages/"+name+".html")
	}
	for _, name := range slices.Concat(boardPages(), casePages(), officerPages(), messagePages(), ledgerPages()) {
		x.pages[name] = c.Frame.Template(files, "pages/problem.html", "pages/"+name+".html")
	}
	for _, name := range []string{"log", "verify"} {
		x.pages[name] = c.Frame.Template(files, "pages/problem.html", "pages/verification.html", "pages/"+name+".html")
	}
	for _, name := range []string{"set", "release"} {
		x.pages[name] = c.Frame.Template(files, "pages/problem.html", "pages/counts.html", "pages/"+name+".html")
	}
	x.pages["request"] = c.Frame.Template(files, "pages/problem.html", "pages/next.html", "pages/request.html")
	for _, r := range x.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		x.mux.HandleFunc(method+" "+x.base+path, x.guard(r))
	}
	x.mux.HandleFunc(x.base, x.frame.NotFound)
	return x
}

// Door is the console's place in the frame.
func (c *Console) Door() web.Door { return web.Door{Prefix: c.base, Handler: c} }

// ServeHTTP answers what is below /console/{platform}/.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// A route is a path below the console, with what it takes to be let in.
type route struct {
	pattern string
	need    need
	handle  func(*visit) error
}

func (c *Console) routes() []route {
	list := []route{
		{"GET sign-in", nobody, c.askSignIn},
		{"POST sign-in", nobody, c.takeSignIn},
		{"POST sign-out", anybody, c.signOut},
		{"GET {$}", anybody, c.home},
		{"GET requests", requests, c.requests},
		{"GET requests/new", requests, c.askNew},
		{"POST requests/new", requests, c.takeNew},
		{"GET requests/{request}", requests, c.request},
		{"POST requests/{request}/hands", requests, c.hands},
		{"GET requests/{request}/receipt.json", requests, c.receipt},
		{"POST requests/{request}/package.zip", requests, c.fetch},
		{"GET subjects", subjects, c.askSubject},
		{"POST subjects", subjects, c.findSubject},
		{"GET subjects/{at}", subjects, c.subject},
		{"POST subjects/{at}/unmask", subjects, c.unmask},
		{"GET log", ledger, c.entries},
		{"GET log/{entry}", ledger, c.entry},
		{"GET log/{entry}/proof.json", ledger, c.proof},
		{"GET log/checkpoint", ledger, c.checkpoint},
		{"GET log/verify", ledger, c.verification},
		{"POST log/verify", ledger, c.verifyLog},
		{"GET systems", systems, c.systems},
		{"POST systems/test", systems, c.testSystems},
		{"POST systems/epoch", admin, c.moveEpoch},
		{"GET staff", admin, c.people},
		{"POST staff", admin, c.changePerson},
		{"GET keys", admin, c.keys},
		{"POST keys", admin, c.makeKey},
		{"POST keys/revoke", admin, c.revokeKey},
	}
	list = slices.Concat(list, c.dueRoutes(), c.boardRoutes(), c.caseRoutes(), c.incidentRoutes(), c.recipientRoutes(), c.versionRoutes(),
		c.messageRoutes(), c.statisticsRoutes(), c.linkRoutes(), c.transferRoutes())
	for name, do := range c.verbs() {
		list = append(list, route{"POST requests/{request}/" + name, requests, c.act(do)})
	}
	return list
}

// A visit is one request to the console.
type visit struct {
	w  http.ResponseWriter
	r  *http.Request
	by *person // nil: nobody is signed in
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// guard lets those in whom a route is for. A person is looked up anew each time.
func (c *Console) guard(to route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		v := &visit{w: w, r: r}
		var err error
		if s, ok := c.frame.Session(r, web.Staff, c.on.ID()); ok {
			v.by, err = c.person(r.Context(), s)
		}
		switch {
		case err != nil:
		case to.need == nobody || v.by != nil && v.by.may(to.need):
			err = to.handle(v)
		case v.by == nil:
			http.Redirect(w, r, c.base+"sign-in", http.StatusSeeOther)
			return
		default:
			err = fault.New(fault.Denied, "your role on this platform does not open this page")
		}
		if err != nil {
			c.frame.Problem(w, r, err)
		}
	}
}

// home leads to the first page that the person may open.
func (c *Console) home(v *visit) error {
	for _, l := range c.nav(v, wordsIn("en")) {
		http.Redirect(v.w, v.r, l.Href, http.StatusSeeOther)
		return nil
	}
	return fault.New(fault.Denied, "your role on this platform opens no page of the console")
}

// lead answers a form that was carried out: read on at path, where done says what
// was done.
func (c *Console) lead(v *visit, path, done string) error {
	if done != "" {
		path += "?" + url.Values{"done": {done}}.Encode()
	}
	http.Redirect(v.w, v.r, c.base+path, http.StatusSeeOther)
	return nil
}

func (c *Console) show(v *visit, status int, name string, page any) error {
	c.frame.Render(v.w, v.r, status, c.pages[name], page)
	return nil
}

// attach makes the answer a file.
func (v *visit) attach(kind, name string) {
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}
