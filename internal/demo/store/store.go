package store

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
	"github.com/avow-dev/avow/web/banner"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

//go:embed art/*.svg
var artFiles embed.FS

// Prefix is where the storefronts stand: /store/{platform}/.
const Prefix = "/store/"

const (
	customer = "store"       // the kind of a storefront's own sign-in
	stay     = 2 * time.Hour // how long it lasts
)

// Config is what the storefronts stand on.
type Config struct {
	Frame   *web.Frame
	Mailbox string // where the codes to sign in with arrive
}

// A Store has a storefront for every platform of a frame.
type Store struct {
	frame   *web.Frame
	mailbox string
	mux     *http.ServeMux
	pages   map[string]*web.Template
	art     map[string]template.HTML
	results *results
}

// New returns the storefronts of all platforms of a frame. Give them to it with
// their door.
func New(c Config) (*Store, error) {
	s := &Store{
		frame: c.Frame, mailbox: c.Mailbox, mux: http.NewServeMux(), results: newResults(),
		pages: map[string]*web.Template{}, art: map[string]template.HTML{},
	}
	if err := c.Frame.AddAssets(assetFiles, "assets"); err != nil {
		return nil, err
	}
	drawings, err := fs.Glob(artFiles, "art/*.svg")
	if err != nil {
		return nil, err
	}
	for _, name := range drawings {
		b, err := artFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		s.art[strings.TrimSuffix(path.Base(name), ".svg")] = template.HTML(b) //nolint:gosec // a file of the program
	}
	for _, name := range []string{"home", "counter", "result"} {
		s.pages[name] = c.Frame.Template(pageFiles, "pages/parts.html", "pages/"+name+".html")
	}
	for _, p := range c.Frame.Platforms() {
		s.routes(&stall{Store: s, on: p, base: Prefix + p.ID() + "/", shop: shopOf(p), banner: banner.New(banner.Config{Frame: c.Frame, Platform: p})})
	}
	s.mux.HandleFunc("GET "+Prefix+"{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusSeeOther) })
	s.mux.HandleFunc(Prefix, c.Frame.NotFound)
	return s, nil
}

// Door is the storefronts' place in the frame.
func (s *Store) Door() web.Door { return web.Door{Prefix: Prefix, Handler: s.mux} }

// A stall is the storefront of one platform.
type stall struct {
	*Store
	on   *platform.Platform
	base string // /store/goscom-pro/
	shop shop

	banner *banner.Banner
}

func (s *Store) routes(x *stall) {
	handle := func(method, at string, h func(*visit) error) {
		s.mux.HandleFunc(method+" "+x.base+at, func(w http.ResponseWriter, r *http.Request) { x.serve(w, r, h) })
	}
	handle("GET", "{$}", x.home)
	handle("GET", "at/{counter}", x.ask)
	handle("POST", "at/{counter}", x.take)
	handle("GET", "done/{ticket}", x.done)
	handle("POST", "done/{ticket}/use", x.use)
	handle("POST", "done/{ticket}/erase", x.erase)
	handle("POST", "leave", x.leave)
}

// A visit is one request to a storefront.
type visit struct {
	w   http.ResponseWriter
	r   *http.Request
	who subject.ID // whom the browser registered as, erased or not; "": nobody
	sub subject.ID // who, when the account is open
	t   *words
}

// paces are how fast one client may send forms.
func paces() web.Rate { return web.Rate{Each: time.Second, Burst: 200} }

func (x *stall) serve(w http.ResponseWriter, r *http.Request, h func(*visit) error) {
	if !x.frame.Serves(r, x.on.ID()) {
		x.frame.NotFound(w, r)
		return
	}
	if r.Method == http.MethodPost && !x.frame.Limit("store "+x.frame.Client(r), paces()) {
		x.frame.TooFast(w, r)
		return
	}
	v := &visit{w: w, r: r, t: wordsIn(web.Lang(r, x.on.Policy().Languages()))}
	err := x.recognise(v)
	if err == nil {
		err = h(v)
	}
	if err != nil {
		x.frame.Problem(w, r, err)
	}
}

// recognise finds who a request is from: who registered here, or who signed in at
// the privacy centre.
func (x *stall) recognise(v *visit) error {
	for _, kind := range []string{customer, web.Person} {
		s, ok := x.frame.Session(v.r, kind, x.on.ID())
		if !ok {
			continue
		}
		f, err := x.on.Facts(v.r.Context(), subject.ID(s.Who))
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		v.who = f.ID
		if f.State == subject.Open {
			v.sub = f.ID
			return nil
		}
	}
	return nil
}

func (x *stall) leave(v *visit) error {
	if err := x.frame.SignOut(v.w, v.r, customer, x.on.ID()); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, x.base, http.StatusSeeOther)
	return nil
}

