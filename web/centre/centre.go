package centre

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

//go:embed pages/*.html
var files embed.FS

const (
	life   = time.Hour // how long a sign-in lasts
	nobody = "nobody " // before the address that somebody proved and nobody has
)

// Config is what a centre stands on.
type Config struct {
	Frame    *web.Frame
	Platform *platform.Platform
	Mail     notice.Sender

	// URL is where people reach the server, such as https://privacy.example.com,
	// for links in mails; "": mails have no links.
	URL string

	Logger *slog.Logger // nil: slog.Default()
}

// A Centre is the privacy centre of one platform.
type Centre struct {
	config  Config
	frame   *web.Frame
	on      *platform.Platform
	base    string // /goscom-pro/
	log     *slog.Logger
	mux     *http.ServeMux
	pages   map[string]*web.Template
	printer *page.Printer

	editions platform.Editions
	board    publicBoard
}

// New returns the centre of a platform. Give it to the frame:
//
//	frame.Add(centre.New(c).Door())
func New(c Config) *Centre {
	x := &Centre{
		config: c, frame: c.Frame, on: c.Platform, base: "/" + c.Platform.ID() + "/", log: c.Logger,
		mux: http.NewServeMux(), pages: map[string]*web.Template{}, printer: page.NewPrinter(),
	}
	if x.log == nil {
		x.log = slog.Default()
	}
	for _, name := range []string{
		"policy", "outward", "transfers", "versions", "contact", "cases", "case", "signin", "code", "leave", "nothing", "held", "correct", "address", "choices", "download", "erase",
		"requests", "request", "receipts", "activity", "rights", "notice", "wayout", "guide",
	} {
		x.pages[name] = c.Frame.Template(files, "pages/form.html", "pages/"+name+".html")
	}
	x.serve()
	return x
}

// Door is the centre's place in the frame.
func (c *Centre) Door() web.Door { return web.Door{Prefix: c.base, Handler: c} }

// ServeHTTP answers what is below /{platform}/.
func (c *Centre) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// serve puts the routes in place.
func (c *Centre) serve() {
	open := func(pattern string, h func(*visit) error) { c.handle(pattern, c.visitor(h)) }
	own := func(pattern string, h func(*visit) error) { c.handle(pattern, c.person(h, known)) }
	ever := func(pattern string, h func(*visit) error) { c.handle(pattern, c.person(h, erased)) }
	elsewhere := func(pattern string, h func(*visit) error) { c.handle(pattern, c.stranger(h)) }
	c.routes(open, own, ever, elsewhere)
	c.mux.HandleFunc(c.base, c.frame.NotFound)
}

// Routes lists what a centre answers, such as "GET me/choices": method, and path below
// /{platform}/ as http.ServeMux takes it.
func Routes() (list []string) {
	var c *Centre
	add := func(pattern string, _ func(*visit) error) { list = append(list, pattern) }
	c.routes(add, add, add, add)
	return list
}

// routes hands every route of the centre to these, by whom it is for: everybody, people
// of whom something may be held, those who were erased too, and those whose address
// nobody here has.
func (c *Centre) routes(open, own, ever, elsewhere func(pattern string, h func(*visit) error)) {
	open("GET {$}", c.policy)
	open("GET clauses", c.clauses)
	open("GET versions", c.versions)
	open("GET guides", c.guides)
	open("GET guides/{permission}", c.guide)
	open("GET leave", c.outward)
	open("GET leave/go", c.goOut)
	open("GET contact", c.askContact)
	open("POST contact", c.takeContact)
	open("GET versions/{number}", c.pastVersion)
	open("GET policy.md", c.policyMarkdown)
	open("GET policy.json", c.policyJSON)
	open("GET delete-account", c.leave)
	open("GET sign-in", c.askAddress)
	open("POST sign-in", c.sendCode)
	open("GET sign-in/code", c.askCode)
	open("POST sign-in/code", c.takeCode)
	open("POST sign-out", c.signOut)
	open("GET leave/{message}/{subject}/{token}", c.askWayOut)
	open("POST leave/{message}/{subject}/{token}", c.takeWayOut)

	own("GET me", c.held)
	own("GET me/notice", c.showNotice)
	own("POST me/notice", c.answerNotice)
	own("GET me/correct", c.askCorrection)
	own("POST me/correct", c.correct)
	own("GET me/address", c.askAddressChange)
	own("POST me/address", c.beginAddressChange)
	own("POST me/address/code", c.finishAddressChange)
	own("GET me/choices", c.choices)
	own("POST me/choices", c.choose)
	own("POST me/permissions", c.turnOff)
	own("GET me/download", c.download)
	own("POST me/download", c.askPackage)
	own("GET me/data.json", c.dataJSON)
	own("GET me/data.csv", c.dataCSV)
	own("GET me/erase", c.askErasure)
	own("POST me/erase", c.erase)
	own("GET me/rights", c.askRights)
	own("POST me/rights", c.takeRights)
	own("GET me/activity", c.activity)
	own("GET me/transfers", c.transfers)
	own("POST me/transfers/{transfer}/object", c.objectTransfer)
	own("GET me/cases", c.cases)
	own("GET me/cases/{case}", c.oneCase)
	own("GET me/cases/{case}/case.json", c.takeCase)
	own("POST me/cases/{case}/not-satisfied", c.notSatisfied)
	ever("GET me/requests", c.requests)
	ever("GET me/requests/{request}", c.request)
	ever("POST me/requests/{request}/take-back", c.takeBack)
	ever("GET me/requests/{request}/package.zip", c.fetch)
	ever("GET me/requests/{request}/receipt.json", c.receipt)
	ever("GET me/receipts", c.receipts)
	elsewhere("POST me/elsewhere", c.askElsewhere)
	elsewhere("GET me/elsewhere/{at}", c.elsewhere)
	elsewhere("POST me/elsewhere/{at}/take-back", c.takeBackElsewhere)
	elsewhere("GET me/elsewhere/{at}/package.zip", c.fetchElsewhere)
	elsewhere("GET me/elsewhere/{at}/receipt.json", c.receiptElsewhere)
}

func (c *Centre) handle(pattern string, h http.HandlerFunc) {
	method, path, _ := strings.Cut(pattern, " ")
	c.mux.HandleFunc(method+" "+c.base+path, h)
}

// A visit is one request to the centre.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	who  string     // of the sign-in; "": signed out
	sub  subject.ID // who is signed in; "" for nobody
	gone bool       // the person was erased

	address    platform.Personal // that nobody has, proved by who is signed in
	restricted bool              // their data is kept and not used
	refused    time.Time         // when they last declined the policy
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// visitor is for pages that everybody sees.
func (c *Centre) visitor(h func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r}
		if s, ok := c.frame.Session(r, web.Person, c.on.ID()); ok {
			v.who = s.Who
			if err := c.recognise(v); err != nil {
				c.frame.Problem(w, r, err)
				return
			}
			if over, err := c.overSince(v, s); err != nil || over {
				if err != nil {
					c.frame.Problem(w, r, err)
					return
				}
				v = &visit{w: w, r: r}
			}
		}
		c.answer(v, h)
	}
}

// Whom a page is for, of those who are signed in.
type whom int

const (
	known  whom = iota // people of whom something may be held
	erased             // and those who were erased: requests and receipts stay theirs
	always             // and those whose address nobody here has
)

// person is for pages of who is signed in. Others than those it is for see that
// nothing is held.
func (c *Centre) person(h func(*visit) error, to whom) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, ok := c.frame.Session(r, web.Person, c.on.ID())
		if !ok {
			http.Redirect(w, r, c.base+"sign-in?next="+url.QueryEscape(c.next(r.URL.Path)), http.StatusSeeOther)
			return
		}
		v := &visit{w: w, r: r, who: s.Who}
		if err := c.recognise(v); err != nil {
			c.frame.Problem(w, r, err)
			return
		}
		if over, err := c.overSince(v, s); err != nil || over {
			if err != nil {
				c.frame.Problem(w, r, err)
				return
			}
			http.Redirect(w, r, c.base+"sign-in?next="+url.QueryEscape(c.next(r.URL.Path)), http.StatusSeeOther)
			return
		}
		if ok, err := c.informed(v); err != nil || !ok {
			if err != nil {
				c.frame.Problem(w, r, err)
			}
			return
		}
		show := h // h itself serves everybody who comes later
		if to < always && v.sub == "" || to < erased && v.gone {
			show = c.nothing
		}
		c.answer(v, show)
	}
}

// recognise finds whom a sign-in is of, and whether they are still there.
func (c *Centre) recognise(v *visit) error {
	if address, ok := strings.CutPrefix(v.who, nobody); ok {
		v.address = platform.NewPersonal(address)
		return nil
	}
	f, err := c.on.Facts(v.ctx(), subject.ID(v.who))
	if fault.Of(err) == fault.NotFound {
		return nil
	}
	v.sub, v.gone, v.restricted, v.refused = subject.ID(v.who), f.State == subject.Erased, f.Restricted, f.Refused
	return err
}

func (c *Centre) answer(v *visit, h func(*visit) error) {
	if err := h(v); err != nil {
		c.frame.Problem(v.w, v.r, err)
	}
}

// next is the part of a path below the centre that a sign-in leads back to; ""
// for what is no page of a person.
func (c *Centre) next(path string) string {
	rest, ok := strings.CutPrefix(path, c.base+"me/")
	for _, page := range []string{"choices", "download", "erase", "activity", "requests", "receipts", "rights", "cases"} {
		if ok && rest == page {
			return page
		}
	}
	if ok && len(rest) <= maxRequestPath && requestPath.MatchString(rest) { // a link in a mail
		return rest
	}
	return ""
}

const maxRequestPath = 1010

var requestPath = regexp.MustCompile(`^(requests/req_[0-9a-z]{1,40}|cases/case_[0-9a-z]{1,40}|elsewhere/[0-9A-Za-z_-]+)$`)

// place is the address that next stands for.
func (c *Centre) place(next string) string {
	if c.next(c.base+"me/"+next) == next && next != "" {
		return c.base + "me/" + next
	}
	return c.base + "me"
}

// lead answers a form that was carried out: read on at path, where flash says
// what was done.
func (c *Centre) lead(v *visit, path, flash string) error {
	if flash != "" {
		path += "?done=" + flash
	}
	http.Redirect(v.w, v.r, c.base+path, http.StatusSeeOther)
	return nil
}

func (c *Centre) nothing(v *visit) error {
	p := c.view(v, func(t *words) string { return t.Nothing })
	return c.show(v, http.StatusOK, "nothing", struct {
		view
		Gone   bool
		Rights []policy.RightKind // that can be asked of the systems outside
	}{p, v.gone, c.elsewhereRights(v)})
}

func (c *Centre) show(v *visit, status int, name string, page any) error {
	if strings.HasPrefix(v.r.URL.Path, c.base+"sign-in") { // the way in is nobody else's
		v.w.Header().Set("Cache-Control", "no-store")
	}
	c.frame.Render(v.w, v.r, status, c.pages[name], page)
	return nil
}