// A view is what every page of a storefront has.
type view struct {
	web.Page
	T       *words
	Base    string // of the storefront
	Centre  string // /goscom-pro/
	Mailbox string

	Bar    *banner.Bar // asks about cookies; nil: there is nothing to ask
	Pixels []string    // beacons that this browser let in

	p *policy.Policy
}

func (x *stall) view(v *visit, title string) view {
	out := view{
		Page: x.frame.Page(v.r, x.on.ID(), title), T: v.t, Base: x.base, Centre: "/" + x.on.ID() + "/", Mailbox: x.mailbox, p: x.on.Policy(),
	}
	out.Home = x.base
	out.Nav = []web.Link{{Href: x.base, Text: v.t.Shop, Icon: "house"}}
	if v.sub == "" {
		out.Nav = append(out.Nav, web.Link{Href: x.base + "at/join", Text: v.t.Join, Icon: "user-check"})
	} else {
		out.Person, out.SignOut = true, x.base+"leave"
	}
	out.Nav = append(out.Nav, web.Link{Href: out.Centre + "me", Text: v.t.Mine, Icon: "shield-check"})
	out.Bar, out.Pixels = x.banner.Ask(v.r, "website", "beacon")
	for i := range out.Nav {
		out.Nav[i].Here = out.Nav[i].Href == v.r.URL.Path
	}
	return out
}

// A homePage shows the shop.
type homePage struct {
	view
	Claim, Pitch, Shelf string
	Art                 template.HTML
	Goods               []onShelf
	Counters            []doorway
	Join                bool // nobody has registered from this browser
	Label               string
	Promises            int
}

// onShelf is a good as a page shows it.
type onShelf struct {
	ID, Name, About, Price, Href string
	Art                          template.HTML
}

// A doorway leads to a counter.
type doorway struct{ Href, Title, Lead, Icon string }

func (x *stall) home(v *visit) error {
	p := homePage{view: x.view(v, ""), Join: v.sub == ""}
	p.Title = p.Brand
	in := x.on.Policy()
	p.Claim, p.Pitch, p.Shelf, p.Art = x.shop.claim.in(p.Lang), x.shop.pitch.in(p.Lang), x.shop.shelf.in(p.Lang), x.art[x.shop.art]
	p.Label, p.Promises = in.Label(), len(in.Clauses())
	all, order := x.shop.open(in), ""
	for _, c := range all {
		p.Counters = append(p.Counters, doorway{x.base + "at/" + c.slug, c.title.in(p.Lang), c.lead.in(p.Lang), c.icon})
		if c.goods != "" {
			order = x.base + "at/" + c.slug
		}
	}
	for _, g := range x.shop.goods {
		s := x.shown(g, p.Lang)
		if order != "" {
			s.Href = order + "?good=" + g.id
		}
		p.Goods = append(p.Goods, s)
	}
	x.frame.Render(v.w, v.r, http.StatusOK, x.pages["home"], p)
	return nil
}

func (x *stall) shown(g good, lang string) onShelf {
	return onShelf{ID: g.id, Name: g.name.in(lang), About: g.about.in(lang), Price: g.price, Art: x.art[g.art]}
}
